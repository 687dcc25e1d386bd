"""Results as lines of JSON, written out directly: they are nine tenths of a document, and half of its time.

What a line says is laid down in `json_report`; tests hold the two to the same bytes.
"""

import json
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from json.encoder import encode_basestring_ascii as _text
from typing import Any

from cartaudit.model.audit import ChecklistAudit, Expiry, Result, Step, Threshold
from cartaudit.model.requirements import Citation
from cartaudit.model.submission import Action, Evidence


def result_lines(audited: ChecklistAudit) -> list[str]:
    """Write each result of a checklist as one JSON object on one line, its keys sorted."""
    edition = _text(audited.edition.edition) if audited.edition else "null"
    return [_result(result, edition) for result in audited.results]


def _result(result: Result, edition: str) -> str:
    requirement = result.requirement
    thresholds = [_threshold(t) for t in result.thresholds]
    return (
        f'{{"action": {_action(result.action)}, "area": {_text(requirement.area)}, "cells": {_texts(result.cells)}, '
        f'"checklist": {_text(result.checklist)}, "claim": {_text(result.claim)}, '
        f'"claimed": {_or_null(result.claimed)}, "compliance": {_text(result.compliance)}, '
        f'"criterion": {_text(result.criterion)}, '
        f'"deciding_profile": {_text(result.deciding_profile)}, "duty": {_text(requirement.duty)}, '
        f'"edition": {edition}, '
        f'"evidence": [{_all(map(_evidence, result.evidence))}], "expiries": [{_all(map(_expiry, result.expiries))}], '
        f'"extent": {_or_null(result.extent)}, "gate": {_flag(requirement.gate)}, '
        f'"jurisdiction": {_text(result.jurisdiction)}, "message": {_text(result.message)}, '
        f'"na_reason": {_text(result.na_reason)}, "overridden": {_flag(result.overridden)}, '
        f'"override_note": {_text(result.override_note)}, "product": {_text(result.product)}, '
        f'"proposal": {_flag(requirement.is_proposal)}, "questions": {_texts(result.questions)}, '
        f'"reason": {_text(result.reason)}, "remediation": {_text(requirement.remediation)}, '
        f'"requirement": {_text(requirement.id)}, "severity": {_text(requirement.severity.upper())}, '
        f'"sources": {_sources(requirement.sources)}, "steps": [{_all(map(_step, result.steps))}], '
        f'"threshold": {thresholds[0] if thresholds else "{}"}, "thresholds": [{_all(thresholds)}], '
        f'"title": {_text(requirement.title)}, "watch": {_flag(result.watch)}}}'
    )


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


@lru_cache(maxsize=4096)
def _sources(sources: tuple[Citation, ...]) -> str:
    return f"[{_all(map(_citation, sources))}]"


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


def _expiry(expiry: Expiry) -> str:
    return (
        f'{{"cell": {_text(expiry.cell)}, "checklist": {_text(expiry.checklist)}, '
        f'"kind": {_text(expiry.kind)}, "on": "{expiry.on.isoformat()}", '
        f'"requirement": {_text(expiry.requirement)}, "what": {_text(expiry.what)}}}'
    )


def _action(action: Action) -> str:
    return (
        f'{{"containment": {_text(action.containment)}, "due": {_day(action.due)}, '
        f'"owner_role": {_text(action.owner_role)}, "text": {_text(action.text)}}}'
    )


def _all(parts: Iterable[str]) -> str:
    return ", ".join(parts)


def _texts(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, texts))}]"


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
