"""Limits, one at a time, and what a reader may not do."""

import subprocess
import sys
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest
from builders_faults import CHAIN, FAULTS, archive, parts_of
from builders_intake import filled_book, save

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
    ],
)
def test_each_limit_refuses_by_name(limit: str, value: int, code: str) -> None:
    found, message = refusal(**{limit: value})
    assert found == code
    assert str(value) in message


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
