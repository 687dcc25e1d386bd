"""`template --from`, `template --split`, `merge`, `map suggest` and `report --columns`, as a person calls them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from cartaudit.catalogue import read_catalogue
from cartaudit.cli import run as run_command
from cartaudit.model.audit import Audit, Compliance, Reason
from cartaudit.pipeline import AuditOptions, audit_bytes

FIRST_DAY, LATER = "2025-11-22", "2026-11-22"
CONTENT = Path(__file__).parents[1] / "catalogue" / "base"
MADE_FOR = ("-c", "fact", "-c", "acme", "-p", "acme", "--country", "US")
QUESTION = "alarm_tested"
CATALOGUE = read_catalogue(CONTENT, ())
OPTIONS = AuditOptions(as_of=date(2026, 11, 22), as_of_is_today=False, selection=(("fact", None),))


def run(arguments: list[str]) -> int:
    return run_command([*arguments, "--checklists", str(CONTENT)])


def place(book: Workbook, question: str) -> tuple[Worksheet, int]:
    """Find the sheet and row of a question."""
    return next(
        (s, row) for s in book.worksheets for row in range(5, s.max_row + 1) if s.cell(row, 1).value == question
    )


def edit(path: Path, change: Callable[[Workbook], object]) -> None:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)


def answer(question: str, value: str) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        sheet, row = place(book, question)
        sheet.cell(row, 3).value = value
        sheet.cell(row, 9).value = "SOP-1 v2"

    return change


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("made") / "blank.xlsx"
    assert run(["template", "-o", str(path), *MADE_FOR, "--as-of", FIRST_DAY]) == 0
    return path.read_bytes()


@pytest.fixture
def old(blank: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "old.xlsx"
    path.write_bytes(blank)
    edit(path, answer(QUESTION, "Yes"))
    return path


def column(book: Workbook, question: str, title: str) -> object:
    sheet, row = place(book, question)
    return next(sheet.cell(row, c.column).value for c in sheet[4] if c.value == title)


def judged(path: Path) -> Audit:
    audit = audit_bytes(path.read_bytes(), path.name, CATALOGUE, OPTIONS)
    assert isinstance(audit, Audit)
    return audit


def test_answers_and_evidence_are_carried_over_to_be_confirmed(old: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.xlsx"
    assert run(["template", "--from", str(old), "-o", str(new), "--as-of", LATER]) == 0
    book = openpyxl.load_workbook(new)
    titles = ("Answer", "Evidence (document number, version)", "Carried over: confirmed?")
    assert [column(book, QUESTION, t) for t in titles] == ["Yes", "SOP-1 v2", "re-confirm"]


def test_profile_answers_can_be_confirmed_where_they_stand(old: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.xlsx"
    run(["template", "--from", str(old), "-o", str(new), "--as-of", LATER])
    profile = openpyxl.load_workbook(new)["Profile"]
    letter = next(c.column_letter for c in profile[4] if c.value == "Carried over: confirmed?")
    assert not profile.column_dimensions[letter].hidden


def test_what_is_not_asked_any_more_and_what_was_lost_is_printed(
    old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(old, answer("driving_weeks@acme", "8"))
    edit(old, lambda book: book["Instructions"].__setitem__("G3", "Ask the pharmacy"))
    new = tmp_path / "new.xlsx"
    given = ("-c", "england", "--as-of", LATER)
    assert run(["template", "--from", str(old), "-o", str(new), *given]) == 1
    said = capsys.readouterr().out
    assert "the new workbook does not ask driving_weeks@acme" in said
    assert "Instructions!G3 'Ask the pharmacy'" in said


def test_the_old_workbook_is_never_written(old: Path) -> None:
    before = old.read_bytes()
    assert run(["template", "--from", str(old), "-o", str(old), "--force"]) == 2
    assert old.read_bytes() == before


def test_a_file_that_is_no_template_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "other.xlsx"
    path.write_bytes(b"%PDF-1.7")
    assert run(["template", "--from", str(path), "-o", str(tmp_path / "new.xlsx")]) == 3
    assert "CA108" in capsys.readouterr().err
    assert not (tmp_path / "new.xlsx").exists()


def test_an_answer_never_confirmed_again_is_not_assessed(old: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.xlsx"
    run(["template", "--from", str(old), "-o", str(new), "--as-of", LATER])
    results = [r for c in judged(new).checklists for r in c.results if QUESTION in r.questions]
    assert results
    assert {r.compliance for r in results} == {Compliance.NOT_ASSESSED}
    assert Reason.RECONFIRM in {r.reason for r in results}


def test_an_answer_confirmed_again_is_judged(old: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.xlsx"
    run(["template", "--from", str(old), "-o", str(new), "--as-of", LATER])

    def confirm(book: Workbook) -> None:
        for sheet in book.worksheets:
            for cells in sheet.iter_rows(min_row=5):
                for cell in cells:
                    if cell.value == "re-confirm":
                        cell.value = "confirmed"

    edit(new, confirm)
    results = [r for c in judged(new).checklists for r in c.results if QUESTION in r.questions]
    assert Reason.RECONFIRM not in {r.reason for r in results}


@pytest.fixture(scope="session")
def parts_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("split") / "parts"
    assert run(["template", "--split", "role", "-o", str(folder), *MADE_FOR, "--as-of", FIRST_DAY]) == 0
    return folder


def test_each_role_has_a_part_with_its_name(parts_made: Path) -> None:
    names = {path.name for path in parts_made.iterdir()}
    assert names == {"cell-laboratory.xlsx", "nurse.xlsx", "quality-manager.xlsx"}


def test_every_question_stands_in_some_part(parts_made: Path, blank: bytes, tmp_path: Path) -> None:
    whole = tmp_path / "whole.xlsx"
    assert run(["merge", *map(str, sorted(parts_made.iterdir())), "-o", str(whole)]) == 0
    (tmp_path / "blank.xlsx").write_bytes(blank)
    ids = [
        {row[0].value for s in openpyxl.load_workbook(path).worksheets for row in s.iter_rows(min_row=5, max_col=1)}
        for path in (whole, tmp_path / "blank.xlsx")
    ]
    assert ids[0] == ids[1]


def test_a_split_needs_a_folder() -> None:
    assert run(["template", "--split", "role"]) == 2


def test_what_two_wrote_differently_is_named_by_both_cells_and_left_blank(
    old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other, whole = tmp_path / "other.xlsx", tmp_path / "whole.xlsx"
    other.write_bytes(old.read_bytes())
    edit(other, answer(QUESTION, "No"))
    assert run(["merge", str(old), str(other), "-o", str(whole)]) == 1
    sheet, row = place(openpyxl.load_workbook(whole), QUESTION)
    cell = f"{sheet.title}!C{row}"
    expected = f"Conflict: {QUESTION}, answer: old.xlsx: {cell} says 'Yes', other.xlsx: {cell} says 'No'. Left blank."
    assert expected in capsys.readouterr().out
    assert sheet.cell(row, 3).value is None


def test_a_merge_says_what_it_did_not_carry(old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(old, lambda book: book["Instructions"].__setitem__("G3", "Ask the pharmacy"))
    assert run(["merge", str(old), "-o", str(tmp_path / "whole.xlsx")]) == 1
    assert "Not carried: old.xlsx: Instructions!G3 'Ask the pharmacy'" in capsys.readouterr().out


def test_a_part_is_never_written_over(old: Path) -> None:
    before = old.read_bytes()
    assert run(["merge", str(old), "-o", str(old), "--force"]) == 2
    assert old.read_bytes() == before


@pytest.fixture
def own_sheet(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Selbstaudit"
    question = CATALOGUE.questions[QUESTION]
    for row in (("Kennung", "Frage", "Antwort", "Nachweis"), (QUESTION, question.text, "Ja", "VA-7")):
        sheet.append(row)
    path = tmp_path / "own.xlsx"
    book.save(path)
    return path


def test_a_map_is_suggested_and_can_be_handed_in(
    own_sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    columns, report = tmp_path / "columns.toml", tmp_path / "report.json"
    assert run(["map", "suggest", str(own_sheet), "-o", str(columns)]) == 0
    assert 'answer = "C"' in columns.read_text()
    assert "1 rows matched exactly" in capsys.readouterr().err
    given = ("--columns", str(columns), "-c", "fact", "--as-of", LATER)
    assert run(["report", str(own_sheet), "-o", str(report), *given]) == 1
    assert "Selbstaudit!C2" in report.read_text()


def test_a_sheet_without_answers_has_no_map(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "Travel costs"
    book.save(tmp_path / "own.xlsx")
    assert run(["map", "suggest", str(tmp_path / "own.xlsx")]) == 3
    assert "no sheet with an answer column" in capsys.readouterr().err
