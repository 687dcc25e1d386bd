"""Steps: every rule as it was tested, in words, for explanations, findings and messages."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from cartaudit.assess import words
from cartaudit.assess.facts import Fact, RowFact
from cartaudit.assess.outcomes import GroupOutcome, Leaf, RowOutcome
from cartaudit.assess.truth import Truth
from cartaudit.model.audit import Step
from cartaudit.model.text import shorten


class Point(NamedTuple):
    """One place that decides: what was found where, against what; the stuff of a message."""

    subject: str
    found: str
    expected: str
    cell: str


def steps_of(outcome: GroupOutcome, facts: Mapping[str, Fact]) -> tuple[Step, ...]:
    """Write down every rule; of a register the rule itself and each row that fails or stays open."""
    steps = []
    for leaf in outcome.all_leaves() if outcome.branches else outcome.leaves:
        fact = facts[leaf.field.id]
        steps.append(
            Step(
                question=leaf.field.id,
                rule=leaf.test.rule,
                expected=leaf.test.expected,
                found=f"{fact.said}; {leaf.detail}" if leaf.detail else fact.said,
                outcome=leaf.outcome,
                cause=leaf.cause,
                cell=fact.entry.cell,
                scope=fact.scope,
            )
        )
        if leaf.rows is not None:
            steps += [step for row in leaf.rows.failed + leaf.rows.open for step in _row_steps(leaf, row, fact)]
    return tuple(steps)


def _row_steps(leaf: Leaf, row: RowOutcome, fact: Fact) -> Iterator[Step]:
    for inner in row.outcome.deciding:
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


def points_of(leaves: Iterable[Leaf], facts: Mapping[str, Fact]) -> tuple[Point, ...]:
    """Give the places of rules that decide, those of single rows instead of their register."""
    points: list[Point] = []
    for leaf in leaves:
        fact = facts[leaf.field.id]
        points += _of_rows(leaf, fact) or (_point(leaf, fact),)
    return tuple(points)


def _point(leaf: Leaf, fact: Fact) -> Point:
    return Point(
        subject=words.subject(fact.question),
        found=f"{fact.said} ({leaf.detail})" if leaf.detail else fact.said,
        expected=leaf.test.expected,
        cell=fact.entry.cell,
    )


def _of_rows(leaf: Leaf, fact: Fact) -> list[Point]:
    """Give the rows at fault; none where the rule holds, or looked for one row and found none."""
    if leaf.rows is None or leaf.truth is Truth.TRUE:
        return []
    if leaf.truth is not Truth.FALSE:
        return [point for row in leaf.rows.open for point in _row_points(row, fact)]
    if leaf.test.rule == "any_row":
        return []
    return [point for row in leaf.rows.failed for point in _row_points(row, fact)]


def _row_points(row: RowOutcome, fact: Fact) -> Iterator[Point]:
    for leaf in row.outcome.deciding:
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
