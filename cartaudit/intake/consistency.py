"""Contradictions: the consistency rules of the catalogue tried on what was read, with both cells named."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from cartaudit.criteria.consistency import Breach, ConsistencyRules, Side
from cartaudit.model.answers import AnswerState, Scalar
from cartaudit.model.audit import Reason
from cartaudit.model.layout import scoped_id
from cartaudit.model.problem_codes import problem
from cartaudit.model.problems import Problem
from cartaudit.model.submission import Entry, Response, Row

Key = tuple[str, str]
Responses = Mapping[Key, Response]

_NAMED = 3
"""Cells of the other side that one problem names."""


class _RowAnswers(NamedTuple):
    number: int
    row: Row

    def value(self, name: str) -> Any:
        entry = self.row.entries.get(name)
        return entry.value if entry is not None and entry.state is AnswerState.ANSWERED else None

    def reason(self, name: str) -> Reason:
        return Reason.BLANK

    def declared(self, name: str) -> bool:
        return False


class _Answers(NamedTuple):
    responses: Responses
    scope: str

    def value(self, name: str) -> Any:
        response = self.responses.get((name, self.scope))
        if response is None:
            return None
        if response.rows:
            return tuple(_RowAnswers(number, row) for number, row in enumerate(response.rows, start=1))
        return response.entry.value if response.entry.state is AnswerState.ANSWERED else None

    def reason(self, name: str) -> Reason:
        response = self.responses.get((name, self.scope))
        blank = response is None or response.entry.state is AnswerState.BLANK
        return Reason.BLANK if blank else Reason.UNREADABLE

    def declared(self, name: str) -> bool:
        response = self.responses.get((name, self.scope))
        return response is not None and response.entry.state is AnswerState.NOT_APPLICABLE


class _Read(NamedTuple):
    """What was read, as the rules look at it."""

    responses: Responses

    def answers(self, scope: str) -> _Answers:
        return _Answers(self.responses, scope)

    def scopes(self, question: str) -> Iterable[str]:
        return [scope for name, scope in self.responses if name == question]


def find_breaches(responses: Responses, rules: ConsistencyRules) -> tuple[Breach, ...]:
    """Find the contradictions in what was read."""
    return tuple(rules.breaches(_Read(responses)))


def contradictions(breaches: Iterable[Breach], responses: Responses) -> Iterator[Problem]:
    """Name each contradiction at every doubted answer, with the cells it stands against."""
    for breach in breaches:
        for side in breach.doubted:
            others = [o for o in (*breach.against, *breach.doubted) if _is_other(o, side)]
            entry = _entry(side, responses)
            sheet, _, cell = entry.cell.rpartition("!")
            label = f"{side.question}.{side.column}" if side.column else scoped_id(side.question, side.scope)
            yield problem(
                "CA320",
                sheet=sheet,
                cell=cell,
                question=label,
                said=breach.rule.text,
                found=entry.original or "nothing",
                others=_listed(others, responses),
            )


def _is_other(one: Side, side: Side) -> bool:
    """Tell the other side of a contradiction: another question, or in one row another column."""
    return one.question != side.question or (bool(side.row) and one != side)


def contradicted(breaches: Iterable[Breach], responses: Responses) -> dict[Key, Response]:
    """Give the responses with what is contradicted, and with what else an answer may be."""
    found = dict(responses)
    for breach in breaches:
        for side in breach.doubted:
            key = (side.question, side.scope)
            if key in found:
                other = breach.rule.otherwise.get(side.question)
                found[key] = _doubted(found[key], other)
    return found


def _doubted(response: Response, other: str | None) -> Response:
    if other is None:
        return replace(response, contradicted=True)
    value: Scalar | None = response.otherwise if response.otherwise is not None else response.entry.value
    wider: Scalar = tuple(dict.fromkeys((*value, other))) if isinstance(value, tuple) else other
    return replace(response, contradicted=True, otherwise=wider)


def _entry(side: Side, responses: Responses) -> Entry:
    response = responses.get((side.question, side.scope))
    if response is None:
        return Entry(state=AnswerState.BLANK)
    if not side.row:
        return response.entry
    row = response.rows[side.row - 1]
    return row.entries.get(side.column) or Entry(state=AnswerState.BLANK, cell=row.cell)


def _listed(sides: Iterable[Side], responses: Responses) -> str:
    entries = [_entry(side, responses) for side in dict.fromkeys(sides)]
    named = [f"{e.cell} says '{e.original or 'nothing'}'" for e in entries[:_NAMED] if e.cell]
    more = [f"{len(entries) - _NAMED} more cells agree with that"] if len(entries) > _NAMED else []
    return "; ".join(named + more) or "the other side stands nowhere"
