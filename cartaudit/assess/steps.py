"""Steps: every rule as it was tested, in words, for explanations, findings and messages."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from cartaudit.assess import words
from cartaudit.assess.facts import Fact, RowFact
from cartaudit.assess.words import Wording
from cartaudit.criteria.outcomes import GroupOutcome, Leaf
from cartaudit.criteria.rules.rows import RowOutcome
from cartaudit.criteria.truth import Truth
from cartaudit.model.audit import Step
from cartaudit.model.text import shorten


class Point(NamedTuple):
    """One place that decides: what was found where, against what; the stuff of a message."""

    subject: str
    found: str
    expected: str
    cell: str


def steps_of(outcome: GroupOutcome, facts: Mapping[str, Fact], wording: Wording) -> tuple[Step, ...]:
    """Write down every rule; of a register the rule itself and each row that fails or stays open."""
    steps = []
    for leaf in outcome.all_leaves():
        fact = facts[leaf.test.asked.id]
        detail = words.detail(leaf.detail)
        dropped = leaf.truth is Truth.DROPPED
        steps.append(
            Step(
                question=leaf.test.asked.id,
                rule=leaf.test.rule.name,
                expected=wording.expected(leaf.test),
                found=f"{fact.said}; {detail}" if detail else fact.said,
                outcome=(Truth.UNKNOWN if dropped else leaf.truth).value,
                cause="declared" if dropped else leaf.reason.value if leaf.reason else "",
                cell=fact.entry.cell,
                scope=fact.scope,
            )
        )
        if leaf.rows is not None:
            steps += [s for row in leaf.rows.failed + leaf.rows.open for s in _row_steps(row, fact, wording)]
    return tuple(steps)


def _row_steps(row: RowOutcome, fact: Fact, wording: Wording) -> Iterator[Step]:
    for leaf in row.outcome.deciding:
        asked, found = leaf.test.asked, row.row
        entry = found.entry(asked.id)
        yield Step(
            question=fact.question.id,
            rule=leaf.test.rule.name,
            expected=wording.expected(leaf.test),
            found=words.entry_words(entry, found.value(asked.id), asked),
            outcome=leaf.truth.value,
            cause=leaf.reason.value if leaf.reason else "",
            column=asked.id,
            cell=entry.cell or found.row.cell,
            scope=fact.scope,
            row=found.number,
        )


def points_of(leaves: Iterable[Leaf], facts: Mapping[str, Fact], wording: Wording) -> tuple[Point, ...]:
    """Give the places of rules that decide, those of single rows instead of their register."""
    points: list[Point] = []
    for leaf in leaves:
        fact = facts[leaf.test.asked.id]
        points += _of_rows(leaf, fact, wording) or [_point(leaf, fact, wording)]
    return tuple(points)


def _point(leaf: Leaf, fact: Fact, wording: Wording) -> Point:
    detail = words.detail(leaf.detail)
    return Point(
        subject=words.subject(fact.question),
        found=f"{fact.said} ({detail})" if detail else fact.said,
        expected=wording.expected(leaf.test),
        cell=fact.entry.cell,
    )


def _of_rows(leaf: Leaf, fact: Fact, wording: Wording) -> list[Point]:
    """Give the rows at fault; none where the rule holds, or looked for one row and found none."""
    if leaf.rows is None or leaf.truth is Truth.TRUE:
        return []
    if leaf.truth is Truth.FALSE and leaf.test.rule.one_is_enough:
        return []
    rows = leaf.rows.failed if leaf.truth is Truth.FALSE else leaf.rows.open
    return [point for row in rows for point in _row_points(row, fact, wording)]


def _row_points(row: RowOutcome, fact: Fact, wording: Wording) -> Iterator[Point]:
    for leaf in row.outcome.deciding:
        asked, found = leaf.test.asked, row.row
        entry = found.entry(asked.id)
        register = fact.question.sheet or words.subject(fact.question)
        yield Point(
            subject=f"{register}, row {found.number}{_row_name(found, fact)}, {words.subject(asked)}",
            found=words.entry_words(entry, found.value(asked.id), asked),
            expected=wording.expected(leaf.test),
            cell=entry.cell or found.row.cell,
        )


def _row_name(row: RowFact, fact: Fact) -> str:
    names = [str(row.document[c.id]) for c in fact.question.columns if c.unique and c.id in row.document]
    return f" ({shorten(', '.join(names), 40)})" if names else ""
