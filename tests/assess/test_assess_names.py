"""What is printed names things in words, and says of every end what kind of thing ends."""

from dataclasses import replace
from datetime import timedelta

from builders_assess import (
    AS_OF,
    EVIDENCE,
    KYMRIAH,
    PARAMETERS,
    PLAN,
    QUESTIONS,
    audited,
    catalogue,
    judged,
    product_checklist,
    profile,
    register,
    requirement,
    response,
    submission,
)

from cartaudit.assess import Engine, assess
from cartaudit.model.audit import ExpiryKind
from cartaudit.model.questions import Choice

WEEKS = {"weeks": {"min": {"parameter": "driving_weeks_min"}}, "plan": {"allowed": ["yes"]}}
WHO = profile(treatments=(KYMRIAH,))


def test_a_claim_names_product_and_treatment():
    given_ = (response("weeks", 9, scope="kymriah"), response("plan", "yes", scope=KYMRIAH.key))
    result = audited(product_checklist("kymriah", requirement(criterion=WEEKS)), *given_, profile_=WHO).results[0]
    assert result.claim == "Weeks without driving (Kymriah): 9 weeks; Question plan (Kymriah (ALL, paediatric)): Yes"


def test_a_threshold_that_names_a_choice_is_printed_by_its_label():
    asked = requirement(applies={"parameter": {"anchor": {"allowed": ["thaw_end"]}}})
    choices = (Choice(id="thaw_start", label="Start of thaw"),)
    questions = [replace(q, choices=choices) if q.id == "collection_by" else q for q in QUESTIONS]
    shelf = catalogue(product_checklist("kymriah", asked), questions=questions)
    result = assess(submission(profile_=WHO), shelf, AS_OF).checklists[0].results[0]
    assert "Start of the in-use clock: Start of thaw (Kymriah, EU" in result.message


def test_an_id_that_stands_for_two_things_has_no_label():
    choices = [(Choice(id="thaw_start", label=label),) for label in ("Start of thaw", "Bag out of the store")]
    questions = [replace(QUESTIONS[0], id=f"q{n}", choices=c) for n, c in enumerate(choices)]
    assert Engine(catalogue=catalogue(questions=questions), as_of=AS_OF).names.label("thaw_start") == "thaw start"


def test_a_date_given_as_an_answer_ends_as_an_answer():
    asked = requirement(criterion={"day": {"not_expired": True}})
    assert [e.kind for e in judged(asked, response("day", AS_OF)).expiries] == [ExpiryKind.ANSWER]


def test_a_date_in_a_row_ends_as_a_row():
    asked = requirement(criterion={"vessels": {"every_row": {"valid_until": {"not_expired": True}}}})
    assert [e.kind for e in judged(asked, register("vessels", {"valid_until": AS_OF})).expiries] == [ExpiryKind.ROW]


def test_evidence_of_a_limited_age_and_an_action_end_as_such():
    asked = requirement(evidence_required=True, evidence_max_age_days=4000)
    result = judged(asked, response("status", "yes", evidence=EVIDENCE, action=PLAN))
    assert {e.kind for e in result.expiries} == {ExpiryKind.EVIDENCE, ExpiryKind.ACTION}


def test_a_threshold_that_is_replaced_is_named_in_words():
    ends = replace(PARAMETERS[0], effective_to=AS_OF + timedelta(days=30))
    asked = requirement(criterion={"weeks": {"min": {"parameter": "driving_weeks_min"}}})
    shelf = catalogue(product_checklist("kymriah", asked), parameters=(ends, *PARAMETERS[1:]))
    sent = submission(response("weeks", 9, scope="kymriah"), profile_=WHO)
    found = assess(sent, shelf, AS_OF).checklists[0].results[0].expiries
    assert [(e.kind, e.what) for e in found] == [
        (ExpiryKind.THRESHOLD, "Weeks without driving (Kymriah, EU): another value from this day")
    ]
