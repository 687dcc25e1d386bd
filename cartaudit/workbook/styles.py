"""How a workbook looks: named styles, fills and print set-up; colour never carries a meaning alone."""

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.utils import absolute_coordinate, quote_sheetname
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

FONT = "Arial"
INK = "1F2933"
QUIET = "5B6770"
DEEP = "1F4E5F"
BAND = "DCE6EA"
OPEN = "FFFBEA"
INSPECTOR = "F1F3F5"
LINE = "B8C2C9"

TAB_FRONT, TAB_AREA, TAB_REGISTER, TAB_VALUES = "1F4E5F", "7A9CA8", "C9B458", "8A6F9E"

_LINE = Side(style="thin", color=LINE)
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_UNDER = Border(bottom=_LINE)


def _style(
    name: str,
    *,
    size: float = 10,
    bold: bool = False,
    italic: bool = False,
    colour: str = INK,
    fill: str = "",
    border: Border = _BOX,
    vertical: str = "top",
    horizontal: str = "left",
    wrap: bool = True,
    locked: bool = True,
    number_format: str = "General",
    underlined: bool = False,
) -> NamedStyle:
    return NamedStyle(
        name=f"ca {name}",
        font=Font(
            name=FONT, size=size, bold=bold, italic=italic, color=colour, underline="single" if underlined else "none"
        ),
        fill=PatternFill("solid", fgColor=fill) if fill else PatternFill(),
        border=border,
        alignment=Alignment(vertical=vertical, horizontal=horizontal, wrap_text=wrap),
        protection=Protection(locked=locked),
        number_format=number_format,
    )


_NONE = Border()
LEFT_UNWRAPPED = Alignment(vertical="center", horizontal="left")
DATE_FORMAT = "yyyy\\-mm\\-dd"


def named_styles() -> tuple[NamedStyle, ...]:
    """Make every style of the workbook; the open ones are unlocked."""
    return (
        _style("title", size=16, bold=True, colour=DEEP, border=_NONE, vertical="center", wrap=False),
        _style("lead", size=10, colour=QUIET, border=_NONE, vertical="center"),
        _style("heading", size=12, bold=True, colour=DEEP, border=_UNDER, vertical="center", wrap=False),
        _style("text", border=_NONE),
        _style("strong", border=_NONE, bold=True),
        _style("band", size=9, bold=True, colour=DEEP, fill=BAND, vertical="center", wrap=False),
        _style("head", size=9.5, bold=True, colour="FFFFFF", fill=DEEP, vertical="center"),
        _style("note", size=8.5, colour=QUIET, border=_NONE),
        _style("key", size=6, colour=QUIET, border=_NONE, vertical="center", wrap=False),
        _style("id", size=7.5, colour=QUIET),
        _style("question"),
        _style("fixed", size=9, colour=QUIET),
        _style("open", fill=OPEN, locked=False),
        _style("open date", fill=OPEN, locked=False, number_format=DATE_FORMAT),
        _style("inspector", fill=INSPECTOR, locked=False),
        _style("inspector date", fill=INSPECTOR, locked=False, number_format=DATE_FORMAT),
        _style("pointer", italic=True, colour=QUIET),
        _style("closed", fill="E9ECEE", colour=QUIET),
        _style("table head", size=9.5, bold=True, colour=DEEP, fill=BAND, vertical="center"),
        _style("table", vertical="center"),
        _style("table number", vertical="center", horizontal="right"),
        _style("table share", vertical="center", horizontal="right", number_format="0%"),
        _style("link", vertical="center", colour="1B5E8A", underlined=True),
        _style("hidden", size=9, border=_NONE, wrap=False),
    )


def add_styles(book: Workbook) -> None:
    """Register the named styles with a workbook; the plain font decides how wide a column's character is."""
    book._named_styles["Normal"].font = Font(name=FONT, size=10)  # type: ignore[attr-defined]
    for style in named_styles():
        book.add_named_style(style)


def protect(sheet: Worksheet) -> None:
    """Lock what is not open, without a password; widths, heights, filters and inserting rows stay free."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False
    sheet.protection.formatCells = True
    sheet.protection.insertRows = False
    sheet.protection.autoFilter = False


def set_up_page(sheet: Worksheet, *, title_rows: str = "", title_columns: str = "", scale: int | None = None) -> None:
    """Prepare printing on A4 landscape: fit to the width, or at a fixed scale where columns break over pages."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    if scale is None:
        sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
        sheet.page_setup.fitToWidth = 1
        sheet.page_setup.fitToHeight = 0
    else:
        sheet.page_setup.scale = scale
        sheet.page_setup.pageOrder = "overThenDown"
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.header, margins.footer = 0.6, 0.6, 0.3, 0.3
    _repeat(sheet, title_rows, title_columns)
    _head_and_foot(sheet)


def _repeat(sheet: Worksheet, rows: str, columns: str) -> None:
    """Repeat rows and columns on every page: columns first, or LibreOffice writes the name of both twice."""
    name = quote_sheetname(sheet.title)
    areas = [f"{name}!{absolute_coordinate(area)}" for area in (columns, rows) if area]
    if areas:
        sheet.defined_names["Print_Titles"] = DefinedName("Print_Titles", attr_text=",".join(areas))


def _head_and_foot(sheet: Worksheet) -> None:
    head, foot = sheet.oddHeader, sheet.oddFooter
    texts = (
        (head and head.left, "CAR-T self-assessment"),
        (head and head.right, "&A"),
        (foot and foot.left, "Enter no patient data"),
        (foot and foot.right, "Page &P of &N"),
    )
    for part, text in texts:
        if part:
            part.text, part.size, part.font = text, 8, FONT


LINE_HEIGHT, SMALL_LINE_HEIGHT = 13.0, 11.2


def height_of(*texts: tuple[str, float], least: float = 18) -> float:
    """Estimate the height in points that texts take side by side, each in a column of so many characters."""
    lines = max((lines_of(text, width) for text, width in texts if text), default=1)
    return min(400.0, max(least, LINE_HEIGHT * lines + 5))


def lines_of(text: str, width: float) -> int:
    """Estimate how many lines a text takes in a column of so many characters."""
    return sum(max(1, -(-len(line) // max(1, int(width)))) for line in text.split("\n"))
