"""No tick of the profile switches off a gate that another sheet says is needed: each tick of each sample, taken off."""

from collections.abc import Iterator
from typing import Any

import pytest
from test_contradictions import CATALOGUE, DEFINITIONS, audited

from cartaudit.model.audit import Audit, Compliance, Readiness

_ALWAYS = ("12_contracted", "10_paediatric")
_ONE_OF = ("populations", "services")
_CHOICES = ("collection_by", "processing_by", "phase")


def _changes(profile: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for question in _ONE_OF:
        for tick in profile[question]:
            rest = [other for other in profile[question] if other != tick]
            yield question, rest or [c.id for c in CATALOGUE.questions[question].choices if c.id != tick]
    for question in _CHOICES:
        for choice in CATALOGUE.questions[question].choices:
            if choice.id != profile[question]:
                yield question, choice.id
    yield "clinical_sites", 5


def _cases() -> Iterator[Any]:
    for name, definition in DEFINITIONS.items():
        for question, value in _changes(dict(definition.profile)):
            marks = () if name in _ALWAYS else pytest.mark.full
            yield pytest.param(name, question, value, id=f"{name}-{question}-{value}", marks=marks)


def _grave(audit: Audit) -> dict[str, set[str]]:
    return {
        c.checklist.id: {
            r.requirement.id
            for r in c.results
            if r.requirement.decides_alone and r.compliance is not Compliance.NOT_APPLICABLE
        }
        for c in audit.checklists
    }


@pytest.mark.parametrize(("sample", "question", "value"), list(_cases()))
def test_a_tick_that_takes_something_grave_away_is_contradicted(sample, question, value):
    before, after = audited(sample, {}), audited(sample, {question: value})
    for checklist in after.checklists:
        lost = _grave(before)[checklist.checklist.id] - _grave(after)[checklist.checklist.id]
        if lost and checklist.readiness in (Readiness.READY, Readiness.CONDITIONAL):
            pytest.fail(f"{checklist.checklist.id} is {checklist.readiness} without {sorted(lost)}")
