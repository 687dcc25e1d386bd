"""The pages of the PDF: what decides stands on the first two, whatever the number of checklists."""

import io
from dataclasses import replace

import pikepdf
import pytest
from builders_report import catalogue, large_audit

from cartaudit.report.html import render_html, report_css
from cartaudit.report.model import Detail, ReportOptions, build_report
from cartaudit.report.pdf import Metadata, render_pdf


@pytest.mark.parametrize("copies", [1, 3])
def test_cover_and_summary_take_one_page_each(copies: int) -> None:
    audit = large_audit(90, 30)
    audit = replace(audit, checklists=audit.checklists * copies)
    report = build_report(audit, catalogue(), ReportOptions(detail=Detail.EXCEPTIONS))
    data = render_pdf(render_html(report), css=report_css(), metadata=Metadata(title="Report", dated=report.as_of))
    assert chapter_pages(data)["Summary"] == 2
    assert chapter_pages(data)["Document control"] == 3


def chapter_pages(data: bytes) -> dict[str, int]:
    """Give the page on which each chapter of the outline starts."""
    with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_outline() as outline:
        pages = [page.obj.objgen for page in pdf.pages]
        return {item.title: pages.index(item.destination[0].objgen) + 1 for item in outline.root}
