"""The filled workbook in other looks and other forms, none of which changes an answer."""

import random
import re
from collections.abc import Callable
from datetime import date

from builders_faults import archive, parts_of, shared_strings, symbol
from builders_intake import HEADER, set_answer
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook import Workbook

from cartaudit.model.layout import AREA_HEADINGS


def shuffle_sheets(book: Workbook) -> None:
    random.Random(1).shuffle(book._sheets)


def shuffle_rows(book: Workbook) -> None:
    for name, columns in (("Cold chain", len(AREA_HEADINGS)), ("Storage vessels", 4), ("Profile", len(AREA_HEADINGS))):
        sheet = book[name]
        numbers = range(HEADER + 1, sheet.max_row + 1)
        rows = [[sheet.cell(r, c).value for c in range(1, columns + 1)] for r in numbers]
        random.Random(2).shuffle(rows)
        _write(book, name, rows)


def _write(book: Workbook, name: str, rows: list[list[object]]) -> None:
    for number, values in enumerate(rows, HEADER + 1):
        for column, value in enumerate(values, 1):
            cell = book[name].cell(number, column)
            cell.value = value
            cell.number_format = "yyyy-mm-dd" if isinstance(value, date) else "General"


def shuffle_columns(book: Workbook) -> None:
    order = list(range(1, len(AREA_HEADINGS) + 1))
    random.Random(3).shuffle(order)
    for name in ("Profile", "Cold chain", "Discharge"):
        sheet = book[name]
        for row in range(HEADER, sheet.max_row + 1):
            values = [(sheet.cell(row, c).value, sheet.cell(row, c).number_format) for c in order]
            for column, (value, shown) in enumerate(values, 1):
                sheet.cell(row, column).value = value
                sheet.cell(row, column).number_format = shown


def insert_blank_rows(book: Workbook) -> None:
    for name in ("Profile", "Cold chain", "Storage vessels"):
        book[name].insert_rows(1, 5)


def use_1904_dates(book: Workbook) -> None:
    book.epoch = CALENDAR_MAC_1904


def rename_sheets(book: Workbook) -> None:
    book["Cold chain"].title = "Kühlkette"
    book["Storage vessels"].title = "Tanks"


def text_dates(book: Workbook) -> None:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if hasattr(cell.value, "isoformat"):
                    cell.value = cell.value.isoformat()[:10]
                    cell.number_format = "General"


def odd_blanks(book: Workbook) -> None:
    for sheet in book.worksheets[1:5]:
        for row in sheet.iter_rows(min_row=HEADER + 1, min_col=3):
            for cell in row:
                if isinstance(cell.value, str) and not cell.value.startswith("="):
                    cell.value = f"\u00a0{cell.value.replace(' ', chr(0xA0))}\u200b _x000d_"


def untouched(book: Workbook) -> None:
    """Leave the workbook as it is."""
    del book


def other_words(book: Workbook) -> None:
    set_answer(book, "alarm_tested", "Erfüllt")
    set_answer(book, "monitored", "oui")
    set_answer(book, "country", "Deutschland")
    set_answer(book, "refill", "own")
    set_answer(book, "backups", "gas, vessel")


def symbols(book: Workbook) -> None:
    symbol(book, "alarm_tested", "ü", "Wingdings")
    symbol(book, "monitored", "P", "Wingdings 2")


def typed_units(book: Workbook) -> None:
    set_answer(book, "set_point", "\u2212180,0 °C")
    set_answer(book, "driving_weeks", "56 days", scope="kymriah")
    set_answer(book, "hold_hours", "30 min", scope="kymriah:all:adult")
    set_answer(book, "vessel_count", "2 vessels")


def booleans(book: Workbook) -> None:
    set_answer(book, "alarm_tested", True)
    set_answer(book, "monitored", True)


CHANGES: tuple[Callable[[Workbook], None], ...] = (
    untouched,
    other_words,
    symbols,
    typed_units,
    booleans,
    shuffle_sheets,
    shuffle_rows,
    shuffle_columns,
    insert_blank_rows,
    use_1904_dates,
    rename_sheets,
    text_dates,
    odd_blanks,
)


def strict(data: bytes) -> bytes:
    """Write the namespaces of ISO 29500 Strict."""
    names = (
        (
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
        (
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    )
    parts = parts_of(data)
    for name in parts:
        for old, new in names:
            parts[name] = parts[name].replace(old, new)
    return archive(parts)


def wrong_dimension(data: bytes) -> bytes:
    """State that every sheet holds one cell."""
    parts = parts_of(data)
    for name in parts:
        parts[name] = re.sub(rb'<dimension ref="[^"]*"/>', b'<dimension ref="A1"/>', parts[name])
    return archive(parts)


def prefixed(data: bytes) -> bytes:
    """Give every element of the sheets a namespace prefix."""
    parts = parts_of(data)
    for name in [n for n in parts if n.startswith("xl/worksheets/")]:
        content = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", parts[name])
        parts[name] = content.replace(b"xmlns=", b"xmlns:x=", 1)
    return archive(parts)


def utf_16(data: bytes) -> bytes:
    """Encode the sheets as UTF-16."""
    parts = parts_of(data)
    for name in [n for n in parts if n.startswith("xl/worksheets/")]:
        text = '<?xml version="1.0" encoding="UTF-16"?>' + parts[name].decode()
        parts[name] = text.encode("utf-16")
    return archive(parts)


def backslashes(data: bytes) -> bytes:
    """Name the members as some programs do."""
    return archive({name.replace("/", "\\"): content for name, content in parts_of(data).items()})


def broken_styles(data: bytes) -> bytes:
    """Put into the styles what openpyxl refuses to read."""
    parts = parts_of(data)
    parts["xl/styles.xml"] = parts["xl/styles.xml"].replace(b"<fills", b"<fills><fill><bad/></fill></fills><x", 1)
    parts["xl/styles.xml"] = (
        parts["xl/styles.xml"]
        .replace(b"</fills>", b"</x>")
        .replace(b"<fills><fill><bad/></fill></x>", b"<fills><fill><bad/></fill></fills>")
    )
    return archive(parts)


def _changed_sheets(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    parts = parts_of(data)
    for name in [n for n in parts if n.startswith("xl/worksheets/sheet")]:
        parts[name] = change(parts[name])
    return archive(parts)


def rows_out_of_order(data: bytes) -> bytes:
    """Write the last row of every sheet first; each cell still says where it stands."""

    def turn(part: bytes) -> bytes:
        start, end, last = part.index(b"<row "), part.index(b"</sheetData>"), part.rindex(b"<row ")
        return part[:start] + part[last:end] + part[start:last] + part[end:]

    return _changed_sheets(data, turn)


def other_spelling(data: bytes) -> bytes:
    """Write the same XML with comments, CDATA and single quotes."""

    def spell(part: bytes) -> bytes:
        part = re.sub(rb"<t>([^<&]*)</t>", rb"<t><![CDATA[\1]]></t>", part)
        part = re.sub(rb'<c r="([A-Z]+[0-9]+)"', rb"<c r='\1'", part)
        return part.replace(b"<sheetData>", b"<!-- filled in by hand --><sheetData>")

    return _changed_sheets(data, spell)


FORMS: tuple[Callable[[bytes], bytes], ...] = (
    shared_strings,
    strict,
    wrong_dimension,
    prefixed,
    utf_16,
    backslashes,
    broken_styles,
    rows_out_of_order,
    other_spelling,
)
