import pytest
from builders_intake import COLUMN, filled_book, read

from cartaudit.model.layout import Field


def test_a_filled_template_has_no_problem() -> None:
    outcome = read(filled_book())
    assert [str(p) for p in outcome.problems] == []


@pytest.mark.parametrize(("given", "code"), [("No", "CA147"), ("Yes", "CA150")])
def test_a_product_behind_the_id_of_a_centre_s_question_makes_no_other_question(given, code):
    book = filled_book()
    book["Cold chain"]["A20"], book["Cold chain"].cell(20, COLUMN[Field.ANSWER]).value = "alarm_tested@kymriah", given
    submission = read(book)
    assert code in [p.code for p in submission.problems]
    assert ("alarm_tested", "kymriah") not in submission.responses


def test_a_product_s_question_without_its_product_leaves_the_products_open():
    book = filled_book()
    book["Cold chain"]["A20"], book["Cold chain"].cell(20, COLUMN[Field.ANSWER]).value = "driving_weeks", 3
    submission = read(book)
    assert "CA155" in [p.code for p in submission.problems]
    assert [(stop.code, stop.stops.value) for stop in submission.stopped] == [("CA155", "treatment")]


@pytest.mark.parametrize("ids", [True, False])
def test_a_list_that_goes_on_elsewhere_is_read_by_its_headings_too(ids):
    book = filled_book()
    first = book["Storage vessels"]
    more = book.create_sheet("Basement")
    header = next(r for r in range(1, 9) if first.cell(r, 2).value and not str(first.cell(r, 1).value).islower())
    for row in range(header - 1 if ids else header, header + 1):
        for column in range(1, first.max_column + 1):
            more.cell(row, column).value = first.cell(row, column).value
    for column in range(1, first.max_column + 1):
        more.cell(header + 1, column).value = first.cell(header + 1, column).value
    more.cell(header + 1, 1).value = "LN2-Z"
    submission = read(book)
    assert "CA152" in [p.code for p in submission.problems]
    names = [row.entries["vessel"].value for row in submission.responses["vessels", ""].rows]
    assert "LN2-Z" in names
