"""One line of a verification, and what it says for or against a report."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What came of one check. NOTE holds nothing against the report, and says what could not be shown."""

    HOLDS = "holds"
    FAILS = "fails"
    NOTE = "note"


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


def noted(text: str) -> Check:
    """Say what could not be shown."""
    return Check(state=State.NOTE, text=text)


def holds(checks: tuple[Check, ...]) -> bool:
    """Tell whether nothing speaks against a report."""
    return all(check.state is not State.FAILS for check in checks)


def one_line(error: Exception) -> str:
    """Give the message of an error without line ends and without its full stop."""
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__


def first_few(names: list[str], count: int) -> str:
    """Join the first few names, and say how many more there are."""
    more = len(names) - count
    return ", ".join(names[:count]) + (f" and {more} more" if more > 0 else "")
