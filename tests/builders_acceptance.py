"""Finding one's way in an audit of the shipped samples."""

from datetime import date
from pathlib import Path

from cartaudit.model.audit import Audit, ChecklistAudit, Result

AS_OF = date(2026, 11, 22)


def checklist(audit: Audit, name: str) -> ChecklistAudit:
    return next(c for c in audit.checklists if c.checklist.id == name)


def result(audit: Audit, name: str, requirement: str) -> Result:
    return next(r for r in checklist(audit, name).results if r.requirement.id == requirement)


def sample(name: str) -> Path:
    return next((Path(__file__).resolve().parents[1] / "samples").glob(f"{name}*.xlsx"))
