"""Results, and what ends or is relied on, as lines of JSON, written out directly: nine tenths of a document.

What a line says is laid down in `json_report`; tests hold the two to the same bytes.
"""

import json
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from json.encoder import encode_basestring_ascii as _text
from typing import Any

from cartaudit.model.audit import ChecklistAudit, Expiry, RelianceItem, Result, Step, Threshold
from cartaudit.model.requirements import Citation, Requirement
from cartaudit.model.submission import Action, Evidence

KEPT = 4096
"""Prepared texts kept: requirements of a run in the places where they are asked, and answers as the last centres gave
them. All are made of strings and days, so that what is equal reads the same."""

STEPS_KEPT, MESSAGE_KEPT = 16, 1000
"""Steps and characters of a message up to which the text of an answer is kept: longer ones are of one centre's rows or
reasons, and come again in no other."""


def result_lines(audited: ChecklistAudit) -> list[str]:
    """Write each result of a checklist as one JSON object on one line, its keys sorted."""
    edition = audited.edition.edition if audited.edition else None
    return [_result(result, edition) for result in audited.results]


def _result(result: Result, edition: str | None) -> str:
    area, criterion, duty, gate, asked, origin, title = _fixed(
        result.requirement, result.criterion, edition, result.jurisdiction, result.product, result.questions
    )
    brief = len(result.steps) <= STEPS_KEPT and len(result.message) <= MESSAGE_KEPT
    cells, message, steps = (_found_before if brief else _found)(result.cells, result.message, result.steps)
    thresholds = [_threshold(t) for t in result.thresholds] if result.thresholds else []
    evidence = _all([_evidence(e) for e in result.evidence]) if result.evidence else ""
    expiries = _all([expiry_line(e) for e in result.expiries]) if result.expiries else ""
    return (
        f'{{"action": {_action(result.action)}, {area}, {cells}, '
        f'"checklist": {_text(result.checklist)}, "claim": {_text(result.claim)}, '
        f'"claimed": {_or_null(result.claimed)}, "compliance": {_text(result.compliance)}, '
        f'{criterion}, "deciding_profile": {_text(result.deciding_profile)}, {duty}, '
        f'"evidence": [{evidence}], "expiries": [{expiries}], '
        f'"extent": {_or_null(result.extent)}, {gate}, '
        f'{message}, "na_reason": {_text(result.na_reason)}, "overridden": {_flag(result.overridden)}, '
        f'"override_note": {_text(result.override_note)}, {asked}, '
        f'"reason": {_text(result.reason)}, {origin}, {steps}, '
        f'"threshold": {thresholds[0] if thresholds else "{}"}, "thresholds": [{_all(thresholds)}], '
        f'{title}, "watch": {_flag(result.watch)}}}'
    )


@lru_cache(maxsize=KEPT)
def _fixed(
    requirement: Requirement,
    criterion: str,
    edition: str | None,
    jurisdiction: str,
    product: str,
    questions: tuple[str, ...],
) -> tuple[str, str, str, str, str, str, str]:
    """Write what a requirement says wherever it is asked in one place, in runs of neighbouring keys."""
    return (
        f'"area": {_text(requirement.area)}',
        f'"criterion": {_text(criterion)}',
        f'"duty": {_text(requirement.duty)}, "edition": {"null" if edition is None else _text(edition)}',
        f'"gate": {_flag(requirement.gate)}, "jurisdiction": {_text(jurisdiction)}',
        f'"product": {_text(product)}, "proposal": {_flag(requirement.is_proposal)}, "questions": {_texts(questions)}',
        f'"remediation": {_text(requirement.remediation)}, "requirement": {_text(requirement.id)}, '
        f'"severity": {_text(requirement.severity.upper())}, "sources": [{_all(map(_citation, requirement.sources))}]',
        f'"title": {_text(requirement.title)}',
    )


def _found(cells: tuple[str, ...], message: str, steps: tuple[Step, ...]) -> tuple[str, str, str]:
    """Write what answers that look alike come to."""
    return f'"cells": {_texts(cells)}', f'"message": {_text(message)}', f'"steps": [{_all(map(_step, steps))}]'


_found_before = lru_cache(maxsize=KEPT)(_found)


def _step(step: Step) -> str:
    return (
        f'{{"cause": {_text(step.cause)}, "cell": {_text(step.cell)}, "column": {_text(step.column)}, '
        f'"expected": {_text(step.expected)}, "found": {_text(step.found)}, "outcome": {_text(step.outcome)}, '
        f'"question": {_text(step.question)}, "row": {step.row}, "rule": {_text(step.rule)}, '
        f'"scope": {_text(step.scope)}}}'
    )


def _threshold(threshold: Threshold) -> str:
    return (
        f'{{"effective_from": {_day(threshold.effective_from)}, "effective_to": {_day(threshold.effective_to)}, '
        f'"indication": {_text(threshold.indication)}, "jurisdiction": {_text(threshold.jurisdiction)}, '
        f'"note": {_text(threshold.note)}, "parameter": {_text(threshold.parameter)}, '
        f'"population": {_text(threshold.population)}, "product": {_text(threshold.product)}, '
        f'"revision": {_text(threshold.revision)}, "role": {_text(threshold.role)}, '
        f'"source": {_text(threshold.source)}, "text_date": {_day(threshold.text_date)}, '
        f'"unit": {_text(threshold.unit)}, "value": {_value(threshold.value)}, '
        f'"verification": {_text(threshold.verification)}}}'
    )


def _citation(citation: Citation) -> str:
    return (
        f'{{"date": {_text(citation.date)}, "id": {_text(citation.id)}, "kind": {_text(citation.kind)}, '
        f'"reference": {_text(citation.reference)}}}'
    )


def _evidence(evidence: Evidence) -> str:
    return (
        f'{{"cell": {_text(evidence.cell)}, "dated": {_day(evidence.dated)}, "level": {_text(evidence.level)}, '
        f'"references": {_texts(evidence.references)}}}'
    )


def expiry_line(expiry: Expiry) -> str:
    """Write what ends on a day as one JSON object, its keys sorted."""
    return (
        f'{{"cell": {_text(expiry.cell)}, "checklist": {_text(expiry.checklist)}, '
        f'"kind": {_text(expiry.kind)}, "on": "{expiry.on.isoformat()}", '
        f'"requirement": {_text(expiry.requirement)}, "what": {_text(expiry.what)}}}'
    )


def reliance_line(item: RelianceItem) -> str:
    """Write what a certificate may cover as one JSON object, its keys sorted."""
    return (
        f'{{"certificate": {_text(item.certificate)}, "covered_by": {_text(item.covered_by)}, '
        f'"product": {_text(item.product)}, "relation": {_text(item.relation)}, '
        f'"requirement": {_text(item.requirement)}, "until": {_day(item.until)}}}'
    )


def _action(action: Action) -> str:
    if not (action.text or action.owner_role or action.due or action.containment):
        return _NO_ACTION
    return (
        f'{{"containment": {_text(action.containment)}, "due": {_day(action.due)}, '
        f'"owner_role": {_text(action.owner_role)}, "text": {_text(action.text)}}}'
    )


_NO_ACTION = '{"containment": "", "due": null, "owner_role": "", "text": ""}'


def _all(parts: Iterable[str]) -> str:
    return ", ".join(parts)


def _texts(texts: Iterable[str]) -> str:
    return f"[{', '.join([_text(t) for t in texts])}]"


def _or_null(text: str | None) -> str:
    return _text(text) if text else "null"


def _flag(flag: bool) -> str:
    return "true" if flag else "false"


def _day(day: date | None) -> str:
    return f'"{day.isoformat()}"' if day else "null"


def _value(value: Any) -> str:
    if isinstance(value, date):
        return _day(value)
    return json.dumps(value, ensure_ascii=True, allow_nan=False)
