"""What a run finds of an earlier one is believed by its content alone, and nobody else's file is written over."""

import contextlib
import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders_network import request_for
from test_network_resume import SITES, Runner, contents

from cartaudit.cli import run as command
from cartaudit.errors import CartauditError
from cartaudit.network import state
from cartaudit.network.executors import end_children
from cartaudit.network.job import Setup
from cartaudit.network.placing import FOLDER, in_the_way, is_recorded, put
from cartaudit.network.run import run_batch
from cartaudit.network.sealed import read_sealed, write_sealed
from cartaudit.network.slots import Limits
from cartaudit.pipeline import AuditOptions

SITE = "site_03"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    for number in range(SITES):
        (tmp_path / "in" / f"site_{number:02}.xlsx").write_bytes(f"good {number}".encode())
    return tmp_path / "in"


@pytest.fixture
def run(setup: Setup, killer_limits: Limits) -> Runner:
    return Runner(setup, killer_limits)


@pytest.fixture
def out(tmp_path: Path, folder: Path, run: Runner) -> Path:
    """A finished run over the folder."""
    run(folder, tmp_path / "out")
    return tmp_path / "out"


def _elsewhere(path: Path) -> None:
    moved = path.with_name(f"{path.name}.moved")
    path.rename(moved)
    path.symlink_to(moved.name)


def _as_folder(path: Path) -> None:
    path.unlink()
    (path / "deep").mkdir(parents=True)


def _as_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _with(old: str, new: str) -> Callable[[Path], object]:
    def change(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def _other(path: Path) -> object:
    return shutil.copy(path.with_name(f"site_04{path.suffix}"), path)


SPOILT: dict[str, Callable[[Path], object]] = {
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-3]),
    "cut to its first half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "empty": lambda path: path.write_bytes(b""),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b" "),
    "no text": lambda path: path.write_bytes(b"\xff\xfe\x00"),
    "another JSON": lambda path: path.write_text("[1, 2]"),
    "null": lambda path: path.write_text("null"),
    "nested deep": lambda path: path.write_text("[" * 100_000),
    "another site's": _other,
    "gone": Path.unlink,
    "a link": _elsewhere,
    "a link to nothing": lambda path: (path.unlink(), path.symlink_to("nowhere")),
    "a folder": _as_folder,
    "a pipe": _as_pipe,
}
EDITED: dict[str, Callable[[Path], object]] = {
    "another outcome": _with('"audited"', '"rejected"'),
    "another answer": _with("good 3", "evil 3"),
    "another key": _with('"key":"', '"key":"0'),
    "another path": _with("site_03.json", "site_04.json"),
    "another format": _with('"format":2', '"format":1'),
    "without outputs": _with('"outputs":{"json":"site_03.json"}', '"outputs":{}'),
}


@pytest.mark.parametrize("how", sorted(SPOILT.keys() | EDITED.keys()))
def test_a_spoilt_record_is_not_believed_and_the_site_done_again(
    how: str, folder: Path, out: Path, run: Runner
) -> None:
    before = contents(out)
    path = out / FOLDER / f"{SITE}.json"
    (SPOILT | EDITED)[how](path)
    if path.is_dir():
        with pytest.raises(OSError, match=r"site_03\.json"):  # named, and never removed with what is in it
            run(folder, out)
        return
    assert run(folder, out).count(False) == 1
    left = contents(out)
    left.pop(f"{FOLDER}/{SITE}.json.moved", None)
    assert left == before


@pytest.mark.parametrize("how", sorted(SPOILT))
def test_a_spoilt_output_is_made_again_and_what_stood_there_is_kept(
    how: str, folder: Path, out: Path, run: Runner
) -> None:
    before = contents(out)
    SPOILT[how](out / f"{SITE}.json")
    kept = (out / f"{SITE}.json").read_bytes() if (out / f"{SITE}.json").is_file() else None
    assert run(folder, out).count(False) == 1
    left = {p: data for p, data in contents(out).items() if not p.startswith("replaced/") and "moved" not in p}
    assert left == before
    if kept is not None:
        (aside,) = (out / "replaced").iterdir()
        assert aside.is_symlink() or aside.read_bytes() == kept


def test_an_output_of_the_same_size_is_told_by_its_content(folder: Path, out: Path, run: Runner) -> None:
    (out / f"{SITE}.json").write_bytes(b"evil 3")
    assert run(folder, out).count(False) == 1
    assert (out / f"{SITE}.json").read_bytes() == b"good 3"
    assert (out / "replaced" / f"{SITE}.json").read_bytes() == b"evil 3"


def test_what_is_set_aside_twice_is_kept_twice(folder: Path, out: Path, run: Runner) -> None:
    for text in (b"evil 1", b"evil 2"):
        (out / f"{SITE}.json").write_bytes(text)
        run(folder, out)
    assert sorted(p.name for p in (out / "replaced").iterdir()) == [f"{SITE}-2.json", f"{SITE}.json"]


def test_a_record_and_its_output_from_another_run_are_not_believed(
    tmp_path: Path, folder: Path, out: Path, run: Runner
) -> None:
    before = contents(out)
    (folder / f"{SITE}.xlsx").write_bytes(b"good other")
    run(folder, tmp_path / "other")
    (folder / f"{SITE}.xlsx").write_bytes(b"good 3")
    for name in (f"{SITE}.json", f"{FOLDER}/{SITE}.json"):
        shutil.copy(tmp_path / "other" / name, out / name)
    assert run(folder, out).count(False) == 1
    assert contents(out) == before


def test_a_report_of_older_answers_is_taken_away_though_its_record_is_spoilt(
    folder: Path, out: Path, run: Runner
) -> None:
    (out / FOLDER / f"{SITE}.json").write_bytes(b"")
    (folder / f"{SITE}.xlsx").write_bytes(b"ValueError")
    run(folder, out)
    assert not (out / f"{SITE}.json").exists()
    assert (out / "replaced" / f"{SITE}.json").read_bytes() == b"good 3"


class _Failing:
    """Lets the first few calls through and fails from then on, as a full disk or a dying one does."""

    def __init__(self, real: Callable[..., Any], after: int) -> None:
        self.real, self.left = real, after

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        if self.left <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.left -= 1
        return self.real(*arguments, **named)


VERSIONS: dict[str, dict[str, bytes]] = {
    "first": {"a.json": b"one", "a.pdf": b"pdf one"},
    "second": {"a.json": b"two", "a.xlsx": b"xlsx two"},
    "third": {"a.json": b"one", "a.xlsx": b"xlsx three", "a.pdf": b"pdf one"},
    "none": {},
}


def _put(out: Path, version: str) -> None:
    files = VERSIONS[version]
    (out / FOLDER).mkdir(parents=True, exist_ok=True)
    with state.opened(out):
        hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
        put(out, "a.json", {"hashes": hashes}, files)


@pytest.mark.parametrize("function", ["fsync", "replace", "unlink"])
@pytest.mark.parametrize("then", sorted(VERSIONS))
@pytest.mark.parametrize("failing", sorted(VERSIONS))
def test_a_write_that_fails_anywhere_is_made_good_by_the_next(
    failing: str, then: str, function: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Write one version, fail at every place of another, and write a third: nothing else is there in the end."""
    _put(tmp_path / "fresh", then)
    for after in range(12):
        out = tmp_path / f"out{after}"
        _put(out, "first")
        with monkeypatch.context() as patch:
            patch.setattr(os, function, _Failing(getattr(os, function), after))
            try:
                _put(out, failing)
                failed = False
            except OSError:
                failed = True
        assert in_the_way(out, list(VERSIONS["third"])) == []
        _put(out, then)
        assert contents(out) == contents(tmp_path / "fresh")
        if not failed:
            return
    pytest.fail("it failed at every place")


@pytest.mark.parametrize("function", ["fsync", "replace"])
def test_a_run_that_fails_at_any_write_goes_on_to_the_same_files(
    function: str, tmp_path: Path, folder: Path, run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in sorted(folder.iterdir())[2:]:
        path.unlink()
    run(folder, tmp_path / "whole")
    for after in range(5):
        out = tmp_path / f"out{after}"
        with monkeypatch.context() as patch:
            patch.setattr(os, function, _Failing(getattr(os, function), after))
            with contextlib.suppress(OSError):
                run(folder, out)
        run(folder, out)
        assert contents(out) == contents(tmp_path / "whole")


@pytest.mark.parametrize("name", ["site_00001.json", "batch.json", "network.json", "network.xlsx", "network.pdf"])
def test_a_file_that_no_run_wrote_is_named_and_kept(name: str, tmp_path: Path, sites_folder: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_bytes(b"mine")
    with pytest.raises(CartauditError, match=rf"out/{name}: not written by a run"):
        run_batch(request_for(sites_folder, tmp_path / "out"), "major")
    assert {p: data for p, data in contents(tmp_path / "out").items() if FOLDER not in p} == {name: b"mine"}


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("nowhere")])
def test_whatever_stands_in_the_place_of_an_output_is_named(make: Any, tmp_path: Path, sites_folder: Path) -> None:
    (tmp_path / "out").mkdir()
    make(tmp_path / "out" / "network.json")
    with pytest.raises(CartauditError, match=r"network\.json"):
        run_batch(request_for(sites_folder, tmp_path / "out"), "major")


def test_a_foreign_file_is_exit_code_4_and_written_over_only_with_force(
    tmp_path: Path, sites_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "site_00001.json").write_bytes(b"mine")
    arguments = ["batch", str(sites_folder / "site_00001.xlsx"), "-o", str(out), "--format", "json", "-q"]
    assert command(arguments) == 4
    assert "site_00001.json" in capsys.readouterr().err
    command([*arguments, "--force"])
    assert json.loads((out / "site_00001.json").read_text(encoding="utf-8"))["rejected"] is False


def test_a_spreadsheet_in_which_somebody_worked_stops_the_run_and_is_kept(tmp_path: Path, sites_folder: Path) -> None:
    request = request_for(sites_folder / "site_00001.xlsx", tmp_path / "out", formats=("xlsx",))
    run_batch(request, "never")
    path = tmp_path / "out" / "site_00001.xlsx"
    shutil.copy(tmp_path / "out" / "network.xlsx", path)
    worked_in = path.read_bytes()
    with pytest.raises(CartauditError, match=r"site_00001\.xlsx: not written by a run into this folder, or changed"):
        run_batch(request, "never")
    assert path.read_bytes() == worked_in
    path.write_bytes(worked_in[:-400])  # broken, so nobody's work any more
    run_batch(request, "never")
    assert (tmp_path / "out" / "replaced" / "site_00001.xlsx").read_bytes() == worked_in[:-400]


def test_a_report_that_nobody_changed_is_ours_wherever_it_was_written(tmp_path: Path, sites_folder: Path) -> None:
    site, out = sites_folder / "site_00001.xlsx", tmp_path / "out"
    assert command(["report", str(site), "--as-of", "2026-01-01", "-o", str(out / "site_00001.json"), "-q"]) == 1
    request = request_for(site, out)
    run_batch(request, "never")
    assert not (out / "replaced").exists()
    (out / "site_00001.json").write_bytes((out / "site_00001.json").read_bytes() + b" ")
    shutil.rmtree(out / FOLDER)
    for left in (*out.glob("network.*"), out / "batch.json"):
        left.unlink()
    with pytest.raises(CartauditError, match=r"site_00001\.json"):
        run_batch(request, "never")


def test_what_a_run_wrote_may_be_written_over_by_another_command(tmp_path: Path, sites_folder: Path) -> None:
    site, out = sites_folder / "site_00001.xlsx", tmp_path / "out"
    run_batch(request_for(site, out, formats=("csv",)), "never")
    again = ["report", str(site), "--as-of", "2026-11-22", "-o", str(out / "site_00001.csv"), "-q"]
    assert command(again) == 0
    (out / "site_00001.csv").write_bytes(b"mine")
    assert command(again) == 4


def test_a_write_protected_output_is_kept_when_it_would_change(folder: Path, out: Path, run: Runner) -> None:
    (out / f"{SITE}.json").chmod(0o444)
    assert all(run(folder, out))
    (folder / f"{SITE}.xlsx").write_bytes(b"good again")
    run(folder, out)
    assert (out / f"{SITE}.json").read_bytes() == b"good again"
    assert (out / "replaced" / f"{SITE}.json").read_bytes() == b"good 3"


@pytest.fixture
def copy(tmp_path: Path, batch_out: Path) -> Path:
    """A copy of a finished run over the synthetic sites."""
    return shutil.copytree(batch_out, tmp_path / "out")


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("batch.json", _with('"NOT_READY"', '"READY"')),
        ("network.json", _with('"NOT_READY": ', '"NOT_READY":')),
        (f"{FOLDER}/run", SPOILT["cut off"]),
        (f"{FOLDER}/network", SPOILT["empty"]),
    ],
)
def test_files_of_the_run_that_were_changed_are_made_again(
    name: str, how: Callable[[Path], object], copy: Path, batch_out: Path, sites_folder: Path
) -> None:
    how(copy / name)
    run_batch(request_for(sites_folder, copy), "major")
    left = {p: data for p, data in contents(copy).items() if not p.startswith("replaced/")}
    assert left == contents(batch_out)


def test_network_believes_no_batch_file_that_was_changed(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _with('"NOT_READY"', '"READY"')(copy / "batch.json")
    assert command(["network", str(copy)]) == 2
    assert "is not as a run left it" in capsys.readouterr().err


def test_network_does_not_mix_the_records_of_two_runs(
    copy: Path, sites_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run for another day is stopped after its first sites; what it left is not rolled up as the run before."""

    class StoppedError(Exception):
        pass

    def stop(_: object) -> None:
        raise StoppedError

    options = AuditOptions(as_of=date(2027, 3, 1), as_of_is_today=False)
    with pytest.raises(StoppedError):
        run_batch(request_for(sites_folder, copy, options=options), "major", on_done=stop)
    assert command(["network", str(copy)]) == 2
    assert "did not end" in capsys.readouterr().err


def test_network_names_a_site_whose_record_is_gone_or_another_runs(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (copy / FOLDER / "site_00001.json").unlink()
    shutil.copy(copy / FOLDER / "site_00003.json", copy / FOLDER / "site_00002.json")
    record = read_sealed(copy / FOLDER / "site_00003.json")
    assert record is not None
    write_sealed(copy / FOLDER / "site_00003.json", {**record, "key": "another run's"})
    assert command(["network", str(copy)]) == 3
    assert "site_00001.xlsx, site_00002.xlsx, site_00003.xlsx" in capsys.readouterr().err
    network = json.loads((copy / "network.json").read_text(encoding="utf-8"))
    lost = [c["file"] for c in network["centres"] if c["outcome"] == "crashed"]
    assert lost == ["site_00001.xlsx", "site_00002.xlsx", "site_00003.xlsx"]


def test_network_keeps_a_report_that_is_not_its_own(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = (copy / "network.xlsx").read_bytes() + b"mine"
    (copy / "network.xlsx").write_bytes(mine)
    assert command(["network", str(copy), "--ranks"]) == 4
    assert "network.xlsx" in capsys.readouterr().err
    assert (copy / "network.xlsx").read_bytes() == mine
    assert command(["network", str(copy), "--ranks", "--force"]) == 0


def test_a_date_that_was_edited_is_not_gone_on_with(out: Path) -> None:
    state.begin(out, date(2026, 11, 20))
    assert state.unfinished(out) == date(2026, 11, 20)
    _with("2026-11-20", "2020-01-01")(out / FOLDER / "unfinished")
    assert state.unfinished(out) is None
    state.begin(out, date(2026, 11, 20), given=True)
    assert state.unfinished(out) is None


@pytest.mark.parametrize("make", [lambda path: path.symlink_to("../../mine"), os.mkfifo, Path.mkdir])
def test_a_lock_that_is_none_is_named_and_nothing_is_emptied(make: Any, tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(b"mine")
    (tmp_path / "out" / FOLDER).mkdir(parents=True)
    make(tmp_path / "out" / FOLDER / "lock")
    with contextlib.suppress(CartauditError), state.opened(tmp_path / "out"):
        pass
    assert (tmp_path / "mine").read_bytes() == b"mine"


@pytest.mark.parametrize("make", [lambda path: path.symlink_to("elsewhere"), lambda path: path.write_bytes(b"mine")])
def test_records_are_kept_in_no_folder_of_another(make: Any, tmp_path: Path) -> None:
    (tmp_path / "out" / "elsewhere").mkdir(parents=True)
    make(tmp_path / "out" / FOLDER)
    with pytest.raises(CartauditError, match="Move it away"), state.opened(tmp_path / "out"):
        pass
    assert list((tmp_path / "out" / "elsewhere").iterdir()) == []


def test_half_files_are_cleared_away_and_nobody_elses(tmp_path: Path) -> None:
    names = (".download.part", ".notes.txt.abcdefgh.part", "a.part", ".a.json.part")
    (tmp_path / ".folder.json.abcdefgh.part").mkdir()
    for name in (*names, ".a.json.abcdefgh.part"):
        (tmp_path / name).write_bytes(b"x")
    with state.opened(tmp_path):
        left = {p.name for p in tmp_path.iterdir()} - {FOLDER}
    assert left == {*names, ".folder.json.abcdefgh.part"}


def test_a_file_is_recorded_as_long_as_it_is_as_written(out: Path) -> None:
    assert is_recorded(out / f"{SITE}.json")
    (out / f"{SITE}.json").write_bytes(b"evil 3")
    assert not is_recorded(out / f"{SITE}.json")
    shutil.copy(out / "site_04.json", out / "other.json")
    assert not is_recorded(out / "other.json")
    assert not is_recorded(out / "missing.json")


def test_a_secret_that_was_edited_is_made_anew(copy: Path) -> None:
    def codes() -> list[str]:
        assert command(["network", str(copy), "--anonymise"]) == 0
        network = json.loads((copy / "network.json").read_text(encoding="utf-8"))
        return [c["label"] for c in network["centres"]]

    first = codes()
    assert codes() == first
    (copy / FOLDER / "codes").write_text('{"secret":""}')
    assert not set(codes()) & set(first)


@pytest.fixture(autouse=True)
def children_end() -> Iterator[None]:
    yield
    end_children()
