import dataclasses
import io
import re
from pathlib import Path

import builders_report
import outloud
import pikepdf
import pytest

from cartaudit.model.audit import Audit
from cartaudit.report.fonts import missing_characters
from cartaudit.report.html import render_html, report_css
from cartaudit.report.model import Audience, Detail, Report, ReportOptions, build_report
from cartaudit.report.pdf import Metadata, PdfRenderer
from cartaudit.report.pdf_text import page_texts, squeeze
from cartaudit.resources import data_folder


@pytest.fixture(scope="module")
def house() -> PdfRenderer:
    return PdfRenderer(report_css())


def rendered(renderer: PdfRenderer, report: Report) -> bytes:
    metadata = Metadata(title=f"{report.title}: {report.centre_name}", dated=report.as_of)
    return renderer.render(render_html(report), metadata=metadata)


def report_of(audit: Audit, **options: object) -> Report:
    return build_report(audit, builders_report.catalogue(40), ReportOptions(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize("detail", list(Detail))
@pytest.mark.parametrize("audience", list(Audience))
def test_outloud_finds_no_error_in_a_report(
    house: PdfRenderer, tmp_path: Path, detail: Detail, audience: Audience
) -> None:
    report = report_of(builders_report.large_audit(40, 14), detail=detail, audience=audience)
    (tmp_path / "report.pdf").write_bytes(rendered(house, report))
    findings = outloud.check(tmp_path / "report.pdf").findings
    errors = [
        f"{f.rule} {f.page}: {f.message} ({f.evidence})" for f in findings if str(f.severity).lower().endswith("error")
    ]
    assert errors == []


def test_text_of_a_centre_with_markup_controls_and_emoji_is_readable(house: PdfRenderer) -> None:
    audit = builders_report.large_audit(12, 4)
    nasty = "<b>Klinik</b> & \u202eevil\u202c \U0001f600 \x07 مستشفى"
    profile = dataclasses.replace(audit.submission.profile, name=nasty)
    audit = dataclasses.replace(audit, submission=dataclasses.replace(audit.submission, profile=profile))
    text = "".join(page_texts(rendered(house, report_of(audit))))
    assert "<b>Klinik</b>&[U+202E]evil[U+202C][U+1F600][U+0007][U+0645]" in text


def test_first_page_names_the_centre_and_every_verdict(house: PdfRenderer) -> None:
    report = report_of(builders_report.large_audit(20, 6))
    first = page_texts(rendered(house, report))[0]
    assert squeeze(report.centre_name) in first
    for verdict in report.verdicts:
        assert squeeze(f"{verdict.label}") in first
        assert squeeze(verdict.mark.word) in first


def test_declarations_have_signature_fields(house: PdfRenderer) -> None:
    report = report_of(builders_report.large_audit(12, 4))
    with pikepdf.open(io.BytesIO(rendered(house, report))) as pdf:
        names = {str(field.T) for field in pdf.Root.AcroForm.Fields}
    assert names == {box.id for box in report.declarations}


@pytest.mark.parametrize("folder", ["templates", "checklists"])
def test_fonts_can_show_everything_we_write_ourselves(folder: str) -> None:
    lacking = {
        path.name: missing_characters(re.sub(r"\r", "", path.read_text(encoding="utf-8")))
        for path in sorted(data_folder(folder).rglob("*"))
        if path.suffix in (".j2", ".css", ".toml")
    }
    assert {name: found for name, found in lacking.items() if found} == {}
