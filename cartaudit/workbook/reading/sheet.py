"""One pass over a worksheet part: its rows, and what stands around them.

What stands around the rows is structure; texts in it that a reader might take for answers are kept in `beside`.
"""

from collections import Counter
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from cartaudit.workbook.reading.guard import Count, Guard
from cartaudit.workbook.reading.limits import Limits, Refused
from cartaudit.workbook.reading.rows import RowReader, Stored
from cartaudit.workbook.reading.xml import (
    COMPATIBILITY,
    flag,
    grow,
    is_spreadsheet,
    local,
    named,
    names,
    split,
    texts_in,
)

_ROOT, _DATA, _ROW, _CELL = (names(tag) for tag in ("worksheet", "sheetData", "row", "c"))
_HOLDERS = frozenset(names("v", "t", "f", "is", "c"))
_INSIDE = {"mergeCells": "mergeCell", "cols": "col"}
_REPEATED = frozenset({"cols", "conditionalFormatting"})
_OTHER_KINDS = {"chartsheet": "chart sheet", "dialogsheet": "dialog sheet", "macrosheet": "macro sheet"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What one pass over a sheet found: the cells that hold anything, in the order of the file, and the rest of it."""

    cells: list[Stored]
    merged: list[str]
    hidden_rows: set[int]
    hidden_columns: list[tuple[int, int]]
    protected: bool
    beside: list[str]
    counted: Count


class _Reader:
    """The state of one pass: the rows, and what was met around them."""

    def __init__(self, sheet: str, limits: Limits) -> None:
        self.sheet, self.limits = sheet, limits
        self.rows = RowReader(sheet, limits)
        self.met: Counter[str] = Counter()
        self.data: ET.Element | None = None
        self.merged: list[str] = []
        self.hidden_columns: list[tuple[int, int]] = []
        self.protected = False
        self.beside: list[str] = []
        self.taken = self.seen = 0

    def take(self, root: ET.Element, *, complete: bool) -> None:
        """Read and take out what is complete: the last element, and the last row, may still be growing."""
        for child in list(root):
            growing = child is root[-1] and not complete
            if child.tag in _DATA:
                self._take_rows(child, growing=growing)
            elif not growing:
                self._read_frame(child)
            if not growing:
                root.remove(child)

    def _take_rows(self, data: ET.Element, *, growing: bool) -> None:
        if self.data is not data:
            self._meet("sheetData")
            self.data = data
        for row in data[: len(data) - growing]:
            if row.tag not in _ROW:
                raise self.rows.refuse(f"{named(row)} stands among its rows")
            self.rows.read(row)
        del data[: len(data) - growing]

    def _meet(self, tag: str) -> None:
        self.met[tag] += 1
        if self.met[tag] > 1 and tag not in _REPEATED:
            raise self.rows.refuse(f"'{tag}' stands in it twice")

    def _read_frame(self, element: ET.Element) -> None:
        """Read an element beside the rows: merges, hidden columns, protection; texts where none are read are kept."""
        namespace, tag = split(element.tag)
        self.taken += texts_in(element)
        self.seen += sum(e.tag in _CELL for e in element.iter())
        if namespace == COMPATIBILITY:
            self._keep(element)
            return
        if not is_spreadsheet(element.tag):
            raise self.rows.refuse(f"{named(element)} stands beside its rows")
        self._meet(tag)
        if tag == "extLst":
            self._keep(element)
        elif any(e.tag in _HOLDERS for e in element.iter()):
            raise Refused("CA118", sheet=self.sheet, count=1, cells=f"in {tag}, outside the rows")
        elif tag in _INSIDE:
            self._read_list(element, tag)
        elif tag == "sheetProtection":
            self.protected = flag(element.get("sheet"))

    def _read_list(self, element: ET.Element, tag: str) -> None:
        for child in element:
            if not is_spreadsheet(child.tag) or local(child.tag) != _INSIDE[tag]:
                raise self.rows.refuse(f"{named(child)} stands in '{tag}'")
        if tag == "mergeCells":
            self.merged += [e.get("ref", "") for e in element]
            if len(self.merged) > self.limits.merges:
                raise self.rows.beyond("merged ranges", self.limits.merges)
        else:
            self.hidden_columns += [span for e in element if flag(e.get("hidden")) and (span := _span(e))]

    def _keep(self, element: ET.Element) -> None:
        """Keep the texts of values and cells that stand where no reader looks."""
        self.beside += [text.strip() for e in element.iter() if e.tag in _HOLDERS and (text := e.text or "").strip()]

    def close(self, counted: Count) -> Scan:
        """Compare with the count that did not trust this reader. Raises Refused where anything is left over."""
        self.rows.close()
        read = {"cells": self.seen + self.rows.seen, "texts": self.taken + self.rows.taken}
        there = {"cells": counted.cells, "texts": counted.texts}
        if not any(cell.lost for cell in self.rows.cells):  # otherwise the file is refused with their places
            for what, number in there.items():
                if number != read[what]:
                    raise Refused("CA122", sheet=self.sheet, what=what, counted=number, read=read[what])
        return Scan(
            cells=self.rows.cells,
            merged=self.merged,
            hidden_rows=self.rows.hidden,
            hidden_columns=self.hidden_columns,
            protected=self.protected,
            beside=self.beside,
            counted=counted,
        )


def _span(element: ET.Element) -> tuple[int, int] | None:
    low, high = element.get("min", ""), element.get("max", "")
    return (int(low), int(high)) if low.isdecimal() and high.isdecimal() and len(low + high) < 20 else None


def read_sheet(data: bytes, sheet: str, guard: Guard) -> Scan:
    """Read one worksheet part. Raises Refused beyond the limits, where XML is broken, and for what could be lost."""
    part = f"sheet {sheet}"
    counted = guard.count(data, part, sheet=sheet, branches=2)
    reader = _Reader(sheet, guard.limits)
    for root, complete in grow(data, part):
        _expect_worksheet(root, reader)
        reader.take(root, complete=complete)
    return reader.close(counted)


def _expect_worksheet(root: ET.Element, reader: _Reader) -> None:
    if root.tag in _ROOT:
        return
    kind = _OTHER_KINDS.get(local(root.tag).lower())
    if kind is not None:
        raise Refused("CA123", sheet=reader.sheet, kind=kind)
    raise reader.rows.refuse("it is no worksheet")
