"""What an audit says beside its verdicts: assurance, expiries, reliance, explanations."""

from dataclasses import replace
from datetime import date

import pytest
from builders_assess import (
    AS_OF,
    EVIDENCE,
    KYMRIAH,
    audited,
    catalogue,
    checklist,
    judged,
    met,
    override,
    product_checklist,
    profile,
    register,
    requirement,
    response,
    submission,
    value,
)

from cartaudit.assess import Engine, assess
from cartaudit.assess.explain import explain
from cartaudit.model.audit import Assurance
from cartaudit.model.checklists import Edition
from cartaudit.model.requirements import Coverage, Severity
from cartaudit.model.submission import Action, EvidenceLevel

CRITICAL = checklist(requirement("R-1", severity=Severity.CRITICAL, evidence_required=True))
VERIFIER = profile(verifier_role="Auditor, network", verified_on=AS_OF)


def assured(*responses, who=VERIFIER, checked=CRITICAL):
    return assess(submission(*responses, profile_=who), catalogue(checked), AS_OF, [("jacie", None)]).assurance


def seen(level):
    return response("status", "yes", evidence=replace(EVIDENCE, level=level))


@pytest.mark.parametrize(
    "who",
    [
        profile(),
        profile(verifier_role="Auditor"),
        profile(verified_on=AS_OF),
        profile(verifier_role="Auditor", verified_on=date(2026, 1, 16)),
    ],
)
def test_without_a_named_verifier_and_day_it_is_self_assessed(who):
    assert assured(seen(EvidenceLevel.VERIFIED), who=who) is Assurance.SELF_ASSESSED


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (EvidenceLevel.CITED, Assurance.PARTLY_VERIFIED),
        (EvidenceLevel.SIGHTED, Assurance.VERIFIED),
        (EvidenceLevel.VERIFIED, Assurance.VERIFIED),
    ],
)
def test_verified_needs_evidence_that_was_seen(level, expected):
    assert assured(seen(level)) is expected


def test_complete_override_counts_as_seen():
    assert (
        assured(response("status", "no", override=override("yes"), evidence=seen(EvidenceLevel.CITED).evidence))
        is Assurance.VERIFIED
    )


def test_verifier_alone_verifies_nothing():
    assert assured() is Assurance.PARTLY_VERIFIED


def test_dates_that_count_today_are_listed_in_order():
    checked = checklist(
        requirement("R-1", criterion={"day": {"not_expired": True}}, evidence_required=True, evidence_max_age_days=30),
        requirement("R-2", criterion={"vessels": {"every_row": {"valid_until": {"not_expired": True}}}}),
        requirement("R-3", criterion={"second_day": {"max_age_days": 10}}),
        requirement("R-4"),
    )
    sent = submission(
        response("day", date(2026, 2, 1), evidence=EVIDENCE),
        register("vessels", {"vessel": "A", "valid_until": date(2026, 1, 20)}),
        response("second_day", date(2026, 1, 10)),
        response("status", "no", action=Action(due=date(2025, 12, 1))),
    )
    audit = assess(sent, catalogue(checked), AS_OF, [("jacie", None)])
    assert [(e.on, e.what, e.requirement) for e in audit.expiries] == [
        (date(2025, 12, 1), "Action due: Question status", "R-4"),
        (date(2026, 1, 20), "Storage vessels, row 1: Valid until", "R-2"),
        (date(2026, 1, 20), "Question second_day", "R-3"),
        (date(2026, 1, 31), "Evidence for: Question day", "R-1"),
        (date(2026, 2, 1), "Question day", "R-1"),
    ]


def test_row_dates_give_their_cell():
    checked = requirement(criterion={"vessels": {"every_row": {"valid_until": {"not_expired": True}}}})
    result = judged(checked, register("vessels", {"vessel": "A", "valid_until": AS_OF}))
    assert [(e.on, e.cell) for e in result.expiries] == [(AS_OF, "vessels!valid_until2")]


def test_value_and_edition_that_end_are_listed():
    checked = product_checklist(
        "kymriah",
        requirement(criterion={"weeks": {"min": {"parameter": "driving_weeks_min"}}}),
        editions=(Edition(edition="1", effective_to=date(2027, 1, 1)),),
    )
    ending = (value("driving_weeks_min", 8, effective_to=date(2026, 6, 1)),)
    sent = submission(response("weeks", 8, scope="kymriah"))
    audit = assess(sent, catalogue(checked, parameters=ending), AS_OF)
    assert [e.on for e in audit.expiries] == [date(2026, 6, 1), date(2027, 1, 1)]


COVERED = product_checklist(
    "kymriah", requirement("PR-01", covered_by=(Coverage(requirement="FJ-01", relation="part"),))
)
ACCREDITED = checklist(requirement("FJ-01"))
CERTIFICATE = {
    "certificate": "JACIE certificate",
    "body": "jacie",
    "covers": ("clinical", "iec"),
    "populations": ("adult", "paediatric"),
    "address": "1, High Street",
    "status": "certified",
    "valid_from": AS_OF,
    "expires_on": AS_OF,
}


def relied(certificate, *more, who=None):
    sent = submission(
        register("certificates", certificate),
        response("site_address", "1 high street"),
        response("status", "yes"),
        *more,
        profile_=who,
    )
    return assess(sent, catalogue(COVERED, ACCREDITED), AS_OF).reliance


def test_certificate_in_date_and_scope_makes_a_candidate():
    (item,) = relied(CERTIFICATE)
    assert (item.product, item.requirement, item.covered_by, item.relation, item.until, item.certificate) == (
        "kymriah",
        "PR-01",
        "FJ-01",
        "part",
        AS_OF,
        "JACIE certificate",
    )


@pytest.mark.parametrize(
    "change",
    [
        {"expires_on": date(2026, 1, 14)},
        {"expires_on": None},
        {"status": "suspended"},
        {"status": "withdrawn"},
        {"status": "applied"},
        {"status": None},
        {"covers": ("clinical",)},
        {"populations": ("adult",)},
        {"address": "2, High Street"},
        {"address": None},
        {"body": "fact"},
        {"valid_from": date(2026, 1, 16)},
        {"status": "extended_by_letter", "extension_until": date(2026, 1, 14)},
        {"status": "extended_by_letter"},
    ],
)
def test_certificate_that_does_not_stand_makes_none(change):
    assert relied({**CERTIFICATE, **change}) == ()


def test_letter_of_extension_counts_until_its_own_day():
    extended = {
        **CERTIFICATE,
        "status": "extended_by_letter",
        "expires_on": date(2025, 1, 1),
        "extension_until": date(2026, 5, 1),
    }
    assert [item.until for item in relied(extended)] == [date(2026, 5, 1)]


def test_population_that_is_not_stated_makes_no_candidate():
    assert relied(CERTIFICATE, who=profile(treatments=(replace(KYMRIAH, population=""),))) == ()


def test_reliance_never_enters_the_verdict():
    with_it = assess(
        submission(register("certificates", CERTIFICATE), response("site_address", "1 high street")),
        catalogue(COVERED),
        AS_OF,
    )
    without = assess(submission(), catalogue(COVERED), AS_OF)
    assert [a.readiness for a in with_it.checklists] == [a.readiness for a in without.checklists]


def test_explanation_shows_profile_answer_cell_threshold_rule_and_outcome():
    checked = product_checklist(
        "kymriah", requirement("PR-DRV-01", criterion={"weeks": {"min": {"parameter": "driving_weeks_min"}}})
    )
    sent = submission(response("weeks", 7, scope="kymriah", cell="Discharge!C9"))
    audit = assess(sent, catalogue(checked), AS_OF).checklists[0]
    lines = explain(audit.results[0], audit, sent)
    for wanted in (
        "  Profile: country DE; product information EU; phase established; treatments kymriah:all:paediatric",
        "  Answer: 7 weeks",
        "  Cells: Discharge!C9",
        "  Threshold: driving_weeks_min = 8 weeks (kymriah, EU, label, source S1, text of 2026-01-01)",
        "  Outcome: NON_COMPLIANT (criterion)",
    ):
        assert wanted in lines
    assert any(line.startswith("  Rule: weeks@kymriah at Discharge!C9: min:") for line in lines)


def test_engine_passed_on_gives_the_same_audit():
    shelf = catalogue(CRITICAL)
    engine = Engine(catalogue=shelf, as_of=AS_OF, size=1)
    sent = submission(met())
    first, second = (assess(sent, shelf, AS_OF, [("jacie", None)], engine) for _ in range(2))
    assert first == second == assess(sent, shelf, AS_OF, [("jacie", None)])


def test_engine_of_another_day_is_not_used():
    checked = checklist(requirement(criterion={"day": {"not_expired": True}}))
    shelf = catalogue(checked)
    engine = Engine(catalogue=shelf, as_of=date(2030, 1, 1))
    audit = assess(submission(response("day", AS_OF)), shelf, AS_OF, [("jacie", None)], engine)
    assert audit.checklists[0].results[0].compliance.value == "COMPLIANT"


def test_provenance_is_left_to_the_caller():
    assert assess(submission(), catalogue(CRITICAL), AS_OF).provenance is None


def test_judging_changes_nothing_it_was_given():
    sent = submission(met())
    copy = submission(met())
    audited(CRITICAL, *sent.responses.values())
    assert sent == copy
