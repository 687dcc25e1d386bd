"""Then: the verdict on the day of the self-assessment, and what has lapsed since by the calendar alone."""

from collections.abc import Sequence
from dataclasses import replace

from cartaudit.assess.centre import Centre
from cartaudit.assess.readiness import readiness
from cartaudit.assess.results import Assessed, judge_requirement
from cartaudit.assess.selection import Choice
from cartaudit.model.audit import SHORT, Audit, Compliance, Lapse, Reason, Then

_MET = (Compliance.COMPLIANT, Compliance.NOT_APPLICABLE)


def then(assessed: Sequence[Assessed], choice: Choice, centre: Centre, unknown: Sequence[str]) -> Then:
    """Judge a checklist again on the day of an earlier centre; `unknown` is what stands in the way on both days.

    Only what the calendar can move is judged again; the rest is as it was.
    """
    before = [judge_requirement(a.requirement, choice, centre) if _can_move(a, centre) else a for a in assessed]
    verdict = readiness(before, choice.checklist.scale.majors_allowed, unknown)
    lapses = [
        Lapse(now.requirement, now.compliance, now.reason, now.result.cells)
        for now, earlier in zip(assessed, before, strict=True)
        if earlier.compliance in _MET and now.compliance not in _MET
    ]
    return Then(
        on=centre.day, readiness=verdict.readiness, also_incomplete=verdict.also_incomplete, lapses=tuple(lapses)
    )


def _can_move(assessed: Assessed, centre: Centre) -> bool:
    requirement = assessed.requirement
    if assessed.compliance in SHORT or assessed.reason is Reason.STALE or requirement.evidence_max_age_days:
        return True
    read = (fact for judgement in assessed.judgements for fact in judgement.read)
    inspected = any(fact.response is not None and fact.response.override is not None for fact in read)
    reads = centre.engine.reads(requirement)
    replaced = any(centre.engine.questions[name].latest is not None for name, _ in reads.questions)
    return inspected or replaced or reads.by_day


def without_lapsed_gates(audit: Audit) -> Audit:
    """Leave out the earlier verdict where a gate has lapsed since: a commissioner is told how it is now."""
    kept = [
        replace(c, then=None) if c.then is not None and any(lapse.requirement.gate for lapse in c.then.lapses) else c
        for c in audit.checklists
    ]
    return replace(audit, checklists=tuple(kept))
