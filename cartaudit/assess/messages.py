"""Messages: why a requirement came out as it did, in one plain sentence."""

from collections.abc import Mapping, Sequence
from datetime import date

from cartaudit.assess.facts import Fact
from cartaudit.assess.steps import Point, points_of
from cartaudit.assess.words import Wording, subject
from cartaudit.criteria.outcomes import Leaf
from cartaudit.model.audit import Reason
from cartaudit.model.requirements import Requirement


def met(deciding: Sequence[Leaf], facts: Mapping[str, Fact], wording: Wording) -> str:
    """Say what fulfils the criterion."""
    if not deciding:
        return "The criterion is met."
    return f"{_against(points_of(deciding[:1], facts, wording)[0])}{_more(deciding)}."


def short(points: Sequence[Point], reason: Reason, due: date | None = None) -> str:
    """Say what falls short, with the figure found, the limit and its unit."""
    if not points:
        return "The criterion is not met."
    point = points[0]
    if reason is Reason.OVERDUE:
        when = f", due {due.isoformat()} and overdue" if due else ", overdue"
        return f"{point.subject}: still in progress{when}{_more(points)}."
    if reason is Reason.IN_PROGRESS:
        return f"{point.subject}: in progress, not in place today{_more(points)}."
    return f"{_against(point)}{_more(points)}."


def unknown(points: Sequence[Point], reason: Reason, requirement: Requirement, fact: Fact | None) -> str:
    """Say what is not known and keeps the requirement from being judged."""
    if not points:
        return "The criterion could not be judged."
    point = points[0]
    match reason:
        case Reason.NA_REFUSED:
            return f"{point.subject}: {_refusal(requirement, fact)}{_more(points)}."
        case Reason.BLANK:
            return f"{point.subject}: not answered{_more(points)}."
        case Reason.NO_ROWS:
            return f"{point.subject}: nothing to judge, {point.found} found; {point.expected} required{_more(points)}."
        case Reason.THRESHOLD_UNCONFIRMED:
            return f"{point.subject}: {point.found} found; {point.expected}{_more(points)}."
    return f"{point.subject}: {point.found} found; it cannot be judged{_more(points)}."


def declared(facts: Sequence[Fact]) -> str:
    """Say what the centre declared not applicable, and why."""
    return "; ".join(f"{subject(f.question)}: declared N/A ({f.na_reason.strip()})" for f in facts) + "."


def _against(point: Point) -> str:
    return f"{point.subject}: {point.found} found, {point.expected} required"


def _more(points: Sequence[object]) -> str:
    return f"; and {len(points) - 1} more" if len(points) > 1 else ""


def _refusal(requirement: Requirement, fact: Fact | None) -> str:
    if requirement.gate:
        return "N/A is not accepted on an essential criterion (gate)"
    if not requirement.allow_na:
        return "N/A is not accepted here"
    if fact is not None and not fact.na_reason.strip():
        return "N/A is given without a reason"
    return "N/A does not fulfil an alternative or a row"
