"""Typed values: what an answer of each type is, with nothing passed in silence."""

import math
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache

from cartaudit.model.answers import AnswerType, Share, Status

PYTHON_TYPES: dict[AnswerType, tuple[type, ...]] = {
    AnswerType.STATUS: (Status,),
    AnswerType.BOOLEAN: (bool,),
    AnswerType.INTEGER: (int,),
    AnswerType.NUMBER: (int, float),
    AnswerType.SHARE: (Share,),
    AnswerType.DATE: (date,),
    AnswerType.CHOICE: (str,),
    AnswerType.CHOICES: (tuple,),
    AnswerType.TEXT: (str,),
    AnswerType.REGISTER: (tuple,),
}


def conforms(value: object, kind: AnswerType) -> bool:
    """Tell whether a value is what its answer type promises: no bool for a number, no NaN, no datetime for a date."""
    if not isinstance(value, PYTHON_TYPES[kind]):
        return False
    match value:
        case bool():
            return kind is AnswerType.BOOLEAN
        case int() | float():
            return math.isfinite(value)
        case datetime():
            return False
        case Share():
            return _is_counted(value)
        case Status():
            return kind is AnswerType.STATUS
        case str():
            return bool(value.strip())
        case tuple():
            return kind is AnswerType.REGISTER or (bool(value) and all(isinstance(v, str) and v for v in value))
    return True


def _is_counted(share: Share) -> bool:
    counts = is_whole(share.numerator) and is_whole(share.denominator)
    return counts and 0 <= share.numerator <= share.denominator


def is_literal(value: object, kind: AnswerType) -> bool:
    """Tell whether content may name a value as an answer of a type: a status by its word, one choice by its id."""
    match kind:
        case AnswerType.STATUS:
            return isinstance(value, str) and value in tuple(Status)
        case AnswerType.BOOLEAN:
            return isinstance(value, bool)
        case AnswerType.INTEGER:
            return is_whole(value)
        case AnswerType.TEXT | AnswerType.CHOICE | AnswerType.CHOICES:
            return isinstance(value, str) and bool(value.strip())
    return False


def is_number(value: object) -> bool:
    """Tell whether a value is a finite number, and no bool."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def is_whole(value: object) -> bool:
    """Tell whether a value is a whole number, and no bool."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_day(value: object) -> bool:
    """Tell whether a value is a date without a time."""
    return isinstance(value, date) and not isinstance(value, datetime)


@lru_cache(maxsize=512)
def exact(value: float) -> Fraction:
    """Read a decimal as it is written, so that 0.07 of 100 is 7 and not a little more."""
    return Fraction(str(value))
