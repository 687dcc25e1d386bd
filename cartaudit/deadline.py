"""A bound on the time of code we did not write: a template of a house style that loops without end."""

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class TooLongError(Exception):
    """The code within a deadline took longer than it may."""

    def __str__(self) -> str:
        """Say it for a message."""
        return "it takes too long, as a loop in a loop does"


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise TooLongError in this thread, between two steps of Python code, once the time is over.

    It works in any thread and on any system; a single call into C is not interrupted.
    """
    thread, over = threading.get_ident(), threading.Event()

    def strike() -> None:
        if not over.is_set():
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(TooLongError))

    timer = threading.Timer(seconds, strike)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        over.set()
        timer.cancel()
