"""What stands where nothing is read is told from what the template wrote, and listed."""

import io
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from builders_intake import AS_OF, CATALOGUE, codes, read
from openpyxl.workbook import Workbook

from cartaudit.model.submission import Submission
from cartaudit.workbook.template import TemplatePlan, build_template

PLAN = TemplatePlan(as_of=AS_OF, tool_version="0", country="DE")
REMARK = "Vessel C is out of use since May"
PLACES = ("Instructions!B9", "Cold chain!E1", "Storage vessels!C1", "Site-supplied values!A3", "Discharge!D5")


def template() -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(build_template(CATALOGUE, PLAN)), rich_text=True)


def bytes_of(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def strange(data: bytes) -> list[tuple[str, str]]:
    outcome = read(data)
    assert isinstance(outcome, Submission)
    return [(code, place) for code, place in codes(outcome) if code in ("CA406", "CA414")]


def test_a_template_holds_nothing_strange() -> None:
    assert strange(build_template(CATALOGUE, PLAN)) == []


@pytest.mark.parametrize("place", PLACES)
def test_text_among_the_templates_own_is_named(place: str) -> None:
    book = template()
    sheet, _, address = place.partition("!")
    book[sheet][address] = REMARK
    assert strange(bytes_of(book)) == [("CA414", place)]


def test_a_workbook_is_told_from_the_one_before_with_the_same_list_of_fixed_cells() -> None:
    plain, changed = template(), template()
    changed["Instructions"]["A2"] = REMARK
    assert [strange(bytes_of(book)) for book in (plain, changed, plain)] == [[], [("CA414", "Instructions!A2")], []]


def test_every_address_is_named_in_one_problem_of_the_sheet_and_listed_with_its_text() -> None:
    book = template()
    for address in ("B9", "F12", "G2"):
        book["Instructions"][address] = f"{REMARK} {address}"
    outcome = read(bytes_of(book))
    assert isinstance(outcome, Submission)
    named = [p.message for p in outcome.problems if p.code == "CA414"]
    assert named == ["Text stands where nothing is read: G2, B9, F12."]
    assert outcome.record.ignored == tuple(f"Instructions!{a}: {REMARK} {a}" for a in ("G2", "B9", "F12"))


def test_the_account_adds_up_with_text_where_nothing_is_read() -> None:
    book = template()
    book["Instructions"]["B9"] = REMARK
    record = read(bytes_of(book)).record
    assert record is not None
    assert record.cells_used + record.cells_structural + record.cells_ignored == record.cells_in_file
    assert record.cells_ignored == 1


def test_a_number_that_stands_elsewhere_on_the_sheet_too_is_named_where_it_was_typed() -> None:
    book = template()
    numbers = [c for row in book["Instructions"].iter_rows() for c in row if isinstance(c.value, int)]
    book["Instructions"]["G3"] = numbers[0].value
    assert strange(bytes_of(book)) == [("CA414", "Instructions!G3")]


def test_a_row_put_in_above_is_nothing_strange() -> None:
    book = template()
    book["Cold chain"].insert_rows(1)
    assert strange(bytes_of(book)) == []


def test_a_remark_on_a_renamed_sheet_is_named() -> None:
    book = template()
    book["Cold chain"].title = "Kühlkette"
    book["Kühlkette"]["E1"] = REMARK
    assert strange(bytes_of(book)) == [("CA414", "Kühlkette!E1")]


def test_patient_data_on_the_instructions_is_seen() -> None:
    book = template()
    book["Instructions"]["B9"] = "Seen in MRN 1234567"
    assert ("CA411", "Instructions!B9") in codes(read(bytes_of(book)))


@pytest.mark.full
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_adds_nothing_strange_and_hides_nothing(tmp_path: Path) -> None:
    book = template()
    book["Instructions"]["B9"] = REMARK
    (tmp_path / "in.xlsx").write_bytes(bytes_of(book))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx"]
    subprocess.run(
        [*command, "--outdir", tmp_path / "out", tmp_path / "in.xlsx"], check=True, timeout=120, capture_output=True
    )
    assert strange((tmp_path / "out" / "in.xlsx").read_bytes()) == [("CA414", "Instructions!B9")]
