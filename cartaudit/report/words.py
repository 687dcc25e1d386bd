"""The words of the report: states, reasons and kinds in print, and the centre's text made safe to print."""

from collections.abc import Iterable
from datetime import date

from cartaudit.model.audit import Assurance, ChecklistAudit, Compliance, Extent, Readiness, Reason, Unheard
from cartaudit.model.countries import COUNTRIES
from cartaudit.model.parameters import ParameterScalar
from cartaudit.model.requirements import Duty, Severity, SourceKind
from cartaudit.model.submission import EvidenceLevel
from cartaudit.model.text import amount, joined, visible
from cartaudit.report.parts import Mark, Shape, Tone

READINESS: dict[Readiness, Mark] = {
    Readiness.READY: Mark(key="READY", word="READY", shape=Shape.CIRCLE, tone=Tone.GOOD),
    Readiness.CONDITIONAL: Mark(key="CONDITIONAL", word="CONDITIONAL", shape=Shape.DIAMOND, tone=Tone.WATCH),
    Readiness.INCOMPLETE: Mark(key="INCOMPLETE", word="INCOMPLETE", shape=Shape.TRIANGLE, tone=Tone.BAD),
    Readiness.NOT_READY: Mark(key="NOT_READY", word="NOT READY", shape=Shape.SQUARE, tone=Tone.BAD),
    Readiness.OUT_OF_SCOPE: Mark(key="OUT_OF_SCOPE", word="OUT OF SCOPE", shape=Shape.OPEN_SQUARE, tone=Tone.NEUTRAL),
}

UNVERIFIED_READY = Mark(key="NOT_VERIFIED", word="NOT VERIFIED", shape=Shape.TRIANGLE, tone=Tone.UNKNOWN)
"""Stands in the commissioner's edition where a centre's own answers alone would come to READY."""

COMPLIANCE: dict[Compliance, Mark] = {
    Compliance.COMPLIANT: Mark(key="COMPLIANT", word="Met", shape=Shape.CIRCLE, tone=Tone.GOOD),
    Compliance.PARTIAL: Mark(key="PARTIAL", word="Partly met", shape=Shape.DIAMOND, tone=Tone.WATCH),
    Compliance.NON_COMPLIANT: Mark(key="NON_COMPLIANT", word="Not met", shape=Shape.SQUARE, tone=Tone.BAD),
    Compliance.NOT_ASSESSED: Mark(key="NOT_ASSESSED", word="Not assessed", shape=Shape.TRIANGLE, tone=Tone.UNKNOWN),
    Compliance.NOT_APPLICABLE: Mark(
        key="NOT_APPLICABLE", word="Not applicable", shape=Shape.OPEN_SQUARE, tone=Tone.NEUTRAL
    ),
}
"""Ordered as the counts are printed."""

WORST_FIRST = (
    Compliance.NON_COMPLIANT,
    Compliance.PARTIAL,
    Compliance.NOT_ASSESSED,
    Compliance.COMPLIANT,
    Compliance.NOT_APPLICABLE,
)

ANSWERS: dict[str, Mark] = {
    "yes": Mark(key="yes", word="YES", shape=Shape.CIRCLE, tone=Tone.GOOD),
    "conditions": Mark(key="conditions", word="YES, WITH CONDITIONS", shape=Shape.DIAMOND, tone=Tone.WATCH),
    "no": Mark(key="no", word="NO", shape=Shape.SQUARE, tone=Tone.BAD),
    "not_known": Mark(key="not_known", word="NOT KNOWN", shape=Shape.TRIANGLE, tone=Tone.UNKNOWN),
}

REASONS: dict[Reason, str] = {
    Reason.MET: "The criterion is met.",
    Reason.PROFILE: "The profile of the centre excludes it.",
    Reason.PROFILE_UNKNOWN: "The profile does not say whether it applies.",
    Reason.DEFERRED: "Deferred: not judged in the present phase of the programme.",
    Reason.NO_LIMIT: "The product information sets no limit.",
    Reason.BLANK: "The question is not answered.",
    Reason.UNREADABLE: "The answer could not be read without guessing.",
    Reason.NA_REFUSED: "N/A is not allowed here, or no reason was given for it.",
    Reason.NO_ROWS: "There is no row or case to judge.",
    Reason.DECLARED: "The centre declares that it does not apply, with a reason.",
    Reason.CRITERION: "The answer misses the criterion.",
    Reason.ANSWERED_NO: "The centre answers that it is not in place.",
    Reason.IN_PROGRESS: "What is in progress is not in place today.",
    Reason.OVERDUE: "What is in progress is not in place today, and the centre's own due date has passed.",
    Reason.EVIDENCE_MISSING: "The answer is positive, but the evidence it needs is not named.",
    Reason.EVIDENCE_LAPSED: "The answer is positive, but its evidence is older than allowed.",
    Reason.RECONFIRM: "The answer was carried over from an earlier workbook and not confirmed.",
    Reason.STALE: "The answer is positive, but older than an answer may be that decides.",
    Reason.CONTRADICTED: "Another answer of the centre contradicts it.",
    Reason.OVERRIDE_INCOMPLETE: "An inspector's answer lacks who, when or why.",
    Reason.THRESHOLD_UNCONFIRMED: "The figure it is measured against is not confirmed.",
}

TODO: dict[Reason, str] = {
    Reason.PROFILE_UNKNOWN: "Complete the profile sheet.",
    Reason.BLANK: "Answer the question.",
    Reason.UNREADABLE: "Correct the answer in the cell named.",
    Reason.NA_REFUSED: "Answer the question, or give a reason where N/A is allowed.",
    Reason.NO_ROWS: "List the rows or count the cases.",
    Reason.EVIDENCE_MISSING: "Name the document that shows it.",
    Reason.EVIDENCE_LAPSED: "Renew the evidence and give its date.",
    Reason.RECONFIRM: "Confirm the answer carried over.",
    Reason.STALE: "Answer the question anew, and give the day.",
    Reason.CONTRADICTED: "Correct whichever of the two answers is wrong.",
    Reason.OVERRIDE_INCOMPLETE: "Complete role, date and reason of the inspector's answer.",
    Reason.THRESHOLD_UNCONFIRMED: "Enter the figure on the sheet of site-supplied values, with the revision read.",
}

TODO_MANY: dict[Reason, str] = {
    Reason.BLANK: "Answer the questions.",
    Reason.UNREADABLE: "Correct the answers in the cells named.",
    Reason.RECONFIRM: "Confirm the answers carried over.",
}
"""How that is said of several cells."""

SEVERITY: dict[Severity, str] = {
    Severity.CRITICAL: "Critical",
    Severity.MAJOR: "Major",
    Severity.MINOR: "Minor",
}

HARM: dict[Severity, str] = {
    Severity.CRITICAL: "High",
    Severity.MAJOR: "Moderate",
    Severity.MINOR: "Low",
}
"""Likelihood to harm as the grid names it, by severity."""

EXTENT: dict[Extent, str] = {
    Extent.ISOLATED: "Isolated",
    Extent.PATTERN: "Pattern",
    Extent.WIDESPREAD: "Widespread",
}

NOT_COUNTED = "Single answer"
"""The column of the grid for findings that rest on one answer, so that no extent can be counted."""

VERIFICATION: dict[str, str] = {
    "label": "read in the product information",
    "authority": "read at the authority",
    "manufacturer": "read in the manufacturer's material",
    "secondary": "read in a secondary source",
    "site": "site-supplied",
    "unverified": "unverified",
    "not_found": "not found",
    "none": "the text sets no limit",
    "not_allowed": "the text does not permit it",
}

VERIFICATION_MARK: dict[str, str] = {
    "manufacturer": "manufacturer's material",
    "secondary": "secondary source",
    "site": "site-supplied",
    "unverified": "unverified",
    "not_found": "not found",
}
"""Marks printed wherever such a figure decides or withholds; label and authority need none."""

SOURCE_KIND: dict[SourceKind, str] = {
    SourceKind.LABEL: "product information",
    SourceKind.MANUFACTURER: "manufacturer's material",
    SourceKind.AUTHORITY: "authority",
    SourceKind.STANDARD: "standard",
    SourceKind.GUIDELINE: "guideline",
    SourceKind.SECONDARY: "secondary source",
    SourceKind.NEWS: "news",
    SourceKind.PROPOSAL: "project proposal",
    SourceKind.GENERATED: "generated text",
}

EVIDENCE_LEVEL: dict[EvidenceLevel, str] = {
    EvidenceLevel.CLAIMED: "claimed",
    EvidenceLevel.CITED: "cited",
    EvidenceLevel.SIGHTED: "sighted",
    EvidenceLevel.VERIFIED: "verified",
}

ASSURANCE: dict[Assurance, str] = {
    Assurance.SELF_ASSESSED: "self-assessed, not verified",
    Assurance.PARTLY_VERIFIED: "self-assessed, verified in part",
    Assurance.VERIFIED: "verified",
}

ASSURANCE_TEXT: dict[Assurance, str] = {
    Assurance.SELF_ASSESSED: "Every verdict rests on the centre's own answers. Nobody outside the centre is named as "
    "having verified them.",
    Assurance.PARTLY_VERIFIED: "A verifier is named, but not every answer that a verdict needs was verified.",
    Assurance.VERIFIED: "A named verifier has verified the answers that the verdicts need.",
}

PHASE: dict[str, str] = {
    "pre_opening": "Pre-opening",
    "first_patients": "First patients",
    "established": "Established",
}

POPULATION: dict[str, str] = {"adult": "Adults", "paediatric": "Children and adolescents"}

ROUTE: dict[str, str] = {
    "commercial": "Authorised product, routine use",
    "trial": "Clinical trial",
    "hospital_exemption": "Hospital exemption",
    "point_of_care": "Point-of-care manufacture",
    "expanded_access": "Expanded access or out of specification",
    "allogeneic": "Allogeneic product",
}

KIND: dict[str, str] = {
    "accreditation": "Accreditation",
    "product": "Product",
    "commissioner": "Commissioner",
}

DUTY: dict[Duty, str] = {Duty.MUST: "", Duty.SHOULD: "Recommendation", Duty.ADVICE: "Advice"}
"""What stands beside a requirement that moves nothing."""

RELATION: dict[str, str] = {"equal": "same content", "covers": "covers it", "part": "covers part of it"}


def day(value: date | None) -> str:
    """Write a date as `2025-06-26`: the same everywhere, and aligned in columns; empty for None."""
    return value.isoformat() if value else ""


def per_cent(value: float | None) -> str:
    """Write a share in per cent with one decimal; a dash where nothing applies."""
    return "–" if value is None else f"{value:.1f} %"


def counted(number: int, noun: str, plural: str = "") -> str:
    """Write a number with its noun: `1 gate`, `3 gates`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def then_and_now(audited: ChecklistAudit, *, verified: bool = True) -> str:
    """Say what a checklist came to on the day of the self-assessment, where it was another verdict or things lapsed.

    A commissioner (`verified` false) is not told READY by the centre's own answers alone.
    """
    then = audited.then
    if then is None or (then.readiness is audited.readiness and not then.lapses):
        return ""
    bare = then.readiness is Readiness.READY and not verified
    verdict = "nothing stood against it by the centre's own answers, which nobody verified" if bare else ""
    verdict = verdict or READINESS[then.readiness].word
    lapsed = listed(lapse.requirement.id for lapse in then.lapses)
    since = f" Met then and lapsed since: {lapsed}." if lapsed else ""
    return f"On the day of the self-assessment ({day(then.on)}): {verdict}.{since}"


def country(code: str) -> str:
    """Name a country with its code: `Germany (DE)`; a code without a name stays as it is."""
    return f"{COUNTRIES[code]} ({code})" if code in COUNTRIES else code


def unheard(item: Unheard) -> str:
    """Name a body of which nothing was judged, in a sentence that says so."""
    name = f"product information in {country(item.name)}" if item.question == "country" else item.name
    name = name or "the body that commissions or pays"
    return f"Nothing here speaks for {name}: what it asks was not looked at."


def listed(items: Iterable[str]) -> str:
    """Join words with commas, each once, in the order given."""
    return ", ".join(dict.fromkeys(i for i in items if i))


def titled(identifier: str) -> str:
    """Make an id readable where the catalogue holds no label for it."""
    words = identifier.replace("_", " ")
    return words[:1].upper() + words[1:]


def scalar(value: ParameterScalar | None, unit: str = "") -> str:
    """Write a parameter's value with its unit."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, tuple):
        return joined([v.replace("_", " ") for v in value], "and")
    if isinstance(value, str):
        return amount(value.replace("_", " "), unit)
    text = amount(f"{value:g}" if isinstance(value, float) else str(value), unit)
    return text.replace("-", "−", 1) if text.startswith("-") else text


def centre_text(text: str, limit: int) -> str:
    """Make text from a workbook printable: control characters visible, cut where it is longer than `limit`."""
    shown = visible(text.strip())
    if len(shown) <= limit:
        return shown
    return f"{shown[:limit].rstrip()}… (continues: {len(shown) - limit} characters, full text in the embedded data)"
