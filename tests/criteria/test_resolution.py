from dataclasses import replace
from datetime import date

import pytest
from builders_assess import catalogue

from cartaudit.criteria.comparing import fits, is_stricter
from cartaudit.criteria.resolution import built_in, resolve
from cartaudit.model.parameters import Direction, ParameterDefinition, ParameterValue, Verification
from cartaudit.model.submission import SiteValue

WEEKS = ParameterDefinition(
    name="driving_weeks_min", text="Weeks", type="integer", direction=Direction.MIN, unit="weeks"
)
EIGHT = ParameterValue(
    name="driving_weeks_min",
    product="tecartus",
    jurisdiction="US",
    value=8,
    source="S1",
    verification=Verification.LABEL,
    effective_to=date(2025, 6, 26),
)
TWO = replace(EIGHT, value=2, source="S2", effective_from=date(2025, 6, 26), effective_to=None)
LATER = date(2026, 1, 1)


def resolved(values, site_values=(), *, definition=WEEKS, on=LATER, **where):
    place = {"product": "tecartus", "jurisdiction": "US", **where}
    return resolve(values, site_values, definition, on=on, **place)


def site_value(value, **changes):
    given = {"revision": "rev. 7", "dated": date(2025, 12, 1), "role": "Pharmacist", **changes}
    return SiteValue(parameter="driving_weeks_min", product="tecartus", value=value, **given)


@pytest.mark.parametrize(("day", "weeks"), [(date(2025, 6, 25), 8), (date(2025, 6, 26), 2)])
def test_the_end_day_is_exclusive_and_the_start_day_in_force(day, weeks):
    assert resolved([EIGHT, TWO], on=day).value == weeks


def test_before_the_first_period_nothing_is_found():
    assert resolved([TWO], on=date(2025, 6, 25)) is None


@pytest.mark.parametrize("where", [{"jurisdiction": "EU"}, {"product": "kymriah"}])
def test_nothing_falls_through_to_a_neighbour(where):
    assert resolved([EIGHT, TWO], **where) is None


def test_the_row_of_an_indication_beats_the_general_one():
    assert resolved([TWO, replace(TWO, value=4, indication="MCL")], indication="MCL").value == 4


def test_the_general_row_holds_for_another_indication():
    assert resolved([TWO, replace(TWO, value=4, indication="MCL")], indication="ALL").value == 2


def test_indication_counts_before_population():
    rows = [replace(TWO, value=4, indication="MCL"), replace(TWO, value=6, population="adult")]
    assert resolved(rows, indication="MCL", population="adult").value == 4


def test_indication_with_population_is_the_most_specific():
    rows = [replace(TWO, value=4, indication="MCL"), replace(TWO, value=6, indication="MCL", population="adult")]
    assert resolved(rows, indication="MCL", population="adult").value == 6


def test_an_unsaid_indication_finds_nothing_where_indications_differ():
    assert resolved([TWO, replace(TWO, value=4, indication="MCL")]) is None


def test_an_unsaid_indication_does_not_matter_where_all_rows_agree():
    assert resolved([TWO, replace(TWO, indication="MCL")]).value == 2


def test_a_text_without_a_limit_is_found_as_such():
    assert resolved([replace(TWO, value=None, none=True)]).none is True


def test_a_site_value_fills_what_was_not_found():
    found = resolved([], [site_value(3)])
    assert (found.value, found.verification, found.revision, found.role) == (
        3,
        Verification.SITE,
        "rev. 7",
        "Pharmacist",
    )


@pytest.mark.parametrize("supplied", [1, 3])
def test_a_site_value_takes_the_place_of_an_unverified_one_either_way(supplied):
    unverified = replace(TWO, verification=Verification.UNVERIFIED)
    assert resolved([unverified], [site_value(supplied)]).value == supplied


@pytest.mark.parametrize(("supplied", "decides"), [(1, 2), (2, 2), (3, 3)])
def test_against_a_verified_value_only_a_stricter_site_value_decides(supplied, decides):
    assert resolved([TWO], [site_value(supplied)]).value == decides


def test_a_site_value_is_stricter_than_no_limit():
    assert resolved([replace(TWO, value=None, none=True)], [site_value(1)]).value == 1


@pytest.mark.parametrize(
    "changes", [{"revision": ""}, {"dated": None}, {"role": ""}, {"dated": date(2026, 1, 2)}], ids=str
)
def test_an_incomplete_or_future_site_value_never_counts(changes):
    assert resolved([], [site_value(3, **changes)]) is None


@pytest.mark.parametrize("wrong", ["3", 3.5, True, float("nan")])
def test_a_site_value_of_another_type_never_counts(wrong):
    assert resolved([], [site_value(wrong)]) is None


def test_of_two_site_values_that_differ_the_stricter_counts():
    assert resolved([], [site_value(3), site_value(5)]).value == 5


def test_differing_site_values_without_a_stricter_side_are_not_used():
    definition = replace(WEEKS, direction=Direction.EQUAL)
    assert resolved([], [site_value(3), site_value(5)], definition=definition) is None


def test_a_site_value_for_another_product_never_counts():
    assert resolved([], [replace(site_value(3), product="kymriah")]) is None


def test_the_index_finds_the_values_of_one_place():
    shelf = catalogue(parameters=[EIGHT, TWO, replace(TWO, jurisdiction="EU")])
    assert shelf.parameters_of("driving_weeks_min", "tecartus", "US") == (EIGHT, TWO)


def test_the_product_is_a_built_in_parameter():
    assert built_in("product", product="tecartus", jurisdiction="US").value == "tecartus"


@pytest.mark.parametrize(
    ("new", "direction", "stricter"),
    [
        (9, Direction.MIN, True),
        (7, Direction.MIN, False),
        (7, Direction.MAX, True),
        (9, Direction.MAX, False),
        (9, Direction.EQUAL, False),
        (float("nan"), Direction.MIN, False),
        ("9", Direction.MIN, False),
        (True, Direction.MAX, False),
    ],
)
def test_stricter_follows_the_direction(new, direction, stricter):
    assert is_stricter(new, 8, direction) is stricter


@pytest.mark.parametrize(
    ("value", "kind", "good"),
    [
        (1, "number", True),
        (1.0, "integer", False),
        (float("inf"), "number", False),
        (True, "integer", False),
        ("", "text", False),
        ((), "texts", False),
        (("a",), "texts", True),
        (1, "no such type", False),
    ],
)
def test_a_value_fits_its_parameter_type_only(value, kind, good):
    assert fits(value, kind) is good


def test_a_centre_may_say_that_its_text_sets_no_limit():
    found = resolved([], [site_value(None, none=True)])
    assert (found.none, found.value, found.verification) == (True, None, Verification.SITE)


def test_no_limit_never_takes_the_place_of_a_verified_value():
    assert resolved([TWO], [site_value(None, none=True)]) == TWO


def test_of_a_limit_and_no_limit_that_the_centre_gives_the_limit_counts():
    assert resolved([], [site_value(None, none=True), site_value(3)]).value == 3


@pytest.mark.parametrize("given", [site_value(3, none=True), site_value(None), site_value(None, none=True, role="")])
def test_no_limit_beside_a_value_or_without_its_text_never_counts(given):
    assert resolved([], [given]) is None
