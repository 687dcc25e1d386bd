"""The value a cell has: its stored text decoded by its type and format, as openpyxl would."""

import re
from datetime import date, datetime, time, timedelta

from cartaudit.model.cells import CellValue
from cartaudit.workbook.reading.styles import Style

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_ISO = re.compile(
    r"(?P<date>(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2}))?T?"
    r"(?P<time>(?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<part>\.\d{1,3})?\d*)?)?Z?",
    re.ASCII,
)
_ISO_DURATION = re.compile(r"PT(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,3})?)S)?", re.ASCII)
_EPOCH_1900, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_SECONDS_A_DAY = 86_400
_LONGEST_NUMBER = 400


def decode(kind: str, text: str, style: Style, *, date_1904: bool) -> CellValue:
    """Give the value of a cell of one type attribute. Raises ValueError, KeyError or OverflowError for nonsense.

    A date or time outside the calendar is no nonsense: Excel shows it as #####, and it gives `#VALUE!`.
    """
    if kind == "n":
        return _number(text, style, date_1904=date_1904)
    if kind == "b":
        return {"0": False, "1": True}[text]
    if kind in ("inlineStr", "str", "e"):
        return text
    if kind == "d":
        return _iso(text)
    raise ValueError(kind)


def is_error(kind: str, value: CellValue, style: Style) -> bool:
    """Tell whether a decoded value stands for an error of the sheet, given the cell's type attribute."""
    return kind == "e" or (kind == "n" and style.temporal and isinstance(value, str))


def _number(text: str, style: Style, *, date_1904: bool) -> CellValue:
    if not style.known or len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        raise ValueError(text)
    number: int | float = float(text)
    if number in (float("inf"), float("-inf")):
        raise OverflowError(text)
    if not ("." in text or "e" in text or "E" in text):
        number = int(text)
    if not style.temporal:
        return number
    try:
        return _duration(number) if style.duration else _moment(number, date_1904)
    except (OverflowError, ValueError):
        return "#VALUE!"


def _duration(days: int | float) -> timedelta:
    length = timedelta(days=days)
    if not length.microseconds:
        return length
    return timedelta(seconds=length.total_seconds() // 1, microseconds=round(length.microseconds, -3))


def _moment(days: int | float, date_1904: bool) -> datetime | time:
    day, fraction = divmod(days, 1)
    rest = timedelta(milliseconds=round(fraction * _SECONDS_A_DAY * 1000))
    if 0 <= days < 1 and rest.days == 0:
        return (datetime.min + rest).time()
    # Excel's calendar of 1900 has a 29 February that never was; the days before it lie one further.
    before = 0 < days < 60 and not date_1904
    return (_EPOCH_1904 if date_1904 else _EPOCH_1900) + timedelta(days=day + before) + rest


def _iso(text: str) -> CellValue:
    match = _ISO.fullmatch(text)
    if match and match["date"] and match["time"]:
        return datetime.combine(_iso_date(match), _iso_time(match))
    if match and match["date"]:
        return _iso_date(match)
    if match and match["time"]:
        return _iso_time(match)
    length = _ISO_DURATION.fullmatch(text)
    if not length:
        raise ValueError(text)
    hours, minutes, seconds = (float(part or 0) for part in length.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _iso_date(match: re.Match[str]) -> date:
    return date(int(match["year"]), int(match["month"]), int(match["day"]))


def _iso_time(match: re.Match[str]) -> time:
    fraction = int(float(match["part"] or 0) * 1_000_000)
    return time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0), fraction)
