"""The same answers, whatever the file looks like."""

import io
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from builders_intake import AS_OF, CATALOGUE, COLUMN, HEADER, codes, filled_book, read, save
from builders_looks import CHANGES, FORMS

from cartaudit.model.layout import Field
from cartaudit.model.submission import Submission
from cartaudit.workbook.template import TemplatePlan, build_template

SIX_LANGUAGES = {
    "German": {Field.ANSWER: "Antwort", Field.EVIDENCE: "Nachweis", Field.COMMENT: "Bemerkung", Field.UNIT: "Einheit"},
    "French": {Field.ANSWER: "Réponse", Field.EVIDENCE: "Preuve", Field.COMMENT: "Commentaire"},
    "Spanish": {Field.ANSWER: "Respuesta", Field.EVIDENCE: "Evidencia", Field.COMMENT: "Observaciones"},
    "Italian": {Field.ANSWER: "Risposta", Field.EVIDENCE: "Evidenza", Field.COMMENT: "Osservazioni"},
    "Polish": {Field.ANSWER: "Odpowiedź", Field.EVIDENCE: "Dowód", Field.COMMENT: "Uwagi"},
    "Dutch": {Field.ANSWER: "Antwoord", Field.EVIDENCE: "Bewijs", Field.COMMENT: "Opmerking"},
}


def answers(outcome: object) -> dict[tuple[str, str], object]:
    """Everything a submission says, without places."""
    assert isinstance(outcome, Submission), codes(outcome)  # type: ignore[arg-type]
    return {
        key: (
            r.entry.state,
            r.entry.value,
            r.evidence.references,
            r.evidence.level,
            r.evidence.dated,
            r.comment,
            r.answered_by,
            r.answered_on,
            frozenset(frozenset((n, e.state, e.value) for n, e in row.entries.items()) for row in r.rows),
        )
        for key, r in outcome.responses.items()
    }


PLAIN = answers(read(filled_book()))


FOLDER = Path(__file__).parents[1] / "workbooks" / "should_pass"


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.iterdir()))
def test_another_look_or_form_changes_no_answer(name: str) -> None:
    outcome = read((FOLDER / name).read_bytes(), name)
    assert codes(outcome) == []
    assert answers(outcome) == PLAIN


def test_every_look_and_form_has_its_file() -> None:
    made = {f"{make.__name__}.xlsx" for make in (*CHANGES, *FORMS)}
    assert made == {path.name for path in FOLDER.iterdir()}


@pytest.mark.parametrize("language", SIX_LANGUAGES)
def test_translated_headings_change_no_answer(language: str) -> None:
    book = filled_book()
    for field, title in SIX_LANGUAGES[language].items():
        for name in ("Profile", "Cold chain", "Discharge"):
            book[name].cell(HEADER, COLUMN[field], title)
    outcome = read(book)
    assert {p.code for p in outcome.problems} == {"CA142"}
    assert answers(outcome) == PLAIN


@pytest.mark.full
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_changes_no_answer(tmp_path: Path) -> None:
    (tmp_path / "in.xlsx").write_bytes(save(filled_book()))
    out = tmp_path / "out"
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    command += ["--convert-to", "xlsx", "--outdir", str(out), str(tmp_path / "in.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    outcome = read((out / "in.xlsx").read_bytes())
    assert codes(outcome) == []
    assert answers(outcome) == PLAIN


def test_a_template_as_written_has_no_problem_but_its_blanks() -> None:
    data = build_template(CATALOGUE, TemplatePlan(as_of=AS_OF, tool_version="0"))
    assert {p.code for p in read(data).problems} == {"CA401"}


def test_openpyxl_keeps_a_template_readable() -> None:
    data = build_template(CATALOGUE, TemplatePlan(as_of=AS_OF, tool_version="0"))
    assert {p.code for p in read(openpyxl.load_workbook(io.BytesIO(data))).problems} == {"CA401"}
