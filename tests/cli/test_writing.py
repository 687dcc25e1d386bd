"""What every command does with a file that is where it is to write."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
import openpyxl
import pytest
from builders_commands import JUDGED, WRITING, Writing, small_reports
from builders_signing import SIGNED_AT, holder
from builders_verification import small_report, small_workbook

from cartaudit import cli
from cartaudit.cli import COMMANDS, cartaudit, run
from cartaudit.cli.writing import FileOrStandard, Folder
from cartaudit.report.signing import sign_report


def _case(writing: Writing) -> Any:
    return pytest.param(writing, id=writing.id, marks=[pytest.mark.full] if "--sites" in writing.option else [])


EACH = pytest.mark.parametrize("writing", [_case(w) for w in WRITING])
READING = pytest.mark.parametrize("writing", [_case(w) for w in WRITING if w.reads])
FORCED = pytest.mark.parametrize("force", [False, True], ids=["", "forced"])
DONE = (0, 1)
PACKAGE = Path(cli.__file__).parents[1]


@pytest.fixture
def read(tmp_path: Path, writing: Writing) -> Path:
    """What the command reads, in a folder of its own."""
    path = tmp_path / "in" / "site.xlsx"
    path.parent.mkdir()
    path.write_bytes(writing.reads() if writing.reads else small_workbook())
    return path


@pytest.fixture
def target(tmp_path: Path, writing: Writing) -> Path:
    path = tmp_path / "out" / writing.name
    path.parent.mkdir()
    return path


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def called(writing: Writing, read: Path, target: Path, *, force: bool = False) -> int:
    return run([*writing.line(read, target), *(["--force"] if force else [])])


@EACH
def test_nothing_there_is_written_and_said_on_standard_error(
    writing: Writing, read: Path, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(writing, read, target) in DONE
    assert target.stat().st_size
    said = capsys.readouterr()
    assert re.search(rf"^Written: .*{re.escape(target.name)}$", said.err, re.MULTILINE)
    assert "Written" not in said.out


def foreign_files() -> Iterator[tuple[str, bytes]]:
    """Everything that is not ours, or is not any more as we wrote it, or is what people type into."""
    yield "empty", b""
    yield "text", b"mine"
    yield "workbook", small_workbook()
    yield "csv", small_reports()["csv"]
    yield "md", small_reports()["md"]
    yield "edited pdf", small_reports()["pdf"] + b"% a note\n"
    yield "signed pdf", sign_report(small_report(), holder().signing_key, "quality-manager", SIGNED_AT)
    yield "edited html", small_reports()["html"].replace(b"INCOMPLETE", b"READY", 1)
    yield "edited json", small_reports()["json"].replace(b"INCOMPLETE", b"READY", 1)
    yield "edited xlsx", retyped()
    yield "json of version 0.1.0", small_reports()["json"].rpartition(b',\n "seal"')[0] + b"\n}\n"


def retyped() -> bytes:
    """Give our spreadsheet with a word typed into it."""
    book = openpyxl.load_workbook(io.BytesIO(small_reports()["xlsx"]))
    book.worksheets[0]["Z9"] = "Done."
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def full_but(*quick: str, names: Iterable[str]) -> pytest.MarkDecorator:
    """Try some of several cases in every run, the rest in the full one."""
    return pytest.mark.parametrize(
        "there", [pytest.param(n, marks=[] if n in quick else [pytest.mark.full]) for n in names]
    )


@EACH
@full_but("edited pdf", names=("text", "workbook", "csv", "edited pdf", "signed pdf", "edited json"))
def test_foreign_file_is_kept_and_nothing_is_written(
    writing: Writing, there: str, read: Path, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = dict(foreign_files())[there]
    target.write_bytes(content)
    assert called(writing, read, target) == 4
    assert target.read_bytes() == content
    assert files(target.parent) == [target.name]
    said = capsys.readouterr()
    assert said.out == ""
    why = r"is (no unchanged report of cartaudit|signed)\. Nothing was written\. Choose [^.]+\."
    assert re.fullmatch(rf"Error: .+ is there already and {why}\n", said.err)
    assert target.name in said.err
    assert "--force" in said.err


@pytest.mark.parametrize("there", [name for name, _ in foreign_files()])
def test_whatever_is_not_an_unchanged_report_is_kept(there: str, tmp_path: Path) -> None:
    (tmp_path / "site.xlsx").write_bytes(small_workbook())
    content = dict(foreign_files())[there]
    (tmp_path / "marked.xlsx").write_bytes(content)
    assert called(WRITING[0], tmp_path / "site.xlsx", tmp_path / "marked.xlsx") == 4
    assert (tmp_path / "marked.xlsx").read_bytes() == content


@EACH
def test_force_writes_over_a_foreign_file(writing: Writing, read: Path, target: Path) -> None:
    target.write_bytes(b"mine")
    assert called(writing, read, target, force=True) in DONE
    assert target.read_bytes() != b"mine"


@EACH
@full_but("xlsx", names=("pdf", "html", "xlsx", "json"))
def test_report_that_nobody_changed_gives_way(writing: Writing, there: str, read: Path, target: Path) -> None:
    target.write_bytes(small_reports()[there])
    before = target.stat().st_ino
    assert called(writing, read, target) in DONE
    assert target.stat().st_ino != before


@pytest.mark.parametrize("there", ["pdf", "html", "xlsx", "json"])
def test_every_format_of_report_gives_way_while_nobody_changed_it(there: str, tmp_path: Path) -> None:
    (tmp_path / "site.xlsx").write_bytes(small_workbook())
    (tmp_path / "marked.xlsx").write_bytes(small_reports()[there])
    assert called(WRITING[0], tmp_path / "site.xlsx", tmp_path / "marked.xlsx") in DONE
    assert (tmp_path / "marked.xlsx").read_bytes() != small_reports()[there]


@READING
@FORCED
@pytest.mark.parametrize("spelled", ["itself", "hard link", "link", "other capitals"])
def test_what_a_command_reads_is_never_written(
    writing: Writing, spelled: str, force: bool, target: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert writing.reads
    read = target if spelled == "itself" else target.with_name("other name")
    if spelled == "other capitals":
        read = target.with_name(target.name.upper())
    read.write_bytes(writing.reads())
    if spelled == "hard link":
        os.link(read, target)
    elif spelled == "link":
        target.symlink_to(read)
    before = files(target.parent)
    assert called(writing, read, target, force=force) == 2
    assert read.read_bytes() == writing.reads()
    assert files(target.parent) == before
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert "is read here, and is never written" in said.err


@EACH
@FORCED
def test_link_is_neither_followed_nor_replaced(writing: Writing, force: bool, read: Path, target: Path) -> None:
    for name in ("foreign", "nowhere"):
        target.unlink(missing_ok=True)
        (target.parent.parent / "foreign").write_bytes(b"mine")
        target.symlink_to(f"../{name}")
        assert called(writing, read, target, force=force) == 4
        assert target.is_symlink()
        assert (target.parent.parent / "foreign").read_bytes() == b"mine"
        assert not (target.parent.parent / "nowhere").exists()


@EACH
@FORCED
def test_folder_in_the_place_of_the_file_is_kept(writing: Writing, force: bool, read: Path, target: Path) -> None:
    target.mkdir()
    (target / "inside").touch()
    if writing.command == "report" and not writing.folder:
        assert called(writing, read, target, force=force) in DONE  # which writes into it
    else:
        assert called(writing, read, target, force=force) == 4
        assert files(target) == ["inside"]


@EACH
@FORCED
def test_file_in_the_place_of_the_folder_is_kept(
    writing: Writing, force: bool, read: Path, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target.parent.rmdir()
    target.parent.write_bytes(b"mine")
    assert called(writing, read, target, force=force) == 4
    assert target.parent.read_bytes() == b"mine"
    assert capsys.readouterr().err.count("\n") == 1


def test_full_disk_loses_nothing_and_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "site.xlsx").write_bytes(small_workbook())
    (tmp_path / "site.json").write_bytes(small_reports()["json"])
    line = [sys.executable, "-m", "cartaudit", "report", "site.xlsx", *JUDGED, "--format", "json", "--format", "csv"]
    limited = ["sh", "-c", 'ulimit -f 8; exec "$@"', "sh", *line]  # no file longer than a few thousand bytes
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(limited, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert re.fullmatch(r"Error: site\.(json|csv) could not be written: [^.]+\. Choose another place\.\n", done.stderr)
    assert (tmp_path / "site.json").read_bytes() == small_reports()["json"]
    assert files(tmp_path) == ["site.json", "site.xlsx"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "site.xlsx").write_bytes(small_workbook())
    tmp_path.chmod(0o500)
    try:
        assert run(["report", str(tmp_path / "site.xlsx"), *JUDGED, "-o", str(tmp_path / "site.json")]) == 4
    finally:
        tmp_path.chmod(0o700)
    assert "could not be written" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--overlay", "--columns", "--sign-with", "--sign-certificate", "--template-dir"])
def test_nothing_else_that_a_report_reads_is_written_either(option: str, tmp_path: Path) -> None:
    target = tmp_path / "in" / "named"
    target.parent.mkdir()
    target.write_bytes(b"mine")
    named = str(target.parent if option == "--template-dir" else target)
    (tmp_path / "site.xlsx").write_bytes(small_workbook())
    arguments = [str(tmp_path / "site.xlsx"), option, named, "-o", str(target), "--format", "json", "--force"]
    assert run(["report", *arguments]) == 2
    assert target.read_bytes() == b"mine"


def commands(group: click.Group = cartaudit, before: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in COMMANDS if group is cartaudit else group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield before + name, command


def outputs_of(command: click.Command) -> list[click.Parameter]:
    return [p for p in command.params if isinstance(p.type, FileOrStandard | Folder) and not p.type.exists]


def test_every_output_of_every_command_is_in_the_table() -> None:
    named = {(w.command, o) for w in WRITING for o in w.option.split() if o in ("-o", "--annotate")}
    there = {(name, p.opts[0]) for name, command in commands() for p in outputs_of(command)}
    assert named == there


def test_every_path_that_need_not_exist_is_an_output_of_the_one_kind() -> None:
    paths = [(n, p) for n, c in commands() for p in c.params if isinstance(p.type, click.Path) and not p.type.exists]
    loose = [(n, p.name) for n, p in paths if not isinstance(p.type, FileOrStandard | Folder)]
    assert loose == [("batch", "output")]  # which keeps a record of its own


def test_every_command_that_writes_has_force() -> None:
    assert [n for n, c in commands() if outputs_of(c) and not any("--force" in p.opts for p in c.params)] == []


MAY_WRITE = {
    "files.py",
    "catalogue/decisions_page.py",
    "catalogue/thresholds_page.py",
    "cli/writing.py",
    "network",
    "synthetic/network_sites.py",
    "verification/remaking.py",
}
"""Where files are written: the one place, the run folders of `network`, made-up sites, our own scratch folders."""


def test_no_other_module_writes_files() -> None:
    writes = re.compile(r"write_atomically|\.write_(bytes|text)\(|open\([^)]*[\"'][wax]b?[\"']")
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if writes.search(path.read_text(encoding="utf-8"))
    }
    assert {name for name in found if name not in MAY_WRITE and name.split("/")[0] not in MAY_WRITE} == set()
