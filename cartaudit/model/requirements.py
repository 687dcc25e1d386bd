"""Requirements: one duty each, with applicability, criterion, severity and sources."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

VALID_DAYS = 365
"""How long an answer, or a value that the centre supplies, counts towards a gate or a critical requirement: a rule of
this project."""


class Severity(StrEnum):
    """What failing a requirement can do."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"

    @property
    def weight(self) -> int:
        """Give the weight in the (secondary) score: critical 5, major 3, minor 1."""
        return 5 if self is Severity.CRITICAL else 3 if self is Severity.MAJOR else 1

    @property
    def rank(self) -> int:
        """Order severities, critical first (0)."""
        return ("critical", "major", "minor").index(self)


class Duty(StrEnum):
    """MUST moves readiness; SHOULD, a recommendation of a text, and ADVICE, what no text carries, move nothing."""

    MUST = "must"
    SHOULD = "should"
    ADVICE = "advice"


class SourceKind(StrEnum):
    """The grade of a source. MANUFACTURER is what the maker publishes beside the product information; a text that was
    not read in its body, a draft or a superseded one is SECONDARY; NEWS, a PROPOSAL of this project and GENERATED text
    carry nothing."""

    LABEL = "label"
    MANUFACTURER = "manufacturer"
    AUTHORITY = "authority"
    STANDARD = "standard"
    GUIDELINE = "guideline"
    SECONDARY = "secondary"
    NEWS = "news"
    PROPOSAL = "proposal"
    GENERATED = "generated"


class Phase(StrEnum):
    """How far a centre is. Order: pre_opening, first_patients, established."""

    PRE_OPENING = "pre_opening"
    FIRST_PATIENTS = "first_patients"
    ESTABLISHED = "established"

    @property
    def rank(self) -> int:
        """Order the phases, earliest 0."""
        return ("pre_opening", "first_patients", "established").index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A reference in the catalogue's list of sources; its grade is stored here and nowhere else."""

    id: str
    title: str
    grade: SourceKind
    publisher: str = ""
    date: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A source as a requirement uses it, with the grade and date of the source; `reference` is an area or section
    number, never a sentence."""

    id: str
    kind: SourceKind
    date: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """An accreditation requirement that covers a manufacturer requirement: relation equal, covers or part."""

    requirement: str
    relation: str


Group = Mapping[str, Any]
"""A criterion group as written in TOML: question (or column) id -> rules, and/or `anyof` -> list of groups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One duty. `criterion`, `partial`, `watch` are groups over question ids; `applies` may hold `profile` (a group
    over profile question ids) and `parameter` (parameter name -> rules). `deferred_until` is the first phase in which
    the requirement is judged. `editions` empty means every edition of its checklist. `proposed_threshold` says which
    figures of a criterion are this project's own where the duty itself has a source, `one_sided` why a number that it
    limits on one side may be anything on the other."""

    id: str
    title: str
    area: str
    severity: Severity
    duty: Duty
    criterion: Group
    remediation: str
    sources: tuple[Citation, ...]
    gate: bool = False
    allow_na: bool = False
    evidence_required: bool = False
    evidence_max_age_days: int | None = None
    evidence: str = ""
    applies: Group = field(default_factory=dict)
    partial: Group = field(default_factory=dict)
    watch: Group = field(default_factory=dict)
    deferred_until: Phase | None = None
    editions: tuple[str, ...] = ()
    covered_by: tuple[Coverage, ...] = ()
    owner: str = ""
    effective_from: date | None = None
    effective_to: date | None = None
    reference: str = ""
    proposed_threshold: str = ""
    one_sided: str = ""
    source_file: str = ""

    def __hash__(self) -> int:
        """Hash by id, since groups have no hash."""
        return hash(self.id)

    @property
    def decides_alone(self) -> bool:
        """Tell whether it is an essential criterion (gate) or critical: one that is not met can decide a verdict."""
        return self.duty is Duty.MUST and (self.gate or self.severity is Severity.CRITICAL)

    @property
    def is_proposal(self) -> bool:
        """Tell whether nothing but a proposal of this project stands behind the requirement."""
        return all(s.kind is SourceKind.PROPOSAL for s in self.sources)
