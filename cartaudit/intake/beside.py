"""What lies over or is pinned to the cells of a sheet: merges, pictures, notes."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from cartaudit.intake import words
from cartaudit.intake.clean import key
from cartaudit.model.answers import Scalar, Status
from cartaudit.model.cells import Sheet, column_letters, column_number
from cartaudit.model.layout import NOTE_MARK
from cartaudit.model.text import shorten

_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7}):\$?([A-Z]{1,3})\$?([0-9]{1,7})", re.IGNORECASE)
_TAKES_BACK = re.compile(
    r"\b(?:no|not|none|never|without|except|only|until|since|from|starting|soon|will|draft|withdrawn|"
    r"expired|outdated|pending|planned|missing|old|partly|"
    r"nein|nicht|kein\w*|ohne|außer|nur|bis|seit|ab|erst|künftig|entwurf|abgelaufen|geplant|fehlt|teilweise|"
    r"non|ne|pas|aucun\w*|sans|sauf|seulement|depuis|jusqu\w*|prévu|périmé|"
    r"nessun\w*|senza|tranne|solo|dal|fino|scadut\w*|previst\w*|"
    r"ningun\w*|sin|excepto|sólo|desde|hasta|caducad\w*|pendiente|"
    r"não|nenhum\w*|sem|exceto|só|até|"
    r"nee|niet|geen|zonder|behalve|alleen|sinds|verlopen|nie|brak|tylko|oprócz|nej|nei|inte|ikke|ej|utan|uden|uten|endast|kun)\b",
    re.IGNORECASE,
)
"""Words by which a note takes back, or narrows, what the answer says."""


_REFERENCE = (
    r"(?:sops?|doc\w*|dok\w*|no|nr|num\w*|n[°º]|v|vers\w*|rev\w*|p|pages?|seite|s|§|section|chapter|kapitel|"
    r"tables?|tabelle|annex|anlage|anhang|item|point|punkt|question|frage|form\w*|iso|room|raum)\.?\s*[:#-]?\s*$"
)
_POINTS_TO = re.compile(r"(?:^|[^\w])" + _REFERENCE, re.IGNORECASE)
"""What stands before a number that names a document or a place in one, and measures nothing."""

_DATE = re.compile(r"(?<!\d)(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[./](\d{1,2})[./](\d{4}))(?!\d)")
_FIGURE = re.compile(r"(?<![\w.,-])[-\u2013\u2212]?\d+(?:[.,]\d+)?(?!\w*-\w)", re.ASCII)
_RANGE = re.compile(r"(?<![\w.,-])(\d+)[-\u2013](\d+)(?=\s*[a-z%°])", re.ASCII | re.IGNORECASE)
_YEARS = range(1900, 2101)


class Area(NamedTuple):
    """A rectangle of cells, its bounds included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def covers(self, row: int, column: int) -> bool:
        """Tell whether a cell lies in it."""
        return self.first_row <= row <= self.last_row and self.first_column <= column <= self.last_column

    def __str__(self) -> str:
        first = f"{column_letters(self.first_column)}{self.first_row}"
        return f"{first}:{column_letters(self.last_column)}{self.last_row}"


class Beside:
    """The merges, pictures and notes of one sheet, asked for cell by cell."""

    def __init__(self, sheet: Sheet) -> None:
        self._merged = tuple(_areas(sheet.merged))
        self._pictures = tuple(_areas(sheet.pictures))
        self.notes: Mapping[tuple[int, int], str] = _notes(sheet)

    def merge(self, row: int, column: int) -> Area | None:
        """Give the merge a cell lies in."""
        return next((area for area in self._merged if area.covers(row, column)), None)

    def is_covered(self, row: int, column: int) -> bool:
        """Tell whether a picture or shape lies over a cell."""
        return any(area.covers(row, column) for area in self._pictures)

    def note(self, row: int, column: int) -> str:
        """Give the note pinned to a cell."""
        return self.notes.get((row, column), "")


def _notes(sheet: Sheet) -> dict[tuple[int, int], str]:
    """Give the centre's notes by row and column; a thread of comments is one note."""
    found: dict[tuple[int, int], list[str]] = {}
    for note in sheet.notes:
        text = note.text.partition(NOTE_MARK)[0].strip()
        if text:
            found.setdefault((note.row, note.column), []).append(text)
    return {place: "\n".join(texts) for place, texts in found.items()}


def _areas(texts: Iterable[str]) -> Iterable[Area]:
    for text in texts:
        match = _AREA.fullmatch(text)
        if match:
            columns = sorted((column_number(match[1]), column_number(match[3])))
            rows = sorted((int(match[2]), int(match[4])))
            yield Area(rows[0], columns[0], rows[1], columns[1])


class Doubt(NamedTuple):
    """Why an answer cannot be taken as it stands: the code of the problem, with its fields."""

    code: str
    fields: Mapping[str, str] = {}


def doubt(beside: Beside, row: int, column: int, value: Scalar | None) -> Doubt | None:
    """Say what lies over an answer cell, or is pinned to it, so that its answer cannot be taken as it stands.

    A merge within the row matters only where it hides the cell; one over several rows answers nobody knows which.
    """
    area = beside.merge(row, column)
    if area is not None and (area.first_row < area.last_row or area.first_column < column):
        return Doubt("CA229", {"area": str(area)})
    if beside.is_covered(row, column):
        return Doubt("CA230")
    note = beside.note(row, column)
    return Doubt("CA231", {"note": shorten(note)}) if takes_back(note, value) else None


def takes_back(note: str, value: Scalar | None) -> bool:
    """Tell whether a note says another thing than the answer, or narrows it; of a No nothing can be taken back."""
    if not note or value is None or value is False or value is Status.NO:  # 0 is a number, not a No
        return False
    said = words.meaning(re.split(r"[\s,;:.–-]", key(note), maxsplit=1)[0])
    same = said is not None and isinstance(value, Status) and said == value.value
    return (said is not None and not same) or _TAKES_BACK.search(note) is not None or _says_another(note, value)


def _says_another(note: str, value: Scalar) -> bool:
    """Tell whether a note on a number gives another one, or a note on a date another date."""
    dates = list(_DATE.finditer(note))
    if isinstance(value, date):
        return any(value not in _readings(found) for found in dates)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    text = _RANGE.sub(r"\1 \2 ", _DATE.sub(" ", note))
    for found in _FIGURE.finditer(text):
        figure = float(found[0].translate(_PLAIN))
        if figure != value and figure not in _YEARS and not _POINTS_TO.search(text[: found.start()]):
            return True
    return False


_PLAIN = str.maketrans({",": ".", "\u2013": "-", "\u2212": "-"})


def _readings(found: re.Match[str]) -> Iterator[date]:
    """Give the days that a written date can mean."""
    year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    for one, other in ((month, day), (day, month)):
        with suppress(ValueError):
            yield date(int(year), int(one), int(other))
        if found[1]:
            return
