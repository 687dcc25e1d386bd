from datetime import date

import pytest
from builders_intake import filled_book, read

from cartaudit.model.layout import SITE_VALUES_SHEET


@pytest.mark.parametrize("word", ["None", "none", " No limit ", "no figure"])
def test_no_limit_is_read_from_the_words_for_it(word: str) -> None:
    outcome = read(_supplied(word))
    (value,) = outcome.site_values
    assert (value.none, value.value, value.complete) == (True, None, True)
    assert [str(p) for p in outcome.problems] == []


def test_no_limit_without_the_revision_of_the_text_is_incomplete() -> None:
    outcome = read(_supplied("None", revision=None))
    assert [p.code for p in outcome.problems] == ["CA312"]
    assert not outcome.site_values[0].complete


def _supplied(value: object, revision: object = "6/2026"):
    book = filled_book()
    given = (value, revision, "4.4", date(2026, 6, 1), "Nurse", "Pharmacist")
    for column, typed in zip("HIJKLM", given, strict=True):
        book[SITE_VALUES_SHEET][f"{column}2"] = typed
    return book
