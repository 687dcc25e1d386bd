"""One fault per workbook: what is done to the filled workbook, and the code and place it must give, nothing else."""

import io
import re
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from builders_intake import (
    COLUMN,
    HEADER,
    KYMRIAH,
    cell_of,
    filled_book,
    markdown_book,
    save,
    set_answer,
)
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook

from cartaudit.model.layout import IDENTITY_SHEET, PROPERTY_PREFIX, SITE_VALUES_SHEET, Field

EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A named fault, its code, its place, and the file that has it; `handed_in_as` where its name is the fault."""

    name: str
    code: str
    place: str
    data: Callable[[], bytes]
    suffix: str = ".xlsx"
    handed_in_as: str = ""

    @property
    def file(self) -> str:
        return f"{self.code}-{self.name}{self.suffix}"


FAULTS: list[Fault] = []


def raw(name: str, code: str, data: Callable[[], bytes], place: str = "", suffix: str = ".xlsx") -> None:
    FAULTS.append(Fault(name=name, code=code, place=place, data=data, suffix=suffix))


def changed(name: str, code: str, place: str, change: Callable[[Workbook], object]) -> None:
    def data() -> bytes:
        book = filled_book()
        change(book)
        return save(book)

    FAULTS.append(Fault(name=name, code=code, place=place, data=data))


def answer(name: str, code: str, question: str, value: object, field: Field = Field.ANSWER, scope: str = "") -> None:
    sheet, address = cell_of(question, field, scope)
    changed(name, code, f"{sheet}!{address}", lambda book: set_answer(book, question, value, field, scope))


def place_of(question: str, field: Field = Field.ANSWER, scope: str = "") -> str:
    return "!".join(cell_of(question, field, scope))


def cell(name: str, code: str, place: str, value: object) -> None:
    sheet, _, address = place.rpartition("!")
    changed(name, code, place, lambda book: book[sheet].__setitem__(address, value))


def archive(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as target:
        for name, content in parts.items():
            target.writestr(zipfile.ZipInfo(name, EPOCH), content, method)
    return out.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        return {name: source.read(name) for name in source.namelist()}


def patched(part: str, change: Callable[[bytes], bytes]) -> bytes:
    parts = parts_of(save(filled_book()))
    before = parts[part]
    parts[part] = change(before)
    assert parts[part] != before, part
    return archive(parts)


def with_part(name: str, content: bytes) -> bytes:
    return archive({**parts_of(save(filled_book())), name: content})


def twice() -> bytes:
    parts = parts_of(save(filled_book()))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, content in parts.items():
            target.writestr(zipfile.ZipInfo(name, EPOCH), content)
        target.writestr(zipfile.ZipInfo("XL/WORKBOOK.XML", EPOCH), b"<workbook/>")
    return out.getvalue()


def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le") + bytes(512)


CHAIN = "xl/worksheets/sheet3.xml"


def _chain(old: bytes, new: bytes) -> Callable[[], bytes]:
    return lambda: patched(CHAIN, lambda part: part.replace(old, new, 1))


def _file_faults() -> None:
    raw("random-bytes", "CA101", lambda: bytes(range(256)) * 4)
    raw("empty", "CA102", lambda: b"")
    raw("password", "CA103", lambda: ole("EncryptedPackage"))
    raw("old-excel", "CA104", lambda: ole("Workbook"))
    raw(
        "excel-2003-xml",
        "CA104",
        lambda: b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
    )
    raw("binary-workbook", "CA105", lambda: archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"\0"}))
    raw(
        "open-document",
        "CA106",
        lambda: archive({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"}),
    )
    raw("csv", "CA107", lambda: b"Id,Question,Answer\nalarm_tested,Is it?,Yes\n")
    raw("semicolons", "CA107", lambda: "Frage;Antwort\nDrucken;für alle\n".encode())
    raw("pdf", "CA108", lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    raw("html", "CA109", lambda: b"<html><body><table><tr><td>Yes</td></tr></table></body></html>")
    FAULTS.append(
        Fault(name="lock-file", code="CA110", place="", data=lambda: bytes(165), handed_in_as="~$assessment.xlsx")
    )
    raw("truncated", "CA111", lambda: save(filled_book())[:-900])
    raw("part-twice", "CA111", twice)
    raw("flipped-bytes", "CA111", _flipped)
    raw("large-part", "CA113", lambda: with_part("xl/media/image1.bin", bytes(65_000_000)))
    raw("large-styles", "CA113", lambda: with_part("xl/theme/styles.xml", bytes(5_000_000)))
    raw("ratio", "CA121", lambda: with_part("xl/media/image1.bin", bytes(9_000_000)))
    raw("doctype-in-sheet", "CA114", _chain(b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet'))
    raw(
        "doctype-in-workbook",
        "CA114",
        lambda: patched("xl/workbook.xml", lambda p: p.replace(b"<workbook", b"<!DOCTYPE a><workbook", 1)),
    )
    raw(
        "doctype-in-strings",
        "CA114",
        lambda: _doctype_in_strings(),
    )
    raw("row-two-thousand-million", "CA115", _chain(b'<row r="4"', b'<row r="2000000000"'), "Cold chain")
    raw("column-beyond-the-last", "CA115", _chain(b'r="C4"', b'r="ZZZ4"'), "Cold chain")
    raw(
        "cell-in-the-last-corner",
        "CA115",
        _chain(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
        "Cold chain",
    )
    raw(
        "merges-beyond-limit",
        "CA115",
        _chain(b"</sheetData>", b"</sheetData><mergeCells>" + b'<mergeCell ref="A1:B2"/>' * 20_001 + b"</mergeCells>"),
        "Cold chain",
    )
    raw(
        "nested-beyond-limit",
        "CA115",
        _chain(b"<sheetData>", b"<a>" * 100_000 + b"</a>" * 100_000 + b"<sheetData>"),
        "Cold chain",
    )
    raw(
        "nested-workbook-part",
        "CA115",
        lambda: patched(
            "xl/workbook.xml", lambda p: p.replace(b"<sheets>", b"<a>" * 70 + b"</a>" * 70 + b"<sheets>", 1)
        ),
    )
    raw("word-document", "CA116", lambda: archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<a/>"}))
    raw("any-archive", "CA116", lambda: archive({"readme.txt": b"hello"}))
    raw("broken-sheet", "CA117", _chain(b"</sheetData>", b"</sheetDat"))
    raw("sheet-part-missing", "CA117", _without(CHAIN))
    raw("no-place", "CA117", _chain(b'r="C4"', b'r="4C"'))
    for name, stored in {
        "shared-string-out-of-range": b' t="s"><v>99999</v></c>',
        "number-that-is-none": b"><v>1,5</v></c>",
        "number-without-end": b"><v>1e999</v></c>",
        "boolean-that-is-none": b' t="b"><v>2</v></c>',
        "no-such-day": b' t="d"><v>2026-02-30</v></c>',
        "no-such-type": b' t="x"><v>1</v></c>',
        "two-values": b"><v>1</v><v>2</v></c>",
        "text-in-a-number": b' t="n"><is><t>Yes</t></is></c>',
        "number-in-a-text": b' t="inlineStr"><v>1</v></c>',
    }.items():
        raw(name, "CA118", _stored(stored), "Cold chain")
    raw("cell-outside-the-rows", "CA118", _chain(b"<sheetData>", b'<c r="Z9"><v>1</v></c><sheetData>'), "Cold chain")
    raw("blank-workbook", "CA119", lambda: save(Workbook()))
    raw("cell-twice", "CA120", _chain(b'<c r="C4"', b'<c r="C4"><v>1</v></c><c r="C4"'), "Cold chain!C4")


def _stored(content: bytes) -> Callable[[], bytes]:
    def change(part: bytes) -> bytes:
        return re.sub(rb'<c r="C4".*?</c>', b'<c r="C4"' + content, part, count=1)

    return lambda: patched(CHAIN, change)


def _doctype_in_strings() -> bytes:
    parts = parts_of(shared_strings(save(filled_book())))
    parts["xl/sharedStrings.xml"] = b"<!DOCTYPE a>" + parts["xl/sharedStrings.xml"]
    return archive(parts)


def shared_strings(data: bytes) -> bytes:
    """Move every inline text of a workbook into the table of shared strings."""
    parts = parts_of(data)
    texts: dict[bytes, int] = {}

    def share(match: re.Match[bytes]) -> bytes:
        number = texts.setdefault(match[2], len(texts))
        return b'<c %st="s"><v>%d</v></c>' % (match[1], number)

    inline = re.compile(rb'<c ([^>]*?)t="inlineStr">\s*<is><t[^>]*>(.*?)</t></is></c>', re.DOTALL)
    for name in [n for n in parts if n.startswith("xl/worksheets/sheet")]:
        parts[name] = inline.sub(share, parts[name])
    items = b"".join(b'<si><t xml:space="preserve">%s</t></si>' % text for text in texts)
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/sharedStrings.xml"] = b'<sst xmlns="%s">%s</sst>' % (main, items)
    relation = (
        b'<Relationship Id="shared" Target="sharedStrings.xml" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
    )
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = parts[rels].replace(b"</Relationships>", relation)
    return archive(parts)


def _without(part: str) -> Callable[[], bytes]:
    return lambda: archive({n: c for n, c in parts_of(save(filled_book())).items() if n != part})


def _flipped() -> bytes:
    data = bytearray(save(filled_book()))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as source:
        offset = source.getinfo(CHAIN).header_offset
    name, extra = struct.unpack("<HH", data[offset + 26 : offset + 30])
    start = offset + 30 + name + extra
    for position in range(start + 40, start + 60):
        data[position] ^= 0xFF
    return bytes(data)


def _set_identity(name: str, value: str, *, properties: bool = True) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        for row in book[IDENTITY_SHEET].iter_rows():
            if row[0].value == name:
                row[1].value = value
        for item in book.custom_doc_props.props if properties else ():
            if item.name == f"{PROPERTY_PREFIX}{name}":
                item.value = value

    return change


def _heading(field: Field, value: str | None, sheet: str = "Cold chain") -> tuple[str, Callable[[Workbook], None]]:
    address = f"{get_column_letter(COLUMN[field])}{HEADER}"
    return f"{sheet}!{address}", lambda book: book[sheet].__setitem__(address, value)


def _identity_faults() -> None:
    other = """
    ## Travel costs
    | Name | Amount | Paid |
    | Miller | 100 | on Monday |
    """
    raw("another-tool", "CA131", lambda: save(markdown_book(other)))
    changed("other-format", "CA132", IDENTITY_SHEET, _set_identity("format", "0"))
    changed("other-content", "CA133", IDENTITY_SHEET, _set_identity("catalogue", "f" * 64))
    changed("other-edition", "CA133", IDENTITY_SHEET, _set_identity("checklists", "acc@0.9; kymriah@1"))
    changed("unknown-checklist", "CA134", IDENTITY_SHEET, _set_identity("checklists", "acc@1; kymriah@1; zzz@3"))
    changed("identity-disagrees", "CA135", IDENTITY_SHEET, _set_identity("version", "9.9", properties=False))
    changed("identity-removed", "CA136", "", lambda book: book.remove(book[IDENTITY_SHEET]))
    changed("register-sheet-missing", "CA141", "Storage vessels", lambda book: book.remove(book["Storage vessels"]))
    changed("area-sheet-missing", "CA141", "Discharge", lambda book: book.remove(book["Discharge"]))
    changed("heading-in-german", "CA142", *_heading(Field.COMMENT, "Bemerkung"))
    changed("heading-renamed", "CA143", *_heading(Field.NA_REASON, "Whatever"))
    changed("answer-heading-renamed", "CA144", *_heading(Field.ANSWER, "Whatever"))
    changed("id-heading-renamed", "CA144", *_heading(Field.ID, "Whatever"))
    changed("heading-twice", "CA145", "Cold chain!AA3", lambda b: b["Cold chain"].__setitem__("AA3", "Re-assessed on"))
    changed("question-without-product", "CA155", "Cold chain!A20", _row(20, "driving_weeks", "3"))
    changed("unknown-question", "CA146", "Cold chain!A20", _row(20, "no_such_question", "Yes"))
    changed("question-twice", "CA147", "Cold chain!C20", _row(20, "alarm_tested", "No"))
    answer("wording-changed", "CA148", "alarm_tested", "Is one alarm tested?", Field.QUESTION)
    changed("question-repeated", "CA150", "Cold chain!C20", _row(20, "alarm_tested", "Yes"))
    changed("no-heading-row", "CA149", "Discharge", lambda book: book["Discharge"].delete_rows(1, 3))


def _row(number: int, id_: str, value: object) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        sheet = book["Cold chain"]
        sheet.cell(number, COLUMN[Field.ID], id_)
        sheet.cell(number, COLUMN[Field.ANSWER], value)
        if id_ == "alarm_tested":
            sheet.cell(number, COLUMN[Field.EVIDENCE], "SOP-12")

    return change


def _set(question: str, *, field: Field = Field.ANSWER, **looks: object) -> tuple[str, Callable[[Workbook], None]]:
    """Change how the cell of a question looks: its value, font, number format or note."""
    sheet, address = cell_of(question, field, "")

    def change(book: Workbook) -> None:
        for name, value in looks.items():
            setattr(book[sheet][address], name, value)

    return f"{sheet}!{address}", change


def _qualified_faults() -> None:
    raised, struck = InlineFont(vertAlign="superscript"), InlineFont(strike=True)
    changed("answer-struck-through", "CA225", *_set("alarm_tested", font=Font(strike=True)))
    changed("owner-struck-through", "CA225", *_set("alarm_tested", field=Field.ANSWERED_BY, font=Font(strike=True)))
    footnote = CellRichText("-18", TextBlock(raised, "2"))
    changed("footnote-in-a-number", "CA226", *_set("set_point", value=footnote))
    changed("struck-digit", "CA226", *_set("vessel_count", value=CellRichText(TextBlock(struck, "1"), "8")))
    changed("hidden-by-its-format", "CA227", *_set("set_point", number_format=";;;"))
    changed("shown-in-thousands", "CA227", *_set("vessel_count", number_format="0,"))
    changed("shown-without-its-sign", "CA227", *_set("set_point", number_format="0;0"))
    changed("unit-in-the-format", "CA211", *_set("vessel_count", number_format='0" bar"'))
    changed("merged-with-the-question", "CA229", place_of("vessel_count"), _merged)
    changed("note-takes-back", "CA231", *_set("alarm_tested", comment=Comment("Not since March", "QM")))
    changed("answer-in-the-comment", "CA233", place_of("monitored", Field.COMMENT), _moved)
    answer("date-for-a-document", "CA234", "alarm_tested", date(2026, 3, 1), Field.EVIDENCE)
    answer("date-in-words-for-a-document", "CA234", "alarm_tested", "1 March 2026", Field.EVIDENCE)
    changed("unit-cell-changed", "CA211", place_of("set_point"), _set("set_point", field=Field.UNIT, value="bar")[1])
    changed("note-elsewhere", "CA417", *_set("monitored", field=Field.COMMENT, comment=Comment("Ask Ann", "QM")))


def _merged(book: Workbook) -> None:
    sheet, _, address = place_of("vessel_count").partition("!")
    row = address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    book[sheet].merge_cells(f"{get_column_letter(COLUMN[Field.QUESTION])}{row}:{address}")


def _moved(book: Workbook) -> None:
    set_answer(book, "monitored", None)
    set_answer(book, "monitored", "Yes", Field.COMMENT)


def _cell_faults() -> None:
    answer("text-for-a-number", "CA201", "set_point", "cold enough")
    answer("comparison-for-a-number", "CA201", "set_point", "< -150")
    answer("range-for-a-number", "CA201", "set_point", "-150 to -180")
    answer("not-a-number", "CA201", "set_point", "NaN")
    answer("fraction-for-a-count", "CA202", "vessel_count", 2.5)
    answer("text-for-a-date", "CA203", "last_validation", "last spring")
    answer("no-such-day", "CA203", "last_validation", "2026-02-30")
    answer("month-without-day", "CA203", "last_validation", "2026-02")
    answer("unknown-word", "CA204", "alarm_tested", "mostly")
    answer("near-miss", "CA204", "alarm_tested", "yess")
    answer("partial-for-a-boolean", "CA204", "monitored", "partial")
    for name, word in {"x": "x", "nc": "NC", "o": "o", "one": 1, "zero": 0, "dash": "-", "box": "☐"}.items():
        answer(f"ambiguous-{name}", "CA205", "alarm_tested", word)
    answer("unknown", "CA206", "alarm_tested", "unknown")
    answer("see-comment", "CA206", "set_point", "siehe Kommentar")
    answer("error-value", "CA207", "set_point", "#N/A")
    answer("error-in-comment", "CA207", "set_point", "#REF!", Field.COMMENT)
    answer("formula-without-result", "CA208", "set_point", "=1+1")
    answer("formula-in-evidence", "CA208", "alarm_tested", "=A1", Field.COMMENT)
    answer("ambiguous-date", "CA209", "last_validation", "03/04/2025")
    answer("ambiguous-dotted-date", "CA209", "last_validation", "03.04.2025")
    answer("ambiguous-grouping", "CA210", "set_point", "-1,500")
    answer("wrong-unit", "CA211", "set_point", "-150 bar")
    answer("unit-of-another-kind", "CA211", "driving_weeks", "2 months", scope="kymriah")
    answer("not-a-choice", "CA212", "refill", "The neighbour")
    answer("one-wrong-of-several", "CA212", "backups", "Spare vessel; Candle")
    _qualified_faults()
    answer("date-for-a-number", "CA214", "set_point", date(2026, 1, 1))
    answer("date-for-a-status", "CA214", "alarm_tested", datetime(2026, 1, 1, 8, 30))
    answer("boolean-for-a-number", "CA214", "vessel_count", True)
    answer("time-for-a-number", "CA214", "set_point", time(8, 30))
    answer("year-out-of-range", "CA215", "last_validation", date(1905, 1, 1))
    answer("negative-count", "CA216", "alarms_answered", -1, Field.NUMERATOR)
    answer("text-for-a-count", "CA216", "alarms_answered", "nearly all", Field.NUMERATOR)
    answer("count-missing", "CA217", "alarms_answered", None, Field.DENOMINATOR)
    answer("evidence-level", "CA218", "alarm_tested", "very good", Field.EVIDENCE_LEVEL)
    changed("number-for-a-date", "CA219", place_of("last_validation"), _serial_number)
    answer("answer-beside-counts", "CA221", "alarms_answered", "95 %")
    answer("confirmation", "CA222", "alarm_tested", "perhaps", Field.RECONFIRM)
    answer("answer-for-a-list", "CA223", "vessels", "Yes")
    cell("register-number", "CA201", "Storage vessels!C4", "very cold")
    cell("register-product", "CA212", "Storage vessels!B5", "Kymria")
    cell("symbol-font-empty-box", "CA205", place_of("alarm_tested"), "¨")


def _serial_number(book: Workbook) -> None:
    sheet, address = cell_of("last_validation")
    book[sheet][address] = 46000
    book[sheet][address].number_format = "General"


def _inspector(book: Workbook) -> None:
    set_answer(book, "alarm_tested", "No", Field.INSPECTOR_ANSWER)


def _without_evidence(book: Workbook) -> None:
    for field in (Field.EVIDENCE, Field.EVIDENCE_LEVEL, Field.EVIDENCE_DATED):
        set_answer(book, "alarm_tested", None, field)


def _site_value(parameter: str, value: object, revision: object = None) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        book[SITE_VALUES_SHEET]["A2"] = parameter
        book[SITE_VALUES_SHEET]["H2"] = value
        book[SITE_VALUES_SHEET]["I2"] = revision

    return change


def _treatment(*values: object) -> Callable[[Workbook], None]:
    return lambda book: book["Treatments"].append(values)


def _rule_faults() -> None:
    answer("na-without-reason", "CA301", "alarm_tested", "N/A")
    changed("no-evidence", "CA302", place_of("alarm_tested", Field.EVIDENCE), _without_evidence)
    answer("evidence-of-tomorrow", "CA303", "alarm_tested", date(2026, 11, 23), Field.EVIDENCE_DATED)
    answer("answered-tomorrow", "CA304", "alarm_tested", date(2026, 11, 23), Field.ANSWERED_ON)
    answer("more-than-all", "CA305", "alarms_answered", 21, Field.NUMERATOR)
    cell("product-not-in-profile", "CA306", "Storage vessels!B4", "Kymriah; Tecartus")
    changed(
        "product-in-no-vessel",
        "CA307",
        "Storage vessels",
        _treatment("Tecartus", "Mantle cell lymphoma", "Adults", "Routine use"),
    )
    cell("vessel-twice", "CA310", "Storage vessels!A5", "ln2-a")
    changed("inspector-unnamed", "CA311", place_of("alarm_tested", Field.INSPECTOR_ANSWER), _inspector)
    changed("site-value-incomplete", "CA312", f"{SITE_VALUES_SHEET}!H2", _site_value("driving_weeks_min", 2))
    changed("site-value-unknown", "CA313", f"{SITE_VALUES_SHEET}!A2", _site_value("no_such_value", 2, "7"))
    changed(
        "level-without-document",
        "CA314",
        place_of("set_point", Field.EVIDENCE_LEVEL),
        lambda b: set_answer(b, "set_point", "verified", Field.EVIDENCE_LEVEL),
    )
    changed(
        "treatment-twice",
        "CA315",
        "Treatments!A5",
        _treatment("Kymriah", "Acute lymphoblastic leukaemia", "Adults", "Routine use"),
    )
    answer("not-reconfirmed", "CA316", "alarm_tested", "re-confirm", Field.RECONFIRM)
    answer("country-without-label", "CA317", "country", "NZ")
    changed(
        "indication-of-another-product",
        "CA318",
        "Treatments!B5",
        _treatment("Kymriah", "Mantle cell lymphoma", "Adults", "Clinical trial"),
    )
    changed("nothing-examined", "CA319", place_of("alarms_answered", Field.NUMERATOR), _nothing_examined)


def _nothing_examined(book: Workbook) -> None:
    set_answer(book, "alarms_answered", 0, Field.NUMERATOR)
    set_answer(book, "alarms_answered", 0, Field.DENOMINATOR)


def _hide(book: Workbook) -> None:
    book["Cold chain"].row_dimensions[int(cell_of("contact")[1][1:])].hidden = True


def _clear_discharge(book: Workbook) -> None:
    set_answer(book, "driving_weeks", None, scope="kymriah")
    set_answer(book, "hold_hours", None, scope=KYMRIAH)


def _remove_contact(book: Workbook) -> None:
    book["Cold chain"].delete_rows(int(cell_of("contact")[1][1:]))


def _other_products(book: Workbook) -> None:
    _set_identity("checklists", "acc@1")(book)
    book.remove(book["Discharge"])


def _title_above(book: Workbook) -> None:
    book["Cold chain"].insert_rows(1, 5)
    book["Cold chain"]["A2"] = "Filled for the visit in spring"


def _remark_after(book: Workbook) -> None:
    sheet, address = cell_of("alarm_tested", Field.QUESTION)
    book[sheet][address] = f"{book[sheet][address].value} Not in the satellite unit."


def _trust_faults() -> None:
    answer("no-country", "CA401", "country", None)
    answer("no-name", "CA401", "site_name", None)
    changed("empty-sheet", "CA402", "Discharge", _clear_discharge)
    cell("row-incomplete", "CA403", "Storage vessels!C5", None)
    changed("row-removed", "CA404", "Cold chain", _remove_contact)
    changed("hidden-row", "CA405", place_of("contact"), _hide)
    cell("note-beside-the-table", "CA406", "Cold chain!AC9", "Please read this")
    cell("note-under-the-table", "CA406", "Cold chain!D40", "Please read this")
    cell("own-column", "CA406", "Cold chain!AA5", "My remark")
    changed("unprotected", "CA408", "Discharge", lambda book: setattr(book["Discharge"].protection, "sheet", False))
    raw("macros", "CA409", lambda: with_part("xl/vbaProject.bin", b"\0"), suffix=".xlsm")
    raw("external-link", "CA410", lambda: with_part("xl/externalLinks/externalLink1.xml", b"<externalLink/>"))
    answer("patient-data", "CA411", "alarm_tested", "Seen in MRN 1234567", Field.COMMENT)
    cell("text-on-the-instructions", "CA414", "Instructions!B9", "Vessel C is out of use since May")
    cell("text-above-the-headings", "CA414", "Cold chain!E1", "Vessel C is out of use since May")
    cell("text-above-a-list", "CA414", "Storage vessels!C1", "Without the vessels on loan")
    cell("text-in-a-heading-row", "CA414", "Discharge!AB3", "My remark")
    cell("text-over-a-heading-of-the-sheet", "CA414", "Cold chain!A1", "Vessel C is out of use since May")
    cell("text-over-a-formula", "CA414", "Cold chain!C1", "twelve, I think")
    cell("text-on-the-hidden-lists", "CA414", "_lists!C3", "Perhaps")
    changed("title-above-inserted-rows", "CA414", "Cold chain!A2", _title_above)
    changed("remark-after-the-question", "CA414", place_of("alarm_tested", Field.QUESTION), _remark_after)
    cell("text-on-the-identity-sheet", "CA406", f"{IDENTITY_SHEET}!A30", "Vessel C is out of use since May")
    changed("product-without-rows", "CA412", "Treatments!A4", _other_products)


_file_faults()
_identity_faults()
_cell_faults()
_rule_faults()
_trust_faults()


def symbol(book: Workbook, question: str, character: str, font: str) -> None:
    """Write a character in a symbol font."""
    sheet, address = cell_of(question)
    book[sheet][address] = character
    book[sheet][address].font = Font(name=font)
