"""A small audit in which every kind of fact occurs once, for the tests of the output formats."""

from datetime import date

from cartaudit.model.audit import (
    AreaScore,
    Assurance,
    Audit,
    ChecklistAudit,
    Compliance,
    Expiry,
    Extent,
    Gap,
    Provenance,
    Readiness,
    Reason,
    RelianceItem,
    Result,
    Score,
    Step,
    Threshold,
)
from cartaudit.model.checklists import Checklist, Edition, Kind, Scale
from cartaudit.model.problems import Problem, ProblemSeverity
from cartaudit.model.profile import Profile, Treatment
from cartaudit.model.requirements import Citation, Duty, Phase, Requirement, Severity, SourceKind
from cartaudit.model.submission import (
    Action,
    Evidence,
    EvidenceLevel,
    ReadingRecord,
    Rejected,
    SiteValue,
    Submission,
)

AS_OF = date(2026, 11, 22)
TREATMENT = Treatment(product="kymriah", indication="lbcl", population="adult")
PROBLEM = Problem(
    code="CA204",
    severity=ProblemSeverity.ERROR,
    message="'mostly' is not an answer.",
    remedy="Choose Yes, Partial, No or N/A.",
    sheet="Cold chain",
    cell="D14",
    question="alarm_tested",
    found="mostly",
    expected="yes, partial, no, in progress, n/a",
)
RECORD = ReadingRecord(
    file="site.xlsx",
    sha256="a" * 64,
    size=4096,
    program="cartaudit",
    sheets=({"name": "Cold chain", "state": "visible", "header_row": 3},),
    expected=4,
    read=3,
    missing=("thaw_log",),
    cells_in_file=10,
    cells_used=6,
    cells_structural=3,
    cells_ignored=1,
    ignored=("Cold chain!Z9: see below",),
)


def requirement(identity: str, **changes: object) -> Requirement:
    """Give a requirement of the cold chain with a criterion on one question."""
    values: dict[str, object] = {
        "id": identity,
        "title": "Storage below the product's limit",
        "area": "cold_chain",
        "severity": Severity.CRITICAL,
        "duty": Duty.MUST,
        "criterion": {"vessels": {"min_rows": 1}},
        "remediation": "Move product to a vessel that holds the limit, and assess the excursion.",
        "sources": (Citation(id="S4", kind=SourceKind.LABEL, date="2025-06", reference="5.1"),),
        "gate": True,
        "owner": "Cell laboratory lead",
    }
    return Requirement(**(values | changes))  # type: ignore[arg-type]


def gap_result() -> Result:
    """Give a critical result that fails by a threshold, with everything a result can carry."""
    return Result(
        checklist="kymriah",
        requirement=requirement("PR-STO-01"),
        compliance=Compliance.NON_COMPLIANT,
        reason=Reason.CRITERION,
        message="One vessel is warmer than the label allows.",
        product="kymriah",
        jurisdiction="EU",
        questions=("vessels",),
        cells=("Storage vessels!C7",),
        claim="Vessel B at -118 °C",
        criterion="Every vessel is at most -120 °C.",
        claimed=Compliance.COMPLIANT,
        overridden=True,
        override_note="Inspector, 2026-11-01: probe read during the visit.",
        thresholds=(
            Threshold(
                parameter="storage_max_c",
                value=-120,
                unit="°C",
                verification="secondary",
                product="kymriah",
                jurisdiction="EU",
                source="S4",
                text_date=date(2025, 6, 27),
            ),
        ),
        steps=(
            Step(
                question="vessels",
                rule="max",
                expected="at most -120 °C",
                found="-118 °C",
                outcome="false",
                column="set_point_c",
                cell="Storage vessels!C7",
                row=2,
            ),
        ),
        evidence=(
            Evidence(
                references=("SOP-17 v3",),
                level=EvidenceLevel.CITED,
                dated=date(2026, 1, 5),
                cell="Storage vessels!K7",
            ),
        ),
        extent=Extent.PATTERN,
        action=Action(text="Replace vessel B", owner_role="Laboratory lead", due=date(2027, 1, 15)),
        expiries=(Expiry(on=date(2027, 2, 1), what="Calibration of probe 4"),),
    )


def met_result() -> Result:
    """Give a result that is met, named in the report by `watch`."""
    return Result(
        checklist="kymriah",
        requirement=requirement("PR-STO-02", severity=Severity.MAJOR, gate=False, title="Alarm tested"),
        compliance=Compliance.COMPLIANT,
        reason=Reason.MET,
        message="The alarm was tested.",
        product="kymriah",
        jurisdiction="EU",
        questions=("alarm_tested",),
        watch=True,
    )


def small_audit(**changes: object) -> Audit:
    """Give an audit of one centre against one product checklist: NOT_READY by one gate."""
    gap, met = gap_result(), met_result()
    checklist = Checklist(
        id="kymriah",
        kind=Kind.PRODUCT,
        title="Kymriah",
        body="Novartis",
        editions=(Edition(edition="2026-1", effective_from=date(2026, 1, 1)),),
        scale=Scale(name="Product"),
        requirements=(gap.requirement, met.requirement),
        product="kymriah",
    )
    audited = ChecklistAudit(
        checklist=checklist,
        edition=checklist.editions[0],
        jurisdiction="EU",
        readiness=Readiness.NOT_READY,
        conditions=("PR-STO-01 is a gate and is not met.",),
        score=Score(
            value=37.5,
            low=37.5,
            high=37.5,
            areas=(AreaScore(area="cold_chain", low=37.5, high=37.5, met=3.0, unknown=0.0, applicable=8.0),),
            trace=("cold_chain: 3 of 8",),
        ),
        counts={Compliance.NON_COMPLIANT: 1, Compliance.COMPLIANT: 1},
        results=(gap, met),
        gaps=(Gap(result=gap, action="Replace vessel B", owner_role="Laboratory lead", due=date(2027, 1, 15)),),
        treatments=(TREATMENT,),
        text_dates=("2025-06-27",),
    )
    values: dict[str, object] = {
        "submission": Submission(
            profile=Profile(
                name="Sample centre",
                code="DE-01",
                country="DE",
                jurisdiction="EU",
                phase=Phase.ESTABLISHED,
                treatments=(TREATMENT,),
                assessed_on=date(2026, 11, 1),
            ),
            responses={},
            site_values=(SiteValue(parameter="driving_weeks_min", product="kymriah", value=8),),
            record=RECORD,
            problems=(PROBLEM,),
        ),
        "as_of": AS_OF,
        "assurance": Assurance.SELF_ASSESSED,
        "checklists": (audited,),
        "expiries": (Expiry(on=date(2027, 2, 1), what="Calibration of probe 4", requirement="PR-STO-01"),),
        "reliance": (
            RelianceItem(product="kymriah", requirement="PR-STO-02", covered_by="FJ-PC-003", relation="part"),
        ),
        "provenance": Provenance(
            tool_version="0.1.0",
            as_of=AS_OF,
            as_of_is_today=False,
            catalogue_version="2026.11",
            catalogue_hash="b" * 64,
            content_hashes={"manufacturers/kymriah.toml": "c" * 64},
        ),
    }
    return Audit(**(values | changes))  # type: ignore[arg-type]


def rejected_file() -> Rejected:
    """Give a file that could not be audited."""
    problem = Problem(
        code="CA101",
        severity=ProblemSeverity.ERROR,
        message="This is not an .xlsx workbook.",
        remedy="Save it as .xlsx.",
    )
    return Rejected(file="notes.pdf", sha256="d" * 64, problems=(problem,))
