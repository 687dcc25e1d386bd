"""Vacuous truth is impossible: nothing, nonsense and the unknown never come out COMPLIANT."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from builders_assess import (
    AS_OF,
    KYMRIAH,
    PARAMETERS,
    audited,
    catalogue,
    checklist,
    entry,
    judged,
    na,
    product_checklist,
    profile,
    register,
    requirement,
    response,
    share,
    submission,
    value,
)

from cartaudit.assess import assess
from cartaudit.model.answers import AnswerState, Share
from cartaudit.model.audit import Compliance, Readiness, Reason
from cartaudit.model.parameters import Verification
from cartaudit.model.profile import Treatment
from cartaudit.model.submission import Entry, Response

EVERY = {"vessels": {"every_row": {"warmest": {"max": -120}}}}
OF_PRODUCT = {
    "vessels": {
        "where": {"products": {"contains": [{"parameter": "product"}]}},
        "every_row": {"warmest": {"max": {"parameter": "storage_max_c"}}},
    }
}
STORAGE = product_checklist("kymriah", requirement("PR-STO-01", criterion=OF_PRODUCT))
DRIVING = product_checklist(
    "kymriah", requirement("PR-DRV-01", criterion={"weeks": {"min": {"parameter": "driving_weeks_min"}}})
)


def answered(value_, name="count"):
    return Response(question=name, entry=Entry(state=AnswerState.ANSWERED, value=value_))


@pytest.mark.parametrize(
    "criterion",
    [
        EVERY,
        {"vessels": {"min_rows": 1}},
        {"vessels": {"any_row": {"warmest": {"max": -120}}}},
        {"vessels": {"share_of_rows": {"min_share": 0.01, "rows": {"warmest": {"max": -120}}}}},
    ],
)
@pytest.mark.parametrize("rows", [(), None])
def test_empty_register_has_no_rows(criterion, rows):
    given = () if rows is None else (register("vessels"),)
    result = judged(requirement(criterion=criterion), *given)
    assert (result.compliance, result.reason) == (Compliance.NOT_ASSESSED, Reason.NO_ROWS)


def test_register_said_to_be_answered_without_rows_has_no_rows():
    empty = replace(register("vessels"), entry=entry("yes"))
    assert judged(requirement(criterion=EVERY), empty).reason is Reason.NO_ROWS


def test_where_that_matches_nothing_has_no_rows():
    row = {"vessel": "A", "products": ("tecartus",), "warmest": -190}
    result = judged(STORAGE, register("vessels", row))
    assert (result.compliance, result.reason) == (Compliance.NOT_ASSESSED, Reason.NO_ROWS)


def test_misspelt_product_in_a_register_has_no_rows():
    row = {"vessel": "A", "products": ("kimriah",), "warmest": -190}
    assert judged(STORAGE, register("vessels", row)).compliance is Compliance.NOT_ASSESSED


@pytest.mark.parametrize("product", [AnswerState.UNREADABLE, None])
def test_treatment_whose_product_cannot_be_read_keeps_every_checklist_from_ready(product):
    rows = register("treatments", {"product": "kymriah"}, {"product": product, "route": "commercial"})
    accreditation = checklist(requirement(), selected_by={"accreditor": {"contains": ["jacie"]}})
    sent = submission(rows, response("status", "yes"), response("accreditor", ("jacie",)))
    audit = assess(sent, catalogue(accreditation, product_checklist("kymriah", requirement())), AS_OF)
    assert [a.readiness for a in audit.checklists] == [Readiness.INCOMPLETE] * 2
    assert all("treatments!product3" in a.conditions[0] for a in audit.checklists)


def test_product_without_a_checklist_keeps_every_checklist_from_ready():
    sent = submission(response("status", "yes"), profile_=profile(treatments=(KYMRIAH, Treatment(product="kimriah"))))
    audit = assess(sent, catalogue(product_checklist("kymriah", requirement())), AS_OF)
    assert [a.readiness for a in audit.checklists] == [Readiness.INCOMPLETE]


def test_share_of_nothing_has_no_rows():
    result = judged(requirement(criterion={"share": {"min_share": 0.01}}), response("share", share(0, 0)))
    assert (result.compliance, result.reason) == (Compliance.NOT_ASSESSED, Reason.NO_ROWS)


@pytest.mark.parametrize("sample", [share(0, 0), share(0, 4), share(4, 4)])
def test_small_sample_proves_nothing_and_fails_nothing(sample):
    criterion = {"share": {"min_share": 0.95, "min_sample": 5}}
    assert judged(requirement(criterion=criterion), response("share", sample)).reason is Reason.NO_ROWS


@pytest.mark.parametrize(
    "nonsense",
    ["-200", "", float("nan"), float("-inf"), True, datetime(2026, 1, 1), date(2026, 1, 1), (), ("x",), share(1, 1)],
)
@pytest.mark.parametrize("rule", [{"max": -120}, {"min": -300}, {"at_most": "second_count"}])
def test_value_of_another_type_never_meets_a_limit(nonsense, rule):
    result = judged(
        requirement(criterion={"temperature": rule}), answered(nonsense, "temperature"), response("second_count", 10**9)
    )
    assert (result.compliance, result.reason) == (Compliance.NOT_ASSESSED, Reason.UNREADABLE)


@pytest.mark.parametrize(
    ("name", "rule", "nonsense"),
    [
        ("words", {"minlength": 1}, 12345),
        ("words", {"minlength": 1}, "   "),
        ("choices", {"minlength": 1}, ()),
        ("choices", {"contains": ["infusion"]}, "infusion"),
        ("flag", {"allowed": [True]}, 1),
        ("count", {"allowed": [1]}, True),
        ("status", {"allowed": ["yes"]}, "yes please"),
        ("day", {"not_expired": True}, datetime(2030, 1, 1)),
        ("day", {"not_expired": True}, "2030-01-01"),
        ("share", {"min_share": 0.5}, Share(numerator=5, denominator=3)),
        ("share", {"min_share": 0.5}, 1.0),
    ],
)
def test_nonsense_never_passes(name, rule, nonsense):
    answer = Response(question=name, entry=Entry(state=AnswerState.ANSWERED, value=nonsense))
    assert judged(requirement(criterion={name: rule}), answer).compliance is Compliance.NOT_ASSESSED


@pytest.mark.parametrize("cell", [float("nan"), "-200", True, None, AnswerState.UNREADABLE, AnswerState.NOT_APPLICABLE])
def test_nonsense_in_a_row_never_passes(cell):
    row = register("vessels", {"vessel": "A", "warmest": cell if cell is None else entry(cell)})
    assert judged(requirement(criterion=EVERY), row).compliance is Compliance.NOT_ASSESSED


def test_answered_without_a_value_is_not_known():
    assert judged(requirement(), answered(None, "status")).compliance is Compliance.NOT_ASSESSED


def test_question_without_a_place_in_the_workbook_is_blank():
    result = judged(requirement())
    assert (result.compliance, result.reason) == (Compliance.NOT_ASSESSED, Reason.BLANK)


@pytest.mark.parametrize(
    "parameters",
    [
        (),
        (value("driving_weeks_min", 1, verification=Verification.UNVERIFIED),),
        (value("driving_weeks_min", 1, jurisdiction="US"),),
        (value("driving_weeks_min", 1, product="tecartus"),),
        (value("driving_weeks_min", 1, effective_from=date(2026, 1, 16)), value("anchor", "a", text_date=AS_OF)),
        (value("driving_weeks_min", 1, effective_to=AS_OF),),
        (value("driving_weeks_min", "1"),),
        (value("driving_weeks_min", True),),
        (value("driving_weeks_min", float("nan")),),
        (value("driving_weeks_min", None),),
        (value("driving_weeks_min", None, none=True, verification=Verification.UNVERIFIED),),
    ],
)
def test_parameter_that_does_not_hold_or_decide_leaves_it_open(parameters):
    result = judged(DRIVING, response("weeks", 99, scope="kymriah"), parameters=parameters)
    assert (result.compliance, result.reason) == (Compliance.NOT_ASSESSED, Reason.THRESHOLD_UNCONFIRMED)


def test_unknown_parameter_name_leaves_it_open():
    criterion = {"weeks": {"min": {"parameter": "no_such_parameter"}}}
    checked = product_checklist("kymriah", requirement(criterion=criterion))
    assert judged(checked, response("weeks", 99, scope="kymriah")).reason is Reason.THRESHOLD_UNCONFIRMED


def test_unread_country_leaves_every_parameter_open_and_the_checklist_incomplete():
    audit = audited(DRIVING, response("weeks", 99, scope="kymriah"), profile_=profile(country="", jurisdiction=None))
    assert audit.results[0].reason is Reason.THRESHOLD_UNCONFIRMED
    assert audit.readiness is Readiness.INCOMPLETE


def test_unread_country_keeps_a_product_from_ready_even_without_parameters():
    audit = audited(
        product_checklist("kymriah", requirement()),
        response("status", "yes"),
        profile_=profile(country="", jurisdiction=None),
    )
    assert audit.readiness is Readiness.INCOMPLETE


def test_product_asked_for_without_any_treatment_is_incomplete():
    audit = audited(
        product_checklist("kymriah", requirement()), response("status", "yes"), profile_=profile(treatments=())
    )
    assert audit.readiness is Readiness.INCOMPLETE


def test_answer_for_one_product_does_not_count_for_another():
    assert judged(DRIVING, response("weeks", 99, scope="tecartus")).reason is Reason.BLANK


def test_unverified_value_never_fails_a_centre_either():
    weak = (value("driving_weeks_min", 8, verification=Verification.UNVERIFIED),)
    result = judged(DRIVING, response("weeks", 1, scope="kymriah"), parameters=weak)
    assert result.compliance is Compliance.NOT_ASSESSED


def test_checklist_in_which_everything_falls_away_is_incomplete():
    never = requirement(applies={"profile": {"services": {"contains": ["discharge"]}}})
    audit = audited(checklist(never), response("services", ("infusion",)))
    assert audit.results[0].compliance is Compliance.NOT_APPLICABLE
    assert audit.readiness is Readiness.INCOMPLETE


def test_checklist_without_requirements_is_incomplete():
    assert audited(checklist()).readiness is Readiness.INCOMPLETE


def test_everything_declared_not_applicable_is_incomplete():
    audit = audited(checklist(requirement(allow_na=True)), na("status"))
    assert audit.results[0].compliance is Compliance.NOT_APPLICABLE
    assert audit.readiness is Readiness.INCOMPLETE


def test_blank_workbook_is_incomplete_under_everything_the_profile_may_call_for():
    accreditation = checklist(requirement(), selected_by={"accreditor": {"contains": ["jacie"]}})
    sent = submission(profile_=profile(country="", jurisdiction=None, phase=None, treatments=()))
    audit = assess(sent, catalogue(accreditation, DRIVING), AS_OF)
    assert [(a.checklist.id, a.readiness) for a in audit.checklists] == [("jacie", Readiness.INCOMPLETE)]


def test_nothing_selected_gives_no_verdict_at_all():
    accreditation = checklist(requirement(), selected_by={"accreditor": {"contains": ["jacie"]}})
    sent = submission(response("accreditor", ("fact",)), profile_=profile(treatments=()))
    assert assess(sent, catalogue(accreditation), AS_OF).checklists == ()


def test_parameters_of_the_builders_decide():
    assert (
        judged(DRIVING, response("weeks", 8, scope="kymriah"), parameters=PARAMETERS).compliance is Compliance.COMPLIANT
    )
