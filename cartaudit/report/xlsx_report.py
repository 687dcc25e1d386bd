"""The gap register as a workbook for work in Excel: filters, links, print set-up, and no formula at all."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from cartaudit.files import rezip
from cartaudit.model.own_outputs import PROPERTY, OwnOutput
from cartaudit.model.text import fit_for_xml, not_a_formula
from cartaudit.report.model import Report
from cartaudit.report.records import (
    Record,
    action_records,
    expiry_records,
    problem_records,
    provenance_records,
    reliance_records,
    summary_records,
)
from cartaudit.report.register import HEADINGS, RegisterRow, Value, register_rows
from cartaudit.report.seal import BLANK, XLSX_PROPERTY

_REGISTER = "Gap register"
_REQUIREMENTS = "Requirements"
_LINKED = "Requirement"
"""The heading of the column whose ids are links."""

_CELL_LIMIT = 32_000
_HEAD = PatternFill("solid", fgColor="FF1F3A5F")
_HEAD_FONT = Font(bold=True, color="FFFFFFFF")
_LINK_FONT = Font(color="FF1F3A5F", underline="single")
_WRAPPED = Alignment(vertical="top", wrap_text=True)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(<)")
_WIDTHS = {
    "Number": 9,
    "Requirement": 14,
    "Title": 38,
    "Area": 20,
    "Outcome": 14,
    "Severity": 11,
    "Essential criterion": 10,
    "Duty": 9,
    "Extent": 12,
    "Due": 12,
    "Watch": 8,
    "Project proposal": 9,
}
_DEFAULT_WIDTH = 30

Rows = Iterable[Sequence[Value | int | float]]


def render_xlsx(report: Report) -> bytes:
    """Write the register of findings and open points, all requirements, expiries and provenance as .xlsx.

    Every text is stored as text, whatever it begins with. The same report gives the same bytes.
    """
    book = Workbook()
    summary = book.active
    assert summary is not None
    summary.title = "Summary"
    _fill(summary, _FACTS, _fact_rows(summary_records(report)), _FACT_WIDTHS)
    rows = tuple(register_rows(report))
    register = tuple(row for row in rows if row.open)
    _register_sheet(book, _REGISTER, register)
    _register_sheet(book, _REQUIREMENTS, rows)
    _sheet(book, "Action plan", _ACTIONS, _action_rows(report), (9, 14, 38, 11, 50, 20, 12, 22))
    _sheet(book, "Expiries", _EXPIRIES, _expiry_rows(report), (12, 16, 60, 16, 30, 24))
    _sheet(book, "Set aside", _ASIDE, _aside_rows(report), (14, 38, 30, 20, 60, 18))
    _sheet(book, "Reliance", _RELIANCE, _reliance_rows(report))
    _sheet(book, "Workbook problems", _PROBLEMS, _problem_rows(report), (9, 11, 24, 38, 60, 50))
    _sheet(book, "Provenance", ("Kind", "What", "Value"), _provenance_rows(report), (18, 50, 90))
    found, listed = _places(_REGISTER, register), _places(_REQUIREMENTS, rows)
    for sheet in book.worksheets:
        _link(sheet, listed if sheet.title == _REGISTER else found if sheet.title == _REQUIREMENTS else listed | found)
    _set_properties(book, report)
    out = io.BytesIO()
    book.save(out)
    return rezip(_with_fixed_date(out.getvalue(), report.as_of))


def _register_sheet(book: Workbook, title: str, rows: Sequence[RegisterRow]) -> None:
    widths = tuple(_WIDTHS.get(heading, _DEFAULT_WIDTH) for heading in HEADINGS)
    _sheet(book, title, HEADINGS, (row.values for row in rows), widths).freeze_panes = "C2"


def _places(title: str, rows: Sequence[RegisterRow]) -> dict[str, str]:
    """Give the first place of each requirement on a register."""
    column = get_column_letter(HEADINGS.index(_LINKED) + 1)
    numbered = reversed(list(enumerate(rows, start=2)))
    return {row.requirement: f"'{title}'!{column}{number}" for number, row in numbered}


def _link(sheet: Worksheet, places: dict[str, str]) -> None:
    """Make the requirement of a row (of several the first) lead to its finding, or else to its row among all."""
    headings = [cell.value for cell in sheet[1]]
    if _LINKED not in headings:
        return
    for number in range(2, sheet.max_row + 1):
        cell = sheet.cell(number, headings.index(_LINKED) + 1)
        place = places.get(str(cell.value).partition("\n")[0])
        if place:
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=place)
            cell.font = _LINK_FONT


def _sheet(book: Workbook, title: str, headings: Sequence[str], rows: Rows, widths: Sequence[int] = ()) -> Worksheet:
    sheet: Worksheet = book.create_sheet(title)
    _fill(sheet, headings, rows, widths or (24,) * len(headings))
    return sheet


def _fill(sheet: Worksheet, headings: Sequence[str], rows: Rows, widths: Sequence[int]) -> None:
    """Write headings and rows, and set up filters, frozen head and print."""
    for column, heading in enumerate(headings, start=1):
        cell = sheet.cell(1, column, heading)
        cell.fill, cell.font, cell.alignment = _HEAD, _HEAD_FONT, _WRAPPED
        sheet.column_dimensions[get_column_letter(column)].width = widths[column - 1]
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            if value not in (None, ""):
                _write(sheet.cell(number, column), value)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{max(sheet.max_row, 2)}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    footer: Any = sheet.oddFooter
    footer.center.text = "Page &P of &N"


def _write(cell: Any, value: Value | int | float) -> None:
    """Write one value; text as text, so that nothing a centre wrote becomes a formula."""
    cell.alignment = _WRAPPED
    if isinstance(value, date):
        cell.value = value
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, str):
        _write_text(cell, value)
    else:
        cell.value = value


def _write_text(cell: Cell, text: str) -> None:
    text = fit_for_xml(text)
    if len(text) > _CELL_LIMIT:
        text = f"{text[:_CELL_LIMIT]} … (cut here: a cell holds no more)"
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = not_a_formula(text) != text


_ACTIONS = ("Number", "Requirement", "Title", "Severity", "Action", "Owner", "Due", "Status")
_EXPIRIES = ("On", "When", "What", "Requirement", "Checklists", "Cell")
_ASIDE = ("Requirement", "Title", "Asked by", "Kind", "Decided by", "Cells")
_PROBLEMS = ("Code", "Severity", "Place", "Question", "Fault", "Remedy")
_RELIANCE = ("Requirement", "Title", "Covered by", "Certificate", "Until")
_FACTS = ("Kind", "About", "Value", "Number", "Requirement", "Asked by", "Owner", "Due")
_FACT_WIDTHS = (22, 34, 90, 10, 16, 30, 20, 12)


def _fact_rows(records: Iterable[Record]) -> Rows:
    for r in records:
        yield r.kind, r.name, r.value, r.number, r.requirement, r.asked_by, r.owner, r.due


def _action_rows(report: Report) -> Rows:
    for r in action_records(report):
        yield r.number, r.requirement, r.name, r.severity, r.value, r.owner, r.due, r.status


def _expiry_rows(report: Report) -> Rows:
    for r in expiry_records(report):
        yield r.due, r.value, r.name, r.requirement, r.asked_by, r.cells


def _aside_rows(report: Report) -> Rows:
    for line in report.set_aside:
        yield line.id, line.title, ", ".join(line.affects), line.kind, line.decided_by, ", ".join(line.cells)


def _reliance_rows(report: Report) -> Rows:
    for r in reliance_records(report):
        yield r.requirement, r.name, r.value, r.status, r.due


def _provenance_rows(report: Report) -> Rows:
    for r in provenance_records(report):
        yield r.kind, r.name, r.value


def _problem_rows(report: Report) -> Rows:
    for r in problem_records(report):
        yield r.number, r.severity, r.cells, r.name, r.value, r.remedy


def _set_properties(book: Workbook, report: Report) -> None:
    moment = datetime.combine(report.as_of, time())
    properties = book.properties
    properties.creator = "cartaudit"
    properties.title = f"{report.title} {report.number}"
    properties.created = properties.modified = moment
    book.custom_doc_props.append(StringProperty(name=XLSX_PROPERTY, value=BLANK))  # type: ignore[attr-defined]
    book.custom_doc_props.append(StringProperty(name=PROPERTY, value=OwnOutput.REPORT.value))  # type: ignore[attr-defined]


def _with_fixed_date(data: bytes, as_of: date) -> bytes:
    """Put the audit date where openpyxl writes the clock."""
    out = io.BytesIO()
    stamp = f"{as_of.isoformat()}T00:00:00Z".encode()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", part)
            target.writestr(name, part)
    return out.getvalue()
