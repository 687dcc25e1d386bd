"""Thresholds and requirements as flat rows, for CSV and JSON."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from cartaudit.model.checklists import Catalogue
from cartaudit.model.parameters import ParameterScalar
from cartaudit.model.requirements import Requirement
from cartaudit.model.text import not_a_formula

Row = dict[str, Any]


def threshold_rows(catalogue: Catalogue) -> list[Row]:
    """Give every parameter value with its definition, period, source and verification; dates in ISO form."""
    rows = []
    for value in catalogue.parameters:
        definition = catalogue.definitions[value.name]
        rows.append(
            {
                "parameter": value.name,
                "text": definition.text,
                "product": value.product,
                "jurisdiction": value.jurisdiction,
                "indication": value.indication,
                "population": value.population,
                "value": definition.none_word if value.none else plain(value.value),
                "unit": definition.unit,
                "direction": definition.direction.value,
                "effective_from": _iso(value.effective_from),
                "effective_to": _iso(value.effective_to),
                "verification": value.verification.value,
                "source": value.source,
                "text_date": _iso(value.text_date),
                "revision": value.revision,
                "note": value.note,
            }
        )
    return rows


def requirement_rows(catalogue: Catalogue) -> list[Row]:
    """Give every requirement of every checklist, the criterion as JSON text."""
    return [
        _requirement_row(checklist.id, requirement)
        for checklist in catalogue.checklists.values()
        for requirement in checklist.requirements
    ]


def _requirement_row(checklist: str, requirement: Requirement) -> Row:
    return {
        "checklist": checklist,
        "requirement": requirement.id,
        "title": requirement.title,
        "area": requirement.area,
        "severity": requirement.severity.value,
        "duty": requirement.duty.value,
        "gate": requirement.gate,
        "editions": " ".join(requirement.editions),
        "criterion": json.dumps(requirement.criterion, ensure_ascii=False, default=str),
        "sources": " ".join(f"{s.id} ({s.kind.value})" for s in requirement.sources),
        "reference": requirement.reference,
        "evidence": requirement.evidence,
        "remediation": requirement.remediation,
    }


def as_csv(rows: Sequence[Row]) -> str:
    """Give rows as CSV with a heading line; no cell is a formula to a spreadsheet program."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
    return out.getvalue()


def plain(value: ParameterScalar | None) -> str | int | float | bool | None:
    """Give a parameter value as JSON knows it: dates in ISO form, several texts joined by commas."""
    if isinstance(value, tuple):
        return ", ".join(value)
    return value.isoformat() if isinstance(value, date) else value


def _cell(value: Any) -> Any:
    return not_a_formula(value) if isinstance(value, str) else value


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
