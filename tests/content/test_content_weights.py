"""Weights: every gate, critical and named major is protected, advice was decided, and one fact has one weight."""

from pathlib import Path

import pytest
from builders_content import shipped_catalogue

from cartaudit.catalogue.content import sort_content
from cartaudit.catalogue.decisions_page import decisions_page
from cartaudit.catalogue.lint.weights import carried, weight
from cartaudit.catalogue.reading import read_folder
from cartaudit.model.requirements import Duty, Severity
from cartaudit.resources import data_folder

CONTENT, _ = sort_content(read_folder(data_folder("checklists")))
REQUIREMENTS = {r.id: r for c in shipped_catalogue().checklists.values() for r in c.requirements}
NAMED = [
    "PR-MON-25",
    "PR-MON-26",
    "PR-APH-01",
    "PR-APH-04",
    "PR-APH-05",
    "PR-APH-06",
    "PR-APH-17",
    "PR-APH-20",
    "PR-MON-04",
    "PR-MON-14",
    "FJ-MON-012",
    "PR-STO-09",
    "PR-STO-10",
    "PR-STO-11",
    "PR-STO-20",
    "FJ-STO-004",
    "FJ-STO-008",
    "PR-PHV-07",
    "PR-GOV-01",
    "FJ-ICU-014",
    "FJ-PER-015",
    "PR-RCV-21",
]


def test_every_gate_critical_and_named_major_is_protected() -> None:
    protected = {p.id for p in CONTENT.protected}
    heavy = {r.id for r in REQUIREMENTS.values() if r.decides_alone}
    assert heavy | set(NAMED) <= protected


@pytest.mark.parametrize("name", [n for d in CONTENT.decisions for n in d.requirements])
def test_what_was_decided_to_be_advice_is_advice_and_nothing_protected(name: str) -> None:
    assert REQUIREMENTS[name].duty is Duty.ADVICE
    assert name not in {p.id for p in CONTENT.protected}


def test_what_weighs_more_than_its_texts_carry_is_protected() -> None:
    above = {r.id for r in REQUIREMENTS.values() if r.duty is Duty.MUST and weight(r) < carried(r)}
    assert above <= {p.id for p in CONTENT.protected}
    assert {r.id for r in REQUIREMENTS.values() if r.duty is Duty.ADVICE and carried(r) <= 3} == set()


def test_majors_that_rest_on_a_text_of_a_twin_say_so() -> None:
    twins = [
        (r, REQUIREMENTS[c.requirement]) for r in REQUIREMENTS.values() for c in r.covered_by if c.relation == "equal"
    ]
    assert [(r.id, o.id) for r, o in twins if r.is_proposal and not o.is_proposal and r.duty is not Duty.SHOULD] == []


def test_page_of_decisions_is_current() -> None:
    page = Path(__file__).parents[2] / "docs" / "content" / "decisions.md"
    assert page.read_text(encoding="utf-8") == decisions_page(CONTENT), (
        "run python -m cartaudit.catalogue.decisions_page"
    )


def test_no_proposal_decides_alone() -> None:
    assert not [r.id for r in REQUIREMENTS.values() if r.is_proposal and (r.gate or r.severity is Severity.CRITICAL)]
