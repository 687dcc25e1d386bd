"""Facts: what the workbook says to one question, ready to be tested."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cartaudit.assess.words import entry_words
from cartaudit.model.answers import AnswerState, AnswerType
from cartaudit.model.audit import Reason
from cartaudit.model.questions import Question
from cartaudit.model.submission import Entry, Response, Row, Submission

BLANK_ENTRY = Entry(state=AnswerState.BLANK)

_REASONS = {
    AnswerState.BLANK: Reason.BLANK,
    AnswerState.UNREADABLE: Reason.UNREADABLE,
    AnswerState.AMBIGUOUS: Reason.UNREADABLE,
    AnswerState.NOT_APPLICABLE: Reason.NA_REFUSED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFact:
    """One row of a register: its number (from 1), the answered columns, and the row as read."""

    number: int
    document: Mapping[str, Any]
    row: Row

    def entry(self, column: str) -> Entry:
        """Give the cell of a column, blank where the row has none."""
        return self.row.entries.get(column, BLANK_ENTRY)

    def reason(self, column: str) -> Reason:
        """Say why a column carries no value."""
        return _REASONS.get(self.entry(column).state, Reason.UNREADABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One question as it counts: the entry that decides, and the response it stands in (None: no place for it).

    `value` is None unless answered; `declared` is true for N/A with a reason; `unsettled` says why a positive result
    may not rest on it (an incomplete override, or an answer carried over and not confirmed). `said` is the answer in
    words.
    """

    question: Question
    scope: str
    response: Response | None
    entry: Entry
    value: Any
    reason: Reason
    said: str = ""
    overridden: bool = False
    declared: bool = False
    na_reason: str = ""
    unsettled: Reason | None = None

    @property
    def rows(self) -> tuple[RowFact, ...]:
        """Give the rows of a register, none for other questions."""
        return self.value if self.question.type is AnswerType.REGISTER and self.value is not None else ()

    @property
    def answered(self) -> bool:
        """Tell whether there is a value."""
        return self.value is not None


class FactBook:
    """The facts of one submission, each made once. `overrides` false gives the centre's own answers alone."""

    def __init__(self, submission: Submission, questions: Mapping[str, Question], as_of: date, overrides: bool) -> None:
        self._submission = submission
        self._questions = questions
        self._as_of = as_of
        self._overrides = overrides
        self._facts: dict[tuple[str, str], Fact] = {}

    def fact(self, question_id: str, scope: str = "") -> Fact:
        """Look up what is said to a question; a question without a place in the workbook is blank."""
        key = (question_id, scope)
        found = self._facts.get(key)
        if found is None:
            response = self._submission.response(question_id, scope)
            found = self._facts[key] = self._read(self._questions[question_id], scope, response)
        return found

    def _read(self, question: Question, scope: str, response: Response | None) -> Fact:
        if response is None:
            reason = Reason.NO_ROWS if question.type is AnswerType.REGISTER else Reason.BLANK
            said = entry_words(BLANK_ENTRY, None, question)
            return Fact(
                question=question, scope=scope, response=None, entry=BLANK_ENTRY, value=None, reason=reason, said=said
            )
        if question.type is AnswerType.REGISTER:
            return self._register(question, scope, response)
        return self._single(question, scope, response)

    def _single(self, question: Question, scope: str, response: Response) -> Fact:
        entry, na_reason, overridden, unsettled = response.entry, response.na_reason, False, None
        override = response.override if self._overrides else None
        if override is not None:
            overridden = override.complete and override.on is not None and override.on <= self._as_of
            if overridden:
                entry, na_reason = override.entry, override.reason
            else:
                unsettled = Reason.OVERRIDE_INCOMPLETE
        if response.reconfirm and not overridden and unsettled is None:
            unsettled = Reason.RECONFIRM
        value = entry.value if entry.state is AnswerState.ANSWERED else None
        return Fact(
            question=question,
            scope=scope,
            response=response,
            entry=entry,
            value=value,
            reason=_REASONS.get(entry.state, Reason.UNREADABLE),
            said=entry_words(entry, value, question),
            overridden=overridden,
            declared=entry.state is AnswerState.NOT_APPLICABLE and bool(na_reason.strip()),
            na_reason=na_reason,
            unsettled=unsettled,
        )

    def _register(self, question: Question, scope: str, response: Response) -> Fact:
        """Read a register; an inspector's answer cannot stand for rows, so it only withholds a positive result."""
        entry, unsettled = response.entry, None
        if self._overrides and response.override is not None:
            unsettled = Reason.OVERRIDE_INCOMPLETE
        elif response.reconfirm:
            unsettled = Reason.RECONFIRM
        usable = entry.state in (AnswerState.ANSWERED, AnswerState.BLANK)
        reason = Reason.NO_ROWS if usable else _REASONS.get(entry.state, Reason.UNREADABLE)
        contradicts = entry.state is AnswerState.NOT_APPLICABLE and bool(response.rows)
        value = _rows(response.rows) if usable and response.rows else None
        return Fact(
            question=question,
            scope=scope,
            response=response,
            entry=entry,
            value=value,
            reason=Reason.UNREADABLE if contradicts else reason,
            said=entry_words(entry, value, question),
            declared=entry.state is AnswerState.NOT_APPLICABLE and not contradicts and bool(response.na_reason.strip()),
            na_reason=response.na_reason,
            unsettled=unsettled,
        )


def _rows(rows: tuple[Row, ...]) -> tuple[RowFact, ...]:
    return tuple(
        RowFact(
            number=number,
            document={
                column: entry.value
                for column, entry in row.entries.items()
                if entry.state is AnswerState.ANSWERED and entry.value is not None
            },
            row=row,
        )
        for number, row in enumerate(rows, start=1)
    )
