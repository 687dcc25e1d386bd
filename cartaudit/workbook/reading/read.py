"""Reading a workbook under guard: sniffed, limited, each part counted before it is read, every stored cell decoded."""

import hashlib
import operator

from cartaudit.model.cells import Cell, CellKind, Cells, CellValue, Sheet, column_letters
from cartaudit.model.submission import ReadingRecord, Rejected
from cartaudit.workbook.reading.limits import DEFAULT, Limits, Refused
from cartaudit.workbook.reading.own import refuse_own_spreadsheet
from cartaudit.workbook.reading.package import Package, SheetPart, open_package
from cartaudit.workbook.reading.parts import Parts
from cartaudit.workbook.reading.pinned import read_pinned
from cartaudit.workbook.reading.rows import Stored
from cartaudit.workbook.reading.sheet import Scan, read_sheet
from cartaudit.workbook.reading.sniff import open_archive, refuse_foreign_kinds
from cartaudit.workbook.reading.styles import Style
from cartaudit.workbook.reading.texts import Text, read_table
from cartaudit.workbook.reading.values import decode, is_error

_LAST_COLUMN = 16_384
_NAMED_IN_REFUSAL = 10
_PLAIN = (Style(),)
"""What cell format 0 says where a workbook has no table of formats."""

_BY_ROW = operator.attrgetter("row", "column")


def read_cells(data: bytes, file_name: str, limits: Limits = DEFAULT) -> Cells | Rejected:
    """Read every filled cell of an .xlsx or .xlsm file, or say in one problem why it is refused.

    Nothing is calculated, run or fetched. A cell that holds something which gives no value refuses the file.
    """
    digest = hashlib.sha256(data).hexdigest()
    try:
        return _read(data, file_name, digest, limits)
    except Refused as refusal:
        record = ReadingRecord(file=file_name, sha256=digest, size=len(data), mapping="none")
        return Rejected(file=file_name, sha256=digest, problems=(refusal.problem,), record=record)


def _read(data: bytes, file_name: str, digest: str, limits: Limits) -> Cells:
    refuse_foreign_kinds(data, file_name, limits)
    with open_archive(data, limits) as archive:
        package = open_package(Parts(archive, limits))
        shared = _shared_texts(package)
        used: set[int] = set()
        sheets, counts = _sheets(package, shared, used)
    if not any(sheet.cells for sheet in sheets):
        raise Refused("CA119")
    refuse_own_spreadsheet(package.properties, sheets)
    counts["shared_texts_unused"] = len(shared) - len(used)
    return Cells(
        file=file_name,
        sha256=digest,
        size=len(data),
        sheets=sheets,
        properties=dict(package.properties),
        program=package.program,
        macros=package.macros,
        external_links=package.external_links,
        date_1904=package.date_1904,
        steps=_steps(package),
        counts=counts,
    )


def _steps(package: Package) -> tuple[str, ...]:
    charts = f"Sheets that hold nothing but a chart: {', '.join(package.charts)}" if package.charts else ""
    strict = "ISO Strict namespaces read as Transitional" if package.strict else ""
    return tuple(filter(None, (strict, charts)))


def _shared_texts(package: Package) -> tuple[Text, ...]:
    part = package.shared_strings
    return read_table(package.parts.read(part), part, package.parts.guard) if part else ()


def _sheets(package: Package, shared: tuple[Text, ...], used: set[int]) -> tuple[tuple[Sheet, ...], dict[str, int]]:
    """Read the sheets one by one, and sum up what they were counted to hold."""
    parts, sheets = package.parts, []
    counts = {"cells": 0, "filled": 0, "texts": 0, "elements": 0}
    for part in package.sheets:
        scan = read_sheet(parts.read(part.part), part.name, parts.guard)
        counts["cells"] += scan.counted.cells
        counts["filled"] += len(scan.cells)
        counts["texts"] += scan.counted.texts
        counts["elements"] += scan.counted.elements
        if counts["filled"] > parts.limits.cells:
            raise Refused("CA115", sheet=part.name, what="filled cells", limit=parts.limits.cells)
        scan.cells.sort(key=_BY_ROW)
        _check_extent(scan, part.name, parts.limits)
        sheets.append(_sheet(part, scan, package, shared, used))
    return tuple(sheets), counts


def _check_extent(scan: Scan, sheet: str, limits: Limits) -> None:
    """Refuse a sheet whose filled cells lie too far out."""
    rows, columns = max((c.row for c in scan.cells), default=0), max((c.column for c in scan.cells), default=0)
    for what, number, limit in (
        ("rows", rows, limits.rows),
        ("columns", columns, limits.columns),
        ("cells between the first and the last one", rows * columns, limits.area),
    ):
        if number > limit:
            raise Refused("CA115", sheet=sheet, what=what, limit=limit)


def _sheet(part: SheetPart, scan: Scan, package: Package, shared: tuple[Text, ...], used: set[int]) -> Sheet:
    decoder = _Decoder(scan, package.styles or _PLAIN, shared, used, date_1904=package.date_1904)
    cells = [cell for stored in scan.cells if (cell := decoder.cell(stored)) is not None]
    if decoder.lost:
        _refuse_lost(part.name, decoder.lost)
    pinned = read_pinned(package, part.part)
    controls = (f"{pinned.controls} boxes or buttons that no cell is linked to",) if pinned.controls else ()
    return Sheet(
        name=part.name,
        state=part.state,
        cells=tuple(cells),
        merged=tuple(scan.merged),
        protected=scan.protected,
        notes=pinned.notes,
        pictures=pinned.pictures,
        beside=(*scan.beside, *pinned.texts, *controls),
    )


class _Decoder:
    """Turns the stored cells of one sheet into values; what gives none is `lost`."""

    def __init__(
        self, scan: Scan, styles: tuple[Style, ...], shared: tuple[Text, ...], used: set[int], *, date_1904: bool
    ) -> None:
        self.styles, self.shared, self.used, self.date_1904 = styles, shared, used, date_1904
        self.hidden_rows, self.hidden_columns = scan.hidden_rows, _hidden_columns(scan)
        self.lost: list[Stored] = []

    def cell(self, stored: Stored) -> Cell | None:
        """Give a cell with its value; None where it is empty, or lost."""
        try:
            style = self.styles[stored.style]
            value, kind, text = self._value(stored, style)
        except (ValueError, LookupError, OverflowError):
            self.lost.append(stored)
            return None
        if value == "" or (value is None and stored.type == "str"):
            return None  # an empty text, also as the result of a formula
        return Cell(
            stored.row,
            stored.column,
            value,
            kind,
            style.font,
            style.number_format,
            stored.row in self.hidden_rows or self.hidden_columns[stored.column] == 1,
            style.marks,
            text.runs(style.marks) if text is not None and text.parts else (),
            stored.formula or "",
        )

    def _value(self, stored: Stored, style: Style) -> tuple[CellValue | None, CellKind, Text | None]:
        source = CellKind.VALUE if stored.formula is None else CellKind.FORMULA
        if stored.lost:
            raise ValueError(stored.type)
        if stored.says is None:
            return None, CellKind.FORMULA_UNSTORED, None
        if stored.type == "s":
            index = shared_index(stored.says.says)
            self.used.add(index)
            return self.shared[index].says, source, self.shared[index]
        value = decode(stored.type, stored.says.says, style, date_1904=self.date_1904)
        kind = CellKind.ERROR if is_error(stored.type, value, style) else source
        return value, kind, stored.says


def shared_index(text: str) -> int:
    """Read the number of a shared text. Raises ValueError where it is none."""
    if not (text.isascii() and text.isdecimal() and len(text) < 12):
        raise ValueError(text)
    return int(text)


def _hidden_columns(scan: Scan) -> bytes:
    """Give one byte for each column number, 1 where it is hidden."""
    marks = bytearray(_LAST_COLUMN + 1)
    for low, high in scan.hidden_columns:
        low, high = max(low, 1), min(high, _LAST_COLUMN)
        if low <= high:
            marks[low : high + 1] = b"\1" * (high - low + 1)
    return bytes(marks)


def _refuse_lost(sheet: str, lost: list[Stored]) -> None:
    named = ", ".join(f"{column_letters(cell.column)}{cell.row}" for cell in lost[:_NAMED_IN_REFUSAL])
    more = "" if len(lost) <= _NAMED_IN_REFUSAL else " and more"
    raise Refused("CA118", sheet=sheet, count=len(lost), cells=named + more)
