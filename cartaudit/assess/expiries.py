"""Expiries: the dates on which something that counts today ends."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from cartaudit.assess import words
from cartaudit.assess.engine import Engine
from cartaudit.assess.evidence import counts_until
from cartaudit.assess.facts import Fact
from cartaudit.assess.judge import Judgement
from cartaudit.criteria.outcomes import Leaf
from cartaudit.criteria.resolution import SITE_SOURCE
from cartaudit.model.audit import Expiry, ExpiryKind
from cartaudit.model.questions import PROFILE_AREA
from cartaudit.model.requirements import VALID_DAYS, Requirement

_AGED = f"Answers under essential and critical requirements: {VALID_DAYS} days old"

_READ_AGAIN = f"Site-supplied values under essential and critical requirements: {VALID_DAYS} days old"


class _End(NamedTuple):
    """Something that ends, under whatever requirement: what, and on which day."""

    kind: ExpiryKind
    on: date
    what: str
    cell: str = ""


def expiries_of(
    requirement: Requirement, checklist: str, judgement: Judgement, engine: Engine, assessed_on: date | None
) -> list[Expiry]:
    """Find every end under a requirement: dates tested, answers and evidence that age, actions, values."""
    ends: list[_End] = []
    facts = {fact.question.id: fact for fact in judgement.read}
    for leaf in judgement.outcome.all_leaves() if judgement.outcome else ():
        ends += _tested(leaf, facts[leaf.test.asked.id])
    ages = requirement.evidence_max_age_days if requirement.evidence_required else None
    for fact in judgement.read:
        if ages is not None and fact.evidence.dated is not None:
            ends.append(_of_evidence(fact, fact.evidence.dated + timedelta(days=ages)))
        if fact.action.due is not None:
            what = f"Action due: {words.subject(fact.question)}"
            ends.append(_End(ExpiryKind.ACTION, fact.action.due, what, fact.entry.cell))
        if requirement.decides_alone and fact.answered and fact.question.area != PROFILE_AREA:
            last = counts_until(fact, assessed_on)
            ends += [_End(ExpiryKind.ANSWER, last, _AGED)] if last is not None else []
    for threshold in judgement.thresholds:
        if requirement.decides_alone and threshold.source == SITE_SOURCE and threshold.text_date is not None:
            ends.append(_End(ExpiryKind.ANSWER, threshold.text_date + timedelta(days=VALID_DAYS), _READ_AGAIN))
        if threshold.effective_to is not None:
            where = ", ".join(filter(None, (engine.names.product(threshold.product), threshold.jurisdiction)))
            what = f"{engine.names.parameter(threshold.parameter)} ({where}): another value from this day"
            ends.append(_End(ExpiryKind.THRESHOLD, threshold.effective_to, what))
    return [Expiry(e.on, e.what, e.cell, requirement.id, checklist, e.kind) for e in ends]


def _tested(leaf: Leaf, fact: Fact) -> Iterator[_End]:
    rule = leaf.test.rule
    if rule.ends is not None and isinstance(fact.value, date):
        on = rule.ends(fact.value, leaf.test.argument)
        yield _End(ExpiryKind.ANSWER, on, words.subject(fact.question), fact.entry.cell)
    if leaf.rows is None:
        return
    found = leaf.rows
    for row in found.held if rule.one_is_enough and found.held else found.held + found.failed + found.open:
        for inner in row.outcome.all_leaves() if row.outcome else ():
            asked, ends = inner.test.asked, inner.test.rule.ends
            value = row.row.value(asked.id)
            if ends is not None and isinstance(value, date):
                register = fact.question.sheet or words.subject(fact.question)
                what = f"{register}, row {row.row.number}: {words.subject(asked)}"
                yield _End(ExpiryKind.ROW, ends(value, inner.test.argument), what, row.row.entry(asked.id).cell)


def _of_evidence(fact: Fact, on: date) -> _End:
    what = f"Evidence for: {words.subject(fact.question)}"
    return _End(ExpiryKind.EVIDENCE, on, what, fact.evidence.cell or fact.entry.cell)


def ordered(expiries: Iterable[Expiry]) -> tuple[Expiry, ...]:
    """Sort by day, each once."""
    unique = dict.fromkeys(expiries)
    if len(unique) < 2:
        return tuple(unique)
    return tuple(sorted(unique, key=lambda e: (e.on, e.checklist, e.requirement, e.what, e.cell)))
