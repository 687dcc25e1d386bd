"""What stands in a sheet and around it: read, kept as structure, or refused by name; never chosen among two."""

import io
import zipfile
from dataclasses import replace

import pytest
from builders_faults import archive, parts_of
from builders_intake import filled_book, save
from builders_sheets import MAIN, sheet_xml, workbook_of
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font

from cartaudit.model.cells import Cells, Mark, Note, Run, Sheet
from cartaudit.model.submission import Rejected
from cartaudit.workbook import DEFAULT, read_cells

PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
DRAWING_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'


def read(data: bytes) -> Cells:
    cells = read_cells(data, "a.xlsx")
    assert isinstance(cells, Cells), cells.problems
    return cells


def refusal(data: bytes) -> tuple[str, str]:
    outcome = read_cells(data, "a.xlsx")
    assert isinstance(outcome, Rejected)
    return outcome.problems[0].code, outcome.problems[0].message


def only_sheet(book: Workbook) -> Sheet:
    out = io.BytesIO()
    book.save(out)
    return read(out.getvalue()).sheets[0]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ('<row r="1"><c r="A1"><v>1</v></c></row><x:row xmlns:x="urn:other" r="2"><c><v>2</v></c></x:row>', "CA117"),
        ('<row r="1"><c r="A1"><v>1</v></c><c xmlns="" r="B1"><v>2</v></c></row>', "CA117"),
        ('<row r="1"><c r="A1"><v>1</v><v xmlns="urn:other">2</v></c></row>', "CA117"),
        (
            f'<row r="1"><mc:AlternateContent xmlns:mc="{MC}"><c r="A1"><v>1</v></c></mc:AlternateContent></row>',
            "CA117",
        ),
        ('<row r="1"><c r="A1"><v>1</v></c><row r="2"/></row>', "CA117"),
        ('<row r="1"><rPh sb="0" eb="1"><c r="A1"><v>1</v></c></rPh></row>', "CA117"),
        ('<row r="2"><c r="A1"><v>1</v></c></row>', "CA117"),
        (f'<row r="1"><c r="A1" xmlns:w="{MAIN}" w:r="B1"><v>1</v></c></row>', "CA117"),
        ('<row r="1">No<c r="A1"><v>1</v></c></row>', "CA122"),
        ('<row r="1"><c r="A1"><v>1</v></c>No</row>', "CA122"),
        ('No<row r="1"><c r="A1"><v>1</v></c></row>', "CA122"),
        ('<row r="1"><c r="A1"><v>1</v></c></row>No', "CA122"),
        ('<row r="1"><c r="A1"><v>1</v>No</c></row>', "CA118"),
        ('<row r="1"><c r="A1" s="9"><v>1</v></c></row>', "CA118"),
        ('<row r="1"><c r="A1" t="s"><v>7</v></c></row>', "CA118"),
        ('<row r="1"><c r="A1" t="s"><v> 0</v></c></row>', "CA118"),
        ('<row r="1"><c r="A1"><v>1</v><is/></c></row>', "CA118"),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(rows: str, code: str) -> None:
    assert refusal(workbook_of(sheet_xml(rows), "<si><t>a</t></si>"))[0] == code


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("", f"<sheetData>{ROW}</sheetData>", "CA117"),
        ("", f'<x:sheetData xmlns:x="urn:other">{ROW}</x:sheetData>', "CA117"),
        ("", f"<customSheetViews>{ROW}</customSheetViews>", "CA118"),
        ("No", "", "CA122"),
        ("", "No", "CA122"),
    ],
)
def test_what_stands_beside_the_rows_hides_no_cell(before: str, after: str, code: str) -> None:
    assert refusal(workbook_of(sheet_xml(ROW, before, after)))[0] == code


@pytest.mark.parametrize(
    "after",
    [
        f'<extLst><ext uri="a"><c xmlns="{MAIN}"><v>No</v></c></ext></extLst>',
        f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Choice><c><v>No</v></c></mc:Choice></mc:AlternateContent>',
    ],
)
def test_a_value_in_an_extension_is_structure_and_named(after: str) -> None:
    assert read(workbook_of(sheet_xml(ROW, "", after))).sheets[0].beside == ("No",)


def test_one_prefixed_row_is_a_row_like_any_other() -> None:
    rows = f'{ROW}<x:row xmlns:x="{MAIN}" r="2"><x:c r="A2"><x:v>-90</x:v></x:c></x:row>'
    assert [c.value for c in read(workbook_of(sheet_xml(rows))).sheets[0].cells] == [1, -90]


def _with(name: str, old: bytes, new: bytes) -> bytes:
    parts = parts_of(save(filled_book()))
    assert old in parts[name]
    parts[name] = parts[name].replace(old, new, 1)
    return archive(parts)


@pytest.mark.parametrize(
    ("part", "old", "new", "says"),
    [
        ("xl/workbook.xml", b"<workbookPr/>", b'<workbookPr/><workbookPr date1904="1"/>', "do not stand in it once"),
        ("xl/workbook.xml", b"</sheets>", b"</sheets><sheets/>", "exactly once"),
        ("xl/workbook.xml", b"<sheets>", b'<sheets><a xmlns="urn:other"/>', "stands among its sheets"),
        ("xl/_rels/workbook.xml.rels", b'Id="rId2"', b'Id="rId1"', "twice"),
        ("xl/_rels/workbook.xml.rels", b"/xl/worksheets/sheet2.xml", b"/xl/worksheets/sheet1.xml", "name one part"),
        ("xl/styles.xml", b"<cellXfs", b'<cellXfs/><cellXfs a="b"', "not the one table"),
        ("xl/styles.xml", b'<cellXfs count="', b'<cellXfs xmlns:q="urn:o" count="', ""),
    ],
)
def test_a_workbook_that_says_one_thing_twice_is_refused(part: str, old: bytes, new: bytes, says: str) -> None:
    outcome = read_cells(_with(part, old, new), "a.xlsx")
    if says:
        assert isinstance(outcome, Rejected)
        assert says in outcome.problems[0].message
    else:
        assert isinstance(outcome, Cells)


@pytest.mark.parametrize("kind", ["dialogsheet", "xlMacrosheet"])
def test_a_sheet_of_another_kind_is_named_as_that(kind: str) -> None:
    parts = parts_of(save(filled_book()))
    name = "xl/_rels/workbook.xml.rels"
    parts[name] = parts[name].replace(b"relationships/worksheet", f"relationships/{kind}".encode(), 1)
    code, message = refusal(archive(parts))
    assert (code, "macro sheet" in message or "dialog sheet" in message) == ("CA123", True)


def test_an_odd_element_among_cell_formats_is_refused_and_moves_no_index() -> None:
    parts = parts_of(save(filled_book()))
    parts["xl/styles.xml"] = (
        parts["xl/styles.xml"].replace(b"<cellXfs", b"<cellXfs", 1).replace(b"</cellXfs>", b"<extra/></cellXfs>", 1)
    )
    assert refusal(archive(parts))[0] == "CA117"


def test_parts_of_a_text_are_read_with_how_they_are_set() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet
    sheet["A1"] = CellRichText("4", TextBlock(InlineFont(vertAlign="superscript"), "2"))
    sheet["A2"] = CellRichText(TextBlock(InlineFont(strike=True), "1"), "8")
    sheet["A3"] = CellRichText(TextBlock(InlineFont(b=True), "so"), "-80")
    sheet["A4"] = CellRichText("a", TextBlock(InlineFont(b=True), "b"))
    sheet["A4"].font = Font(strike=True)
    first, second, third, fourth = only_sheet(book).cells
    assert (first.value, first.runs) == ("42", (Run("4"), Run("2", frozenset({Mark.RAISED}))))
    assert (second.value, second.runs) == ("18", (Run("1", frozenset({Mark.STRUCK})), Run("8")))
    assert (third.value, third.runs) == ("so-80", ())
    assert (fourth.marks, fourth.runs) == (frozenset({Mark.STRUCK}), (Run("a", frozenset({Mark.STRUCK})), Run("b")))


def test_the_font_of_a_cell_marks_the_whole_of_it() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet
    sheet["A1"], sheet["A2"], sheet["A3"] = "Yes", 5, 2
    sheet["A1"].font, sheet["A2"].font = Font(strike=True), Font(vertAlign="subscript")
    assert [c.marks for c in only_sheet(book).cells] == [{Mark.STRUCK}, {Mark.LOWERED}, set()]


def test_a_formula_is_read_beside_its_result() -> None:
    rows = (
        '<row r="1"><c r="A1"><f>TODAY()</f><v>46000</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" ref="A2:A3" si="0">NOW()+1</f><v>1</v></c></row>'
        '<row r="3"><c r="A3"><f t="shared" si="0"/><v>2</v></c></row>'
    )
    cells = read(workbook_of(sheet_xml(rows))).sheets[0].cells
    assert [c.formula for c in cells] == ["TODAY()", "NOW()+1", "NOW()+1"]


def test_notes_are_read_with_their_places_and_authors() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet
    sheet["C7"] = "Yes"
    sheet["C7"].comment = Comment("No - not since March", "QM")
    assert only_sheet(book).notes == (Note(7, 3, "No - not since March", "QM"),)


def _pinned(parts: dict[str, tuple[str, str]]) -> Sheet:
    """Read a sheet to which parts are pinned, each by its kind of relation."""
    data = workbook_of(sheet_xml(ROW))
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{RELATIONS}/{kind}" Target="/xl/{name}"/>'
        for n, (name, (kind, _)) in enumerate(parts.items())
    )
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        held = {name: source.read(name) for name in source.namelist()}
    held["xl/worksheets/_rels/sheet1.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>'.encode()
    )
    held |= {f"xl/{name}": text.encode() for name, (_, text) in parts.items()}
    return read(archive(held)).sheets[0]


COMMENTS = (
    f'<comments xmlns="{MAIN}"><authors><author>tc={{1}}</author><author>QM</author></authors><commentList>'
    '<comment ref="A1" authorId="0"><text><t>[Threaded comment]</t></text></comment>'
    '<comment ref="B2" authorId="1"><text><r><t>old </t></r><r><t>note</t></r></text></comment>'
    "</commentList></comments>"
)
THREADS = (
    '<ThreadedComments xmlns="urn:t">'
    '<threadedComment ref="A1"><text>Not in place</text></threadedComment></ThreadedComments>'
)


def test_a_threaded_comment_is_read_once_and_not_by_what_stands_for_it() -> None:
    both = _pinned({"comments1.xml": ("comments", COMMENTS), "threads.xml": ("threadedComment", THREADS)})
    assert both.notes == (Note(1, 1, "Not in place"), Note(2, 2, "old note", "QM"))
    alone = _pinned({"comments1.xml": ("comments", COMMENTS)})
    assert [n.text for n in alone.notes] == ["[Threaded comment]", "old note"]


def test_pictures_cover_ranges_and_shapes_say_texts() -> None:
    anchors = (
        "<d:twoCellAnchor><d:from><d:col>2</d:col><d:row>6</d:row></d:from>"
        "<d:to><d:col>3</d:col><d:row>8</d:row></d:to>"
        "<d:sp><d:txBody><a:p><a:r><a:t>not </a:t></a:r><a:r><a:t>valid</a:t></a:r></a:p></d:txBody></d:sp>"
        "</d:twoCellAnchor>"
        "<d:oneCellAnchor><d:from><d:col>0</d:col><d:row>0</d:row></d:from>"
        '<d:ext cx="700000" cy="400000"/></d:oneCellAnchor>'
        '<d:absoluteAnchor><d:pos x="0" y="0"/><d:ext cx="1" cy="1"/></d:absoluteAnchor>'
    )
    sheet = _pinned({"d.xml": ("drawing", f'<d:wsDr xmlns:d="{DRAWING}" xmlns:a="{DRAWING_MAIN}">{anchors}</d:wsDr>')})
    assert sheet.pictures == ("C7:D9", "A1:B3", "A1:A1")
    assert sheet.beside == ("not valid",)


def test_a_ticked_box_that_no_cell_is_linked_to_is_named() -> None:
    control = '<formControlPr xmlns="urn:f" objectType="CheckBox" checked="Checked"{}/>'
    assert _pinned({"c.xml": ("ctrlProp", control.format(""))}).beside == (
        "1 boxes or buttons that no cell is linked to",
    )
    assert _pinned({"c.xml": ("ctrlProp", control.format(' fmlaLink="$C$5"'))}).beside == ()


def test_the_count_of_what_a_file_holds_stands_beside_what_was_read() -> None:
    cells = read(save(filled_book()))
    filled = sum(len(s.cells) for s in cells.sheets)
    assert cells.counts["filled"] == filled
    assert cells.counts["cells"] >= filled
    assert cells.counts["texts"] >= filled


def test_blank_cells_are_limited_over_the_whole_workbook() -> None:
    parts = parts_of(save(filled_book()))
    blank = b'<row r="999"><c r="A999" s="0"/></row></sheetData>'
    sheets = [name for name in parts if name.startswith("xl/worksheets/sheet")]
    for name in sheets:
        parts[name] = parts[name].replace(b"</sheetData>", blank, 1)
    there = read(archive(parts)).counts["cells"]
    outcome = read_cells(archive(parts), "a.xlsx", replace(DEFAULT, blank_cells=there - 1))
    assert isinstance(outcome, Rejected)
    assert outcome.problems[0].code == "CA115"


def test_a_long_number_format_is_refused() -> None:
    data = workbook_of(sheet_xml(ROW), formats=('"' * 300,))
    assert refusal(data)[0] == "CA117"
