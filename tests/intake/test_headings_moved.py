"""A heading that differs from the template's is never passed over: units, moved and repeated headings."""

import pytest

from cartaudit.intake.headings import heading_unit, known_field, repeats_answer
from cartaudit.model.answers import AnswerState
from cartaudit.model.layout import Field
from cartaudit.model.submission import Submission
from tests.builders_intake import codes, filled_book, read

LIST, ID_ROW, HEADINGS = "Storage vessels", 2, 3


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("Warmest position (°F)", "°F"),
        ("Warmest position, in °F", "°F"),
        ("Warmest position °F", "°F"),
        ("Warmest position (degrees Fahrenheit)", "degrees Fahrenheit"),
        ("Warmest position in degrees Fahrenheit", "degrees Fahrenheit"),
        ("Recorded every hours", "hours"),
        ("warmest_c (°F)", "°F"),
        ("Grade C", ""),
        ("Place (ward, day unit, site)", ""),
        ("Warmest position", ""),
    ],
)
def test_a_unit_at_the_end_of_a_heading_is_found(heading: str, unit: str) -> None:
    assert heading_unit(heading) == unit


@pytest.mark.parametrize(
    "text", ["new answer", "answer 2", "answer (new)", "answer (corrected 2026-11-20)", "answer today", "neue antwort"]
)
def test_a_repeated_heading_of_answers_is_one(text: str) -> None:
    assert repeats_answer(text)


@pytest.mark.parametrize(
    "text",
    ["answer", "inspector's answer", "answered by", "answered on", "question 2", "comment (new)", "new", "remarks 2"],
)
def test_another_heading_is_no_column_of_answers(text: str) -> None:
    assert not repeats_answer(text)


@pytest.mark.parametrize("title", ["Answer 2", "New answer", "Answer (final)", "Answer"])
@pytest.mark.parametrize(("other", "agrees"), [("No", False), ("Yes", True)])
def test_a_second_column_of_answers_is_never_passed_over(title: str, other: str, agrees: bool) -> None:
    book = filled_book()
    sheet = book["Cold chain"]
    header = next(
        row for row in sheet.iter_rows() if [known_field(str(c.value).casefold()) for c in row].count(Field.ID)
    )
    row = next(r for r in sheet.iter_rows(min_row=header[0].row + 1) if r[2].value == "Yes")
    last = sheet.max_column + 1
    sheet.cell(header[0].row, last, title)
    for number in range(header[0].row + 1, sheet.max_row + 1):
        sheet.cell(number, last, sheet.cell(number, 3).value)
    sheet.cell(row[0].row, last, other)
    outcome = read(book)
    found = [code for code, _ in codes(outcome)]
    assert "CA145" in found
    assert ("CA232" in found) is (not agrees)


def test_a_heading_over_another_column_than_its_id_makes_both_ambiguous() -> None:
    book = filled_book()
    sheet = book[LIST]
    ids = {sheet.cell(ID_ROW, c).value: c for c in range(1, sheet.max_column + 1) if sheet.cell(ID_ROW, c).value}
    one, other = list(ids.values())[:2]
    first, second = sheet.cell(HEADINGS, one), sheet.cell(HEADINGS, other)
    first.value, second.value = second.value, first.value
    outcome = read(book)
    assert isinstance(outcome, Submission)
    found = [code for code, _ in codes(outcome)]
    assert found.count("CA145") == 2
    rows = next(r.rows for key, r in outcome.responses.items() if key[0] == "vessels")
    for name in list(ids)[:2]:
        assert rows[0].entries[str(name)].state is AnswerState.AMBIGUOUS
