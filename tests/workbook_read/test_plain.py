"""Two ways to read a sheet, by pattern where it is plainly spelled and by an XML parser, with one outcome."""

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from builders_sheets import sheet_xml, workbook_of
from hypothesis import given, settings
from hypothesis import strategies as st

from cartaudit.model.submission import Rejected
from cartaudit.resources import data_folder
from cartaudit.workbook import read_cells
from cartaudit.workbook.limits import DEFAULT, Refused
from cartaudit.workbook.plain import plain_sheet, plain_strings
from cartaudit.workbook.plain_text import MOST_BYTES
from cartaudit.workbook.scan import Scan, scan_sheet
from cartaudit.workbook.strings import scan_strings

SAMPLES = sorted(data_folder("samples").glob("*.xlsx"))
PASSING = sorted((Path(__file__).parents[1] / "workbooks" / "should_pass").glob("*.xlsx"))
FRAME = (
    '<sheetPr/><cols><col min="2" max="3" width="9" hidden="1"/></cols>',
    '<sheetProtection sheet="1"/><mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>',
)
SHEET = sheet_xml(
    '<row r="1" ht="15"><c r="A1" s="2" t="s"><v>0</v></c><c r="B1"><f>1+1</f><v>2</v></c><c r="C1" s="3"/></row>'
    '<row r="3" hidden="1"/><row r="4" hidden="1"><c r="A4" t="inlineStr"><is><t xml:space="preserve"> a &amp; '
    '&#176;C </t></is></c><c r="B4" t="inlineStr"><is><r><rPr><b/><sz val="9"/></rPr><t>x</t></r><r><t>y</t></r></is>'
    '</c><c r="C4" t="str"><f t="shared" si="0"/><v></v></c><c r="D4" t="b"><v>1</v></c></row>',
    *FRAME,
)


def both(sheet: str | bytes) -> tuple[Scan | None, Scan | str]:
    data = sheet.encode() if isinstance(sheet, str) else sheet
    try:
        scanned: Scan | str = scan_sheet(data, "S", DEFAULT)
    except Refused as refusal:
        scanned = refusal.problem.code
    return plain_sheet(data, "S", DEFAULT), scanned


def sheets(path: Path) -> list[bytes]:
    with zipfile.ZipFile(path) as archive:
        return [archive.read(name) for name in archive.namelist() if re.search(r"worksheets.sheet\d+\.xml", name)]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_sheet_of_a_template_is_plain(path: Path) -> None:
    found = [plain_sheet(sheet, "S", DEFAULT) for sheet in sheets(path)]
    assert None not in found


@pytest.mark.parametrize("path", [SAMPLES[0], SAMPLES[13], *PASSING], ids=lambda path: path.name)
def test_both_ways_give_the_same_of_every_sheet(path: Path) -> None:
    for sheet in sheets(path):
        plain, scanned = both(sheet)
        assert plain is None or plain == scanned


def test_a_plain_sheet_gives_all_it_holds() -> None:
    assert plain_sheet(SHEET.encode(), "S", DEFAULT) == Scan(
        cells=[
            (1, 1, 2, "s", False, "0"),
            (1, 2, 0, "n", True, "2"),
            (4, 1, 0, "inlineStr", False, " a & °C "),
            (4, 2, 0, "inlineStr", False, "xy"),
            (4, 3, 0, "str", True, None),
            (4, 4, 0, "b", False, "1"),
        ],
        merged=["A1:B2"],
        hidden_rows={3, 4},
        hidden_columns=[(2, 3)],
        protected=True,
    )


def test_both_ways_give_the_same_of_a_plain_sheet() -> None:
    plain, scanned = both(SHEET)
    assert plain == scanned


def test_a_cell_lies_where_its_address_says_whatever_its_row() -> None:
    plain, scanned = both(SHEET.replace('r="A1"', 'r="A2"'))
    assert plain == scanned
    assert isinstance(plain, Scan)
    assert plain.cells[0][:2] == (2, 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<sheetData>", "<!-- note --><sheetData>"),
        ("<v>0</v>", "<v><![CDATA[0]]></v>"),
        ("<v>0</v>", "<v>0<!-- c --></v>"),
        ("<v>0</v>", "<v>]]></v>"),
        ("<v>0</v>", "<v>&unknown;</v>"),
        ("<v>0</v>", "<v>&#1;</v>"),
        ("<v>0</v>", "<v>&#xD800;</v>"),
        ("<v>0</v>", "<v>\x0b</v>"),
        ("<v>0</v>", "<v>\ufffe</v>"),
        ("<v>0</v>", "<v>0</v><v>1</v>"),
        ("<v>0</v>", "<v><x/>0</v>"),
        ("<v>0</v>", "<v>0"),
        ("<v>0</v>", "0"),
        ("<v>0</v>", "<is><t>0</t></is>"),
        ('r="A1"', "r='A1'"),
        ('r="A1"', 'r="a1"'),
        ('r="A1"', ""),
        ('r="A1"', 'r="AAA1"'),
        ('<c r="A1"', '<c x="" r="A1"'),
        ('<row r="1" ht="15">', '<row r="1" r="1">'),
        ('<row r="1" ht="15">', '<row r="1" ht="15" ht="15">'),
        ('<row r="1" ht="15">', "<row>"),
        ('<row r="1" ht="15">', '\n<row r="1">'),
        ("</row>", ""),
        ("</row>", "</row></row>"),
        ("</row></sheetData>", "</sheetData>"),
        ("</sheetData>", '<c r="A9"><v>1</v></c></sheetData>'),
        ("</sheetData>", '<row r="9"></sheetData>'),
        ('si="0"', 'si="0" si="0"'),
        ("</worksheet>", '<c r="A9"><v>1</v></c></worksheet>'),
        ("</worksheet>", "<sheetData></sheetData></worksheet>"),
        ("</worksheet>", "<x></worksheet>"),
        ("</worksheet>", '<x a="1" a="2"/></worksheet>'),
        ("</worksheet>", ""),
        ("<worksheet", "<!DOCTYPE a><worksheet"),
        ("<worksheet", '<?xml version="1.0" encoding="latin-1"?><worksheet'),
        ("<worksheet", "\ufeff<worksheet"),
        ("<sheetPr/>", "<?run it?>"),
        ('ref="A1:B2"', "ref='A1:B2'"),
        ('<col min="2"', '<col style=">" min="2"'),
        ("<sheetData>", "<x><sheetData>"),
        ("</sheetData>", "</sheetData></x>"),
        ("</sheetData>", "&#1;</sheetData>"),
    ],
)
def test_another_spelling_is_left_to_the_parser(old: str, new: str) -> None:
    assert old in SHEET
    assert plain_sheet(SHEET.replace(old, new, 1).encode(), "S", DEFAULT) is None


def test_the_frame_counts_though_the_rows_are_known() -> None:
    assert plain_sheet(SHEET.encode(), "S", DEFAULT) is not None
    other = plain_sheet(SHEET.replace('sheet="1"', 'sheet="0"').replace("A1:B2", "A1:C3").encode(), "S", DEFAULT)
    assert other is not None
    assert (other.protected, other.merged, other.hidden_columns) == (False, ["A1:C3"], [(2, 3)])


def test_a_known_row_counts_again_in_another_sheet() -> None:
    first = sheet_xml('<row r="1" hidden="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>')
    second = sheet_xml('<row r="1" hidden="1"><c r="A1"><v>1</v></c></row><row r="3" hidden="1"/>')
    for _ in range(2):
        assert plain_sheet(first.encode(), "S", DEFAULT) == scan_sheet(first.encode(), "S", DEFAULT)
        assert plain_sheet(second.encode(), "S", DEFAULT) == scan_sheet(second.encode(), "S", DEFAULT)


def test_lines_that_end_as_on_windows_are_plain() -> None:
    sheet = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n' + SHEET.replace(" a &amp;", " a\r\nb &amp;")
    plain, scanned = both(sheet)
    assert plain == scanned
    assert isinstance(plain, Scan)
    assert plain.cells[2][5] == " a\nb & °C "


def test_a_large_sheet_is_left_to_the_parser() -> None:
    sheet = SHEET.replace("<sheetPr/>", "<sheetPr/>" + " " * MOST_BYTES)
    assert plain_sheet(sheet.encode(), "S", DEFAULT) is None


SNIPPETS = """
<v>1</v> <v> </v> <c </c> <!-- --> <![CDATA[ ]]> &amp; & &#65; " ' < > <t> </t> <is> </is> <r> </r> <rPh> </rPh> </row>
<row> <c_r="E4"><v>5</v></c> <c_r="B1"/> <c_r="A1"><v>3</v></c> _t="e" _hidden="1" </sheetData> <x/> <row_r="2"> é
"""
snippets = st.sampled_from(["\r\n", *(snippet.replace("_", " ") for snippet in SNIPPETS.split())])


@settings(max_examples=600)
@given(place=st.integers(0, len(SHEET)), removed=st.integers(0, 12), put=snippets)
def test_where_a_changed_sheet_is_plain_the_parser_agrees(place: int, removed: int, put: str) -> None:
    plain, scanned = both(SHEET[:place] + put + SHEET[place + removed :])
    assert plain is None or plain == scanned


STRINGS = (
    '<sst xmlns="m" count="3"><si><t>a &lt; b</t></si><si><r><rPr><b/></rPr><t>x</t></r><r><t xml:space="preserve"> y'
    "</t></r></si>\n<si><t/></si><si><t></t></si></sst>"
)


def test_both_ways_give_the_same_shared_texts() -> None:
    assert plain_strings(STRINGS.encode(), 1000) == ["a < b", "x y", "", ""]
    assert scan_strings(STRINGS.encode(), "strings", DEFAULT) == ["a < b", "x y", "", ""]


@settings(max_examples=300)
@given(place=st.integers(0, len(STRINGS)), removed=st.integers(0, 12), put=snippets)
def test_where_a_changed_table_is_plain_the_parser_agrees(place: int, removed: int, put: str) -> None:
    data = (STRINGS[:place] + put + STRINGS[place + removed :]).encode()
    try:
        scanned: list[str] | str = scan_strings(data, "strings", DEFAULT)
    except Refused as refusal:
        scanned = refusal.problem.code
    plain = plain_strings(data, 1000)
    assert plain is None or plain == scanned


@pytest.mark.parametrize("spelling", [SHEET, SHEET.replace("<sheetPr/>", "<!-- -->")], ids=["plain", "other"])
@pytest.mark.parametrize("limit", ["cells", "blank_cells", "merges", "rows", "columns", "area"])
def test_the_limits_hold_for_both_ways(limit: str, spelling: str) -> None:
    outcome = read_cells(workbook_of(spelling), "a.xlsx", replace(DEFAULT, **{limit: 0}))
    assert isinstance(outcome, Rejected)
    assert [p.code for p in outcome.problems] == ["CA115"]
