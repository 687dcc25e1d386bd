"""What our fonts lack is shown by its code and named as a problem; no report fails for it, no box is left empty."""

import io
import json
from dataclasses import replace

import openpyxl
import pikepdf
import pytest
from builders_verification import OPTIONS, faults, small_catalogue, small_workbook

from cartaudit.errors import RenderError
from cartaudit.model.audit import Audit
from cartaudit.model.problems import Problem, ProblemSeverity
from cartaudit.pipeline import audit_bytes, render
from cartaudit.report.pdf import Metadata, PdfRenderer
from cartaudit.report.pdf_text import page_texts

SCRIPTS = {
    "emoji": "\U0001f600",
    "chinese": "日",
    "arabic": "م",
    "hebrew": "א",
    "devanagari": "क",
    "private use": "\ue123",
    "bidirectional override": "\u202e",
    "beyond unicode's letters": "\U000e0041",
}


def workbook_with(*texts: str) -> bytes:
    """Fill comments of the first questions of the small workbook."""
    book = openpyxl.load_workbook(io.BytesIO(small_workbook()))
    sheet = book["Discharge"]
    heads = next(row for row in sheet.iter_rows() if any(cell.value == "Comment" for cell in row))
    column = next(cell.column for cell in heads if cell.value == "Comment")
    for number, text in enumerate(texts, start=heads[0].row + 1):
        sheet.cell(number, column, text)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def audited(data: bytes) -> Audit:
    audit = audit_bytes(data, "site.xlsx", small_catalogue(), OPTIONS)
    assert isinstance(audit, Audit)
    return audit


def undrawable(data: bytes) -> list[Problem]:
    return [problem for problem in audited(data).submission.problems if problem.code == "CA415"]


@pytest.mark.parametrize("character", SCRIPTS.values(), ids=SCRIPTS)
def test_character_that_fonts_lack_is_a_problem_with_cell_and_code(character: str) -> None:
    (problem,) = undrawable(workbook_with(f"Note {character} here"))
    assert problem.severity is ProblemSeverity.WARNING
    assert problem.place.startswith("Discharge!")
    assert f"[U+{ord(character):04X}]" in problem.message
    assert problem.remedy


def test_cells_of_one_sheet_are_named_together() -> None:
    (problem,) = undrawable(workbook_with("日", "本", "plain"))
    assert "(also in " in problem.message
    assert "[U+65E5], [U+672C]" in problem.message


@pytest.mark.parametrize("text", ["Ťest žluťoučký", "Πάτρα", "София", "≤ 8 °C → ok ✓", "a\nb", "zero\u200bwidth"])
def test_text_the_fonts_have_is_no_problem(text: str) -> None:
    assert undrawable(workbook_with(text)) == []


def test_problem_moves_no_verdict() -> None:
    plain, odd = audited(workbook_with("Note")), audited(workbook_with("Note 日"))
    assert [c.readiness for c in plain.checklists] == [c.readiness for c in odd.checklists]
    assert [c.score for c in plain.checklists] == [c.score for c in odd.checklists]


@pytest.fixture(scope="module")
def odd_workbook() -> bytes:
    return workbook_with(" ".join(SCRIPTS.values()), "*" + SCRIPTS["emoji"] * 40)


@pytest.fixture(scope="module")
def odd_report(odd_workbook: bytes) -> bytes:
    audit = audited(odd_workbook)
    profile = replace(audit.submission.profile, name="病院 <b>\U0001f600</b>")
    audit = replace(audit, submission=replace(audit.submission, profile=profile))
    return render(audit, small_catalogue(), odd_workbook, OPTIONS, ("pdf",))["pdf"]


def test_report_shows_codes_in_place_of_characters(odd_report: bytes) -> None:
    text = "".join(page_texts(odd_report))
    assert "[U+75C5][U+9662]<b>[U+1F600]</b>" in text
    for character in SCRIPTS.values():
        assert f"[U+{ord(character):04X}]" in text


def test_no_empty_box_is_drawn(odd_report: bytes) -> None:
    """Glyph 0 is the box that a font draws for what it lacks."""
    with pikepdf.open(io.BytesIO(odd_report)) as pdf:
        for page in pdf.pages:
            for instruction in pikepdf.parse_content_stream(page, "Tj TJ"):
                operand = instruction.operands[0]
                for part in operand if isinstance(operand, pikepdf.Array) else [operand]:
                    if isinstance(part, pikepdf.String):
                        raw = bytes(part)
                        assert b"\x00\x00" not in [raw[i : i + 2] for i in range(0, len(raw), 2)]


def test_workbook_in_the_report_keeps_what_was_written(odd_report: bytes, odd_workbook: bytes) -> None:
    with pikepdf.open(io.BytesIO(odd_report)) as pdf:
        assert pdf.attachments["workbook.xlsx"].get_file().read_bytes() == odd_workbook
        result = json.loads(pdf.attachments["result.json"].get_file().read_bytes())
    assert "CA415" in {problem["code"] for problem in result["problems"]}


@pytest.mark.parametrize("audience", ["centre", "commissioner"])
def test_report_with_characters_that_fonts_lack_holds(odd_workbook: bytes, audience: str) -> None:
    files = render(audited(odd_workbook), small_catalogue(), odd_workbook, OPTIONS, ("pdf",), audience=audience)
    assert faults(files["pdf"]) == ""


@pytest.mark.parametrize("character", [SCRIPTS["chinese"], SCRIPTS["emoji"]])
def test_character_that_fonts_lack_in_our_own_text_is_an_error(renderer: PdfRenderer, character: str) -> None:
    html = f'<!DOCTYPE html><html lang="en"><title>x</title><p>Ours: {character}</p></html>'
    with pytest.raises(RenderError, match="could not be rendered faithfully"):
        renderer.render(html, metadata=Metadata(title="x", dated=OPTIONS.as_of))
