"""Cells: what a workbook holds, before anything is made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

CellValue = str | bool | int | float | datetime | date | time | timedelta


class CellKind(StrEnum):
    """Where a value comes from. FORMULA has a stored result; FORMULA_UNSTORED has none; ERROR is #N/A and its like."""

    VALUE = "value"
    FORMULA = "formula"
    FORMULA_UNSTORED = "formula_unstored"
    ERROR = "error"


class Mark(StrEnum):
    """How text is set where that changes what it says: struck through, raised or lowered."""

    STRUCK = "struck"
    RAISED = "raised"
    LOWERED = "lowered"


class Run(NamedTuple):
    """A part of a text with how it is set: a raised footnote mark is `Run("2", frozenset({Mark.RAISED}))`."""

    text: str
    marks: frozenset[Mark] = frozenset()


class Note(NamedTuple):
    """What somebody pinned to a cell beside its value: a note or a threaded comment. `row`, `column` from 1."""

    row: int
    column: int
    text: str
    author: str = ""


class Cell(NamedTuple):
    """One non-empty cell. `row` and `column` count from 1. `value` is as stored (None only for FORMULA_UNSTORED);
    `font` is the font's name, `number_format` Excel's format code, `formula` the formula's text where there is one.

    `marks` say how the whole cell is set; `runs`, given only where a part is set differently, are the parts of the
    value, each with all its marks, and joined give the value.

    A named tuple, because thousands are made for each workbook, each in a third of a frozen dataclass's time.
    """

    row: int
    column: int
    value: CellValue | None
    kind: CellKind = CellKind.VALUE
    font: str = ""
    number_format: str = "General"
    hidden: bool = False
    marks: frozenset[Mark] = frozenset()
    runs: tuple[Run, ...] = ()
    formula: str = ""

    @property
    def address(self) -> str:
        """Give the address within the sheet, e.g. `D14`."""
        return f"{column_letters(self.column)}{self.row}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One worksheet: its name, state (visible, hidden, veryHidden), cells in row-major order, merged ranges.

    `notes` are pinned to cells; `pictures` are the ranges (`C7:D9`) that pictures, shapes and charts cover; `beside`
    holds texts that stand in no cell: of text boxes, of alternative content, of controls.
    """

    name: str
    state: str = "visible"
    cells: tuple[Cell, ...] = ()
    merged: tuple[str, ...] = ()
    protected: bool = False
    notes: tuple[Note, ...] = ()
    pictures: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """A workbook as read: sheets in order, document properties, and facts for the reading record.

    `properties` holds custom document properties by name; `program` is the application that wrote the file; `counts`
    is what the file was counted to hold before it was read: cells, filled cells, texts, elements.
    """

    file: str
    sha256: str
    size: int
    sheets: tuple[Sheet, ...]
    properties: dict[str, str] = field(default_factory=dict)
    program: str = ""
    macros: bool = False
    external_links: int = 0
    date_1904: bool = False
    steps: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


@lru_cache(maxsize=512)
def column_letters(column: int) -> str:
    """Turn a column number (1 = A) into letters."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Turn column letters into a number (A = 1)."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
