"""What is worked out once for a catalogue, and what may not change by it."""

from dataclasses import replace

import pytest
from builders_intake import AS_OF, CATALOGUE, KYMRIAH, codes, filled_book, read, save, set_answer

from cartaudit.intake import IntakePlan, parse_submission
from cartaudit.intake.clean import clean, kept, key
from cartaudit.model.cells import Cells
from cartaudit.model.layout import Field
from cartaudit.model.submission import Submission
from cartaudit.workbook import read_cells


def _cells(**answers: object) -> Cells:
    book = filled_book()
    for question, value in answers.items():
        set_answer(book, question, value)
    found = read_cells(save(book), "site.xlsx")
    assert isinstance(found, Cells)
    return found


def test_a_plan_carries_nothing_from_one_workbook_to_the_next() -> None:
    plan = IntakePlan(catalogue=CATALOGUE, as_of=AS_OF)
    books = [_cells(), _cells(alarm_tested="mostly", country="US"), _cells(refill="The neighbour"), _cells()]
    kept_plan = [repr(parse_submission(cells, CATALOGUE, AS_OF, plan=plan)) for cells in books]
    assert kept_plan == [repr(parse_submission(cells, CATALOGUE, AS_OF)) for cells in books]


def test_a_plan_of_another_catalogue_is_not_used() -> None:
    stranger = replace(CATALOGUE, questions={k: q for k, q in CATALOGUE.questions.items() if k != "alarm_tested"})
    plan = IntakePlan(catalogue=stranger, as_of=AS_OF)
    assert repr(parse_submission(_cells(), CATALOGUE, AS_OF, plan=plan)) == repr(
        parse_submission(_cells(), CATALOGUE, AS_OF)
    )


def test_a_plan_of_another_day_is_not_used() -> None:
    plan = IntakePlan(catalogue=CATALOGUE, as_of=AS_OF.replace(year=2020))
    found = parse_submission(_cells(), CATALOGUE, AS_OF, plan=plan)
    assert isinstance(found, Submission)
    assert codes(found) == []


def test_the_digest_without_overlays_is_known_too() -> None:
    overlaid = replace(CATALOGUE, hashes={**CATALOGUE.hashes, "overlay:site.toml": "1" * 64})
    plan = IntakePlan(catalogue=overlaid, as_of=AS_OF)
    assert plan.digests == (overlaid.digest, CATALOGUE.digest)


def test_a_demand_is_asked_of_the_products_of_the_profile_alone() -> None:
    found = read(filled_book())
    assert isinstance(found, Submission)
    assert ("hold_hours", KYMRIAH) in found.responses
    assert not any(scope.startswith("tecartus") for _, scope in found.responses)


def test_a_text_too_long_to_keep_is_still_cleaned() -> None:
    text = "a\u00a0" + "b" * 5000 + " "
    assert clean(text) == ("a " + "b" * 5000, ("spaces", "blanks"))
    assert key("  A\u00a0B " + "C" * 5000) == "a b " + "c" * 5000


@pytest.mark.parametrize("length", [10, 5000])
def test_only_short_texts_are_kept(length: int) -> None:
    met: list[str] = []

    @kept
    def note(text: str) -> int:
        met.append(text)
        return len(text)

    assert (note("x" * length), note("x" * length)) == (length, length)
    assert len(met) == (1 if length == 10 else 2)


def test_a_cell_is_counted_once_for_each_step_of_cleaning() -> None:
    book = filled_book()
    set_answer(book, "contact", "Lab\u00a0lead", Field.COMMENT)
    found = read(book)
    assert isinstance(found, Submission)
    assert "no-break and typographic spaces read as spaces: 1 cells" in found.record.steps
