"""A report is known again as ours only while nobody has changed it."""

import io
import json
from functools import cache

import openpyxl
import pikepdf
import pytest
from builders_commands import small_reports
from builders_signing import SIGNED_AT, holder
from builders_verification import OPTIONS, saved_anew, small_catalogue, small_workbook
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cartaudit.model.submission import Rejected
from cartaudit.pipeline import FORMATS, audit_bytes, render
from cartaudit.report.json_report import result_schema
from cartaudit.report.pdf import packed
from cartaudit.report.seal import is_sealed, is_signed
from cartaudit.report.signing import sign_report

SEALED = ("pdf", "html", "xlsx", "json")


@cache
def rejected_json() -> bytes:
    audit = audit_bytes(b"nothing", "site.xlsx", small_catalogue(), OPTIONS)
    assert isinstance(audit, Rejected)
    return render(audit, small_catalogue(), b"nothing", OPTIONS, FORMATS)["json"]


@pytest.mark.parametrize("form", SEALED)
def test_report_as_it_was_written_is_known_again(form: str) -> None:
    assert is_sealed(small_reports()[form])


def test_result_of_a_rejected_file_is_known_again() -> None:
    assert is_sealed(rejected_json())


@pytest.mark.parametrize("form", ["csv", "md"])
def test_formats_without_a_place_for_a_seal_are_never_known_again(form: str) -> None:
    assert not is_sealed(small_reports()[form])


@pytest.mark.parametrize("form", SEALED)
def test_sealing_twice_or_again_gives_the_same_bytes(form: str) -> None:
    audit = audit_bytes(small_workbook(), "site.xlsx", small_catalogue(), OPTIONS)
    again = render(audit, small_catalogue(), small_workbook(), OPTIONS, (form,), detail="exceptions")[form]
    assert again == small_reports()[form]


@settings(deadline=None)
@given(st.data())
def test_text_and_pages_with_one_byte_changed_are_not_known(data: st.DataObject) -> None:
    report = small_reports()[data.draw(st.sampled_from(("pdf", "html", "json")))]
    place = data.draw(st.integers(0, len(report) - 1))
    other = report[place] ^ data.draw(st.integers(1, 255))
    assert not is_sealed(report[:place] + bytes([other]) + report[place + 1 :])


@pytest.mark.parametrize("form", SEALED)
@pytest.mark.parametrize("what", [b"\n", b" ", b"x" * 300])
def test_report_with_something_after_its_end_is_not_known(form: str, what: bytes) -> None:
    if form != "xlsx":  # an archive ends where its directory says
        assert not is_sealed(small_reports()[form] + what)


@pytest.mark.parametrize("form", SEALED)
def test_report_that_is_cut_off_is_not_known(form: str) -> None:
    report = small_reports()[form]
    assert not any(is_sealed(report[:length]) for length in (0, 1, 5, len(report) // 2, len(report) - 1))


def test_spreadsheet_with_a_comment_typed_into_it_is_not_known() -> None:
    book = openpyxl.load_workbook(io.BytesIO(small_reports()["xlsx"]))
    sheet = book["Gap register"]
    sheet.cell(2, sheet.max_column + 1).value = "Done on Monday."
    out = io.BytesIO()
    book.save(out)
    assert not is_sealed(out.getvalue())


def test_spreadsheet_saved_by_another_program_is_not_known() -> None:
    out = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(small_reports()["xlsx"])).save(out)
    assert not is_sealed(out.getvalue())


def test_template_is_not_known() -> None:
    assert not is_sealed(small_workbook())


def test_pdf_with_a_note_is_not_known() -> None:
    def note(pdf: pikepdf.Pdf) -> None:
        rectangle = pikepdf.Array([10, 10, 30, 30])
        said = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=rectangle, Contents="check")
        pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(said)]))

    assert not is_sealed(saved_anew(small_reports()["pdf"], note))


def test_pdf_saved_anew_the_way_we_write_is_not_known() -> None:
    with pikepdf.open(io.BytesIO(small_reports()["pdf"])) as pdf:
        assert not is_sealed(packed(pdf))


def test_signed_pdf_is_not_known_as_ours_but_as_signed() -> None:
    signed = sign_report(small_reports()["pdf"], holder().signing_key, "quality-manager", SIGNED_AT)
    assert not is_sealed(signed)
    assert is_signed(signed)
    assert not is_signed(small_reports()["pdf"])


def test_json_with_another_verdict_is_not_known_even_when_written_in_the_same_way() -> None:
    data = small_reports()["json"]
    assert not is_sealed(data.replace(b'"rejected": false', b'"rejected": true '))
    assert not is_sealed(json.dumps(json.loads(data)).encode())


def test_json_with_its_seal_follows_the_schema() -> None:
    Draft202012Validator(result_schema()).validate(json.loads(small_reports()["json"]))
    Draft202012Validator(result_schema()).validate(json.loads(rejected_json()))


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x03\x04nothing", b"%PDF-1.7", b"{}", b"<html></html>", b"\0" * 5000])
def test_foreign_files_are_not_known(data: bytes) -> None:
    assert not is_sealed(data)
