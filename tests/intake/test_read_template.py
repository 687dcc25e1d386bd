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
