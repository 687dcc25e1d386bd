"""Every sample report is verified from what it carries; one of each edition in the ordinary run."""

from datetime import date
from pathlib import Path

import pytest

from cartaudit.model.audit import Audit
from cartaudit.pipeline import AuditOptions, audit_bytes, load_catalogue, render
from cartaudit.resources import data_folder
from cartaudit.verification import State, verify_report

OPTIONS = AuditOptions(as_of=date(2026, 11, 22), as_of_is_today=False)
SAMPLES = sorted(data_folder("samples").glob("*.xlsx"))
CHOSEN = {("03_one_critical_gap", "centre"), ("04_incomplete", "commissioner")}
CASES = [
    pytest.param(path, audience, marks=() if (path.stem, audience) in CHOSEN else pytest.mark.full)
    for path in SAMPLES
    for audience in ("centre", "commissioner")
]


def test_there_are_samples_to_verify() -> None:
    assert len(SAMPLES) >= 14


@pytest.mark.parametrize(("path", "audience"), CASES, ids=lambda value: getattr(value, "stem", value))
def test_report_of_a_sample_holds_byte_for_byte(path: Path, audience: str) -> None:
    catalogue, data = load_catalogue(), path.read_bytes()
    audit = audit_bytes(data, path.name, catalogue, OPTIONS)
    assert isinstance(audit, Audit)
    report = render(audit, catalogue, data, OPTIONS, ("pdf",), detail="full", audience=audience)["pdf"]
    checks = verify_report(report)
    assert [check.text for check in checks if check.state is State.FAILS] == []
    assert any("byte for byte" in check.text for check in checks)
    assert checks[-1].text == "Consistent, origin not proven: the report is not signed."
