"""Time whole runs over synthetic sites: everything but rendering, PDF beside a warm render, resume, memory, Dask.

Run `python benchmarks/network.py --sites 200` on a machine with nothing else to do. All measures are of one run;
trust the ratios.
"""

import argparse
import gc
import io
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from cartaudit import __version__
from cartaudit.assess import Engine
from cartaudit.intake import IntakePlan, parse_submission
from cartaudit.model.checklists import Catalogue
from cartaudit.model.submission import Rejected
from cartaudit.network.executors import usable_cores
from cartaudit.pipeline import AuditOptions, audit_bytes, judge, load_catalogue, render
from cartaudit.synthetic.network_sites import AS_OF, write_network
from cartaudit.workbook import read_cells

RUN = """
import json, resource, sys, time
from cartaudit.cli import run
start = time.perf_counter()
code = run(sys.argv[1:])
seconds = time.perf_counter() - start
def peak():
    for line in open("/proc/self/status") if sys.platform == "linux" else ():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024  # getrusage would tell of the process this one was forked from
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"code": code, "seconds": seconds, "driver_cpu": own.ru_utime + own.ru_stime,
    "children_cpu": children.ru_utime + children.ru_stime,
    "driver_mb": peak(), "largest_child_mb": children.ru_maxrss // 1024}))
"""
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def measure(*arguments: str) -> dict[str, float]:
    """Run one command in a process of its own; its last line holds the figures."""
    done = subprocess.run([sys.executable, "-c", RUN, *arguments], capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    if figures["code"] not in (0, 1, 3):
        raise SystemExit(f"{' '.join(arguments)} ended with {figures['code']}: {done.stderr}")
    return figures


def batch(folder: Path, out: Path, *more: str) -> dict[str, float]:
    """Run `cartaudit batch` over a folder."""
    return measure("batch", str(folder), "-o", str(out), "--as-of", AS_OF.isoformat(), "-q", *more)


def roll_up_again(out: Path) -> dict[str, float]:
    """Make the network's report of a finished run again: what a run takes beside its sites."""
    (out / ".cartaudit" / "rollup").unlink(missing_ok=True)
    return measure("network", str(out))


def shown(figures: dict[str, float]) -> str:
    """Put the figures of a run in a line."""
    return (
        f"{figures['seconds']:.1f} s, CPU driver {figures['driver_cpu']:.1f} s and children "
        f"{figures['children_cpu']:.1f} s, memory driver {figures['driver_mb']} MB and largest child "
        f"{figures['largest_child_mb']} MB"
    )


def stages(catalogue: Catalogue, workbooks: list[bytes], rounds: int = 3) -> dict[str, float]:
    """Give the CPU milliseconds of each stage of one site, warm: the least of some rounds, mean of the workbooks."""
    options = AuditOptions(as_of=AS_OF, as_of_is_today=False)
    engine = Engine(catalogue=catalogue, as_of=AS_OF)
    plan = IntakePlan(catalogue=catalogue, as_of=AS_OF)
    gc.collect()
    gc.freeze()
    gc.disable()  # a worker looks for garbage between jobs
    best: dict[tuple[str, int], float] = {}

    def note(name: str, number: int, since: float) -> float:
        now = time.process_time()
        best[name, number] = min(best.get((name, number), 1e9), 1000 * (now - since))
        return now

    for _ in range(rounds):
        for number, workbook in enumerate(workbooks):
            clock = time.process_time()
            cells = read_cells(workbook, "a.xlsx")
            clock = note("read", number, clock)
            if isinstance(cells, Rejected):
                raise SystemExit("a synthetic workbook was rejected")
            submission = parse_submission(cells, catalogue, AS_OF, None, plan)
            clock = note("intake", number, clock)
            if isinstance(submission, Rejected):
                raise SystemExit("a synthetic workbook was rejected")
            audit = judge(submission, catalogue, options, engine)
            clock = note("judge", number, clock)
            render(audit, catalogue, workbook, options, ("json",))
            note("json", number, clock)
    names = dict.fromkeys(name for name, _ in best)
    return {n: sum(v for (name, _), v in best.items() if name == n) / len(workbooks) for n in names}


def plain_pass(workbook: bytes, rounds: int = 3) -> float:
    """Give the CPU milliseconds of reading a workbook by openpyxl alone: a measure of the machine."""
    import openpyxl

    least = 1e9
    for _ in range(rounds):
        since = time.process_time()
        book = openpyxl.load_workbook(io.BytesIO(workbook), read_only=True, data_only=True)
        for sheet in book.worksheets:
            for _row in sheet.iter_rows(values_only=True):
                pass
        least = min(least, 1000 * (time.process_time() - since))
    return least


def render_warm(paths: list[Path], started: Any, told: Any) -> None:
    """Render sites with PDF and JSON in this process once everything is warm; tell their seconds and CPU seconds."""
    catalogue, options = load_catalogue(), AuditOptions(as_of=AS_OF, as_of_is_today=False)
    engine, plan = Engine(catalogue=catalogue, as_of=AS_OF), IntakePlan(catalogue=catalogue, as_of=AS_OF)

    def one(workbook: bytes) -> None:
        audit = audit_bytes(workbook, "a.xlsx", catalogue, options, engine=engine, plan=plan)
        render(audit, catalogue, workbook, options, ("json", "pdf"))

    workbooks = [path.read_bytes() for path in paths]
    one(workbooks[0])
    started.wait()
    start, cpu = time.perf_counter(), time.process_time()
    for workbook in workbooks:
        one(workbook)
    told.put((time.perf_counter() - start, time.process_time() - cpu))


def warm_renders(folder: Path, processes: int) -> tuple[float, float]:
    """Render every workbook of a folder in warm processes, all at work at once; gives seconds and CPU seconds.

    This is what the run itself is measured by: rendering alone, in which cores that share their parts slow each other.
    """
    paths = sorted(folder.glob("*.xlsx"))
    context = multiprocessing.get_context("spawn")
    started, told = context.Barrier(processes), context.Queue()
    workers = [context.Process(target=render_warm, args=(paths[n::processes], started, told)) for n in range(processes)]
    for worker in workers:
        worker.start()
    found = [told.get() for _ in workers]
    for worker in workers:
        worker.join()
    return max(seconds for seconds, _ in found), sum(cpu for _, cpu in found)


def cpu_of(pids: Iterable[int]) -> float:
    """Add up the CPU seconds of processes and all that came of them (Linux)."""
    total = 0.0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            tasks = Path(f"/proc/{pid}/task").glob("*/children")
            below = [int(child) for task in tasks for child in task.read_text().split()]
        except OSError:
            continue
        total += sum(map(int, fields[11:15])) / _TICKS + cpu_of(below)
    return total


@contextmanager
def dask(workers: int) -> Iterator[tuple[str, list[int]]]:
    """Start a scheduler and workers on the loopback address; gives its address and their process ids."""
    address = "tcp://127.0.0.1:8799"
    scheduler = ["scheduler", "--host", "127.0.0.1", "--port", "8799", "--no-dashboard"]
    worker = ["worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    with tempfile.TemporaryDirectory() as local:
        commands = [scheduler, *([*worker, "--local-directory", f"{local}/{n}"] for n in range(workers))]
        started = [
            subprocess.Popen([sys.executable, "-m", f"distributed.cli.dask_{c[0]}", *c[1:]], stderr=subprocess.DEVNULL)
            for c in commands
        ]
        try:
            time.sleep(10)
            yield address, [process.pid for process in started]
        finally:
            for process in started:
                process.kill()
                process.wait()


def json_runs(folder: Path, out: Path, sites: int, cores: int) -> dict[str, float]:
    """Run everything but rendering, then once more unchanged, and say what each takes."""
    first = batch(folder, out, "--format", "json")
    again = batch(folder, out, "--format", "json")
    rolled = roll_up_again(out)
    print(f"json, {sites} sites: {shown(first)}")
    print(f"  of that the roll-up: {shown(rolled)}")
    apart = first["seconds"] - rolled["seconds"]
    cpu = first["driver_cpu"] + first["children_cpu"] - rolled["driver_cpu"] - rolled["children_cpu"]
    print(
        f"  {sites / first['seconds'] / cores:.2f} sites/s/core, without roll-up {sites / apart / cores:.2f}, ", end=""
    )
    print(f"{sites / cpu:.2f} sites per CPU second")
    print(f"  again, unchanged: {shown(again)}")
    return {**first, "apart": apart, "cpu": cpu}


def pdf_run(folder: Path, out: Path, sites: int, cores: int) -> dict[str, float]:
    """Run with PDF and JSON and compare with the time of warm renders alone."""
    warm = warm_renders(folder, cores)
    made = batch(folder, out, "--format", "pdf", "--format", "json")
    rolled = roll_up_again(out)
    apart = made["seconds"] - rolled["seconds"]
    cpu = made["driver_cpu"] + made["children_cpu"] - rolled["driver_cpu"] - rolled["children_cpu"]
    print(f"pdf and json, {sites} sites: {shown(made)}; roll-up {rolled['seconds']:.1f} s")
    print(f"  warm renders of them in {cores} processes: {warm[0]:.1f} s, {warm[1]:.1f} CPU s; ", end="")
    print(f"time of warm renders {made['seconds'] / warm[0]:.2f}, without roll-up {apart / warm[0]:.2f}, ", end="")
    print(f"CPU without roll-up {cpu / warm[1]:.2f}")
    return {**made, "apart": apart, "cpu": cpu}


def dask_run(
    folder: Path, out: Path, sites: int, cores: int, local: dict[str, float], formats: tuple[str, ...]
) -> None:
    """Run on Dask and compare with the local run of the same sites, both without the roll-up."""
    asked = [part for form in formats for part in ("--format", form)]
    with dask(cores) as (address, pids):
        before = cpu_of(pids)
        far = batch(folder, out, *asked, "--scheduler", address)
        cluster = cpu_of(pids) - before
    rolled = roll_up_again(out)
    seconds = far["seconds"] - rolled["seconds"]
    cpu = far["driver_cpu"] + far["children_cpu"] + cluster - rolled["driver_cpu"] - rolled["children_cpu"]
    print(f"dask, {cores} workers, {sites} sites, {' and '.join(formats)}: {shown(far)}, cluster CPU {cluster:.1f} s")
    print(f"  of local: time {seconds / local['apart']:.2f}, CPU {cpu / local['cpu']:.2f}")


def main() -> None:
    """Print the figures, a line or two for each part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--pdf-sites", type=int, default=40)
    parser.add_argument("--no-dask", action="store_true")
    parser.add_argument("--no-pdf", action="store_true")
    parser.add_argument("--full", action="store_true", help="1000 and 5000 sites, to compare memory and time")
    arguments = parser.parse_args()
    cores, sites, catalogue = usable_cores(), arguments.sites, load_catalogue()
    print(f"cartaudit {__version__}, {date.today()}, {cores} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        write_network(catalogue, root / "in", sites, 1, __version__)
        workbook = (root / "in" / "site_00001.xlsx").read_bytes()
        print(f"one plain pass of openpyxl: {plain_pass(workbook):.0f} CPU ms")
        parts = stages(catalogue, [(root / "in" / f"site_{n:05}.xlsx").read_bytes() for n in range(1, 11)])
        total = sum(parts.values())
        print("one site, CPU ms: " + ", ".join(f"{k} {v:.0f}" for k, v in parts.items()) + f", all {total:.0f}")
        local = json_runs(root / "in", root / "out", sites, cores)
        if not arguments.no_dask:
            dask_run(root / "in", root / "far", sites, cores, local, ("json",))
        if not arguments.no_pdf:
            write_network(catalogue, root / "pdf", arguments.pdf_sites, 1, __version__)
            local = pdf_run(root / "pdf", root / "pdfout", arguments.pdf_sites, cores)
            if not arguments.no_dask:
                dask_run(root / "pdf", root / "pdffar", arguments.pdf_sites, cores, local, ("pdf", "json"))
        for number in sorted({1000, 5000} - {sites}) if arguments.full else ():
            write_network(catalogue, root / f"in{number}", number, 1, __version__)
            json_runs(root / f"in{number}", root / f"out{number}", number, cores)
            shutil.rmtree(root / f"out{number}")


if __name__ == "__main__":
    main()
