"""Assurance: how far a printed verdict can be trusted."""

from collections.abc import Iterable
from datetime import date

from cartaudit.assess.judge import Judgement
from cartaudit.assess.results import Assessed
from cartaudit.criteria.outcomes import truth_without
from cartaudit.model.audit import Assurance, Compliance
from cartaudit.model.profile import Profile
from cartaudit.model.questions import PROFILE_AREA
from cartaudit.model.requirements import Duty, Severity
from cartaudit.model.submission import EvidenceLevel


def assurance(judged: Iterable[Assessed], profile: Profile, as_of: date) -> Assurance:
    """Say VERIFIED only where a verifier and a day not in the future are named, and every gate and critical
    requirement that is met rests on evidence seen or on a complete inspector's answer."""
    if not profile.verifier_role.strip() or profile.verified_on is None or profile.verified_on > as_of:
        return Assurance.SELF_ASSESSED
    bearing = [j for j in judged if _bears(j)]
    seen = bool(bearing) and all(_seen(one) for j in bearing for one in j.judgements)
    return Assurance.VERIFIED if seen else Assurance.PARTLY_VERIFIED


def _bears(judged: Assessed) -> bool:
    requirement = judged.result.requirement
    essential = requirement.gate or requirement.severity is Severity.CRITICAL
    positive = judged.result.compliance in (Compliance.COMPLIANT, Compliance.PARTIAL)
    return requirement.duty is Duty.MUST and essential and positive


def _seen(judgement: Judgement) -> bool:
    outcome = judgement.outcome
    if outcome is None:
        return True
    unseen = {
        fact.question.id
        for fact in judgement.read
        if fact.question.area != PROFILE_AREA and fact.evidence.level.rank < EvidenceLevel.SIGHTED.rank
    }
    return truth_without(outcome, unseen) is outcome.truth
