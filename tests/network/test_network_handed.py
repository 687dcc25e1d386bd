"""Folders with every odd kind of place, through the whole command: nothing hangs, nothing is left out, 3 says so."""

import csv
import io
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from builders_handed import KINDS, NAMES, command_held_back
from builders_network import request_for

from cartaudit.network.job import Outcome
from cartaudit.network.run import run_batch

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="rights of root are given up as Linux has it")


def _batch(folder: Path, out: Path) -> tuple[int, str, Any]:
    arguments = ["batch", str(folder), "-o", str(out), "--as-of", "2026-11-22", "--format", "json", "--jobs", "2"]
    done = command_held_back([*arguments, "--fail-on", "never", "-q"])
    return done.returncode, done.stdout + done.stderr, json.loads((out / "batch.json").read_text(encoding="utf-8"))


@linux
def test_a_place_that_may_hold_a_site_and_cannot_be_read_is_3_and_named(tmp_path: Path, sites_folder: Path) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(sites_folder / "site_00001.xlsx", tmp_path / "in" / "good.xlsx")
    kinds = ("closed folder", "closed workbook", "link to nothing", "link to no folder", "pipe called a workbook")
    for number, kind in enumerate(kinds):
        pattern, make, _ = KINDS[kind]
        make(tmp_path / "in" / pattern.format(f"odd{number}"))
    code, printed, batch = _batch(tmp_path / "in", tmp_path / "out")
    assert code == 3
    assert "Not audited: odd0/ (rejected); odd1.xlsx (rejected); odd2.xlsx" in printed
    assert [s["outcome"] for s in batch["sites"]] == ["audited", *["rejected"] * len(kinds)]
    assert all(s["message"] for s in batch["sites"][1:])
    _open_again(tmp_path / "in")


def test_places_that_can_be_no_site_are_named_and_change_no_exit_code(tmp_path: Path, sites_folder: Path) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(sites_folder / "site_00001.xlsx", tmp_path / "in" / "good.xlsx")
    kinds = ("text", "hidden", "hidden folder", "lock", "lock of LibreOffice", "pipe", "socket", "empty folder")
    for number, kind in enumerate((*kinds, "link up", "link to the top", "another PDF")):
        pattern, make, _ = KINDS[kind]
        make(tmp_path / "in" / pattern.format(f"odd{number}"))
    ended = run_batch(request_for(tmp_path / "in", tmp_path / "out"), "never")
    batch = json.loads((tmp_path / "out" / "batch.json").read_text(encoding="utf-8"))
    assert ended.exit_code == 0
    assert len(batch["sites"]) == 1
    assert len(batch["other_files"]) == len(kinds) + 3
    assert set(batch["other_reasons"]) == set(batch["other_files"])
    assert all(batch["other_reasons"].values())


@linux
def test_a_folder_of_every_odd_place_and_name_is_accounted_for_in_every_file(
    tmp_path: Path, sites_folder: Path
) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(sites_folder / "site_00001.xlsx", tmp_path / "in" / "good.xlsx")
    there = 1
    for number, (pattern, make, places) in enumerate(KINDS.values()):
        make(tmp_path / "in" / pattern.format(f"odd{number}"))
        there += places
    for name in NAMES:
        for path in (tmp_path / "in" / f"{name}.xlsx", tmp_path / "in" / f"{name}.txt"):
            path.write_bytes(os.fsencode(path))
            there += 1
    code, _, batch = _batch(tmp_path / "in", tmp_path / "out")
    assert code == 3
    assert len(batch["sites"]) + len(batch["other_files"]) == there
    assert [s["file"] for s in batch["sites"] if s["outcome"] == "audited"] == ["good.xlsx"]
    outputs = [path for s in batch["sites"] for path in s["outputs"].values()]
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == sorted(
        [".cartaudit", "batch.json", *(f"network.{form}" for form in ("csv", "json", "pdf", "xlsx")), *outputs]
    )
    network = json.loads((tmp_path / "out" / "network.json").read_text(encoding="utf-8"))
    assert network["files"] == network["total"] == len(batch["sites"])
    assert len(network["other_files"]) == len(batch["other_files"])
    rows = list(csv.reader(io.StringIO((tmp_path / "out" / "network.csv").read_text(encoding="utf-8-sig"))))
    assert len(rows) == 1 + len(batch["sites"])
    book = openpyxl.load_workbook(tmp_path / "out" / "network.xlsx")
    assert book["Other files"].max_row == 1 + len(batch["other_files"])
    _open_again(tmp_path / "in")


@linux
def test_state_and_outputs_that_may_not_be_read_are_done_again_and_the_old_ones_kept(
    tmp_path: Path, sites_folder: Path, batch_out: Path
) -> None:
    out = shutil.copytree(batch_out, tmp_path / "out")
    for name in (".cartaudit/site_00001.json", "site_00002.json", "network.json", ".cartaudit/codes"):
        (out / name).touch()
        (out / name).chmod(0o000)
    code, printed, _ = _batch(sites_folder, out)
    assert code == 3
    assert "made again; what stood there is kept: replaced/site_00002.json; replaced/network.json" in printed
    for path in batch_out.glob("*.json"):
        assert (out / path.name).read_bytes() == path.read_bytes()


@linux
def test_an_output_folder_that_may_not_be_written_is_named(tmp_path: Path, sites_folder: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o500)
    done = command_held_back(["batch", str(sites_folder), "-o", str(tmp_path / "out"), "--format", "json"])
    assert done.returncode == 4
    assert "out/.cartaudit: Permission denied" in done.stderr


def _open_again(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o700)


def test_a_workbook_that_lies_in_the_output_folder_is_not_left_out_in_silence(
    tmp_path: Path, sites_folder: Path
) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(sites_folder / "site_00001.xlsx", tmp_path / "in" / "good.xlsx")
    request = request_for(tmp_path / "in", tmp_path / "in" / "out", formats=("json", "xlsx"))
    run_batch(request, "never")
    assert run_batch(request, "never").outcomes[Outcome.AUDITED] == 1
    for place in ("b.xlsx", "deep/c.xlsx"):
        path = tmp_path / "in" / "out" / place
        path.parent.mkdir(exist_ok=True)
        shutil.copy(sites_folder / "site_00002.xlsx", path)
        with pytest.raises(Exception, match="never written over"):
            run_batch(request, "never")
        path.unlink()


def test_our_own_reports_among_the_workbooks_are_refused_by_name(
    tmp_path: Path, sites_folder: Path, batch_out: Path
) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(sites_folder / "site_00001.xlsx", tmp_path / "in" / "good.xlsx")
    for form in ("xlsx", "pdf"):
        shutil.copy(batch_out / f"network.{form}", tmp_path / "in" / f"n {form}.{form}")
    ended = run_batch(request_for(tmp_path / "in", tmp_path / "out"), "never")
    batch = json.loads((tmp_path / "out" / "batch.json").read_text(encoding="utf-8"))
    assert ended.exit_code == 3
    assert ["CA162" in s["message"] for s in batch["sites"]] == [False, True, True]
