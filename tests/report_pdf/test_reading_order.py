"""A report is read in one order: by a screen reader, by `pdftotext`, and in HTML."""

import re
import shutil
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from builders_reading import chapters, first_difference, html_words, plain, printed_words, told_words

from cartaudit.model.audit import Audit
from cartaudit.pipeline import AuditOptions, audit_bytes, load_catalogue, render
from cartaudit.report.html import chapters as listed_chapters
from cartaudit.report.html import render_html
from cartaudit.report.model import Audience, Report, ReportOptions, build_report
from cartaudit.report.pdf_text import squeeze
from cartaudit.resources import data_folder

OPTIONS = AuditOptions(as_of=date(2026, 11, 22), as_of_is_today=False)
SAMPLES = sorted(data_folder("samples").glob("*.xlsx"))
CASES = [
    pytest.param(path.stem, audience, marks=() if path.stem == "03_one_critical_gap" else pytest.mark.full)
    for path in SAMPLES
    for audience in ("centre", "commissioner")
]
SCORE = re.compile(r"Score\(critical5,major3,minor1\):.*?Theembeddeddataholdthesum\.")


@dataclass(frozen=True)
class Read:
    report: Report
    told: str
    pdf: bytes
    paged: str
    web: str


@cache
def read(sample: str, audience: str) -> Read:
    catalogue, data = load_catalogue(), (data_folder("samples") / f"{sample}.xlsx").read_bytes()
    audit = audit_bytes(data, f"{sample}.xlsx", catalogue, OPTIONS)
    assert isinstance(audit, Audit)
    files = render(audit, catalogue, data, OPTIONS, ("pdf", "html"), audience=audience)
    report = build_report(_shown(audit, audience), catalogue, ReportOptions(audience=Audience(audience)))
    return Read(
        report=report,
        told=told_words(files["pdf"]),
        pdf=files["pdf"],
        paged=html_words(render_html(report)),
        web=html_words(files["html"].decode("utf-8"), frozenset({"nav", ".skip", "details"})),
    )


def _shown(audit: Audit, audience: str) -> Audit:
    if audience == "centre":
        return audit
    from cartaudit.assess.reduction import reduce_submission
    from cartaudit.pipeline import judge

    catalogue = load_catalogue()
    return judge(reduce_submission(audit.submission, catalogue), catalogue, OPTIONS)


def without_page_numbers(told: str, report: Report) -> str:
    """Take the page numbers out of the contents: only a paged report has them."""
    titles = [squeeze(title) for _, title in listed_chapters(report)]
    listing = re.compile("".join(rf"\d*{re.escape(title)}\d*" for title in titles))
    found = listing.search(told)
    assert found, "the contents do not list the chapters"
    assert len(re.findall(r"\d+", found[0])) == len(titles), "not every chapter has one page number"
    return told[: found.start()] + "".join(titles) + told[found.end() :]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
@pytest.mark.parametrize(("sample", "audience"), CASES)
def test_structure_tree_and_pdftotext_give_the_same_order(sample: str, audience: str, tmp_path: Path) -> None:
    found = read(sample, audience)
    assert first_difference(plain(found.told), printed_words(found.pdf, tmp_path)) == ""


@pytest.mark.parametrize(("sample", "audience"), CASES)
def test_structure_tree_tells_the_words_of_the_paged_html_in_their_order(sample: str, audience: str) -> None:
    found = read(sample, audience)
    told = without_page_numbers(plain(found.told), found.report)
    assert first_difference(told, plain(found.paged)) == ""


@pytest.mark.parametrize(("sample", "audience"), CASES)
def test_web_report_has_the_chapters_of_the_pages_in_their_order(sample: str, audience: str) -> None:
    found = read(sample, audience)
    paged = [title for title in chapters(found.told) if title != "Contents"]
    assert list(chapters(found.web)) == paged


@pytest.mark.parametrize(("sample", "audience"), CASES)
def test_chapters_of_the_web_report_say_the_same_in_the_same_order(sample: str, audience: str) -> None:
    """The requirements are apart: on pages, those alike in every word are told once, in the browser each for itself."""
    found = read(sample, audience)
    paged, web = chapters(SCORE.sub("", found.told)), chapters(found.web)
    parted = {title: first_difference(paged[title], words) for title, words in web.items() if title != "Requirements"}
    assert {title: difference for title, difference in parted.items() if difference} == {}


@pytest.mark.parametrize(("sample", "audience"), CASES)
def test_requirements_of_the_web_report_are_those_of_the_pages(sample: str, audience: str) -> None:
    found = read(sample, audience)
    name = re.compile(r"(?:FJ|PR|GB|DE|CH|US|FR|IT|ES)-[A-Z]{2,3}-\d{2,3}")
    paged, web = (name.findall(chapters(words)["Requirements"]) for words in (found.told, found.web))
    assert sorted(set(paged)) == sorted(set(web))
    assert paged
