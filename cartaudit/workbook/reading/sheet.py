"""One pass over a worksheet part: its cells as stored, row by row, and what stands around the rows.

Of what stands in the rows nothing is passed over: what no cell can hold refuses the file. What stands around them is
structure; texts in it that a reader might take for answers are kept in `beside`.
"""

import re
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.etree import ElementTree as ET

from cartaudit.model.cells import column_letters, column_number
from cartaudit.workbook.reading.limits import Limits, Refused
from cartaudit.workbook.reading.texts import Text, UnreadableTextError, read_text
from cartaudit.workbook.reading.xml import (
    COMPATIBILITY,
    Count,
    count,
    flag,
    holds_text,
    is_filled,
    is_spreadsheet,
    local,
    names,
    split,
    texts_in,
    walk,
)

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,9})", re.IGNORECASE)
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384

_ROOT, _DATA, _ROW, _CELL = (names(tag) for tag in ("worksheet", "sheetData", "row", "c"))
_IN_CELL = names("f", "v", "is")
_EXTENSION = names("extLst")
_HOLDERS = frozenset(names("v", "t", "f", "is", "c"))
_OTHER_KINDS = {"chartsheet": "chart sheet", "dialogsheet": "dialog sheet", "macrosheet": "macro sheet"}


class Stored(NamedTuple):
    """A cell as it is stored. `says` is the stored text of its value or its inline text, None where nothing is stored;
    `lost` tells that it holds what gives no value."""

    row: int
    column: int
    style: int
    type: str
    says: Text | None
    formula: str | None = None
    lost: bool = False


@dataclass(slots=True)
class Scan:
    """What one pass over a sheet found: the cells that hold anything, in the order of the file, and the rest of it."""

    cells: list[Stored] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    protected: bool = False
    beside: list[str] = field(default_factory=list)
    counted: Count = Count()

    @property
    def size(self) -> tuple[int, int]:
        """Give the last row and the last column that hold anything."""
        return max((c.row for c in self.cells), default=0), max((c.column for c in self.cells), default=0)


class _Reader:
    """The state of one pass: where it is, and what formulas share."""

    def __init__(self, sheet: str, limits: Limits) -> None:
        self.sheet, self.limits, self.scan = sheet, limits, Scan()
        self.row = self.column = 0
        self.taken = self.cells = 0
        self.shared: dict[str, str] = {}
        self.columns: dict[str, int] = {}

    def refuse(self, why: str) -> Refused:
        """Refuse the sheet for what stands in it."""
        return Refused("CA117", part=f"sheet {self.sheet}", why=why)

    def beyond(self, what: str, limit: int) -> Refused:
        """Refuse the sheet for its size."""
        return Refused("CA115", sheet=self.sheet, what=what, limit=limit)

    # What stands in the rows

    def read_row(self, row: ET.Element) -> None:
        """Read one row with its cells."""
        number = row.get("r")
        self.row = self._number(number, _LAST_ROW, "rows") if number is not None else self.row + 1
        self.column = 0
        if flag(row.get("hidden")):
            self.scan.hidden_rows.add(self.row)
        for cell in row:
            if cell.tag in _CELL:
                self._read_cell(cell)
            elif cell.tag in _EXTENSION:
                self.taken += texts_in(cell)
            else:
                raise self.refuse(f"{_named(cell)} stands in row {self.row} where a cell belongs")

    def _read_cell(self, cell: ET.Element) -> None:
        self.cells += 1
        attributes = cell.attrib
        address = attributes.get("r")
        row, self.column = self._place(address) if address is not None else (self.row, self.column + 1)
        if row != self.row:
            raise self.refuse(f"cell {address} stands in row {self.row}")
        if any(is_spreadsheet(name) for name in attributes):
            raise self.refuse(f"cell {self._here} has an attribute that could be read in two ways")
        if not len(cell) and not cell.text:
            return
        stored = self._stored(cell, attributes.get("t", "n"), self._style(attributes.get("s")))
        if stored is not None:
            self.scan.cells.append(stored)
            if len(self.scan.cells) > self.limits.cells:
                raise self.beyond("filled cells", self.limits.cells)

    @property
    def _here(self) -> str:
        return f"{column_letters(self.column)}{self.row}"

    def _stored(self, cell: ET.Element, kind: str, style: int) -> Stored | None:
        """Give what a cell holds; None where it holds nothing."""
        found: dict[str, ET.Element] = {}
        for child in cell:
            name = _IN_CELL.get(child.tag)
            if name is None and child.tag in _EXTENSION:
                self.taken += texts_in(child)
            elif name is None:
                raise self.refuse(f"{_named(child)} stands in cell {self._here}")
            elif name in found:
                return self._lost(kind, style)
            else:
                found[name] = child
        inline = kind == "inlineStr"
        if holds_text(cell) or ("v" if inline else "is") in found:
            return self._lost(kind, style)
        formula = self._formula(found["f"]) if "f" in found else None
        try:
            says = self._says(found.get("is" if inline else "v"), inline=inline)
        except UnreadableTextError:
            return self._lost(kind, style)
        if says is None and formula is None:
            return None
        return Stored(self.row, self.column, style, kind, says, formula)

    def _lost(self, kind: str, style: int) -> Stored:
        return Stored(self.row, self.column, style, kind, None, None, True)

    def _says(self, element: ET.Element | None, *, inline: bool) -> Text | None:
        """Read a value, or an inline text; None where nothing is stored. Raises UnreadableTextError."""
        if element is None:
            return None
        if inline:
            text = read_text(element)
            self.taken += text.taken
            return text if text.says else None
        if len(element):
            raise UnreadableTextError
        self.taken += is_filled(element.text)
        return Text(element.text) if element.text else None

    def _formula(self, element: ET.Element) -> str:
        """Give the text of a formula; one that shares another's gives that."""
        if len(element):
            raise self.refuse(f"{_named(element[0])} stands in the formula of cell {self._here}")
        text, group = element.text or "", element.get("si")
        self.taken += is_filled(text)
        if group is not None and element.get("t") == "shared":
            return self.shared.setdefault(group, text) if text else self.shared.get(group, "")
        return text

    def _style(self, text: str | None) -> int:
        if text is None:
            return 0
        if not (text.isascii() and text.isdecimal() and len(text) < 10):
            raise self.refuse(f"cell {self._here} names no cell format")
        return int(text)

    def _place(self, address: str) -> tuple[int, int]:
        match = _ADDRESS.fullmatch(address)
        if not match:
            raise self.refuse(f"{address[:20]} is no place")
        letters, digits = match.groups()
        column = self.columns.get(letters)
        if column is None:
            column = self.columns[letters] = column_number(letters)
        if column > _LAST_COLUMN:
            raise self.beyond("columns", _LAST_COLUMN)
        return self._number(digits, _LAST_ROW, "rows"), column

    def _number(self, text: str, last: int, what: str) -> int:
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else 0
        if number > last:
            raise self.beyond(what, last)
        if number < 1:
            raise self.refuse(f"{text[:20]} is no place")
        return number

    # What stands around the rows

    def read_frame(self, element: ET.Element) -> None:
        """Read an element beside the rows: merges, hidden columns, protection; texts where none are read are kept."""
        namespace, tag = split(element.tag)
        self.taken += texts_in(element)
        self.cells += sum(e.tag in _CELL for e in element.iter())
        if namespace == COMPATIBILITY:
            self._keep(element)
        elif not is_spreadsheet(element.tag):
            raise self.refuse(f"{_named(element)} stands beside its rows")
        elif tag == "mergeCells":
            self.scan.merged += [e.get("ref", "") for e in element]
            if len(self.scan.merged) > self.limits.merges:
                raise self.beyond("merged ranges", self.limits.merges)
        elif tag == "cols":
            self.scan.hidden_columns += [span for e in element if flag(e.get("hidden")) and (span := _span(e))]
        elif tag == "sheetProtection":
            self.scan.protected = flag(element.get("sheet"))
        elif tag != "extLst" and any(e.tag in _HOLDERS for e in element.iter()):
            raise Refused("CA118", sheet=self.sheet, count=1, cells=f"in {tag}, outside the rows")
        elif tag == "extLst":
            self._keep(element)

    def _keep(self, element: ET.Element) -> None:
        """Keep the texts of values and cells that stand where no reader looks."""
        self.scan.beside += [
            text.strip() for e in element.iter() if e.tag in _HOLDERS and (text := e.text or "").strip()
        ]

    def close(self, counted: Count) -> None:
        """Compare with the count that did not trust this reader. Raises Refused where anything is left over."""
        self.scan.counted = counted
        if any(cell.lost for cell in self.scan.cells):
            return  # the file is refused with their places
        for what, there, read in (("cells", counted.cells, self.cells), ("texts", counted.texts, self.taken)):
            if there != read:
                raise Refused("CA122", sheet=self.sheet, what=what, counted=there, read=read)


def _span(element: ET.Element) -> tuple[int, int] | None:
    low, high = element.get("min", ""), element.get("max", "")
    return (int(low), int(high)) if low.isdecimal() and high.isdecimal() and len(low + high) < 20 else None


def _named(element: ET.Element) -> str:
    namespace, tag = split(element.tag)
    if is_spreadsheet(element.tag):
        return f"'{tag}'"
    return f"'{tag}' of {f'the namespace {namespace}' if namespace else 'no namespace'}"


def read_sheet(data: bytes, sheet: str, limits: Limits) -> Scan:
    """Read one worksheet part. Raises Refused beyond the limits, where XML is broken, and for what could be lost."""
    counted = count(data, f"sheet {sheet}", limits, sheet=sheet)
    reader = _Reader(sheet, limits)
    data_seen, level, root, rows = False, 0, None, None
    for event, element in walk(data, f"sheet {sheet}"):
        if event == "start":
            level += 1
            if level == 1:
                root = _expect_worksheet(element, reader)
            elif level == 2 and element.tag in _DATA:
                if data_seen:
                    raise reader.refuse("its rows stand in it twice")
                data_seen, rows = True, element
            continue
        level -= 1
        if level == 2 and rows is not None:
            if element.tag not in _ROW:
                raise reader.refuse(f"{_named(element)} stands among its rows")
            reader.read_row(element)
            rows.clear()
        elif level == 1 and root is not None:
            if element is not rows:
                reader.read_frame(element)
            rows = None
            root.clear()
    reader.close(counted)
    return reader.scan


def _expect_worksheet(element: ET.Element, reader: _Reader) -> ET.Element:
    if element.tag in _ROOT:
        return element
    kind = _OTHER_KINDS.get(local(element.tag).lower())
    if kind is not None:
        raise Refused("CA123", sheet=reader.sheet, kind=kind)
    raise reader.refuse("it is no worksheet")
