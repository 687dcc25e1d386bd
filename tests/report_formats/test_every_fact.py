"""Every fact of a report stands in every format."""

from functools import cache

import pytest
from builders_acceptance import AS_OF, sample
from builders_facts import missing, text_of

from cartaudit.model.audit import Audit
from cartaudit.model.checklists import Catalogue
from cartaudit.pipeline import AuditOptions, audit_bytes, load_catalogue
from cartaudit.report import RENDERERS, RenderJob, build_report
from cartaudit.report.model import ReportOptions
from cartaudit.report.parts import Audience

EDITIONS = [
    *(("05_", Audience.CENTRE, form) for form in ("pdf", "html", "md", "csv", "xlsx")),
    *(("04_", Audience.COMMISSIONER, form) for form in ("html", "md", "csv", "xlsx")),
]


@cache
def catalogue() -> Catalogue:
    return load_catalogue()


@cache
def job_of(name: str, audience: Audience) -> RenderJob:
    path = sample(name)
    options = AuditOptions(as_of=AS_OF, as_of_is_today=False)
    audit = audit_bytes(path.read_bytes(), path.name, catalogue(), options)
    assert isinstance(audit, Audit)
    report = build_report(audit, catalogue(), ReportOptions(audience=audience))
    return RenderJob(audit=audit, catalogue=catalogue(), report=report, workbook=path.read_bytes())


@pytest.mark.parametrize(("name", "audience", "form"), EDITIONS)
def test_every_fact_of_a_report_is_in_every_format(name: str, audience: Audience, form: str) -> None:
    job = job_of(name, audience)
    assert missing(job.report, text_of(form, RENDERERS[form](job))) == set()


def test_a_fact_left_out_would_be_missed() -> None:
    job = job_of("05_", Audience.CENTRE)
    lost = job.report.findings[0].requirement.remediation
    text = text_of("md", RENDERERS["md"](job))
    assert missing(job.report, text.replace("".join(lost.split()).casefold(), "")) == {("finding", lost)}
