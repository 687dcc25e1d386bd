import io

import openpyxl
import pytest
from builders_faults import archive, parts_of
from builders_intake import codes, filled_book, read, save, set_answer

from cartaudit.errors import WorkbookError
from cartaudit.model.cells import CellKind
from cartaudit.model.submission import Rejected
from cartaudit.workbook import read_cells
from cartaudit.workbook.annotate import annotate_workbook


def faulty() -> bytes:
    book = filled_book()
    set_answer(book, "alarm_tested", "mostly")
    set_answer(book, "contact", '=HYPERLINK("http://example.org")')
    return save(book)


def annotated(data: bytes) -> tuple[bytes, openpyxl.Workbook]:
    copy = annotate_workbook(data, read(data).problems)
    return copy, openpyxl.load_workbook(io.BytesIO(copy))


def test_a_problem_cell_is_coloured_and_says_why() -> None:
    _, book = annotated(faulty())
    cell = book["Cold chain"]["C4"]
    assert cell.fill.start_color.rgb == "FFF4B6B6"
    assert "ERROR CA204: 'mostly' is not an answer." in cell.comment.text


def test_every_problem_is_listed_with_a_link() -> None:
    data = faulty()
    _, book = annotated(data)
    rows = list(book["Problems"].iter_rows(min_row=2))
    assert [(r[1].value, r[2].value) for r in rows] == codes(read(data))
    assert rows[0][2].hyperlink.location == "'Cold chain'!C4"


def test_the_answers_of_the_copy_are_those_of_the_original() -> None:
    data = faulty()
    copy, _ = annotated(data)
    first, second = read_cells(data, "a.xlsx"), read_cells(copy, "a.xlsx")
    assert not isinstance(first, Rejected)
    assert not isinstance(second, Rejected)
    assert [s.cells for s in first.sheets] == [
        tuple(c._replace(font=o.font, number_format=o.number_format) for c, o in zip(s.cells, t.cells, strict=True))
        for s, t in zip(second.sheets, first.sheets, strict=False)
    ]


def test_the_stored_result_of_a_formula_stays() -> None:
    book = filled_book()
    set_answer(book, "set_point", "=-90*2")
    parts = parts_of(save(book))
    name = "xl/worksheets/sheet3.xml"
    parts[name] = parts[name].replace(b"<f>-90*2</f><v></v>", b"<f>-90*2</f><v>-180</v>")
    copy, _ = annotated(archive(parts))
    cells = read_cells(copy, "a.xlsx")
    assert not isinstance(cells, Rejected)
    cell = next(c for s in cells.sheets if s.name == "Cold chain" for c in s.cells if c.address == "C7")
    assert (cell.value, cell.kind) == (-180, CellKind.FORMULA)


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    book = filled_book()
    set_answer(book, "alarm_tested", "+SUM(A1)")
    _, copy = annotated(save(book))
    assert copy["Problems"]["E2"].data_type == "s"


def test_two_runs_give_the_same_bytes() -> None:
    data = faulty()
    assert annotated(data)[0] == annotated(data)[0]


def test_a_file_that_is_no_workbook_is_refused() -> None:
    with pytest.raises(WorkbookError, match="cannot be marked up"):
        annotate_workbook(b"%PDF-1.7", ())
