"""Jobs that end their process in nine ways, chosen by what the workbook's bytes say; run inside worker children."""

import os
import re
import signal
import sys
import threading
import time
from pathlib import Path

from cartaudit.network.job import Done, Job, Outcome, Setup

KILLERS = {
    b"os._exit": Outcome.CRASHED,
    b"segfault": Outcome.CRASHED,
    b"sleep": Outcome.TIMED_OUT,
    b"sigkill": Outcome.CRASHED,
    b"sys.exit": Outcome.CRASHED,
    b"unpicklable": Outcome.CRASHED,
    b"regex": Outcome.TIMED_OUT,
    b"ValueError": Outcome.CRASHED,
    b"MemoryError": Outcome.CRASHED,
}


class UnpicklableError(Exception):
    """An exception that holds a lock, which no pickle can carry."""

    def __init__(self) -> None:
        super().__init__("holds a lock")
        self.lock = threading.Lock()


def run(setup: Setup, job: Job) -> Done:
    """Do what the workbook says: die in its way, or answer with its own bytes."""
    word = job.workbook
    if word == b"os._exit":
        os._exit(7)
    elif word == b"segfault":
        import ctypes

        ctypes.string_at(0)
    elif word == b"sleep":
        time.sleep(3600)
    elif word == b"sigkill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif word == b"sys.exit":
        sys.exit(3)
    elif word == b"unpicklable":
        raise UnpicklableError
    elif word == b"regex":
        re.match(r"(a+)+$", "a" * 40 + "b")
    elif word == b"ValueError":
        raise ValueError("not a number")
    elif word == b"MemoryError":
        bytearray(1 << 60)
    elif word == b"gigabyte":
        bytearray(1 << 30)
    elif word == b"pid":
        word = str(os.getpid()).encode()
    elif word.startswith(b"once "):
        mark = Path(os.fsdecode(word[5:]))
        if not mark.exists():
            mark.touch()
            os._exit(9)
    elif word.startswith(b"slow "):
        time.sleep(float(word[5:].split()[0]))
    print("a library prints something")  # noqa: T201 - must not disturb the pipes
    return Done(outcome=Outcome.AUDITED, summary={"word": word.decode()}, files={"json": word})
