"""Comparing the values of a parameter: of which type they are, and which of two binds more."""

import math
from datetime import date, datetime

from cartaudit.model.parameters import Direction, ParameterDefinition, ParameterScalar


def fits(value: ParameterScalar | None, kind: str) -> bool:
    """Tell whether a value is of a parameter type: integer, number, boolean, text, texts or date. NaN never is."""
    match kind:
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return (isinstance(value, int) and not isinstance(value, bool)) or (
                isinstance(value, float) and math.isfinite(value)
            )
        case "boolean":
            return isinstance(value, bool)
        case "text":
            return isinstance(value, str) and bool(value.strip())
        case "texts":
            return isinstance(value, tuple) and bool(value) and all(isinstance(v, str) and v.strip() for v in value)
        case "date":
            return isinstance(value, date) and not isinstance(value, datetime)
    return False


def is_stricter(new: ParameterScalar, old: ParameterScalar, direction: Direction) -> bool:
    """Tell whether `new` binds more than `old`: higher for MIN, lower for MAX, never for EQUAL and SET.

    Values that cannot be compared are not stricter.
    """
    dates = fits(new, "date") and fits(old, "date")
    numbers = fits(new, "number") and fits(old, "number")
    if not (dates or numbers):
        return False
    if direction is Direction.MIN:
        return bool(new > old)  # type: ignore[operator]
    return direction is Direction.MAX and bool(new < old)  # type: ignore[operator]


def at_least_as_strict(
    new: ParameterScalar | None, old: ParameterScalar | None, definition: ParameterDefinition
) -> bool:
    """Tell whether `new` surely lets through no more than `old`; None is a text that sets no limit or permits nothing.

    Where neither way is stricter, only the same value is, or a part of the same texts.
    """
    if new is None or old is None:
        return (new if definition.permits else old) is None
    if isinstance(new, tuple) and isinstance(old, tuple):
        return set(new) <= set(old)
    return (new == old and isinstance(new, bool) is isinstance(old, bool)) or is_stricter(
        new, old, definition.direction
    )
