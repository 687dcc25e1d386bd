"""The truth table of readiness, and properties over all verdicts."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import product

import pytest
from builders_assess import AS_OF, PLAN, audited, checklist, met, requirement, response, scale
from hypothesis import given
from hypothesis import strategies as st

from cartaudit.assess.readiness import readiness
from cartaudit.model.audit import Compliance, Readiness, Reason
from cartaudit.model.requirements import Duty, Requirement, Severity
from cartaudit.model.submission import Action

C = Compliance
RANK = [Readiness.NOT_READY, Readiness.INCOMPLETE, Readiness.CONDITIONAL, Readiness.READY]


@dataclass(frozen=True)
class Item:
    requirement: Requirement
    compliance: Compliance
    reason: Reason = Reason.MET
    contained: bool = False
    planned: bool = False


def item(severity, compliance, *, gate=False, contained=False, planned=False, duty=Duty.MUST, name="R-01"):
    return Item(
        requirement=requirement(name, severity=Severity(severity), gate=gate, duty=duty),
        compliance=compliance,
        contained=contained,
        planned=planned,
    )


MET = item("major", C.COMPLIANT, name="R-00")

TABLE = [
    # gates
    ({"severity": "major", "gate": True, "compliance": C.COMPLIANT}, Readiness.READY),
    ({"severity": "major", "gate": True, "compliance": C.NOT_APPLICABLE}, Readiness.READY),
    ({"severity": "major", "gate": True, "compliance": C.PARTIAL, "planned": True}, Readiness.NOT_READY),
    ({"severity": "major", "gate": True, "compliance": C.NON_COMPLIANT, "planned": True}, Readiness.NOT_READY),
    (
        {"severity": "critical", "gate": True, "compliance": C.NON_COMPLIANT, "contained": True, "planned": True},
        Readiness.NOT_READY,
    ),
    ({"severity": "minor", "gate": True, "compliance": C.NON_COMPLIANT}, Readiness.NOT_READY),
    ({"severity": "minor", "gate": True, "compliance": C.NOT_ASSESSED}, Readiness.INCOMPLETE),
    # criticals
    ({"severity": "critical", "compliance": C.NON_COMPLIANT}, Readiness.NOT_READY),
    ({"severity": "critical", "compliance": C.NON_COMPLIANT, "planned": True}, Readiness.NOT_READY),
    ({"severity": "critical", "compliance": C.NON_COMPLIANT, "contained": True}, Readiness.NOT_READY),
    (
        {"severity": "critical", "compliance": C.NON_COMPLIANT, "contained": True, "planned": True},
        Readiness.CONDITIONAL,
    ),
    ({"severity": "critical", "compliance": C.PARTIAL}, Readiness.NOT_READY),
    ({"severity": "critical", "compliance": C.PARTIAL, "planned": True}, Readiness.CONDITIONAL),
    ({"severity": "critical", "compliance": C.NOT_ASSESSED}, Readiness.INCOMPLETE),
    # majors
    ({"severity": "major", "compliance": C.NON_COMPLIANT}, Readiness.NOT_READY),
    ({"severity": "major", "compliance": C.NON_COMPLIANT, "planned": True}, Readiness.CONDITIONAL),
    ({"severity": "major", "compliance": C.PARTIAL}, Readiness.NOT_READY),
    ({"severity": "major", "compliance": C.PARTIAL, "planned": True}, Readiness.CONDITIONAL),
    ({"severity": "major", "compliance": C.NOT_ASSESSED}, Readiness.INCOMPLETE),
    # a minor that is known moves nothing, one that is not known is a condition; recommendations move nothing
    ({"severity": "minor", "compliance": C.NON_COMPLIANT}, Readiness.READY),
    ({"severity": "minor", "compliance": C.NOT_ASSESSED}, Readiness.CONDITIONAL),
    ({"severity": "critical", "compliance": C.NON_COMPLIANT, "duty": Duty.SHOULD}, Readiness.READY),
    ({"severity": "critical", "compliance": C.NOT_ASSESSED, "duty": Duty.SHOULD}, Readiness.READY),
    ({"severity": "major", "compliance": C.NON_COMPLIANT, "duty": Duty.ADVICE}, Readiness.READY),
    ({"severity": "major", "compliance": C.NOT_ASSESSED, "duty": Duty.ADVICE}, Readiness.READY),
]


@pytest.mark.parametrize(("row", "expected"), TABLE)
def test_truth_table(row, expected):
    assert readiness([MET, item(**row)], 5).readiness is expected


@pytest.mark.parametrize(("open_majors", "expected"), [(2, Readiness.CONDITIONAL), (3, Readiness.NOT_READY)])
def test_more_open_majors_than_allowed_is_not_ready(open_majors, expected):
    majors = [item("major", C.NON_COMPLIANT, planned=True, name=f"R-{n}") for n in range(open_majors)]
    assert readiness([MET, *majors], 2).readiness is expected


def test_incomplete_is_printed_beside_not_ready():
    verdict = readiness([item("critical", C.NON_COMPLIANT, name="R-1"), item("major", C.NOT_ASSESSED, name="R-2")], 5)
    assert (verdict.readiness, verdict.also_incomplete) == (Readiness.NOT_READY, True)
    assert verdict.conditions == (
        "1 critical requirement not met and not contained: R-1.",
        "1 major requirement not assessed: R-2.",
    )


def test_every_condition_is_said():
    verdict = readiness(
        [
            item("critical", C.NON_COMPLIANT, gate=True, name="R-1"),
            item("major", C.NON_COMPLIANT, planned=True, name="R-2"),
        ],
        5,
    )
    assert verdict.conditions == (
        "1 essential criterion (gate) not fully met: R-1.",
        "1 major requirement open, with owner and due date: R-2.",
    )


def test_condition_names_at_most_eight_majors_and_counts_the_rest():
    items = [item(Severity.MAJOR, Compliance.NOT_ASSESSED, name=f"R-{n:02}") for n in range(1, 12)]
    (said,) = readiness([*items, item(Severity.MINOR, Compliance.COMPLIANT, name="R-20")], 5).conditions
    assert said.endswith("R-07, R-08 and 3 more.")


def test_condition_names_every_gate():
    items = [item(Severity.CRITICAL, Compliance.NOT_ASSESSED, gate=True, name=f"R-{n:02}") for n in range(1, 12)]
    assert "R-11." in readiness(items, 5).conditions[0]


def test_gate_that_left_by_declaration_is_not_relied_on():
    gate = Item(requirement=requirement(gate=True), compliance=C.NOT_APPLICABLE, reason=Reason.DECLARED)
    assert readiness([MET, gate], 5).readiness is Readiness.INCOMPLETE


ITEMS = st.builds(
    item,
    severity=st.sampled_from(["critical", "major", "minor"]),
    compliance=st.sampled_from(list(Compliance)),
    gate=st.booleans(),
    contained=st.booleans(),
    planned=st.booleans(),
    duty=st.sampled_from(list(Duty)),
)


@given(st.lists(ITEMS, max_size=8), st.integers(0, 3), st.lists(st.just("Unknown."), max_size=1))
def test_no_path_to_ready_with_anything_that_counts_unknown_or_open(items, allowed, unknown):
    verdict = readiness(items, allowed, unknown)
    musts = [i for i in items if i.requirement.duty is Duty.MUST]
    counting = [i for i in musts if i.requirement.gate or i.requirement.severity is not Severity.MINOR]
    if verdict.readiness is Readiness.READY:
        assert all(i.compliance is not C.NOT_ASSESSED for i in musts)
        assert all(i.compliance in (C.COMPLIANT, C.NOT_APPLICABLE) for i in counting)
        assert not unknown
        assert any(i.compliance in (C.COMPLIANT, C.PARTIAL, C.NON_COMPLIANT) for i in musts)
        assert verdict.conditions == ()
    else:
        assert verdict.conditions


@given(st.lists(ITEMS, min_size=1, max_size=8), st.data())
def test_better_outcome_never_lowers_a_verdict(items, data):
    which = data.draw(st.integers(0, len(items) - 1))
    ladder = [C.NON_COMPLIANT, C.PARTIAL, C.COMPLIANT]
    old = items[which]
    if old.compliance is C.NOT_APPLICABLE:
        return
    better = (
        C.COMPLIANT
        if old.compliance is C.NOT_ASSESSED
        else data.draw(st.sampled_from(ladder[ladder.index(old.compliance) :]))
    )
    improved = [
        *items[:which],
        Item(old.requirement, better, old.reason, old.contained, old.planned),
        *items[which + 1 :],
    ]
    before, after = readiness(items, 2).readiness, readiness(improved, 2).readiness
    assert RANK.index(after) >= RANK.index(before)


@given(st.lists(ITEMS, max_size=8))
def test_order_of_requirements_does_not_matter(items):
    assert readiness(items, 2).readiness is readiness(items[::-1], 2).readiness


# through the whole of judging

CHECKED = checklist(
    requirement(
        "R-1",
        criterion={"status": {"allowed": ["yes"]}},
        partial={"status": {"allowed": ["partial"]}},
        severity=Severity.CRITICAL,
        gate=True,
    ),
    requirement(
        "R-2",
        criterion={"other_status": {"allowed": ["yes"]}},
        partial={"other_status": {"allowed": ["partial"]}},
        severity=Severity.CRITICAL,
    ),
    requirement(
        "R-3",
        criterion={"third_status": {"allowed": ["yes"]}},
        partial={"third_status": {"allowed": ["partial"]}},
        allow_na=True,
    ),
    scale=scale(majors_allowed=0),
)
ANSWERS = [None, "no", "in_progress", "partial", "yes"]


def verdict(status, other, third, action=PLAN):
    responses = [
        response(name, given, action=action)
        for name, given in (("status", status), ("other_status", other), ("third_status", third))
    ]
    return audited(CHECKED, *responses)


@pytest.mark.parametrize("answers", list(product(ANSWERS, repeat=3)))
def test_only_all_yes_is_ready(answers):
    assert (verdict(*answers).readiness is Readiness.READY) == (answers == ("yes", "yes", "yes"))


@pytest.mark.parametrize("answers", list(product(ANSWERS[1:], repeat=3)))
@pytest.mark.parametrize("which", [0, 1, 2])
def test_better_answer_never_lowers_the_verdict(answers, which):
    better = list(answers)
    better[which] = ANSWERS[min(ANSWERS.index(answers[which]) + 1, 4)]
    contained = Action(owner_role="QM", due=AS_OF, containment="Held back")
    before, after = verdict(*answers, contained).readiness, verdict(*better, contained).readiness
    assert RANK.index(after) >= RANK.index(before)


def test_critical_gap_is_conditional_only_when_contained_owned_and_due():
    def with_action(action):
        return audited(
            CHECKED, met("status"), response("other_status", "no", action=action), met("third_status")
        ).readiness

    full = Action(owner_role="QM", due=AS_OF, containment="Held back")
    assert with_action(full) is Readiness.CONDITIONAL
    assert with_action(Action(owner_role="QM", due=AS_OF)) is Readiness.NOT_READY
    assert with_action(Action(owner_role="", due=AS_OF, containment="Held back")) is Readiness.NOT_READY
    assert with_action(Action(owner_role="QM", containment="Held back")) is Readiness.NOT_READY
    late = Action(owner_role="QM", due=AS_OF.replace(day=14), containment="Held back")
    assert with_action(late) is Readiness.NOT_READY


def test_gap_says_whether_it_is_contained_and_planned():
    audit = audited(CHECKED, met("status"), response("other_status", "no", action=PLAN), met("third_status"))
    (gap,) = audit.gaps
    assert (gap.contained, gap.open_without_plan, gap.owner_role, gap.due) == (
        False,
        False,
        "Quality manager",
        PLAN.due,
    )


def test_every_failing_answer_needs_its_own_plan():
    checked = checklist(requirement(criterion={"status": {"allowed": ["yes"]}, "other_status": {"allowed": ["yes"]}}))
    one = audited(checked, response("status", "no", action=PLAN), response("other_status", "no"))
    both = audited(checked, response("status", "no", action=PLAN), response("other_status", "no", action=PLAN))
    assert (one.readiness, both.readiness) == (Readiness.NOT_READY, Readiness.CONDITIONAL)


def test_one_planned_alternative_is_enough():
    either = {"anyof": [{"status": {"allowed": ["yes"]}}, {"other_status": {"allowed": ["yes"]}}]}
    audit = audited(
        checklist(requirement(criterion=either)), response("status", "no", action=PLAN), response("other_status", "no")
    )
    assert audit.readiness is Readiness.CONDITIONAL


@pytest.mark.parametrize(
    ("severity", "days", "expected"),
    [
        (Severity.CRITICAL, 90, Readiness.CONDITIONAL),
        (Severity.CRITICAL, 91, Readiness.NOT_READY),
        (Severity.MAJOR, 365, Readiness.CONDITIONAL),
        (Severity.MAJOR, 366, Readiness.NOT_READY),
        (Severity.MINOR, 5000, Readiness.READY),
    ],
)
def test_a_plan_counts_within_a_horizon_from_the_answer(severity, days, expected):
    given = AS_OF - timedelta(days=20)
    action = Action(owner_role="QM", due=given + timedelta(days=days), containment="Held back")
    answer = response("status", "no", action=action, answered_on=given)
    checked = checklist(requirement(severity=severity), requirement("R-2", criterion={"flag": {"allowed": [True]}}))
    assert audited(checked, answer, response("flag", True)).readiness is expected


def test_a_day_in_the_future_gives_a_plan_no_more_time():
    action = Action(owner_role="QM", due=AS_OF + timedelta(days=366))
    answer = response("status", "no", action=action, answered_on=AS_OF + timedelta(days=100))
    assert audited(checklist(requirement(severity=Severity.MAJOR)), answer).readiness is Readiness.NOT_READY
