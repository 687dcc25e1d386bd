"""Time whole runs over synthetic sites: everything but rendering, PDF beside a warm render, resume, memory, Dask.

Run `python benchmarks/network.py --sites 200` on a machine with nothing else to do. All measures are of one run;
trust the ratios.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from cartaudit import __version__
from cartaudit.assess import Engine
from cartaudit.intake import parse_submission
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
print(json.dumps({"code": code, "seconds": time.perf_counter() - start,
    "driver_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    "largest_child_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024}))
"""


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


def stages(catalogue: Catalogue, workbook: bytes, rounds: int = 5) -> dict[str, float]:
    """Give the least CPU milliseconds of each stage of one site, warm."""
    options = AuditOptions(as_of=AS_OF, as_of_is_today=False)
    engine = Engine(catalogue=catalogue, as_of=AS_OF)
    best: dict[str, float] = {}

    def note(name: str, since: float) -> float:
        now = time.process_time()
        best[name] = min(best.get(name, 1e9), 1000 * (now - since))
        return now

    for _ in range(rounds):
        clock = time.process_time()
        cells = read_cells(workbook, "a.xlsx")
        clock = note("read", clock)
        if isinstance(cells, Rejected):
            raise SystemExit("the synthetic workbook was rejected")
        submission = parse_submission(cells, catalogue, AS_OF, None)
        clock = note("intake", clock)
        if isinstance(submission, Rejected):
            raise SystemExit("the synthetic workbook was rejected")
        audit = judge(submission, catalogue, options, engine)
        clock = note("judge", clock)
        render(audit, catalogue, workbook, options, ("json",))
        note("json", clock)
    return best


def warm_render(catalogue: Catalogue, workbook: bytes) -> float:
    """Give the seconds of one PDF of an audited site, with the renderer warm; the audit itself is counted in."""
    options = AuditOptions(as_of=AS_OF, as_of_is_today=False)
    engine = Engine(catalogue=catalogue, as_of=AS_OF)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        audit = audit_bytes(workbook, "a.xlsx", catalogue, options, engine=engine)
        render(audit, catalogue, workbook, options, ("pdf",))
        times.append(time.perf_counter() - start)
    return min(times)


@contextmanager
def dask(workers: int) -> Iterator[str]:
    """Start a scheduler and workers on the loopback address."""
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
            yield address
        finally:
            for process in started:
                process.kill()
                process.wait()


def main() -> None:
    """Print a table of figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--pdf-sites", type=int, default=20)
    parser.add_argument("--no-dask", action="store_true")
    arguments = parser.parse_args()
    cores, sites, catalogue = usable_cores(), arguments.sites, load_catalogue()
    print(f"cartaudit {__version__}, {date.today()}, {cores} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        write_network(catalogue, root / "in", sites, 1, __version__)
        write_network(catalogue, root / "pdf", arguments.pdf_sites, 1, __version__)
        workbook = (root / "in" / "site_00001.xlsx").read_bytes()
        parts = stages(catalogue, workbook)
        total = sum(parts.values())
        print("one site, CPU ms: " + ", ".join(f"{k} {v:.0f}" for k, v in parts.items()) + f", all {total:.0f}")
        local = batch(root / "in", root / "out", "--format", "json")
        rate = sites / local["seconds"] / cores
        print(f"json, {sites} sites: {local['seconds']:.1f} s, {rate:.2f} sites/s/core; {local}")
        again = batch(root / "in", root / "out", "--format", "json")
        print(f"again, unchanged: {again['seconds']:.1f} s")
        one = warm_render(catalogue, workbook)
        pdf = batch(root / "pdf", root / "pdfout", "--format", "pdf")
        ideal = one * arguments.pdf_sites / cores
        print(f"pdf, {arguments.pdf_sites} sites: {pdf['seconds']:.1f} s; warm {one:.2f} s a site, ideal {ideal:.1f} s")
        if not arguments.no_dask:
            with dask(cores) as address:
                far = batch(root / "in", root / "far", "--format", "json", "--scheduler", address)
            print(f"dask, {cores} workers: {far['seconds']:.1f} s, {far['seconds'] / local['seconds']:.2f} of local")


if __name__ == "__main__":
    main()
