"""Where jobs run: any `concurrent.futures.Executor`; threads on this machine, or the workers of a Dask cluster."""

import contextlib
import importlib.metadata
import os
import pickle
import platform
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from cartaudit import __version__
from cartaudit.errors import CartauditError
from cartaudit.network.house import unpack_house
from cartaudit.network.job import Done, Job, Outcome, Setup
from cartaudit.network.slots import Limits, Slots

_LIBRARIES = ("openpyxl", "cerberus", "weasyprint", "jinja2", "pikepdf")
_TRIES = 10

_slots: dict[Limits, Slots] = {}
_slots_lock = threading.Lock()


def drive(setup: Setup, jobs: Sequence[Job], limits: Limits) -> list[Done]:
    """Do jobs one after the other in children of this process; this is what every executor is given.

    The children outlive the call, so the process keeps them, one set for each set of limits. A Dask worker may be
    given jobs by any number of drivers, and there is no other place that lives as long as the process does.
    """
    try:
        setup = _at_home(setup)
    except OSError as error:
        fault = f"the house style could not be unpacked where the job runs: {error.strerror or error}"
        return [Done(outcome=Outcome.CRASHED, message=fault) for _ in jobs]
    return [_drive_one(setup, job, limits) for job in jobs]


def drive_far(setup: Setup, jobs: Sequence[Job], limits: Limits) -> list[bytes]:
    """Do the same and pack each answer, see `unpack`: a cluster looks through objects, not through bytes."""
    return [pickle.dumps(done, protocol=pickle.HIGHEST_PROTOCOL) for done in drive(setup, jobs, limits)]


def unpack(answer: Done | bytes) -> Done:
    """Give an answer of `drive`, or of `drive_far`."""
    done: Done = pickle.loads(answer) if isinstance(answer, bytes) else answer
    return done


def _at_home(setup: Setup) -> Setup:
    """Put the house style of a setup into a folder of this machine, and say where."""
    folder = unpack_house(setup.house)
    return setup if folder is None else replace(setup, house=(), template_dir=str(folder))


def _drive_one(setup: Setup, job: Job, limits: Limits) -> Done:
    try:
        return _slots_for(limits).do(setup, job)
    except Exception as error:
        return Done(outcome=Outcome.CRASHED, message=f"{type(error).__name__}: {error}"[:500])


def start_children(limits: Limits, count: int) -> None:
    """Start children that will be given jobs soon."""
    _slots_for(limits).start(count)


def start_workers_children(client: Any, limits: Limits) -> None:
    """Start a child for each thread of each Dask worker; what fails there is told by the first job."""
    client.run(_start_for, limits, on_error="ignore")


def _start_for(limits: Limits, dask_worker: Any = None) -> None:
    start_children(limits, dask_worker.state.nthreads)


def _slots_for(limits: Limits) -> Slots:
    with _slots_lock:
        return _slots.setdefault(limits, Slots(limits))


def end_children() -> None:
    """End all children of this process."""
    with _slots_lock:
        for slots in _slots.values():
            slots.close()
        _slots.clear()


def usable_cores() -> int:
    """Count the processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def versions() -> Mapping[str, str]:
    """Give the versions on which the bytes of a report depend."""
    libraries = {name: importlib.metadata.version(name) for name in _LIBRARIES}
    return {"cartaudit": __version__, "python": ".".join(platform.python_version_tuple()[:2]), **libraries}


@contextlib.contextmanager
def local_executor(jobs: int) -> Iterator[Executor]:
    """Give threads on this machine, each driving its own child process; on the way out no child is left."""
    executor = ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="slot")
    try:
        yield executor
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        _end_with_children(executor)


def _end_with_children(executor: ThreadPoolExecutor) -> None:
    """End the children until no thread is left that could start one: a thread may just be taking up a last job."""
    ended = threading.Event()

    def wait() -> None:
        executor.shutdown(wait=True)
        ended.set()

    threading.Thread(target=wait, daemon=True).start()
    end_children()
    while not ended.wait(0.05):
        end_children()
    end_children()


@contextlib.contextmanager
def dask_executor(address: str) -> Iterator[tuple[Executor, int, Any]]:
    """Give the executor of a Dask cluster, its slots and its client. Raises CartauditError when it cannot be used."""
    try:
        import distributed
    except ImportError as error:
        raise CartauditError(
            "--scheduler needs Dask. Install it here and on the workers: pip install 'cartaudit[cluster]'."
        ) from error
    try:
        client: Any = _client(distributed, address)
    except (OSError, ValueError) as error:
        raise CartauditError(
            f"{address}: no Dask scheduler answers there. Start one, or leave --scheduler out."
        ) from error
    try:
        slots = sum(client.nthreads().values())
        if not slots:
            raise CartauditError(
                f"{address}: the scheduler has no workers. Start at least one 'dask worker {address}'."
            )
        refuse_mismatch(versions(), client.run(versions, on_error="return"))
        yield client.get_executor(pure=False, retries=_TRIES), slots, client
    finally:
        client.close()


def _client(distributed: Any, address: str) -> Any:
    return distributed.Client(address, timeout="10s", set_as_default=False)


def refuse_mismatch(own: Mapping[str, str], workers: Mapping[str, Any]) -> None:
    """Refuse workers that do not run what the driver runs; a worker that lacks cartaudit answers with an exception.

    Raises CartauditError that names each worker and difference.
    """
    faults = []
    for address, theirs in sorted(workers.items()):
        if not isinstance(theirs, Mapping):
            faults.append(f"{address} cannot import it ({theirs})")
            continue
        different = [
            f"{name} {theirs.get(name, 'missing')} not {own[name]}" for name in own if theirs.get(name) != own[name]
        ]
        if different:
            faults.append(f"{address} has {', '.join(different)}")
    if faults:
        raise CartauditError(f"The workers must run the same cartaudit as this machine: {'; '.join(faults)}.")
