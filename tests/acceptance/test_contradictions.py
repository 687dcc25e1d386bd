"""Workbooks that contradict themselves: every shipped consistency rule, on a sample centre, from cell to verdict."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cartaudit.model.answers import Status
from cartaudit.model.audit import Audit, Compliance, Readiness, Reason
from cartaudit.model.consistency import Consistency
from cartaudit.model.layout import NA_WORD, Field
from cartaudit.pipeline import AuditOptions, audit_bytes, load_catalogue
from cartaudit.synthetic.definitions import read_definitions
from cartaudit.synthetic.samples import sample_plan
from cartaudit.workbook.template import build_template

CATALOGUE = load_catalogue()
SAMPLES = Path(__file__).parents[2] / "samples"
DEFINITIONS = {d.name: d for d in read_definitions(SAMPLES)}
RULES = {rule.id: rule for rule in CATALOGUE.consistency}
FOUND = [(rule.id, number) for rule in RULES.values() for number in range(len(rule.finds))]
SPARED = [(rule.id, number) for rule in RULES.values() for number in range(len(rule.spares))]
DAY = date(2026, 1, 1)


def audited(sample: str, change: Mapping[str, Any], as_of: date | None = None) -> Audit:
    """Judge a sample in which some answers were changed; a register's rows keep what they are not given."""
    definition = DEFINITIONS[sample]
    as_of = as_of or definition.as_of
    plan = sample_plan(CATALOGUE, definition, "0")
    answers = {key: dict(fields) for key, fields in plan.filling.answers.items()}
    rows = {name: [dict(row) for row in held] for name, held in plan.filling.rows.items()}
    for name, value in change.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            base = rows.get(name, [{}])[0]
            unique = next((c.id for c in CATALOGUE.questions[name].columns if c.unique), "")
            rows[name] = [
                {**base, **({unique: f"Row {number}"} if unique else {}), **_typed(row)}
                for number, row in enumerate(value, start=1)
            ]
            continue
        key = next((key for key in answers if key[0] == name), (name, ""))
        told = {Field.ANSWER: NA_WORD, Field.NA_REASON: "We have none here"} if value == "n/a" else {}
        answers[key] = {**answers.get(key, {}), Field.ANSWER: _cell(value), **told}
    filling = replace(plan.filling, answers=answers, rows={name: tuple(held) for name, held in rows.items()})
    data = build_template(CATALOGUE, replace(plan, filling=filling))
    audit = audit_bytes(data, "centre.xlsx", CATALOGUE, AuditOptions(as_of=as_of, as_of_is_today=False))
    assert isinstance(audit, Audit)
    return audit


def _typed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {column: _cell(value) for column, value in row.items()}


def _cell(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else Status(value) if value in tuple(Status) else value


@cache
def asked(sample: str) -> frozenset[str]:
    """Name the questions that a sample's workbook has a place for."""
    filling = sample_plan(CATALOGUE, DEFINITIONS[sample], "0").filling
    profile = {q.id for q in CATALOGUE.questions.values() if q.area == "profile"}
    return frozenset({name for name, _ in filling.answers} | set(filling.rows) | profile)


def sample_that_asks(rule: Consistency) -> str:
    wanted = {name for example in (*rule.finds, *rule.spares) for name in example} - {"partner_units", "facilities"}
    return next(name for name in DEFINITIONS if wanted <= asked(name))


def said(audit: Audit, rule: Consistency) -> list[Any]:
    return [p for p in audit.submission.problems if p.code == "CA320" and p.message.startswith(rule.text)]


@pytest.mark.parametrize(("rule", "number"), FOUND)
def test_a_contradiction_is_named_with_both_cells_and_nothing_that_rests_on_it_is_met(rule, number):
    audit = audited(sample_that_asks(RULES[rule]), RULES[rule].finds[number], DAY)
    problems = said(audit, RULES[rule])
    assert problems
    for problem in problems:
        assert problem.cell
        assert problem.severity.value == "error"
        assert " says '" in problem.message or RULES[rule].answered
    doubted = {p.question.partition("[")[0].partition(".")[0] for p in problems}
    for result in (r for c in audit.checklists for r in c.results):
        if doubted & set(result.questions):
            by_another_way = "anyof" in result.requirement.criterion
            assert by_another_way or result.compliance is not Compliance.COMPLIANT, result.requirement.id


@pytest.mark.parametrize(("rule", "number"), SPARED)
def test_an_honest_answer_is_left_alone(rule, number):
    audit = audited(sample_that_asks(RULES[rule]), RULES[rule].spares[number], DAY)
    assert not said(audit, RULES[rule])


def _verdicts(audit: Audit) -> dict[str, Readiness]:
    return {c.checklist.id: c.readiness for c in audit.checklists}


def test_what_fails_under_the_other_reading_fails():
    facilities = [
        {"populations": ["adult", "paediatric"], "icu_paediatric": "none"},
    ]
    treatments = [
        {"product": "kymriah", "indication": "dlbcl", "population": "adult"},
        {"product": "kymriah", "indication": "b_all", "population": "paediatric"},
    ]
    audit = audited("01_ready_kymriah_eu", {"facilities": facilities, "treatments": treatments})
    result = next(r for c in audit.checklists for r in c.results if r.requirement.id == "FJ-ICU-002")
    assert (result.compliance, result.requirement.gate) == (Compliance.NON_COMPLIANT, True)
    assert _verdicts(audit)["jacie"] is Readiness.NOT_READY


def test_what_holds_under_the_other_reading_is_not_met_either():
    change = {"facilities": [{"populations": ["adult", "paediatric"], "icu_paediatric": "same_campus"}]}
    audit = audited("01_ready_kymriah_eu", change)
    result = next(r for c in audit.checklists for r in c.results if r.requirement.id == "FJ-ICU-002")
    assert (result.compliance, result.reason) == (Compliance.NOT_ASSESSED, Reason.CONTRADICTED)
    assert "Profile!" in result.message
    assert _verdicts(audit)["jacie"] is Readiness.INCOMPLETE


def test_what_applies_under_both_readings_is_judged_as_ever():
    change = {"facilities": [{"populations": ["adult", "paediatric"], "icu_paediatric": "same_campus"}]}
    audit = audited("01_ready_kymriah_eu", change)
    result = next(r for c in audit.checklists for r in c.results if r.requirement.id == "FJ-ICU-001")
    assert result.compliance is Compliance.COMPLIANT


def test_a_programme_that_has_opened_is_asked_what_an_open_one_is_asked():
    audit = audited("01_ready_kymriah_eu", {"phase": "pre_opening", "opening_on": date(2019, 1, 1)})
    results = [r for c in audit.checklists for r in c.results]
    assert not [r.requirement.id for r in results if r.reason is Reason.DEFERRED]
    assert any(r.reason is Reason.CONTRADICTED for r in results)
    assert _verdicts(audit)["jacie"] is Readiness.INCOMPLETE


HONEST = {
    "a contracted vapour store": ("01_ready_kymriah_eu", {"vessels": [{"operated_by": "contracted"}]}),
    "one stock for a campus": (
        "01_ready_kymriah_eu",
        {
            "facilities": [{"site": "Site A, ward"}, {"site": "Site A, day unit"}],
            "rescue_stock": [{"place": "Site A, ward"}],
        },
    ),
    "one stock that reaches another site": (
        "01_ready_kymriah_eu",
        {
            "clinical_sites": 2,
            "facilities": [{"site": "North Hospital"}, {"site": "South Hospital"}],
            "rescue_stock": [{"place": "North Hospital", "reaches": "South Hospital"}],
        },
    ),
    "an umbrella certificate over several facilities": (
        "01_ready_kymriah_eu",
        {
            "clinical_sites": 2,
            "facilities": [{"site": "North Hospital"}, {"site": "South Hospital"}],
            "rescue_stock": [{"place": "North Hospital"}, {"place": "South Hospital"}],
        },
    ),
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_centre_keeps_its_verdicts(name):
    sample, change = HONEST[name]
    before, after = audited(sample, {}), audited(sample, change)
    assert [p.code for p in after.submission.problems] == [p.code for p in before.submission.problems]
    assert _verdicts(after) == _verdicts(before)


def test_children_s_intensive_care_by_transfer_agreement_is_no_contradiction():
    """Only the exercise of the transfer is asked besides, which the sample has no cell for."""
    audit = audited("10_paediatric", {"facilities": [{"icu_paediatric": "transfer_agreement"}]})
    assert not audit.submission.problems
    open_ = {r.requirement.id for c in audit.checklists for r in c.results if r.reason is Reason.CONTRADICTED}
    assert not open_
    gates = [r for c in audit.checklists for r in c.results if r.requirement.id == "FJ-ICU-002"]
    assert [r.compliance for r in gates] == [Compliance.COMPLIANT]


def test_young_adults_with_a_children_s_indication_are_adults():
    treated = [{"product": "kymriah", "indication": "b_all", "population": "adult"}]
    audit = audited("01_ready_kymriah_eu", {"treatments": treated})
    assert "CA320" not in [p.code for p in audit.submission.problems]
    assert not [r for c in audit.checklists for r in c.results if r.reason is Reason.CONTRADICTED]


def test_infusion_here_and_follow_up_at_a_partner_is_no_contradiction():
    partner = {"unit": "Partner hospital, follow-up", "activity": "follow_up"}
    audit = audited("12_contracted", {"services": ["infusion", "storage"], "partner_units": [partner]})
    assert "CA320" not in [p.code for p in audit.submission.problems]
