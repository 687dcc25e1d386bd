"""The network as a value: many centres on one audit date."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from cartaudit.network.job import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreLine:
    """One centre of the network. `verdicts` maps checklist to readiness, `areas` area to (low, high) in per cent.

    `also` names further files of it, of which the worse counts; with `file` they are all that was handed in for it.
    `open_gates` counts gates, `open` all must-requirements, each once, that are not met; `rank` is 0 without ranks.
    """

    label: str
    file: str
    outcome: Outcome
    message: str
    country: str
    products: tuple[str, ...]
    assurance: str
    assessed_on: str
    verdicts: Mapping[str, str]
    areas: Mapping[str, tuple[float, float]]
    open_gates: int
    open: int
    rank: int = 0
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistLine:
    """One checklist over all centres: how many came out how, and which editions were used."""

    id: str
    title: str
    kind: str
    counts: Mapping[str, int]
    editions: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementLine:
    """One requirement over the `asked` centres to which it applies: how many fail it, at how many it is not known.

    It is systemic where the share of centres with it open (failing or not known) reaches the cut-off, else local.
    """

    id: str
    title: str
    area: str
    severity: str
    gate: bool
    failing: int
    unknown: int
    asked: int
    systemic: bool
    centres: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftLine:
    """One requirement that is the only open gate of some checklist at `centres`: meeting it lifts each over a gate.

    `clears` counts those of them at which no other gate is open in any checklist.
    """

    id: str
    title: str
    remediation: str
    clears: int
    centres: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLine:
    """One contracted facility that several centres share, with what fails there and at which centres."""

    name: str
    activity: str
    requirements: tuple[str, ...]
    failing: tuple[str, ...]
    centres: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryLine:
    """Something that ends on a day, with the centres it concerns."""

    on: date
    what: str
    centres: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Many centres on one audit date.

    `total` counts centres, `files` what was handed in for them. `same_file` groups files of the same bytes,
    `same_site` files of one site code that differ, `same_answers` centres. `other_reasons` says why of `other_files`.
    """

    as_of: date
    total: int
    audited: int
    files: int
    headline: str
    systemic_share: float
    anonymised: bool
    area_titles: Mapping[str, str]
    centres: tuple[CentreLine, ...]
    checklists: tuple[ChecklistLine, ...]
    requirements: tuple[RequirementLine, ...]
    lifts: tuple[LiftLine, ...]
    units: tuple[UnitLine, ...]
    expiries: tuple[ExpiryLine, ...]
    ages: Mapping[str, int]
    assurance: Mapping[str, int]
    same_file: tuple[tuple[str, ...], ...]
    same_site: tuple[tuple[str, ...], ...]
    same_answers: tuple[tuple[str, ...], ...]
    other_files: tuple[str, ...] = ()
    other_reasons: Mapping[str, str] = field(default_factory=dict)
    lifted: int = 0
    """How many verdicts are better than the shipped content alone would give, by overlays."""

    @property
    def not_audited(self) -> tuple[CentreLine, ...]:
        """List the centres whose file could not be audited."""
        return tuple(c for c in self.centres if c.outcome is not Outcome.AUDITED)
