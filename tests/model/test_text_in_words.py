"""Amounts, lists and cells: singulars, items with commas of their own, and no text that a spreadsheet would run."""

import pytest

from cartaudit.model.text import amount, fit_for_xml, joined, not_a_formula, one_line


@pytest.mark.parametrize(
    ("number", "unit", "said"),
    [
        ("1", "checks a day", "1 check a day"),
        ("1", "people", "1 person"),
        ("1", "copies", "1 copy"),
        ("1", "day", "1 day"),
        ("2", "doses", "2 doses"),
        ("1.5", "hours", "1.5 hours"),
        ("1", "10⁹/L", "1 × 10⁹/L"),
        ("0.2", "10⁹/L", "0.2 × 10⁹/L"),
        ("1", "grade", "grade 1"),
        ("21", "days", "21 days"),
        ("7", "", "7"),
    ],
)
def test_unit_stands_in_the_singular_with_one_alone(number: str, unit: str, said: str) -> None:
    assert amount(number, unit) == said


def test_items_are_joined_by_commas() -> None:
    assert joined(["a", "b", "c"], "and") == "a, b and c"


def test_items_with_commas_of_their_own_are_joined_by_semicolons() -> None:
    assert joined(["Lot: order, label", "Seal", "Expiry"], "and") == "Lot: order, label; Seal; and Expiry"


@pytest.mark.parametrize(
    "attack", ["=1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "＝1", "＋1", "－1", "＠A1"]
)
def test_text_that_begins_like_a_formula_gets_an_apostrophe(attack: str) -> None:
    assert not_a_formula(attack) == f"'{attack}"


@pytest.mark.parametrize("text", ["1 - 2", "a=b", "quality@example", ""])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert not_a_formula(text) == text


@pytest.mark.parametrize(
    ("text", "shown"), [("a\x1bb", "a[U+001B]b"), ("\uffff\ud800", "[U+FFFF][U+D800]"), ("a\tb\n", "a\tb\n")]
)
def test_what_no_xml_may_hold_is_shown(text: str, shown: str) -> None:
    assert fit_for_xml(text) == shown


def test_a_name_in_a_terminal_stands_on_one_line() -> None:
    assert one_line("a\nb\tc\x1b[31m\u202e") == "a[U+000A]b[U+0009]c[U+001B][31m[U+202E]"
