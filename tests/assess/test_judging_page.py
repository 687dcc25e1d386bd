"""The tables of docs/judging.md hold in the code."""

import re
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from builders_assess import (
    AS_OF,
    EVIDENCE,
    audited,
    checklist,
    judged,
    na,
    override,
    product_checklist,
    profile,
    register,
    requirement,
    response,
    scale,
    value,
)

from cartaudit.criteria.truth import FALSE_PRIORITY, UNKNOWN_PRIORITY
from cartaudit.model.audit import Compliance, Reason
from cartaudit.model.problems import Stops
from cartaudit.model.requirements import Phase, Severity
from cartaudit.model.submission import Action

PAGE = (Path(__file__).parents[2] / "docs" / "judging.md").read_text(encoding="utf-8")


def table(heading):
    section = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [tuple(cell.strip().strip("`") for cell in row) for row in rows[2:]]


DRIVING = product_checklist("kymriah", requirement(criterion={"weeks": {"min": {"parameter": "driving_weeks_min"}}}))
DISCHARGE = requirement(applies={"profile": {"services": {"contains": ["discharge"]}}})
EXAMPLES = [
    judged(DISCHARGE, response("services", ("infusion",))),
    judged(DISCHARGE),
    judged(requirement(deferred_until=Phase.ESTABLISHED), profile_=profile(phase=Phase.PRE_OPENING)),
    judged(DRIVING, response("weeks", 1, scope="kymriah"), parameters=(value("driving_weeks_min", None, none=True),)),
    judged(requirement(criterion={"count": {"min": 2}}), response("count", 1)),
    judged(requirement(), response("status", "no")),
    judged(requirement(), response("status", "partial")),
    judged(requirement(), response("status", "in_progress")),
    judged(requirement(), response("status", "in_progress", action=Action(due=date(2026, 1, 14)))),
    judged(requirement(), na("status")),
    judged(requirement(criterion={"count": {"min": 2}}), response("count", float("nan"))),
    judged(requirement()),
    judged(requirement(criterion={"vessels": {"min_rows": 1}}), register("vessels")),
    judged(DRIVING, response("weeks", 99, scope="kymriah"), parameters=()),
    judged(requirement(), response("status", "yes", stopped=(Stops.ANSWER,))),
    judged(requirement(), response("status", "yes", contradicted=True)),
    judged(requirement(), response("status", "yes", override=override("yes", role=""))),
    judged(requirement(), response("status", "yes", reconfirm=True)),
    judged(requirement(gate=True), response("status", "yes", answered_on=date(2025, 1, 14))),
    judged(requirement(evidence_required=True), response("status", "yes")),
    judged(requirement(evidence_required=True, evidence_max_age_days=1), response("status", "yes", evidence=EVIDENCE)),
    judged(requirement(allow_na=True), na("status")),
    judged(requirement(), response("status", "yes")),
]


def test_table_of_compliance_is_what_the_examples_come_to():
    assert [(compliance, reason) for _, compliance, reason in table("From an answer to a compliance")] == [
        (result.compliance.value, result.reason.value) for result in EXAMPLES
    ]


def test_table_of_compliance_names_every_reason():
    assert {reason for *_, reason in table("From an answer to a compliance")} == {r.value for r in Reason}


def test_order_of_causes_is_the_one_on_the_page():
    unknown = re.search(r"several parts are unknown: (.*?), in this order", PAGE, re.S)
    false = re.search(r"several parts are false: (.*?)\.\n", PAGE, re.S)
    assert unknown is not None
    assert false is not None
    assert re.findall(r"`(\w+)`", unknown[1]) == [r.value for r in UNKNOWN_PRIORITY]
    assert re.findall(r"`(\w+)`", false[1]) == [r.value for r in FALSE_PRIORITY]


TRUTH = [
    (kind, compliance, contained, planned, row[4])
    for row in table("From compliances to readiness")
    for kind in [row[0]]
    for compliance, contained, planned in product(
        [c.value for c in Compliance] if row[1] == "any" else [row[1]],
        [True, False] if row[2] == "any" else [row[2] == "yes"],
        [True, False] if row[3] == "any" else [row[3] == "yes"],
    )
]


@pytest.mark.parametrize(("kind", "compliance", "contained", "planned", "expected"), TRUTH)
def test_table_of_readiness_holds(kind, compliance, contained, planned, expected):
    action = Action(
        owner_role="Quality manager" if planned else "",
        due=AS_OF if planned else None,
        containment="Held back" if contained else "",
    )
    answers = {"COMPLIANT": "yes", "PARTIAL": "partial", "NON_COMPLIANT": "no", "NOT_ASSESSED": None}
    outside = compliance == "NOT_APPLICABLE"
    checked = requirement(
        "R-2",
        severity=Severity.CRITICAL if kind == "gate" else Severity(kind),
        gate=kind == "gate",
        criterion={"other_status": {"allowed": ["yes"]}},
        partial={"other_status": {"allowed": ["partial"]}},
        applies={"profile": {"services": {"contains": ["discharge"]}}} if outside else {},
    )
    audit = audited(
        checklist(requirement("R-1"), checked, scale=scale()),
        response("status", "yes"),
        response("other_status", answers.get(compliance), action=action),
        response("services", ("infusion",)),
    )
    assert audit.results[1].compliance.value == compliance
    assert audit.readiness.value == expected


def test_table_of_readiness_covers_every_case():
    found = {(kind, compliance, contained, planned) for kind, compliance, contained, planned, _ in TRUTH}
    kinds = ["gate", "critical", "major", "minor"]
    assert found == set(product(kinds, [c.value for c in Compliance], [True, False], [True, False]))


def test_weights_on_the_page_are_the_weights():
    assert "critical 5, major 3, minor 1" in PAGE
    assert [s.weight for s in (Severity.CRITICAL, Severity.MAJOR, Severity.MINOR)] == [5, 3, 1]
