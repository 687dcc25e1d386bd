import csv
import dataclasses
import io
import zipfile
from collections import Counter

import builders_report
import openpyxl
import pytest
from markdown_it import MarkdownIt
from openpyxl.worksheet.worksheet import Worksheet

from cartaudit.report.csv_report import render_csv
from cartaudit.report.markdown import escape, render_markdown
from cartaudit.report.model import Report, build_report
from cartaudit.report.records import all_records
from cartaudit.report.register import HEADINGS, register_rows
from cartaudit.report.xlsx_report import render_xlsx

ATTACKS = (
    '=HYPERLINK("http://x")',
    "+1+1",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "\n=1",
    " =1",
    "＝1+1",
    "＠SUM(A1)",
    "=cmd|' /C calc'!A0",
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def report_of(title: str = "", claim: str = "") -> Report:
    audit = builders_report.large_audit(40, 12)
    if claim:
        first = audit.checklists[0]
        results = (first.results[0]._replace(claim=claim), *first.results[1:])
        audit = dataclasses.replace(
            audit, checklists=(dataclasses.replace(first, results=results), *audit.checklists[1:])
        )
    if title:
        profile = dataclasses.replace(audit.submission.profile, name=title)
        audit = dataclasses.replace(audit, submission=dataclasses.replace(audit.submission, profile=profile))
    return build_report(audit, builders_report.catalogue(40))


@pytest.fixture(scope="module")
def report() -> Report:
    return report_of()


@pytest.fixture(scope="module")
def book(report: Report) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(render_xlsx(report)))


def column(sheet: Worksheet, heading: str) -> list[object]:
    number = [cell.value for cell in sheet[1]].index(heading) + 1
    return [sheet.cell(row, number).value for row in range(2, sheet.max_row + 1)]


def csv_rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_register_holds_every_case_of_every_requirement(report: Report) -> None:
    expected = sum(len(line.cases) for table in report.requirements for line in table.lines)
    assert len(list(register_rows(report))) == expected


def test_xlsx_lists_every_requirement_and_the_register_every_open_one(report: Report, book: openpyxl.Workbook) -> None:
    asked = {line.id for table in report.requirements for line in table.lines}
    assert set(column(book["Requirements"], "Requirement")) == asked
    found = {f.requirement.id for f in report.findings} | {p.requirement.id for p in report.open_points}
    assert set(column(book["Gap register"], "Requirement")) == found


def test_xlsx_due_dates_are_dates(book: openpyxl.Workbook) -> None:
    due = [value for value in column(book["Gap register"], "Due") if value is not None]
    assert due
    assert all(hasattr(value, "year") for value in due)


def test_xlsx_links_lead_to_the_row_of_the_same_requirement(book: openpyxl.Workbook) -> None:
    for row in range(2, book["Gap register"].max_row + 1):
        cell = book["Gap register"].cell(row, 2)
        sheet, _, address = cell.hyperlink.location.partition("!")
        assert book[sheet.strip("'")][address].value == cell.value


def test_xlsx_actions_and_gates_lead_to_the_finding(report: Report, book: openpyxl.Workbook) -> None:
    found = {f.requirement.id for f in report.findings} | {p.requirement.id for p in report.open_points}
    for title in ("Summary", "Action plan"):
        sheet = book[title]
        number = [cell.value for cell in sheet[1]].index("Requirement") + 1
        linked = [sheet.cell(row, number) for row in range(2, sheet.max_row + 1) if sheet.cell(row, number).hyperlink]
        assert linked, title
        for cell in linked:
            target, _, address = cell.hyperlink.location.partition("!")
            named = str(cell.value).partition("\n")[0]
            assert book[target.strip("'")][address].value == named
            assert (target == "'Gap register'") == (named in found)


def test_xlsx_sheets_have_filters_frozen_heads_and_print_titles(book: openpyxl.Workbook) -> None:
    for sheet in book.worksheets:
        assert sheet.auto_filter.ref
        assert sheet.freeze_panes in ("A2", "C2")
        assert sheet.print_title_rows == "$1:$1"


@pytest.mark.parametrize("attack", ATTACKS)
def test_xlsx_stores_no_formula(attack: str) -> None:
    data = render_xlsx(report_of(title=attack, claim=attack))
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert all(cell.data_type != "f" for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())


def test_xlsx_keeps_the_text_as_it_was_written() -> None:
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(report_of(claim="=1+1"))))
    cells = [c for row in book["Requirements"].iter_rows() for c in row if c.value == "=1+1"]
    assert cells
    assert all(cell.quotePrefix for cell in cells)


def test_xlsx_gives_the_same_bytes_twice(report: Report) -> None:
    assert render_xlsx(report) == render_xlsx(report)


def test_xlsx_carries_the_audit_date_not_the_clock(book: openpyxl.Workbook) -> None:
    assert book.properties.created == book.properties.modified
    assert str(book.properties.modified).startswith("2026-11-22")


def test_csv_has_one_row_for_each_case_under_the_headings(report: Report) -> None:
    rows = csv_rows(render_csv(report))
    assert len([r for r in rows if r["Kind"] == "Requirement"]) == len(list(register_rows(report)))
    assert tuple(rows[0]) == ("Kind", *HEADINGS)


def test_csv_holds_every_other_fact_as_a_row_of_its_kind(report: Report) -> None:
    rows = csv_rows(render_csv(report))
    assert Counter(r["Kind"] for r in rows if r["Kind"] != "Requirement") == Counter(
        r.kind for r in all_records(report)
    )


@pytest.mark.parametrize("attack", ATTACKS)
def test_csv_has_no_cell_that_begins_like_a_formula(attack: str) -> None:
    for row in csv_rows(render_csv(report_of(claim=attack))):
        assert not any(value.lstrip(" ").startswith(FORMULA_STARTS) for value in row.values())


def test_csv_opens_in_a_spreadsheet_as_utf_8(report: Report) -> None:
    assert render_csv(report).startswith(b"\xef\xbb\xbf")


def test_markdown_names_every_finding_and_open_point(report: Report) -> None:
    text = render_markdown(report).decode()
    for point in (*report.findings, *report.open_points):
        assert f"### {point.number} {point.requirement.id}" in text


def test_markdown_states_every_verdict_and_the_audit_date(report: Report) -> None:
    text = render_markdown(report).decode()
    assert "audit date 2026-11-22" in text
    for verdict in report.verdicts:
        assert escape(verdict.statement) in text


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "[click](http://evil.example)",
        "![x](http://evil.example/x.png)",
        "**bold** _it_ `code` ~~gone~~",
        "a | b | c",
        "&lt;b&gt;",
        "http://evil.example www.evil.example a@evil.example",
        "# heading",
        "line\n\n# heading\n- item",
    ],
)
def test_markdown_of_a_centre_forms_no_markup(attack: str) -> None:
    html = MarkdownIt("gfm-like", {"linkify": False}).render(escape(attack))
    assert html.count("<") == 2
    assert html.startswith("<p>")


def test_markdown_breaks_addresses_that_programs_would_link() -> None:
    assert "http:" not in escape("see http://evil.example")
    assert "www." not in escape("see www.evil.example")
    assert "@" not in escape("a@evil.example")


def test_every_finding_is_in_every_format(report: Report, book: openpyxl.Workbook) -> None:
    wanted = {f.requirement.id for f in report.findings}
    markdown = render_markdown(report).decode()
    assert wanted <= {row["Requirement"] for row in csv_rows(render_csv(report))}
    assert wanted <= set(column(book["Gap register"], "Requirement"))
    assert all(name in markdown for name in wanted)
