"""Dates as people type them: real dates, ISO text, names of months; day and month are never guessed."""

import re
from collections.abc import Mapping
from datetime import date, datetime

from cartaudit.intake.clean import key
from cartaudit.intake.outcome import Reading, ambiguous, answered, unreadable
from cartaudit.intake.vocabulary import MONTHS

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?(?:\.0+)?Z?)?")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})\.?")
_NUMERIC = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})\.?")
_NAMED_DAY_FIRST = re.compile(
    r"(\d{1,2})(?:\.|st|nd|rd|th|er|º|°)?[ \-]*(?:de |d')?([^\W\d]+)\.?,?[ \-]*(?:de |del )?(\d{4})"
)
_NAMED_MONTH_FIRST = re.compile(r"([^\W\d]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_EARLIEST, _LATEST = date(1950, 1, 1), date(2100, 12, 31)

_MONTH_NUMBERS: Mapping[str, int] = {
    key(name): number for names in MONTHS.values() for number, name in enumerate(names.split(), 1)
}


def parse_date(value: object, text: str) -> Reading:
    """Read a date; a text that two people read differently is a problem, so is a bare number."""
    day = plain_day(value)
    if day is not None:
        return answered(day)
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        return _plausible(value.date(), "" if midnight else f"{text} -> {value.date().isoformat()}")
    if isinstance(value, date):
        return _plausible(value, "")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return unreadable("CA219")
    if not isinstance(value, str):
        return unreadable("CA203")
    return _parse_text(text)


def plain_day(value: object) -> date | None:
    """Give the plausible day a cell holds as nothing but a date; None where it takes parsing to tell."""
    if isinstance(value, datetime):
        if value.hour or value.minute or value.second or value.microsecond:
            return None
        value = value.date()
    return value if isinstance(value, date) and _EARLIEST <= value <= _LATEST else None


def _parse_text(text: str) -> Reading:
    iso = _ISO.fullmatch(text) or _YEAR_FIRST.fullmatch(text)
    if iso:
        return _made(text, int(iso[1]), int(iso[2]), int(iso[3]))
    numeric = _NUMERIC.fullmatch(text)
    if numeric:
        return _numeric(text, int(numeric[1]), int(numeric[2]), int(numeric[3]))
    named = _NAMED_DAY_FIRST.fullmatch(text)
    if named and key(named[2]) in _MONTH_NUMBERS:
        return _made(text, int(named[3]), _MONTH_NUMBERS[key(named[2])], int(named[1]))
    named = _NAMED_MONTH_FIRST.fullmatch(text)
    if named and key(named[1]) in _MONTH_NUMBERS:
        return _made(text, int(named[3]), _MONTH_NUMBERS[key(named[1])], int(named[2]))
    return unreadable("CA203")


def _numeric(text: str, first: int, second: int, year: int) -> Reading:
    if first > 12:
        return _made(text, year, second, first)
    if second > 12:
        return _made(text, year, first, second)
    return _made(text, year, first, second) if first == second else ambiguous("CA209")


def _made(text: str, year: int, month: int, day: int) -> Reading:
    try:
        made = date(year, month, day)
    except ValueError:
        return unreadable("CA203")
    return _plausible(made, "" if text == made.isoformat() else f"{text} -> {made.isoformat()}")


def _plausible(value: date, conversion: str) -> Reading:
    return answered(value, conversion) if _EARLIEST <= value <= _LATEST else unreadable("CA215")
