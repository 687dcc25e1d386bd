"""Expiries: the dates on which something that counts today ends."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from cartaudit.assess import words
from cartaudit.assess.evidence import evidence_of
from cartaudit.assess.facts import Fact
from cartaudit.assess.outcomes import GroupOutcome, Leaf
from cartaudit.model.audit import Expiry, Threshold
from cartaudit.model.requirements import Requirement

_DATED_RULES = ("not_expired", "max_age_days")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    requirement: Requirement
    checklist: str

    def expiry(self, on: date, what: str, cell: str = "") -> Expiry:
        return Expiry(on=on, what=what, cell=cell, requirement=self.requirement.id, checklist=self.checklist)


def expiries_of(
    requirement: Requirement,
    checklist: str,
    outcome: GroupOutcome,
    facts: Mapping[str, Fact],
    thresholds: Iterable[Threshold],
) -> Iterator[Expiry]:
    """Find every end under a requirement: dates it tests, evidence that ages, actions due, values that are replaced."""
    place = _Place(requirement=requirement, checklist=checklist)
    for leaf in outcome.all_leaves():
        yield from _tested(leaf, facts[leaf.field.id], place)
    for fact in facts.values():
        yield from _of_evidence(place, fact)
        due = fact.response.action.due if fact.response is not None else None
        if due is not None:
            what = f"Action due: {words.subject(fact.question)}"
            yield place.expiry(on=due, what=what, cell=fact.entry.cell)
    for threshold in thresholds:
        if threshold.effective_to is not None:
            what = (
                f"{threshold.parameter} for {threshold.product}, {threshold.jurisdiction}: another value from this day"
            )
            yield place.expiry(on=threshold.effective_to, what=what)


def _tested(leaf: Leaf, fact: Fact, place: _Place) -> Iterator[Expiry]:
    if leaf.test.rule in _DATED_RULES and isinstance(fact.value, date):
        on = _end(leaf, fact.value)
        yield place.expiry(on=on, what=words.subject(fact.question), cell=fact.entry.cell)
    if leaf.rows is None:
        return
    found = leaf.rows
    one_is_enough = leaf.test.rule == "any_row" and bool(found.held)
    for row in found.held if one_is_enough else found.held + found.failed + found.open:
        for inner in row.outcome.all_leaves():
            value = row.row.document.get(inner.field.id)
            if inner.test.rule in _DATED_RULES and isinstance(value, date):
                register = fact.question.sheet or words.subject(fact.question)
                what = f"{register}, row {row.row.number}: {words.subject(inner.field.asked)}"
                cell = row.row.entry(inner.field.id).cell
                yield place.expiry(on=_end(inner, value), what=what, cell=cell)


def _end(leaf: Leaf, value: date) -> date:
    """Give the last day that counts; of an age whose limit is not confirmed the date itself."""
    days = leaf.test.argument
    if leaf.test.rule == "max_age_days" and isinstance(days, (int, float)):
        return value + timedelta(days=int(days))
    return value


def _of_evidence(place: _Place, fact: Fact) -> Iterator[Expiry]:
    requirement = place.requirement
    evidence = evidence_of(fact)
    if requirement.evidence_required and requirement.evidence_max_age_days is not None and evidence.dated is not None:
        on = evidence.dated + timedelta(days=requirement.evidence_max_age_days)
        what = f"Evidence for: {words.subject(fact.question)}"
        yield place.expiry(on=on, what=what, cell=evidence.cell or fact.entry.cell)


def ordered(expiries: Iterable[Expiry]) -> tuple[Expiry, ...]:
    """Sort by day, each once."""
    unique = dict.fromkeys(expiries)
    if len(unique) < 2:
        return tuple(unique)
    return tuple(sorted(unique, key=lambda e: (e.on, e.checklist, e.requirement, e.what, e.cell)))
