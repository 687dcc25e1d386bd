"""The same run on a real Dask scheduler with two worker processes on the loopback address."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders_network import make_setup, request_for
from killer_jobs import KILLERS

from cartaudit.errors import CartauditError
from cartaudit.network.batch import Progress, run_sites
from cartaudit.network.executors import dask_executor, refuse_mismatch, versions
from cartaudit.network.finding import find_sites
from cartaudit.network.job import Outcome
from cartaudit.network.run import run_batch
from cartaudit.network.slots import Limits

pytest.importorskip("distributed", reason="Dask is not installed: pip install 'cartaudit[cluster]'")

_QUIET = {"DASK_DISTRIBUTED__DIAGNOSTICS__NVML": "False", "DASK_DISTRIBUTED__ADMIN__PDB_ON_ERR": "False"}


class Cluster:
    """A scheduler and two workers, each a process of its own; with a nanny, as `dask worker` has, or without."""

    def __init__(self, folder: Path, limits: Limits, nanny: str) -> None:
        self.limits, self.nanny = limits, nanny
        self.environment = {**os.environ, **_QUIET, "PYTHONPATH": str(Path(__file__).parent)}
        self.folder = folder
        self.scheduler = self._start(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-jupyter"
        )
        self.address = self._address(self.scheduler)
        self.workers = [self._worker(n) for n in range(2)]

    def _start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]]
        return subprocess.Popen(
            command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=self.environment
        )

    def _worker(self, number: int) -> subprocess.Popen[str]:
        local = str(self.folder / f"worker{number}")
        worker = self._start(
            "worker", self.address, "--nthreads", "1", self.nanny, "--no-dashboard", "--local-directory", local
        )
        _read_until(worker, "Starting established connection")
        return worker

    @staticmethod
    def _address(scheduler: subprocess.Popen[str]) -> str:
        line = _read_until(scheduler, "Scheduler at:")
        return line.split("at:")[1].strip()

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()
            if process.stderr is not None:
                process.stderr.close()


def _read_until(process: subprocess.Popen[str], text: str) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        if re.search(text, line):
            return line
    raise AssertionError(f"Dask ended before it said '{text}'")


@pytest.fixture(params=["--no-nanny", pytest.param("--nanny", marks=pytest.mark.full)])
def cluster(request: pytest.FixtureRequest, tmp_path: Path, killer_limits: Limits) -> Iterator[Cluster]:
    made = Cluster(tmp_path, killer_limits, request.param)
    yield made
    made.end()


def _folder(root: Path, good: int, words: dict[bytes, Outcome]) -> Path:
    folder = root / "in"
    folder.mkdir()
    for number in range(good):
        (folder / f"site_{number:03}.xlsx").write_bytes(f"good {number}".encode())
    for number, word in enumerate(words):
        (folder / f"site_{number * good // len(words):03}_killer.xlsx").write_bytes(word)
    return folder


@pytest.mark.parametrize("together", [1, 8])
@pytest.mark.parametrize("good", [12, pytest.param(191, marks=pytest.mark.full)])
def test_nine_killers_take_no_good_workbook_with_them_on_dask(
    good: int, together: int, tmp_path: Path, cluster: Cluster
) -> None:
    sites = find_sites([_folder(tmp_path, good, KILLERS)]).sites
    with dask_executor(cluster.address) as (executor, slots, _):
        given = (sites, tmp_path / "out", "d", make_setup, executor, slots, cluster.limits)
        records = run_sites(*given, together=together, far=True)
        outcomes = {r.file: r.outcome for r in records}
    assert slots == 2
    assert outcomes == {site.file: KILLERS.get(site.path.read_bytes(), Outcome.AUDITED) for site in sites}


@pytest.mark.parametrize("together", [1, 4])
def test_killing_one_of_two_workers_loses_no_site(together: int, tmp_path: Path, cluster: Cluster) -> None:
    sites = find_sites([_folder(tmp_path, 30, {})]).sites
    done = []
    with dask_executor(cluster.address) as (executor, slots, _):
        given = (sites, tmp_path / "out", "d", make_setup, executor, slots, cluster.limits)
        for record in run_sites(*given, together=together, far=True):
            done.append(record)
            if len(done) == 5:
                cluster.workers[0].kill()
    assert len(done) == 30
    assert all(r.outcome is Outcome.AUDITED for r in done)


@pytest.mark.full
def test_killing_one_of_two_workers_among_sixty_sites_changes_no_output(
    tmp_path: Path, cluster: Cluster, many_folder: Path, many_out: Path
) -> None:
    finished = []

    def kill_at_ten(progress: Progress) -> None:
        finished.append(progress)
        if len(finished) == 10:
            cluster.workers[0].kill()

    out = tmp_path / "out"
    run_batch(request_for(many_folder, out, scheduler=cluster.address), "major", on_done=kill_at_ten)
    assert _contents(out) == _contents(many_out)


def _contents(out: Path) -> dict[str, bytes]:
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}


def test_an_address_where_nothing_listens_is_refused() -> None:
    with pytest.raises(CartauditError, match="no Dask scheduler answers"), dask_executor("nonsense://127.0.0.1:1"):
        pass


def test_a_worker_of_another_version_is_refused_before_anything_is_sent() -> None:
    own = versions()
    with pytest.raises(CartauditError, match=r"tcp://b has cartaudit 0\.0\.0"):
        refuse_mismatch(own, {"tcp://a": own, "tcp://b": {**own, "cartaudit": "0.0.0"}})


def test_a_worker_without_cartaudit_is_refused() -> None:
    error = ModuleNotFoundError("No module named 'cartaudit'")
    with pytest.raises(CartauditError, match="cannot import it"):
        refuse_mismatch(versions(), {"tcp://a": error})
