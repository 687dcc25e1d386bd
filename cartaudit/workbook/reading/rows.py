"""The rows of a sheet: its cells as stored, each in its place, and nothing of them passed over.

What no cell can hold, or what could be read in two ways, refuses the file.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple
from xml.etree import ElementTree as ET

from cartaudit.model.cells import column_letters, column_number
from cartaudit.workbook.reading.limits import Limits, Refused
from cartaudit.workbook.reading.texts import Text, UnreadableTextError, read_text
from cartaudit.workbook.reading.xml import flag, holds_text, is_filled, is_spreadsheet, named, names, texts_in

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,9})", re.IGNORECASE)
_AREA = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6}):([A-Z]{1,3})([1-9][0-9]{0,6})")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384

_CELL, _EXTENSION, _IN_CELL = names("c"), names("extLst"), names("f", "v", "is")
_OF_CELLS = frozenset({"r", "s", "t", "cm", "vm", "ph"})


class Stored(NamedTuple):
    """A cell as it is stored. `says` is the stored text of its value or its inline text, None where nothing is stored;
    `formula` is the text of its formula, None where it has none; `lost` tells that it holds what gives no value."""

    row: int
    column: int
    style: int
    type: str
    says: Text | None
    formula: str | None = None
    lost: bool = False


class RowReader:
    """Reads row after row of one sheet; `taken` counts the elements with text that it read, `seen` the cells."""

    def __init__(self, sheet: str, limits: Limits) -> None:
        self.sheet, self.limits = sheet, limits
        self.cells: list[Stored] = []
        self.hidden: set[int] = set()
        self.taken = self.seen = 0
        self.row = self.column = 0
        self._numbers: set[int] = set()
        self._columns: dict[str, int] = {}
        self._shared: dict[str, str] = {}
        self._followers: list[tuple[int, str]] = []
        self._areas: list[tuple[range, range, str]] = []

    def refuse(self, why: str) -> Refused:
        """Refuse the sheet for what stands in it."""
        return Refused("CA117", part=f"sheet {self.sheet}", why=why)

    def beyond(self, what: str, limit: int) -> Refused:
        """Refuse the sheet for its size."""
        return Refused("CA115", sheet=self.sheet, what=what, limit=limit)

    def read(self, row: ET.Element) -> None:
        """Read one row with its cells."""
        number = row.get("r")
        self.row = self._number(number, _LAST_ROW, "rows") if number is not None else self.row + 1
        if self.row in self._numbers:
            raise self.refuse(f"row {self.row} stands in it twice")
        self._numbers.add(self.row)
        if any(map(is_spreadsheet, row.attrib)):
            raise self.refuse(f"row {self.row} has an attribute that could be read in two ways")
        if flag(row.get("hidden")):
            self.hidden.add(self.row)
        self._read_cells(row)

    def _read_cells(self, row: ET.Element) -> None:
        number, columns = str(self.row), self._columns
        there: set[int] = set()
        self.column = 0
        for cell in row:
            if cell.tag not in _CELL:
                self._pass_over(cell)
                continue
            attributes = cell.attrib
            address = attributes.get("r")
            # Nearly every address is letters met before and the number of the row; any other is looked at closely.
            known = columns.get(address[: -len(number)]) if address and address.endswith(number) else None
            self.column = known or (self.column + 1 if address is None else self._column(address))
            if self.column in there:
                raise Refused("CA120", sheet=self.sheet, cell=self._here)
            there.add(self.column)
            if not attributes.keys() <= _OF_CELLS:
                self._check_attributes(attributes)
            if len(cell) or cell.text:
                self._read_cell(cell, attributes.get("t", "n"), self._style(attributes.get("s")))
        self.seen += len(there)

    def close(self) -> None:
        """Give each cell of a shared or array formula that formula, which stands in the first of them only."""
        for place, group in self._followers:
            cell, text = self.cells[place], self._shared.get(group)
            self.cells[place] = cell._replace(lost=True) if text is None else cell._replace(formula=text)
        if self._areas:
            self._spread()

    def _spread(self) -> None:
        places = {(cell.row, cell.column): place for place, cell in enumerate(self.cells)}
        for rows, columns, text in self._areas:
            for place in (places.get((row, column)) for row in rows for column in columns):
                if place is not None and self.cells[place].formula is None:
                    self.cells[place] = self.cells[place]._replace(formula=text)

    @property
    def _here(self) -> str:
        return f"{column_letters(self.column)}{self.row}"

    def _pass_over(self, element: ET.Element) -> None:
        if element.tag not in _EXTENSION:
            raise self.refuse(f"{named(element)} stands in row {self.row} where a cell belongs")
        self.taken += texts_in(element)

    def _check_attributes(self, attributes: Iterable[str]) -> None:
        """Refuse an attribute that a reader could take for one of a cell; one of another namespace says nothing."""
        if any(name not in _OF_CELLS and (name[0] != "{" or is_spreadsheet(name)) for name in attributes):
            raise self.refuse(f"cell {self._here} has an attribute that could be read in two ways")

    def _read_cell(self, cell: ET.Element, kind: str, style: int) -> None:
        stored = self._stored(cell, kind, style)
        if stored is not None:
            self.cells.append(stored)
            if len(self.cells) > self.limits.cells:
                raise self.beyond("filled cells", self.limits.cells)

    def _stored(self, cell: ET.Element, kind: str, style: int) -> Stored | None:
        """Give what a cell holds; None where it holds nothing."""
        inline = kind == "inlineStr"
        expected = "is" if inline else "v"
        value = calculation = None
        for child in cell:
            name = _IN_CELL.get(child.tag)
            if name == expected and value is None:
                value = child
            elif name == "f" and calculation is None:
                calculation = child
            elif child.tag in _EXTENSION:
                self.taken += texts_in(child)
            elif name is None:
                raise self.refuse(f"{named(child)} stands in cell {self._here}")
            else:
                return self._lost(kind, style)
        formula = None if calculation is None else self._formula(calculation)
        try:
            says = None if value is None else self._says(value, inline=inline)
        except UnreadableTextError:
            return self._lost(kind, style)
        if holds_text(cell):
            return self._lost(kind, style)
        if says is None and formula is None:
            return None
        return Stored(self.row, self.column, style, kind, says, formula)

    def _lost(self, kind: str, style: int) -> Stored:
        return Stored(self.row, self.column, style, kind, None, None, True)

    def _says(self, element: ET.Element, *, inline: bool) -> Text | None:
        """Read a value, or an inline text; None where nothing is stored. Raises UnreadableTextError."""
        if inline:
            text = read_text(element)
            self.taken += text.taken
            return text if text.says else None
        if len(element):
            raise UnreadableTextError
        self.taken += is_filled(element.text)
        return Text(element.text) if element.text else None

    def _formula(self, element: ET.Element) -> str:
        """Give the text of a formula; one without a text of its own gets that of its group or area at the end."""
        if len(element):
            raise self.refuse(f"{named(element[0])} stands in the formula of cell {self._here}")
        text, kind, group = element.text or "", element.get("t"), element.get("si")
        self.taken += is_filled(text)
        if kind == "shared" and group is not None:
            if text:
                self._shared.setdefault(group, text)
            else:
                self._followers.append((len(self.cells), group))
        elif kind in ("array", "dataTable"):
            self._area(element.get("ref", ""), text)
        return text

    def _area(self, ref: str, text: str) -> None:
        match = _AREA.fullmatch(ref)
        if not match:
            return  # an area of one cell
        rows, columns = (
            range(int(match[2]), int(match[4]) + 1),
            range(column_number(match[1]), column_number(match[3]) + 1),
        )
        self._areas.append((rows, columns, text))
        if sum(len(rows) * len(columns) for rows, columns, _ in self._areas) > self.limits.blank_cells:
            raise self.beyond("cells of array formulas", self.limits.blank_cells)

    def _style(self, text: str | None) -> int:
        if text is None:
            return 0
        if not (text.isascii() and text.isdecimal() and len(text) < 10):
            raise self.refuse(f"cell {self._here} names no cell format")
        return int(text)

    def _column(self, address: str) -> int:
        """Give the column of an address that lies in the row."""
        match = _ADDRESS.fullmatch(address)
        if not match:
            raise self.refuse(f"{address[:20]} is no place")
        letters, digits = match.groups()
        column = column_number(letters)
        if column > _LAST_COLUMN:
            raise self.beyond("columns", _LAST_COLUMN)
        if self._number(digits, _LAST_ROW, "rows") != self.row:
            raise self.refuse(f"cell {address} stands in row {self.row}")
        self._columns[letters] = column
        return column

    def _number(self, text: str, last: int, what: str) -> int:
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else 0
        if number > last:
            raise self.beyond(what, last)
        if number < 1:
            raise self.refuse(f"{text[:20]} is no place")
        return number
