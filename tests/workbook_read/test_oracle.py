"""The values read are those openpyxl reads; where they differ on purpose, a test here says so."""

from pathlib import Path

import pytest
from builders_sheets import Filled, openpyxl_values, sheet_xml, workbook_of
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from cartaudit.model.cells import CellKind, Cells
from cartaudit.model.submission import Rejected
from cartaudit.resources import data_folder
from cartaudit.workbook import read_cells
from cartaudit.workbook.reading.formats import BUILT_IN, is_duration, is_temporal

WORKBOOKS = Path(__file__).parents[1] / "workbooks"
# openpyxl itself cannot load these: damaged styles, odd member names, other namespaces, a table no content type names.
BEYOND_OPENPYXL = {"broken_styles.xlsx", "strict.xlsx", "backslashes.xlsx", "shared_strings.xlsx"}
FILES = [
    path
    for folder in (data_folder("samples"), WORKBOOKS / "should_pass", WORKBOOKS / "should_fail")
    for path in sorted(folder.glob("*.xls[xm]"))
    if path.name not in BEYOND_OPENPYXL and not path.name.startswith(("CA10", "CA11", "CA12"))
]
FORMATS = ("General", "yyyy-mm-dd", "h:mm", "[h]:mm:ss", "0.00", "[Red]0", '"day" 0', "m/d/yy h:mm", "[mm]:ss", "@")


def ours(data: bytes) -> dict[str, Filled]:
    cells = read_cells(data, "a.xlsx")
    assert isinstance(cells, Cells), cells.problems
    return {
        sheet.name: {(c.row, c.column): (c.value, c.kind is CellKind.ERROR) for c in sheet.cells if c.value is not None}
        for sheet in cells.sheets
    }


def typed(found: dict[str, Filled]) -> dict[str, dict[tuple[int, int], tuple[object, type, bool]]]:
    return {s: {p: (v, type(v), error) for p, (v, error) in cells.items()} for s, cells in found.items()}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_workbook_that_reads_gives_the_values_of_openpyxl(path: Path) -> None:
    data = path.read_bytes()
    assert typed(ours(data)) == typed(openpyxl_values(data))


def cell(content: str, kind: str = "", style: int = 0) -> str:
    mark = f' t="{kind}"' if kind else ""
    return f'<row r="1"><c r="A1" s="{style}"{mark}>{content}</c></row>'


numbers = st.one_of(
    st.integers(-(10**6), 10**6).map(str),
    st.floats(-1e6, 1e6).map(repr),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.sampled_from(["0", "0.5", "0.9999999999", "1", "59", "60", "61", "59.99", "2958465", "2958466", "-1", "1E3"]),
)


@settings(max_examples=300)
@given(number=numbers, style=st.integers(0, len(FORMATS) - 1), date_1904=st.booleans())
def test_a_number_is_what_openpyxl_makes_of_it_in_every_format_and_epoch(
    number: str, style: int, date_1904: bool
) -> None:
    data = workbook_of(sheet_xml(cell(f"<v>{number}</v>", style=style)), formats=FORMATS, date_1904=date_1904)
    assert typed(ours(data)) == typed(openpyxl_values(data))


escapes = st.sampled_from(["&amp;", "&lt;", "&gt;", "&quot;", "&#176;", "&#xB0;", "&#10;", "_x000D_", "_x005F_", " "])
texts = st.lists(st.one_of(escapes, st.text("ab °é漢😀'\n\t", max_size=5)), max_size=6).map("".join)
runs = st.lists(
    st.tuples(st.sampled_from(["", "<rPr><b/></rPr>", '<rPr><sz val="9"/><color theme="1"/></rPr>']), texts), max_size=3
).map(lambda found: "".join(f'<r>{look}<t xml:space="preserve">{text}</t></r>' for look, text in found))
phonetic = st.sampled_from(["", '<rPh sb="0" eb="1"><t>kana</t></rPh><phoneticPr fontId="1"/>'])
items = st.one_of(
    texts.map(lambda text: f"<t>{text}</t>"),
    st.builds(lambda a, b: a + b, st.one_of(runs, texts.map("<t>{}</t>".format)), phonetic),
)


@settings(max_examples=200)
@given(item=items)
def test_an_inline_text_is_what_openpyxl_joins(item: str) -> None:
    data = workbook_of(sheet_xml(cell(f"<is>{item}</is>", "inlineStr") + '<row r="2"><c r="A2"><v>1</v></c></row>'))
    assert typed(ours(data)) == typed(openpyxl_values(data))


@settings(max_examples=200)
@given(strings=st.lists(items, min_size=1, max_size=4), number=st.integers(0, 3))
def test_a_shared_text_is_what_openpyxl_joins(strings: list[str], number: int) -> None:
    table = "".join(f"<si>{item}</si>" for item in strings)
    index = number % len(strings)
    rows = cell(f"<v>{index}</v>", "s") + '<row r="2"><c r="A2"><v>1</v></c></row>'
    data = workbook_of(sheet_xml(rows), table)
    assert typed(ours(data)) == typed(openpyxl_values(data))


@pytest.mark.parametrize(
    "written",
    [
        "2026-05-04",
        "2026-05-04T08:30:00",
        "2026-05-04T08:30:00.125Z",
        "2026-05-04T08:30:00.1234567",
        "08:30",
        "08:30:15",
        "PT26H30M",
        "PT45S",
        "PT1.5S",
    ],
)
def test_a_date_in_iso_form_is_what_openpyxl_reads(written: str) -> None:
    data = workbook_of(sheet_xml(cell(f"<v>{written}</v>", "d")))
    assert typed(ours(data)) == typed(openpyxl_values(data))


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("b", "<v>1</v>"),
        ("b", "<v>0</v>"),
        ("e", "<v>#N/A</v>"),
        ("str", "<f>A2</f><v>x &amp; y</v>"),
        ("", "<f>1+1</f><v>2</v>"),
        ("e", "<f>1/0</f><v>#DIV/0!</v>"),
        ("", '<f t="shared" ref="A1:A2" si="0">1+1</f><v>2.5</v>'),
    ],
)
def test_each_type_is_what_openpyxl_reads(kind: str, content: str) -> None:
    data = workbook_of(sheet_xml(cell(content, kind)))
    assert typed(ours(data)) == typed(openpyxl_values(data))


def test_the_built_in_formats_are_those_of_openpyxl() -> None:
    assert BUILT_IN == BUILTIN_FORMATS


format_parts = ["d", "mm", "yyyy", "h", "S", '"day"', "[Red]", "[h]", "[mm]", "[$-409]", "\\d", "_m", *"0#.-/ @;:$"]
format_codes = st.lists(st.sampled_from(format_parts), max_size=8).map("".join)


@settings(max_examples=500)
@given(st.one_of(format_codes, st.sampled_from(sorted(BUILTIN_FORMATS.values()))))
def test_a_format_is_temporal_where_openpyxl_says_so(code: str) -> None:
    assert is_temporal(code) == is_date_format(code)
    if is_temporal(code):
        assert is_duration(code) == is_timedelta_format(code)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("", "<v>1_000</v>"),
        ("", "<v>١٢</v>"),
        ("", "<v>1e999</v>"),
        ("b", "<v>7</v>"),
        ("s", "<v>-1</v>"),
        ("d", "<v>2026-05-04T08:30:00+02:00</v>"),
        ("other", "<v>1</v>"),
        ("", "<v>1</v><v>2</v>"),
        ("str", "<v>a<b>c</b></v>"),
        ("s", "<v>0</v><is><t>more</t></is>"),
    ],
)
def test_what_openpyxl_guesses_is_refused_by_name(kind: str, content: str) -> None:
    outcome = read_cells(workbook_of(sheet_xml(cell(content, kind)), "<si><t>a</t></si>"), "a.xlsx")
    assert isinstance(outcome, Rejected)
    assert [(p.code, p.sheet, p.message) for p in outcome.problems] == [
        ("CA118", "S", "1 filled cells could not be read: A1.")
    ]


@pytest.mark.parametrize(
    "content",
    [
        "<is><t>a</t><t>b</t></is>",
        "<is><t>a</t><r><t>b</t></r></is>",
        "<is><r><t>a</t><t>b</t></r></is>",
        "<is><t>a<b>c</b></t></is>",
        "<is>a<t>b</t></is>",
        "<is><r>a<t>b</t></r></is>",
        "<is><x><t>b</t></x></is>",
        "<is><t>a</t></is><is><t>b</t></is>",
    ],
)
def test_a_text_that_could_be_two_is_refused_by_name(content: str) -> None:
    outcome = read_cells(workbook_of(sheet_xml(cell(content, "inlineStr"))), "a.xlsx")
    assert isinstance(outcome, Rejected)
    assert [(p.code, p.message) for p in outcome.problems] == [("CA118", "1 filled cells could not be read: A1.")]
