"""Limits, one at a time, and what a reader may not do."""

import subprocess
import sys
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest
from builders_faults import CHAIN, FAULTS, archive, parts_of
from builders_intake import filled_book, save
from builders_sheets import sheet_xml, workbook_of

from cartaudit.model.cells import CellKind, Cells
from cartaudit.model.submission import Rejected
from cartaudit.workbook import DEFAULT, read_cells

DATA = save(filled_book())


def refusal(**limits: int) -> tuple[str, str]:
    outcome = read_cells(DATA, "a.xlsx", replace(DEFAULT, **limits))
    assert isinstance(outcome, Rejected)
    return outcome.problems[0].code, outcome.problems[0].message


@pytest.mark.parametrize(
    ("limit", "value", "code"),
    [
        ("file_bytes", 100, "CA112"),
        ("part_bytes", 100, "CA113"),
        ("style_bytes", 100, "CA113"),
        ("unpacked_bytes", 5000, "CA113"),
        ("parts", 3, "CA115"),
        ("sheets", 2, "CA115"),
        ("cells", 20, "CA115"),
        ("blank_cells", 20, "CA115"),
        ("rows", 5, "CA115"),
        ("columns", 3, "CA115"),
        ("area", 20, "CA115"),
        ("elements", 200, "CA115"),
        ("branch", 20, "CA115"),
        ("row_cells", 3, "CA115"),
        ("formats", 1, "CA115"),
        ("text", 12, "CA115"),
        ("name", 20, "CA115"),
    ],
)
def test_each_limit_refuses_by_name(limit: str, value: int, code: str) -> None:
    found, message = refusal(**{limit: value})
    assert found == code
    assert str(value) in message


HOSTILE = {
    "attributes": '<row r="1" ' + " ".join(f'a{n}="b"' for n in range(200_000)) + "/>",
    "comment": "<!--" + "no " * 400_000 + "-->",
    "namespace": f'<a xmlns="{"n" * 400}"><b/></a>',
    "text": f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"No" * 60_000}</t></is></c></row>',
    "cells": '<row r="1">' + '<c s="0"/>' * 16_385 + "</row>",
    "elements of a row": '<row r="1"><extLst>' + "<a/>" * 200_001 + "</extLst></row>",
    "arrays": "".join(
        f'<row r="{n}"><c r="A{n}"><f t="array" ref="A1:XFD20">1</f><v>1</v></c></row>' for n in range(1, 3)
    ),
    "namespaces": '<row r="1"><extLst>' + '<a xmlns:b="c"/>' * 200_001 + "</extLst></row>",
}


@pytest.mark.parametrize("rows", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_would_cost_too_much_is_refused_before_it_is_read(rows: str) -> None:
    outcome = read_cells(workbook_of(sheet_xml(rows)), "a.xlsx")
    assert isinstance(outcome, Rejected)
    assert [p.code for p in outcome.problems] == ["CA115"]


def _pinned(kind: str, target: str) -> str:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relation = f'<Relationship Id="n" Type="{office}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relation}</Relationships>'


def test_elements_are_limited_over_all_parts_and_each_as_often_as_it_is_read() -> None:
    parts = parts_of(DATA)
    relation = _pinned("comments", "../notes.xml")
    parts["xl/notes.xml"] = b"<comments>" + b"<a/>" * 1000 + b"</comments>"
    sheets = [name for name in parts if name.startswith("xl/worksheets/sheet")]
    parts |= {name.replace("sheets/", "sheets/_rels/") + ".rels": relation.encode() for name in sheets}
    outcome = read_cells(archive(parts), "a.xlsx", replace(DEFAULT, elements=len(sheets) * 1000))
    assert isinstance(outcome, Rejected)
    assert [p.message for p in outcome.problems] == [
        f"The sheet has more elements than the limit of {len(sheets) * 1000}."
    ]


def test_what_is_unpacked_is_limited_though_one_part_is_named_by_many() -> None:
    parts = parts_of(DATA)
    relation = _pinned("drawing", "../drawing.xml")
    parts["xl/drawing.xml"] = b"<a>" + b" " * 90_000 + b"</a>"
    sheets = [name for name in parts if name.startswith("xl/worksheets/sheet")]
    parts |= {name.replace("sheets/", "sheets/_rels/") + ".rels": relation.encode() for name in sheets}
    most = sum(map(len, parts.values()))
    outcome = read_cells(archive(parts), "a.xlsx", replace(DEFAULT, unpacked_bytes=most))
    assert isinstance(outcome, Rejected)
    assert [p.code for p in outcome.problems] == ["CA113"]


def test_a_long_text_within_the_limit_is_read_whole() -> None:
    text = "No " * 30_000
    rows = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>'
    cells = read_cells(workbook_of(sheet_xml(rows)), "a.xlsx")
    assert isinstance(cells, Cells)
    assert [c.value for c in cells.sheets[0].cells] == [text]


def test_many_rows_are_read_in_pieces_and_none_is_lost() -> None:
    rows = "".join(f'<row r="{n}"><c r="B{n}"><v>{n}</v></c></row>' for n in range(1, 20_001))
    cells = read_cells(workbook_of(sheet_xml(rows)), "a.xlsx")
    assert isinstance(cells, Cells)
    assert [(c.row, c.value) for c in cells.sheets[0].cells] == [(n, n) for n in range(1, 20_001)]


def test_every_filled_cell_is_returned_once() -> None:
    cells = read_cells(DATA, "a.xlsx")
    assert isinstance(cells, Cells)
    book = filled_book()
    there = {
        (s.title, c.row, c.column)
        for s in book.worksheets
        for row in s.iter_rows()
        for c in row
        if c.value is not None and c.value != ""
    }
    assert {(s.name, c.row, c.column) for s in cells.sheets for c in s.cells} == there


def test_a_formula_without_result_is_no_value() -> None:
    cells = read_cells(DATA, "a.xlsx")
    assert isinstance(cells, Cells)
    formula = next(c for s in cells.sheets for c in s.cells if c.kind is CellKind.FORMULA_UNSTORED)
    assert formula.value is None


def test_a_formula_with_an_empty_text_as_result_is_an_empty_cell() -> None:
    parts = parts_of(DATA)
    parts[CHAIN] = parts[CHAIN].replace(b'<c r="C1"><f>', b'<c r="C1" t="str"><f>', 1)
    cells = read_cells(archive(parts), "a.xlsx")
    assert isinstance(cells, Cells)
    assert all(c.address != "C1" for s in cells.sheets if s.name == "Cold chain" for c in s.cells)


def test_the_wrong_size_in_the_directory_is_found() -> None:
    data = bytearray(DATA)
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(CHAIN.encode()))
    data[at + 24 : at + 28] = (5).to_bytes(4, "little")
    assert isinstance(read_cells(bytes(data), "a.xlsx"), Rejected)


@pytest.mark.parametrize(
    "fault", [f for f in FAULTS if f.code in ("CA113", "CA114", "CA115", "CA121")], ids=lambda f: f.name
)
def test_a_hostile_file_costs_little_memory(fault) -> None:  # type: ignore[no-untyped-def]
    data = fault.data()
    tracemalloc.start()
    read_cells(data, fault.file)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 30_000_000


def test_the_room_is_imported_without_a_heavy_library() -> None:
    code = "import sys, cartaudit.workbook, cartaudit.intake; sys.exit('openpyxl' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_workbook_is_read_without_openpyxl(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(DATA)
    code = (
        "import pathlib, sys; from cartaudit.workbook import read_cells; "
        "read_cells(pathlib.Path(sys.argv[1]).read_bytes(), 'a.xlsx').sheets; sys.exit('openpyxl' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, path], check=False).returncode == 0
