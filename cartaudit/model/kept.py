"""Results of pure functions, kept for the short texts met last: workbooks of one template share most of theirs."""

from collections.abc import Callable
from typing import TypeVar

_Written = TypeVar("_Written", str, bytes)
_Result = TypeVar("_Result")


class _Kept(dict[_Written, _Result]):
    """The results by text: those of the texts met last, and of those met before them, in two halves."""

    def __init__(self, function: Callable[[_Written], _Result], entries: int, longest: int) -> None:
        self._function: Callable[[_Written], _Result] = function
        self._half = entries // 2
        self._longest = longest
        self._earlier: dict[_Written, _Result] = {}

    def __missing__(self, text: _Written) -> _Result:
        earlier = self._earlier
        found = earlier[text] if text in earlier else self._function(text)
        if len(text) <= self._longest:
            if len(self) >= self._half:
                self._earlier = dict(self)
                self.clear()
            self[text] = found
        return found


def keeping(*, entries: int, longest: int) -> Callable[[Callable[[_Written], _Result]], Callable[[_Written], _Result]]:
    """Keep a pure function's results for so many texts at most, none longer than that, so that memory is bounded.

    The lookup is that of a dictionary, without a call of a Python function: a workbook asks ten thousand times.
    """
    return lambda function: _Kept(function, entries, longest).__getitem__
