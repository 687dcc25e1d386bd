"""Properties of judging as a whole, over arbitrary workbooks."""

from dataclasses import replace
from datetime import date

from builders_assess import (
    AS_OF,
    EVIDENCE,
    KYMRIAH,
    PLAN,
    audited,
    catalogue,
    entry,
    override,
    product_checklist,
    profile,
    register,
    requirement,
    response,
    share,
    submission,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from cartaudit.assess import Engine, assess
from cartaudit.model.answers import AnswerState
from cartaudit.model.audit import Compliance, Readiness
from cartaudit.model.requirements import Severity
from cartaudit.model.submission import Action, Evidence

RANK = [Readiness.NOT_READY, Readiness.INCOMPLETE, Readiness.CONDITIONAL, Readiness.READY]
UNKNOWN = [None, AnswerState.UNREADABLE, AnswerState.AMBIGUOUS, AnswerState.NOT_APPLICABLE]
BAD = {"status": "no", "other_status": "no", "count": 0, "share": share(1, 20), "day": date(2020, 1, 1), "weeks": 1}
GOOD = {"status": "yes", "other_status": "yes", "count": 5, "share": share(20, 20), "day": AS_OF, "weeks": 9}
NONSENSE = [float("nan"), "5", True, -1.5, (), ("x",)]
ROW = {"vessel": "A", "products": ("kymriah",), "warmest": -190.0}

CHECKED = product_checklist(
    "kymriah",
    requirement(
        "R-1", gate=True, severity=Severity.CRITICAL, criterion={"weeks": {"min": {"parameter": "driving_weeks_min"}}}
    ),
    requirement("R-2", severity=Severity.CRITICAL, evidence_required=True, evidence_max_age_days=30),
    requirement(
        "R-3", criterion={"anyof": [{"count": {"min": 2}}, {"other_status": {"allowed": ["yes"]}}]}, allow_na=True
    ),
    requirement("R-4", criterion={"share": {"min_share": 0.9, "min_sample": 5}, "day": {"max_age_days": 90}}),
    requirement(
        "R-5",
        gate=True,
        criterion={
            "vessels": {
                "where": {"products": {"contains": {"parameter": "product"}}},
                "every_row": {"warmest": {"max": {"parameter": "storage_max_c"}}},
            }
        },
    ),
    requirement(
        "R-6", applies={"profile": {"services": {"contains": ["discharge"]}}}, criterion={"flag": {"allowed": [True]}}
    ),
)
SHELF = catalogue(CHECKED)
ENGINE = Engine(catalogue=SHELF, as_of=AS_OF)


def scope_of(name):
    return "kymriah" if name == "weeks" else ""


@st.composite
def answers(draw, name):
    given_ = draw(st.sampled_from([GOOD[name], GOOD[name], BAD[name], *UNKNOWN, *NONSENSE]))
    nonsense = given_ is not None and not isinstance(given_, AnswerState) and given_ in NONSENSE
    made = response(name, None if nonsense else given_, scope=scope_of(name))
    if nonsense:
        made = replace(made, entry=replace(entry(0), value=given_))
    return replace(
        made,
        na_reason=draw(st.sampled_from(["", "No such unit"])),
        evidence=draw(st.sampled_from([EVIDENCE, Evidence(), replace(EVIDENCE, dated=date(2025, 1, 1))])),
        reconfirm=draw(st.sampled_from([False, False, True])),
        override=draw(
            st.sampled_from([None, None, override(GOOD[name]), override(BAD[name]), override("yes", role="")])
        ),
        action=draw(st.sampled_from([PLAN, Action(), replace(PLAN, containment="Held back")])),
    )


@st.composite
def workbooks(draw):
    made = [draw(answers(name)) for name in GOOD]
    cells = st.sampled_from([-190.0, -100.0, None, float("nan")])
    rows = [
        {
            **ROW,
            "vessel": f"V{n}",
            "products": draw(st.sampled_from([("kymriah",), ("tecartus",), None])),
            "warmest": draw(cells),
        }
        for n in range(draw(st.integers(0, 3)))
    ]
    made.append(register("vessels", *rows))
    made.append(response("services", draw(st.sampled_from([("discharge",), ("infusion",), None]))))
    made.append(response("flag", draw(st.sampled_from([True, False, None]))))
    return draw(st.permutations(made))


def judge(responses):
    who = profile(treatments=(KYMRIAH,))
    return assess(submission(*responses, profile_=who), SHELF, AS_OF, None, ENGINE).checklists[0]


@settings(max_examples=60)
@given(workbooks())
def test_ready_only_when_everything_is_met_or_does_not_apply(responses):
    audit = judge(responses)
    if audit.readiness is Readiness.READY:
        assert {r.compliance for r in audit.results} <= {Compliance.COMPLIANT, Compliance.NOT_APPLICABLE}


@settings(max_examples=60)
@given(workbooks())
def test_compliant_rests_on_answers_that_can_be_read(responses):
    given_ = {(r.question, r.scope): r for r in responses}
    for result in judge(responses).results:
        if result.compliance is Compliance.COMPLIANT and result.requirement.id in ("R-1", "R-2", "R-4"):
            for question in result.questions:
                answer = given_[question, scope_of(question)]
                replaced = answer.override and answer.override.complete and answer.evidence.references
                decides = answer.override.entry if replaced else answer.entry
                assert decides.state is AnswerState.ANSWERED
                assert decides.value not in NONSENSE or decides.value in (GOOD[question], BAD[question])


@settings(max_examples=40)
@given(workbooks(), st.randoms(use_true_random=False))
def test_order_of_responses_does_not_matter(responses, random):
    shuffled = list(responses)
    random.shuffle(shuffled)
    assert judge(responses) == judge(shuffled)


@settings(max_examples=60)
@given(workbooks(), st.sampled_from(list(GOOD)))
def test_better_answer_never_lowers_a_verdict(responses, name):
    """An answer made good, with evidence and confirmation: the verdict stays or rises."""
    good = response(name, GOOD[name], scope=scope_of(name), evidence=EVIDENCE)
    better = [good if r.question == name else r for r in responses]
    before, after = judge(responses), judge(better)
    assert RANK.index(after.readiness) >= RANK.index(before.readiness)
    if before.score.value is not None and after.score.value is not None:
        assert after.score.high is not None


@settings(max_examples=40)
@given(workbooks())
def test_every_result_says_why_in_a_sentence(responses):
    for result in judge(responses).results:
        assert result.message.endswith((".", ")"))
        assert "None" not in result.message


def test_good_answers_are_ready():
    made = [response(name, value, scope=scope_of(name), evidence=EVIDENCE) for name, value in GOOD.items()]
    audit = audited(CHECKED, *made, register("vessels", ROW), response("services", ("infusion",)))
    assert audit.readiness is Readiness.READY
