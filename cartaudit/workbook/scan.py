"""One streaming pass over a worksheet of any spelling: its cells as stored, counted and placed while they come."""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from cartaudit.model.cells import column_letters
from cartaudit.workbook.limits import Limits, Refused

_ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,10})")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
UNREADABLE = "unreadable"
"""Stands for the type of a cell that holds something where no value can be, so that it is named and not lost."""

Place = tuple[int, int]
"""Row and column of a cell, both from 1."""

StoredCell = tuple[int, int, int, str, bool, str | None]
"""Row, column, format index, type, whether a formula is there, and the text stored (None: nothing)."""


@dataclass(slots=True)
class Scan:
    """What one pass over a sheet found: the cells that hold anything, in the order of the file, and the rest of it."""

    cells: list[StoredCell] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[Place] = field(default_factory=list)
    protected: bool = False

    def sort(self, sheet: str) -> None:
        """Put the cells in order of rows and columns. Raises Refused where two have the same address."""
        keys = [cell[0] << 15 | cell[1] for cell in self.cells]
        if all(map(operator.lt, keys, keys[1:])):
            return
        self.cells.sort(key=operator.itemgetter(0, 1))
        for cell, after in zip(self.cells, self.cells[1:], strict=False):
            if cell[:2] == after[:2]:
                raise Refused("CA120", sheet=sheet, cell=f"{column_letters(cell[1])}{cell[0]}")

    def check(self, sheet: str, limits: Limits) -> None:
        """Refuse more than the limits allow, or what lies too far out. Raises Refused."""
        last_row = max(map(operator.itemgetter(0), self.cells), default=0)
        last_column = max(map(operator.itemgetter(1), self.cells), default=0)
        found = (
            ("filled cells", len(self.cells), limits.cells),
            ("rows", last_row, limits.rows),
            ("columns", last_column, limits.columns),
            ("cells between the first and the last one", last_row * last_column, limits.area),
            ("merged ranges", len(self.merged), limits.merges),
        )
        for what, count, limit in found:
            if count > limit:
                raise Refused("CA115", sheet=sheet, what=what, limit=limit)


class _Scanner:
    """The handlers of one pass; expat calls them, so they share their state here."""

    def __init__(self, sheet: str, limits: Limits) -> None:
        self.sheet, self.limits, self.scan = sheet, limits, Scan()
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._root
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.row = self.column = self.elements = self.depth = 0
        self.data_depth = 0
        self.data_seen = False
        self.columns: dict[str, int] = {}
        self.place: Place = (0, 0)
        self.style, self.type = 0, "n"
        self.cell_depth = self.inline_depth = self.phonetic_depth = 0
        self.formula = self.value_seen = self.inline_seen = False
        self.value: list[str] = []
        self.inline: list[str] = []
        self.stray: list[str] = []
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {}
        self.ends: dict[str, Callable[[], None]] = {}

    def _doctype(self, *_: object) -> NoReturn:
        raise Refused("CA114", part=f"sheet {self.sheet}")

    def _refuse(self, what: str, limit: int) -> NoReturn:
        raise Refused("CA115", sheet=self.sheet, what=what, limit=limit)

    def _root(self, name: str, _attributes: dict[str, str]) -> None:
        prefix, colon, tag = name.rpartition(":")
        if tag != "worksheet":
            raise Refused("CA117", part=f"sheet {self.sheet}", why="it is no worksheet")
        starts = {
            "row": self._start_row,
            "c": self._start_cell,
            "f": self._start_formula,
            "v": self._start_value,
            "is": self._start_inline,
            "t": self._start_text,
            "rPh": self._start_phonetic,
            "mergeCell": self._start_merge,
            "col": self._start_column,
            "sheetProtection": self._start_protection,
            "sheetData": self._start_data,
        }
        ends = {
            "c": self._end_cell,
            "v": self._end_text,
            "t": self._end_text,
            "is": self._end_inline,
            "rPh": self._end_phonetic,
            "sheetData": self._end_data,
        }
        self.starts = {f"{prefix}{colon}{tag}": handler for tag, handler in starts.items()}
        self.ends = {f"{prefix}{colon}{tag}": handler for tag, handler in ends.items()}
        self.depth = 1
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > self.limits.depth:
            self._refuse("levels of nested elements", self.limits.depth)
        if self.parser.CharacterDataHandler is not None:
            self.stray.append(name)  # no element has its place inside a value or a text
        handler = self.starts.get(name)
        if handler:
            handler(attributes)

    def _end(self, name: str) -> None:
        handler = self.ends.get(name)
        if handler:
            handler()
        self.depth -= 1

    def _start_data(self, _: dict[str, str]) -> None:
        if not self.data_seen:
            self.data_seen, self.data_depth = True, self.depth

    def _end_data(self) -> None:
        if self.depth == self.data_depth:
            self.data_depth = 0

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r")
        self.row = self._index(number, _LAST_ROW, "rows") if number else self.row + 1
        self.column = 0
        if attributes.get("hidden") in ("1", "true"):
            self.scan.hidden_rows.add(self.row)

    def _index(self, text: str, last: int, what: str) -> int:
        number = int(text) if text.isdecimal() and len(text) < 12 else 0
        if number > last:
            self._refuse(what, last)
        if number < 1:
            raise Refused("CA117", part=f"sheet {self.sheet}", why=f"{text[:20]} is no place")
        return number

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > self.limits.blank_cells:
            self._refuse("cells", self.limits.blank_cells)
        if self.cell_depth:
            self.stray.append("c")
            return
        address = attributes.get("r")
        self.place = self._place(address) if address else (self.row, self.column + 1)
        self.column = self.place[1]
        style = attributes.get("s", "0")
        self.style = int(style) if style.isdecimal() and len(style) < 12 else 0
        self.type = attributes.get("t", "n")
        self.cell_depth = self.depth
        self.formula = self.value_seen = self.inline_seen = False
        self.value, self.inline, self.stray = [], [], []

    def _place(self, address: str) -> Place:
        match = _ADDRESS.fullmatch(address)
        if not match:
            raise Refused("CA117", part=f"sheet {self.sheet}", why=f"{address[:20]} is no place")
        letters, digits = match.groups()
        return self._index(digits, _LAST_ROW, "rows"), self.columns.get(letters) or self._column(letters)

    def _column(self, letters: str) -> int:
        number = column_number(letters)
        if number > _LAST_COLUMN:
            self._refuse("columns", _LAST_COLUMN)
        self.columns[letters] = number
        return number

    def _start_formula(self, _: dict[str, str]) -> None:
        self.formula = True

    def _start_value(self, _: dict[str, str]) -> None:
        direct = self.depth == self.cell_depth + 1 and not self.value_seen
        self.value_seen = self.value_seen or direct
        self.parser.CharacterDataHandler = (self.value if direct else self.stray).append

    def _start_inline(self, _: dict[str, str]) -> None:
        if self.depth == self.cell_depth + 1 and not self.inline_seen:
            self.inline_seen, self.inline_depth = True, self.depth

    def _start_text(self, _: dict[str, str]) -> None:
        if not self.phonetic_depth:
            self.parser.CharacterDataHandler = (self.inline if self.inline_depth else self.stray).append

    def _start_phonetic(self, _: dict[str, str]) -> None:
        self.phonetic_depth = self.phonetic_depth or self.depth

    def _end_phonetic(self) -> None:
        if self.depth == self.phonetic_depth:
            self.phonetic_depth = 0

    def _end_inline(self) -> None:
        if self.depth == self.inline_depth:
            self.inline_depth = 0

    def _end_text(self) -> None:
        self.parser.CharacterDataHandler = None

    def _end_cell(self) -> None:
        if self.depth != self.cell_depth:
            return
        self.cell_depth = 0
        written, other = (self.inline, self.value) if self.type == "inlineStr" else (self.value, self.inline)
        if not (written or other or self.stray or self.formula):
            return
        in_place = self.data_depth and self.depth == self.data_depth + 2
        kind = UNREADABLE if other or self.stray or not in_place else self.type
        text = "".join(written or other or self.stray) or None
        self.scan.cells.append((*self.place, self.style, kind, self.formula, text))
        if len(self.scan.cells) > self.limits.cells:
            self._refuse("filled cells", self.limits.cells)

    def _start_merge(self, attributes: dict[str, str]) -> None:
        self.scan.merged.append(attributes.get("ref", ""))
        if len(self.scan.merged) > self.limits.merges:
            self._refuse("merged ranges", self.limits.merges)

    def _start_column(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in ("1", "true"):
            low, high = attributes.get("min", ""), attributes.get("max", "")
            if low.isdecimal() and high.isdecimal():
                self.scan.hidden_columns.append((int(low), int(high)))

    def _start_protection(self, attributes: dict[str, str]) -> None:
        self.scan.protected = attributes.get("sheet") in ("1", "true")


def column_number(letters: str) -> int:
    """Turn column letters into a number (A = 1)."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def scan_sheet(data: bytes, sheet: str, limits: Limits) -> Scan:
    """Give the cells of one worksheet part as stored. Raises Refused beyond the limits or where XML is broken."""
    scanner = _Scanner(sheet, limits)
    try:
        scanner.parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Refused("CA117", part=f"sheet {sheet}", why="it is not well-formed XML") from error
    return scanner.scan
