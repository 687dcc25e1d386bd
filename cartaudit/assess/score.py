"""Score: the share of weight met; secondary, and never a verdict."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from cartaudit.assess.words import number
from cartaudit.model.audit import AreaScore, Compliance, Result, Score
from cartaudit.model.requirements import Duty, Requirement


class _Part(NamedTuple):
    """What one must-requirement adds to the sum, and the line that says so."""

    area: str
    earned: float
    unknown: int
    weight: int
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sum:
    """Weights of the must-requirements that apply: met, unknown, and all."""

    met: float
    unknown: int
    applicable: int

    @property
    def low(self) -> float | None:
        return 100 * self.met / self.applicable if self.applicable else None

    @property
    def high(self) -> float | None:
        return 100 * (self.met + self.unknown) / self.applicable if self.applicable else None


def score(results: Iterable[Result], partial_credit: float) -> Score:
    """Weigh what is met (critical 5, major 3, minor 1), in per cent; unknown counts 0 in `low` and 1 in `high`."""
    counted = [
        _part(r.requirement, r.compliance, partial_credit)
        for r in results
        if r.requirement.duty is Duty.MUST and r.compliance is not Compliance.NOT_APPLICABLE
    ]
    areas: dict[str, list[_Part]] = {}
    for part in counted:
        areas.setdefault(part.area, []).append(part)
    whole = _sum(counted)
    return Score(
        value=whole.low,
        low=whole.low,
        high=whole.high,
        areas=tuple(_area(area, _sum(parts)) for area, parts in areas.items()),
        trace=_trace(counted, whole),
    )


def _sum(parts: Sequence[_Part]) -> _Sum:
    return _Sum(
        met=sum([p.earned for p in parts]),
        unknown=sum([p.unknown for p in parts]),
        applicable=sum([p.weight for p in parts]),
    )


def _area(area: str, total: _Sum) -> AreaScore:
    return AreaScore(
        area=area,
        low=total.low,
        high=total.high,
        met=total.met,
        unknown=total.unknown,
        applicable=total.applicable,
    )


def _trace(counted: Sequence[_Part], whole: _Sum) -> tuple[str, ...]:
    if not whole.applicable or whole.low is None or whole.high is None:
        return ("Nothing applies, so there is no score.",)
    total = f"{number(whole.applicable)}"
    return (
        *[part.line for part in counted],
        f"Low: {number(whole.met)} of {total} = {whole.low:.1f} %",
        f"High: ({number(whole.met)} + {whole.unknown} unknown) of {total} = {whole.high:.1f} %",
    )


@lru_cache(maxsize=4096, typed=True)
def _part(requirement: Requirement, compliance: Compliance, partial_credit: float) -> _Part:
    weight = requirement.severity.weight
    unknown = compliance is Compliance.NOT_ASSESSED
    earned = _earned(compliance, weight, partial_credit)
    said = f"0 to {weight}" if unknown else number(earned)
    head = f"{requirement.id} ({requirement.area}, {requirement.severity.value})"
    line = f"{head}: {compliance.value}, {said} of {weight}"
    return _Part(requirement.area, earned, weight if unknown else 0, weight, line)


def _earned(compliance: Compliance, weight: int, partial_credit: float) -> float:
    if compliance is Compliance.COMPLIANT:
        return weight
    return weight * partial_credit if compliance is Compliance.PARTIAL else 0
