from datetime import date, datetime

import pytest
from builders_assess import AS_OF, judged, register, requirement, response, share
from cerberus import SchemaError

from cartaudit.criteria.rules import RULES
from cartaudit.criteria.truth import Truth, conjunction, disjunction
from cartaudit.criteria.validator import CriterionValidator
from cartaudit.criteria.values import conforms
from cartaudit.errors import ChecklistError
from cartaudit.model.answers import AnswerState, AnswerType, Status
from cartaudit.model.audit import Compliance, Reason

MET = (Compliance.COMPLIANT, Reason.MET)
SHORT = (Compliance.NON_COMPLIANT, Reason.CRITERION)
NO = (Compliance.NON_COMPLIANT, Reason.ANSWERED_NO)


def came_out(criterion, *responses, **more):
    result = judged(requirement(criterion=criterion, **more), *responses)
    return result.compliance, result.reason


BOUNDARIES = [
    ("allowed", "status", ["yes"], "yes", MET),
    ("allowed", "status", ["yes"], "no", NO),
    ("allowed", "status", ["yes"], "in_progress", (Compliance.NON_COMPLIANT, Reason.IN_PROGRESS)),
    ("allowed", "status", ["yes"], "partial", (Compliance.NON_COMPLIANT, Reason.CRITERION)),
    ("allowed", "flag", [True], True, MET),
    ("allowed", "flag", [True], False, NO),
    ("allowed", "count", [1, 2], 2, MET),
    ("allowed", "count", [1, 2], 3, SHORT),
    ("allowed", "choice", ["own"], "own", MET),
    ("allowed", "choice", ["own"], "contracted", SHORT),
    ("allowed", "words", ["vapour"], "vapour", MET),
    ("contains", "choices", ["discharge", "infusion"], ("discharge", "infusion"), MET),
    ("contains", "choices", ["discharge", "infusion"], ("infusion",), SHORT),
    ("contains_any", "choices", ["discharge", "infusion"], ("infusion",), MET),
    ("contains_any", "choices", ["discharge"], ("infusion",), SHORT),
    ("min", "count", 2, 2, MET),
    ("min", "count", 2, 1, SHORT),
    ("max", "temperature", -120, -120.0, MET),
    ("max", "temperature", -120, -119.9, SHORT),
    ("equals", "count", 8, 8, MET),
    ("equals", "count", 8, 7, SHORT),
    ("equals", "count", 8, 9, SHORT),
    ("equals", "temperature", 37.3, 37.3, MET),
    ("equals", "temperature", 0.1 + 0.2, 0.3, MET),
    ("equals", "temperature", 37.3, 37.2999, SHORT),
    ("between", "count", {"min": 1, "max": 3}, 1, MET),
    ("between", "count", {"min": 1, "max": 3}, 3, MET),
    ("between", "count", {"min": 1, "max": 3}, 0, SHORT),
    ("between", "count", {"min": 1, "max": 3}, 4, SHORT),
    ("between", "temperature", {"min": -5, "max": 5.5}, 5.5, MET),
    ("between", "temperature", {"min": -5, "max": 5.5}, 5.6, SHORT),
    ("between", "temperature", {"min": -5, "max": 5.5}, -5.1, SHORT),
    ("min_share", "share", 0.95, share(19, 20), MET),
    ("min_share", "share", 0.95, share(18, 20), SHORT),
    ("min_share", "share", 0.07, share(7, 100), MET),
    ("min_sample", "share", 10, share(0, 10), MET),
    ("min_sample", "share", 10, share(9, 9), (Compliance.NOT_ASSESSED, Reason.NO_ROWS)),
    ("not_expired", "day", True, AS_OF, MET),
    ("not_expired", "day", True, date(2026, 1, 14), SHORT),
    ("max_age_days", "day", 30, date(2025, 12, 16), MET),
    ("max_age_days", "day", 30, date(2025, 12, 15), SHORT),
    ("max_age_days", "day", 30, date(2026, 1, 16), (Compliance.NOT_ASSESSED, Reason.UNREADABLE)),
    ("not_before", "day", date(2026, 1, 1), date(2026, 1, 1), MET),
    ("not_before", "day", date(2026, 1, 1), date(2025, 12, 31), SHORT),
    ("not_after", "day", "as_of", AS_OF, MET),
    ("not_after", "day", "as_of", date(2026, 1, 16), SHORT),
    ("minlength", "words", 4, " abcd ", MET),
    ("minlength", "words", 4, " abc ", SHORT),
    ("minlength", "choices", 2, ("discharge", "infusion"), MET),
    ("minlength", "choices", 2, ("infusion",), SHORT),
]


@pytest.mark.parametrize(("rule", "name", "argument", "given", "expected"), BOUNDARIES)
def test_rule_turns_exactly_at_its_limit(rule, name, argument, given, expected):
    assert came_out({name: {rule: argument}}, response(name, given)) == expected


@pytest.mark.parametrize(
    ("rule", "given", "limit", "expected"),
    [
        ("at_least", 5, 5, MET),
        ("at_least", 4, 5, SHORT),
        ("at_most", 5, 5, MET),
        ("at_most", 6, 5, SHORT),
        ("at_least", 5, None, (Compliance.NOT_ASSESSED, Reason.BLANK)),
        ("at_least", 5, AnswerState.UNREADABLE, (Compliance.NOT_ASSESSED, Reason.UNREADABLE)),
    ],
)
def test_comparison_with_another_answer(rule, given, limit, expected):
    criterion = {"count": {rule: "second_count"}}
    assert came_out(criterion, response("count", given), response("second_count", limit)) == expected


def test_dates_compare_with_dates():
    criterion = {"day": {"at_least": "second_day"}}
    assert came_out(criterion, response("day", AS_OF), response("second_day", AS_OF)) == MET


ROWS = [
    ({"every_row": {"warmest": {"max": -120}}}, [-120, -121], MET),
    ({"every_row": {"warmest": {"max": -120}}}, [-120, -119], SHORT),
    ({"every_row": {"warmest": {"max": -120}}}, [-120, None], (Compliance.NOT_ASSESSED, Reason.BLANK)),
    ({"every_row": {"warmest": {"max": -120}}}, [-119, None], SHORT),
    ({"any_row": {"warmest": {"max": -120}}}, [-119, -120], MET),
    ({"any_row": {"warmest": {"max": -120}}}, [-119, -119.9], SHORT),
    ({"any_row": {"warmest": {"max": -120}}}, [-120, None], MET),
    ({"any_row": {"warmest": {"max": -120}}}, [-119, None], (Compliance.NOT_ASSESSED, Reason.BLANK)),
    (
        {"where": {"warmest": {"max": -150}}, "any_row": {"warmest": {"max": -120}}},
        [-120],
        (Compliance.NOT_ASSESSED, Reason.NO_ROWS),
    ),
    ({"share_of_rows": {"min_share": 0.5, "rows": {"warmest": {"max": -120}}}}, [-120, -119], MET),
    ({"share_of_rows": {"min_share": 0.5, "rows": {"warmest": {"max": -120}}}}, [-120, -119, -119], SHORT),
    (
        {"share_of_rows": {"min_share": 0.5, "rows": {"warmest": {"max": -120}}}},
        [-120, -119, None],
        (Compliance.NOT_ASSESSED, Reason.BLANK),
    ),
    (
        {"share_of_rows": {"min_share": 0.5, "min_sample": 3, "rows": {"warmest": {"max": -120}}}},
        [-120, -121],
        (Compliance.NOT_ASSESSED, Reason.NO_ROWS),
    ),
    (
        {"share_of_rows": {"min_share": 0.5, "min_sample": 3, "rows": {"warmest": {"max": -120}}}},
        [-1, -1],
        (Compliance.NOT_ASSESSED, Reason.NO_ROWS),
    ),
    ({"min_rows": 2}, [-120, -119], MET),
    ({"min_rows": 2}, [-120], SHORT),
    ({"where": {"warmest": {"max": -120}}, "min_rows": 1}, [-119], (Compliance.NOT_ASSESSED, Reason.NO_ROWS)),
    ({"where": {"warmest": {"max": -120}}, "min_rows": 2}, [-120, -119], SHORT),
    ({"where": {"warmest": {"max": -120}}, "min_rows": 2}, [-120, None], (Compliance.NOT_ASSESSED, Reason.BLANK)),
    ({"where": {"warmest": {"max": -120}}, "min_rows": 3}, [-120, None], SHORT),
]


@pytest.mark.parametrize(("rules", "temperatures", "expected"), ROWS)
def test_rows_are_judged_three_valued(rules, temperatures, expected):
    rows = [{"vessel": f"V{n}", "warmest": t} for n, t in enumerate(temperatures)]
    assert came_out({"vessels": rules}, register("vessels", *rows)) == expected


def test_row_with_unknown_where_counts_as_unknown_unless_its_rules_hold():
    criterion = {
        "vessels": {"where": {"products": {"contains": ["kymriah"]}}, "every_row": {"alarm": {"allowed": ["yes"]}}}
    }
    sure = {"vessel": "A", "products": ("kymriah",), "alarm": "yes"}
    assert came_out(criterion, register("vessels", sure, {"vessel": "B", "products": None, "alarm": "yes"})) == MET
    assert came_out(criterion, register("vessels", sure, {"vessel": "B", "products": None, "alarm": "no"})) == (
        Compliance.NOT_ASSESSED,
        Reason.BLANK,
    )


def test_row_with_unknown_where_is_not_the_one_row_that_is_looked_for():
    criterion = {
        "vessels": {"where": {"products": {"contains": ["kymriah"]}}, "any_row": {"alarm": {"allowed": ["yes"]}}}
    }
    sure = {"vessel": "A", "products": ("kymriah",), "alarm": "no"}
    perhaps = {"vessel": "B", "products": None, "alarm": "yes"}
    assert came_out(criterion, register("vessels", sure)) == SHORT
    assert came_out(criterion, register("vessels", sure, perhaps)) == (Compliance.NOT_ASSESSED, Reason.BLANK)
    assert came_out(criterion, register("vessels", perhaps)) == (Compliance.NOT_ASSESSED, Reason.BLANK)


def test_register_without_the_row_looked_for_is_named_as_a_whole():
    criterion = {"vessels": {"any_row": {"warmest": {"max": -120}}}}
    result = judged(requirement(criterion=criterion), register("vessels", {"vessel": "A", "warmest": -119}))
    assert "none of 1 rows holds" in result.message
    assert "in at least one of the rows: Warmest temperature: at most −120" in result.message
    assert "row 1" not in result.message


def test_rows_that_name_the_same_thing_count_once():
    rows = [{"vessel": "Tank A"}, {"vessel": "tank  a"}]
    assert came_out({"vessels": {"min_rows": 2}}, register("vessels", *rows)) == SHORT


def test_row_without_its_name_may_be_a_double():
    rows = [{"vessel": "Tank A", "warmest": -120}, {"vessel": None, "warmest": -120}]
    assert came_out({"vessels": {"min_rows": 2}}, register("vessels", *rows))[0] is Compliance.NOT_ASSESSED


SHARE_OF = {"complete": {"share_of": {"of": "looked_at", "min_share": 0.95, "min_sample": 10}}}


@pytest.mark.parametrize(
    ("complete", "looked_at", "expected"),
    [
        (19, 20, MET),
        (18, 20, SHORT),
        (10, 10, MET),
        (9, 9, (Compliance.NOT_ASSESSED, Reason.NO_ROWS)),
        (0, 9, (Compliance.NOT_ASSESSED, Reason.NO_ROWS)),
        (0, 0, (Compliance.NOT_ASSESSED, Reason.NO_ROWS)),
        (21, 20, (Compliance.NOT_ASSESSED, Reason.UNREADABLE)),
        (-1, 20, (Compliance.NOT_ASSESSED, Reason.UNREADABLE)),
        (19, None, (Compliance.NOT_ASSESSED, Reason.BLANK)),
        (None, 20, (Compliance.NOT_ASSESSED, Reason.BLANK)),
    ],
)
def test_count_is_judged_as_a_share_of_its_sample(complete, looked_at, expected):
    row = {"topic": "consent", "looked_at": looked_at, "complete": complete}
    assert came_out({"audits": {"every_row": SHARE_OF}}, register("audits", row)) == expected


def test_share_of_a_sample_says_both_figures():
    row = {"topic": "consent", "looked_at": 20, "complete": 18}
    result = judged(requirement(criterion={"audits": {"every_row": SHARE_OF}}), register("audits", row))
    assert "at least 95 % of 'Files looked at' (which must be at least 10)" in result.criterion
    assert any(step.found.startswith("18") and step.row == 1 for step in result.steps)


@pytest.mark.parametrize(("complete", "extent"), [(18, "isolated"), (15, "pattern"), (10, "widespread")])
def test_failing_sample_is_graded_by_its_own_share(complete, extent):
    row = {"topic": "consent", "looked_at": 20, "complete": complete}
    result = judged(requirement(criterion={"audits": {"every_row": SHARE_OF}}), register("audits", row))
    assert result.extent == extent


def test_columns_compare_within_their_row():
    criterion = {"vessels": {"every_row": {"checked_on": {"at_most": "valid_until"}}}}
    good = {"checked_on": date(2026, 1, 1), "valid_until": date(2026, 1, 1)}
    assert came_out(criterion, register("vessels", good)) == MET
    assert came_out(criterion, register("vessels", good, {**good, "checked_on": date(2026, 1, 2)})) == SHORT


def test_failing_row_gives_its_cell_row_and_figures():
    criterion = {"vessels": {"every_row": {"warmest": {"max": -120}}}}
    rows = [{"vessel": "A", "warmest": -150}, {"vessel": "B", "warmest": -119.5}]
    result = judged(requirement(criterion=criterion), register("vessels", *rows))
    assert result.cells == ("vessels!warmest3",)
    assert result.message == (
        "Storage vessels, row 2 (B), Warmest temperature: −119.5 °C found, at most −120 °C required."
    )
    assert [(s.row, s.column, s.outcome) for s in result.steps if s.row] == [(2, "warmest", "false")]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (float("nan"), AnswerType.NUMBER),
        (float("inf"), AnswerType.NUMBER),
        (True, AnswerType.NUMBER),
        (True, AnswerType.INTEGER),
        (1.0, AnswerType.INTEGER),
        (1, AnswerType.BOOLEAN),
        ("-150", AnswerType.NUMBER),
        (datetime(2026, 1, 1), AnswerType.DATE),
        ("2026-01-01", AnswerType.DATE),
        ("yes", AnswerType.STATUS),
        (Status.YES, AnswerType.TEXT),
        ("  ", AnswerType.TEXT),
        ((), AnswerType.CHOICES),
        ("infusion", AnswerType.CHOICES),
        (share(3, 2), AnswerType.SHARE),
        (share(-1, 2), AnswerType.SHARE),
        (0.5, AnswerType.SHARE),
        (None, AnswerType.TEXT),
    ],
)
def test_value_of_another_type_does_not_conform(value, kind):
    assert not conforms(value, kind)


@pytest.mark.parametrize(
    "rules",
    [
        {"type": "number", "max": {"parameter": "storage_max_c"}},
        {"type": "number", "max": "-120"},
        {"type": "number", "max": True},
        {"type": "number", "maximum": -120},
        {"type": "status", "allowed": []},
        {"type": "share", "min_share": 95},
        {"type": "numeral", "max": 1},
    ],
)
def test_schema_that_could_pass_in_silence_is_refused(rules):
    with pytest.raises(SchemaError):
        CriterionValidator({"field": rules}, as_of=AS_OF)


@pytest.mark.parametrize(
    "criterion",
    [
        {},
        {"status": {}},
        {"anyof": []},
        {"status": {"allowed": []}},
        {"status": {"allowed": ["Yes"]}},
        {"status": {"alowed": ["yes"]}},
        {"status": {"min": 1}},
        {"statsu": {"allowed": ["yes"]}},
        {"flag": {"allowed": [1]}},
        {"count": {"allowed": [True]}},
        {"count": {"min": True}},
        {"count": {"min": float("nan")}},
        {"count": {"equals": "8"}},
        {"count": {"between": {"min": 1}}},
        {"count": {"between": {"min": 1, "max": None}}},
        {"count": {"between": [1, 2]}},
        {"count": {"min": {"paramter": "driving_weeks_min"}}},
        {"count": {"min": {"parameter": "driving_weeks_min", "ofset": 1}}},
        {"share": {"min_share": 95}},
        {"day": {"not_expired": False}},
        {"day": {"not_before": "2026-01-01"}},
        {"count": {"at_least": "no_such_question"}},
        {"vessels": {"where": {"warmest": {"max": 1}}}},
        {"vessels": {"every_row": {}}},
        {"vessels": {"every_row": {"warmets": {"max": 1}}}},
        {"vessels": {"every_row": {"warmest": {"mxa": 1}}}},
        {"vessels": {"min_rows": 0}},
        {"vessels": {"share_of_rows": {"min_share": 0.5}}},
        {"vessels": {"share_of_rows": {"min_share": 0.5, "sample": 3, "rows": {"warmest": {"max": 1}}}}},
    ],
)
def test_content_that_demands_nothing_or_cannot_be_tested_is_refused(criterion):
    with pytest.raises(ChecklistError, match="R-01"):
        judged(requirement(criterion=criterion), response("status", "yes"), response("count", 9))


def test_every_rule_of_the_table_has_a_boundary_test():
    tested = (
        {rule for rule, *_ in BOUNDARIES}
        | {"at_least", "at_most", "share_of"}
        | {name for rules, *_ in ROWS for name in rules}
    )
    assert tested == set(RULES)


def test_row_that_may_belong_and_fails_counts_against_a_share():
    holding = {"where": {"products": {"contains": ["kymriah"]}}}
    criterion = {"vessels": {**holding, "share_of_rows": {"min_share": 0.6, "rows": {"alarm": {"allowed": ["yes"]}}}}}
    sure = {"vessel": "A", "products": ("kymriah",), "alarm": "yes"}
    doubtful = {"vessel": "B", "products": None, "alarm": "no"}
    assert came_out(criterion, register("vessels", sure)) == MET
    assert came_out(criterion, register("vessels", sure, doubtful))[0] is Compliance.NOT_ASSESSED


def test_no_parts_and_no_alternatives_prove_nothing():
    assert (conjunction(()), disjunction(())) == (Truth.UNKNOWN, Truth.UNKNOWN)
