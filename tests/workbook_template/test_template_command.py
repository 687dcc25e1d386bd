from pathlib import Path

import openpyxl
import pytest

from cartaudit.cli import run

CONTENT = Path(__file__).parents[1] / "catalogue" / "base"


def test_template_is_written_and_described(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "a.xlsx"
    assert run(["template", "-o", str(target), "-c", "kymriah", "--country", "de", "-t", "kymriah:dlbcl:adult"]) == 0
    said = capsys.readouterr().out
    assert "questions on" in said
    assert "kymriah@" in said
    book = openpyxl.load_workbook(target)
    assert book["Treatments"]["A6"].value == "Kymriah"


def open_cells(path: Path) -> dict[str, object]:
    """Give what stands in the cells a centre fills, without the words the template puts there."""
    return {
        f"{sheet.title}!{cell.coordinate}": cell.value
        for sheet in openpyxl.load_workbook(path).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value and not cell.protection.locked and not str(cell.value).startswith(("see sheet", "counted"))
    }


def test_country_and_product_of_the_command_are_filled_in_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    content = ("--checklists", str(CONTENT))
    assert run(["template", "-o", str(target), "-p", "acme", "--country", "US", *content]) == 0
    filled = open_cells(target)
    assert sorted(map(str, filled.values())) == ["Acme", "US"]
    assert {place.partition("!")[0] for place in filled} == {"Profile", "Treatments"}


def test_a_template_without_options_is_blank(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    assert run(["template", "-o", str(target), "--checklists", str(CONTENT)]) == 0
    assert open_cells(target) == {}


def test_file_is_never_overwritten_unasked(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    target.write_text("mine")
    assert run(["template", "-o", str(target), "-c", "kymriah"]) == 4
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
