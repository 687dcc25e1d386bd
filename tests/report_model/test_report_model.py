"""The report model: what is printed, merged, ordered, cut and left out."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from builders_report import (
    AS_OF,
    CLAIM,
    catalogue,
    checklist_audit,
    checklists,
    large_audit,
    requirement,
    result,
    small_audit,
    submission,
    threshold,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from cartaudit.model.answers import AnswerState
from cartaudit.model.audit import Assurance, Audit, Compliance, Expiry, Readiness, Reason, Result, Unheard
from cartaudit.model.profile import Treatment
from cartaudit.model.requirements import Severity
from cartaudit.model.submission import Entry, Response
from cartaudit.report.lookup import value_in_words
from cartaudit.report.model import Audience, Report, ReportOptions, build_report
from cartaudit.report.sections_front import _span

CENTRE = ReportOptions()
COMMISSIONER = ReportOptions(audience=Audience.COMMISSIONER)


def one(number: int, compliance: Compliance = Compliance.NON_COMPLIANT, area: str = "discharge", **changes: object):
    made = requirement(number, "FJ", area, f"Title {number}")
    return result(number, replace(made, **changes), "jacie", compliance)  # type: ignore[arg-type]


def report_of(audit: Audit, options: ReportOptions = CENTRE) -> Report:
    return build_report(audit, catalogue(), options)


def verified(audit: Audit) -> Audit:
    profile = replace(audit.submission.profile, verifier_role="Auditor of the network", verified_on=date(2026, 11, 20))
    return replace(audit, assurance=Assurance.VERIFIED, submission=replace(audit.submission, profile=profile))


def commissioner_of(audit: Audit):
    block = report_of(audit, COMMISSIONER).commissioner
    assert block is not None
    return block


def judged(readiness: Readiness, *kinds: str) -> Audit:
    lists = checklists()
    audits = tuple(checklist_audit(lists[k], (one(1, Compliance.COMPLIANT),), readiness) for k in kinds)
    return replace(large_audit(1, 0), checklists=audits)


def test_same_requirement_failing_for_two_products_is_one_finding() -> None:
    asked = requirement(8, "PR", "discharge", "Driving restriction")
    audit = replace(
        large_audit(1, 0),
        checklists=tuple(
            checklist_audit(checklists()[p], (result(8, asked, p, Compliance.NON_COMPLIANT, p),))
            for p in ("kymriah", "tecartus")
        ),
    )
    finding = report_of(audit).findings
    assert len(finding) == 1
    assert finding[0].requirement.affects == ("Kymriah (EU)", "Tecartus (EU)")


def test_products_with_different_thresholds_stay_apart_within_one_finding() -> None:
    asked = requirement(8, "PR", "discharge", "Driving restriction")
    audits = []
    for product, weeks in (("kymriah", 8), ("tecartus", 4)):
        made = result(8, asked, product, Compliance.NON_COMPLIANT, product)
        made = made._replace(thresholds=(threshold(product, weeks),))
        audits.append(checklist_audit(checklists()[product], (made,)))
    finding = report_of(replace(large_audit(1, 0), checklists=tuple(audits))).findings[0]
    assert [c.thresholds[0].value for c in finding.requirement.cases] == ["8 weeks", "4 weeks"]


def test_gates_come_before_other_findings_and_recommendations_last() -> None:
    report = report_of(large_audit())
    ranks = [(f.requirement.duty != "", not f.requirement.gate, f.requirement.severity.rank) for f in report.findings]
    assert ranks == sorted(ranks)


def test_not_assessed_results_are_no_findings() -> None:
    report = report_of(small_audit(one(5, Compliance.NOT_ASSESSED)))
    assert not report.findings
    assert [p.requirement.id for p in report.open_points] == ["FJ-DIS-005"]


def test_requirement_unknown_for_one_checklist_and_failed_for_another_stands_in_both_lists() -> None:
    asked = requirement(8, "PR", "discharge", "Driving restriction")
    kinds = {"kymriah": Compliance.NON_COMPLIANT, "tecartus": Compliance.NOT_ASSESSED}
    audits = tuple(checklist_audit(checklists()[p], (result(8, asked, p, c, p),)) for p, c in kinds.items())
    report = report_of(replace(large_audit(1, 0), checklists=audits))
    assert [f.requirement.id for f in report.findings] == [p.requirement.id for p in report.open_points]


def test_every_requirement_judged_stands_in_the_table() -> None:
    audit = large_audit()
    ids = {r.requirement.id for c in audit.checklists for r in c.results}
    assert {line.id for t in report_of(audit).requirements for line in t.lines} == ids


def test_secondary_threshold_is_marked_where_it_decides() -> None:
    made = one(8)._replace(thresholds=(threshold("kymriah", verification="secondary"),))
    line = report_of(small_audit(made)).findings[0].requirement.cases[0].thresholds[0]
    assert line.mark == "secondary source"
    assert "secondary source" in line.text


def test_threshold_read_in_the_label_carries_its_date_and_no_mark() -> None:
    made = one(8)._replace(thresholds=(threshold("kymriah", verification="label"),))
    line = report_of(small_audit(made)).findings[0].requirement.cases[0].thresholds[0]
    assert (line.mark, line.text) == ("", "Kymriah, EU: 8 weeks (text of 2025-09-12, source S1)")


def test_threshold_not_found_says_so() -> None:
    missing = threshold("kymriah", verification="not_found")._replace(value=None)
    report = report_of(small_audit(one(8, Compliance.NOT_ASSESSED)._replace(thresholds=(missing,))))
    assert report.open_points[0].requirement.cases[0].thresholds[0].value == "not found"


def test_proposal_is_marked() -> None:
    line = report_of(small_audit(one(1))).findings[0].requirement
    assert line.proposal
    assert line.sources[0].kind == "project proposal"


def test_rows_of_one_register_that_end_on_one_day_stand_together() -> None:
    rows = tuple(
        Expiry(on=AS_OF, what=f"Documents, row {n}: Next review due", cell=f"Documents!E{n}") for n in range(9)
    )
    groups = report_of(replace(small_audit(one(4)), expiries=rows)).expiry_groups
    assert [(g.kind, len(g.lines)) for g in groups] == [("Documents: Next review due", 9)]


def test_proposed_figures_are_said_beside_the_source() -> None:
    line = report_of(small_audit(one(3, proposed_threshold="The eight hours."))).findings[0].requirement
    assert line.proposed_figures == "The eight hours."


def test_ready_without_verifier_says_self_assessed() -> None:
    verdict = report_of(judged(Readiness.READY, "jacie")).verdicts[0]
    assert verdict.statement == "READY (self-assessed, not verified)"


def test_verified_assurance_without_a_named_verifier_is_printed_as_self_assessed() -> None:
    audit = replace(judged(Readiness.READY, "jacie"), assurance=Assurance.VERIFIED)
    assert report_of(audit).verdicts[0].statement == "READY (self-assessed, not verified)"


def test_commissioner_never_reads_ready_without_a_verifier() -> None:
    report = report_of(judged(Readiness.READY, "kymriah", "jacie"), COMMISSIONER)
    printed = [v.mark.word for v in report.verdicts] + [v.statement for v in report.verdicts] + [report.headline]
    assert not any(" READY" in f" {text}" for text in printed)


def test_commissioner_answers_not_known_for_unverified_ready() -> None:
    assert {a.mark.key for a in commissioner_of(judged(Readiness.READY, "kymriah", "tecartus")).answers} == {
        "not_known"
    }


def test_commissioner_answers_yes_for_verified_ready() -> None:
    block = commissioner_of(verified(judged(Readiness.READY, "kymriah", "tecartus")))
    assert {a.mark.key for a in block.answers} == {"yes"}


def test_commissioner_answers_no_where_a_checklist_is_not_ready() -> None:
    audit = verified(judged(Readiness.READY, "kymriah", "tecartus"))
    failing = checklist_audit(checklists()["jacie"], (one(3),), Readiness.NOT_READY)
    block = commissioner_of(replace(audit, checklists=(*audit.checklists, failing)))
    assert {a.mark.key for a in block.answers} == {"no"}


def test_commissioner_answers_with_conditions_dates_and_consequences() -> None:
    conditional = checklist_audit(checklists()["kymriah"], (one(5),), Readiness.CONDITIONAL)
    block = commissioner_of(verified(replace(large_audit(1, 0), checklists=(conditional,))))
    kymriah = [a for a in block.answers if a.product == "Kymriah"]
    assert {a.mark.key for a in kymriah} == {"conditions"}
    assert kymriah[0].conditions == ("C01",)
    assert block.conditions[0].due is not None
    assert "not ready" in block.conditions[0].consequence


def test_minor_requirement_nobody_answered_is_a_condition_for_the_commissioner() -> None:
    conditional = checklist_audit(checklists()["kymriah"], (one(1, Compliance.NOT_ASSESSED),), Readiness.CONDITIONAL)
    block = commissioner_of(verified(replace(large_audit(1, 0), checklists=(conditional,))))
    (condition,) = block.conditions
    assert condition.consequence == "Minor, but not known: not READY before it is answered."


def conditions_of(*results: Result):
    audited = checklist_audit(checklists()["kymriah"], results, Readiness.INCOMPLETE)
    return commissioner_of(verified(replace(large_audit(1, 0), checklists=(audited,)))).conditions


def test_unknown_gate_is_the_first_condition_and_is_not_said_to_fail() -> None:
    gate = one(2, Compliance.NOT_ASSESSED, gate=True, severity=Severity.CRITICAL)
    first, *rest = conditions_of(one(1, Compliance.NOT_ASSESSED), gate)
    assert first.consequence == "Not known: no start before it is shown to be met."
    assert len(rest) == 1


def test_unknown_critical_requirement_is_a_condition_that_keeps_the_verdict_incomplete() -> None:
    (condition,) = conditions_of(one(1, Compliance.NOT_ASSESSED, severity=Severity.CRITICAL))
    assert condition.consequence == "Not known: INCOMPLETE at best until it is answered."


def with_gap(**changes: object):
    failing = one(1, severity=Severity.CRITICAL)
    audited = checklist_audit(checklists()["kymriah"], (failing,), Readiness.NOT_READY)
    gaps = tuple(replace(g, **changes) for g in audited.gaps)  # type: ignore[arg-type]
    (condition,) = commissioner_of(replace(large_audit(1, 0), checklists=(replace(audited, gaps=gaps),))).conditions
    return condition


def test_critical_requirement_without_containment_is_not_ready_whatever_its_due_date() -> None:
    condition = with_gap(contained=False, due=AS_OF + timedelta(days=30))
    assert condition.consequence == "Without containment, owner and a future due date: not ready."


def test_contained_critical_requirement_past_its_due_date_says_so() -> None:
    condition = with_gap(contained=True, due=AS_OF - timedelta(days=1))
    assert condition.consequence == "The due date has passed: not ready."


def pre_opening(*kinds: str) -> Audit:
    deferred = one(2, Compliance.NOT_APPLICABLE)._replace(reason=Reason.DEFERRED)
    audit = judged(Readiness.READY, *kinds)
    profile = replace(audit.submission.profile, phase="pre_opening")
    audits = tuple(replace(c, results=(*c.results, deferred)) for c in audit.checklists)
    return replace(audit, checklists=audits, submission=replace(audit.submission, profile=profile))


DEFERRED = "Pre-opening: 1 requirement deferred, listed under “Not applicable and deferred”."


def test_what_the_phase_defers_stands_beside_every_verdict_and_once_in_the_headline() -> None:
    report = report_of(pre_opening("kymriah", "jacie"))
    assert report.headline.endswith(DEFERRED)
    assert all(v.note.startswith(DEFERRED) for v in report.verdicts)


def test_what_the_phase_defers_stands_in_the_basis_of_the_commissioners_answer() -> None:
    block = commissioner_of(verified(pre_opening("kymriah")))
    assert all(f.value == f"READY. {DEFERRED}" for a in block.answers for f in a.basis)


def test_gate_open_in_two_checklists_is_counted_for_each_and_named_different_once() -> None:
    gate = one(2, gate=True, severity=Severity.CRITICAL)
    audits = tuple(checklist_audit(checklists()[k], (gate,)) for k in ("kymriah", "jacie"))
    report = report_of(replace(large_audit(1, 0), checklists=audits))
    assert report.open_gates == "2 (1 different)"
    assert report.headline.endswith("2 (1 different) essential criteria not fully met or not known.")


def test_commissioner_answers_not_known_where_no_checklist_of_the_product_was_judged() -> None:
    block = commissioner_of(verified(judged(Readiness.READY, "jacie")))
    assert {a.mark.key for a in block.answers} == {"not_known"}


def test_trial_treatment_is_not_known_and_out_of_scope() -> None:
    audit = verified(judged(Readiness.READY, "kymriah"))
    trial = (Treatment(product="kymriah", indication="b_all", population="adult", route="trial"),)
    profile = replace(audit.submission.profile, treatments=trial)
    audit = replace(audit, submission=replace(audit.submission, profile=profile))
    assert commissioner_of(audit).answers[0].mark.key == "not_known"
    assert not report_of(audit).scope_in
    assert "protocol or licence governs" in report_of(audit).scope_out[0].value


def test_commissioner_edition_keeps_levels_and_leaves_out_evidence_texts_and_comments() -> None:
    made = one(4)._replace(questions=("site_address",))
    audit = small_audit(made)
    answer = Response(
        question="site_address", entry=Entry(state=AnswerState.ANSWERED, value="x"), comment="A private remark"
    )
    audit = replace(audit, submission=replace(audit.submission, responses={("site_address", ""): answer}))
    full, reduced = repr(report_of(audit)), repr(report_of(audit, COMMISSIONER))
    assert "A private remark" in full
    assert "Record of 5/2026" in full
    assert "A private remark" not in reduced
    assert "Record of 5/2026" not in reduced
    level = made.evidence[0].level.value
    assert f"level='{level}'" in reduced


def test_next_review_is_the_earliest_of_due_dates_expiries_and_a_year() -> None:
    audit = replace(
        judged(Readiness.READY, "jacie"), expiries=(Expiry(on=AS_OF + timedelta(days=31), what="Certificate"),)
    )
    assert commissioner_of(audit).next_review == AS_OF + timedelta(days=31)


def test_reason_for_na_is_kept_for_the_commissioner() -> None:
    made = one(4, Compliance.NOT_APPLICABLE)._replace(reason=Reason.DECLARED, na_reason="No children are treated")
    assert "No children are treated" in report_of(small_audit(made), COMMISSIONER).set_aside[0].decided_by


def test_not_applicable_names_the_deciding_profile_answer() -> None:
    line = report_of(small_audit(one(4, Compliance.NOT_APPLICABLE))).set_aside[0]
    assert line.decided_by == "Who collects the starting material: Contracted facility"


def test_long_text_is_cut_and_says_how_much_follows() -> None:
    made = one(4)._replace(claim="x" * 30_000)
    claim = report_of(small_audit(made)).findings[0].requirement.cases[0].claim
    assert claim.endswith("(continues: 29300 characters, full text in the embedded data)")
    assert len(claim) < 800


def test_control_characters_become_visible() -> None:
    made = one(4)._replace(claim="a\x07b\u202ec")
    assert report_of(small_audit(made)).findings[0].requirement.cases[0].claim == "a[U+0007]b[U+202E]c"


def test_problems_of_one_code_share_a_group_and_keep_every_address() -> None:
    groups = report_of(large_audit()).problems
    assert [p.place for p in groups[0].places] == ["Cold chain!C14", "Cold chain!C19", "Cold chain!C23"]


def test_banner_stands_when_the_audit_date_is_not_today() -> None:
    audit = large_audit(5, 1)
    assert audit.provenance is not None
    past = replace(audit, provenance=replace(audit.provenance, as_of_is_today=False))
    assert report_of(audit).as_of_banner == ""
    assert "2026-11-22" in report_of(past).as_of_banner


def test_unlocking_actions_put_gates_first() -> None:
    actions = report_of(large_audit()).unlocking
    assert len(actions) == 5
    assert [a.gates for a in actions] == sorted((a.gates for a in actions), reverse=True)


def test_one_question_that_settles_two_requirements_unlocks_both() -> None:
    first = one(3, gate=True, severity=Severity.CRITICAL)
    second = one(4)._replace(questions=first.questions, steps=first.steps)
    action = report_of(small_audit(first, second, one(5))).unlocking[0]
    assert set(action.requirements) == {"FJ-DIS-003", "FJ-DIS-004"}


def test_first_action_names_the_finding_it_settles() -> None:
    report = report_of(small_audit(one(3)))
    found = report.findings[0]
    assert report.unlocking[0].action == f"F01 {found.requirement.title}: {found.requirement.remediation}"


def test_first_action_asks_for_several_answers_and_counts_the_cells_it_leaves_out() -> None:
    blank = one(3, Compliance.NOT_ASSESSED)._replace(reason=Reason.BLANK, steps=())
    cells = ("Thaw!C5", "Thaw!C6", "Staff!C7", "Staff!C8", "Staff!C9")
    action = report_of(small_audit(blank._replace(cells=cells))).unlocking[0].action
    assert action.endswith(": answer the questions (Thaw!C5, C6; Staff!C7 and 2 more).")


def lasting_of(readiness: Readiness, *days: int) -> str:
    audit = judged(readiness, "jacie")
    needed = audit.checklists[0].results[0].requirement.id
    ends = (Expiry(on=AS_OF + timedelta(days=d), what="Audit", requirement=needed, checklist="jacie") for d in days)
    return report_of(replace(audit, expiries=tuple(ends))).lasting


def test_ready_says_until_when_it_holds() -> None:
    assert lasting_of(Readiness.READY, 31, 91) == f"READY: holds until {AS_OF + timedelta(days=31)}. Audit ends."


def test_ready_counts_what_ends_within_ninety_days() -> None:
    said = lasting_of(Readiness.READY, 90, 1)
    assert said == f"READY: 2 things it rests on end within 90 days, the first on {AS_OF + timedelta(days=1)}."


def test_not_ready_holds_until_no_date() -> None:
    assert lasting_of(Readiness.NOT_READY, 31) == ""


def test_plan_without_owner_and_date_says_so() -> None:
    finding = report_of(small_audit(one(3))).findings[0]
    assert finding.plans[0].status == "no owner and no due date"


def test_passed_due_date_is_named() -> None:
    finding = report_of(small_audit(one(8))).findings[0]
    assert finding.plans[0].due == AS_OF - timedelta(days=10)
    assert finding.plans[0].status == "due date has passed"


def test_area_bounds_sum_over_checklists() -> None:
    report = report_of(small_audit(one(4, Compliance.COMPLIANT), one(5, Compliance.NOT_ASSESSED)))
    area = report.areas[0]
    assert (area.low, area.high) == (25.0, 100.0)


def test_nothing_judged_gives_a_report_that_says_so() -> None:
    report = report_of(replace(large_audit(1, 0), checklists=(), expiries=(), reliance=()))
    assert report.headline == "No checklist was judged: nothing can be said about readiness."


def test_exploded_centre_name_is_cut() -> None:
    audit = large_audit(2, 1)
    profile = replace(submission().profile, name="N" * 2_000)
    report = report_of(replace(audit, submission=replace(audit.submission, profile=profile)))
    assert len(report.centre_name) < 800


@settings(max_examples=25)
@given(st.lists(st.sampled_from(list(Compliance)), min_size=1, max_size=12))
def test_no_result_is_lost(outcomes: list[Compliance]) -> None:
    results = tuple(one(n, c) for n, c in enumerate(outcomes, 1))
    report = report_of(small_audit(*results))
    shown = {f.requirement.id for f in report.findings} | {p.requirement.id for p in report.open_points}
    shown |= {s.id for s in report.set_aside}
    met = {line.id for t in report.requirements for line in t.lines if line.mark.key == Compliance.COMPLIANT}
    assert shown | met == {r.requirement.id for r in results}


def test_claims_of_the_builder_cover_every_outcome() -> None:
    assert set(CLAIM) == set(Compliance)


def answered_profile(question: str, value: str | int) -> Audit:
    audit = judged(Readiness.READY, "jacie")
    entry = Entry(state=AnswerState.ANSWERED, value=value)
    responses = {**audit.submission.responses, (question, ""): Response(question=question, entry=entry)}
    return replace(audit, submission=replace(audit.submission, responses=responses))


@pytest.mark.parametrize(
    ("unheard", "said"),
    [
        (Unheard("commissioner", "Scotland"), "Nothing here speaks for Scotland"),
        (Unheard("commissioner", ""), "Nothing here speaks for the body that commissions or pays"),
        (Unheard("country", "CA"), "Nothing here speaks for product information in Canada (CA)"),
    ],
)
def test_whom_nothing_speaks_for_is_named(unheard: Unheard, said: str) -> None:
    report = report_of(replace(judged(Readiness.READY, "jacie"), unheard=(unheard,)))
    assert any(f.value.startswith(said) for f in report.scope_out)


def test_nobody_is_named_where_all_were_heard() -> None:
    assert not any("Nothing here speaks" in f.value for f in report_of(judged(Readiness.READY, "jacie")).scope_out)


def test_number_of_clinical_sites_stands_with_the_scope() -> None:
    assert "3" in [f.value.split()[0] for f in report_of(answered_profile("clinical_sites", 3)).centre]


def test_choices_with_an_and_of_their_own_are_listed_by_commas() -> None:
    labels = {"a": "Adults", "c": "Children and adolescents"}
    assert value_in_words(("a", "c"), labels, "") == "Adults, Children and adolescents"


def test_texts_of_one_month_name_it_once() -> None:
    dated = [(date(2025, 6, 3), "label"), (date(2025, 6, 26), "label")]
    assert _span(dated) == "texts of 2025-06, oldest 2025-06-03"
