"""Reports of ours are refused by name when they are handed in as a centre's workbook; a marked copy is read."""

import io
from collections.abc import Sequence
from datetime import date

import openpyxl
import pytest
from builders_intake import filled_book, read, save
from builders_report import catalogue, large_audit

from cartaudit.model.own_outputs import LOOKS, PROPERTY, OwnOutput
from cartaudit.model.submission import Rejected
from cartaudit.network.rendering import RENDERERS
from cartaudit.network.rollup import roll_up
from cartaudit.report.model import ReportOptions, build_report
from cartaudit.report.xlsx_report import render_xlsx
from cartaudit.workbook import read_cells
from cartaudit.workbook.annotate import annotate_workbook

AS_OF = date(2026, 11, 22)


def _report() -> bytes:
    return render_xlsx(build_report(large_audit(20, 5), catalogue(20), ReportOptions()))


def _network(form: str) -> bytes:
    return RENDERERS[form](roll_up((), catalogue(20), AS_OF))


def _codes(data: bytes, name: str = "a.xlsx") -> list[str]:
    made = read_cells(data, name)
    return [p.code for p in made.problems] if isinstance(made, Rejected) else []


def _book(sheets: Sequence[str], sheet: str, headings: Sequence[str]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title in sheets:
        book.create_sheet(title)
    book[sheet].append(list(headings))
    return book


def _without_property(data: bytes) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    del book.custom_doc_props[PROPERTY]
    return save(book)


def _first_sheet_last(data: bytes) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    book.move_sheet(book.worksheets[0], len(book.worksheets))
    return save(book)


OLD_REPORT = _book(
    ("Summary", "Gap register", "Requirements", "Action plan", "Expiries", "Set aside", "Provenance"),
    "Gap register",
    ("Number", "Requirement", "Title", "Area", "Outcome", "Severity", "Essential criterion", "Duty"),
)
OLD_NETWORK = _book(
    ("Summary", "Not audited", "Centres", "Matrix", "Verdicts", "Checklists", "Requirements", "Lifts"),
    "Centres",
    ("Site", "File", "Outcome", "Open gates"),
)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(_report(), "CA161", id="report"),
        pytest.param(_without_property(_report()), "CA161", id="report that lost its property"),
        pytest.param(save(OLD_REPORT), "CA161", id="report of version 0.1"),
        pytest.param(_network("xlsx"), "CA162", id="network"),
        pytest.param(_without_property(_network("xlsx")), "CA162", id="network that lost its property"),
        pytest.param(save(OLD_NETWORK), "CA162", id="network of version 0.1"),
        pytest.param(_network("pdf"), "CA162", id="network as PDF"),
        pytest.param(b"%PDF-1.7\n<xmp:CreatorTool>cartaudit 0.1.0</xmp:CreatorTool>", "CA163", id="report as PDF"),
        pytest.param(b"%PDF-1.7\n<xmp:CreatorTool>Writer</xmp:CreatorTool> cartaudit", "CA108", id="another PDF"),
    ],
)
def test_a_report_of_ours_is_refused_by_name(data: bytes, code: str) -> None:
    assert _codes(data) == [code]


@pytest.mark.parametrize("kind", OwnOutput)
def test_a_workbook_with_only_some_sheets_of_a_report_is_none(kind: OwnOutput) -> None:
    looks = LOOKS[kind]
    for left_out in looks.sheets - {looks.sheet}:
        assert _codes(save(_book(sorted(looks.sheets - {left_out}), looks.sheet, looks.headings))) == []
    assert _codes(save(_book(sorted(looks.sheets), looks.sheet, ("Question", *looks.headings)))) == []


def test_a_template_into_which_a_report_was_copied_stays_a_centres_workbook() -> None:
    book = filled_book()
    for sheet in OLD_REPORT.worksheets:
        copy = book.create_sheet(sheet.title)
        for row in sheet.iter_rows(values_only=True):
            copy.append(row)
    assert _codes(save(book)) == []


def test_a_marked_copy_is_its_centres_workbook() -> None:
    data = save(filled_book())
    assert _codes(annotate_workbook(data, read(data).problems)) == []


def test_the_report_of_a_report_cannot_be_had_by_another_name() -> None:
    assert _codes(_report(), "site.xlsm") == ["CA161"]
    assert _codes(_first_sheet_last(_report())) == ["CA161"]
