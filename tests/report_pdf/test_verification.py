import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from click.testing import CliRunner

from cartaudit.cli import cartaudit, run
from cartaudit.model.audit import Audit
from cartaudit.model.checklists import Catalogue
from cartaudit.model.profile import Treatment
from cartaudit.pipeline import AuditOptions, audit_bytes, load_catalogue, render
from cartaudit.report.embedded import pack_checklists
from cartaudit.verification import State, holds, verify_report
from cartaudit.verification.attached import unpack_checklists
from cartaudit.workbook.template import build_template
from cartaudit.workbook.template_plan import TemplatePlan

CHECKLISTS = Path(__file__).parent.parent / "catalogue" / "base"
OPTIONS = AuditOptions(as_of=date(2026, 11, 22), as_of_is_today=False, selection=(("acme", None),))


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(CHECKLISTS)


@pytest.fixture(scope="module")
def workbook(catalogue: Catalogue) -> bytes:
    indication = catalogue.products["acme"].indications[0].id
    treatment = Treatment(product="acme", indication=indication, population="adult")
    return build_template(
        catalogue,
        TemplatePlan(
            as_of=OPTIONS.as_of,
            tool_version="0",
            country="US",
            checklists=(("acme", None),),
            treatments=(treatment,),
        ),
    )


def make_report(workbook: bytes, catalogue: Catalogue, name: str, audience: str = "centre") -> bytes:
    audit = audit_bytes(workbook, name, catalogue, OPTIONS)
    assert isinstance(audit, Audit)
    return render(audit, catalogue, workbook, OPTIONS, ("pdf",), detail="exceptions", audience=audience)["pdf"]


@pytest.fixture(scope="module")
def report(workbook: bytes, catalogue: Catalogue) -> bytes:
    return make_report(workbook, catalogue, "site.xlsx")


@pytest.fixture(scope="module")
def commissioner_report(workbook: bytes, catalogue: Catalogue) -> bytes:
    return make_report(workbook, catalogue, "site.xlsx", "commissioner")


def changed(
    report: bytes, name: str, change: Callable[[bytes], bytes], *, manifest: bool = False, checksum: bool = True
) -> bytes:
    """Put other bytes into an embedded file; as a forger would, with the hashes put right where asked."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(report)) as pdf:
        new = change(pdf.attachments[name].get_file().read_bytes())
        _replace(pdf, name, new, checksum)
        if manifest:
            told = json.loads(pdf.attachments["manifest.json"].get_file().read_bytes())
            told["files"][name] |= {"sha256": hashlib.sha256(new).hexdigest(), "size": len(new)}
            _replace(pdf, "manifest.json", json.dumps(told, sort_keys=True, indent=1).encode() + b"\n", True)
        pdf.save(out)
    return out.getvalue()


def _replace(pdf: pikepdf.Pdf, name: str, data: bytes, checksum: bool) -> None:
    stream = pdf.attachments[name].get_file().obj
    stream.write(data)
    if checksum:
        stream.Params.CheckSum = pikepdf.String(hashlib.md5(data, usedforsecurity=False).digest())
        stream.Params.Size = len(data)


def flip(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def faults(data: bytes) -> str:
    return "\n".join(check.text for check in verify_report(data, released=CHECKLISTS) if check.state is State.FAILS)


def test_report_holds_and_its_origin_is_not_proven(report: bytes) -> None:
    checks = verify_report(report, released=CHECKLISTS)
    assert holds(checks), faults(report)
    assert checks[-1].text.startswith("Consistent, origin not proven")


def test_pages_of_a_report_are_made_again_byte_for_byte(report: bytes) -> None:
    assert any("byte for byte" in check.text for check in verify_report(report, released=CHECKLISTS))


def test_commissioner_report_is_judged_again_from_the_reduced_submission(commissioner_report: bytes) -> None:
    checks = verify_report(commissioner_report, released=CHECKLISTS)
    assert holds(checks), faults(commissioner_report)
    assert any("reduced submission" in check.text for check in checks)


def test_commissioner_report_embeds_no_workbook(commissioner_report: bytes) -> None:
    with pikepdf.open(io.BytesIO(commissioner_report)) as pdf:
        assert "workbook.xlsx" not in pdf.attachments
        assert str(pdf.attachments["submission.json"].obj.AFRelationship) == "/Source"


@pytest.mark.parametrize("name", ["workbook.xlsx", "result.json", "checklists.zip", "manifest.json"])
def test_one_byte_changed_in_an_embedded_file_is_named(report: bytes, name: str) -> None:
    told = faults(changed(report, name, flip, checksum=False))
    assert name in told
    assert "altered" in told


def test_result_changed_with_all_hashes_put_right_is_found(report: bytes) -> None:
    def promote(data: bytes) -> bytes:
        return data.replace(b'"readiness": "INCOMPLETE"', b'"readiness": "READY"')

    told = faults(changed(report, "result.json", promote, manifest=True))
    assert "the report says READY, judged again it is INCOMPLETE" in told


def test_manifest_with_another_audit_date_does_not_fit(report: bytes) -> None:
    def redate(data: bytes) -> bytes:
        return data.replace(b'"as_of": "2026-11-22"', b'"as_of": "2026-11-21"')

    assert faults(changed(report, "manifest.json", redate))


def test_manifest_with_another_label_text_does_not_fit(report: bytes) -> None:
    def reword(data: bytes) -> bytes:
        told = json.loads(data)
        told["label_texts"] = []
        return json.dumps(told).encode()

    assert "label_texts" in faults(changed(report, "manifest.json", reword))


def test_loosened_checklist_is_told_from_the_released_one(report: bytes) -> None:
    def loosen(data: bytes) -> bytes:
        packed = unpack_checklists(data)
        folder: dict[str, Any] = dict(packed.folder)  # type: ignore[union-attr]
        version = folder.pop("VERSION").decode().strip()
        name = "manufacturers/_product.toml"
        folder[name] = folder[name].replace(b"gate = true", b"gate = false")
        return pack_checklists(folder, version)

    told = faults(changed(report, "checklists.zip", loosen, manifest=True))
    assert "manufacturers/_product.toml differ from content version" in told


def test_verdict_page_of_another_site_is_named(report: bytes, workbook: bytes, catalogue: Catalogue) -> None:
    options = AuditOptions(as_of=date(2026, 11, 23), as_of_is_today=False, selection=OPTIONS.selection)
    audit = audit_bytes(workbook, "other.xlsx", catalogue, options)
    other = render(audit, catalogue, workbook, options, ("pdf",), detail="exceptions")["pdf"]
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(report)) as pdf, pikepdf.open(io.BytesIO(other)) as source:
        pdf.pages[0] = source.pages[0]
        pdf.save(out)
    assert "outside of the order in which it is read aloud" in faults(out.getvalue())


def test_rectangle_laid_over_a_verdict_is_found(report: bytes) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(report)) as pdf:
        pdf.pages[0].contents_add(b"q 1 1 1 rg 50 500 400 200 re f Q")
        pdf.save(out)
    assert "content added to a page (page 1" in faults(out.getvalue())


def test_report_saved_by_another_program_still_holds(report: bytes) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(report)) as pdf:
        pdf.save(out, compress_streams=False)
    checks = verify_report(out.getvalue(), released=CHECKLISTS)
    assert holds(checks)
    assert any("saved anew" in check.text for check in checks)


def test_file_added_to_the_report_is_named(report: bytes) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(report)) as pdf:
        pdf.attachments["extra.txt"] = b"x"
        pdf.save(out)
    assert "extra.txt: not named in the manifest" in faults(out.getvalue())


def test_attachments_swapped_with_each_other_are_named(report: bytes) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(report)) as pdf:
        first, second = (pdf.attachments[n].get_file().read_bytes() for n in ("workbook.xlsx", "result.json"))
        _replace(pdf, "workbook.xlsx", second, True)
        _replace(pdf, "result.json", first, True)
        pdf.save(out)
    told = faults(out.getvalue())
    assert "workbook.xlsx: altered" in told
    assert "result.json: altered" in told


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", "not a PDF"), (b"PK\x03\x04", "not a PDF"), (b"%PDF-1.7\nnothing", "damaged")],
)
def test_anything_else_is_refused_in_one_line(data: bytes, why: str) -> None:
    (check,) = verify_report(data, released=CHECKLISTS)
    assert check.state is State.FAILS
    assert why in check.text
    assert "\n" not in check.text


@pytest.mark.parametrize("part", [0.3, 0.9, 0.999])
def test_truncated_report_is_refused_in_one_line(report: bytes, part: float) -> None:
    (check,) = verify_report(report[: int(len(report) * part)], released=CHECKLISTS)
    assert "damaged or cut off" in check.text


def test_pdf_of_somebody_else_is_told_so() -> None:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    assert "no cartaudit report" in verify_report(out.getvalue(), released=CHECKLISTS)[0].text


def test_archive_that_leaves_its_folder_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../etc/x.toml", "x")
    assert "leaves its folder" in unpack_checklists(out.getvalue()).why  # type: ignore[union-attr]


def test_packed_checklists_come_back_with_overlays_in_their_order() -> None:
    content = {"b.toml": b"b", "a.toml": b"a", "overlay:Z": b"first", "overlay:A": b"second"}
    packed = unpack_checklists(pack_checklists(content, "7"))
    assert packed.folder == {"a.toml": b"a", "b.toml": b"b", "VERSION": b"7\n"}  # type: ignore[union-attr]
    assert list(packed.overlays.values()) == [b"first", b"second"]  # type: ignore[union-attr]


def test_command_verify_prints_each_line_and_exits_with_0(report: bytes, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(report)
    arguments = ["verify", str(path), "--checklists", str(CHECKLISTS)]
    outcome = CliRunner().invoke(cartaudit, arguments, standalone_mode=False)
    assert outcome.return_value == 0
    assert "The manifest fits" in outcome.output


def test_command_verify_exits_with_1_for_an_altered_report(report: bytes, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(changed(report, "workbook.xlsx", flip))
    assert CliRunner().invoke(cartaudit, ["verify", str(path)], standalone_mode=False).return_value == 1


def test_command_extract_hands_out_the_workbook_as_it_came(report: bytes, workbook: bytes, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(report)
    arguments = [str(tmp_path / "report.pdf"), "-o", str(tmp_path / "out")]
    assert CliRunner().invoke(cartaudit, ["extract", *arguments], standalone_mode=False).return_value == 0
    assert (tmp_path / "out" / "workbook.xlsx").read_bytes() == workbook
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "checklists.zip",
        "manifest.json",
        "result.json",
        "workbook.xlsx",
    ]


def test_command_extract_replaces_nothing_unasked(report: bytes, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(report)
    (tmp_path / "result.json").write_text("mine")
    assert run(["extract", str(tmp_path / "report.pdf"), "-o", str(tmp_path)]) == 4
    assert (tmp_path / "result.json").read_text() == "mine"


def test_command_extract_writes_no_file_outside_its_folder(report: bytes, tmp_path: Path) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(report)) as pdf:
        pdf.attachments["../evil.txt"] = b"x"
        pdf.save(out)
    (tmp_path / "report.pdf").write_bytes(out.getvalue())
    outcome = CliRunner().invoke(
        cartaudit, ["extract", str(tmp_path / "report.pdf"), "-o", str(tmp_path / "out")], standalone_mode=False
    )
    assert outcome.return_value == 1
    assert not (tmp_path / "evil.txt").exists()
