"""Consistency rules on examples: sites by name, rows that are not there, and what is not known."""

from datetime import date

import pytest

from cartaudit.criteria.consistency import ConsistencyRules, ExampleSheet, kind_of
from cartaudit.model.consistency import Consistency
from cartaudit.pipeline import load_catalogue

CATALOGUE = load_catalogue()
RULES = {rule.id: rule for rule in CATALOGUE.consistency}


def breaches(rule: str, **example: object) -> int:
    rules = ConsistencyRules([RULES[rule]], CATALOGUE.questions, date(2026, 1, 1))
    return len(list(rules.breaches(ExampleSheet(example))))


def sites(*names: str) -> list[dict[str, object]]:
    return [{"site": name, "roles": ["infusion"]} for name in names]


@pytest.mark.parametrize(
    ("said", "names", "found"),
    [
        (1, ("North Hospital", "South Hospital"), 1),
        (2, ("North Hospital", "South Hospital"), 0),
        (3, ("North Hospital", "South Hospital"), 1),
        (1, ("North, ward 3", "NORTH; day unit", "north (pharmacy)", "North \u2013 clinic"), 0),
        (4, ("North, ward 3", "NORTH; day unit", "north (pharmacy)", "North \u2013 clinic"), 0),
        (5, ("North, ward 3", "NORTH; day unit", "north (pharmacy)", "North \u2013 clinic"), 1),
        (1, ("Ward 5", "Tagesklinik", "Reparto B"), 0),
        (1, ("Ward 5", "North Hospital"), 0),
        (1, ("Ward 5", "North Hospital", "South Hospital"), 1),
    ],
)
def test_sites_are_told_apart_by_what_stands_before_the_part(said, names, found):
    assert breaches("infusing_sites", clinical_sites=said, facilities=sites(*names)) == found


@pytest.mark.parametrize(
    ("stock", "found"),
    [
        ([{"place": "North Hospital"}], 1),
        ([{"place": "North Hospital", "reaches": "South"}], 1),
        ([{"place": "North Hospital", "reaches": "South Hospital, in 12 minutes"}], 0),
        ([{"place": "North Hospital and South Hospital"}], 0),
        ([{"place": "North Hospital"}, {"place": "Southern pharmacy"}], 0),
        ([{"place": "North Hospital, ward"}, {"place": "North Hospital, day unit"}], 1),
    ],
)
def test_a_site_that_no_stock_names_is_found_where_there_are_fewer_stocks_than_sites(stock, found):
    facilities = sites("North Hospital", "South Hospital")
    assert breaches("rescue_stock_reaches", facilities=facilities, rescue_stock=stock) == found


def test_what_is_not_known_contradicts_nothing():
    assert not breaches("children_are_treated", treatments=[{"population": "paediatric"}])
    assert not breaches("children_are_treated", populations=["adult"], treatments=[{"product": "kymriah"}])
    assert not breaches("opened_already", phase="pre_opening")
    assert not breaches("lymphodepletion_window", ld_earliest_day=5)
    assert not breaches("infusing_sites", facilities=sites("North Hospital", "South Hospital"))


def test_rows_that_are_not_there_make_nothing_true():
    assert breaches("somebody_follows", services=["infusion"])
    assert not breaches(
        "somebody_follows", services=["infusion"], partner_units=[{"unit": "A", "activity": "follow_up"}]
    )


def test_a_row_that_cannot_be_read_may_be_the_one_that_is_needed():
    assert not breaches("somebody_follows", services=["infusion"], partner_units=[{"unit": "Partner"}])


def test_a_rule_demands_one_thing():
    assert kind_of(Consistency(id="a", text="A.")) == ""
    assert kind_of(Consistency(id="a", text="A.", pair=("a", "b"), answered=("a",))) == ""
    assert kind_of(Consistency(id="a", text="A.", pair=("a", "b"))) == "pair"
