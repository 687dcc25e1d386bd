"""Score: the share of weight met; secondary, and never a verdict."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cartaudit.assess.words import number
from cartaudit.model.audit import AreaScore, Compliance, Result, Score
from cartaudit.model.requirements import Duty, Requirement


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
    counted = [r for r in results if r.requirement.duty is Duty.MUST and r.compliance is not Compliance.NOT_APPLICABLE]
    areas: dict[str, list[Result]] = {}
    for result in counted:
        areas.setdefault(result.requirement.area, []).append(result)
    whole = _sum(counted, partial_credit)
    return Score(
        value=whole.low,
        low=whole.low,
        high=whole.high,
        areas=tuple(_area(area, _sum(members, partial_credit)) for area, members in areas.items()),
        trace=_trace(counted, whole, partial_credit),
    )


def _sum(results: Sequence[Result], partial_credit: float) -> _Sum:
    weights = [r.requirement.severity.weight for r in results]
    return _Sum(
        met=sum([_earned(r.compliance, w, partial_credit) for r, w in zip(results, weights, strict=True)]),
        unknown=sum([w for r, w in zip(results, weights, strict=True) if r.compliance is Compliance.NOT_ASSESSED]),
        applicable=sum(weights),
    )


def _earned(compliance: Compliance, weight: int, partial_credit: float) -> float:
    if compliance is Compliance.COMPLIANT:
        return weight
    return weight * partial_credit if compliance is Compliance.PARTIAL else 0


def _area(area: str, total: _Sum) -> AreaScore:
    return AreaScore(
        area=area,
        low=total.low,
        high=total.high,
        met=total.met,
        unknown=total.unknown,
        applicable=total.applicable,
    )


def _trace(counted: Sequence[Result], whole: _Sum, partial_credit: float) -> tuple[str, ...]:
    lines = [_line(r.requirement, r.compliance, partial_credit) for r in counted]
    if not whole.applicable or whole.low is None or whole.high is None:
        return ("Nothing applies, so there is no score.",)
    total = f"{number(whole.applicable)}"
    return (
        *lines,
        f"Low: {number(whole.met)} of {total} = {whole.low:.1f} %",
        f"High: ({number(whole.met)} + {whole.unknown} unknown) of {total} = {whole.high:.1f} %",
    )


@lru_cache(maxsize=4096)
def _line(requirement: Requirement, compliance: Compliance, partial_credit: float) -> str:
    weight = requirement.severity.weight
    earned = number(_earned(compliance, weight, partial_credit))
    if compliance is Compliance.NOT_ASSESSED:
        earned = f"0 to {weight}"
    head = f"{requirement.id} ({requirement.area}, {requirement.severity.value})"
    return f"{head}: {compliance.value}, {earned} of {weight}"
