"""One streaming pass over a worksheet: counts and places of its cells, before a library sees it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

from cartaudit.model.cells import column_letters
from cartaudit.workbook.limits import Limits, Refused

_ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,10})")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384

Place = tuple[int, int]
"""Row and column of a cell, both from 1."""


@dataclass(slots=True)
class ScannedCell:
    """One non-empty cell of the file: its format index, type attribute, and whether formula and value are there."""

    style: int
    type: str
    formula: bool = False
    stored: bool = False


@dataclass(slots=True)
class Scan:
    """What one pass over a sheet found; filled while it runs, read-only afterwards.

    `head` and `body` are byte offsets: the end of the root's start tag, and the span of the cell data.
    """

    cells: dict[Place, ScannedCell] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[Place] = field(default_factory=list)
    protected: bool = False
    prefix: str = ""
    head: int = 0
    body: Place = (0, 0)

    @property
    def last_row(self) -> int:
        """Give the last row that holds anything."""
        return max((row for row, _ in self.cells), default=0)

    @property
    def last_column(self) -> int:
        """Give the last column that holds anything."""
        return max((column for _, column in self.cells), default=0)

    def is_hidden(self, place: Place) -> bool:
        """Tell whether a cell's row or column is hidden."""
        if not self.hidden_rows and not self.hidden_columns:
            return False
        row, column = place
        return row in self.hidden_rows or any(a <= column <= b for a, b in self.hidden_columns)


class _Scanner:
    """The handlers of one pass; expat calls them, so they share their state here."""

    def __init__(self, sheet: str, limits: Limits) -> None:
        self.sheet, self.limits, self.scan = sheet, limits, Scan()
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._root
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.row = self.column = self.elements = self.depth = 0
        self.place: Place = (0, 0)
        self.digits = "0"
        self.cell = ScannedCell(0, "n")
        self.columns: dict[str, int] = {}
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {}
        self.ends: dict[str, Callable[[], None]] = {}

    def _doctype(self, *_: object) -> None:
        raise Refused("CA114", part=f"sheet {self.sheet}")

    def _refuse(self, what: str, limit: int) -> None:
        raise Refused("CA115", sheet=self.sheet, what=what, limit=limit)

    def _root(self, name: str, _attributes: dict[str, str]) -> None:
        prefix, _, tag = name.rpartition(":")
        if tag != "worksheet":
            raise Refused("CA117", part=f"sheet {self.sheet}", why="it is no worksheet")
        prefix = f"{prefix}:" if prefix else ""
        self.scan.prefix = prefix
        self.starts = {
            f"{prefix}{tag}": handler
            for tag, handler in {
                "row": self._start_row,
                "c": self._start_cell,
                "f": self._start_formula,
                "v": self._start_value,
                "t": self._start_value,
                "mergeCell": self._start_merge,
                "col": self._start_column,
                "sheetProtection": self._start_protection,
                "sheetData": self._start_data,
            }.items()
        }
        self.ends = {
            f"{prefix}c": self._end_cell,
            f"{prefix}v": self._end_value,
            f"{prefix}t": self._end_value,
            f"{prefix}sheetData": self._end_data,
        }
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self.scan.head:
            self.scan.head = self.parser.CurrentByteIndex
        self.depth += 1
        if self.depth > self.limits.depth:
            self._refuse("levels of nested elements", self.limits.depth)
        handler = self.starts.get(name)
        if handler:
            handler(attributes)

    def _end(self, name: str) -> None:
        self.depth -= 1
        handler = self.ends.get(name)
        if handler:
            handler()

    def _start_data(self, _: dict[str, str]) -> None:
        if self.scan.body == (0, 0):
            self.scan.body = (self.parser.CurrentByteIndex, 0)

    def _end_data(self) -> None:
        if self.scan.body[1] == 0:
            self.scan.body = (self.scan.body[0], self.parser.CurrentByteIndex)

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r")
        self.row = self._index(number, _LAST_ROW, "rows") if number else self.row + 1
        self.digits = str(self.row)
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
        address = attributes.get("r")
        if address:
            # Nearly every cell stands in the row it says: then its letters are what is left of the address.
            letters = address.removesuffix(self.digits)
            column = self.columns.get(letters)
            row = self.row
            if column is None:
                row, column = self._elsewhere(address)
            self.column = column
        else:
            self.column += 1
            row = self.row
        self.place = (row, self.column)
        style = attributes.get("s", "0")
        self.cell = ScannedCell(int(style) if style.isdecimal() else 0, attributes.get("t", "n"))
        self.elements += 1
        if self.elements > self.limits.blank_cells:
            self._refuse("cells", self.limits.blank_cells)

    def _elsewhere(self, address: str) -> Place:
        match = _ADDRESS.fullmatch(address)
        if not match:
            raise Refused("CA117", part=f"sheet {self.sheet}", why=f"{address[:20]} is no place")
        letters, digits = match.groups()
        row = self.row if digits == self.digits else self._index(digits, _LAST_ROW, "rows")
        return row, self._column(letters)

    def _column(self, letters: str) -> int:
        number = 0
        for letter in letters.upper():
            number = number * 26 + ord(letter) - 64
        if number > _LAST_COLUMN:
            self._refuse("columns", _LAST_COLUMN)
        self.columns[letters] = number
        return number

    def _start_formula(self, _: dict[str, str]) -> None:
        self.cell.formula = True

    def _start_value(self, _: dict[str, str]) -> None:
        self.parser.CharacterDataHandler = self._text

    def _text(self, _: str) -> None:
        self.cell.stored = True

    def _end_value(self) -> None:
        self.parser.CharacterDataHandler = None

    def _end_cell(self) -> None:
        if not (self.cell.stored or self.cell.formula):
            return
        if self.place in self.scan.cells:
            address = f"{column_letters(self.place[1])}{self.place[0]}"
            raise Refused("CA120", sheet=self.sheet, cell=address)
        self.scan.cells[self.place] = self.cell
        if len(self.scan.cells) > self.limits.cells:
            self._refuse("filled cells", self.limits.cells)
        if self.place[0] > self.limits.rows:
            self._refuse("rows", self.limits.rows)
        if self.place[1] > self.limits.columns:
            self._refuse("columns", self.limits.columns)

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


def scan_sheet(data: bytes, sheet: str, limits: Limits) -> Scan:
    """Count and place the cells of one worksheet part. Raises Refused beyond the limits or where XML is broken."""
    scanner = _Scanner(sheet, limits)
    try:
        scanner.parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Refused("CA117", part=f"sheet {sheet}", why="it is not well-formed XML") from error
    scan = scanner.scan
    if scan.last_row * scan.last_column > limits.area:
        scanner._refuse("cells between the first and the last one", limits.area)
    return scan


def count_strings(data: bytes, part: str, limits: Limits) -> None:
    """Refuse a table of shared strings with a document type or too many entries. Raises Refused."""
    parser = expat.ParserCreate()
    count = depth = 0

    def start(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal count, depth
        count, depth = count + 1, depth + 1
        if count > limits.strings * 5:
            raise Refused("CA115", what="shared strings", limit=limits.strings)
        if depth > limits.depth:
            raise Refused("CA115", what="levels of nested elements", limit=limits.depth)

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*_: object) -> None:
        raise Refused("CA114", part=part)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Refused("CA117", part=part, why="it is not well-formed XML") from error
