"""A workbook with a word of its own in every place a centre can write to, and a search for such words in any output."""

import io
import re
import zipfile
from collections.abc import Iterator

import openpyxl
import pikepdf
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from cartaudit.model.layout import AREA_HEADINGS, IDENTITY_SHEET, INSTRUCTIONS_SHEET, LISTS_SHEET, Field

_WORD = re.compile(rb"Z\s*Q\s*\d\s*\d\s*\d\s*\d\s*K")
_TEXTS = (
    Field.NA_REASON, Field.EVIDENCE, Field.COMMENT, Field.ANSWERED_BY, Field.ACTION, Field.CONTAINMENT,
    Field.OWNER_ROLE,
    Field.INSPECTOR_ROLE, Field.INSPECTOR_COMMENT, Field.CORRECTION,
)  # fmt: skip
_READ = (
    Field.ANSWER, Field.EVIDENCE_LEVEL, Field.EVIDENCE_DATED, Field.PERIOD, Field.ANSWERED_ON, Field.DUE,
    Field.RECONFIRM,
    Field.INSPECTOR_ANSWER, Field.INSPECTED_ON, Field.REASSESSMENT, Field.UNIT,
)  # fmt: skip
_FIRST_ROW = 5


class Canaries:
    """Gives words out, and remembers where each was put."""

    def __init__(self) -> None:
        self.places: dict[str, str] = {}

    def word(self, place: str) -> str:
        """Give the next word for a place."""
        word = f"ZQ{len(self.places) + 1:04d}K"
        self.places[word] = place
        return word


def with_canaries(data: bytes, *, broken: bool) -> tuple[bytes, dict[str, str]]:
    """Put a word into every place; with `broken` also into cells that hold typed answers, which it makes unreadable."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    canaries = Canaries()
    for sheet in book.worksheets:
        if sheet.title in (IDENTITY_SHEET, LISTS_SHEET, INSTRUCTIONS_SHEET):
            continue
        if sheet["A4"].value == "Id":
            _fill_area(sheet, canaries, broken)
        elif sheet["A5"].value and sheet.title != "Treatments":
            _fill_list(sheet, canaries, broken)
        sheet["AF60"] = canaries.word(f"stray cell of {sheet.title}")
        sheet["B6"].comment = Comment(canaries.word(f"note on {sheet.title}"), canaries.word("author of a note"))
        sheet.oddHeader.center.text = canaries.word(f"header of {sheet.title}")
    _fill_book(book, canaries)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), canaries.places


def _fill_area(sheet: Worksheet, canaries: Canaries, broken: bool) -> None:
    columns = {heading.field: number for number, heading in enumerate(AREA_HEADINGS, 1)}
    for row in range(_FIRST_ROW, sheet.max_row + 1):
        name = sheet.cell(row, 1).value
        if not name:
            continue
        for field in _TEXTS:
            sheet.cell(row, columns[field]).value = canaries.word(f"{field} of {name}")
        for number, field in enumerate(_READ):
            if broken and row % len(_READ) == number:
                sheet.cell(row, columns[field]).value = f"about {canaries.word(f'{field} of {name}')}"
        if sheet.title == "Profile" and name in ("site_name", "site_code", "site_address", "assessed_by", "network"):
            sheet.cell(row, columns[Field.ANSWER]).value = canaries.word(f"declared {name}")
        if broken and row % 9 == 0:
            sheet.cell(row, 2).value = canaries.word(f"wording of {name}")
        if broken and row % 13 == 0:
            sheet.cell(row, 1).value = canaries.word(f"id of {name}")


def _fill_list(sheet: Worksheet, canaries: Canaries, broken: bool) -> None:
    for cells in sheet.iter_rows(min_row=6):
        for cell in cells:
            if isinstance(cell.value, str) and not cell.value.startswith("="):
                column = str(sheet.cell(4, cell.column).value)
                free = column in (
                    "number",
                    "address",
                    "facility",
                    "run_by",
                    "answers_for_it",
                    "title",
                    "owner_role",
                    "unit",
                )
                if cell.column == 1 or free:
                    cell.value = canaries.word(f"{sheet.title}.{column}")
                elif broken and cell.row % 2:
                    cell.value = f"{cell.value} {canaries.word(f'{sheet.title}.{column}')}"


def _fill_book(book: openpyxl.Workbook, canaries: Canaries) -> None:
    sheet = book.create_sheet(canaries.word("name of a sheet"))
    sheet["A1"] = canaries.word("cell of another sheet")
    for name in ("creator", "lastModifiedBy", "title", "subject", "description", "keywords", "category"):
        setattr(book.properties, name, canaries.word(f"property {name}"))
    book.custom_doc_props.append(
        StringProperty(name=canaries.word("name of a property"), value=canaries.word("value of a property"))
    )
    name = canaries.word("defined name")
    book.defined_names[name] = DefinedName(name, attr_text="Profile!$A$1")


def words_in(data: bytes) -> set[str]:
    """Find the words in a file, in whatever it holds: archives, streams, strings, attachments, texts of pages."""
    return {word for part in _parts(data) for word in _found(part)}


def _found(data: bytes) -> Iterator[str]:
    for spelled in (data, data.replace(b"\0", b"")):
        for word in _WORD.findall(spelled):
            yield re.sub(rb"\s", b"", word).decode()


def _parts(data: bytes) -> Iterator[bytes]:
    yield data
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from _parts(archive.read(name))
    if data.startswith(b"%PDF-"):
        yield from _of_pdf(data)


def _of_pdf(data: bytes) -> Iterator[bytes]:
    from cartaudit.report.pdf_text import page_texts

    with pikepdf.open(io.BytesIO(data)) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream):
                yield from _parts(item.read_bytes())
            yield "\n".join(_strings(item)).encode()
    yield from (text.encode() for text in page_texts(data))


def _strings(item: object, depth: int = 0) -> Iterator[str]:
    if isinstance(item, pikepdf.String):
        yield str(item)
    elif isinstance(item, pikepdf.Array) and depth < 4:
        for part in item:
            yield from _strings(part, depth + 1)
    elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream) and depth < 4:
        for key in item.keys():  # noqa: SIM118 - no mapping
            if key not in ("/Parent", "/P", "/Pg", "/Kids", "/K"):
                yield from _strings(item[key], depth + 1)
