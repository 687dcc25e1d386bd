"""Reading a workbook under guard: sniffed, limited, each sheet read once, every stored cell decoded or named."""

import hashlib

from cartaudit.model.cells import Cell, CellKind, Cells, CellValue, Sheet, column_letters
from cartaudit.model.submission import ReadingRecord, Rejected
from cartaudit.workbook.limits import DEFAULT, Limits, Refused
from cartaudit.workbook.package import Package, SheetPart, Style, open_package
from cartaudit.workbook.plain import plain_sheet
from cartaudit.workbook.scan import UNREADABLE, Scan, StoredCell, scan_sheet
from cartaudit.workbook.sniff import open_archive, refuse_foreign_kinds
from cartaudit.workbook.strings import read_strings
from cartaudit.workbook.values import decode, is_error

_LAST_COLUMN = 16_384
_NAMED_IN_REFUSAL = 10
_NO_STYLE = Style()
# Looking a member up in its class costs more than the rest of what is done for a cell.
_VALUE, _FORMULA, _UNSTORED, _ERROR = CellKind.VALUE, CellKind.FORMULA, CellKind.FORMULA_UNSTORED, CellKind.ERROR


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
        package = open_package(archive)
        if len(package.sheets) > limits.sheets:
            raise Refused("CA115", what="sheets", limit=limits.sheets)
        sheets = _sheets(package, limits)
    if not any(sheet.cells for sheet in sheets):
        raise Refused("CA119")
    return Cells(
        file=file_name,
        sha256=digest,
        size=len(data),
        sheets=sheets,
        properties=package.properties,
        program=package.program,
        macros=package.macros,
        external_links=package.external_links,
        date_1904=package.date_1904,
        steps=("ISO Strict namespaces read as Transitional",) if package.strict else (),
    )


def _sheets(package: Package, limits: Limits) -> tuple[Sheet, ...]:
    strings: dict[str, str] = {}
    if package.shared_strings:
        shared = read_strings(_utf8(package.read(package.shared_strings)), package.shared_strings, limits)
        strings = dict(zip(map(str, range(len(shared))), shared, strict=True))
    sheets = []
    total = 0
    for part in package.sheets:
        scan = _scan(_utf8(package.read(part.part)), part.name, limits)
        total += len(scan.cells)
        if total > limits.cells:
            raise Refused("CA115", sheet=part.name, what="filled cells", limit=limits.cells)
        sheets.append(_sheet(part, scan, package, strings))
    return tuple(sheets)


def _utf8(data: bytes) -> bytes:
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data
    try:
        text = data.decode("utf-16")
    except UnicodeDecodeError as error:
        raise Refused("CA117", part="a sheet", why="its encoding is damaged") from error
    _, closed, rest = text.partition("?>")
    return (rest if closed and text.startswith("<?xml") else text).encode()


def _scan(data: bytes, sheet: str, limits: Limits) -> Scan:
    scan = plain_sheet(data, sheet, limits) or scan_sheet(data, sheet, limits)
    scan.sort(sheet)
    scan.check(sheet, limits)
    return scan


def _sheet(part: SheetPart, scan: Scan, package: Package, strings: dict[str, str]) -> Sheet:
    cells: list[Cell] = []
    lost: list[StoredCell] = []
    styles, known = package.styles, len(package.styles)
    hidden_rows, hidden_columns = scan.hidden_rows, _hidden_columns(scan)
    for stored in scan.cells:
        row, column, number, kind, formula, text = stored
        style = styles[number] if number < known else _NO_STYLE
        value: CellValue | None = text
        source = _FORMULA if formula else _VALUE
        if kind == UNREADABLE:
            lost.append(stored)
            continue
        if text is None:
            if kind == "str":
                continue  # a formula whose stored result is an empty text
            source = _UNSTORED
        elif kind != "inlineStr" and kind != "str":
            value = strings.get(text) if kind == "s" else None
            if value is None:
                try:
                    value = decode(kind, text, style, strings, date_1904=package.date_1904)
                except (ValueError, LookupError, OverflowError):
                    lost.append(stored)
                    continue
                if is_error(kind, value, style):
                    source = _ERROR
            if value == "":
                continue
        hidden = row in hidden_rows or hidden_columns[column] == 1
        cells.append(Cell(row, column, value, source, style.font, style.number_format, hidden))
    if lost:
        _refuse_lost(part.name, lost)
    return Sheet(
        name=part.name, state=part.state, cells=tuple(cells), merged=tuple(scan.merged), protected=scan.protected
    )


def _hidden_columns(scan: Scan) -> bytes:
    """Give one byte for each column number, 1 where it is hidden."""
    marks = bytearray(_LAST_COLUMN + 1)
    for low, high in scan.hidden_columns:
        low, high = max(low, 1), min(high, _LAST_COLUMN)
        if low <= high:
            marks[low : high + 1] = b"\1" * (high - low + 1)
    return bytes(marks)


def _refuse_lost(sheet: str, lost: list[StoredCell]) -> None:
    named = ", ".join(f"{column_letters(cell[1])}{cell[0]}" for cell in lost[:_NAMED_IN_REFUSAL])
    more = "" if len(lost) <= _NAMED_IN_REFUSAL else " and more"
    raise Refused("CA118", sheet=sheet, count=len(lost), cells=named + more)
