"""Reports of own layouts and overlays are verified too, and everything that was swapped or altered is named."""

import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from builders_intake import markdown_book, save
from builders_verification import CHECKLISTS, faults, lines, saved_anew, small_report, verified

from cartaudit.cli import run
from cartaudit.verification import Outcome, State, holds, outcome, verify_report

OWN_LAYOUT = """
## Ward list
| Code | What we ask | Our answer |
| driving_weeks@acme | How long do you tell patients not to drive? | 8 |
| card_given@acme | Card handed out? | yes |
"""
MAPPING = """
format = 1
[profile]
site_name = "Sample centre"
country = "US"
phase = "established"
[[treatments]]
product = "acme"
indication = "all"
population = "adult"
route = "commercial"
[[sheet]]
name = "Ward list"
header_row = 1
[sheet.columns]
id = "A"
question = "B"
answer = "C"
"""
OVERLAY = """
[overlay]
name = "local"
[[parameter]]
product = "acme"
name = "driving_weeks_min"
jurisdiction = "US"
value = 1
source = "Letter of the maker"
revision = "3"
"""


def report_of(folder: Path, *options: str) -> bytes:
    target = folder / "report.pdf"
    arguments = ["--checklists", str(CHECKLISTS), "-c", "acme", "--as-of", "2026-11-22", "-q", "-o", str(target)]
    assert run(["report", str(folder / "own.xlsx"), *arguments, *options]) in (0, 1)
    return target.read_bytes()


@pytest.fixture
def own_layout(tmp_path: Path) -> Path:
    (tmp_path / "own.xlsx").write_bytes(save(markdown_book(OWN_LAYOUT)))
    (tmp_path / "our own map.toml").write_text(MAPPING, encoding="utf-8")
    return tmp_path


def with_file(data: bytes, name: str, change: Callable[[bytes], bytes], *, checksum: bool = False) -> bytes:
    def replace(pdf: pikepdf.Pdf) -> None:
        stream = pdf.attachments[name].get_file().obj
        new = change(stream.read_bytes())
        stream.write(new)
        if checksum:
            stream.Params.CheckSum = pikepdf.String(hashlib.md5(new, usedforsecurity=False).digest())
            stream.Params.Size = len(new)

    return saved_anew(data, replace)


def flip(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def test_report_of_an_own_layout_carries_its_map_and_holds(own_layout: Path) -> None:
    report = report_of(own_layout, "--columns", str(own_layout / "our own map.toml"))
    with pikepdf.open(io.BytesIO(report)) as pdf:
        assert pdf.attachments["columns.toml"].get_file().read_bytes().decode() == MAPPING
    assert faults(report) == ""
    assert "byte for byte" in lines(report, State.HOLDS)


def test_map_with_one_byte_changed_is_named(own_layout: Path) -> None:
    report = report_of(own_layout, "--columns", str(own_layout / "our own map.toml"))
    assert "columns.toml: altered" in faults(with_file(report, "columns.toml", flip))


def test_commissioner_edition_of_an_own_layout_carries_no_map_and_holds(own_layout: Path) -> None:
    report = report_of(own_layout, "--columns", str(own_layout / "our own map.toml"), "--audience", "commissioner")
    with pikepdf.open(io.BytesIO(report)) as pdf:
        assert "columns.toml" not in pdf.attachments
    assert faults(report) == ""


@pytest.fixture(scope="module")
def with_overlay(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("overlay") / "ours.toml"
    path.write_text(OVERLAY, encoding="utf-8")
    return small_report(overlay=path)


def test_overlay_is_said_to_be_none_of_the_released_checklists(with_overlay: bytes) -> None:
    assert outcome(verified(with_overlay)) is Outcome.NOT_COMPARED, faults(with_overlay)
    assert "The overlay 'local' is not one of the released checklists" in lines(with_overlay, State.NOT_COMPARED)


def test_overlay_is_compared_with_the_one_that_whoever_verifies_has(with_overlay: bytes) -> None:
    known = (OVERLAY.encode(),)
    checks = verify_report(with_overlay, released=CHECKLISTS, overlays=known)
    assert holds(checks), [check.text for check in checks]
    changed = (OVERLAY.replace("value = 1", "value = 2").encode(),)
    assert not holds(verify_report(with_overlay, released=CHECKLISTS, overlays=changed))


def test_checklist_that_was_left_out_is_named(tmp_path: Path) -> None:
    extra = tmp_path / "checklists"
    for path in CHECKLISTS.rglob("*"):
        if path.is_file():
            target = extra / path.relative_to(CHECKLISTS)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    (extra / "manufacturers" / "other.toml").write_text("", encoding="utf-8")
    told = [check.text for check in verify_report(small_report(), released=extra) if check.state is State.FAILS]
    assert any("manufacturers/other.toml of content version" in text and "left out" in text for text in told)


@pytest.mark.parametrize("name", ["submission.json", "result.json", "manifest.json", "checklists.zip"])
def test_one_byte_changed_in_a_commissioner_report_is_named(name: str) -> None:
    told = faults(with_file(small_report("commissioner"), name, flip))
    assert name in told
    assert "altered" in told


def test_attachments_of_another_report_do_not_fit_the_pages(with_overlay: bytes) -> None:
    """Everything embedded comes from another report, and fits together; only the pages are another's."""
    with pikepdf.open(io.BytesIO(with_overlay)) as pdf:
        others = {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}

    def swap(pdf: pikepdf.Pdf) -> None:
        for name, data in others.items():
            stream = pdf.attachments[name].get_file().obj
            stream.write(data)
            stream.Params.CheckSum = pikepdf.String(hashlib.md5(data, usedforsecurity=False).digest())
            stream.Params.Size = len(data)

    assert "not say what the audit made again says" in faults(saved_anew(small_report(), swap))


def test_attachment_that_is_missing_is_named() -> None:
    def drop(pdf: pikepdf.Pdf) -> None:
        del pdf.attachments["workbook.xlsx"]

    assert "workbook.xlsx: missing" in faults(saved_anew(small_report(), drop))


def test_manifest_that_names_other_templates_keeps_pages_from_being_called_consistent() -> None:
    def claim(data: bytes) -> bytes:
        told = json.loads(data)
        told["templates"] = {}
        return json.dumps(told).encode()

    checks = verified(with_file(small_report(), "manifest.json", claim, checksum=True))
    assert outcome(checks) is Outcome.NOT_COMPARED
    assert checks[-1].text.startswith("Nothing speaks against the report, but not all of it could be compared")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda data: data[: len(data) // 2], "The PDF is damaged or cut off"),
        (lambda data: b"not a report", "This is not a PDF file."),
        (lambda data: saved_anew(data, lambda pdf: pdf.attachments.clear()), "This PDF is no cartaudit report"),
    ],
)
def test_command_says_in_one_line_what_is_no_report(
    change: Callable[[bytes], bytes], told: str, tmp_path: Path
) -> None:
    (tmp_path / "report.pdf").write_bytes(change(small_report()))
    ran = subprocess.run(
        [sys.executable, "-m", "cartaudit", "verify", str(tmp_path / "report.pdf")], capture_output=True, text=True
    )
    assert ran.returncode == 1
    assert ran.stdout.startswith(f"FAILS         {told}")
    assert ran.stdout.count("\n") == 1
    assert ran.stderr == ""
