"""Consistency: where answers, registers and profile contradict each other, found with the language of criteria."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Protocol

from cartaudit.criteria.compilation import compile_group
from cartaudit.criteria.criterion import Criterion
from cartaudit.criteria.evaluate import evaluate
from cartaudit.criteria.grammar import columns_of
from cartaudit.criteria.outcomes import GroupOutcome
from cartaudit.criteria.truth import Truth
from cartaudit.model.answers import AnswerType
from cartaudit.model.audit import Reason
from cartaudit.model.consistency import Consistency, Example
from cartaudit.model.questions import Question
from cartaudit.model.text import folded

DECLINED = "n/a"
"""How an example writes N/A."""


class Side(NamedTuple):
    """One side of a contradiction: an answer in its scope; of a register one row and its column.

    Rows are counted from 1; 0 is the register as a whole.
    """

    question: str
    scope: str = ""
    row: int = 0
    column: str = ""


class Breach(NamedTuple):
    """A contradiction: the answers that cannot count while it stands, and those they stand against."""

    rule: Consistency
    doubted: tuple[Side, ...]
    against: tuple[Side, ...]


class Sheet(Protocol):
    """What was answered: the answers of one scope, and the scopes in which a question has answers."""

    def answers(self, scope: str) -> Any:
        """Give the answers of a scope, as `criteria.evaluate` takes them."""

    def scopes(self, question: str) -> Iterable[str]:
        """List the scopes in which a question is answered."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Compiled:
    rule: Consistency
    questions: Mapping[str, Question]
    when: Criterion | None
    needs: Criterion | None
    where: Criterion | None


class ConsistencyRules:
    """The rules of a catalogue, compiled for one day."""

    def __init__(self, rules: Sequence[Consistency], questions: Mapping[str, Question], as_of: date) -> None:
        self._compiled = tuple(_compile(rule, questions, as_of) for rule in rules)

    def breaches(self, sheet: Sheet) -> Iterator[Breach]:
        """Find every contradiction; an answer that is not known contradicts nothing."""
        for compiled in self._compiled:
            yield from _KINDS[kind_of(compiled.rule)](compiled, sheet)


def kind_of(rule: Consistency) -> str:
    """Name the one kind of demand that a rule makes; empty where it makes none, or more than one."""
    filled = [kind for kind in _KINDS if getattr(rule, kind)]
    return filled[0] if len(filled) == 1 else ""


def questions_doubted(rule: Consistency) -> tuple[str, ...]:
    """Name the questions that cannot count while a rule is broken; of a pair they go by what it compares."""
    return tuple(dict.fromkeys((*rule.otherwise, *rule.doubts, *rule.answered)))


def _compile(rule: Consistency, questions: Mapping[str, Question], as_of: date) -> _Compiled:
    def group(found: Any, fields: Mapping[str, Any]) -> Criterion | None:
        return compile_group(found, fields, as_of, place=f"Consistency rule {rule.id}") if found else None

    table = rule.counts or rule.reached
    columns = columns_of(questions.get(table.get("register", "")))
    return _Compiled(
        rule=rule,
        questions=questions,
        when=group(rule.when, questions),
        needs=group(rule.needs, questions),
        where=group(table.get("where"), columns),
    )


def _needs(compiled: _Compiled, sheet: Sheet) -> Iterator[Breach]:
    assert compiled.needs is not None
    answers = sheet.answers("")
    if not _stated(compiled, answers):
        return
    outcome = evaluate(compiled.needs, answers)
    if outcome.truth is Truth.FALSE or (outcome.truth is Truth.UNKNOWN and _lacks_rows(outcome)):
        failing = dict.fromkeys(Side(leaf.test.asked.id) for leaf in outcome.deciding)
        yield _breach(compiled, (*_grounds(compiled.when, answers), *failing))


def _answered(compiled: _Compiled, sheet: Sheet) -> Iterator[Breach]:
    answers = sheet.answers("")
    if _stated(compiled, answers):
        declined = [name for name in compiled.rule.answered if answers.declared(name)]
        if declined:
            grounds = tuple(_grounds(compiled.when, answers))
            yield Breach(compiled.rule, tuple(Side(name) for name in declined), grounds)


def _pair(compiled: _Compiled, sheet: Sheet) -> Iterator[Breach]:
    """Compare two answers of one scope, or two columns of each row; equal is in order."""
    (first, low), (second, high) = (_split(name) for name in compiled.rule.pair)
    for scope in sheet.scopes(first):
        answers = sheet.answers(scope)
        rows = answers.value(first) or () if low else (None,)
        for row in rows:
            held = answers if row is None else row
            left, right = held.value(low or first), held.value(high or second)
            if left is not None and right is not None and left > right:
                number = row.number if row is not None else 0
                sides = (Side(first, scope, number, low), Side(second, scope, number, high))
                yield Breach(compiled.rule, sides, sides)


def _counts(compiled: _Compiled, sheet: Sheet) -> Iterator[Breach]:
    """Compare a number with the places of a register: at least the campuses it names, at most its rows."""
    table, answers = compiled.rule.counts, sheet.answers("")
    rows = _chosen(answers.value(table["register"]) or (), compiled.where)
    names = {folded(str(name)) for row in rows if (name := row.value(table["column"]))}
    said = answers.value(table["answer"])
    if names and said is not None and not len(_sites(names)) <= said <= len(names):
        yield _breach(
            compiled,
            [Side(table["answer"]), *(Side(table["register"], "", row.number, table["column"]) for row in rows)],
        )


def _reached(compiled: _Compiled, sheet: Sheet) -> Iterator[Breach]:
    """Look for places of a register that no row of another names; one row may serve a whole campus.

    With as many rows there as places here, names that differ prove nothing: that is left to people.
    """
    table, answers = compiled.rule.reached, sheet.answers("")
    places = _chosen(answers.value(table["register"]) or (), compiled.where)
    stocks = answers.value(table["by"]) or ()
    texts = [folded(str(text)) for row in stocks for name in table["columns"] if (text := row.value(name))]
    names = {name: row for row in places if (name := folded(str(row.value(table["column"]) or "")))}
    kept_at = {folded(str(name)) for row in stocks if (name := row.value(table["columns"][0]))}
    missed = [row for name, row in names.items() if not any(_names(text, name) for text in texts)]
    if missed and stocks and len(_sites(kept_at)) < len(_sites(names)):
        yield _breach(compiled, [Side(table["register"], "", row.number, table["column"]) for row in missed])


_KINDS: Mapping[str, Callable[[_Compiled, Sheet], Iterator[Breach]]] = {
    "needs": _needs,
    "answered": _answered,
    "pair": _pair,
    "counts": _counts,
    "reached": _reached,
}


def _breach(compiled: _Compiled, against: Iterable[Side]) -> Breach:
    doubted = tuple(Side(name) for name in questions_doubted(compiled.rule))
    return Breach(compiled.rule, doubted, tuple(dict.fromkeys(against)))


def _stated(compiled: _Compiled, answers: Any) -> bool:
    return compiled.when is not None and evaluate(compiled.when, answers).truth is Truth.TRUE


def _lacks_rows(outcome: GroupOutcome) -> bool:
    """Tell whether nothing is open but rows that are not there."""
    return all(
        leaf.test.asked.type is AnswerType.REGISTER
        and leaf.reason in (Reason.NO_ROWS, Reason.BLANK)
        and not (leaf.rows and leaf.rows.open)
        for leaf in outcome.all_leaves()
        if leaf.truth is Truth.UNKNOWN
    )


def _grounds(when: Criterion | None, answers: Any) -> Iterator[Side]:
    """Give the answers on which a `when` that is true rests; of a register the rows that `where` selects."""
    for test in when.tests if when is not None else ():
        if test.asked.type is not AnswerType.REGISTER:
            yield Side(test.asked.id)
            continue
        where = test.beside.get("where")
        column = where.tests[0].asked.id if isinstance(where, Criterion) and where.tests else ""
        for row in _chosen(answers.value(test.asked.id) or (), where):
            yield Side(test.asked.id, "", row.number, column)


def _chosen(rows: Iterable[Any], where: Criterion | None) -> list[Any]:
    return [row for row in rows if where is None or evaluate(where, row).truth is Truth.TRUE]


def _split(name: str) -> tuple[str, str]:
    question, _, column = name.partition(".")
    return question, column


_PART = re.compile(r"\s*(?:[,;:(/]|\s[-\u2013\u2014]\s)")
_UNIT = re.compile(
    r"\b(?:ward|unit|clinic|floor|room|department|station|tagesklinik|ambulanz|abteilung|unit\u00e9|service|\u00e9tage"
    r"|h\u00f4pital de jour|reparto|day hospital|unidad|planta|sala)\b"
)
"""Words for a part of a hospital: a name made of one says nothing of another site."""


def _site(name: str) -> str:
    """Give the site in a place's name, "Site A" of "Site A, ward"; nothing where the name is only that of a unit."""
    head = _PART.split(name, maxsplit=1)[0]
    return "" if _UNIT.search(head) else head


def _sites(names: Iterable[str]) -> set[str]:
    """Give the distinct sites of places; units without a site are at the one site there is."""
    found = {_site(name) for name in names}
    return found - {""} if len(found) > 1 else found


def _names(text: str, place: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(_site(place) or place)}(?!\w)", text) is not None


class ExampleSheet:
    """The answers of an example, as content writes them."""

    def __init__(self, example: Example) -> None:
        self._answers = _ExampleAnswers(example)

    def answers(self, scope: str) -> Any:
        """Give the answers, which are the same in every scope."""
        return self._answers

    def scopes(self, question: str) -> Iterable[str]:
        """Give the one scope of an example."""
        return ("",)


class _ExampleAnswers(NamedTuple):
    example: Example

    def value(self, name: str) -> Any:
        found = self.example.get(name)
        if isinstance(found, list) and found and isinstance(found[0], Mapping):
            return tuple(_ExampleRow(number, row) for number, row in enumerate(found, start=1))
        return None if self.declared(name) else _typed(found)

    def reason(self, name: str) -> Reason:
        return Reason.BLANK

    def declared(self, name: str) -> bool:
        return bool(self.example.get(name) == DECLINED)


class _ExampleRow(NamedTuple):
    number: int
    columns: Example

    def value(self, name: str) -> Any:
        return _typed(self.columns.get(name))

    def reason(self, name: str) -> Reason:
        return Reason.BLANK

    def declared(self, name: str) -> bool:
        return False


def _typed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
