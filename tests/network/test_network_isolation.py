import gc
import os
import subprocess
import sys
import weakref
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from killer_jobs import KILLERS

from cartaudit.network.batch import run_sites
from cartaudit.network.executors import end_children, local_executor
from cartaudit.network.finding import Site, find_sites
from cartaudit.network.frames import read_frame, write_frame
from cartaudit.network.job import Job, Outcome, Setup
from cartaudit.network.slots import Limits, Slots
from cartaudit.network.state import read_record, record_names
from cartaudit.network.worker import tidy


def _folder(root: Path, good: int) -> Path:
    """Good workbooks with the killers spread among them."""
    folder = root / "in"
    folder.mkdir()
    for number in range(good):
        (folder / f"site_{number:03}.xlsx").write_bytes(f"good {number}".encode())
    for number, word in enumerate(KILLERS):
        (folder / f"site_{number * good // len(KILLERS):03}_killer.xlsx").write_bytes(word)
    return folder


def _run(sites: tuple[Site, ...], out: Path, setup: Setup, limits: Limits) -> dict[str, Outcome]:
    with local_executor(2) as executor:
        return {r.file: r.outcome for r in run_sites(sites, out, "d", lambda: setup, executor, 2, limits)}


@pytest.mark.parametrize("good", [20, pytest.param(191, marks=pytest.mark.full)])
def test_nine_killers_take_no_good_workbook_with_them(
    good: int, tmp_path: Path, setup: Setup, killer_limits: Limits
) -> None:
    sites = find_sites([_folder(tmp_path, good)]).sites
    outcomes = _run(sites, tmp_path / "out", setup, killer_limits)
    assert outcomes == {site.file: KILLERS.get(site.path.read_bytes(), Outcome.AUDITED) for site in sites}
    assert sum(o is Outcome.AUDITED for o in outcomes.values()) == good
    assert len(record_names(tmp_path / "out")) == good + len(KILLERS)


class _LosesParcels(ThreadPoolExecutor):
    """Loses what is sent together, as a cluster does whose worker dies again and again."""

    def submit(self, function, setup, jobs, limits):
        if len(jobs) > 1:
            lost = Future()
            lost.set_exception(RuntimeError("worker lost"))
            return lost
        return super().submit(function, setup, jobs, limits)


def test_jobs_of_a_parcel_that_was_lost_are_done_one_by_one(
    tmp_path: Path, setup: Setup, killer_limits: Limits
) -> None:
    sites = find_sites([_folder(tmp_path, 5)]).sites
    good = [s for s in sites if "killer" not in s.name]
    with _LosesParcels(2) as executor:
        records = list(run_sites(good, tmp_path / "out", "d", lambda: setup, executor, 2, killer_limits, together=3))
        end_children()
    assert sorted(r.file for r in records) == sorted(s.file for s in good)
    assert {r.outcome for r in records} == {Outcome.AUDITED}


def test_a_crash_says_how_the_process_ended(tmp_path: Path, setup: Setup, killer_limits: Limits) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.xlsx").write_bytes(b"sigkill")
    sites = find_sites([tmp_path / "in"]).sites
    _run(sites, tmp_path / "out", setup, killer_limits)
    record = read_record(tmp_path / "out", "a")
    assert record is not None
    assert "signal 9" in record.message


def test_a_job_that_crashes_once_is_not_blamed(tmp_path: Path, setup: Setup, killer_limits: Limits) -> None:
    slots = Slots(killer_limits)
    done = slots.do(setup, Job(name="a", workbook=b"once " + os.fsencode(tmp_path / "mark")))
    slots.close()
    assert done.outcome is Outcome.AUDITED


def test_a_child_is_kept_for_the_next_job(setup: Setup, killer_limits: Limits) -> None:
    slots = Slots(killer_limits)
    pids = {slots.do(setup, Job(name="a", workbook=b"pid")).files["json"] for _ in range(3)}
    slots.close()
    assert len(pids) == 1


def test_a_child_is_replaced_after_its_share_of_jobs(
    setup: Setup, killer_limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cartaudit.network.slots.JOBS_PER_CHILD", 2)
    slots = Slots(killer_limits)
    pids = {slots.do(setup, Job(name="a", workbook=b"pid")).files["json"] for _ in range(4)}
    slots.close()
    assert len(pids) == 2


def test_a_worker_of_another_version_computes_nothing(real_setup: Setup) -> None:
    from builders_network import make_setup

    slots = Slots(Limits())
    done = slots.do(make_setup(real_setup.content, version="0.0.0"), Job(name="a.xlsx", workbook=b"x"))
    slots.close()
    assert done.outcome is Outcome.CRASHED
    assert "Install the same" in done.message


def test_a_child_ends_when_its_parent_is_gone(setup: Setup, killer_limits: Limits) -> None:
    command = [sys.executable, "-m", "cartaudit.network.worker", killer_limits.function, "60", "0"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        write_frame(child.stdin, (setup, setup.digest, Job(name="a", workbook=b"pid")))
        read_frame(child.stdout)
        write_frame(child.stdin, (None, setup.digest, Job(name="a", workbook=b"sleep")))
        child.stdin.close()
        assert child.wait(timeout=20) == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux bounds the address space of a process")
def test_a_job_that_wants_too_much_memory_is_named(setup: Setup, killer_limits: Limits) -> None:
    slots = Slots(Limits(seconds=20, megabytes=512, function=killer_limits.function))
    done = slots.do(setup, Job(name="a", workbook=b"gigabyte"))
    slots.close()
    assert done.outcome is Outcome.CRASHED
    assert "--memory-limit" in done.message


class _Ring:
    """Holds itself, so that only a search for garbage can drop it."""

    def __init__(self) -> None:
        self.own = self


def test_what_jobs_leave_behind_is_dropped_between_them() -> None:
    threshold = gc.get_threshold()
    gc.set_threshold(10_000_000)
    try:
        tidy()
        rings = [_Ring() for _ in range(60_000)]
        last = weakref.ref(rings[-1])
        del rings
        assert last() is not None
        tidy()
        assert last() is None
    finally:
        gc.set_threshold(*threshold)
        gc.unfreeze()
