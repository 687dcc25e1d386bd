"""Expiries: the dates on which something that counts today ends."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from cartaudit.assess import words
from cartaudit.assess.compiled import DATED_RULES
from cartaudit.assess.engine import Engine
from cartaudit.assess.facts import Fact
from cartaudit.assess.outcomes import GroupOutcome, Leaf
from cartaudit.model.audit import Expiry, ExpiryKind, Threshold
from cartaudit.model.requirements import Requirement


class _End(NamedTuple):
    """Something that ends, under whatever requirement: what, and on which day."""

    kind: ExpiryKind
    on: date
    what: str
    cell: str = ""


def expiries_of(
    requirement: Requirement,
    checklist: str,
    outcome: GroupOutcome,
    facts: Iterable[Fact],
    thresholds: Iterable[Threshold],
    engine: Engine,
) -> list[Expiry]:
    """Find every end under a requirement: dates it tests, evidence that ages, actions due, values that are replaced."""
    ends: list[_End] = []
    if outcome.dated:
        by_id = {fact.question.id: fact for fact in facts}
        for leaf in outcome.dated:
            ends += _tested(leaf, by_id[leaf.field.id])
    ages = requirement.evidence_max_age_days if requirement.evidence_required else None
    for fact in facts:
        if ages is not None and fact.evidence.dated is not None:
            ends.append(_of_evidence(fact, fact.evidence.dated + timedelta(days=ages)))
        if fact.action.due is not None:
            what = f"Action due: {words.subject(fact.question)}"
            ends.append(_End(ExpiryKind.ACTION, fact.action.due, what, fact.entry.cell))
    for threshold in thresholds:
        if threshold.effective_to is not None:
            where = ", ".join(filter(None, (engine.product_name(threshold.product), threshold.jurisdiction)))
            what = f"{engine.parameter_name(threshold.parameter)} ({where}): another value from this day"
            ends.append(_End(ExpiryKind.THRESHOLD, threshold.effective_to, what))
    return [Expiry(e.on, e.what, e.cell, requirement.id, checklist, e.kind) for e in ends] if ends else []


def _tested(leaf: Leaf, fact: Fact) -> Iterator[_End]:
    if leaf.test.rule in DATED_RULES and isinstance(fact.value, date):
        yield _End(ExpiryKind.ANSWER, _end(leaf, fact.value), words.subject(fact.question), fact.entry.cell)
    if leaf.rows is None:
        return
    found = leaf.rows
    one_is_enough = leaf.test.rule == "any_row" and bool(found.held)
    for row in found.held if one_is_enough else found.held + found.failed + found.open:
        for inner in row.outcome.dated:
            value = row.row.document.get(inner.field.id)
            if isinstance(value, date):
                register = fact.question.sheet or words.subject(fact.question)
                what = f"{register}, row {row.row.number}: {words.subject(inner.field.asked)}"
                yield _End(ExpiryKind.ROW, _end(inner, value), what, row.row.entry(inner.field.id).cell)


def _end(leaf: Leaf, value: date) -> date:
    """Give the last day that counts; of an age whose limit is not confirmed the date itself."""
    days = leaf.test.argument
    if leaf.test.rule == "max_age_days" and isinstance(days, (int, float)):
        return value + timedelta(days=int(days))
    return value


def _of_evidence(fact: Fact, on: date) -> _End:
    what = f"Evidence for: {words.subject(fact.question)}"
    return _End(ExpiryKind.EVIDENCE, on, what, fact.evidence.cell or fact.entry.cell)


def ordered(expiries: Iterable[Expiry]) -> tuple[Expiry, ...]:
    """Sort by day, each once."""
    unique = dict.fromkeys(expiries)
    if len(unique) < 2:
        return tuple(unique)
    return tuple(sorted(unique, key=lambda e: (e.on, e.checklist, e.requirement, e.what, e.cell)))
