"""What came of reading one answer, before its place is known."""

from collections.abc import Mapping
from typing import NamedTuple

from cartaudit.model.answers import AnswerState, Scalar

_ANSWERED = AnswerState.ANSWERED
_NO_FIELDS: Mapping[str, str] = {}


class Reading(NamedTuple):
    """A value with its state; `code` and `fields` name the problem where there is one."""

    state: AnswerState
    value: Scalar | None = None
    conversion: str = ""
    code: str = ""
    fields: Mapping[str, str] = _NO_FIELDS


BLANK = Reading(state=AnswerState.BLANK)
NOT_APPLICABLE = Reading(state=AnswerState.NOT_APPLICABLE)


def answered(value: Scalar, conversion: str = "") -> Reading:
    """Give an answer that could be read."""
    return Reading(_ANSWERED, value, conversion)


def unreadable(code: str, **fields: str) -> Reading:
    """Give an answer that could not be read, with the problem that says why."""
    return Reading(state=AnswerState.UNREADABLE, code=code, fields=fields)


def ambiguous(code: str, **fields: str) -> Reading:
    """Give an answer that can be read in more than one way."""
    return Reading(state=AnswerState.AMBIGUOUS, code=code, fields=fields)
