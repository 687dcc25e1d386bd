"""The parts of a report as immutable values: plain text, numbers and dates, ready to print by any renderer."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cartaudit.model.audit import Assurance, Compliance, Readiness
from cartaudit.model.requirements import Severity


class Detail(StrEnum):
    """FULL lists every requirement; EXCEPTIONS names those that are met by their ids alone."""

    FULL = "full"
    EXCEPTIONS = "exceptions"


class Audience(StrEnum):
    """Who reads it: the centre itself, or the body that decides whether patients may be sent there."""

    CENTRE = "centre"
    COMMISSIONER = "commissioner"


class Shape(StrEnum):
    """A shape that stands for a state wherever colour does, so that colour never carries meaning alone."""

    CIRCLE = "circle"
    DIAMOND = "diamond"
    TRIANGLE = "triangle"
    SQUARE = "square"
    OPEN_SQUARE = "open square"


class Tone(StrEnum):
    """The colour family of a state."""

    GOOD = "good"
    WATCH = "watch"
    UNKNOWN = "unknown"
    BAD = "bad"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A state in words, shape and colour; `key` is its machine name."""

    key: str
    word: str
    shape: Shape
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A label with its value in words."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many requirements came out one way."""

    mark: Mark
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GateCount:
    """Essential criteria of a checklist that apply: all, met, known to fail, and unknown."""

    total: int
    met: int
    failed: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The verdict on one checklist. `statement` is the verdict with how far it can be trusted, as it must be printed.

    Scores are shares of weight in per cent, None where nothing applies.
    """

    checklist: str
    title: str
    label: str
    kind: str
    body: str
    product: str
    jurisdiction: str
    edition: str
    edition_note: str
    readiness: Readiness
    mark: Mark
    statement: str
    conditions: tuple[str, ...]
    also_incomplete: bool
    gates: GateCount
    counts: tuple[Count, ...]
    score_low: float | None
    score_high: float | None
    trace: tuple[str, ...]
    text_dates: tuple[str, ...]
    treatments: tuple[str, ...]
    note: str

    def count(self, compliance: Compliance | str) -> int:
        """Give the number of requirements that came out one way."""
        return next((c.number for c in self.counts if c.mark.key == compliance), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssuranceBlock:
    """How far the verdicts can be trusted, and who verified what."""

    level: Assurance
    label: str
    explanation: str
    verifier_role: str
    verified_on: date | None
    levels: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdLine:
    """A threshold that decided: its value, where it comes from and how it was read. `mark` is empty for figures read
    in the label or from the authority, else "secondary source", "site-supplied", "unverified" or "not found"."""

    parameter: str
    name: str
    value: str
    applies_to: str
    source: str
    text_date: date | None
    period: str
    verification: str
    mark: str
    note: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """A source a requirement rests on: in words, and `short` by id, date and area reference."""

    id: str
    kind: str
    text: str
    short: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceLine:
    """What an answer cites (no references in the commissioner's edition), at which level, dated when, in which cell."""

    references: tuple[str, ...]
    level: str
    dated: date | None
    cell: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question of a criterion: its whole wording, what was found and required, and whether that holds.

    `short` is the wording without its scope, of a register the name of its sheet. Of a register `found` names the
    rows that fail or stay open, where any do.
    """

    question: str
    short: str
    found: str
    required: str
    cell: str
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How a requirement came out, for the checklists and products for which it came out alike.

    `asks` holds the questions of its criterion, of which one suffices where `one_of`; `note` is what they do not say.
    """

    affects: tuple[str, ...]
    compliance: Compliance
    mark: Mark
    reason_code: str
    reason: str
    message: str
    claim: str
    criterion: str
    asks: tuple[Ask, ...]
    one_of: bool
    note: str
    cells: tuple[str, ...]
    thresholds: tuple[ThresholdLine, ...]
    evidence: tuple[EvidenceLine, ...]
    comments: tuple[str, ...]
    override: str
    na_reason: str
    deciding_profile: str
    extent: str
    watch: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementLine:
    """One requirement over every checklist and product that asks it; `mark` is its worst outcome.

    `proposed_figures` says which of its figures are proposals of this project although the duty has a source.
    """

    id: str
    anchor: str
    title: str
    area: str
    severity: Severity
    severity_word: str
    gate: bool
    duty: str
    proposal: bool
    proposed_figures: str
    reference: str
    checklists: tuple[str, ...]
    affects: tuple[str, ...]
    mark: Mark
    cases: tuple[Case, ...]
    questions: tuple[Fact, ...]
    remediation: str
    evidence_expected: str
    sources: tuple[SourceLine, ...]

    @property
    def falling_short(self) -> tuple[str, ...]:
        """Name the checklists and products for which it is not met or partly met, not those for which it is."""
        return self._concerned(Compliance.NON_COMPLIANT, Compliance.PARTIAL)

    @property
    def not_known(self) -> tuple[str, ...]:
        """Name the checklists and products for which it could not be judged."""
        return self._concerned(Compliance.NOT_ASSESSED)

    def _concerned(self, *outcomes: Compliance) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for c in self.cases if c.compliance in outcomes for name in c.affects))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the centre plans against a finding. `status` says in words what is missing or overdue, else is empty."""

    action: str
    owner_role: str
    due: date | None
    containment: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A gap: a requirement known to fall short, most severe first."""

    number: str
    requirement: RequirementLine
    plans: tuple[Plan, ...]
    consequence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPoint:
    """A requirement that could not be judged, with what would settle it."""

    number: str
    requirement: RequirementLine
    todo: str
    plans: tuple[Plan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockingAction:
    """One of the actions that unlock most: what to do, and which gates, requirements and checklists hang on it."""

    rank: int
    action: str
    question: str
    why: str
    gates: int
    requirements: tuple[str, ...]
    checklists: tuple[str, ...]
    unlocks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionLine:
    """One row of the action plan. `reference` is the number of the finding or open point."""

    reference: str
    anchor: str
    requirement: str
    title: str
    severity_word: str
    gate: bool
    action: str
    suggested: bool
    owner_role: str
    due: date | None
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLine:
    """One essential criterion with its worst outcome over the checklists that ask it."""

    id: str
    anchor: str
    title: str
    affects: tuple[str, ...]
    mark: Mark
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryLine:
    """A date on which something that counts today ends; `days` counts from the audit date, negative when passed."""

    on: date
    days: int
    when: str
    what: str
    cell: str
    requirements: tuple[str, ...]
    checklists: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryGroup:
    """Expiries of one kind on one day; `kind` is empty where a line stands for itself."""

    on: date
    days: int
    when: str
    kind: str
    lines: tuple[ExpiryLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A requirement not judged: by profile, declared N/A, no limit in the text, or deferred; with what decided it."""

    id: str
    title: str
    affects: tuple[str, ...]
    kind: str
    decided_by: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaLine:
    """One area over all checklists: score bounds, counts, and open points by severity (critical, major, minor)."""

    id: str
    title: str
    low: float | None
    high: float | None
    applicable: int
    met: int
    failed: int
    unknown: int
    open_by_severity: tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmCell:
    """One cell of the grid of likelihood to harm x scope; `findings` are numbers of findings."""

    harm: str
    scope: str
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeIn:
    """One product x indication x population that was judged, and by which checklists."""

    product: str
    indication: str
    population: str
    route: str
    jurisdiction: str
    judged_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemPlace:
    """One workbook problem at one address."""

    place: str
    question: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemGroup:
    """Workbook problems of one code: the remedy said once, every address kept."""

    code: str
    severity: str
    remedy: str
    places: tuple[ProblemPlace, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaTable:
    """The requirements of one area, in the order of their ids."""

    id: str
    title: str
    lines: tuple[RequirementLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureBox:
    """A place to sign; `id` starts with `sig-` and names the signature field of the PDF."""

    id: str
    role: str
    statement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HashLine:
    """A content file with its SHA-256."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionLine:
    """A checklist with the edition used, how its dates were read, and the dates of its label texts."""

    checklist: str
    title: str
    edition: str
    in_force: str
    status: str
    text_dates: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenanceBlock:
    """What the report rests on, so that it can be made again."""

    facts: tuple[Fact, ...]
    editions: tuple[EditionLine, ...]
    hashes: tuple[HashLine, ...]
    overlays: tuple[HashLine, ...]
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingBlock:
    """The reading record: what was read from the file, every remark of the centre, and every cell that was not used.

    A remark may stand with a requirement as well; here none is missing, whatever became of its question.
    """

    facts: tuple[Fact, ...]
    sheets: tuple[Fact, ...]
    steps: tuple[str, ...]
    ignored: tuple[str, ...]
    conversions: tuple[Fact, ...]
    remarks: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelianceLine:
    """A manufacturer requirement that a certificate may cover; never counted, the manufacturer decides."""

    product: str
    requirement: str
    title: str
    covered_by: str
    relation: str
    certificate: str
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What stands between a treatment and a plain yes: what, by when, and what happens otherwise."""

    number: str
    applies_to: tuple[str, ...]
    requirement: str
    what: str
    owner_role: str
    due: date | None
    consequence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentAnswer:
    """The commissioner's question for one product x indication x population at the centre's address.

    `conditions` are numbers of the block's conditions.
    """

    product: str
    indication: str
    population: str
    mark: Mark
    because: str
    basis: tuple[Fact, ...]
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissionerBlock:
    """What the commissioner's edition says beyond the verdicts."""

    address: str
    answers: tuple[TreatmentAnswer, ...]
    conditions: tuple[Condition, ...]
    certificates: tuple[tuple[Fact, ...], ...]
    capacity: tuple[Fact, ...]
    next_review: date
    next_review_why: str
    left_out: tuple[str, ...]
