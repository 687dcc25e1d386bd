"""Every fact of a report stands in every format."""

import json
from dataclasses import replace
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

RESULT = ("requirement", "compliance", "reason", "message", "na_reason", "override_note", "cells")
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


def test_every_fact_of_an_audit_is_in_the_json() -> None:
    job = job_of("05_", Audience.CENTRE)
    document, audit = json.loads(RENDERERS["json"](job)), job.audit
    assert [(c["readiness"], c["reasons"], c["score"]["low"]) for c in document["checklists"]] == [
        (c.readiness, list(c.conditions), round(c.score.low or 0, 2)) for c in audit.checklists
    ]
    results = [r for c in audit.checklists for r in c.results]
    assert [tuple(r[key] for key in RESULT) for r in document["results"]] == [
        (r.requirement.id, r.compliance, r.reason, r.message, r.na_reason, r.override_note, list(r.cells))
        for r in results
    ]
    gaps = [g for c in audit.checklists for g in c.gaps]
    assert [(g["requirement"], g["owner_role"], g["due"]) for g in document["gaps"]] == [
        (g.result.requirement.id, g.owner_role, g.due.isoformat() if g.due else None) for g in gaps
    ]
    assert [(e["on"], e["what"]) for e in document["expiries"]] == [(e.on.isoformat(), e.what) for e in audit.expiries]
    assert [p["message"] for p in document["problems"]] == [p.message for p in audit.submission.problems]
    assert audit.provenance is not None
    assert document["provenance"]["content_hashes"] == dict(audit.provenance.content_hashes)


def test_a_fact_left_out_would_be_missed() -> None:
    job = job_of("05_", Audience.CENTRE)
    lost = job.report.findings[0].requirement.remediation
    text = text_of("md", RENDERERS["md"](job))
    assert missing(job.report, text.replace("".join(lost.split()).casefold(), "")) == {("finding", lost)}


def test_no_comment_is_lost_whatever_became_of_its_question() -> None:
    job = job_of("03_", Audience.CENTRE)
    responses = job.audit.submission.responses
    remarked = {key: replace(r, comment=f"Remark {n} ends") for n, (key, r) in enumerate(responses.items())}
    audit = replace(job.audit, submission=replace(job.audit.submission, responses=remarked))
    report = build_report(audit, catalogue())
    text = RENDERERS["md"](replace(job, audit=audit, report=report)).decode()
    assert [r.comment for r in remarked.values() if r.comment not in text] == []


def test_comment_on_an_answer_for_one_product_stands_with_its_finding() -> None:
    findings = job_of("03_", Audience.CENTRE).report.findings
    assert "taken over from another product" in str([c.comments for f in findings for c in f.requirement.cases])


def test_comments_stand_in_the_json() -> None:
    job = job_of("03_", Audience.CENTRE)
    said = [r.comment for r in job.audit.submission.responses.values() if r.comment]
    assert said
    assert [(c["by"], c["text"]) for c in json.loads(RENDERERS["json"](job))["comments"]] == [
        ("centre", text) for text in said
    ]
