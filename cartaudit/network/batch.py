"""The driver: which workbooks, what is done already, who does the rest, and what came of each."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from pathlib import Path

from cartaudit.network.executors import drive
from cartaudit.network.job import Done, Job, Outcome, Setup
from cartaudit.network.slots import Limits
from cartaudit.network.state import Record, is_current, job_key, read_record, write_done

SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv"})
"""What counts as a workbook in a folder; those that cannot be read are rejected by name, never skipped."""

_AHEAD = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One workbook of the run: its path, the name the user knows it by, and the stem of its outputs."""

    path: Path
    file: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One finished site: the outcome, and whether it was taken over from an earlier run."""

    site: Site
    outcome: Outcome
    reused: bool


def find_sites(paths: Sequence[Path]) -> tuple[tuple[Site, ...], tuple[str, ...]]:
    """List the workbooks in folders and files, sorted by name, and the files in folders that are no workbooks."""
    files: dict[Path, str] = {}
    other: list[str] = []
    for path in paths:
        if path.is_dir():
            for found in sorted(p for p in path.rglob("*") if p.is_file() and not _hidden(p.relative_to(path))):
                if found.suffix.lower() in SUFFIXES and not found.name.startswith("~$"):
                    files.setdefault(found.resolve(), found.relative_to(path).as_posix())
                else:
                    other.append(found.relative_to(path).as_posix())
        else:
            files.setdefault(path.resolve(), path.name)
    stems = Counter(Path(name).stem.casefold() for name in files.values())
    sites = [Site(path=p, file=name, name=_stem(name, stems)) for p, name in files.items()]
    return tuple(sorted(sites, key=lambda s: (s.name, s.file))), tuple(other)


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _stem(name: str, stems: Counter[str]) -> str:
    """Name the outputs after the workbook; where two workbooks share a stem, a hash of the path tells them apart."""
    stem = Path(name).stem
    return stem if stems[stem.casefold()] == 1 else f"{stem}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def run_sites(
    sites: Iterable[Site],
    out: Path,
    setup: Setup,
    executor: Executor,
    slots: int,
    limits: Limits,
    *,
    force: bool = False,
    on_done: Callable[[Progress], None] = lambda _: None,
) -> Iterator[Record]:
    """Do every site that is not done already and give the records as they come; memory does not grow with the number.

    Each job's files are written here, by the driver. Raises OSError when the output folder cannot be written.
    """
    running: dict[Future[Done], tuple[Site, str]] = {}
    for site in sites:
        job = Job(name=site.file, workbook=site.path.read_bytes())
        key = job_key(setup, job)
        record = None if force else read_record(out, site.name)
        if record is not None and record.file == site.file and is_current(out, record, key):
            on_done(Progress(site=site, outcome=record.outcome, reused=True))
            yield record
            continue
        running[executor.submit(drive, setup, job, limits)] = (site, key)
        if len(running) >= slots * _AHEAD:
            yield from _collect(running, out, on_done)
    while running:
        yield from _collect(running, out, on_done)


def _collect(
    running: dict[Future[Done], tuple[Site, str]], out: Path, on_done: Callable[[Progress], None]
) -> Iterator[Record]:
    finished, _ = wait(running, return_when=FIRST_COMPLETED)
    for future in finished:
        site, key = running.pop(future)
        error = future.exception()
        done = future.result() if error is None else Done(outcome=Outcome.CRASHED, message=f"{error}"[:500])
        record = write_done(out, site.name, key, site.file, done)
        on_done(Progress(site=site, outcome=done.outcome, reused=False))
        yield record
