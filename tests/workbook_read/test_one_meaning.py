"""What a file says twice, or of nothing, is refused by name; what stands for the same thing is read once."""

import re
from collections.abc import Mapping

import pytest
from builders_faults import archive, parts_of
from builders_sheets import MAIN, sheet_xml, workbook_of

from cartaudit.model.cells import Cell, CellKind, Cells, Note
from cartaudit.model.submission import Rejected
from cartaudit.workbook import read_cells

PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
TEAMS = "http://schemas.microsoft.com/office/2017/10/relationships"
NOTHING: Mapping[str, str] = {}
ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'
WORKBOOK, RELATIONS, STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"


def read(data: bytes) -> Cells:
    cells = read_cells(data, "a.xlsx")
    assert isinstance(cells, Cells), cells.problems
    return cells


def refused(data: bytes) -> tuple[str, str]:
    outcome = read_cells(data, "a.xlsx")
    assert isinstance(outcome, Rejected)
    return outcome.problems[0].code, outcome.problems[0].message


def cells_of(rows: str, **more: str) -> tuple[Cell, ...]:
    return read(workbook_of(sheet_xml(rows), **more)).sheets[0].cells


def changed(part: str, old: str, new: str, added: Mapping[str, str] = NOTHING) -> bytes:
    parts = parts_of(workbook_of(sheet_xml(ROW)))
    assert re.search(old, parts[part].decode())
    parts[part] = re.sub(old, new, parts[part].decode(), count=1).encode()
    return archive({**parts, **{name: text.encode() for name, text in added.items()}})


@pytest.mark.parametrize(
    ("rows", "code", "says"),
    [
        (f'{ROW}<row r="1"><c r="B1"><v>2</v></c></row>', "CA117", "row 1 stands in it twice"),
        (f'{ROW}<row r="1" hidden="1"/>', "CA117", "row 1 stands in it twice"),
        ('<row r="2"/><row r="1"/><row><c><v>1</v></c></row>', "CA117", "row 2 stands in it twice"),
        ('<row r="1"><c r="A1"><v>1</v></c><c r="A1"/></row>', "CA120", "twice"),
        ('<row r="1"><c r="A1"/><c r="A1"><v>1</v></c></row>', "CA120", "twice"),
        ('<row r="1"><c r="B1"/><c r="A1"/><c><v>1</v></c></row>', "CA120", "twice"),
        (f'<row xmlns:w="{MAIN}" w:r="5"><c><v>1</v></c></row>', "CA117", "could be read in two ways"),
        ('<row r="1"><c R="B1" r="A1"><v>1</v></c></row>', "CA117", "could be read in two ways"),
        (f'<row r="1"><c xmlns:w="{MAIN}" w:r="C1"/><c><v>1</v></c></row>', "CA117", "could be read in two ways"),
    ],
)
def test_a_place_that_stands_twice_is_refused_though_one_of_them_is_blank(rows: str, code: str, says: str) -> None:
    found, message = refused(workbook_of(sheet_xml(rows)))
    assert (found, says in message) == (code, True)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "<sheetProtection sheet='1'/><sheetProtection sheet='0'/>"),
        ("", '<mergeCells><mergeCell ref="A1:B1"/></mergeCells><mergeCells/>'),
        ("", '<mergeCells><mergeCell xmlns="urn:other" ref="A1:B1"/></mergeCells>'),
        ('<cols><col xmlns="urn:other" min="1" max="1" hidden="1"/></cols>', ""),
    ],
)
def test_what_a_sheet_says_of_itself_it_says_once(before: str, after: str) -> None:
    assert refused(workbook_of(sheet_xml(ROW, before, after)))[0] == "CA117"


def test_columns_and_conditions_may_stand_in_several_lists() -> None:
    column = '<cols><col min="{0}" max="{0}" hidden="1"/></cols>'
    condition = '<conditionalFormatting sqref="A1"/>'
    data = workbook_of(sheet_xml(ROW, column.format(1) + column.format(2), condition * 2))
    assert [c.hidden for c in read(data).sheets[0].cells] == [True]


@pytest.mark.parametrize(
    ("part", "old", "new", "says"),
    [
        (RELATIONS, f"{OFFICE}/worksheet", "http://other.example/worksheet", "cannot be read"),
        (RELATIONS, f"{OFFICE}/worksheet", f"{OFFICE}/chartsheet", "said to be a chart sheet"),
        (WORKBOOK, 'r:id="r1"', f'r:id="r1" xmlns:s="{STRICT}" s:id="r2"', "does not hold it"),
        (WORKBOOK, 'r:id="r1"', 'xmlns:o="urn:other" o:id="r1"', "does not hold it"),
        (RELATIONS, 'Target="worksheets', 'xmlns:o="urn:o" o:Target="worksheets', "is missing"),
        (RELATIONS, 'Target="worksheets', 'TargetMode="External" Target="worksheets', "is missing"),
        (RELATIONS, '<Relationship Id="r1"', '<Relationship xmlns="urn:o" Id="r1"', "stands among its relations"),
        (WORKBOOK, "<workbookPr[^>]*>", '<a xmlns="urn:o"><workbookPr date1904="1"/></a>', "stand in it once"),
        (WORKBOOK, "<workbookPr[^>]*>", f'<extLst><workbookPr xmlns="{MAIN}"/></extLst>', "stand in it once"),
        (WORKBOOK, 'date1904="0"', 'date1904="yes"', "how days are counted"),
        (STYLES, "</fonts>", "</fonts><x><fonts/></x>", "not the one table"),
        (STYLES, "<cellXfs>", "<x><cellXfs/></x><cellXfs>", "not the one table"),
    ],
)
def test_a_workbook_names_its_sheets_days_and_formats_once(part: str, old: str, new: str, says: str) -> None:
    code, message = refused(changed(part, old, new))
    assert (code, says in message) == ("CA117", True)


@pytest.mark.parametrize("written", ["1", "true", "TRUE"])
def test_days_are_counted_from_1904_in_every_spelling_of_true(written: str) -> None:
    assert read(changed(WORKBOOK, 'date1904="0"', f'date1904="{written}"')).date_1904


def test_an_attribute_of_another_namespace_says_nothing_of_a_sheet() -> None:
    other = 'xmlns:o="urn:o" o:name="T" o:state="hidden" name="S"'
    sheet = read(changed(WORKBOOK, 'name="S"', other)).sheets[0]
    assert (sheet.name, sheet.state) == ("S", "visible")


def test_a_property_that_stands_twice_is_refused() -> None:
    twice = '<P><property name="a"><v>1</v></property><property name="a"><v>2</v></property></P>'
    data = changed(WORKBOOK, "<workbookPr", "<workbookPr", {"docProps/custom.xml": twice})
    assert refused(data)[1].startswith("The part docprops/custom.xml cannot be read (a property stands in it twice)")


@pytest.mark.parametrize(("number", "kind"), [(300, "lost"), (23, "lost"), (30, "date"), (57, "date"), (14, "date")])
def test_a_number_format_that_is_in_no_table_gives_no_value(number: int, kind: str) -> None:
    data = changed(STYLES, 'xf numFmtId="200"', f'xf numFmtId="{number}"')
    outcome = read_cells(data, "a.xlsx")
    if kind == "lost":
        assert isinstance(outcome, Rejected)
        assert outcome.problems[0].code == "CA118"
    else:
        assert isinstance(outcome, Cells)
        assert str(outcome.sheets[0].cells[0].value) == "1900-01-01 00:00:00"


def test_a_text_of_an_unknown_number_format_is_a_text() -> None:
    parts = parts_of(workbook_of(sheet_xml('<row r="1"><c r="A1" t="str"><v>Yes</v></c></row>')))
    parts[STYLES] = parts[STYLES].replace(b'xf numFmtId="200"', b'xf numFmtId="300"')
    assert [c.value for c in read(archive(parts)).sheets[0].cells] == ["Yes"]


def test_a_shared_formula_is_found_wherever_its_first_cell_stands() -> None:
    rows = (
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>2</v></c></row>'
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A3" si="0">TODAY()</f><v>1</v></c></row>'
        '<row r="3"><c r="A3"><f t="shared" si="0">RAND()</f><v>3</v></c></row>'
    )
    assert [c.formula for c in cells_of(rows)] == ["TODAY()", "TODAY()", "RAND()"]


def test_a_shared_formula_without_a_first_cell_gives_no_value() -> None:
    rows = '<row r="1"><c r="A1"><f t="shared" si="0"/><v>2</v></c></row>'
    assert refused(workbook_of(sheet_xml(rows)))[0] == "CA118"


@pytest.mark.parametrize("kind", ["array", "dataTable"])
def test_every_cell_of_an_array_formula_is_one_of_a_formula(kind: str) -> None:
    rows = (
        f'<row r="1"><c r="A1"><f t="{kind}" ref="A1:B2">TODAY()+C1</f><v>1</v></c><c r="B1"><v>2</v></c></row>'
        '<row r="2"><c r="A2"><v>3</v></c><c r="B2"/><c r="C2"><v>4</v></c></row>'
    )
    found = {c.address: (c.kind, c.formula) for c in cells_of(rows)}
    area = (CellKind.FORMULA, "TODAY()+C1")
    assert found == {"A1": area, "B1": area, "A2": area, "C2": (CellKind.VALUE, "")}


def pinned(**parts: tuple[str, str]) -> bytes:
    """Pin parts to the sheet, each by the type of its relation."""
    relations = "".join(
        f'<Relationship Id="{name}" Type="{kind}" Target="../{name}.xml"/>' for name, (kind, _) in parts.items()
    )
    added = {f"xl/{name}.xml": text for name, (_, text) in parts.items()}
    added["xl/worksheets/_rels/sheet1.xml.rels"] = f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>'
    added["xl/p.xml"] = '<personList><person displayName="QM" id="{1}"/></personList>'
    person = f'<Relationship Id="p" Type="{TEAMS}/person" Target="p.xml"/></Relationships>'
    return changed(RELATIONS, "</Relationships>", person, added)


def notes(*of: tuple[str, str, str]) -> tuple[str, str]:
    """Write notes of place, author and text."""
    authors = "".join(f"<author>{author}</author>" for _, author, _ in of)
    listed = "".join(
        f'<comment ref="{place}" authorId="{n}"><text>{text}</text></comment>' for n, (place, _, text) in enumerate(of)
    )
    return f"{OFFICE}/comments", f'<comments xmlns="{MAIN}"><authors>{authors}</authors>{listed}</comments>'


def thread(*of: tuple[str, str]) -> tuple[str, str]:
    """Write threaded comments of place and text."""
    listed = "".join(
        f'<threadedComment ref="{place}" personId="{{1}}"><text>{text}</text></threadedComment>' for place, text in of
    )
    return f"{TEAMS}/threadedComment", f'<ThreadedComments xmlns="urn:t">{listed}</ThreadedComments>'


def test_a_thread_is_read_with_its_replies_and_authors() -> None:
    stand_in = notes(("A1", "tc={9}", "<t>[Threaded comment] Comment: No Reply: why</t>"))
    data = pinned(c=stand_in, t=thread(("A1", "No"), ("A1", "why")))
    assert read(data).sheets[0].notes == (Note(1, 1, "No", "QM"), Note(1, 1, "why", "QM"))


def test_a_note_that_only_looks_as_if_it_stood_for_a_thread_is_read() -> None:
    data = pinned(c=notes(("B2", "tc={9}", "<t>No</t>")), t=thread(("A1", "fine")))
    assert [n.text for n in read(data).sheets[0].notes] == ["fine", "No"]


def test_phonetic_hints_are_no_part_of_a_note() -> None:
    data = pinned(c=notes(("A1", "QM", '<r><t>No</t></r><rPh sb="0" eb="1"><t>kana</t></rPh>')))
    assert [n.text for n in read(data).sheets[0].notes] == ["No"]


@pytest.mark.parametrize("place", ["", "A0", "1", "A1048577", "XFE1", "ZZZ1"])
def test_a_note_pinned_to_no_cell_is_refused(place: str) -> None:
    assert "pinned to no cell" in refused(pinned(c=notes((place, "QM", "<t>No</t>"))))[1]
    assert "pinned to no cell" in refused(pinned(t=thread((place, "No"))))[1]


def test_a_note_that_holds_what_no_text_can_is_refused() -> None:
    assert refused(pinned(c=notes(("A1", "QM", "<t>No<b>x</b></t>"))))[0] == "CA117"


def test_notes_and_drawings_that_are_named_have_to_be_there() -> None:
    for kind in ("comments", "drawing"):
        gone = parts_of(pinned(c=(f"{OFFICE}/{kind}", "<a/>")))
        del gone["xl/c.xml"]
        assert refused(archive(gone))[0] == "CA117"


def test_a_picture_that_ends_on_an_edge_covers_nothing_behind_it() -> None:
    def anchor(column: int, row: int) -> str:
        end = f"<col>4</col><colOff>{column}</colOff><row>9</row><rowOff>{row}</rowOff>"
        return f"<twoCellAnchor><from><col>2</col><row>6</row></from><to>{end}</to></twoCellAnchor>"

    drawing = f"<wsDr>{anchor(0, 0)}{anchor(1, 0)}{anchor(0, 1)}{anchor(1, 1)}</wsDr>"
    pictures = read(pinned(d=(f"{OFFICE}/drawing", drawing))).sheets[0].pictures
    assert pictures == ("C7:D9", "C7:E9", "C7:D10", "C7:E10")


@pytest.mark.parametrize("kind", ["chart", "diagramData"])
def test_what_charts_and_diagrams_say_is_named(kind: str) -> None:
    parts = parts_of(pinned(d=(f"{OFFICE}/drawing", "<wsDr/>")))
    relation = f'<Relationship Id="c" Type="{OFFICE}/{kind}" Target="e.xml"/>'
    parts["xl/_rels/d.xml.rels"] = f'<Relationships xmlns="{PACKAGE}">{relation}</Relationships>'.encode()
    parts["xl/e.xml"] = b"<c><rich><p><r><t>not </t></r><r><t>valid</t></r></p><p><r><t>now</t></r></p></rich></c>"
    assert read(archive(parts)).sheets[0].beside == ("not valid now",)
