"""The table of compliance, row by row, in its order."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from builders_assess import (
    AS_OF,
    EVIDENCE,
    KYMRIAH,
    PLAN,
    TECARTUS,
    checklist,
    judged,
    met,
    na,
    override,
    product_checklist,
    profile,
    register,
    requirement,
    response,
    scale,
    share,
    value,
)

from cartaudit.model.answers import AnswerState
from cartaudit.model.audit import Compliance, Extent, Reason
from cartaudit.model.parameters import Verification
from cartaudit.model.problems import Stops
from cartaudit.model.profile import Treatment
from cartaudit.model.requirements import Phase, Severity
from cartaudit.model.submission import Action, Evidence, EvidenceLevel

TWO = {"status": {"allowed": ["yes"]}, "other_status": {"allowed": ["yes"]}}
EITHER = {"anyof": [{"status": {"allowed": ["yes"]}}, {"other_status": {"allowed": ["yes"]}}]}
DISCHARGE = {"profile": {"services": {"contains": ["discharge"]}}}


def came_out(checked, *responses, **more):
    result = judged(checked, *responses, **more)
    return result.compliance, result.reason


# not applicable by profile, deferred


def test_profile_that_excludes_it_is_named_with_its_cell():
    result = judged(requirement(applies=DISCHARGE), response("services", ("infusion",)), response("status", "no"))
    assert (result.compliance, result.reason) == (Compliance.NOT_APPLICABLE, Reason.PROFILE)
    assert result.deciding_profile == "What this centre does itself: Infusion (Quality!services)"


@pytest.mark.parametrize("given", [None, AnswerState.UNREADABLE, AnswerState.NOT_APPLICABLE])
def test_unread_profile_leaves_open_whether_it_applies(given):
    checked = requirement(applies=DISCHARGE)
    assert came_out(checked, response("services", given), response("status", "no")) == (
        Compliance.NOT_ASSESSED,
        Reason.PROFILE_UNKNOWN,
    )


def test_profile_answer_carried_over_and_not_confirmed_excludes_nothing():
    carried = response("services", ("infusion",), reconfirm=True)
    assert came_out(requirement(applies=DISCHARGE), carried)[1] is Reason.PROFILE_UNKNOWN


def test_profile_that_includes_it_lets_it_be_judged():
    responses = response("services", ("discharge",)), response("status", "yes")
    assert came_out(requirement(applies=DISCHARGE), *responses) == (Compliance.COMPLIANT, Reason.MET)


@pytest.mark.parametrize(
    ("phase", "expected"),
    [
        (Phase.PRE_OPENING, (Compliance.NOT_APPLICABLE, Reason.DEFERRED)),
        (Phase.FIRST_PATIENTS, (Compliance.NON_COMPLIANT, Reason.ANSWERED_NO)),
        (Phase.ESTABLISHED, (Compliance.NON_COMPLIANT, Reason.ANSWERED_NO)),
        (None, (Compliance.NOT_ASSESSED, Reason.PROFILE_UNKNOWN)),
    ],
)
def test_phase_defers_up_to_the_one_named(phase, expected):
    checked = requirement(deferred_until=Phase.FIRST_PATIENTS)
    assert came_out(checked, response("status", "no"), profile_=profile(phase=phase)) == expected


@pytest.mark.parametrize(
    ("applies", "expected"),
    [
        ({"jurisdiction": ["US"]}, (Compliance.NOT_APPLICABLE, Reason.PROFILE)),
        ({"jurisdiction": ["EU"]}, (Compliance.COMPLIANT, Reason.MET)),
        ({"product": ["tecartus"]}, (Compliance.NOT_APPLICABLE, Reason.PROFILE)),
        ({"product": ["kymriah"]}, (Compliance.COMPLIANT, Reason.MET)),
        ({"parameter": {"anchor": {"allowed": ["thaw_start"]}}}, (Compliance.COMPLIANT, Reason.MET)),
        ({"parameter": {"anchor": {"allowed": ["thaw_end"]}}}, (Compliance.NOT_APPLICABLE, Reason.PROFILE)),
        (
            {"parameter": {"sites": {"contains": ["hotel"]}}},
            (Compliance.NOT_ASSESSED, Reason.THRESHOLD_UNCONFIRMED),
        ),
        (
            {"jurisdiction": ["US"], "parameter": {"sites": {"contains": ["hotel"]}}},
            (Compliance.NOT_APPLICABLE, Reason.PROFILE),
        ),
    ],
)
def test_applies_tests_place_product_and_parameter(applies, expected):
    checked = product_checklist("kymriah", requirement(applies=applies))
    assert came_out(checked, response("status", "yes")) == expected


@pytest.mark.parametrize(
    ("applies", "said"),
    [
        ({"product": ["tecartus"]}, "Does not apply to Kymriah."),
        (
            {"jurisdiction": ["US", "CH", "IL"]},
            "Applies under the product information of the US, Switzerland and Israel only; that of the EU holds here.",
        ),
        (
            {"jurisdiction": ["UK", "GB"]},
            "Applies under the product information of the UK only; that of the EU holds here.",
        ),
    ],
)
def test_product_and_place_that_exclude_it_are_named_once(applies, said):
    assert judged(product_checklist("kymriah", requirement(applies=applies))).message == said


def test_unverified_parameter_leaves_open_whether_it_applies():
    checked = product_checklist("kymriah", requirement(applies={"parameter": {"anchor": {"allowed": ["thaw_start"]}}}))
    for text in ("thaw_start", "thaw_end"):
        weak = (value("anchor", text, verification=Verification.UNVERIFIED),)
        assert came_out(checked, response("status", "yes"), parameters=weak)[1] is Reason.THRESHOLD_UNCONFIRMED


def test_text_that_sets_no_limit_makes_it_not_applicable():
    checked = product_checklist(
        "kymriah", requirement(criterion={"weeks": {"min": {"parameter": "driving_weeks_min"}}})
    )
    none = (value("driving_weeks_min", None, none=True),)
    assert came_out(checked, response("weeks", 1, scope="kymriah"), parameters=none) == (
        Compliance.NOT_APPLICABLE,
        Reason.NO_LIMIT,
    )


def test_parameter_without_a_limit_does_not_apply():
    checked = product_checklist("kymriah", requirement(applies={"parameter": {"anchor": {"allowed": ["x"]}}}))
    none = (value("anchor", None, none=True),)
    assert came_out(checked, response("status", "no"), parameters=none) == (Compliance.NOT_APPLICABLE, Reason.NO_LIMIT)


# blank, unreadable, N/A, no rows


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (None, Reason.BLANK),
        (AnswerState.UNREADABLE, Reason.UNREADABLE),
        (AnswerState.AMBIGUOUS, Reason.UNREADABLE),
        (AnswerState.NOT_APPLICABLE, Reason.NA_REFUSED),
    ],
)
def test_what_is_not_known_is_not_assessed(given, reason):
    assert came_out(requirement(), response("status", given)) == (Compliance.NOT_ASSESSED, reason)


def test_causes_are_named_in_their_order():
    three = {name: {"allowed": ["yes"]} for name in ("status", "other_status", "third_status")}
    all_ = (response("status", None), response("other_status", AnswerState.UNREADABLE), na("third_status"))
    assert came_out(requirement(criterion=three), *all_)[1] is Reason.NA_REFUSED
    assert came_out(requirement(criterion=three), *all_[:2], met("third_status"))[1] is Reason.UNREADABLE


def test_verified_part_that_fails_decides_over_a_blank_one():
    assert came_out(requirement(criterion=TWO), response("status", None), response("other_status", "no")) == (
        Compliance.NON_COMPLIANT,
        Reason.ANSWERED_NO,
    )


def test_part_that_holds_does_not_decide_over_a_blank_one():
    assert came_out(requirement(criterion=TWO), response("status", None), response("other_status", "yes")) == (
        Compliance.NOT_ASSESSED,
        Reason.BLANK,
    )


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("yes", None, (Compliance.COMPLIANT, Reason.MET)),
        ("no", None, (Compliance.NOT_ASSESSED, Reason.BLANK)),
        ("no", "no", (Compliance.NON_COMPLIANT, Reason.ANSWERED_NO)),
        ("no", "in_progress", (Compliance.NON_COMPLIANT, Reason.IN_PROGRESS)),
        (None, None, (Compliance.NOT_ASSESSED, Reason.BLANK)),
    ],
)
def test_one_alternative_is_enough_and_all_must_fail(one, other, expected):
    assert came_out(requirement(criterion=EITHER), response("status", one), response("other_status", other)) == expected


# N/A with reason


def test_declared_with_a_reason_where_allowed():
    result = judged(requirement(allow_na=True), na("status", "No such unit"))
    assert (result.compliance, result.reason) == (Compliance.NOT_APPLICABLE, Reason.DECLARED)
    assert result.na_reason == "No such unit"


@pytest.mark.parametrize("more", [{"gate": True, "allow_na": True}, {"allow_na": False}])
def test_declared_is_refused_on_gates_and_where_not_allowed(more):
    assert came_out(requirement(**more), na("status")) == (Compliance.NOT_ASSESSED, Reason.NA_REFUSED)


@pytest.mark.parametrize("reason", ["", "  "])
def test_declared_without_a_reason_is_refused(reason):
    assert came_out(requirement(allow_na=True), na("status", reason))[1] is Reason.NA_REFUSED


def test_declared_part_drops_out_of_a_conjunction():
    checked = requirement(criterion=TWO, allow_na=True)
    assert came_out(checked, na("status"), response("other_status", "yes"))[0] is Compliance.COMPLIANT
    assert came_out(checked, na("status"), response("other_status", "no"))[0] is Compliance.NON_COMPLIANT
    assert came_out(checked, na("status"), response("other_status", None))[0] is Compliance.NOT_ASSESSED


def test_declared_alternative_is_unknown():
    checked = requirement(criterion=EITHER, allow_na=True)
    assert came_out(checked, na("status"), response("other_status", "no"))[1] is Reason.NA_REFUSED
    assert came_out(checked, na("status"), na("other_status"))[0] is Compliance.NOT_ASSESSED
    assert came_out(checked, na("status"), response("other_status", "yes"))[0] is Compliance.COMPLIANT


def test_register_declared_although_rows_are_listed_is_unreadable():
    rows = register("vessels", {"vessel": "A", "warmest": -190})
    contradiction = replace(rows, entry=replace(rows.entry, state=AnswerState.NOT_APPLICABLE), na_reason="none here")
    checked = requirement(criterion={"vessels": {"every_row": {"warmest": {"max": -1}}}}, allow_na=True)
    assert came_out(checked, contradiction) == (Compliance.NOT_ASSESSED, Reason.UNREADABLE)


# criterion false


def test_partial_where_the_content_says_so():
    checked = requirement(criterion={"count": {"min": 2}}, partial={"count": {"min": 1}})
    assert came_out(checked, response("count", 1)) == (Compliance.PARTIAL, Reason.CRITERION)
    assert came_out(checked, response("count", 0)) == (Compliance.NON_COMPLIANT, Reason.CRITERION)


def test_partial_is_a_deficiency_on_a_scale_that_says_so():
    strict = scale(partial_is_deficiency=True)
    assert came_out(requirement(), response("status", "partial"), scale_=strict)[0] is Compliance.NON_COMPLIANT


def test_an_answer_of_partial_is_no_partial_where_the_content_does_not_say_so():
    one = requirement(criterion={"status": {"allowed": ["yes"]}})
    short = (Compliance.NON_COMPLIANT, Reason.CRITERION)
    assert came_out(one, response("status", "partial")) == short
    assert came_out(requirement(criterion=TWO), met("status"), response("other_status", "partial")) == short


@pytest.mark.parametrize(
    ("numerator", "extent", "compliance"),
    [
        (90, Extent.ISOLATED, Compliance.PARTIAL),
        (89, Extent.PATTERN, Compliance.NON_COMPLIANT),
        (51, Extent.PATTERN, Compliance.NON_COMPLIANT),
        (50, Extent.WIDESPREAD, Compliance.NON_COMPLIANT),
    ],
)
def test_contained_failure_is_partial_only_while_isolated(numerator, extent, compliance):
    answer = response("share", share(numerator, 100), action=Action(containment="Held back"))
    result = judged(requirement(criterion={"share": {"min_share": 0.95}}), answer)
    assert (result.extent, result.compliance) == (extent, compliance)


def test_isolated_failure_without_containment_is_non_compliant():
    result = judged(requirement(criterion={"share": {"min_share": 0.95}}), response("share", share(94, 100)))
    assert (result.extent, result.compliance) == (Extent.ISOLATED, Compliance.NON_COMPLIANT)


def test_isolated_failure_beside_another_failure_is_non_compliant():
    checked = requirement(criterion={"share": {"min_share": 0.95}, "status": {"allowed": ["yes"]}})
    held = Action(containment="Held back")
    answers = response("share", share(94, 100), action=held), response("status", "no", action=held)
    assert came_out(checked, *answers)[0] is Compliance.NON_COMPLIANT


def test_extent_of_a_register_counts_its_rows():
    rows = [{"vessel": f"V{n}", "warmest": -190 if n else -1} for n in range(10)]
    result = judged(
        requirement(criterion={"vessels": {"every_row": {"warmest": {"max": -120}}}}), register("vessels", *rows)
    )
    assert result.extent is Extent.ISOLATED


# in progress


@pytest.mark.parametrize(
    ("due", "reason"),
    [
        (None, Reason.IN_PROGRESS),
        (AS_OF, Reason.IN_PROGRESS),
        (date(2026, 1, 14), Reason.OVERDUE),
    ],
)
def test_in_progress_is_overdue_after_its_due_day(due, reason):
    answer = response("status", "in_progress", action=Action(due=due))
    assert came_out(requirement(), answer) == (Compliance.NON_COMPLIANT, reason)


def test_in_progress_beside_a_no_is_not_the_reason():
    answers = response("status", "in_progress"), response("other_status", "no")
    assert came_out(requirement(criterion=TWO), *answers)[1] is Reason.ANSWERED_NO


# evidence


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence(),
        Evidence(references=("SOP-1",), level=EvidenceLevel.CLAIMED),
        Evidence(references=(), level=EvidenceLevel.CITED),
        Evidence(references=("  ",), level=EvidenceLevel.VERIFIED),
    ],
)
def test_positive_answer_without_evidence_is_withheld(evidence):
    checked = requirement(evidence_required=True)
    assert came_out(checked, response("status", "yes", evidence=evidence)) == (
        Compliance.NOT_ASSESSED,
        Reason.EVIDENCE_MISSING,
    )


@pytest.mark.parametrize(
    ("dated", "reason"),
    [
        (date(2025, 12, 16), Reason.MET),
        (date(2025, 12, 15), Reason.EVIDENCE_LAPSED),
        (AS_OF, Reason.MET),
        (date(2026, 1, 16), Reason.EVIDENCE_MISSING),
        (None, Reason.EVIDENCE_MISSING),
    ],
)
def test_evidence_counts_up_to_its_age_in_days(dated, reason):
    checked = requirement(evidence_required=True, evidence_max_age_days=30)
    assert came_out(checked, response("status", "yes", evidence=replace(EVIDENCE, dated=dated)))[1] is reason


def test_honest_no_needs_no_evidence():
    assert came_out(requirement(evidence_required=True), response("status", "no")) == (
        Compliance.NON_COMPLIANT,
        Reason.ANSWERED_NO,
    )


def test_every_part_of_a_conjunction_needs_its_evidence():
    checked = requirement(criterion=TWO, evidence_required=True)
    assert came_out(checked, met("status"), response("other_status", "yes"))[1] is Reason.EVIDENCE_MISSING


def test_supported_alternative_is_enough():
    checked = requirement(criterion=EITHER, evidence_required=True)
    assert came_out(checked, met("status"), response("other_status", "yes"))[0] is Compliance.COMPLIANT
    assert came_out(checked, met("status"), response("other_status", "no"))[0] is Compliance.COMPLIANT
    assert came_out(checked, response("status", "yes"), response("other_status", "no"))[1] is Reason.EVIDENCE_MISSING


def test_profile_question_in_a_criterion_needs_no_evidence():
    checked = requirement(criterion={"services": {"contains": ["infusion"]}}, evidence_required=True)
    assert came_out(checked, response("services", ("infusion",)))[0] is Compliance.COMPLIANT


# age


@pytest.mark.parametrize(
    ("answered_on", "reason"), [(date(2025, 1, 15), Reason.MET), (date(2025, 1, 14), Reason.STALE), (AS_OF, Reason.MET)]
)
@pytest.mark.parametrize("decides", [{"gate": True}, {"severity": Severity.CRITICAL}])
def test_answer_that_decides_counts_for_a_year(answered_on, reason, decides):
    assert came_out(requirement(**decides), response("status", "yes", answered_on=answered_on))[1] is reason


@pytest.mark.parametrize(
    ("assessed_on", "reason"), [(date(2025, 1, 15), Reason.MET), (date(2025, 1, 14), Reason.STALE)]
)
def test_answer_without_a_day_is_of_the_day_of_the_self_assessment(assessed_on, reason):
    answer = response("status", "yes")
    assert judged(requirement(gate=True), answer, profile_=profile(assessed_on=assessed_on)).reason is reason
    fresh = replace(answer, answered_on=AS_OF)
    assert judged(requirement(gate=True), fresh, profile_=profile(assessed_on=assessed_on)).reason is Reason.MET


def test_one_new_day_freshens_no_other_answer():
    answers = (
        response("status", "yes", answered_on=AS_OF),
        response("other_status", "yes", answered_on=date(2024, 1, 1)),
    )
    assert came_out(requirement(criterion=TWO, gate=True), *answers)[1] is Reason.STALE


def test_old_answer_to_a_lesser_requirement_counts():
    old = response("status", "yes", answered_on=date(2020, 1, 1))
    assert came_out(requirement(severity=Severity.MAJOR), old)[1] is Reason.MET


def test_old_no_is_a_no():
    old = response("status", "no", answered_on=date(2020, 1, 1))
    assert came_out(requirement(gate=True), old)[1] is Reason.ANSWERED_NO


def test_inspectors_answer_counts_from_the_day_it_was_given():
    old = response("status", "no", answered_on=date(2020, 1, 1), override=override("yes"), evidence=EVIDENCE)
    assert came_out(requirement(gate=True), old)[1] is Reason.MET


def test_day_on_which_an_answer_ends_is_named():
    result = judged(requirement(gate=True), response("status", "yes", answered_on=date(2025, 6, 1)))
    assert [(e.on, e.what) for e in result.expiries] == [
        (date(2026, 6, 1), "Answers under essential and critical requirements: 365 days old")
    ]


# carried over, overridden


def test_answer_carried_over_withholds_a_positive_result_only():
    assert came_out(requirement(), response("status", "yes", reconfirm=True))[1] is Reason.RECONFIRM
    assert came_out(requirement(), response("status", "no", reconfirm=True))[1] is Reason.ANSWERED_NO


def test_declaration_carried_over_is_withheld_too():
    assert came_out(requirement(allow_na=True), na("status", reconfirm=True))[1] is Reason.RECONFIRM


def test_complete_override_replaces_the_answer_and_keeps_the_claim():
    result = judged(requirement(), response("status", "yes", override=override("no")))
    assert (result.compliance, result.claimed, result.overridden) == (
        Compliance.NON_COMPLIANT,
        Compliance.COMPLIANT,
        True,
    )
    assert result.claim == "Yes"
    assert result.override_note == "Inspector, 2026-01-10: Seen on site"


def test_what_an_inspector_saw_is_as_old_as_the_day_it_was_seen():
    checked = requirement(evidence_required=True, evidence_max_age_days=30)
    answer = response("status", "no", override=override("yes"), evidence=replace(EVIDENCE, dated=date(2020, 1, 1)))
    assert came_out(checked, answer)[0] is Compliance.COMPLIANT


@pytest.mark.parametrize(
    "answer",
    [
        response("status", "no", override=override("yes")),
        response("status", "no", override=override("yes", independent=False), evidence=EVIDENCE),
        response("status", "no", override=override("yes", on=date(2026, 1, 16)), evidence=EVIDENCE),
        response("status", "no", override=override("yes"), evidence=EVIDENCE, stopped=(Stops.EVIDENCE,)),
    ],
)
def test_a_better_answer_counts_of_another_role_with_a_date_and_evidence_only(answer):
    assert came_out(requirement(), answer) == (Compliance.NON_COMPLIANT, Reason.ANSWERED_NO)


@pytest.mark.parametrize(
    "given",
    [
        override("no"),
        override("no", role=""),
        override("no", on=None),
        override("no", on=date(2026, 1, 16)),
        override("no", reason=""),
        override("no", independent=False),
    ],
)
def test_a_worse_answer_of_an_inspector_always_counts(given):
    answer = response("status", "yes", evidence=EVIDENCE, override=given)
    assert came_out(requirement(gate=True), answer) == (Compliance.NON_COMPLIANT, Reason.ANSWERED_NO)
    assert judged(requirement(gate=True), answer).overridden


def test_the_same_answer_of_the_same_role_changes_nothing():
    answer = response("status", "yes", evidence=EVIDENCE, override=override("yes", independent=False))
    assert came_out(requirement(), answer) == (Compliance.COMPLIANT, Reason.MET)


@pytest.mark.parametrize(
    "given",
    [
        override("yes", role=""),
        override("yes", on=None),
        override("yes", reason=""),
        override("yes", on=date(2026, 1, 16)),
        override(AnswerState.UNREADABLE),
        override(None),
    ],
)
def test_incomplete_override_withholds_a_positive_result_and_leaves_a_negative_one(given):
    assert came_out(requirement(), response("status", "yes", override=given))[1] is Reason.OVERRIDE_INCOMPLETE
    assert came_out(requirement(), response("status", "no", override=given))[1] is Reason.ANSWERED_NO


def test_override_to_not_applicable_is_refused_on_a_gate():
    answer = response("status", "no", override=override(AnswerState.NOT_APPLICABLE), evidence=EVIDENCE)
    assert came_out(requirement(gate=True), answer)[1] is Reason.NA_REFUSED
    assert came_out(requirement(allow_na=True), answer)[1] is Reason.DECLARED


def test_inspectors_answer_cannot_stand_for_rows():
    rows = register("vessels", {"vessel": "A", "warmest": -190}, override=override("yes"))
    checked = requirement(criterion={"vessels": {"every_row": {"warmest": {"max": -120}}}})
    assert came_out(checked, rows)[1] is Reason.OVERRIDE_INCOMPLETE


# met, watched


def test_watch_marks_a_compliant_result():
    checked = requirement(criterion={"count": {"min": 2}}, watch={"count": {"max": 2}})
    assert judged(checked, response("count", 2)).watch
    assert not judged(checked, response("count", 3)).watch


# products and treatments

DRIVING = requirement(criterion={"weeks": {"min": {"parameter": "driving_weeks_min"}}})
BOTH = profile(treatments=(KYMRIAH, TECARTUS))


@pytest.mark.parametrize(
    ("kymriah", "tecartus", "compliance"),
    [
        (8, 4, Compliance.COMPLIANT),
        (8, 3, Compliance.NON_COMPLIANT),
        (7, 4, Compliance.NON_COMPLIANT),
        (8, None, Compliance.NOT_ASSESSED),
        (7, None, Compliance.NON_COMPLIANT),
    ],
)
def test_each_product_is_held_to_its_own_limit(kymriah, tecartus, compliance):
    answers = response("weeks", kymriah, scope="kymriah"), response("weeks", tecartus, scope="tecartus")
    result = judged(DRIVING, *answers, profile_=BOTH)
    assert result.compliance is compliance
    assert [t.value for t in result.thresholds] == [8, 4]


def test_treatment_question_is_judged_for_each_treatment():
    adult = replace(KYMRIAH, indication="dlbcl", population="adult")
    checked = product_checklist("kymriah", requirement(criterion={"plan": {"allowed": ["yes"]}}))
    answers = response("plan", "yes", scope=KYMRIAH.key), response("plan", "no", scope=adult.key)
    result = judged(checked, *answers, profile_=profile(treatments=(KYMRIAH, adult)))
    assert result.compliance is Compliance.NON_COMPLIANT
    assert result.message.startswith("Kymriah (dlbcl, adult):")


def test_limit_for_one_indication_is_not_lost_where_another_has_none():
    adult = replace(KYMRIAH, indication="dlbcl", population="adult")
    parameters = (
        value("driving_weeks_min", None, none=True, indication="dlbcl"),
        value("driving_weeks_min", 8, indication="all"),
    )
    checked = product_checklist("kymriah", DRIVING)
    who = profile(treatments=(adult, KYMRIAH))
    assert came_out(checked, response("weeks", 7, scope="kymriah"), profile_=who, parameters=parameters)[0] is (
        Compliance.NON_COMPLIANT
    )


def test_product_on_another_route_asks_nothing_of_an_accreditation_requirement():
    trial = profile(treatments=(Treatment(product="kymriah", route="trial"),))
    assert came_out(DRIVING, profile_=trial) == (Compliance.NOT_APPLICABLE, Reason.PROFILE)


def test_unread_treatment_leaves_a_product_requirement_open():
    rows = register("treatments", {"product": "kymriah"}, {"product": AnswerState.UNREADABLE})
    answer = response("weeks", 8, scope="kymriah")
    assert came_out(DRIVING, answer, rows) == (Compliance.NOT_ASSESSED, Reason.PROFILE_UNKNOWN)
    assert came_out(requirement(), response("status", "yes"), rows)[0] is Compliance.COMPLIANT


def test_no_treatment_at_all_leaves_a_product_requirement_open():
    assert came_out(DRIVING, profile_=profile(treatments=()))[0] is Compliance.NOT_ASSESSED


def test_plan_due_today_still_counts():
    answer = response("status", "no", action=replace(PLAN, due=AS_OF))
    assert judged(checklist(requirement()), answer).action.due == AS_OF


@pytest.mark.parametrize(("days", "watched"), [(1095, False), (1096, True)])
def test_evidence_older_than_three_years_is_watched_with_its_day(days, watched):
    seen = replace(EVIDENCE, dated=AS_OF - timedelta(days=days))
    result = judged(requirement(evidence_required=True), response("status", "yes", evidence=seen))
    assert (result.compliance, result.watch) == (Compliance.COMPLIANT, watched)
    assert (seen.dated.isoformat() in result.message) is watched


def test_old_evidence_that_nothing_asks_for_is_not_watched():
    old = replace(EVIDENCE, dated=date(2000, 1, 1))
    assert not judged(requirement(), response("status", "yes", evidence=old)).watch
