"""Driving worker children: one child per slot, replaced after a crash, a hang, and every so many jobs."""

import contextlib
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cartaudit.network.frames import read_frame, write_frame
from cartaudit.network.job import Done, Job, Outcome, Setup

JOBS_PER_CHILD = 200
RUN_JOB = "cartaudit.network.job:run_job"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one job may take: seconds of time, and megabytes of address space where the system can bound it."""

    seconds: float = 120.0
    megabytes: int = 0
    function: str = RUN_JOB


class Child:
    """One worker process and the pipes to it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._setup = ""
        self.jobs = 0
        command = [sys.executable, "-m", "cartaudit.network.worker", limits.function]
        command += [str(limits.seconds), str(limits.megabytes)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
        )

    def run(self, setup: Setup, job: Job) -> Done:
        """Do one job within the limits; a child that dies or hangs is an outcome."""
        late = threading.Event()
        timer = threading.Timer(self._limits.seconds, self._end_late, (late,))
        timer.daemon = True
        timer.start()
        try:
            known = self._setup == setup.digest
            write_frame(self._pipe(self._process.stdin), (None if known else setup, setup.digest, job))
            done: Done = read_frame(self._pipe(self._process.stdout))
        except (EOFError, OSError):
            timer.cancel()
            if late.is_set():
                text = f"took longer than {self._limits.seconds:g} s (--time-limit)"
                return Done(outcome=Outcome.TIMED_OUT, message=text)
            return Done(outcome=Outcome.CRASHED, message=f"the worker process ended ({self._cause()})")
        finally:
            timer.cancel()
        self._setup = setup.digest
        self.jobs += 1
        return done

    def alive(self) -> bool:
        """Tell whether the process still runs; one that had nothing to do for long has ended by itself."""
        return self._process.poll() is None

    def kill(self) -> None:
        """Kill the process; whoever waits for its answer sees it crash."""
        with contextlib.suppress(OSError):
            self._process.kill()

    def end(self) -> None:
        """Kill the process and close the pipes."""
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process.wait()

    def _end_late(self, late: threading.Event) -> None:
        late.set()
        self.kill()

    def _cause(self) -> str:
        code = self._process.wait()
        return f"signal {-code}" if code < 0 else f"exit code {code}"

    @staticmethod
    def _pipe(stream: Any) -> Any:
        if stream is None:
            raise OSError("no pipe to the worker")
        return stream


class Slots:
    """Idle children waiting for jobs; threads borrow one each. Close it to end all children."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._idle: queue.SimpleQueue[Child] = queue.SimpleQueue()
        self._busy: set[Child] = set()
        self._closed = threading.Event()

    def start(self, count: int) -> None:
        """Start children before there is work, so that they load while the driver does."""
        for _ in range(count):
            self._idle.put(Child(self._limits))

    def do(self, setup: Setup, job: Job) -> Done:
        """Do one job; a crash is tried once more in a fresh child before the file is blamed."""
        done = self._once(setup, job, fresh=False)
        if done.outcome is Outcome.CRASHED and not self._closed.is_set():
            done = self._once(setup, job, fresh=True)
        return done

    def _once(self, setup: Setup, job: Job, *, fresh: bool) -> Done:
        with self._borrowed(fresh) as child:
            return child.run(setup, job)

    @contextlib.contextmanager
    def _borrowed(self, fresh: bool) -> Iterator["_Borrowed"]:
        child = Child(self._limits) if fresh else self._rested()
        borrowed = _Borrowed(child)
        self._busy.add(child)
        try:
            yield borrowed
        finally:
            self._busy.discard(child)
            if borrowed.sound and child.jobs < JOBS_PER_CHILD and not self._closed.is_set():
                self._idle.put(child)
            else:
                child.end()

    def _rested(self) -> Child:
        """Take an idle child that still lives, or start one."""
        with contextlib.suppress(queue.Empty):
            while True:
                child = self._idle.get_nowait()
                if child.alive():
                    return child
                child.end()
        return Child(self._limits)

    def close(self) -> None:
        """End every child, also those at work: their jobs then count as crashed."""
        self._closed.set()
        for child in tuple(self._busy):
            child.kill()
        with contextlib.suppress(queue.Empty):
            while True:
                self._idle.get_nowait().end()


class _Borrowed:
    """A child on loan, which is sound as long as its last job neither crashed nor hung."""

    def __init__(self, child: Child) -> None:
        self._child = child
        self.sound = False

    def run(self, setup: Setup, job: Job) -> Done:
        done = self._child.run(setup, job)
        self.sound = done.outcome in (Outcome.AUDITED, Outcome.REJECTED)
        return done
