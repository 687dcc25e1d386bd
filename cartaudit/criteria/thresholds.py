"""Thresholds in criteria: parameters put where content refers to them, and which of them may decide."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cartaudit.criteria.grammar import fits
from cartaudit.criteria.rule import Asked, Part
from cartaudit.criteria.values import is_literal, is_number
from cartaudit.errors import ChecklistError
from cartaudit.model.audit import Threshold

NOT_FOUND = "not_found"
"""Stands as the verification of a threshold that neither the catalogue nor the centre holds."""

NONE = "none"
"""Stands as the verification of a threshold whose text, read and verified, sets no limit."""


NOT_ALLOWED = "not_allowed"
"""Stands as the verification of a permission that the text, read and verified, does not give."""


class Filled(NamedTuple):
    """An argument with its parameters filled in; `unconfirmed` where one of them may not decide, `dropped` where the
    texts set no limit, `closed` where they do not permit what the rule would open."""

    value: Any = None
    thresholds: tuple[Threshold, ...] = ()
    unconfirmed: bool = False
    dropped: bool = False
    closed: bool = False


def decides(threshold: Threshold) -> bool:
    """Tell whether a threshold may pass or fail a centre."""
    return threshold.value is not None and threshold.verification not in ("unverified", NOT_FOUND, NONE, NOT_ALLOWED)


def shifted(threshold: Threshold, offset: float) -> Threshold:
    """Add an offset to the value of a threshold; a value that is no number becomes one that was not found."""
    value = threshold.value
    if not offset or value is None:
        return threshold
    if isinstance(value, (int, float)) and is_number(value):
        return threshold._replace(value=value + offset)
    return threshold._replace(value=None, verification=NOT_FOUND)


def fill(part: Part, value: Any, asked: Asked, values: Mapping[str, Threshold]) -> Filled:
    """Put thresholds by parameter name in the place of references; what is written as a literal stays."""
    if part is Part.VALUES:
        return _joined(_values([value] if isinstance(value, Mapping) else value, asked, values))
    return _figure(part, _named(value, values)) if isinstance(value, Mapping) else Filled(value)


def _named(table: Mapping[str, Any], values: Mapping[str, Threshold]) -> Threshold:
    name = table["parameter"]
    if name not in values:
        raise ChecklistError(f"The parameter '{name}' was not filled in. Run `cartaudit checklists lint`.")
    return shifted(values[name], table.get("offset", 0))


def _figure(part: Part, threshold: Threshold) -> Filled:
    if threshold.verification == NONE:
        return Filled(thresholds=(threshold,), dropped=True)
    if threshold.verification == NOT_ALLOWED:
        return Filled(thresholds=(threshold,), closed=True)
    sound = decides(threshold) and fits(part, threshold.value)
    return Filled(threshold.value if sound else None, (threshold,), unconfirmed=not sound)


def _values(entries: Any, asked: Asked, values: Mapping[str, Threshold]) -> Iterator[Filled]:
    """Splice the values of several texts into a list."""
    for entry in entries:
        if not isinstance(entry, Mapping):
            yield Filled((entry,))
            continue
        threshold = _named(entry, values)
        found = threshold.value if isinstance(threshold.value, tuple) else (threshold.value,)
        if threshold.verification in (NONE, NOT_ALLOWED):
            yield Filled((), (threshold,), closed=threshold.verification == NOT_ALLOWED)
        elif decides(threshold) and found and all(is_literal(v, asked.type) for v in found):
            yield Filled(found, (threshold,))
        else:
            yield Filled((), (threshold,), unconfirmed=True)


def _joined(entries: Iterator[Filled]) -> Filled:
    found = tuple(entries)
    values = [value for one in found for value in one.value]
    unconfirmed = any(one.unconfirmed for one in found)
    thresholds = tuple(threshold for one in found for threshold in one.thresholds)
    nothing = not values and not unconfirmed
    closed = nothing and any(one.closed for one in found)
    return Filled(values, thresholds, unconfirmed, dropped=nothing and not closed, closed=closed)
