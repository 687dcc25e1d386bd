"""Reading a workbook under guard: sniffed, limited, scanned, then read by openpyxl and checked against the scan."""

import hashlib
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import cast
from xml.sax.saxutils import quoteattr

from cartaudit.model.cells import Cell, CellKind, Cells, CellValue, Sheet, column_letters
from cartaudit.model.submission import ReadingRecord, Rejected
from cartaudit.workbook.limits import DEFAULT, Limits, Refused
from cartaudit.workbook.package import Package, SheetPart, Style, open_package
from cartaudit.workbook.scan import Place, Scan, count_strings, scan_sheet
from cartaudit.workbook.sniff import open_archive, refuse_foreign_kinds

_RUN_LOOK = re.compile(rb"<rPr>.*?</rPr>|<rPr/>", re.DOTALL)
_UNPLACED = re.compile(rb'<(?:\w+:)?c(?=[\s/>])(?! r=")')
_EMPTY_CELL = re.compile(rb'<c r="[A-Z]+[0-9]+"(?: [st]="\w+")* ?(?:/>|></c>)')
_STRICT = {
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
}
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_NAMED_IN_REFUSAL = 10
_NO_STYLE = Style()


def read_cells(data: bytes, file_name: str, limits: Limits = DEFAULT) -> Cells | Rejected:
    """Read every filled cell of an .xlsx or .xlsm file, or say in one problem why it is refused.

    Nothing is calculated, run or fetched. A cell that the scan found and the library did not return refuses the file.
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
        scans, slim = _slim_package(package, limits)
    sheets = tuple(_sheets(package, scans, slim))
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


def _slim_package(package: Package, limits: Limits) -> tuple[list[Scan], bytes]:
    # openpyxl is handed the cell data alone: what else a workbook holds can break it and is not read anyway.
    scans: list[Scan] = []
    total = 0
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for number, sheet in enumerate(package.sheets, 1):
            data = _utf8(package.read(sheet.part))
            scan = scan_sheet(data, sheet.name, limits)
            scans.append(scan)
            total += len(scan.cells)
            if total > limits.cells:
                raise Refused("CA115", sheet=sheet.name, what="filled cells", limit=limits.cells)
            _store(target, f"xl/worksheets/sheet{number}.xml", _cell_data(data, scan))
        if package.shared_strings:
            strings = _utf8(package.read(package.shared_strings))
            count_strings(strings, package.shared_strings, limits)
            _store(target, "xl/sharedStrings.xml", _lean(transitional(strings)))
        for name, text in _skeleton(package).items():
            _store(target, name, text.encode())
    return scans, out.getvalue()


def _store(target: zipfile.ZipFile, name: str, data: bytes) -> None:
    method = zipfile.ZIP_STORED if len(data) < 1_000_000 else zipfile.ZIP_DEFLATED
    target.writestr(name, data, method)


def _utf8(data: bytes) -> bytes:
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data
    try:
        text = data.decode("utf-16")
    except UnicodeDecodeError as error:
        raise Refused("CA117", part="a sheet", why="its encoding is damaged") from error
    _, closed, rest = text.partition("?>")
    return (rest if closed and text.startswith("<?xml") else text).encode()


def transitional(data: bytes) -> bytes:
    """Map the namespaces of ISO Strict to those that libraries know."""
    for strict, transitional in _STRICT.items():
        data = data.replace(strict, transitional)
    return data


def _cell_data(data: bytes, scan: Scan) -> bytes:
    start, end = scan.body
    if not scan.cells or end <= start:
        return f'<worksheet xmlns="{_MAIN}"><sheetData/></worksheet>'.encode()
    # Without any dimension the library would parse the whole sheet once more to look for one; it is reset below.
    dimension = f'<{scan.prefix}dimension ref="A1"/>'.encode()
    closing = f"</{scan.prefix}sheetData></{scan.prefix}worksheet>".encode()
    return transitional(data[: scan.head]) + dimension + _lean(data[start:end]) + closing


def _lean(data: bytes) -> bytes:
    """Leave out what gives no value but takes the library half its time: looks of rich text, and empty cells.

    Empty cells count where a cell without an address follows; then all stay. What the scan finds is compared after.
    """
    if b"<![CDATA[" in data or b"<!--" in data:
        return data
    data = _RUN_LOOK.sub(b"", data)
    return data if _UNPLACED.search(data) else _EMPTY_CELL.sub(b"", data)


def _skeleton(package: Package) -> dict[str, str]:
    numbers = range(1, len(package.sheets) + 1)
    shared = bool(package.shared_strings)
    main = f"{_TYPES}.sheet.main+xml"
    parts = {"/xl/workbook.xml": main, "/xl/styles.xml": f"{_TYPES}.styles+xml"}
    parts |= {f"/xl/worksheets/sheet{n}.xml": f"{_TYPES}.worksheet+xml" for n in numbers}
    parts |= {"/xl/sharedStrings.xml": f"{_TYPES}.sharedStrings+xml"} if shared else {}
    relations = [(f"s{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    relations += [("st", "styles", "styles.xml")]
    relations += [("ss", "sharedStrings", "sharedStrings.xml")] if shared else []
    sheets = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="s{n}"/>' for n in numbers)
    epoch = ' date1904="1"' if package.date_1904 else ""
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        + "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts.items())
        + "</Types>",
        "_rels/.rels": _relation_part([("w", "officeDocument", "xl/workbook.xml")]),
        "xl/_rels/workbook.xml.rels": _relation_part(relations),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><workbookPr{epoch}/>'
        f"<sheets>{sheets}</sheets></workbook>",
        "xl/styles.xml": _styles(package),
    }


def _relation_part(relations: list[tuple[str, str, str]]) -> str:
    rows = "".join(f'<Relationship Id="{i}" Type="{_RELATIONS}/{t}" Target="{p}"/>' for i, t, p in relations)
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def _styles(package: Package) -> str:
    codes = {code: 200 + n for n, code in enumerate(dict.fromkeys(s.number_format for s in package.styles))}
    formats = "".join(
        f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>' for code, number in codes.items() if code
    )
    cells = "".join(
        f'<xf numFmtId="{codes[s.number_format] if s.number_format else 0}" fontId="0" fillId="0" borderId="0"/>'
        for s in package.styles
    )
    return (
        f'<styleSheet xmlns="{_MAIN}"><numFmts>{formats}</numFmts><fonts><font/></fonts>'
        f"<fills><fill><patternFill/></fill></fills><borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>"
        f"<cellXfs>{cells or '<xf/>'}</cellXfs></styleSheet>"
    )


def _sheets(package: Package, scans: list[Scan], slim: bytes) -> Iterator[Sheet]:
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(io.BytesIO(slim), read_only=True, data_only=True)
        except Exception as error:  # a library's reaction to damaged content is open-ended
            raise Refused("CA117", part="xl/workbook.xml", why=type(error).__name__) from error
        for part, scan, worksheet in zip(package.sheets, scans, book.worksheets, strict=True):
            worksheet.reset_dimensions()
            values: dict[Place, tuple[CellValue | None, str]] = {}
            try:
                if scan.cells:
                    for row in worksheet.iter_rows(max_row=scan.last_row, max_col=scan.last_column):
                        for cell in row:
                            if cell.value is not None:
                                values[cell.row, cell.column] = (cast(CellValue, cell.value), cell.data_type)
            except Exception as error:  # as above
                raise Refused("CA117", part=f"sheet {part.name}", why=type(error).__name__) from error
            yield _checked_sheet(part, scan, values, package)
        book.close()


def _checked_sheet(
    part: SheetPart, scan: Scan, values: dict[Place, tuple[CellValue | None, str]], package: Package
) -> Sheet:
    lost = [place for place, cell in scan.cells.items() if cell.stored and place not in values]
    invented = [place for place in values if place not in scan.cells]
    if lost or invented:
        wrong = sorted([*lost, *invented])
        named = ", ".join(f"{column_letters(c)}{r}" for r, c in wrong[:_NAMED_IN_REFUSAL])
        more = "" if len(wrong) <= _NAMED_IN_REFUSAL else " and more"
        raise Refused("CA118", sheet=part.name, count=len(wrong), cells=named + more)
    cells = (_cell(place, scan, values.get(place), package) for place in sorted(scan.cells))
    return Sheet(
        name=part.name,
        state=part.state,
        cells=tuple(cell for cell in cells if cell is not None),
        merged=tuple(scan.merged),
        protected=scan.protected,
    )


def _cell(place: Place, scan: Scan, read: tuple[CellValue | None, str] | None, package: Package) -> Cell | None:
    scanned = scan.cells[place]
    style = package.styles[scanned.style] if scanned.style < len(package.styles) else _NO_STYLE
    value, data_type = read if read is not None else (None, "n")
    kind = CellKind.FORMULA if scanned.formula else CellKind.VALUE
    if read is None and scanned.type == "str":
        return None  # a formula whose stored result is an empty text
    if read is None:
        kind = CellKind.FORMULA_UNSTORED
    elif data_type == "e":
        kind = CellKind.ERROR
    elif value == "":
        return None
    return Cell(
        place[0],
        place[1],
        value,
        kind,
        style.font,
        style.number_format,
        scan.is_hidden(place),
    )
