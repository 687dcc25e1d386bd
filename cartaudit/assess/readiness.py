"""Readiness of a checklist: the table of docs/judging.md; READY has to be proven."""

from collections.abc import Sequence
from dataclasses import dataclass

from cartaudit.assess.evidence import HORIZON_DAYS
from cartaudit.assess.results import Assessed
from cartaudit.model.audit import SHORT, Compliance, Readiness, Reason
from cartaudit.model.requirements import Duty, Severity

MAJORS_NAMED = 8
"""Major requirements that a condition names one by one; gates and critical ones are named in full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Readiness with every condition that holds, in words; `also_incomplete` beside NOT_READY."""

    readiness: Readiness
    conditions: tuple[str, ...]
    also_incomplete: bool = False


def readiness(outcomes: Sequence[Assessed], majors_allowed: int, unknown: Sequence[str] = ()) -> Verdict:
    """Judge a checklist by its must-requirements. `unknown` names what else is not known and stands in the way."""
    musts = [o for o in outcomes if o.requirement.duty is Duty.MUST]
    short = [o for o in musts if o.compliance in SHORT]
    unassessed = [o for o in musts if o.compliance is Compliance.NOT_ASSESSED]
    stops = _stops(short, majors_allowed)
    gaps = [*_unknowns(musts, unassessed), *unknown]
    open_ = [*_open_conditions(short), *_unknown_minors(unassessed)]
    if stops:
        found = Readiness.NOT_READY
    elif gaps:
        found = Readiness.INCOMPLETE
    else:
        found = Readiness.CONDITIONAL if open_ else Readiness.READY
    return Verdict(readiness=found, conditions=(*stops, *gaps, *open_), also_incomplete=bool(stops and gaps))


def _stops(short: Sequence[Assessed], majors_allowed: int) -> list[str]:
    """Say what makes a checklist NOT_READY, of what falls short."""
    gates = [o for o in short if o.requirement.gate]
    criticals = [o for o in _of(short, Severity.CRITICAL) if not o.requirement.gate]
    uncontained = [o for o in criticals if o.compliance is Compliance.NON_COMPLIANT and not o.contained]
    unplanned = [o for o in criticals if o not in uncontained and not o.planned]
    majors = _of(short, Severity.MAJOR)
    loose = [o for o in majors if not o.planned]
    said = [
        _say(gates, "essential criterion (gate) not fully met", "essential criteria (gates) not fully met"),
        _say(
            uncontained,
            "critical requirement not met and not contained",
            "critical requirements not met, not contained",
        ),
        _say(unplanned, *_without_plan("critical requirement", Severity.CRITICAL)),
        _say(loose, *_without_plan("major requirement", Severity.MAJOR), MAJORS_NAMED),
    ]
    if len(majors) > majors_allowed:
        named = _ids(majors, MAJORS_NAMED)
        said.append(f"{len(majors)} major requirements open, more than the {majors_allowed} allowed: {named}.")
    return [line for line in said if line]


def _without_plan(what: str, severity: Severity) -> tuple[str, str]:
    days = HORIZON_DAYS[severity]
    rest = f"open without both an owner and a due date still to come, at most {days} days after the answer"
    return f"{what} {rest}", f"{what}s {rest}"


def _unknowns(musts: Sequence[Assessed], unknown: Sequence[Assessed]) -> list[str]:
    """Say what makes a checklist INCOMPLETE; one in which nothing came out compliant has proven nothing."""
    undecided = [o for o in musts if o.requirement.gate and _declared(o)]
    gates = [o for o in unknown if o.requirement.gate] + undecided
    criticals = [o for o in unknown if not o.requirement.gate and o.requirement.severity is Severity.CRITICAL]
    majors = [o for o in unknown if not o.requirement.gate and o.requirement.severity is Severity.MAJOR]
    said = [
        _say(gates, "essential criterion (gate) not assessed", "essential criteria (gates) not assessed"),
        _say(criticals, "critical requirement not assessed", "critical requirements not assessed"),
        _say(majors, "major requirement not assessed", "major requirements not assessed", MAJORS_NAMED),
    ]
    if not any(o.compliance not in (Compliance.NOT_APPLICABLE, Compliance.NOT_ASSESSED) for o in musts):
        said.append("No requirement could be judged, so nothing is proven.")
    return [line for line in said if line]


def _unknown_minors(unknown: Sequence[Assessed]) -> list[str]:
    """Say which minor requirements nobody answered: too little to hold a checklist up, but not proven either."""
    minors = [o for o in _of(unknown, Severity.MINOR) if not o.requirement.gate]
    line = _say(minors, "minor requirement not assessed", "minor requirements not assessed", MAJORS_NAMED)
    return [line] if line else []


def _declared(outcome: Assessed) -> bool:
    """Find a gate that left by declaration; judging refuses that, and readiness does not rely on it."""
    return outcome.compliance is Compliance.NOT_APPLICABLE and outcome.reason is Reason.DECLARED


def _open_conditions(short: Sequence[Assessed]) -> list[str]:
    """Say on what readiness hangs where every opening has its owner and due date."""
    criticals = [o for o in _of(short, Severity.CRITICAL) if not o.requirement.gate and o.planned and _contained(o)]
    majors = [o for o in _of(short, Severity.MAJOR) if not o.requirement.gate and o.planned]
    said = [
        _say(
            criticals,
            "contained critical requirement open, with owner and due date",
            "contained critical requirements open",
        ),
        _say(
            majors,
            "major requirement open, with owner and due date",
            "major requirements open, with owner and due date",
            MAJORS_NAMED,
        ),
    ]
    return [line for line in said if line]


def _contained(outcome: Assessed) -> bool:
    return outcome.contained or outcome.compliance is Compliance.PARTIAL


def _of(outcomes: Sequence[Assessed], severity: Severity) -> list[Assessed]:
    return [o for o in outcomes if o.requirement.severity is severity]


def _say(outcomes: Sequence[Assessed], one: str, many: str, most: int = 0) -> str:
    if not outcomes:
        return ""
    return f"{len(outcomes)} {one if len(outcomes) == 1 else many}: {_ids(outcomes, most)}."


def _ids(outcomes: Sequence[Assessed], most: int = 0) -> str:
    """List ids; at most `most` of them (0: all), and how many more there are."""
    named = [o.requirement.id for o in outcomes]
    if not most or len(named) <= most:
        return ", ".join(named)
    return f"{', '.join(named[:most])} and {len(named) - most} more"
