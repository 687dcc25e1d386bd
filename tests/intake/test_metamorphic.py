"""The same answers, whatever the file looks like."""

import io
import random
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from builders_faults import archive, parts_of, shared_strings
from builders_intake import AS_OF, CATALOGUE, COLUMN, HEADER, codes, filled_book, read, save
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook import Workbook

from cartaudit.model.layout import AREA_HEADINGS, Field
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


def shuffle_sheets(book: Workbook) -> None:
    random.Random(1).shuffle(book._sheets)


def shuffle_rows(book: Workbook) -> None:
    for name, columns in (("Cold chain", len(AREA_HEADINGS)), ("Storage vessels", 4), ("Profile", len(AREA_HEADINGS))):
        sheet = book[name]
        numbers = range(HEADER + 1, sheet.max_row + 1)
        rows = [[sheet.cell(r, c).value for c in range(1, columns + 1)] for r in numbers]
        random.Random(2).shuffle(rows)
        _write(book, name, rows)


def _write(book: Workbook, name: str, rows: list[list[object]]) -> None:
    for number, values in enumerate(rows, HEADER + 1):
        for column, value in enumerate(values, 1):
            cell = book[name].cell(number, column)
            cell.value = value
            cell.number_format = "yyyy-mm-dd" if isinstance(value, date) else "General"


def shuffle_columns(book: Workbook) -> None:
    order = list(range(1, len(AREA_HEADINGS) + 1))
    random.Random(3).shuffle(order)
    for name in ("Profile", "Cold chain", "Discharge"):
        sheet = book[name]
        for row in range(HEADER, sheet.max_row + 1):
            values = [(sheet.cell(row, c).value, sheet.cell(row, c).number_format) for c in order]
            for column, (value, shown) in enumerate(values, 1):
                sheet.cell(row, column).value = value
                sheet.cell(row, column).number_format = shown


def insert_title_rows(book: Workbook) -> None:
    for name in ("Profile", "Cold chain", "Storage vessels"):
        book[name].insert_rows(1, 5)
        book[name]["A2"] = "Filled for the visit in spring"


def use_1904_dates(book: Workbook) -> None:
    book.epoch = CALENDAR_MAC_1904


def rename_sheets(book: Workbook) -> None:
    book["Cold chain"].title = "Kühlkette"
    book["Storage vessels"].title = "Tanks"


def text_dates(book: Workbook) -> None:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if hasattr(cell.value, "isoformat"):
                    cell.value = cell.value.isoformat()[:10]
                    cell.number_format = "General"


def odd_blanks(book: Workbook) -> None:
    for sheet in book.worksheets[1:5]:
        for row in sheet.iter_rows(min_row=HEADER + 1, min_col=3):
            for cell in row:
                if isinstance(cell.value, str) and not cell.value.startswith("="):
                    cell.value = f"\u00a0{cell.value.replace(' ', chr(0xA0))}\u200b _x000d_"


CHANGES: tuple[Callable[[Workbook], None], ...] = (
    shuffle_sheets,
    shuffle_rows,
    shuffle_columns,
    insert_title_rows,
    use_1904_dates,
    rename_sheets,
    text_dates,
    odd_blanks,
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_the_look_of_the_workbook_changes_no_answer(change: Callable[[Workbook], None]) -> None:
    book = filled_book()
    change(book)
    outcome = read(book)
    assert codes(outcome) == []
    assert answers(outcome) == PLAIN


@pytest.mark.parametrize("language", SIX_LANGUAGES)
def test_translated_headings_change_no_answer(language: str) -> None:
    book = filled_book()
    for field, title in SIX_LANGUAGES[language].items():
        for name in ("Profile", "Cold chain", "Discharge"):
            book[name].cell(HEADER, COLUMN[field], title)
    outcome = read(book)
    assert {p.code for p in outcome.problems} == {"CA142"}
    assert answers(outcome) == PLAIN


def strict(data: bytes) -> bytes:
    """Write the namespaces of ISO 29500 Strict."""
    names = (
        (
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
        (
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    )
    parts = parts_of(data)
    for name in parts:
        for old, new in names:
            parts[name] = parts[name].replace(old, new)
    return archive(parts)


def wrong_dimension(data: bytes) -> bytes:
    """State that every sheet holds one cell."""
    parts = parts_of(data)
    for name in parts:
        parts[name] = re.sub(rb'<dimension ref="[^"]*"/>', b'<dimension ref="A1"/>', parts[name])
    return archive(parts)


def prefixed(data: bytes) -> bytes:
    """Give every element of the sheets a namespace prefix."""
    parts = parts_of(data)
    for name in [n for n in parts if n.startswith("xl/worksheets/")]:
        content = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", parts[name])
        parts[name] = content.replace(b"xmlns=", b"xmlns:x=", 1)
    return archive(parts)


def utf_16(data: bytes) -> bytes:
    """Encode the sheets as UTF-16."""
    parts = parts_of(data)
    for name in [n for n in parts if n.startswith("xl/worksheets/")]:
        text = '<?xml version="1.0" encoding="UTF-16"?>' + parts[name].decode()
        parts[name] = text.encode("utf-16")
    return archive(parts)


def backslashes(data: bytes) -> bytes:
    """Name the members as some programs do."""
    return archive({name.replace("/", "\\"): content for name, content in parts_of(data).items()})


def broken_styles(data: bytes) -> bytes:
    """Put into the styles what openpyxl refuses to read."""
    parts = parts_of(data)
    parts["xl/styles.xml"] = parts["xl/styles.xml"].replace(b"<fills", b"<fills><fill><bad/></fill></fills><x", 1)
    parts["xl/styles.xml"] = (
        parts["xl/styles.xml"]
        .replace(b"</fills>", b"</x>")
        .replace(b"<fills><fill><bad/></fill></x>", b"<fills><fill><bad/></fill></fills>")
    )
    return archive(parts)


FORMS: tuple[Callable[[bytes], bytes], ...] = (
    shared_strings,
    strict,
    wrong_dimension,
    prefixed,
    utf_16,
    backslashes,
    broken_styles,
)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_the_form_of_the_file_changes_no_answer(form: Callable[[bytes], bytes]) -> None:
    outcome = read(form(save(filled_book())))
    assert codes(outcome) == []
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
