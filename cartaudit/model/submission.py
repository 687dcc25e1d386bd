"""Submissions: one centre's workbook, read and normalised."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from cartaudit.model.answers import AnswerState, Scalar
from cartaudit.model.parameters import ParameterScalar
from cartaudit.model.problems import Problem, Stops
from cartaudit.model.profile import Profile


class EvidenceLevel(StrEnum):
    """How far evidence was looked at. CLAIMED names nothing; CITED names a document; the others name who looked."""

    CLAIMED = "claimed"
    CITED = "cited"
    SIGHTED = "sighted"
    VERIFIED = "verified"

    @property
    def rank(self) -> int:
        """Order the levels, CLAIMED 0."""
        return ("claimed", "cited", "sighted", "verified").index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What an answer cites: references as typed, the level, and the date of the newest document cited."""

    references: tuple[str, ...] = ()
    level: EvidenceLevel = EvidenceLevel.CLAIMED
    dated: date | None = None
    cell: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One cell read as an answer: the value (only when ANSWERED), the original as typed, and where it stands.

    `cell` is `Sheet!A1`; `conversion` says what was done to the original ("14 d -> 2 weeks"), empty when nothing.
    """

    state: AnswerState
    value: Scalar | None = None
    original: str = ""
    cell: str = ""
    conversion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One used row of a register: column id -> entry. `stopped`: a problem of the row keeps it from counting."""

    entries: Mapping[str, Entry]
    cell: str
    stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """An auditor's answer beside the centre's: who (role), when, why; judged like any answer.

    A worse one always counts. It takes the centre's place when it is complete, `independent` (of another role than
    those who answered) and evidence is named. `complete` is false when role, date or reason is missing; then it
    withholds a positive result.
    """

    entry: Entry
    role: str = ""
    on: date | None = None
    reason: str = ""
    independent: bool = True

    @property
    def complete(self) -> bool:
        """Tell whether who, when and why are all said and the answer could be read."""
        return bool(self.readable and self.role and self.on and self.reason)

    @property
    def readable(self) -> bool:
        """Tell whether the answer could be read."""
        return self.entry.state in (AnswerState.ANSWERED, AnswerState.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What the centre plans for an answer that falls short, and what it did meanwhile (containment)."""

    text: str = ""
    owner_role: str = ""
    due: date | None = None
    containment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """The answer to one question, for one scope key.

    `scope` is "" for the centre, a product id, or a treatment key. A register keeps its rows beside `entry` (whose
    state is ANSWERED when any row is used). `na_reason` is the reason given for N/A. `stopped` is what problems of the
    workbook keep from counting: of ANSWER, EVIDENCE, PLAN and NA_REASON. What is stopped proves nothing; a failing
    answer fails all the same. `contradicted` tells that another answer speaks against it, `otherwise` what it may be
    instead; it cannot count either, and what is asked of the centre is asked as if both were so.
    """

    question: str
    entry: Entry
    scope: str = ""
    rows: tuple[Row, ...] = ()
    na_reason: str = ""
    evidence: Evidence = Evidence()
    comment: str = ""
    answered_by: str = ""
    answered_on: date | None = None
    action: Action = Action()
    override: Override | None = None
    reconfirm: bool = False
    inspector_comment: str = ""
    correction: str = ""
    stopped: tuple[Stops, ...] = ()
    contradicted: bool = False
    otherwise: Scalar | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteValue:
    """A threshold the centre confirms or enters: used and printed as site-supplied when `complete`.

    `none` says that the text the centre read sets no limit, or permits nothing; then `value` is None. `dated` is the
    day on which the text in force was read, `section` where in it; `entered` and `role` are the roles of those who
    entered the value and who confirmed it.
    """

    parameter: str
    product: str
    value: ParameterScalar | None
    revision: str = ""
    dated: date | None = None
    role: str = ""
    indication: str = ""
    population: str = ""
    none: bool = False
    section: str = ""
    entered: str = ""
    cell: str = ""

    @property
    def complete(self) -> bool:
        """Tell whether value (or `none`), revision of the text, date and role are all given."""
        return self.none is (self.value is None) and bool(self.revision and self.dated and self.role)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRecord:
    """What was read from the file: `cells_used + cells_structural + cells_ignored == cells_in_file`.

    `sheets` holds name, state and header row per sheet; `ignored` lists cell addresses with their shortened text;
    `details` is free for further JSON-ready facts.
    """

    file: str = ""
    sha256: str = ""
    size: int = 0
    program: str = ""
    sheets: tuple[Mapping[str, Any], ...] = ()
    mapping: str = "template"
    expected: int = 0
    read: int = 0
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    duplicate: tuple[str, ...] = ()
    cells_in_file: int = 0
    cells_used: int = 0
    cells_structural: int = 0
    cells_ignored: int = 0
    ignored: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What the workbook says of itself: template format, tool version, checklist ids with editions and hashes."""

    format: str = ""
    tool_version: str = ""
    checklists: Mapping[str, str] = field(default_factory=dict)
    catalogue_hash: str = ""
    roles: tuple[str, ...] = ()
    country: str = ""
    as_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A problem that stops more than an answer: every checklist (IDENTITY), or those of a product and of the
    accreditors (TREATMENT; of every product where `product` is empty)."""

    code: str
    stops: Stops
    product: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One centre's workbook, read and normalised; `responses` is keyed by (question id, scope)."""

    profile: Profile
    responses: Mapping[tuple[str, str], Response]
    site_values: tuple[SiteValue, ...] = ()
    identity: Identity = Identity()
    record: ReadingRecord = ReadingRecord()
    problems: tuple[Problem, ...] = ()
    stopped: tuple[Stop, ...] = ()

    def response(self, question: str, scope: str = "") -> Response | None:
        """Look up a response; None where the workbook has no place for the question."""
        return self.responses.get((question, scope))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A file that could not be audited, with the problems that say why."""

    file: str
    sha256: str
    problems: tuple[Problem, ...]
    record: ReadingRecord = ReadingRecord()
