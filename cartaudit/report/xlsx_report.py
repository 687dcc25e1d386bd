"""The gap register as a workbook for work in Excel: filters, links, print set-up, and no formula at all."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from cartaudit.files import rezip
from cartaudit.report import words
from cartaudit.report.model import Report
from cartaudit.report.parts import CommissionerBlock
from cartaudit.report.register import HEADINGS, RegisterRow, Value, register_rows

_REGISTER = "Gap register"
_REQUIREMENTS = "Requirements"
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
    _fill(summary, ("What", "Value"), _summary_rows(report), (34, 90))
    rows = tuple(register_rows(report))
    places = {row.requirement: number for number, row in reversed(list(enumerate(rows, start=2)))}
    register = tuple(row for row in rows if row.open)
    _register_sheet(book, _REGISTER, register, _REQUIREMENTS, places)
    open_places = {row.requirement: number for number, row in reversed(list(enumerate(register, start=2)))}
    _register_sheet(book, _REQUIREMENTS, rows, _REGISTER, open_places)
    _sheet(book, "Action plan", _ACTIONS, _action_rows(report), (9, 14, 38, 11, 50, 20, 12, 22))
    _sheet(book, "Expiries", ("On", "When", "What", "Requirements", "Checklists", "Cell"), _expiry_rows(report))
    _sheet(book, "Set aside", ("Requirement", "Title", "Asked by", "Kind", "Decided by", "Cells"), _aside_rows(report))
    _sheet(book, "Reliance", _RELIANCE, _reliance_rows(report))
    _sheet(
        book, "Workbook problems", ("Code", "Severity", "Place", "Question", "Fault", "Remedy"), _problem_rows(report)
    )
    _sheet(book, "Provenance", ("What", "Value"), _provenance_rows(report), (50, 90))
    _set_properties(book, report)
    out = io.BytesIO()
    book.save(out)
    return rezip(_with_fixed_date(out.getvalue(), report.as_of))


def _register_sheet(
    book: Workbook, title: str, rows: Sequence[RegisterRow], other: str, places: dict[str, int]
) -> None:
    """Write one register; the requirement's id leads to its row on the other sheet."""
    widths = tuple(_WIDTHS.get(heading, _DEFAULT_WIDTH) for heading in HEADINGS)
    sheet = _sheet(book, title, HEADINGS, (row.values for row in rows), widths)
    sheet.freeze_panes = "C2"
    column = HEADINGS.index("Requirement") + 1
    for number, row in enumerate(rows, start=2):
        if row.requirement in places:
            cell = sheet.cell(number, column)
            place = f"'{other}'!{get_column_letter(column)}{places[row.requirement]}"
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
    text = ILLEGAL_CHARACTERS_RE.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)
    if len(text) > _CELL_LIMIT:
        text = f"{text[:_CELL_LIMIT]} … (cut here: a cell holds no more)"
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = text[:1] in "=+-@"


_ACTIONS = ("Number", "Requirement", "Title", "Severity", "Action", "Owner", "Due", "Status")
_RELIANCE = ("Product", "Requirement", "Title", "Covered by", "How far", "Certificate", "Until")


def _summary_rows(report: Report) -> Rows:
    yield "Report", f"{report.title} {report.number}"
    yield "Centre", report.centre_name
    yield "Code", report.centre_code
    yield "Audit date", report.as_of
    yield "Note", report.as_of_banner
    yield "Outcome", report.headline
    yield "Assurance", f"{report.assurance.label}. {report.assurance.explanation}"
    yield from ((fact.label, fact.value) for fact in report.centre)
    for verdict in report.verdicts:
        yield f"Verdict: {verdict.label}", verdict.statement
        yield from ((f"Why: {verdict.label}", condition) for condition in verdict.conditions)
        yield from ((f"{count.mark.word}: {verdict.label}", count.number) for count in verdict.counts)
        yield f"Score, at least: {verdict.label}", _rounded(verdict.score_low)
        yield f"Score, at most: {verdict.label}", _rounded(verdict.score_high)
        yield from ((f"Note: {verdict.label}", note) for note in (verdict.note, verdict.edition_note))
    yield from ((f"Scope: {s.product}", f"{s.indication}, {s.population}, {s.route}") for s in report.scope_in)
    yield from ((f"Out of scope: {fact.label}", fact.value) for fact in report.scope_out)
    yield from (("Limitation", text) for text in report.limitations)
    if report.commissioner:
        yield from _commissioner_rows(report.commissioner)


def _commissioner_rows(block: CommissionerBlock) -> Rows:
    yield "Address", block.address
    for answer in block.answers:
        name = f"{answer.product}, {answer.indication}, {answer.population}"
        under = f" Conditions: {', '.join(answer.conditions)}." if answer.conditions else ""
        yield f"Treatment: {name}", f"{answer.mark.word}. {answer.because}{under}"
        yield from ((f"Basis: {name}", f"{fact.label}: {fact.value}") for fact in answer.basis)
    for condition in block.conditions:
        due = words.day(condition.due) if condition.due else "no date"
        yield f"Condition {condition.number}", f"{condition.what} ({due}). {condition.consequence}"
    yield from ((fact.label, fact.value) for certificate in block.certificates for fact in certificate)
    yield from ((fact.label, fact.value) for fact in block.capacity)
    yield "Next review", block.next_review
    yield "Why then", block.next_review_why
    yield from (("Left out", text) for text in block.left_out)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _action_rows(report: Report) -> Rows:
    for line in report.actions:
        suggested = " (suggested)" if line.suggested else ""
        yield (
            line.reference,
            line.requirement,
            line.title,
            line.severity_word,
            f"{line.action}{suggested}",
            line.owner_role,
            line.due,
            line.status,
        )


def _expiry_rows(report: Report) -> Rows:
    for line in report.expiries:
        yield line.on, line.when, line.what, ", ".join(line.requirements), ", ".join(line.checklists), line.cell


def _aside_rows(report: Report) -> Rows:
    for line in report.set_aside:
        yield line.id, line.title, ", ".join(line.affects), line.kind, line.decided_by, ", ".join(line.cells)


def _reliance_rows(report: Report) -> Rows:
    for line in report.reliance:
        yield line.product, line.requirement, line.title, line.covered_by, line.relation, line.certificate, line.until


def _problem_rows(report: Report) -> Rows:
    for group in report.problems:
        for place in group.places:
            yield group.code, group.severity, place.place, place.question, place.message, group.remedy


def _provenance_rows(report: Report) -> Rows:
    block = report.provenance
    yield from ((fact.label, fact.value) for fact in (*report.control, *block.facts))
    for edition in block.editions:
        yield f"Edition: {edition.title}", f"{edition.edition}, {edition.in_force} ({edition.status})"
        yield f"Label texts: {edition.title}", ", ".join(edition.text_dates)
    yield from ((f"SHA-256: {line.name}", line.sha256) for line in (*block.hashes, *block.overlays))
    yield from ((f"Source {source.id}", source.text) for source in block.sources)
    yield from ((f"Reading: {fact.label}", fact.value) for fact in (*report.reading.facts, *report.reading.sheets))
    yield from (("Reading: step", step) for step in report.reading.steps)
    yield from (("Reading: not used", cell) for cell in report.reading.ignored)
    yield from ((f"Reading: converted {fact.label}", fact.value) for fact in report.reading.conversions)


def _set_properties(book: Workbook, report: Report) -> None:
    moment = datetime.combine(report.as_of, time())
    properties = book.properties
    properties.creator = "cartaudit"
    properties.title = f"{report.title} {report.number}"
    properties.created = properties.modified = moment


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
