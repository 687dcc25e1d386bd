"""The register behind XLSX and CSV: one row for each way in which a requirement came out, with all that is known."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from cartaudit.model.audit import SHORT, Compliance
from cartaudit.report.model import Report
from cartaudit.report.parts import Case, Plan, RequirementLine
from cartaudit.report.phrases import put

HEADINGS = (
    "Number",
    "Requirement",
    "Title",
    "Area",
    "Outcome",
    "Severity",
    "Essential criterion",
    "Duty",
    "Asked by",
    "Why",
    "Question asked",
    "Found",
    "Claim",
    "Required",
    "Threshold",
    "Evidence",
    "Extent",
    "N/A reason or deciding profile answer",
    "Override",
    "Comment",
    "Action",
    "Owner",
    "Due",
    "Status",
    "Containment",
    "Remediation",
    "Evidence expected",
    "Sources",
    "Questions",
    "Cells",
    "Watch",
    "Project proposal",
)

Value = str | date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """One row; `values` stand under `HEADINGS`. `open` tells whether it is a finding or could not be judged."""

    requirement: str
    open: bool
    values: tuple[Value, ...]


def register_rows(report: Report) -> Iterator[RegisterRow]:
    """Give all rows in the order of areas and ids."""
    points = {p.requirement.id: (p.number, p.plans, p.todo) for p in report.open_points}
    found = {f.requirement.id: (f.number, f.plans, f.consequence) for f in report.findings}
    for table in report.requirements:
        for line in table.lines:
            for case in line.cases:
                unknown = case.compliance is Compliance.NOT_ASSESSED
                stands = unknown or case.compliance in SHORT
                number, plans, rest = (points if unknown else found if stands else {}).get(line.id, ("", (), ""))
                values = _values(table.title, line, case, _Standing(number=number, plans=plans, consequence=rest))
                yield RegisterRow(requirement=line.id, open=stands, values=values)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """What stands in the way: number of the finding or open point, plans, and what follows or is to be done."""

    number: str
    plans: tuple[Plan, ...]
    consequence: str


def _values(area: str, line: RequirementLine, case: Case, standing: _Standing) -> tuple[Value, ...]:
    number, plans, consequence = standing.number, standing.plans, standing.consequence
    due = min((p.due for p in plans if p.due), default=None)
    said = put((case,))
    return (
        number,
        line.id,
        line.title,
        area,
        case.mark.word,
        line.severity_word,
        "yes" if line.gate else "",
        line.duty,
        _lines(case.affects),
        _lines((case.reason, case.note if case.note != case.reason else "", consequence)),
        said.asked,
        case.message if case.compliance == Compliance.NOT_APPLICABLE else said.found,
        case.claim,
        said.required,
        _lines(t.text for t in case.thresholds),
        _lines(e.text for e in case.evidence),
        case.extent,
        _lines((case.na_reason, case.deciding_profile)),
        case.override,
        _lines(case.comments),
        _lines(p.action for p in plans),
        _lines(p.owner_role for p in plans),
        due,
        _lines(p.status for p in plans),
        _lines(p.containment for p in plans),
        line.remediation,
        line.evidence_expected,
        _lines(s.text for s in line.sources),
        _lines(q.value for q in line.questions),
        _lines(case.cells),
        "yes" if case.watch else "",
        "yes" if line.proposal else "",
    )


def _lines(texts: Iterable[str]) -> str:
    """Stack texts, each once, blank ones left out."""
    return "\n".join(dict.fromkeys(text for text in texts if text))
