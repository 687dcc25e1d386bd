"""Evidence and confirmation: what withholds a positive result, and never turns a negative one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from cartaudit.assess import words
from cartaudit.assess.facts import Fact
from cartaudit.criteria.outcomes import GroupOutcome, truth_without
from cartaudit.model.audit import Reason
from cartaudit.model.questions import PROFILE_AREA
from cartaudit.model.requirements import VALID_DAYS, Requirement, Severity
from cartaudit.model.submission import Evidence, EvidenceLevel

_ORDER = (
    Reason.UNREADABLE,
    Reason.CONTRADICTED,
    Reason.OVERRIDE_INCOMPLETE,
    Reason.RECONFIRM,
    Reason.STALE,
    Reason.EVIDENCE_MISSING,
    Reason.EVIDENCE_LAPSED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """Why a positive result is withheld, and the facts it is withheld for."""

    reason: Reason
    facts: tuple[Fact, ...]
    message: str


def withheld(
    requirement: Requirement, outcome: GroupOutcome, facts: Iterable[Fact], days: tuple[date, date | None]
) -> Withheld | None:
    """Judge a positive outcome again without the answers that nothing supports.

    `days` are the audit date and the day of the self-assessment. An alternative that is supported is enough; otherwise
    the first reason in the order override, confirmation, age, missing evidence, lapsed evidence under which the outcome
    no longer holds is given.
    """
    doubts = {}
    for fact in facts:
        why = _doubt(requirement, fact, *days)
        if why is not None:
            doubts[fact.question.id] = (fact, why)
    if not doubts:
        return None
    unsupported: set[str] = set()
    for reason in _ORDER:
        new = {question for question, (_, why) in doubts.items() if why is reason}
        unsupported |= new
        if new and truth_without(outcome, unsupported) is not outcome.truth:
            concerned = tuple(doubts[question][0] for question in sorted(new))
            message = _message(reason, concerned, requirement, days[1])
            return Withheld(reason=reason, facts=concerned, message=message)
    return None


def _doubt(requirement: Requirement, fact: Fact, as_of: date, assessed_on: date | None) -> Reason | None:
    if fact.unsettled is not None:
        return fact.unsettled
    if fact.question.area == PROFILE_AREA:
        return None
    if requirement.decides_alone and (fact.answered or fact.declared) and _is_stale(fact, as_of, assessed_on):
        return Reason.STALE
    if not requirement.evidence_required or not fact.answered:
        return None
    return _evidence_doubt(fact.evidence, requirement.evidence_max_age_days, as_of)


WATCH_EVIDENCE_DAYS = 3 * 365
"""Evidence older than this is watched, where no age is demanded of it: a rule of this project."""


def old_evidence(requirement: Requirement, facts: Iterable[Fact], as_of: date) -> date | None:
    """Give the day of the oldest evidence that should be looked at again."""
    if not requirement.evidence_required:
        return None
    last = as_of - timedelta(days=WATCH_EVIDENCE_DAYS)
    days = (fact.evidence.dated for fact in facts if fact.answered)
    return min((day for day in days if day is not None and day < last), default=None)


HORIZON_DAYS: Mapping[Severity, int] = {Severity.CRITICAL: 90, Severity.MAJOR: 365}
"""Within how many days of the answer a plan has to end to count: a rule of this project."""


def plan_ends(fact: Fact, severity: Severity, as_of: date, assessed_on: date | None) -> date:
    """Give the last due date that counts as a plan for an answer that falls short."""
    days = HORIZON_DAYS.get(severity)
    given = _given(fact, assessed_on) or as_of
    return date.max if days is None else min(given, as_of) + timedelta(days=days)


def _is_stale(fact: Fact, as_of: date, assessed_on: date | None) -> bool:
    last = counts_until(fact, assessed_on)
    return last is not None and as_of > last


def counts_until(fact: Fact, assessed_on: date | None) -> date | None:
    """Give the last day on which an answer counts where it decides alone; None where no day is known."""
    given = _given(fact, assessed_on)
    return given + timedelta(days=VALID_DAYS) if given is not None else None


def _given(fact: Fact, assessed_on: date | None) -> date | None:
    """Give the day of an answer; where none is stated, that of the self-assessment."""
    response = fact.response
    if response is None:
        return assessed_on
    if fact.overridden and response.override is not None:
        return response.override.on
    return response.answered_on or assessed_on


def _evidence_doubt(evidence: Evidence, max_age_days: int | None, as_of: date) -> Reason | None:
    """Ask for a named document; where an age is set, for one with a date that is not in the future."""
    named = any(reference.strip() for reference in evidence.references)
    if not named or evidence.level is EvidenceLevel.CLAIMED:
        return Reason.EVIDENCE_MISSING
    if max_age_days is None:
        return None
    if evidence.dated is None or evidence.dated > as_of:
        return Reason.EVIDENCE_MISSING
    return Reason.EVIDENCE_LAPSED if as_of > evidence.dated + timedelta(days=max_age_days) else None


def _message(reason: Reason, facts: tuple[Fact, ...], requirement: Requirement, assessed_on: date | None) -> str:
    named = words.listed((f"'{words.subject(f.question)}'" for f in facts), "and")
    write: dict[Reason, Callable[[], str]] = {
        Reason.UNREADABLE: lambda: f"A problem of the workbook stands at the answer to {named}; it cannot count.",
        Reason.CONTRADICTED: lambda: f"The answer to {named} is contradicted by another answer, and cannot count.",
        Reason.OVERRIDE_INCOMPLETE: lambda: (
            f"The inspector's answer to {named} lacks a readable answer, role, date or reason."
        ),
        Reason.RECONFIRM: lambda: f"The answer to {named} was carried over and is not confirmed.",
        Reason.STALE: lambda: (
            f"The answer to {named} is of {words.listed(_given_on(facts, assessed_on), 'and')}; under an essential or "
            f"critical requirement it counts for {VALID_DAYS} days."
        ),
        Reason.EVIDENCE_MISSING: lambda: _missing(named, facts, requirement),
        Reason.EVIDENCE_LAPSED: lambda: (
            f"The evidence for {named} is of {words.listed(_dates(facts), 'and')}, "
            f"older than the {requirement.evidence_max_age_days} days allowed."
        ),
    }
    return write[reason]()


def _missing(named: str, facts: tuple[Fact, ...], requirement: Requirement) -> str:
    cited = all(f.evidence.references for f in facts)
    if cited and requirement.evidence_max_age_days is not None:
        return f"The evidence for {named} is not usable: its level or a date that is not in the future is missing."
    return f"The answer to {named} meets the criterion, but names no evidence."


def _dates(facts: Iterable[Fact]) -> Iterable[str]:
    return (dated.isoformat() for f in facts if (dated := f.evidence.dated) is not None)


def _given_on(facts: Iterable[Fact], assessed_on: date | None) -> Iterable[str]:
    days = (given for fact in facts if (given := _given(fact, assessed_on)) is not None)
    return dict.fromkeys(given.isoformat() for given in sorted(days))
