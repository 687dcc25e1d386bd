"""An engine that judged other centres before judges the next one as a fresh engine does."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from builders_assess import (
    AS_OF,
    KYMRIAH,
    PARAMETERS,
    PLAN,
    TECARTUS,
    catalogue,
    checklist,
    entry,
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
from hypothesis import given, settings
from hypothesis import strategies as st
from test_assess_properties import ENGINE, SHELF, workbooks

from cartaudit.assess import Engine, assess
from cartaudit.model.answers import AnswerState, Share, Status
from cartaudit.model.requirements import Severity
from cartaudit.model.submission import Action, Evidence, EvidenceLevel, SiteValue

LOOK_ALIKE = [
    0, 0.0, -0.0, False, 1, 1.0, True, "1", Fraction(1), 2, 2.0, float("nan"), Status.YES, "yes", Status.NO, "no",
    share(1, 2), Share(numerator=True, denominator=2), Share(numerator=1, denominator=2.0), share(2, 4),
    AS_OF, (), ("infusion",), ("discharge", "infusion"), ["infusion"],
    None, AnswerState.UNREADABLE, AnswerState.AMBIGUOUS, AnswerState.NOT_APPLICABLE,
]  # fmt: skip
SITE_VALUES = [(), *(((name, v),) for name in ("driving_weeks_min", "storage_max_c") for v in (9, -200, -200.0, 9.0))]
ASKED = ("status", "other_status", "flag", "count", "second_count", "temperature", "share", "day", "choices", "words")
CITED = [
    Evidence(references=("SOP-1",), level=EvidenceLevel.CITED, dated=AS_OF),
    Evidence(references=("SOP-2",), level=EvidenceLevel.SIGHTED, dated=AS_OF - timedelta(days=300)),
    Evidence(),
]

SHARED = (
    requirement("W-1", criterion={"status": {"allowed": ["yes"]}}, allow_na=True),
    requirement("W-2", criterion={"status": {"allowed": ["yes"]}}, gate=True, severity=Severity.CRITICAL),
    requirement("W-3", criterion={"flag": {"allowed": [True]}}, watch={"count": {"max": 1}}),
    requirement("W-4", criterion={"count": {"min": 1, "at_least": "second_count"}}, partial={"count": {"min": 0}}),
    requirement(
        "W-5", criterion={"anyof": [{"temperature": {"max": 0}}, {"other_status": {"allowed": ["yes"]}}]}, allow_na=True
    ),
    requirement("W-6", criterion={"share": {"min_share": 0.5}, "day": {"max_age_days": 30}}),
    requirement("W-7", criterion={"choices": {"contains": ["infusion"]}, "words": {"minlength": 1}}),
    requirement("W-8", criterion={"weeks": {"min": {"parameter": "driving_weeks_min"}}}),
    requirement(
        "W-9",
        criterion={
            "vessels": {
                "where": {"products": {"contains": {"parameter": "product"}}},
                "share_of_rows": {
                    "min_share": 0.5,
                    "rows": {"anyof": [{"warmest": {"max": 0}}, {"alarm": {"allowed": ["yes"]}}]},
                },
                "min_rows": 1,
            },
            "status": {"allowed": ["yes", "partial"]},
        },
    ),
    requirement("W-11", criterion={"temperature": {"max": {"parameter": "storage_max_c"}}}),
    requirement("W-10", applies={"profile": {"services": {"contains": ["infusion"]}}}, criterion={"count": {"max": 1}}),
)
WARM_SHELF = catalogue(product_checklist("kymriah", *SHARED), product_checklist("tecartus", *SHARED))
LATER = AS_OF + timedelta(days=400)
STRICTER = catalogue(
    product_checklist(
        "kymriah", *(replace(r, severity=Severity.CRITICAL, allow_na=False, evidence_required=True) for r in SHARED)
    ),
    product_checklist("tecartus", *SHARED),
    parameters=(*PARAMETERS[1:], value("driving_weeks_min", 20)),
)
WARM = {
    (shelf, day): Engine(catalogue=found, as_of=day)
    for shelf, found in (("plain", WARM_SHELF), ("stricter", STRICTER))
    for day in (AS_OF, LATER)
}
FEW = Engine(catalogue=WARM_SHELF, as_of=AS_OF, size=3)


def said(name, given_, scope=""):
    if given_ is None or isinstance(given_, AnswerState):
        return response(name, given_, scope=scope)
    made = response(name, 0, scope=scope)
    return replace(made, entry=replace(entry(0), value=given_))


@st.composite
def look_alikes(draw):
    values = st.sampled_from(LOOK_ALIKE)
    made = [said(name, draw(values)) for name in ASKED]
    made += [said("weeks", draw(st.sampled_from([4, 8, 8.0, True, None])), scope) for scope in ("kymriah", "tecartus")]
    made = [
        replace(
            r,
            entry=replace(r.entry, cell=draw(st.sampled_from(["Sheet!C3", "Sheet!C4"]))),
            na_reason=draw(st.sampled_from(["", "None here"])),
            action=draw(st.sampled_from([PLAN, Action()])),
            evidence=draw(st.sampled_from(CITED)),
            reconfirm=draw(st.sampled_from([False, False, True])),
        )
        for r in made
    ]
    rows = [
        {
            "vessel": f"V{n}",
            "products": draw(st.sampled_from([("kymriah",), ("kymriah", "tecartus"), None])),
            "warmest": draw(st.sampled_from([-1.0, -0.0, 0.0, 0, False, 1.0, float("nan"), AnswerState.UNREADABLE])),
            "alarm": draw(st.sampled_from(["yes", "no", None, AnswerState.NOT_APPLICABLE])),
        }
        for n in range(draw(st.integers(0, 3)))
    ]
    made += [register("vessels", *rows), response("services", draw(st.sampled_from([("infusion",), ("discharge",)])))]
    site_values = tuple(
        SiteValue(parameter=name, product="kymriah", value=v, revision="3", dated=AS_OF, role="QM")
        for name, v in draw(st.sampled_from(SITE_VALUES))
    )
    sent = submission(*draw(st.permutations(made)), profile_=profile(treatments=(KYMRIAH, TECARTUS)))
    return replace(sent, site_values=site_values)


@settings(max_examples=40)
@given(look_alikes(), st.sampled_from(sorted(WARM)))
def test_a_warm_engine_judges_look_alike_answers_as_a_fresh_one(sent, which):
    warm = WARM[which]
    fresh = Engine(catalogue=warm.catalogue, as_of=warm.as_of)
    judged = [assess(sent, e.catalogue, e.as_of, None, e) for e in (warm, fresh)]
    assert repr(judged[0]) == repr(judged[1])


@settings(max_examples=25)
@given(workbooks())
def test_a_warm_engine_judges_any_workbook_as_a_fresh_one(responses):
    sent = submission(*responses, profile_=profile(treatments=(KYMRIAH,)))
    fresh = Engine(catalogue=SHELF, as_of=AS_OF)
    judged = [assess(sent, SHELF, AS_OF, None, e) for e in (ENGINE, fresh)]
    assert repr(judged[0]) == repr(judged[1])


@settings(max_examples=15)
@given(look_alikes())
def test_an_engine_that_may_keep_little_judges_as_a_fresh_one(sent):
    fresh = Engine(catalogue=WARM_SHELF, as_of=AS_OF)
    judged = [assess(sent, WARM_SHELF, AS_OF, None, e) for e in (FEW, fresh)]
    assert repr(judged[0]) == repr(judged[1])


@pytest.mark.parametrize(
    "second",
    [
        {"reconfirm": True},
        {"evidence": Evidence()},
        {"evidence": Evidence(references=("SOP-1",), level=EvidenceLevel.CITED, dated=AS_OF - timedelta(days=500))},
        {"action": PLAN},
    ],
)
def test_what_supports_an_answer_is_looked_at_again_where_the_answer_is_known(second):
    needs = requirement(
        "W-1", criterion={"status": {"allowed": ["yes"]}}, evidence_required=True, evidence_max_age_days=365
    )
    shelf = catalogue(product_checklist("kymriah", needs))
    engine = Engine(catalogue=shelf, as_of=AS_OF)
    first = replace(response("status", "yes"), evidence=CITED[0])
    for answer in (first, replace(first, **second)):
        sent = submission(answer, profile_=profile(treatments=(KYMRIAH,)))
        warm, fresh = (assess(sent, shelf, AS_OF, None, e) for e in (engine, Engine(catalogue=shelf, as_of=AS_OF)))
        assert repr(warm) == repr(fresh)


def test_an_answer_in_another_cell_is_named_by_that_cell():
    shelf = catalogue(product_checklist("kymriah", requirement("W-1", criterion={"status": {"allowed": ["yes"]}})))
    engine = Engine(catalogue=shelf, as_of=AS_OF)
    named = []
    for cell in ("Sheet!C3", "Sheet!C9"):
        answer = response("status", "yes")
        sent = submission(
            replace(answer, entry=replace(answer.entry, cell=cell)), profile_=profile(treatments=(KYMRIAH,))
        )
        (result,) = assess(sent, shelf, AS_OF, None, engine).checklists[0].results
        named.append((*result.cells, result.steps[0].cell))
    assert named == [("Sheet!C3", "Sheet!C3"), ("Sheet!C9", "Sheet!C9")]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_register_that_is_blank_and_one_that_is_declined_are_two_things(order):
    judged = checklist(requirement("R-1", criterion={"vessels": {"min_rows": 1}}, allow_na=True))
    shelf = catalogue(judged)
    centres = [submission(response("vessels", None)), submission(na("vessels"))]
    engine = Engine(catalogue=shelf, as_of=AS_OF)
    for centre in (centres[number] for number in order):
        warm, fresh = (assess(centre, shelf, AS_OF, [(judged.id, None)], *given) for given in ((engine,), ()))
        assert warm == fresh
