"""What the whole tool must show, from workbook to verdict, on the checklists as shipped."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from builders_acceptance import AS_OF, checklist, result, sample

from cartaudit.cli import run
from cartaudit.model.audit import Audit, Compliance, Readiness, Reason
from cartaudit.model.checklists import Catalogue
from cartaudit.pipeline import AuditOptions, audit_bytes, load_catalogue, render
from cartaudit.report import build_report
from cartaudit.workbook.template import TemplatePlan, build_template

DRIVING = "PR-DRV-01"
Fill = Callable[..., bytes]
Judge = Callable[..., Audit]


def test_two_weeks_without_driving_are_a_gap_in_the_us_until_25_june_2025_only(
    workbook_of: Fill, audit_of: Judge
) -> None:
    leaflet = {"question": "counselled_driving_weeks", "answer": 2, "evidence_dated": date(2025, 6, 2)}
    data = workbook_of("US", "kymriah", "dlbcl", change=[leaflet])
    before = result(audit_of(data, date(2025, 6, 25), "kymriah"), "kymriah", DRIVING)
    after = result(audit_of(data, date(2025, 6, 26), "kymriah"), "kymriah", DRIVING)
    assert (before.compliance, after.compliance) == (Compliance.NON_COMPLIANT, Compliance.COMPLIANT)
    assert [t.value for t in before.thresholds if t.parameter == "driving_weeks_min"] == [8]


@pytest.mark.parametrize("name", ["01_", "02_"])
def test_ready_sample_exits_with_0(name: str) -> None:
    assert run(["check", str(sample(name)), "--as-of", AS_OF.isoformat(), "--quiet"]) == 0


def test_one_critical_gap_is_not_ready_above_95_and_exits_with_1(audit_of: Judge) -> None:
    path = sample("03_")
    judged = checklist(audit_of(path.read_bytes()), "kymriah")
    assert judged.readiness is Readiness.NOT_READY
    assert judged.score.value is not None
    assert judged.score.value > 95
    assert run(["check", str(path), "--as-of", AS_OF.isoformat(), "--quiet"]) == 1


def test_all_blank_workbook_is_incomplete_and_exits_with_1(
    catalogue: Catalogue, audit_of: Judge, tmp_path: Path
) -> None:
    path = tmp_path / "blank.xlsx"
    path.write_bytes(build_template(catalogue, TemplatePlan(as_of=AS_OF, tool_version="test")))
    audit = audit_of(path.read_bytes())
    assert audit.checklists
    assert {c.readiness for c in audit.checklists} == {Readiness.INCOMPLETE}
    assert run(["check", str(path), "--as-of", AS_OF.isoformat(), "--quiet"]) == 1


@pytest.mark.parametrize(("country", "product", "indication"), [("DE", "kymriah", "dlbcl"), ("GB", "tecartus", "mcl")])
def test_template_filled_by_program_is_read_without_problem_and_fully_assessed(
    workbook_of: Fill, audit_of: Judge, country: str, product: str, indication: str
) -> None:
    audit = audit_of(workbook_of(country, product, indication), AS_OF, product)
    assert [str(p) for p in audit.submission.problems] == []
    judged = checklist(audit, product)
    assert [r.requirement.id for r in judged.results if r.compliance is Compliance.NOT_ASSESSED] == []
    assert judged.readiness is Readiness.READY


def test_tecartus_us_waits_for_confirmation_of_its_thresholds(workbook_of: Fill, audit_of: Judge) -> None:
    judged = checklist(audit_of(workbook_of("US", "tecartus", "mcl"), AS_OF, "tecartus"), "tecartus")
    open_reasons = {r.reason for r in judged.results if r.compliance is Compliance.NOT_ASSESSED}
    assert judged.readiness is Readiness.INCOMPLETE
    assert open_reasons == {Reason.THRESHOLD_UNCONFIRMED}


def test_tecartus_us_is_ready_once_the_centre_supplies_the_values(workbook_of: Fill, audit_of: Judge) -> None:
    data = workbook_of("US", "tecartus", "mcl", site_values="pending")
    judged = checklist(audit_of(data, AS_OF, "tecartus"), "tecartus")
    assert judged.readiness is Readiness.READY
    assert "site" in {t.verification for r in judged.results for t in r.thresholds}


def test_two_runs_of_report_give_the_same_bytes() -> None:
    path = sample("03_")
    data = path.read_bytes()
    runs = []
    for _ in range(2):
        catalogue = load_catalogue()
        options = AuditOptions(as_of=AS_OF, as_of_is_today=False)
        audit = audit_bytes(data, path.name, catalogue, options)
        runs.append(render(audit, catalogue, data, options, ("pdf", "json", "xlsx"), detail="exceptions"))
    assert runs[0].keys() == {"pdf", "json", "xlsx"}
    assert [form for form in runs[0] if runs[0][form] != runs[1][form]] == []


def test_finding_names_only_the_product_that_falls_short(catalogue: Catalogue, audit_of: Judge) -> None:
    report = build_report(audit_of(sample("07_").read_bytes()), catalogue)
    vessel = next(f.requirement for f in report.findings if f.requirement.id == "PR-STO-01")
    gate = next(g for g in report.gates if g.id == "PR-STO-01")
    assert vessel.affects == ("Kymriah (EU)", "Yescarta (EU)")
    assert vessel.falling_short == gate.affects == ("Yescarta (EU)",)
