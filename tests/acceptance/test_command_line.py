"""Exit codes and outputs of the commands, as a person or a script meets them."""

import json
from pathlib import Path

import pytest
from builders_acceptance import AS_OF, sample

from cartaudit.cli import run

DAY = ("--as-of", AS_OF.isoformat())


def test_unknown_checklist_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(sample("01_")), "-c", "kymria", *DAY]) == 2
    assert "There is no checklist 'kymria'" in capsys.readouterr().err


def test_missing_file_is_a_usage_error() -> None:
    assert run(["check", "no such file.xlsx"]) == 2


def test_file_that_is_no_workbook_is_one_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "site.xlsx"
    path.write_bytes(b"%PDF-1.7 not a workbook")
    assert run(["check", str(path), *DAY]) == 3
    assert "CA1" in capsys.readouterr().out


def test_rejected_file_prints_the_same_json_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "site.xlsx"
    path.write_bytes(b"nothing")
    assert run(["check", str(path), "--format", "json", *DAY]) == 3
    document = json.loads(capsys.readouterr().out)
    assert document["rejected"] is True
    assert len(document["problems"]) == 1


def test_explain_shows_threshold_source_and_cell(capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", str(sample("03_")), "--explain", "PR-STO-01", *DAY])
    text = capsys.readouterr().out
    assert "PR-STO-01" in text
    assert "S5" in text
    assert "!" in text


def test_explain_of_an_unknown_requirement_is_a_usage_error() -> None:
    assert run(["check", str(sample("01_")), "--explain", "PR-XXX-01", *DAY]) == 2


def test_report_never_overwrites_the_workbook(tmp_path: Path) -> None:
    path = tmp_path / "site.xlsx"
    path.write_bytes(sample("01_").read_bytes())
    assert run(["report", str(path), "-o", str(path), *DAY]) == 2
    assert path.read_bytes() == sample("01_").read_bytes()


def test_several_formats_go_into_a_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(["report", str(sample("01_")), "-o", str(out), "--format", "json", "--format", "csv", *DAY]) == 0
    assert sorted(p.suffix for p in out.iterdir()) == [".csv", ".json"]


def test_suffix_decides_the_format(tmp_path: Path) -> None:
    out = tmp_path / "site.md"
    run(["report", str(sample("01_")), "-o", str(out), *DAY])
    assert out.read_text(encoding="utf-8").startswith("#")


def test_suffix_that_names_no_format_is_a_usage_error(tmp_path: Path) -> None:
    assert run(["report", str(sample("01_")), "-o", str(tmp_path / "site.docx"), *DAY]) == 2


def test_invalid_checklists_give_exit_code_4(tmp_path: Path) -> None:
    (tmp_path / "areas.toml").write_text("not toml at all", encoding="utf-8")
    assert run(["check", str(sample("01_")), "--checklists", str(tmp_path), *DAY]) == 4


def test_workbook_made_for_nothing_that_applies_does_not_exit_with_0() -> None:
    assert run(["check", str(sample("01_")), "-c", "england", "--fail-on", "never", *DAY]) == 1
