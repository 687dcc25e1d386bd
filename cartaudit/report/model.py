"""The report: one frozen value of everything that is printed, used by every renderer; reads no file and no clock."""

from dataclasses import dataclass
from datetime import date

from cartaudit.model.audit import Audit, Compliance
from cartaudit.model.checklists import Catalogue
from cartaudit.report import words
from cartaudit.report.lookup import Lookup, ReportOptions, look_up
from cartaudit.report.parts import (
    ActionLine,
    AreaLine,
    AreaTable,
    AssuranceBlock,
    Audience,
    CommissionerBlock,
    Detail,
    ExpiryGroup,
    ExpiryLine,
    Fact,
    Finding,
    GateLine,
    HarmCell,
    OpenPoint,
    ProblemGroup,
    ProvenanceBlock,
    ReadingBlock,
    RelianceLine,
    RequirementLine,
    ScopeIn,
    SetAside,
    SignatureBox,
    UnlockingAction,
    Verdict,
)
from cartaudit.report.sections_commissioner import commissioner_block
from cartaudit.report.sections_findings import (
    action_plan,
    area_lines,
    expiries,
    expiry_groups,
    findings,
    harm_grid,
    lasting,
    open_points,
    unlocking_actions,
)
from cartaudit.report.sections_front import (
    assurance,
    centre_facts,
    control_block,
    deferral,
    scope_in,
    scope_out,
    verdicts,
)
from cartaudit.report.sections_record import (
    declarations,
    limitations,
    problem_groups,
    provenance,
    reading_record,
    reliance,
)
from cartaudit.report.sections_requirements import area_tables, gate_lines, requirement_line, set_aside

__all__ = ["Audience", "Detail", "Report", "ReportOptions", "build_report"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One audit ready to print. Dates stay dates, numbers numbers; every other value is plain text, never markup.

    `as_of_banner` is empty when the audit date was the day the audit was made. `watch` holds requirements that are
    met and should be looked at. `open_gates` counts essential criteria not fully met or not known, over all checklists
    and each once; `deferral` says how many requirements the phase defers, `lasting` what the good verdicts rest
    on and ends soon; all three are empty where there are none.
    `requirements` holds every requirement judged, by area, whatever the detail.
    """

    title: str
    number: str
    options: ReportOptions
    centre_name: str
    centre_code: str
    centre: tuple[Fact, ...]
    as_of: date
    as_of_banner: str
    assurance: AssuranceBlock
    verdicts: tuple[Verdict, ...]
    headline: str
    deferral: str
    lasting: str
    open_gates: str
    gates: tuple[GateLine, ...]
    areas: tuple[AreaLine, ...]
    harm_grid: tuple[HarmCell, ...]
    unlocking: tuple[UnlockingAction, ...]
    control: tuple[Fact, ...]
    scope_in: tuple[ScopeIn, ...]
    scope_out: tuple[Fact, ...]
    findings: tuple[Finding, ...]
    open_points: tuple[OpenPoint, ...]
    actions: tuple[ActionLine, ...]
    expiries: tuple[ExpiryLine, ...]
    expiry_groups: tuple[ExpiryGroup, ...]
    set_aside: tuple[SetAside, ...]
    watch: tuple[RequirementLine, ...]
    requirements: tuple[AreaTable, ...]
    problems: tuple[ProblemGroup, ...]
    reading: ReadingBlock
    reliance: tuple[RelianceLine, ...]
    limitations: tuple[str, ...]
    declarations: tuple[SignatureBox, ...]
    provenance: ProvenanceBlock
    commissioner: CommissionerBlock | None


_CENTRE_IN_FULL = ReportOptions()


def build_report(audit: Audit, catalogue: Catalogue, options: ReportOptions = _CENTRE_IN_FULL) -> Report:
    """Turn an audit into a report. `catalogue` must be the one the audit was made with, for names and wordings."""
    lookup = look_up(audit, catalogue, options)
    lines = {i: requirement_line(lookup, judged) for i, judged in lookup.judged.items()}
    decided, found, points = verdicts(lookup), findings(lookup, lines), open_points(lookup, lines)
    number, ending = _report_number(lookup), expiries(lookup)
    gates, deferred = gate_lines(lines), deferral(lookup, lookup.audit.checklists)
    still_open = _open_gates(decided, gates)
    return Report(
        title=_title(lookup),
        number=number,
        options=options,
        centre_name=lookup.text(audit.submission.profile.name) or "Unnamed treatment centre",
        centre_code=lookup.text(audit.submission.profile.code),
        centre=centre_facts(lookup),
        as_of=audit.as_of,
        as_of_banner=_banner(audit),
        assurance=assurance(lookup),
        verdicts=decided,
        headline=" ".join(p for p in (_headline(decided, still_open), deferred) if p),
        deferral=deferred,
        lasting=lasting(lookup, decided),
        open_gates=still_open,
        gates=gates,
        areas=area_lines(lookup, lines),
        harm_grid=harm_grid(found),
        unlocking=unlocking_actions(lookup, found),
        control=control_block(lookup, number),
        scope_in=scope_in(lookup),
        scope_out=scope_out(lookup),
        findings=found,
        open_points=points,
        actions=action_plan(found, points),
        expiries=ending,
        expiry_groups=expiry_groups(ending),
        set_aside=set_aside(lookup),
        watch=tuple(line for line in lines.values() if any(c.watch for c in line.cases)),
        requirements=area_tables(lookup, lines),
        problems=problem_groups(lookup),
        reading=reading_record(lookup),
        reliance=reliance(lookup),
        limitations=limitations(lookup),
        declarations=declarations(lookup),
        provenance=provenance(lookup, lines),
        commissioner=commissioner_block(lookup) if lookup.for_commissioner else None,
    )


def _title(lookup: Lookup) -> str:
    return "Readiness statement for commissioners" if lookup.for_commissioner else "Gap analysis report"


def _report_number(lookup: Lookup) -> str:
    """Name the report by audit date and workbook, so that the same inputs give the same number."""
    digest = lookup.audit.submission.record.sha256
    return f"CA-{lookup.as_of:%Y%m%d}-{digest[:8].upper()}" if digest else f"CA-{lookup.as_of:%Y%m%d}"


def _banner(audit: Audit) -> str:
    if audit.provenance is None or audit.provenance.as_of_is_today:
        return ""
    return f"Judged as of {words.day(audit.as_of)}, which is not the day on which this report was made."


def _open_gates(decided: tuple[Verdict, ...], gates: tuple[GateLine, ...]) -> str:
    """Count the gates not fully met or not known as the checklists ask them, and each once where that differs."""
    asked = sum(v.gates.failed + v.gates.unknown for v in decided)
    different = sum(g.mark.key != Compliance.COMPLIANT for g in gates)
    if not asked:
        return ""
    return f"{asked} ({different} different)" if different != asked else str(asked)


def _headline(decided: tuple[Verdict, ...], open_gates: str) -> str:
    """Say in one sentence how many checklists came out how."""
    if not decided:
        return "No checklist was judged: nothing can be said about readiness."
    counted: dict[str, int] = {}
    for verdict in sorted(decided, key=lambda v: -list(words.READINESS).index(v.readiness)):
        counted[verdict.mark.word] = counted.get(verdict.mark.word, 0) + 1
    said = ", ".join(f"{number} {word}" for word, number in counted.items())
    gates = "Every essential criterion that applies is met."
    if open_gates:
        noun = "essential criterion" if open_gates == "1" else "essential criteria"
        gates = f"{open_gates} {noun} not fully met or not known."
    return f"{words.counted(len(decided), 'checklist')} judged: {said}. {gates}"


def counts_by_outcome(report: Report) -> dict[Compliance, int]:
    """Count the requirements of a report by their worst outcome."""
    lines = [line for table in report.requirements for line in table.lines]
    return {c: sum(line.mark.key == c for line in lines) for c in words.COMPLIANCE}
