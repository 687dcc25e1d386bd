"""Bounds: what rules leave of the answers that can be given."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The limits on one answer. `low` and `high` are numbers or dates; None of `allowed` means anything."""

    allowed: tuple[Any, ...] | None = None
    contains: frozenset[str] = frozenset()
    any_of: tuple[frozenset[str], ...] = ()
    low: Any = None
    high: Any = None
    share: float = 0.0
    sample: int = 0
    length: int = 0

    def add(self, **limits: Any) -> "Bounds":
        """Put limits of other kinds in the place of those known."""
        return replace(self, **limits)

    def above(self, low: Any) -> "Bounds":
        """Raise the lower limit."""
        return replace(self, low=low if self.low is None else max(self.low, low))

    def below(self, high: Any) -> "Bounds":
        """Lower the upper limit."""
        return replace(self, high=high if self.high is None else min(self.high, high))

    def among(self, values: Iterable[Any]) -> "Bounds":
        """Keep only some values."""
        given = tuple(values)
        kept = given if self.allowed is None else tuple(v for v in self.allowed if v in given)
        return replace(self, allowed=kept)

    def holds(self, value: Any) -> bool:
        """Tell whether a number or date lies within the limits."""
        above: bool = self.low is None or bool(value >= self.low)
        return above and (self.high is None or bool(value <= self.high))

    def feasible(self, options: Iterable[str]) -> bool:
        """Tell whether some answer meets the limits; `options` are the ids a choice may take."""
        known = set(options)
        if self.low is not None and self.high is not None and self.low > self.high:
            return False
        if known and not (self.contains <= known and all(group & known for group in self.any_of)):
            return False
        return self.allowed is None or any(self.holds(value) for value in self.allowed)


class RowsAsked(NamedTuple):
    """What one rule asks of a register: so many rows, in a share of which (0: in at least one) a group holds."""

    group: Any
    share: float = 1.0
    number: int = 1
