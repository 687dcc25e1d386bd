"""Steps: every rule as it was tested, in words, for explanations, findings and messages."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cartaudit.assess import words
from cartaudit.assess.facts import Fact, RowFact
from cartaudit.assess.outcomes import GroupOutcome, Leaf, RowOutcome
from cartaudit.assess.truth import Truth
from cartaudit.model.audit import Step
from cartaudit.model.text import shorten

FactOf = Callable[[str], Fact]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One place that decides: what was found where, against what; the stuff of a message."""

    subject: str
    found: str
    expected: str
    cell: str


def steps_of(outcome: GroupOutcome, fact_of: FactOf) -> tuple[Step, ...]:
    """Write down every rule; of a register the rule itself and each row that fails or stays open."""
    return tuple(step for leaf in outcome.all_leaves() for step in _steps(leaf, fact_of(leaf.field.id)))


def _steps(leaf: Leaf, fact: Fact) -> Iterator[Step]:
    found = fact.said
    yield Step(
        question=leaf.field.id,
        rule=leaf.test.rule,
        expected=leaf.test.expected,
        found=f"{found}; {leaf.detail}" if leaf.detail else found,
        outcome=leaf.truth.value if leaf.truth is not Truth.DROPPED else Truth.UNKNOWN.value,
        cause="declared" if leaf.truth is Truth.DROPPED else (leaf.reason.value if leaf.reason else ""),
        cell=fact.entry.cell,
        scope=fact.scope,
    )
    if leaf.rows is not None:
        for row in leaf.rows.failed + leaf.rows.open:
            yield from _row_steps(leaf, row, fact)


def _row_steps(leaf: Leaf, row: RowOutcome, fact: Fact) -> Iterator[Step]:
    for inner in row.outcome.deciding():
        entry = row.row.entry(inner.field.id)
        yield Step(
            question=leaf.field.id,
            rule=inner.test.rule,
            expected=inner.test.expected,
            found=words.entry_words(entry, row.row.document.get(inner.field.id), inner.field.asked),
            outcome=inner.truth.value,
            cause=inner.reason.value if inner.reason else "",
            column=inner.field.id,
            cell=entry.cell or row.row.row.cell,
            scope=fact.scope,
            row=row.row.number,
        )


def points_of(outcome: GroupOutcome, fact_of: FactOf) -> tuple[Point, ...]:
    """Give the places that decide, those of single rows instead of their register."""
    return tuple(point for leaf in outcome.deciding() for point in _points(leaf, fact_of(leaf.field.id)))


def _points(leaf: Leaf, fact: Fact) -> Iterator[Point]:
    rows = leaf.rows
    searched = leaf.test.rule == "any_row" and leaf.truth is Truth.FALSE  # no single row is at fault
    deciding = () if rows is None or searched else rows.failed if leaf.truth is Truth.FALSE else rows.open
    points = [point for row in deciding for point in _row_points(row, fact)]
    if points and leaf.truth is not Truth.TRUE:
        yield from points
        return
    found = fact.said
    detail = f" ({leaf.detail})" if leaf.detail else ""
    yield Point(
        subject=words.subject(fact.question),
        found=f"{found}{detail}",
        expected=leaf.test.expected,
        cell=fact.entry.cell,
    )


def _row_points(row: RowOutcome, fact: Fact) -> Iterator[Point]:
    for leaf in row.outcome.deciding():
        entry = row.row.entry(leaf.field.id)
        place = f"{_register(fact)}, row {row.row.number}{_row_name(row.row, fact)}"
        yield Point(
            subject=f"{place}, {words.subject(leaf.field.asked)}",
            found=words.entry_words(entry, row.row.document.get(leaf.field.id), leaf.field.asked),
            expected=leaf.test.expected,
            cell=entry.cell or row.row.row.cell,
        )


def _register(fact: Fact) -> str:
    return fact.question.sheet or words.subject(fact.question)


def _row_name(row: RowFact, fact: Fact) -> str:
    names = [str(row.document[c.id]) for c in fact.question.columns if c.unique and c.id in row.document]
    return f" ({shorten(', '.join(names), 40)})" if names else ""
