from pathlib import Path

import openpyxl
import pytest

from cartaudit.cli import run


def test_template_is_written_and_described(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "a.xlsx"
    assert run(["template", "-o", str(target), "-c", "kymriah", "--country", "de", "-t", "kymriah:dlbcl:adult"]) == 0
    said = capsys.readouterr().out
    assert "questions on" in said
    assert "kymriah@" in said
    book = openpyxl.load_workbook(target)
    assert book["Treatments"]["A6"].value == "Kymriah"


def test_file_is_never_overwritten_unasked(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    target.write_text("mine")
    assert run(["template", "-o", str(target), "-c", "kymriah"]) == 2
    assert target.read_text() == "mine"


def test_force_overwrites(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    target.write_text("old")
    assert run(["template", "-o", str(target), "-c", "kymriah", "-p", "kymriah", "--force"]) == 0
    assert target.read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    "arguments",
    [
        ["-c", "nowhere"],
        ["-p", "nothing"],
        ["-t", "kymriah:flu:adult"],
        ["-t", "kymriah:dlbcl:pets"],
        ["--country", "XX"],
        ["-o", "a.xls"],
    ],
)
def test_what_the_catalogue_does_not_hold_is_a_usage_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["template", *arguments]) == 2
    assert list(tmp_path.iterdir()) == []
