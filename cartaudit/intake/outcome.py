"""What came of reading one answer, before its place is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cartaudit.model.answers import AnswerState, Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A value with its state; `code` and `fields` name the problem where there is one."""

    state: AnswerState
    value: Scalar | None = None
    conversion: str = ""
    code: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


BLANK = Reading(state=AnswerState.BLANK)
NOT_APPLICABLE = Reading(state=AnswerState.NOT_APPLICABLE)


def answered(value: Scalar, conversion: str = "") -> Reading:
    """Give an answer that could be read."""
    return Reading(state=AnswerState.ANSWERED, value=value, conversion=conversion)


def unreadable(code: str, **fields: str) -> Reading:
    """Give an answer that could not be read, with the problem that says why."""
    return Reading(state=AnswerState.UNREADABLE, code=code, fields=fields)


def ambiguous(code: str, **fields: str) -> Reading:
    """Give an answer that can be read in more than one way."""
    return Reading(state=AnswerState.AMBIGUOUS, code=code, fields=fields)
