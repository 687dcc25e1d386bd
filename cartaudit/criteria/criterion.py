"""Compiled criteria: groups with their thresholds filled in, each with the validator that tests it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cartaudit.criteria.rule import Asked, Rule
from cartaudit.model.audit import Threshold


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Test:
    """One rule on one answer, ready to be tested: `argument` is literal, a group in it compiled. `beside` holds the
    arguments of all rules on the answer, `other` what it is compared with; `unconfirmed` marks a threshold that may not
    decide, `closed` a permission that the text does not give: it fails whatever is answered."""

    rule: Rule
    asked: Asked
    argument: Any
    beside: Mapping[str, Any]
    other: Asked | None = None
    thresholds: tuple[Threshold, ...] = ()
    unconfirmed: bool = False
    closed: bool = False

    @property
    def reads(self) -> tuple[str, ...]:
        """List the ids whose answers the rule rests on."""
        return (self.asked.id, self.other.id) if self.other else (self.asked.id,)

    def groups(self) -> Iterator["Criterion"]:
        """Give the groups over columns that the rule looks at, that of `where` included."""
        inner = self.argument.values() if isinstance(self.argument, Mapping) else (self.argument,)
        yield from (g for g in (self.beside.get("where"), *inner) if isinstance(g, Criterion))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Criterion:
    """A group ready to be judged: tests that must all hold, and alternatives of which one must.

    `needs` lists every id its own tests read; `dated` tells whether something can end under it.
    """

    tests: tuple[Test, ...]
    alternatives: tuple["Criterion", ...]
    validator: Any
    needs: tuple[str, ...]
    dated: bool

    def all_tests(self) -> Iterator[Test]:
        """Walk through every test, those of alternatives, of `where` and of rows included."""
        for test in self.tests:
            yield test
            for group in test.groups():
                yield from group.all_tests()
        for alternative in self.alternatives:
            yield from alternative.all_tests()
