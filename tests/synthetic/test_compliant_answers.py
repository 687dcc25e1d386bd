from datetime import date, timedelta

import pytest
from builders_template import ALPHA, AS_OF, BETA, small_catalogue

from cartaudit.criteria.rules import RULES
from cartaudit.errors import ChecklistError
from cartaudit.model.answers import Share, Status
from cartaudit.model.layout import Field
from cartaudit.synthetic import compliant_answers, supplied_values
from cartaudit.workbook.template import Filling, TemplatePlan

PROFILE = {("country", ""): {Field.ANSWER: "DE"}}


def plan(**fields: object) -> TemplatePlan:
    given = {"as_of": AS_OF, "tool_version": "1", "treatments": (ALPHA, BETA), "country": "DE"} | fields
    return TemplatePlan(filling=Filling(answers=PROFILE), **given)  # type: ignore[arg-type]


def answers(**criteria: dict[str, object]) -> dict[str, object]:
    filling = compliant_answers(small_catalogue(**criteria), plan(checklists=(("accred", None),)))
    return {name: fields[Field.ANSWER] for (name, _), fields in filling.answers.items()}


@pytest.mark.parametrize(
    ("name", "rules", "expected"),
    [
        ("sop", {"allowed": ["yes", "partial"]}, Status.YES),
        ("alarm", {"allowed": [False]}, False),
        ("doses", {"min": 2, "max": 4}, 2),
        ("minutes", {"max": 30}, 30),
        ("doses", {"equals": 8}, 8),
        ("minutes", {"between": {"min": 10, "max": 30}}, 10),
        ("licence", {"allowed": ["not_yet"]}, "not_yet"),
        ("steps", {"contains": ["thaw"]}, ("thaw",)),
        ("steps", {"contains": ["thaw"], "contains_any": ["receipt", "none"]}, ("receipt", "thaw")),
        ("steps", {"minlength": 2}, ("receipt", "thaw")),
        ("audits", {"min_share": 0.95, "min_sample": 30}, Share(numerator=30, denominator=30, period="last 12 months")),
        ("checked_on", {"max_age_days": 10}, AS_OF - timedelta(days=10)),
        ("checked_on", {"not_after": date(2026, 1, 1)}, date(2026, 1, 1)),
        ("checked_on", {"not_expired": True}, AS_OF + timedelta(days=400)),
        ("checked_on", {"not_before": "as_of", "not_after": "as_of"}, AS_OF),
    ],
)
def test_answer_meets_the_rule(name: str, rules: dict[str, object], expected: object) -> None:
    assert answers(X_01={name: rules})[name] == expected


def test_text_is_long_enough() -> None:
    assert len(str(answers(X_01={"name": {"minlength": 40}})["name"])) == 40


def test_alternative_that_contradicts_is_passed_over() -> None:
    found = answers(
        X_01={"doses": {"max": 4}}, X_02={"anyof": [{"doses": {"min": 9}}, {"alarm": {"allowed": [False]}}]}
    )
    assert found["alarm"] is False
    assert found["doses"] == 4


def test_answers_that_refer_to_each_other_agree() -> None:
    found = answers(X_01={"doses": {"min": 3}}, X_02={"minutes": {"at_least": "doses"}})
    assert found["minutes"] == 3


def test_contradiction_names_the_requirement() -> None:
    with pytest.raises(ChecklistError, match="X-02: no answer to 'doses'"):
        answers(X_01={"doses": {"min": 5}}, X_02={"doses": {"max": 4}})


def test_each_product_gets_its_own_threshold() -> None:
    found = compliant_answers(small_catalogue(), plan()).answers
    assert found["weeks", "alpha"][Field.ANSWER] == 8
    assert found["weeks", "beta"][Field.ANSWER] == 4


def test_register_has_a_row_for_each_product_within_its_limit() -> None:
    rows = compliant_answers(small_catalogue(), plan()).rows["vessels"]
    assert {row["products"]: row["warmest_c"] for row in rows} == {("alpha",): -120, ("beta",): -150}
    assert all(row["mapped_on"] >= AS_OF - timedelta(days=365) for row in rows)  # type: ignore[operator]


def test_every_where_finds_its_rows() -> None:
    cold = {"where": {"warmest_c": {"max": -190}}, "min_rows": 2, "every_row": {"mapped_on": {"not_expired": True}}}
    filling = compliant_answers(small_catalogue(X_01={"vessels": cold}), plan())
    matching = [row for row in filling.rows["vessels"] if row["warmest_c"] <= -190]  # type: ignore[operator]
    assert len(matching) == 2
    assert all(row["mapped_on"] >= AS_OF for row in matching)  # type: ignore[operator]


def test_share_of_few_rows_gets_a_row_of_its_own() -> None:
    some = {"share_of_rows": {"min_share": 0.01, "rows": {"vessel": {"allowed": ["Special"]}}}}
    rows = compliant_answers(small_catalogue(X_01={"vessels": some}), plan()).rows["vessels"]
    assert [row["vessel"] for row in rows].count("Special") == 1


def test_counts_in_a_row_agree_with_their_sample() -> None:
    counted = {"every_row": {"complying": {"share_of": {"of": "examined", "min_share": 0.9, "min_sample": 12}}}}
    rows = compliant_answers(small_catalogue(X_01={"vessels": counted}), plan()).rows["vessels"]
    assert all(row["complying"] == row["examined"] == 12 for row in rows)


def test_every_answer_cites_evidence() -> None:
    filling = compliant_answers(small_catalogue(), plan())
    assert all(
        fields[Field.EVIDENCE] and fields[Field.EVIDENCE_DATED] < AS_OF  # type: ignore[operator]
        for key, fields in filling.answers.items()
        if key not in PROFILE
    )


def test_open_thresholds_can_all_be_supplied() -> None:
    found = supplied_values(small_catalogue(), plan())
    assert all(v.complete for v in found)
    assert {(v.parameter, v.value) for v in found} == {("weeks_min", 4), ("visits_min", 2), ("store_max_c", -150)}


def test_every_rule_of_the_table_is_met_somewhere_above() -> None:
    single = {
        "allowed",
        "contains",
        "contains_any",
        "min",
        "max",
        "equals",
        "between",
        "min_share",
        "min_sample",
        "minlength",
    }
    dates = {"not_expired", "max_age_days", "not_before", "not_after"}
    rows = {"min_rows", "every_row", "any_row", "share_of_rows", "where", "share_of"}
    assert set(RULES) == single | dates | rows | {"at_least", "at_most"}


def test_any_row_is_met_by_a_row_of_its_own() -> None:
    one = {"any_row": {"warmest_c": {"max": -190}}}
    rows = compliant_answers(small_catalogue(X_01={"vessels": one}), plan()).rows["vessels"]
    assert [row["warmest_c"] for row in rows].count(-190) == 1
