"""Leaving out what would fail: a blank never does better than the honest answer."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cartaudit.assess import Engine, assess
from cartaudit.model.answers import AnswerState
from cartaudit.model.audit import Audit, Compliance, Readiness
from cartaudit.model.submission import Entry
from cartaudit.pipeline import AuditOptions, audit_bytes, load_catalogue
from cartaudit.report import words

CATALOGUE = load_catalogue()
SAMPLES = Path(__file__).parents[2] / "samples"
GOOD = (Readiness.READY, Readiness.CONDITIONAL)
BAD = (Compliance.NON_COMPLIANT, Compliance.PARTIAL)


@pytest.mark.parametrize("name", ["03_one_critical_gap", "05_many_gaps", "07_shared_vessel"])
def test_a_failing_answer_left_blank_reaches_nothing_good(name):
    file = next(SAMPLES.glob(f"{name}.xlsx"))
    options = AuditOptions(as_of=date(2026, 11, 22), as_of_is_today=False)
    audit = audit_bytes(file.read_bytes(), file.name, CATALOGUE, options)
    assert isinstance(audit, Audit)
    engine = Engine(catalogue=CATALOGUE, as_of=options.as_of)
    failing = {
        (question, scope)
        for checklist in audit.checklists
        for result in checklist.results
        if result.compliance in BAD
        for question, scope in audit.submission.responses
        if question in result.questions
    }
    assert failing
    before = {c.checklist.id: c.readiness for c in audit.checklists}
    for key in sorted(failing):
        responses = dict(audit.submission.responses)
        responses[key] = replace(responses[key], entry=Entry(state=AnswerState.BLANK), rows=())
        after = assess(replace(audit.submission, responses=responses), CATALOGUE, options.as_of, None, engine)
        for checklist in after.checklists:
            better = before[checklist.checklist.id] not in GOOD and checklist.readiness in GOOD
            assert not better, (key, checklist.checklist.id)


def test_not_knowing_looks_no_better_than_not_ready():
    assert words.READINESS[Readiness.INCOMPLETE].tone is words.READINESS[Readiness.NOT_READY].tone
