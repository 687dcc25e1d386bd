import pytest
from builders_assess import audited, checklist, na, requirement, response, scale
from hypothesis import given
from hypothesis import strategies as st

from cartaudit.assess.score import score
from cartaudit.model.audit import Compliance, Reason, Result
from cartaudit.model.requirements import Duty, Severity

C = Compliance


def result(compliance, severity="major", name="R-1", area="quality", duty=Duty.MUST):
    return Result(
        checklist="jacie",
        requirement=requirement(name, severity=Severity(severity), area=area, duty=duty),
        compliance=compliance,
        reason=Reason.MET,
        message="",
    )


def test_weights_are_five_three_and_one():
    mixed = [result(C.COMPLIANT, "critical"), result(C.NON_COMPLIANT), result(C.NON_COMPLIANT, "minor")]
    assert score(mixed, 0.5).value == pytest.approx(100 * 5 / 9)


def test_unknown_counts_nothing_low_and_everything_high():
    found = score([result(C.COMPLIANT), result(C.NOT_ASSESSED)], 0.5)
    assert (found.value, found.low, found.high) == (50.0, 50.0, 100.0)


def test_partial_earns_what_the_scale_gives():
    assert score([result(C.PARTIAL)], 0.25).value == 25.0
    assert score([result(C.PARTIAL)], 0.0).value == 0.0


def test_not_applicable_and_recommendations_leave():
    silent = [result(C.NON_COMPLIANT, duty=duty) for duty in (Duty.SHOULD, Duty.ADVICE)]
    found = score([result(C.COMPLIANT), result(C.NOT_APPLICABLE), *silent], 0.5)
    assert found.value == 100.0


def test_nothing_that_applies_has_no_score():
    assert score([result(C.NOT_APPLICABLE)], 0.5).value is None


def test_areas_sum_to_the_whole():
    found = score([result(C.COMPLIANT, area="a"), result(C.NOT_ASSESSED, area="b")], 0.5)
    assert [(a.area, a.met, a.unknown, a.applicable, a.low, a.high) for a in found.areas] == [
        ("a", 3, 0, 3, 100.0, 100.0),
        ("b", 0, 3, 3, 0.0, 100.0),
    ]


def test_trace_lets_a_reader_redo_the_sum():
    found = score([result(C.COMPLIANT), result(C.NOT_ASSESSED, "critical", "R-2")], 0.5)
    assert found.trace == (
        "R-1 (quality, major): COMPLIANT, 3 of 3",
        "R-2 (quality, critical): NOT_ASSESSED, 0 to 5 of 5",
        "Low: 3 of 8 = 37.5 %",
        "High: (3 + 5 unknown) of 8 = 100.0 %",
    )


def test_one_missed_critical_of_a_hundred_still_scores_above_98():
    many = [result(C.COMPLIANT, name=f"R-{n}") for n in range(99)]
    assert score([*many, result(C.NON_COMPLIANT, "critical")], 0.5).value > 98


@given(st.lists(st.tuples(st.sampled_from(list(C)), st.sampled_from(list(Severity))), max_size=12))
def test_bounds_enclose_the_value(pairs):
    found = score([result(c, s.value) for c, s in pairs], 0.5)
    if found.low is not None and found.high is not None:
        assert 0 <= found.low == found.value <= found.high <= 100 + 1e-9


def test_counts_name_every_compliance():
    checked = checklist(
        requirement("R-1"), requirement("R-2", criterion={"count": {"min": 1}}, allow_na=True), scale=scale()
    )
    audit = audited(checked, response("status", "yes"), na("count"))
    assert audit.counts == {
        C.COMPLIANT: 1,
        C.PARTIAL: 0,
        C.NON_COMPLIANT: 0,
        C.NOT_APPLICABLE: 1,
        C.NOT_ASSESSED: 0,
    }
