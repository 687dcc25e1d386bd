"""Facts: what the workbook says to one question, ready to be tested."""

from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from cartaudit.assess.words import entry_words
from cartaudit.model.answers import AnswerState, AnswerType, Share, Status
from cartaudit.model.audit import Reason
from cartaudit.model.problems import Stops
from cartaudit.model.questions import Question
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

_PLAIN = frozenset({str, bool, int, date, Status})
_ROWS = "rows"
NO_CELL = (None, Reason.BLANK.value, False)


def token_of(value: Any) -> Hashable:
    """Give a value that equals that of another answer only where type and content are the same throughout.

    1, 1.0 and True are told apart, and so are 0.0 and -0.0. What is no answer equals nothing but itself.
    """
    kind = type(value)
    if kind in _PLAIN:
        return kind, value
    if kind is float:
        return kind, repr(value)
    if kind is tuple:
        return kind, tuple(map(token_of, value))
    if kind is Share:
        return kind, token_of(value.numerator), token_of(value.denominator)
    return object()


class RowFact(NamedTuple):
    """One row of a register: its number (from 1), the answered columns, and the row as read.

    As the answers of a group over columns: no N/A counts in a row. `tokens` holds one for each column of the register.
    """

    number: int
    document: Mapping[str, Any]
    row: Row
    tokens: Mapping[str, Hashable]

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

    def token(self, column: str) -> Hashable:
        """Stand for the value of a column, or for the reason why it has none."""
        return self.tokens[column]


class Fact(NamedTuple):
    """One question as it counts: the entry that decides, and the response it stands in (None: no place for it).

    `value` is None unless answered; `declared` is true for N/A with a reason; `unsettled` says why a positive result
    may not rest on it (an incomplete override, or an answer carried over and not confirmed). `said` is the answer in
    words; `token` stands for the value, or for the reason why there is none and whether N/A was declared; `looks` for
    all that words say of the answer: what it counts as, how it reads, and where it stands. `evidence` is what supports
    it: a complete inspector's answer is its own evidence, of the day it was given. `acts` tells whether anything is
    planned or was done meanwhile.

    A tuple, as a centre brings some three hundred of them.
    """

    question: Question
    scope: str
    response: Response | None
    entry: Entry
    value: Any
    reason: Reason
    token: Hashable
    looks: Hashable
    said: str = ""
    overridden: bool = False
    declared: bool = False
    na_reason: str = ""
    unsettled: Reason | None = None
    evidence: Evidence = NO_EVIDENCE
    action: Action = NO_ACTION
    acts: bool = False
    plans: bool = True

    @property
    def rows(self) -> tuple[RowFact, ...]:
        """Give the rows of a register, none for other questions."""
        return self.value if self.question.type is AnswerType.REGISTER and self.value is not None else ()

    @property
    def answered(self) -> bool:
        """Tell whether there is a value."""
        return self.value is not None


class FactBook:
    """The facts of one submission, each made once. `overrides` false gives the centre's own answers alone.

    `inspected` tells whether an inspector's answer stands behind any of them, `settled` that none of them is unsettled.
    """

    def __init__(self, submission: Submission, questions: Mapping[str, Question], as_of: date, overrides: bool) -> None:
        self._responses = submission.responses
        self._questions = questions
        self._as_of = as_of
        self._overrides = overrides
        self._facts: dict[tuple[str, str], Fact] = {}
        self.inspected = overrides and any(r.override is not None for r in submission.responses.values())
        self.settled = not (self.inspected or any(r.reconfirm or _is_stopped(r) for r in submission.responses.values()))

    def fact(self, question_id: str, scope: str = "") -> Fact:
        """Look up what is said to a question; a question without a place in the workbook is blank."""
        key = (question_id, scope)
        return self._facts.get(key) or self._make(key)

    def facts(self, keys: Iterable[tuple[str, str]]) -> tuple[Fact, ...]:
        """Look up what is said to several questions, each with its scope."""
        known = self._facts.get
        return tuple([known(key) or self._make(key) for key in keys])

    def _make(self, key: tuple[str, str]) -> Fact:
        question_id, scope = key
        made = self._facts[key] = self._read(self._questions[question_id], scope, self._responses.get(key))
        return made

    def _read(self, question: Question, scope: str, response: Response | None) -> Fact:
        if response is None:
            reason = Reason.NO_ROWS if question.type is AnswerType.REGISTER else Reason.BLANK
            said = entry_words(BLANK_ENTRY, None, question)
            token = _missing(reason, False)
            return Fact(
                question=question,
                scope=scope,
                response=None,
                entry=BLANK_ENTRY,
                value=None,
                reason=reason,
                token=token,
                looks=(token, said, "", scope),
                said=said,
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
        if Stops.ANSWER in response.stopped and not overridden:
            unsettled = Reason.UNREADABLE
        answered = entry.state is AnswerState.ANSWERED
        value = entry.value if answered else None
        reason = _reason(entry)
        reasoned = bool(na_reason.strip()) and (overridden or Stops.NA_REASON not in response.stopped)
        declared = not answered and entry.state is AnswerState.NOT_APPLICABLE and reasoned
        said = entry_words(entry, value, question)
        token = _missing(reason, declared) if value is None else token_of(value)
        return Fact(
            question=question,
            scope=scope,
            response=response,
            entry=entry,
            value=value,
            reason=reason,
            token=token,
            looks=(token, said, entry.cell, scope),
            said=said,
            overridden=overridden,
            declared=declared,
            na_reason=na_reason,
            unsettled=unsettled,
            evidence=_by_inspector(override) if override is not None and overridden else _evidence(response),
            action=response.action,
            acts=_acts(response.action),
            plans=Stops.PLAN not in response.stopped,
        )

    def _register(self, question: Question, scope: str, response: Response) -> Fact:
        """Read a register; an inspector's answer cannot stand for rows, so it only withholds a positive result."""
        entry, unsettled = response.entry, None
        if self._overrides and response.override is not None:
            unsettled = Reason.OVERRIDE_INCOMPLETE
        elif response.reconfirm:
            unsettled = Reason.RECONFIRM
        if Stops.ANSWER in response.stopped or any(row.stopped for row in response.rows):
            unsettled = Reason.UNREADABLE
        usable = entry.state in (AnswerState.ANSWERED, AnswerState.BLANK)
        refused = entry.state is AnswerState.NOT_APPLICABLE
        contradicts = refused and bool(response.rows)
        reason = Reason.UNREADABLE if contradicts else Reason.NO_ROWS if usable else _reason(entry)
        reasoned = bool(response.na_reason.strip()) and Stops.NA_REASON not in response.stopped
        declared = refused and not contradicts and reasoned
        value = _rows(response.rows, question) if usable and response.rows else None
        said = entry_words(entry, value, question)
        token = _missing(reason, declared) if value is None else _ROWS
        return Fact(
            question=question,
            scope=scope,
            response=response,
            entry=entry,
            value=value,
            reason=reason,
            token=token,
            looks=(token, said, entry.cell, scope),
            said=said,
            declared=declared,
            na_reason=response.na_reason,
            unsettled=unsettled,
            evidence=_evidence(response),
            action=response.action,
            acts=_acts(response.action),
            plans=Stops.PLAN not in response.stopped,
        )


def _is_stopped(response: Response) -> bool:
    return bool(response.stopped) or any(row.stopped for row in response.rows)


def _evidence(response: Response) -> Evidence:
    """Give the evidence that counts: none where a problem of the workbook stops it."""
    return Evidence(cell=response.evidence.cell) if Stops.EVIDENCE in response.stopped else response.evidence


def _missing(reason: Reason, declared: bool) -> Hashable:
    return None, reason.value, declared


def _by_inspector(override: Override) -> Evidence:
    return Evidence(
        references=(f"Inspector ({override.role})",),
        level=EvidenceLevel.VERIFIED,
        dated=override.on,
        cell=override.entry.cell,
    )


def _reason(entry: Entry) -> Reason:
    return _REASONS.get(entry.state, Reason.UNREADABLE)


def _acts(action: Action) -> bool:
    return bool(action.text or action.owner_role or action.due or action.containment)


def _rows(rows: tuple[Row, ...], question: Question) -> tuple[RowFact, ...]:
    unsaid = dict.fromkeys([column.id for column in question.columns], NO_CELL)
    return tuple([_row(number, row, unsaid) for number, row in enumerate(rows, start=1)])


def _row(number: int, row: Row, unsaid: Mapping[str, Hashable]) -> RowFact:
    document: dict[str, Any] = {}
    tokens = dict(unsaid)
    for column, entry in row.entries.items():
        if entry.state is AnswerState.ANSWERED and entry.value is not None:
            document[column] = entry.value
            tokens[column] = token_of(entry.value)
        else:
            tokens[column] = _missing(_reason(entry), False)
    return RowFact(number, document, row, tokens)
