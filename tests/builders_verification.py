"""Small reports to verify, and ways to alter them."""

import io
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pikepdf

from cartaudit.model.audit import Audit
from cartaudit.model.checklists import Catalogue
from cartaudit.model.profile import Treatment
from cartaudit.pipeline import AuditOptions, audit_bytes, load_catalogue, render
from cartaudit.report.model import Detail, ReportOptions, build_report
from cartaudit.report.rendering import RenderJob
from cartaudit.verification import Check, State, verify_report
from cartaudit.workbook.template import build_template
from cartaudit.workbook.template_plan import TemplatePlan

CHECKLISTS = Path(__file__).parent / "catalogue" / "base"
OPTIONS = AuditOptions(as_of=date(2026, 11, 22), as_of_is_today=False, selection=(("acme", None),))


@cache
def small_catalogue() -> Catalogue:
    return load_catalogue(CHECKLISTS)


@cache
def small_workbook() -> bytes:
    catalogue = small_catalogue()
    indication = catalogue.products["acme"].indications[0].id
    return build_template(
        catalogue,
        TemplatePlan(
            as_of=OPTIONS.as_of,
            tool_version="0",
            country="US",
            checklists=(("acme", None),),
            treatments=(Treatment(product="acme", indication=indication, population="adult"),),
        ),
    )


@cache
def small_report(audience: str = "centre", overlay: Path | None = None) -> bytes:
    """Render a report of an empty workbook, with an overlay where one is named."""
    catalogue = load_catalogue(CHECKLISTS, (overlay,)) if overlay else small_catalogue()
    audit = audit_bytes(small_workbook(), "site.xlsx", catalogue, OPTIONS)
    assert isinstance(audit, Audit)
    files = render(audit, catalogue, small_workbook(), OPTIONS, ("pdf",), detail="exceptions", audience=audience)
    return files["pdf"]


def small_job() -> RenderJob:
    """Give what the small report is drawn from."""
    audit = audit_bytes(small_workbook(), "site.xlsx", small_catalogue(), OPTIONS)
    assert isinstance(audit, Audit)
    report = build_report(audit, small_catalogue(), ReportOptions(detail=Detail.EXCEPTIONS))
    return RenderJob(
        audit=audit,
        catalogue=small_catalogue(),
        report=report,
        workbook=small_workbook(),
        selection=OPTIONS.selection,
    )


def verified(data: bytes, trust: bytes | None = None) -> tuple[Check, ...]:
    return verify_report(data, released=CHECKLISTS, trust=trust)


def lines(data: bytes, state: State, trust: bytes | None = None) -> str:
    return "\n".join(check.text for check in verified(data, trust) if check.state is state)


def faults(data: bytes, trust: bytes | None = None) -> str:
    return lines(data, State.FAILS, trust)


def saved_anew(data: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """Alter a PDF as another program would that writes it as a whole."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        pdf.save(out)
    return out.getvalue()
