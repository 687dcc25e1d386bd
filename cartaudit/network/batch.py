"""The driver: which workbooks, what is done already, who does the rest, and what came of each."""

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from dataclasses import dataclass, field
from pathlib import Path

from cartaudit.model.problem_codes import problem
from cartaudit.network.executors import drive, drive_far, unpack
from cartaudit.network.job import Done, Job, Outcome, Setup
from cartaudit.network.slots import Limits
from cartaudit.network.state import Record, is_current, job_key, read_record, write_done
from cartaudit.workbook.reading.limits import DEFAULT

SUFFIXES = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods", ".csv"})
"""What counts as a workbook in a folder; those that cannot be read are rejected by name, never skipped."""

_AHEAD = 2
_STEM_LIMIT = 120
_RESERVED = ("network", "batch")

_Asked = tuple["Site", str, Job]
"""A site that is being done, its key, and its job."""


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


def find_sites(paths: Sequence[Path], out: Path | None = None) -> tuple[tuple[Site, ...], tuple[str, ...]]:
    """List the workbooks in folders and files, sorted by name, and the files in folders that are no workbooks.

    What lies in the output folder `out` is not looked at, unless it is named itself.
    """
    files: dict[str, str] = {}
    other: list[str] = []
    folders = [path for path in paths if path.is_dir()]
    for path in paths:
        if not path.is_dir():
            files.setdefault(str(path.absolute()), _shown(path.name))
            continue
        prefix = f"{path.resolve().name}/" if len(folders) > 1 else ""
        for found in sorted(_visible_files(path, out)):
            name = prefix + _shown(found.relative_to(path).as_posix())
            if found.suffix.lower() in SUFFIXES and not found.name.startswith("~$"):
                files.setdefault(str(found.absolute()), name)
            else:
                other.append(name)
    shown = Counter(files.values())
    named = {path: name if shown[name] == 1 else _shown(path) for path, name in files.items()}
    stems = Counter(_stem(name).casefold() for name in named.values())
    sites = [Site(path=Path(p), file=name, name=_output_name(name, stems)) for p, name in named.items()]
    return tuple(sorted(sites, key=lambda s: (s.name, s.file))), tuple(sorted(other))


def _visible_files(folder: Path, out: Path | None) -> Iterator[Path]:
    """List the files below a folder; hidden ones and those of the output folder stay out."""
    left_out = out.resolve() if out is not None else None
    for place, folders, files in os.walk(folder):
        here = Path(place)
        folders[:] = [f for f in folders if not f.startswith(".") and (here / f).resolve() != left_out]
        yield from (here / f for f in files if not f.startswith(".") and (here / f).is_file())


def _shown(name: str) -> str:
    """Make a file name printable that is not valid text on this system."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _stem(name: str) -> str:
    return Path(name).stem


def _output_name(name: str, stems: Counter[str]) -> str:
    """Name the outputs after the workbook; a hash of its name tells apart what would else meet, and shortens."""
    stem = _stem(name)
    plain = stems[stem.casefold()] == 1 and stem.casefold() not in _RESERVED and len(stem.encode()) <= _STEM_LIMIT
    short = stem.encode()[:_STEM_LIMIT].decode("utf-8", "ignore")
    return stem if plain else f"{short}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def run_sites(
    sites: Iterable[Site],
    out: Path,
    digest: str,
    setup: Callable[[], Setup],
    executor: Executor,
    slots: int,
    limits: Limits,
    *,
    together: int = 1,
    far: bool = False,
    force: bool = False,
    on_done: Callable[[Progress], None] = lambda _: None,
) -> Iterator[Record]:
    """Do every site that is not done already and give the records as they come; memory does not grow with the number.

    `digest` names the setup, which is made only when there is something to do. `together` jobs are sent at once: more
    than one where sending takes long beside the job; `far` says that they leave this machine. Each job's files are
    written here, by the driver. Raises OSError when the output folder cannot be written.
    """
    way = _Way(executor=executor, setup=setup, limits=limits, far=far)
    parcel: list[_Asked] = []
    for site in sites:
        workbook, sha256, unread = _read_workbook(site.path)
        key = job_key(digest, site.file, sha256)
        record = None if force else read_record(out, site.name)
        if record is not None and record.file == site.file and is_current(out, record, key):
            on_done(Progress(site=site, outcome=record.outcome, reused=True))
            yield record
        elif unread is not None:
            yield _finish(out, site, key, unread, on_done)
        else:
            parcel.append((site, key, Job(name=site.file, workbook=workbook)))
        if len(parcel) == together:
            way.send(parcel)
            parcel = []
        if len(way.running) >= slots * _AHEAD:
            yield from (_finish(out, site, key, done, on_done) for (site, key, _), done in way.collect())
    if parcel:
        way.send(parcel)
    while way.running:
        yield from (_finish(out, site, key, done, on_done) for (site, key, _), done in way.collect())


@dataclass(slots=True, kw_only=True)
class _Way:
    """Parcels of jobs on their way through an executor."""

    executor: Executor
    setup: Callable[[], Setup]
    limits: Limits
    far: bool
    running: dict[Future[Sequence[Done | bytes]], list[_Asked]] = field(default_factory=dict)

    def send(self, parcel: list[_Asked]) -> None:
        """Send some jobs at once."""
        jobs = tuple(job for _, _, job in parcel)
        function: Callable[[Setup, Sequence[Job], Limits], Sequence[Done | bytes]] = drive_far if self.far else drive
        self.running[self.executor.submit(function, self.setup(), jobs, self.limits)] = parcel

    def collect(self) -> Iterator[tuple[_Asked, Done]]:
        """Wait for a parcel and give what came of its jobs; of one that was lost each job is sent again alone.

        A job that was lost alone is a crash of that job, not of the run.
        """
        finished, _ = wait(self.running, return_when=FIRST_COMPLETED)
        for future in finished:
            parcel = self.running.pop(future)
            try:
                answers = [unpack(answer) for answer in future.result()]
                yield from zip(parcel, answers, strict=True)
            except CancelledError:
                done = Done(outcome=Outcome.CRASHED, message="the job was cancelled where it ran")
                yield from ((asked, done) for asked in parcel)
            except Exception as error:
                if len(parcel) > 1:
                    for asked in parcel:
                        self.send([asked])
                else:
                    yield parcel[0], Done(outcome=Outcome.CRASHED, message=f"{type(error).__name__}: {error}"[:500])


def largest_first(sites: Iterable[Site]) -> list[Site]:
    """Order sites so that no long job begins when the other slots have run out of work; size stands for time."""
    return sorted(sites, key=lambda site: -_size(site.path))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _read_workbook(path: Path) -> tuple[bytes, str, Done | None]:
    """Read a workbook and its SHA-256; what cannot be read, or is too large to be sent about, is rejected here."""
    try:
        if path.stat().st_size > DEFAULT.file_bytes:
            fault = problem("CA112", size=str(path.stat().st_size), limit=str(DEFAULT.file_bytes))
            with path.open("rb") as stream:
                sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
            return b"", sha256, Done(outcome=Outcome.REJECTED, message=str(fault), summary={"sha256": sha256})
        data = path.read_bytes()
    except OSError as error:
        text = f"The file could not be read ({error.strerror or error}). Check that it is there and may be read."
        return b"", "", Done(outcome=Outcome.REJECTED, message=text)
    return data, hashlib.sha256(data).hexdigest(), None


def _finish(out: Path, site: Site, key: str, done: Done, on_done: Callable[[Progress], None]) -> Record:
    record = write_done(out, site.name, key, site.file, done)
    on_done(Progress(site=site, outcome=done.outcome, reused=False))
    return record
