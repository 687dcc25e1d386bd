"""Facts: what the workbook says to one question, ready to be tested."""

from collections.abc import Mapping
from datetime import date
from enum import Enum, auto
from typing import Any, NamedTuple

from cartaudit.assess.words import entry_words
from cartaudit.criteria.history import history_of
from cartaudit.model.answers import AnswerState, AnswerType
from cartaudit.model.audit import Reason
from cartaudit.model.problems import Stops
from cartaudit.model.questions import Latest, Question
from cartaudit.model.submission import Action, Entry, Evidence, EvidenceLevel, Override, Response, Row, Submission

BLANK_ENTRY = Entry(state=AnswerState.BLANK)
NO_EVIDENCE = Evidence()
NO_ACTION = Action()

_REASONS = {
    AnswerState.BLANK: Reason.BLANK,
    AnswerState.UNREADABLE: Reason.UNREADABLE,
    AnswerState.AMBIGUOUS: Reason.UNREADABLE,
    AnswerState.NOT_APPLICABLE: Reason.NA_REFUSED,
}


class RowFact(NamedTuple):
    """One row of a register: its number (from 1), the answered columns, and the row as read.

    As the answers of a group over columns: no N/A counts in a row.
    """

    number: int
    document: Mapping[str, Any]
    row: Row

    def entry(self, column: str) -> Entry:
        """Give the cell of a column, blank where the row has none."""
        return self.row.entries.get(column, BLANK_ENTRY)

    def reason(self, column: str) -> Reason:
        """Say why a column carries no value."""
        return _reason(self.entry(column))

    def value(self, column: str) -> Any:
        """Give the value of a column, None where it has none."""
        return self.document.get(column)

    def declared(self, column: str) -> bool:
        """Accept no N/A at all."""
        return False


class Fact(NamedTuple):
    """One question as it counts: the entry that decides, and the response it stands in (None: no place for it).

    `value` is None unless answered; `declared` is true for N/A with a reason; `unsettled` says why a positive result
    may not rest on it (an incomplete override, or an answer carried over and not confirmed). `said` is the answer in
    words. `evidence` is what supports it: a complete inspector's answer is its own evidence, of the day it was given.
    `acts` tells whether anything is planned or was done meanwhile, `plans` whether that may count. `otherwise` is what
    the answer may be instead where another contradicts it.

    A tuple, as a centre brings some three hundred of them.
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
    evidence: Evidence = NO_EVIDENCE
    action: Action = NO_ACTION
    acts: bool = False
    plans: bool = True
    otherwise: Any = None

    @property
    def rows(self) -> tuple[RowFact, ...]:
        """Give the rows of a register, none for other questions."""
        return self.value if self.question.type is AnswerType.REGISTER and self.value is not None else ()

    @property
    def answered(self) -> bool:
        """Tell whether there is a value."""
        return self.value is not None


class Says(Enum):
    """Whose answers count: the centre's alone; an inspector's where it may take their place; an inspector's wherever
    there is one that can be read, as a worse one always counts."""

    CENTRE = auto()
    BOTH = auto()
    INSPECTOR = auto()


class FactBook:
    """The facts of one submission, each made once."""

    def __init__(self, submission: Submission, questions: Mapping[str, Question], as_of: date, says: Says) -> None:
        self._responses = submission.responses
        self._questions = questions
        self._as_of = as_of
        self._says = says
        self._facts: dict[tuple[str, str], Fact] = {}

    def fact(self, question_id: str, scope: str = "") -> Fact:
        """Look up what is said to a question; a question without a place in the workbook is blank."""
        key = (question_id, scope)
        return self._facts.get(key) or self._make(key)

    def _make(self, key: tuple[str, str]) -> Fact:
        question_id, scope = key
        made = self._facts[key] = self._read(self._questions[question_id], scope, self._responses.get(key))
        return made

    def _read(self, question: Question, scope: str, response: Response | None) -> Fact:
        if response is None:
            reason = Reason.NO_ROWS if question.type is AnswerType.REGISTER else Reason.BLANK
            said = entry_words(BLANK_ENTRY, None, question)
            return Fact(
                question=question,
                scope=scope,
                response=None,
                entry=BLANK_ENTRY,
                value=None,
                reason=reason,
                said=said,
            )
        if question.type is AnswerType.REGISTER:
            return self._register(question, scope, response)
        return self._single(question, scope, response)

    def _single(self, question: Question, scope: str, response: Response) -> Fact:
        entry, na_reason, overridden, unsettled = response.entry, response.na_reason, False, None
        override = response.override if self._says is not Says.CENTRE else None
        if override is not None:
            in_time = override.complete and override.on is not None and override.on <= self._as_of
            overridden = override.readable if self._says is Says.INSPECTOR else in_time and _may_replace(response)
            if overridden:
                entry, na_reason = override.entry, override.reason
            elif not in_time:
                unsettled = Reason.OVERRIDE_INCOMPLETE
        if response.reconfirm and not overridden and unsettled is None:
            unsettled = Reason.RECONFIRM
        if not overridden:
            unsettled = _stopped(response) or unsettled
        answered = entry.state is AnswerState.ANSWERED
        value = entry.value if answered else None
        reason = _reason(entry)
        reasoned = bool(na_reason.strip()) and (overridden or Stops.NA_REASON not in response.stopped)
        declared = not answered and entry.state is AnswerState.NOT_APPLICABLE and reasoned
        said = entry_words(entry, value, question)
        return Fact(
            question=question,
            scope=scope,
            response=response,
            entry=entry,
            value=value,
            reason=reason,
            said=said,
            overridden=overridden,
            declared=declared,
            na_reason=na_reason,
            unsettled=unsettled,
            evidence=_by_inspector(override) if override is not None and overridden else _evidence(response),
            action=response.action,
            acts=_acts(response.action),
            plans=Stops.PLAN not in response.stopped,
            otherwise=None if overridden else response.otherwise,
        )

    def _register(self, question: Question, scope: str, response: Response) -> Fact:
        """Read a register; an inspector's answer cannot stand for rows, so it only withholds a positive result."""
        entry, unsettled = response.entry, None
        if self._says is not Says.CENTRE and response.override is not None:
            unsettled = Reason.OVERRIDE_INCOMPLETE
        elif response.reconfirm:
            unsettled = Reason.RECONFIRM
        unsettled = _stopped(response) or unsettled
        usable = entry.state in (AnswerState.ANSWERED, AnswerState.BLANK)
        refused = entry.state is AnswerState.NOT_APPLICABLE
        contradicts = refused and bool(response.rows)
        reason = Reason.UNREADABLE if contradicts else Reason.NO_ROWS if usable else _reason(entry)
        reasoned = bool(response.na_reason.strip()) and Stops.NA_REASON not in response.stopped
        declared = refused and not contradicts and reasoned
        value = _rows(response.rows, question.latest, self._as_of) if usable and response.rows else None
        said = entry_words(entry, value, question)
        return Fact(
            question=question,
            scope=scope,
            response=response,
            entry=entry,
            value=value,
            reason=reason,
            said=said,
            declared=declared,
            na_reason=response.na_reason,
            unsettled=unsettled,
            evidence=_evidence(response),
            action=response.action,
            acts=_acts(response.action),
            plans=Stops.PLAN not in response.stopped,
        )


def _evidence(response: Response) -> Evidence:
    """Give the evidence that counts: none where a problem of the workbook stops it."""
    return Evidence(cell=response.evidence.cell) if Stops.EVIDENCE in response.stopped else response.evidence


def _by_inspector(override: Override) -> Evidence:
    return Evidence(
        references=(f"Inspector ({override.role})",),
        level=EvidenceLevel.VERIFIED,
        dated=override.on,
        cell=override.entry.cell,
    )


def _may_replace(response: Response) -> bool:
    """Tell whether an inspector's answer is another's than the centre's, and evidence stands beside it."""
    return bool(response.override and response.override.independent and _evidence(response).references)


def _stopped(response: Response) -> Reason | None:
    """Say why a problem of the workbook keeps an answer from counting."""
    if response.contradicted:
        return Reason.CONTRADICTED
    stopped = Stops.ANSWER in response.stopped or any(row.stopped for row in response.rows)
    return Reason.UNREADABLE if stopped else None


def _reason(entry: Entry) -> Reason:
    return _REASONS.get(entry.state, Reason.UNREADABLE)


def _acts(action: Action) -> bool:
    return bool(action.text or action.owner_role or action.due or action.containment)


def _rows(rows: tuple[Row, ...], latest: Latest | None, on: date) -> tuple[RowFact, ...]:
    """Give the rows that count; what a later row has replaced is history."""
    found = [_row(number, row) for number, row in enumerate(rows, start=1)]
    replaced = history_of([r.document for r in found], latest, on).replaced if latest is not None else ()
    return tuple([row for place, row in enumerate(found) if place not in replaced])


def _row(number: int, row: Row) -> RowFact:
    answered = {c: e.value for c, e in row.entries.items() if e.state is AnswerState.ANSWERED and e.value is not None}
    return RowFact(number, answered, row)
