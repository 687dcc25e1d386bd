"""Text reaches every console, whatever its encoding lacks; bytes reach standard output as they are; pipes may close."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from builders_acceptance import sample
from builders_commands import ASKED, CONTENT, DAY, JUDGED, definitions, small_reports
from builders_verification import small_report, small_workbook
from hypothesis import given, settings
from hypothesis import strategies as st

from cartaudit import cli
from cartaudit.cli import COMMANDS, run
from cartaudit.cli.console import prepare_console

NAME = "Łódź – Ἱπποκράτης 中心 😀 \u202e"
NARROW = ("ascii", "cp1252", "latin-1", "cp437")
ENCODINGS = (*NARROW, "utf-8")


class Console:
    """Standard output and error as a console of some encoding has them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, encoding: str, errors: str = "strict") -> None:
        self.encoding = encoding
        self._out, self._err = io.BytesIO(), io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(self._out, encoding=encoding, errors=errors))
        monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(self._err, encoding=encoding, errors=errors))

    @property
    def raw(self) -> bytes:
        sys.stdout.flush()
        return self._out.getvalue()

    @property
    def out(self) -> str:
        return self.raw.decode(self.encoding)

    @property
    def err(self) -> str:
        sys.stderr.flush()
        return self._err.getvalue().decode(self.encoding)


@cache
def _named() -> bytes:
    """Fill the name of a centre into the small workbook."""
    book = openpyxl.load_workbook(io.BytesIO(small_workbook()))
    sheet = book["Profile"]
    row = next(number for number in range(1, 99) if sheet.cell(number, 1).value == "site_name")
    sheet.cell(row, 3).value = NAME
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def fill(folder: Path) -> Path:
    """Make a folder whose own name no narrow console knows: workbooks, a report and a file that is neither."""
    inner = folder / "Łódź ≥ 中"
    (inner / "in").mkdir(parents=True)
    (inner / "site.xlsx").write_bytes(_named())
    (inner / "in" / "Łódź.xlsx").write_bytes(_named())
    (inner / "report.pdf").write_bytes(small_report())
    (inner / "Łódź.txt").write_bytes(b"no workbook")
    return inner


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return fill(tmp_path)


LINES: dict[str, Callable[[Path], Sequence[str]]] = {
    "checklists list": lambda f: [*CONTENT],
    "checklists show": lambda f: ["acme", *CONTENT],
    "checklists show requirement": lambda f: ["acme", "PR-STO-01", *CONTENT],
    "checklists lint": lambda f: [*CONTENT],
    "checklists diff": lambda f: ["acme", "fact", *CONTENT],
    "checklists export thresholds": lambda f: [],
    "checklists export requirements": lambda f: [*CONTENT],
    "template": lambda f: [*ASKED, "-o", str(f / "new.xlsx")],
    "template refused": lambda f: [*ASKED, "-o", str(f / "site.xlsx")],
    "check": lambda f: [str(f / "site.xlsx"), *CONTENT, *DAY, "-c", "acme"],
    "check rejected": lambda f: [str(f / "Łódź.txt"), *JUDGED],
    "check --explain": lambda f: [str(sample("05_")), *DAY, "--explain", "PR-STO-01"],
    "check --annotate": lambda f: [str(f / "site.xlsx"), *JUDGED, "--annotate", str(f / "marked.xlsx")],
    "report": lambda f: [str(f / "site.xlsx"), *CONTENT, *DAY, "-c", "acme", "-o", str(f / "site.json")],
    "verify": lambda f: [str(f / "report.pdf")],
    "verify refused": lambda f: [str(f / "Łódź.txt")],
    "extract": lambda f: [str(f / "report.pdf"), "-o", str(f / "out")],
    "map suggest": lambda f: [str(f / "site.xlsx"), *CONTENT],
    "merge": lambda f: [str(f / "site.xlsx"), *CONTENT, "-o", str(f / "whole.xlsx")],
    "samples make": lambda f: ["--definitions", str(definitions(f)), *CONTENT, "-o", str(f / "samples")],
    "batch": lambda f: [str(f / "in"), "-o", str(f / "out"), *DAY, *CONTENT, "-c", "acme", "--format", "json"],
    "network": lambda f: [str(f)],
    "no such command Ł": lambda f: [],
}
"""Every command, with some of the ways in which it ends."""

_WAYS = ("requirement", "refused", "rejected", "--explain", "--annotate")
_BYTES = {"checklists export thresholds", "checklists export requirements", "map suggest"}
"""What they print is a file, and the same bytes on every console."""


def ended(name: str, folder: Path, encoding: str) -> tuple[int, bytes, str]:
    """Run a command in a folder of its own; gives its code, the bytes it printed, and all it printed as text."""
    command = name.split()
    if command[-1] in _WAYS:
        del command[-1]
    with pytest.MonkeyPatch.context() as patch:
        console = Console(patch, encoding)
        code = run([*command, *LINES[name](fill(folder / encoding))])
        return code, console.raw, console.out + console.err if name not in _BYTES else ""


@pytest.mark.parametrize("name", LINES)
def test_command_ends_as_it_would_without_redirection(name: str, tmp_path: Path) -> None:
    code, raw, told = ended(name, tmp_path, "utf-8")
    for encoding in NARROW if name != "batch" else NARROW[:1]:
        again = ended(name, tmp_path, encoding)
        assert again[0] == code != 70
        assert ("[U+0141]" in again[2]) == ("Ł" in told)
        if name in _BYTES:
            assert again[1] == raw


def test_every_command_is_tried() -> None:
    assert {name.split()[0] for name in LINES} - {"no"} == set(COMMANDS)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_help_and_version_reach_every_console(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    console = Console(monkeypatch, encoding)
    assert run(["--help"]) == 0
    assert run(["--version"]) == 0
    assert "Commands" in console.out


def test_what_reads_the_same_is_written_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    console = Console(monkeypatch, "ascii")
    prepare_console()
    sys.stdout.write("≥ 2 × 10⁶ – “so” … Ł")
    assert console.out == '>= 2 x 10[U+2076] - "so" ... [U+0141]'


@settings(deadline=None)
@given(st.text(), st.sampled_from(ENCODINGS))
def test_no_text_is_too_much_for_a_console(text: str, encoding: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        console = Console(patch, encoding)
        prepare_console()
        sys.stdout.write(text)
        assert console.out is not None


def test_name_of_a_file_that_is_no_text_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "\udcff.xlsx"
    try:
        path.write_bytes(small_workbook())
    except (OSError, ValueError):
        pytest.skip("this file system takes no such name")
    for encoding in ENCODINGS:
        console = Console(monkeypatch, encoding)
        assert run(["map", "suggest", str(path), *CONTENT, "-o", str(path)]) == 2
        assert "[U+DCFF]" in console.err


@pytest.mark.parametrize("errors", ["replace", "ignore", "backslashreplace", "namereplace"])
def test_way_of_replacing_that_somebody_chose_is_kept(errors: str, monkeypatch: pytest.MonkeyPatch) -> None:
    console = Console(monkeypatch, "cp1252", errors)
    prepare_console()
    sys.stdout.write("Ł")
    assert console.out == "Ł".encode("cp1252", errors).decode("cp1252")


@pytest.mark.parametrize("form", ["pdf", "html", "xlsx", "csv", "json", "md"])
def test_report_on_standard_output_has_the_bytes_of_the_file_and_nothing_beside_them(
    form: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "site.xlsx").write_bytes(small_workbook())
    arguments = ["report", str(folder / "site.xlsx"), *CONTENT, *DAY, "-c", "acme", "--detail", "exceptions"]
    console = Console(monkeypatch, "cp1252")
    assert run([*arguments, "--format", form, "-o", "-"]) == 1
    assert console.raw == small_reports()[form]
    assert "acme: " in console.err
    assert "Written" not in console.err


@pytest.mark.parametrize(
    ("arguments", "start"),
    [
        (["check", "site.xlsx", *JUDGED, "--annotate", "-"], b"PK"),
        (["template", *ASKED, "-o", "-"], b"PK"),
        (["template", *CONTENT, "--from", "site.xlsx", "-o", "-"], b"PK"),
        (["merge", "site.xlsx", *CONTENT, "-o", "-"], b"PK"),
        (["map", "suggest", "site.xlsx", *CONTENT, "-o", "-"], b"#"),
        (["checklists", "export", *CONTENT, "-o", "-"], b"parameter,"),
    ],
)
def test_single_file_on_standard_output_is_whole_and_alone(
    arguments: list[str], start: bytes, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    console = Console(monkeypatch, "cp1252")
    assert run(arguments) in (0, 1)
    assert console.raw.startswith(start)
    if start == b"PK":
        openpyxl.load_workbook(io.BytesIO(console.raw)).close()


@pytest.mark.parametrize(
    "arguments",
    [
        ["extract", "report.pdf", "-o", "-"],
        ["template", *ASKED, "--split", "role", "-o", "-"],
        ["samples", "make", "-o", "-"],
        ["report", "site.xlsx", "--format", "json", "--format", "csv", "-o", "-"],
        ["check", "site.xlsx", "--format", "json", "--annotate", "-"],
    ],
)
def test_several_files_do_not_go_to_standard_output(
    arguments: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    before = sorted(folder.rglob("*"))
    console = Console(monkeypatch, "utf-8")
    assert run(arguments) == 2
    assert console.raw == b""
    assert sorted(folder.rglob("*")) == before


def test_file_that_is_called_like_standard_output_is_written_by_its_path(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert run(["checklists", "export", *CONTENT, "-o", "./-"]) == 0
    assert (folder / "-").read_bytes().startswith(b"parameter,")


def given_in(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_workbook_is_read_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    given_in(monkeypatch, small_workbook())
    console = Console(monkeypatch, "utf-8")
    assert run(["check", "-", *JUDGED]) == 1
    assert "acme: INCOMPLETE" in console.out


def test_report_of_standard_input_needs_a_name_or_standard_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given_in(monkeypatch, small_workbook())
    assert run(["report", "-", *JUDGED]) == 2
    assert run(["report", "-", *JUDGED, "-o", "named.json"]) == 1
    assert b'"file": "standard input"' in (tmp_path / "named.json").read_bytes()


PROGRAM = [sys.executable, "-m", "cartaudit"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[2])}


def test_workbook_given_by_redirection_is_never_written(folder: Path) -> None:
    if not Path("/dev/stdin").exists():
        pytest.skip("the system does not tell where standard input comes from")
    line = [*PROGRAM, "check", "-", *JUDGED, "--annotate", str(folder / "site.xlsx"), "--force"]
    with (folder / "site.xlsx").open("rb") as stream:
        done = subprocess.run(line, stdin=stream, capture_output=True, env=ENVIRONMENT, check=False)
    assert done.returncode == 2
    assert (folder / "site.xlsx").read_bytes() == _named()


@pytest.mark.parametrize(
    "more",
    [
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"LC_ALL": "C"},
        {"PYTHONIOENCODING": "ascii"},
    ],
)
def test_real_console_takes_every_text(more: dict[str, str], folder: Path) -> None:
    line = [*PROGRAM, "check", str(folder / "site.xlsx"), *CONTENT, *DAY, "-c", "acme"]
    environment = {k: v for k, v in ENVIRONMENT.items() if not k.startswith(("LC_", "LANG"))} | more
    done = subprocess.run(line, capture_output=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"[U+0141]" in done.stdout or "Łódź".encode() in done.stdout


@pytest.mark.parametrize(
    "arguments", [["--help"], ["checklists", "list"], ["checklists", "export"], ["check", str(sample("05_")), *DAY]]
)
def test_closed_pipe_ends_quietly(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([*PROGRAM, *arguments], stdout=writing, stderr=subprocess.PIPE, env=ENVIRONMENT, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (130, b"")


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("arguments", [["checklists", "list"], ["checklists", "export"]])
def test_full_disk_behind_standard_output_is_one_sentence(arguments: list[str], unbuffered: str) -> None:
    environment = {**ENVIRONMENT, "PYTHONUNBUFFERED": unbuffered}
    if not Path("/dev/full").exists():
        pytest.skip("the system has no device that is always full")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE, env=environment, check=False)
    assert done.returncode == 4
    assert done.stderr.count(b"\n") == 1
    assert b"No space left" in done.stderr
