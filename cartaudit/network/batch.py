"""The driver: what is done already, who does the rest, and what came of each."""

import functools
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from dataclasses import dataclass, field
from pathlib import Path

from cartaudit.model.problem_codes import problem
from cartaudit.network.executors import drive, drive_far, unpack
from cartaudit.network.finding import Site
from cartaudit.network.job import Done, Job, Outcome, Setup
from cartaudit.network.regular import open_regular
from cartaudit.network.slots import Limits
from cartaudit.network.state import Record, is_current, job_key, read_record, write_done
from cartaudit.workbook import DEFAULT

_AHEAD = 2

_Asked = tuple[Site, str, str, Job]
"""A site that is being done, its key, the SHA-256 of its workbook, and its job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One finished site: the outcome, and whether it was taken over from an earlier run.

    `set_aside` names files that were changed since they were written and were made again, see `placing.put`.
    """

    site: Site
    outcome: Outcome
    reused: bool
    set_aside: tuple[str, ...] = ()


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
    finish = functools.partial(_finish, out, on_done, force=force)
    parcel: list[_Asked] = []
    for site in sites:
        workbook, sha256, unread = _read_workbook(site)
        key = job_key(digest, site.file, unread.message if unread else sha256)
        record = None if force else read_record(out, site.name)
        if record is not None and record.file == site.file and is_current(out, record, key):
            on_done(Progress(site=site, outcome=record.outcome, reused=True))
            yield record
        elif unread is not None:
            yield finish(site, key, sha256, unread)
        else:
            parcel.append((site, key, sha256, Job(name=site.file, workbook=workbook)))
        if len(parcel) == together:
            way.send(parcel)
            parcel = []
        if len(way.running) >= slots * _AHEAD:
            yield from (finish(*asked[:3], done) for asked, done in way.collect())
    if parcel:
        way.send(parcel)
    while way.running:
        yield from (finish(*asked[:3], done) for asked, done in way.collect())


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
        jobs = tuple(asked[-1] for asked in parcel)
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
    return sorted(sites, key=lambda site: -_size(site))


def _size(site: Site) -> int:
    try:
        return 0 if site.fault else site.path.stat().st_size
    except OSError:
        return 0


def _read_workbook(site: Site) -> tuple[bytes, str, Done | None]:
    """Read a workbook and its SHA-256; what cannot be read, or is too large to be sent about, is rejected here."""
    if site.fault:
        return b"", "", Done(outcome=Outcome.REJECTED, message=site.fault)
    limit = DEFAULT.file_bytes
    try:
        with open_regular(site.path) as stream:
            data = stream.read(limit + 1)
            size = os.fstat(stream.fileno()).st_size
    except OSError as error:
        text = f"The file could not be read ({error.strerror or error}). Check that it is there and may be read."
        return b"", "", Done(outcome=Outcome.REJECTED, message=text)
    if len(data) > limit:
        fault = problem("CA112", size=str(max(size, limit + 1)), limit=str(limit))
        return b"", "", Done(outcome=Outcome.REJECTED, message=str(fault))
    return data, hashlib.sha256(data).hexdigest(), None


def _finish(
    out: Path, on_done: Callable[[Progress], None], site: Site, key: str, sha256: str, done: Done, *, force: bool
) -> Record:
    record, set_aside = write_done(out, site.name, key, site.file, sha256, done, force=force)
    on_done(Progress(site=site, outcome=done.outcome, reused=False, set_aside=set_aside))
    return record
