"""Results of pure functions, kept for the short texts met last: workbooks of one template share most of theirs."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

_Written = TypeVar("_Written", str, bytes)
_Result = TypeVar("_Result")


def kept(*, entries: int, longest: int) -> Callable[[Callable[[_Written], _Result]], Callable[[_Written], _Result]]:
    """Keep a pure function's results for so many texts at most, none longer than that, so that memory is bounded."""

    def keeping(function: Callable[[_Written], _Result]) -> Callable[[_Written], _Result]:
        short = lru_cache(maxsize=entries)(function)

        @wraps(function)
        def of_written(written: _Written) -> _Result:
            return short(written) if len(written) <= longest else function(written)

        return of_written

    return keeping
