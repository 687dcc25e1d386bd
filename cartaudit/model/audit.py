"""Audits: everything known about one centre on one date."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from cartaudit.model.checklists import Checklist, Edition
from cartaudit.model.parameters import ParameterScalar
from cartaudit.model.profile import Treatment
from cartaudit.model.requirements import Requirement
from cartaudit.model.submission import Action, Evidence, Submission


class Compliance(StrEnum):
    """How one requirement came out."""

    COMPLIANT = "COMPLIANT"
    PARTIAL = "PARTIAL"
    NON_COMPLIANT = "NON_COMPLIANT"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    NOT_ASSESSED = "NOT_ASSESSED"


SHORT = (Compliance.NON_COMPLIANT, Compliance.PARTIAL)
"""What falls short, known to."""


class Reason(StrEnum):
    """Why it came out so."""

    MET = "met"
    PROFILE = "profile"
    PROFILE_UNKNOWN = "profile_unknown"
    DEFERRED = "deferred"
    NO_LIMIT = "no_limit"
    BLANK = "blank"
    UNREADABLE = "unreadable"
    NA_REFUSED = "na_refused"
    NO_ROWS = "no_rows"
    DECLARED = "declared"
    CRITERION = "criterion"
    ANSWERED_NO = "answered_no"
    IN_PROGRESS = "in_progress"
    OVERDUE = "overdue"
    EVIDENCE_MISSING = "evidence_missing"
    EVIDENCE_LAPSED = "evidence_lapsed"
    STALE = "stale"
    CONTRADICTED = "contradicted"
    RECONFIRM = "reconfirm"
    OVERRIDE_INCOMPLETE = "override_incomplete"
    THRESHOLD_UNCONFIRMED = "threshold_unconfirmed"


class Readiness(StrEnum):
    """The verdict on one checklist, worst last but OUT_OF_SCOPE, which is no verdict."""

    READY = "READY"
    CONDITIONAL = "CONDITIONAL"
    INCOMPLETE = "INCOMPLETE"
    NOT_READY = "NOT_READY"
    OUT_OF_SCOPE = "OUT_OF_SCOPE"


class Extent(StrEnum):
    """How far a failing share or register fails."""

    ISOLATED = "isolated"
    PATTERN = "pattern"
    WIDESPREAD = "widespread"


class Assurance(StrEnum):
    """How far a printed verdict can be trusted."""

    SELF_ASSESSED = "self_assessed"
    PARTLY_VERIFIED = "partly_verified"
    VERIFIED = "verified"


class Threshold(NamedTuple):
    """A parameter as it entered a criterion: value after offset, and where it comes from.

    `verification` is a Verification value, "not_found" (value None) or "none" (the text sets no limit, value None),
    or "not_allowed" (the text does not permit it, value None).
    """

    parameter: str
    value: ParameterScalar | None
    unit: str
    verification: str
    product: str = ""
    jurisdiction: str = ""
    indication: str = ""
    population: str = ""
    source: str = ""
    text_date: date | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    revision: str = ""
    role: str = ""
    note: str = ""


class Step(NamedTuple):
    """One rule as it was tested: for `--explain` and the "criterion in words" of a finding.

    `outcome` is "true", "false" or "unknown"; `expected` and `found` are in words with units; `cell` is `Sheet!A1`;
    `scope` and `row` (1-based row number in the register's list) say where, when not the centre's single answer.

    A named tuple like `Threshold`, `Result`, `Expiry` and `RelianceItem`, because hundreds are made for each centre,
    each in a quarter of a frozen dataclass's time.
    """

    question: str
    rule: str
    expected: str
    found: str
    outcome: str
    cause: str = ""
    column: str = ""
    cell: str = ""
    scope: str = ""
    row: int = 0


class Result(NamedTuple):
    """One requirement judged for one checklist.

    `claim` is what the centre said in words, `claimed` what its own answer would have come to, and `overridden` tells
    whether an auditor's answer decided instead. `message` says in one sentence why it came out so.
    """

    checklist: str
    requirement: Requirement
    compliance: Compliance
    reason: Reason
    message: str
    product: str = ""
    jurisdiction: str = ""
    questions: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    claim: str = ""
    criterion: str = ""
    claimed: Compliance | None = None
    overridden: bool = False
    override_note: str = ""
    thresholds: tuple[Threshold, ...] = ()
    steps: tuple[Step, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    extent: Extent | None = None
    watch: bool = False
    deciding_profile: str = ""
    na_reason: str = ""
    action: Action = Action()
    expiries: tuple["Expiry", ...] = ()


class ExpiryKind(StrEnum):
    """What ends: a date given as an answer or in a row of a register, evidence of a limited age, the time set for an
    action, a threshold in force, or the edition of a checklist."""

    ANSWER = "answer"
    ROW = "row"
    EVIDENCE = "evidence"
    ACTION = "action"
    THRESHOLD = "threshold"
    EDITION = "edition"


class Expiry(NamedTuple):
    """A date on which something that counts today ends: a certificate, evidence, or a value in force."""

    on: date
    what: str
    cell: str = ""
    requirement: str = ""
    checklist: str = ""
    kind: ExpiryKind = ExpiryKind.ANSWER


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A result short of compliance, with what is to be done, by whom and by when."""

    result: Result
    action: str
    owner_role: str
    due: date | None
    contained: bool = False
    open_without_plan: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaScore:
    """Share of weight met in one area, in per cent; None where nothing applies. See `Score`."""

    area: str
    low: float | None
    high: float | None
    met: float
    unknown: float
    applicable: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Share of weight met over all must-requirements that apply, in per cent (None where nothing applies).

    `value` equals `low` and counts the unknown as 0; `high` counts it as 1. `trace` lets a reader redo the sum.
    """

    value: float | None
    low: float | None
    high: float | None
    areas: tuple[AreaScore, ...] = ()
    trace: tuple[str, ...] = ()


class Lapse(NamedTuple):
    """A requirement that was met on the day of the self-assessment and is no longer, by the calendar alone."""

    requirement: Requirement
    compliance: Compliance
    reason: Reason
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """The verdict on the day of the self-assessment, by the editions and values of the audit date, and what lapsed."""

    on: date
    readiness: Readiness
    also_incomplete: bool = False
    lapses: tuple[Lapse, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistAudit:
    """One checklist judged. `conditions` says, in words, every condition that holds of NOT_READY, INCOMPLETE and
    CONDITIONAL; `also_incomplete` is true when NOT_READY and INCOMPLETE both hold. `without_overlays` is the verdict
    that the shipped content alone gives, where overlays made it better. `then` is None where the workbook does not say
    when it was filled in, or says a day after the audit date."""

    checklist: Checklist
    edition: Edition | None
    jurisdiction: str
    readiness: Readiness
    conditions: tuple[str, ...]
    score: Score
    counts: Mapping[Compliance, int]
    results: tuple[Result, ...]
    gaps: tuple[Gap, ...] = ()
    also_incomplete: bool = False
    treatments: tuple[Treatment, ...] = ()
    text_dates: tuple[str, ...] = ()
    without_overlays: Readiness | None = None
    then: Then | None = None


class RelianceItem(NamedTuple):
    """A manufacturer requirement that an accreditation requirement may cover: ask the manufacturer, never counted."""

    product: str
    requirement: str
    covered_by: str
    relation: str
    until: date | None = None
    certificate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What the audit rests on; every value is passed in, nothing is looked up."""

    tool_version: str
    as_of: date
    as_of_is_today: bool
    catalogue_version: str
    catalogue_hash: str
    content_hashes: Mapping[str, str] = field(default_factory=dict)
    overlays: Mapping[str, str] = field(default_factory=dict)


class Unheard(NamedTuple):
    """Whom the profile names and nothing here speaks for: by which question, and its name (of a country, the code;
    empty where the profile gives none).

    Example: `Unheard("commissioner", "Scotland")`.
    """

    question: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Everything known about one centre on one date."""

    submission: Submission
    as_of: date
    assurance: Assurance
    checklists: tuple[ChecklistAudit, ...]
    expiries: tuple[Expiry, ...] = ()
    reliance: tuple[RelianceItem, ...] = ()
    unheard: tuple[Unheard, ...] = ()
    provenance: Provenance | None = None
