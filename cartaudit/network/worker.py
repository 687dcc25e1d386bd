"""The child process that does the jobs of one slot: reads frames, runs jobs, answers frames."""

import contextlib
import faulthandler
import gc
import importlib
import os
import select
import sys
import threading
from collections.abc import Callable
from typing import Any

from cartaudit.network.frames import read_frame, write_frame
from cartaudit.network.job import Done, Job, Outcome, Setup

GRACE_SECONDS = 15
"""How long after its time limit a child ends itself, when no parent is left to end it."""

_LEFT_AT = 50_000
"""Objects that jobs may leave before garbage is looked for, between two jobs; one of JSON leaves some 50."""

_GARBAGE_AT = 1_000_000
"""Objects made within one job before garbage is looked for all the same. A workbook of 250 questions makes some 8 000
that last; looking through them again and again, as Python does by itself, is some per cent of its time for nothing."""

IDLE_SECONDS = 60.0
"""How long a child waits for its next job before it ends, so that no cluster keeps the children of a finished run."""


def main() -> None:
    """Serve jobs until the pipe closes. Arguments: module:function of the job, time limit (s), memory limit (MB)."""
    function, time_limit, memory_limit = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not stand between two frames
    limit_memory(memory_limit)
    _follow_parent()
    run, prepare = _load(function)
    gc.set_threshold(_GARBAGE_AT, 10, 10)
    with contextlib.suppress(Exception):  # what cannot be loaded is told by the first job
        prepare()
    setups: dict[str, Setup] = {}
    with contextlib.suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        while _has_work():
            setup, digest, job = read_frame(sys.stdin.buffer)
            if setup is not None:
                setups = {setup.digest: setup}
            faulthandler.dump_traceback_later(time_limit + GRACE_SECONDS, exit=True)
            done = _attempt(run, setups[digest], job)
            faulthandler.cancel_dump_traceback_later()
            write_frame(answers, done)
            del job, done
            tidy()


def tidy() -> None:
    """Drop the garbage of the jobs so far where it may be much; what is left serves all jobs, unsearched."""
    if gc.get_count()[0] > _LEFT_AT:
        gc.collect()
        gc.freeze()


def _follow_parent() -> None:
    """End this process at once when its parent is gone; where pipes cannot be polled, the next read ends it."""
    if not hasattr(select, "poll"):
        return
    poll = select.poll()
    poll.register(0, 0)  # asks for nothing but the hang-up, which is always told

    def watch() -> None:
        poll.poll()
        os._exit(0)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def _has_work() -> bool:
    """Wait for the next job; False when none came for long. The parent sends one at a time, so nothing is buffered."""
    return sys.platform == "win32" or bool(select.select([0], [], [], IDLE_SECONDS)[0])


def _attempt(run: Callable[[Setup, Job], Done], setup: Setup, job: Job) -> Done:
    """Run one job; whatever it raises becomes an outcome, only the memory limit also ends the child."""
    try:
        return run(setup, job)
    except MemoryError:
        return Done(outcome=Outcome.CRASHED, message="needed more memory than allowed (--memory-limit)")
    except Exception as error:
        return Done(outcome=Outcome.CRASHED, message=f"{type(error).__name__}: {error}"[:500])


def limit_memory(megabytes: int) -> bool:
    """Bound this process's address space where the system can (Linux); tell whether it could. 0 means no bound."""
    if not megabytes or not sys.platform.startswith("linux"):
        return False
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, megabytes * 2**20))
    return True


def _load(name: str) -> tuple[Callable[[Setup, Job], Done], Callable[[], None]]:
    """Import a job's function, and the `prepare` beside it where there is one."""
    module, _, attribute = name.partition(":")
    found: Any = importlib.import_module(module)
    return getattr(found, attribute), getattr(found, "prepare", lambda: None)


if __name__ == "__main__":
    main()
