"""Answer types and the typed values an answer can have."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class AnswerType(StrEnum):
    """The closed list of ways in which a question can be answered."""

    STATUS = "status"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    SHARE = "share"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"
    REGISTER = "register"


class Status(StrEnum):
    """The words of a status answer. `n/a` is not among them: it is an AnswerState, for every answer type."""

    YES = "yes"
    PARTIAL = "partial"
    NO = "no"
    IN_PROGRESS = "in_progress"


class AnswerState(StrEnum):
    """What was found where an answer was expected; only ANSWERED carries a value."""

    ANSWERED = "answered"
    BLANK = "blank"
    NOT_APPLICABLE = "not_applicable"
    UNREADABLE = "unreadable"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A counted share: `numerator` of `denominator` cases within `period` (free text, e.g. "last 12 months")."""

    numerator: int
    denominator: int
    period: str = ""


Scalar = Status | bool | int | float | Share | date | str | tuple[str, ...]
"""A typed answer. Status is a StrEnum, choices are ids, `choices` is a sorted tuple of ids, numbers in the
question's unit."""
