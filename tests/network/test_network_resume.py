import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from builders_network import request_for

from cartaudit.errors import CartauditError
from cartaudit.network import state
from cartaudit.network.batch import Progress, run_sites
from cartaudit.network.executors import local_executor
from cartaudit.network.finding import find_sites
from cartaudit.network.job import Outcome, Setup
from cartaudit.network.run import Started, run_batch
from cartaudit.network.slots import Limits
from cartaudit.pipeline import AuditOptions

SITES = 12


def contents(out: Path) -> dict[str, bytes]:
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    for number in range(SITES):
        (tmp_path / "in" / f"site_{number:02}.xlsx").write_bytes(f"good {number}".encode())
    return tmp_path / "in"


class Runner:
    """Runs a folder with jobs that cost nothing, and tells of each site whether it was taken over."""

    def __init__(self, setup: Setup, limits: Limits) -> None:
        self.setup, self.limits = setup, limits

    def __call__(self, folder: Path, out: Path, digest: str = "d", *, force: bool = False) -> list[bool]:
        reused: list[Progress] = []
        sites = find_sites([folder], out).sites
        with local_executor(2) as executor:
            arguments = (sites, out, digest, lambda: self.setup, executor, 2, self.limits)
            for _ in run_sites(*arguments, force=force, on_done=reused.append):
                pass
        return [p.reused for p in reused]


@pytest.fixture
def run(setup: Setup, killer_limits: Limits) -> Runner:
    return Runner(setup, killer_limits)


@pytest.fixture
def out(tmp_path: Path, folder: Path, run: Runner) -> Iterator[Path]:
    """A finished run over the folder."""
    assert run(folder, tmp_path / "out").count(False) == SITES
    return tmp_path / "out"


def test_unchanged_sites_are_not_computed_again(folder: Path, out: Path, run: Runner) -> None:
    before = contents(out)
    assert all(run(folder, out))
    assert contents(out) == before


def test_only_the_site_that_changed_is_computed_again(folder: Path, out: Path, run: Runner) -> None:
    (folder / "site_01.xlsx").write_bytes(b"good again")
    assert run(folder, out).count(False) == 1
    assert (out / "site_01.json").read_bytes() == b"good again"


def test_a_lost_output_is_made_again(folder: Path, out: Path, run: Runner) -> None:
    before = contents(out)
    (out / "site_03.json").unlink()
    assert run(folder, out).count(False) == 1
    assert contents(out) == before


def test_other_checklists_or_options_compute_every_site_again(folder: Path, out: Path, run: Runner) -> None:
    assert not any(run(folder, out, "another digest"))


def test_force_computes_every_site_again(folder: Path, out: Path, run: Runner) -> None:
    assert not any(run(folder, out, force=True))


def test_a_crash_is_tried_again_by_the_next_run(folder: Path, out: Path, run: Runner) -> None:
    (folder / "site_01.xlsx").write_bytes(b"ValueError")
    assert run(folder, out).count(False) == 1
    assert run(folder, out).count(False) == 1


def test_a_report_of_older_answers_does_not_stay_when_the_file_crashes(folder: Path, out: Path, run: Runner) -> None:
    (folder / "site_01.xlsx").write_bytes(b"ValueError")
    run(folder, out)
    assert not (out / "site_01.json").exists()


def test_a_file_that_cannot_be_read_stops_no_other(folder: Path, out: Path, run: Runner) -> None:
    sites = find_sites([folder]).sites
    (folder / "site_01.xlsx").unlink()
    with local_executor(2) as executor:
        records = run_sites(sites, out, "d", lambda: run.setup, executor, 2, run.limits)
        outcomes = {r.name: (r.outcome, r.message) for r in records}
    assert outcomes["site_01"][0] is Outcome.REJECTED
    assert "could not be read" in outcomes["site_01"][1]
    assert sum(o is Outcome.AUDITED for o, _ in outcomes.values()) == SITES - 1


def test_half_files_of_a_killed_run_are_cleared_away(out: Path) -> None:
    left = (out / ".site_01.json.x1.part", out / ".cartaudit" / ".site_01.json.x2.part")
    for path in left:
        path.write_bytes(b"half")
    with state.opened(out):
        assert not any(path.exists() for path in left)


def test_two_runs_into_one_folder_are_refused(folder: Path, out: Path) -> None:
    with state.opened(out), pytest.raises(CartauditError, match="another run"):
        run_batch(request_for(folder, out), "major")


def test_a_folder_that_holds_the_workbooks_is_refused_for_output(folder: Path) -> None:
    with pytest.raises(CartauditError, match="never written over"):
        run_batch(request_for(folder, folder), "major")


def test_an_unfinished_run_keeps_its_audit_date(folder: Path, out: Path) -> None:
    state.begin(out, date(2026, 11, 20))
    tomorrow = AuditOptions(as_of=date(2026, 11, 23), as_of_is_today=True)
    days = []

    def stop(started: Started) -> None:
        days.append(started.options.as_of)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_batch(request_for(folder, out, options=tomorrow, date_given=False), "major", stop)
    assert days == [date(2026, 11, 20)]


def test_a_finished_run_is_repeated_without_computing_anything(sites_folder: Path, batch_out: Path) -> None:
    before = {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in batch_out.glob("network.*")}
    reused: list[Progress] = []
    run_batch(request_for(sites_folder, batch_out), "major", on_done=reused.append)
    assert all(p.reused for p in reused)
    assert {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in batch_out.glob("network.*")} == before


def test_a_site_that_went_away_is_named_in_the_batch_file(tmp_path: Path, folder: Path, out: Path, run: Runner) -> None:
    (folder / "site_01.xlsx").unlink()
    run(folder, out)
    assert "site_01" in state.record_names(out)


def _command(folder: Path, out: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "cartaudit", "batch", str(folder), "-o", str(out)),
        *("--as-of", "2026-11-22", "--format", "json", "--jobs", "2"),
    ]


def _children(parent: int) -> list[int]:
    found = Path(f"/proc/{parent}/task/{parent}/children")
    ids = [int(p) for p in found.read_text().split()] if found.exists() else []
    return [child for task in _tasks(parent) for child in _read_children(parent, task)] or ids


def _tasks(parent: int) -> list[int]:
    return [int(p.name) for p in Path(f"/proc/{parent}/task").iterdir()] if Path(f"/proc/{parent}").exists() else []


def _read_children(parent: int, task: int) -> list[int]:
    try:
        return [int(p) for p in Path(f"/proc/{parent}/task/{task}/children").read_text().split()]
    except OSError:
        return []


def _end_when(
    command: list[str], out: Path, count: int, sign: signal.Signals, later: int = 0
) -> tuple[int, list[int], str]:
    """Run a command, send it a signal once so many sites are done, and give its exit code and children.

    `later` puts the signal off by so many turns of the scheduler, so that it meets whatever is being done then.
    """
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a run in the background ignores it
    ) as process:
        while process.poll() is None and len(list((out / ".cartaudit").glob("*.json"))) < count:
            os.sched_yield()
        for _ in range(later):
            os.sched_yield()
        children = _children(process.pid)
        process.send_signal(sign)
        _, errors = process.communicate(timeout=60)
    return process.returncode, children, errors


def _gone(pid: int) -> bool:
    try:
        return "\tZ" in Path(f"/proc/{pid}/status").read_text() or os.waitpid(pid, os.WNOHANG)[0] == pid
    except (OSError, ChildProcessError):
        return not Path(f"/proc/{pid}").exists()


def _wait_gone(pids: list[int]) -> bool:
    """Wait, without sleeping, until the processes are gone; the number of looks bounds the wait."""
    for _ in range(2_000_000):
        if all(_gone(pid) for pid in pids):
            return True
        os.sched_yield()
    return False


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks into /proc for children")


DRIVER = """
import sys
from pathlib import Path
from builders_network import make_setup
from test_network_resume import Runner
from cartaudit.network.slots import Limits
Runner(make_setup(), Limits(seconds=20, function="killer_jobs:run"))(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@needs_proc
@pytest.mark.parametrize("moment", range(1, SITES, 3))
def test_a_driver_killed_at_any_moment_leaves_no_child_and_no_half_file(
    moment: int, tmp_path: Path, folder: Path, out: Path, run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, (Path(__file__).parent, Path(__file__).parents[1]))))
    killed = tmp_path / "killed"
    command = [sys.executable, "-c", DRIVER, str(folder), str(killed)]
    _, children, _ = _end_when(command, killed, moment, signal.SIGKILL)
    assert _wait_gone(children), "a killed driver left a child"
    done = {p.name: p.read_bytes() for p in killed.glob("*.json")}
    assert all((out / name).read_bytes() == data for name, data in done.items())
    with state.opened(killed):
        assert run(folder, killed).count(True) >= moment - 1
    (killed / ".cartaudit" / "lock").unlink()
    assert contents(killed) == contents(out)


@needs_proc
@pytest.mark.full
def test_a_command_killed_at_ten_moments_goes_on_to_the_outputs_of_an_undisturbed_run(
    tmp_path: Path, sites_folder: Path, batch_out: Path
) -> None:
    for moment in range(1, 11):
        out = tmp_path / f"out{moment}"
        command = _command(sites_folder, out)
        _, children, _ = _end_when(command, out, moment, signal.SIGKILL)
        assert _wait_gone(children), "a killed driver left a child"
        subprocess.run(command, capture_output=True, check=False)
        assert contents(out) == contents(batch_out)


@needs_proc
@pytest.mark.full
def test_a_run_of_sixty_sites_killed_at_ten_random_moments_ends_as_an_undisturbed_one(
    tmp_path: Path, many_folder: Path, many_out: Path
) -> None:
    """The last of the moments lies in the roll-up, when every site is done."""
    out = tmp_path / "out"
    command = _command(many_folder, out)
    sites = len(list(many_folder.glob("*.xlsx")))
    chance = random.Random(6)
    for moment in [*sorted(chance.sample(range(1, sites), 9)), sites]:
        code, children, _ = _end_when(command, out, moment, signal.SIGKILL, chance.randrange(100_000))
        assert code == -signal.SIGKILL
        assert _wait_gone(children), "a killed driver left a child"
    subprocess.run(command, capture_output=True, check=False)
    assert contents(out) == contents(many_out)


@needs_proc
def test_ctrl_c_ends_the_children_and_says_how_to_go_on(tmp_path: Path, sites_folder: Path) -> None:
    out = tmp_path / "out"
    code, children, errors = _end_when(_command(sites_folder, out), out, 1, signal.SIGINT)
    assert code == 130
    assert "the same command goes on" in errors
    assert children
    assert _wait_gone(children)
    assert not list(out.rglob("*.part"))
