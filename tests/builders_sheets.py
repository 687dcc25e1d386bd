"""Workbooks made of sheet XML written by hand, and what openpyxl reads in any workbook."""

import io
import warnings
import zipfile
from collections.abc import Sequence

import openpyxl
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import WorkSheetParser

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"

Filled = dict[tuple[int, int], tuple[object, bool]]
"""Value by row and column, and whether it is an error of the sheet."""


def sheet_xml(rows: str, before: str = "", after: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def workbook_of(
    sheet: str | bytes, strings: str = "", formats: Sequence[str] = ("General",), *, date_1904: bool = False
) -> bytes:
    """Pack one sheet; `formats` are the number formats that `s` counts, `strings` the content of the shared table."""
    codes = [code.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;") for code in formats]
    numbers = "".join(f'<numFmt numFmtId="{200 + n}" formatCode="{code}"/>' for n, code in enumerate(codes))
    looks = "".join(f'<xf numFmtId="{200 + n}" fontId="0" fillId="0" borderId="0"/>' for n in range(len(codes)))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPES}.sharedStrings+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/></Types>',
        "_rels/.rels": _relations({"w": ("officeDocument", "xl/workbook.xml")}),
        "xl/_rels/workbook.xml.rels": _relations(
            {
                "r1": ("worksheet", "worksheets/sheet1.xml"),
                "r2": ("styles", "styles.xml"),
                "r3": ("sharedStrings", "sharedStrings.xml"),
            }
        ),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><workbookPr date1904="{int(date_1904)}"/>'
        '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>{numbers}</numFmts><fonts><font/></fonts><fills><fill>'
        f"<patternFill/></fill></fills><borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>"
        f"<cellXfs>{looks}</cellXfs></styleSheet>",
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return out.getvalue()


def _relations(relations: dict[str, tuple[str, str]]) -> str:
    rows = "".join(f'<Relationship Id="{i}" Type="{_OFFICE}/{t}" Target="{p}"/>' for i, (t, p) in relations.items())
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def openpyxl_values(data: bytes) -> dict[str, Filled]:
    """Give what openpyxl reads, sheet by sheet, in whatever order the rows stand; empty texts are left out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        found = {sheet.title: _filled(sheet) for sheet in book.worksheets}
    book.close()
    return found


def _filled(sheet: ReadOnlyWorksheet) -> Filled:
    book = sheet.parent
    parser = WorkSheetParser(
        sheet._get_source(), sheet._shared_strings, True, book.epoch, book._date_formats, book._timedelta_formats
    )
    return {
        (cell["row"], cell["column"]): (cell["value"], cell["data_type"] == "e")
        for _, row in parser.parse()
        for cell in row
        if cell["value"] is not None and cell["value"] != ""
    }
