"""The public API does what its documentation says, in the words a stranger would copy from it."""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import cartaudit
import cartaudit.report.seal
from cartaudit.cli import main

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "samples" / "04_incomplete.xlsx"
DAY = date(2026, 11, 22)
EXAMPLES = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "python.md").read_text(encoding="utf-8"), re.DOTALL)


def test_every_public_name_is_there_and_documented() -> None:
    for name in cartaudit.__all__:
        assert getattr(cartaudit, name).__doc__


def test_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        cartaudit.nothing  # noqa: B018


def test_a_path_and_its_bytes_are_judged_alike() -> None:
    one = cartaudit.audit(SAMPLE, as_of=DAY)
    two = cartaudit.audit(SAMPLE.read_bytes(), as_of=DAY)
    assert [c.readiness for c in one.checklists] == [c.readiness for c in two.checklists]
    assert one.checklists


def test_report_is_that_of_the_command(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    with pytest.raises(SystemExit):
        main(["report", str(SAMPLE), "--as-of", "2026-11-22", "-o", str(out)])
    assert cartaudit.report(SAMPLE, "json", as_of=DAY) == out.read_bytes()


def test_file_that_cannot_be_audited_raises_with_its_problems() -> None:
    with pytest.raises(cartaudit.RejectedError, match="CA1") as caught:
        cartaudit.audit(b"no workbook")
    assert caught.value.rejected.problems


def test_unknown_checklist_is_an_error_of_ours() -> None:
    with pytest.raises(cartaudit.CartauditError, match="nosuch"):
        cartaudit.audit(SAMPLE, checklists=["nosuch"])


def test_import_alone_loads_no_library() -> None:
    code = "import sys, cartaudit; print([n for n in ('weasyprint', 'openpyxl', 'cerberus') if n in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_of_the_documentation_runs(example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "site.xlsx").write_bytes(SAMPLE.read_bytes())
    (tmp_path / "broken.xlsx").write_bytes(b"no workbook")
    exec(compile(example, "docs/python.md", "exec"), {})


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 3
