"""One line of a verification, what it says for or against a report, and what follows from all of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What came of one check. NOTE is no part of the report; NOT_COMPARED names a part of it that could not be."""

    HOLDS = "holds"
    FAILS = "fails"
    NOT_COMPARED = "not_compared"
    NOTE = "note"


class Outcome(StrEnum):
    """What a verification comes to."""

    HOLDS = "holds"
    DOES_NOT_HOLD = "does_not_hold"
    NOT_COMPARED = "not_compared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of a verification."""

    state: State
    text: str


def held(text: str) -> Check:
    """Say what was shown."""
    return Check(state=State.HOLDS, text=text)


def failed(text: str) -> Check:
    """Say what speaks against the report."""
    return Check(state=State.FAILS, text=text)


def not_compared(text: str) -> Check:
    """Say which part could not be compared, and why."""
    return Check(state=State.NOT_COMPARED, text=text)


def noted(text: str) -> Check:
    """Say what is to be known, and is no part of the report."""
    return Check(state=State.NOTE, text=text)


def outcome(checks: Sequence[Check]) -> Outcome:
    """Give what follows from the lines of one report; of none, that it does not hold."""
    states = {check.state for check in checks}
    if State.FAILS in states or not states:
        return Outcome.DOES_NOT_HOLD
    return Outcome.NOT_COMPARED if State.NOT_COMPARED in states else Outcome.HOLDS


def holds(checks: Sequence[Check]) -> bool:
    """Tell whether all of a report was compared, and nothing speaks against it."""
    return outcome(checks) is Outcome.HOLDS


def one_line(error: Exception) -> str:
    """Give the message of an error without line ends and without its full stop."""
    text = re.sub(r"(stream )?<_io\.\w+ object at 0x[0-9a-f]+>(: )?", "", str(error))
    return " ".join(text.split()).rstrip(".")[:300] or type(error).__name__


def first_few(names: Sequence[str], count: int) -> str:
    """Join the first few names, and say how many more there are."""
    more = len(names) - count
    return ", ".join(names[:count]) + (f" and {more} more" if more > 0 else "")
