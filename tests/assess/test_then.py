"""Then and now: the verdict on the day of the self-assessment, and what the calendar alone took away."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from builders_assess import AS_OF, EVIDENCE, catalogue, checklist, override, profile, requirement, response, submission

from cartaudit.assess import Engine, assess
from cartaudit.assess.then import without_lapsed_gates
from cartaudit.model.audit import Compliance, Readiness, Reason
from cartaudit.model.checklists import Edition
from cartaudit.model.requirements import Severity
from cartaudit.model.submission import Action
from cartaudit.report.words import then_and_now

ON = AS_OF - timedelta(days=30)
LATE = requirement("R-1", criterion={"day": {"not_expired": True}}, severity=Severity.MAJOR)
GATE = requirement("R-2", criterion={"day": {"not_expired": True}}, gate=True)
ALWAYS = requirement("R-3", criterion={"flag": {"allowed": [True]}}, severity=Severity.MAJOR)


def judged(*requirements, responses=(), on=ON, as_of=AS_OF, **more):
    shelf = catalogue(checklist(*requirements, **more))
    sent = submission(*responses, profile_=profile(assessed_on=on))
    return assess(sent, shelf, as_of, [("jacie", None)])


def ends(day, name="day"):
    return response(name, day)


@pytest.mark.parametrize(
    ("ended", "before", "now", "lapsed"),
    [
        (ON - timedelta(days=1), Readiness.NOT_READY, Readiness.NOT_READY, []),
        (ON, Readiness.READY, Readiness.NOT_READY, ["R-1"]),
        (AS_OF - timedelta(days=1), Readiness.READY, Readiness.NOT_READY, ["R-1"]),
        (AS_OF, Readiness.READY, Readiness.READY, []),
    ],
)
def test_what_was_met_on_the_day_of_the_self_assessment_and_is_no_longer(ended, before, now, lapsed):
    audit = judged(LATE, ALWAYS, responses=[ends(ended), response("flag", True)]).checklists[0]
    assert (audit.then.on, audit.then.readiness, audit.readiness) == (ON, before, now)
    assert [lapse.requirement.id for lapse in audit.then.lapses] == lapsed


def test_a_lapse_says_how_it_stands_now():
    (lapse,) = judged(LATE, responses=[ends(ON)]).checklists[0].then.lapses
    assert (lapse.compliance, lapse.reason) == (Compliance.NON_COMPLIANT, Reason.CRITERION)


def test_evidence_that_grew_too_old_is_a_lapse():
    asked = requirement("R-4", evidence_required=True, evidence_max_age_days=40)
    answer = response("status", "yes", evidence=replace(EVIDENCE, dated=ON - timedelta(days=20)))
    audit = judged(asked, responses=[answer]).checklists[0]
    assert [(lapse.reason) for lapse in audit.then.lapses] == [Reason.EVIDENCE_LAPSED]


def test_an_answer_that_grew_stale_is_a_lapse():
    on = AS_OF - timedelta(days=366)
    audit = judged(requirement("R-5", gate=True), responses=[response("status", "yes")], on=on).checklists[0]
    assert (audit.then.readiness, audit.readiness) == (Readiness.READY, Readiness.INCOMPLETE)
    assert [lapse.reason for lapse in audit.then.lapses] == [Reason.STALE]


def test_a_plan_that_ran_out_moves_the_verdict_without_a_lapse():
    action = Action(owner_role="QM", due=AS_OF - timedelta(days=1))
    asked = requirement("R-6", severity=Severity.MAJOR)
    audit = judged(asked, ALWAYS, responses=[response("status", "no", action=action), response("flag", True)])
    then = audit.checklists[0].then
    assert (then.readiness, audit.checklists[0].readiness, then.lapses) == (
        Readiness.CONDITIONAL,
        Readiness.NOT_READY,
        (),
    )


def test_what_an_inspector_said_later_was_not_said_then():
    given = response("status", "no", override=override("yes", on=ON + timedelta(days=1)), evidence=EVIDENCE)
    audit = judged(requirement("R-7", gate=True), responses=[given]).checklists[0]
    assert (audit.then.readiness, audit.readiness) == (Readiness.NOT_READY, Readiness.READY)


def test_editions_are_those_of_the_audit_date_on_both_days():
    editions = (Edition(edition="1", effective_to=AS_OF), Edition(edition="2", effective_from=AS_OF))
    audit = judged(
        requirement("R-8", editions=("2",), gate=True), responses=[response("status", "yes")], editions=editions
    ).checklists[0]
    assert audit.then.readiness is Readiness.READY


@pytest.mark.parametrize("on", [None, AS_OF + timedelta(days=1)])
def test_without_a_day_that_has_been_there_is_no_then(on):
    assert judged(ALWAYS, responses=[response("flag", True)], on=on).checklists[0].then is None


def test_on_the_day_itself_then_is_now():
    audit = judged(GATE, responses=[ends(date(2000, 1, 1))], on=AS_OF).checklists[0]
    assert (audit.then.readiness, audit.then.lapses) == (audit.readiness, ())
    assert then_and_now(audit) == ""


def test_a_commissioner_is_not_shown_the_past_where_a_gate_lapsed():
    gate, major = (judged(asked, responses=[ends(ON)]) for asked in (GATE, LATE))
    assert without_lapsed_gates(gate).checklists[0].then is None
    assert without_lapsed_gates(major).checklists[0].then is not None


def test_it_is_said_in_one_sentence_with_its_day():
    audit = judged(LATE, responses=[ends(ON)]).checklists[0]
    said = "On the day of the self-assessment (2025-12-16): READY. Met then and lapsed since: R-1."
    assert then_and_now(audit) == said


def test_an_engine_that_judged_other_days_comes_to_the_same():
    shelf = catalogue(checklist(LATE, GATE, ALWAYS))
    engine = Engine(catalogue=shelf, as_of=AS_OF)
    for days in (30, 0, 10, 30, 400, 3, 2, 1, 30):
        sent = submission(ends(AS_OF - timedelta(days=9)), profile_=profile(assessed_on=AS_OF - timedelta(days=days)))
        warm, fresh = (assess(sent, shelf, AS_OF, [("jacie", None)], *given) for given in ((engine,), ()))
        assert warm == fresh


def test_a_commissioner_is_not_told_ready_by_what_nobody_verified():
    audit = judged(LATE, responses=[ends(ON)]).checklists[0]
    said = then_and_now(audit, verified=False)
    assert "READY" not in said
    assert "nobody verified" in said
    assert "R-1" in said
