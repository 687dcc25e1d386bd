"""The workbook handed back: a copy with problem cells marked and listed; every answer and stored result stays."""

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from cartaudit.errors import WorkbookError
from cartaudit.files import rezip
from cartaudit.model.cells import Cells, column_letters
from cartaudit.model.layout import NOTE_MARK
from cartaudit.model.problems import Problem, ProblemSeverity
from cartaudit.model.submission import Rejected
from cartaudit.workbook.reading.limits import DEFAULT, Limits
from cartaudit.workbook.reading.package import Package, open_package
from cartaudit.workbook.reading.parts import Parts
from cartaudit.workbook.reading.read import read_cells
from cartaudit.workbook.reading.sniff import open_archive
from cartaudit.workbook.reading.xml import local

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

SHEET = "Problems"
_HEADINGS = ("Severity", "Code", "Place", "Question", "Found", "What is wrong", "What to do")
_WIDTHS = (10, 9, 28, 26, 26, 60, 60)
_FILLS = {ProblemSeverity.ERROR: "FFF4B6B6", ProblemSeverity.WARNING: "FFFBE3A6"}
_FIXED_TIME = datetime(2000, 1, 1)

_STRICT = {
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
}

StoredResult = tuple[str, str]
"""Type attribute and text of a formula's stored result, as the file has them."""


def annotate_workbook(data: bytes, problems: Sequence[Problem], limits: Limits = DEFAULT) -> bytes:
    """Copy a workbook with its problem cells coloured and commented, and a sheet that lists and links them.

    Raises WorkbookError when the file cannot be read, or when any value of the copy would differ from the original.
    """
    before = read_cells(data, "workbook.xlsx", limits)
    if isinstance(before, Rejected):
        raise WorkbookError(f"The workbook cannot be marked up: {before.problems[0]}")
    package = open_package(Parts(open_archive(data, limits), limits))
    book = _load(package)
    names = {name.casefold() for name in book.sheetnames}
    sheet = next(n for n in (SHEET, *(f"{SHEET} {i}" for i in range(2, 999))) if n.casefold() not in names)
    _mark(book, problems)
    _list(book, sheet, problems)
    copy = _save(book, package)
    _compare(before, read_cells(copy, "workbook.xlsx", limits), sheet)
    return copy


def _load(package: Package) -> "Workbook":
    import warnings

    import openpyxl

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name in package.parts.members.values():
            content = package.parts.archive.read(name)
            target.writestr(name.replace("\\", "/").lstrip("/"), _transitional(content) if package.strict else content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return openpyxl.load_workbook(io.BytesIO(out.getvalue()))
        except Exception as error:  # a library's reaction to odd content is open-ended
            raise WorkbookError(
                "The workbook cannot be marked up because its formatting is damaged. Save it again in Excel or "
                "LibreOffice, or work from the list of problems."
            ) from error


def _transitional(data: bytes) -> bytes:
    # openpyxl knows the namespaces of ISO Strict by no other name.
    for strict, transitional in _STRICT.items():
        data = data.replace(strict, transitional)
    return data


def _mark(book: "Workbook", problems: Iterable[Problem]) -> None:
    from openpyxl.cell.cell import MergedCell
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    by_cell: dict[tuple[str, str], list[Problem]] = defaultdict(list)
    for problem in problems:
        if problem.cell and problem.sheet in book.sheetnames:
            by_cell[problem.sheet, problem.cell].append(problem)
    for (sheet, address), found in by_cell.items():
        cell = book[sheet][address]
        if isinstance(cell, MergedCell):
            continue
        worst = ProblemSeverity.ERROR if any(p.severity is ProblemSeverity.ERROR for p in found) else found[0].severity
        cell.fill = PatternFill("solid", start_color=_FILLS[worst], end_color=_FILLS[worst])
        texts = [f"{p.severity.value.upper()} {p.code}: {p.message} {p.remedy}" for p in found]
        earlier = [cell.comment.text.partition(NOTE_MARK)[0].strip()] if cell.comment else []
        comment = Comment("\n\n".join([*filter(None, earlier), NOTE_MARK, *texts]), "cartaudit")
        comment.width, comment.height = 360, 60 + 40 * len(texts)
        cell.comment = comment


def _list(book: "Workbook", name: str, problems: Sequence[Problem]) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    sheet: Worksheet = book.create_sheet(name)
    for column, (heading, width) in enumerate(zip(_HEADINGS, _WIDTHS, strict=True), 1):
        sheet.cell(1, column, heading).font = Font(bold=True)
        sheet.column_dimensions[column_letters(column)].width = width
    for row, problem in enumerate(problems, 2):
        place = problem.place or "the file"
        texts = (problem.severity.value, problem.code, place, problem.question, problem.found)
        for column, text in enumerate((*texts, problem.message, problem.remedy), 1):
            cell = sheet.cell(row, column)
            cell.value = text
            cell.data_type = "s"
            cell.quotePrefix = text.startswith(("=", "+", "-", "@"))
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        if problem.sheet in book.sheetnames:
            quoted = problem.sheet.replace("'", "''")
            target = f"'{quoted}'!{problem.cell or 'A1'}"
            sheet.cell(row, 3).hyperlink = Hyperlink(ref=f"C{row}", location=target, display=place)
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation = "landscape"


def _save(book: "Workbook", package: Package) -> bytes:
    book.properties.created = book.properties.created or _FIXED_TIME
    stream = io.BytesIO()
    book.save(stream)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(stream.getvalue())) as source, zipfile.ZipFile(out, "w") as target:
        written = open_package(Parts(source, DEFAULT))
        parts = {sheet.part: sheet.name for sheet in written.sheets}
        originals = {sheet.name: sheet.part for sheet in package.sheets}
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2000-01-01T00:00:00Z", content)
            original = originals.get(parts.get(name.lower(), ""))
            if original:
                content = _with_results(content, stored_results(package.parts.read(original)))
            target.writestr(name, content)
    return rezip(out.getvalue())


def stored_results(data: bytes) -> dict[str, StoredResult]:
    """Read the stored results of a sheet's formulas, by address."""
    found: dict[str, StoredResult] = {}
    for cell in ET.fromstring(data).iter():
        if local(cell.tag) != "c":
            continue
        children = {local(child.tag): child for child in cell}
        if "f" in children and "v" in children and children["v"].text:
            found[cell.get("r", "")] = (cell.get("t", "n"), children["v"].text or "")
    return found


_FORMULA_CELL = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"((?: s="[0-9]+")?)(?: t="[a-z]+")?>(<f[ >].*?</f>|<f[^>]*/>)<v ?/?>(?:</v>)?</c>'
)


def _with_results(content: bytes, results: dict[str, StoredResult]) -> bytes:
    # The library writes formulas without results; the copy must say what the original said.
    def put_back(match: re.Match[bytes]) -> bytes:
        kind, text = results.get(match[1].decode(), ("", ""))
        if not kind:
            return match[0]
        value = escape(text).encode()
        return b'<c r="%s"%s t="%s">%s<v>%s</v></c>' % (match[1], match[2], kind.encode(), match[3], value)

    return _FORMULA_CELL.sub(put_back, content)


def _compare(before: Cells, after: Cells | Rejected, added: str) -> None:
    def values(cells: Cells) -> dict[str, Any]:
        return {s.name: [(c.row, c.column, c.value, c.kind) for c in s.cells] for s in cells.sheets if s.name != added}

    if isinstance(after, Rejected) or values(before) != values(after):
        raise WorkbookError(
            "The marked-up copy would differ from the original in a value, so it was not written. "
            "Work from the list of problems."
        )
