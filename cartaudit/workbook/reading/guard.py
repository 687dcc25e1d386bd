"""The guard: one pass over each part that understands nothing, counts what is there, and holds it to the limits."""

from typing import NamedTuple, NoReturn
from xml.parsers import expat

from cartaudit.workbook.reading.limits import Limits, Refused
from cartaudit.workbook.reading.xml import SPREADSHEET, not_well_formed

_SEPARATOR = " "
_CELLS, _DATA = (frozenset(f"{space}{_SEPARATOR}{tag}" for space in SPREADSHEET) for tag in ("c", "sheetData"))
_CHUNK = 65_536


class Count(NamedTuple):
    """What a part holds, counted without understanding it: elements, cells, and elements that hold text themselves."""

    elements: int = 0
    cells: int = 0
    texts: int = 0


class Guard:
    """Counts part after part of one workbook, so that the limits hold for all of them together."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.elements = self.cells = self.unpacked = 0

    def unpack(self, size: int) -> None:
        """Account for the bytes of a part that is about to be unpacked. Raises Refused."""
        self.unpacked += size
        if self.unpacked > self.limits.unpacked_bytes:
            raise Refused("CA113", part="whole archive", limit=self.limits.unpacked_bytes)

    def count(self, data: bytes, part: str, *, sheet: str = "", branches: int = 0) -> Count:
        """Count what a part holds. Raises Refused beyond the limits, at a document type, and where XML is broken.

        Elements above the level `branches`, and rows, are read and let go one by one; what is in them waits till then.
        """
        counter = _Counter(self, part, sheet, branches)
        try:
            counter.read(data)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise not_well_formed(part) from error
        counted = Count(counter.elements - self.elements, counter.cells - self.cells, counter.texts)
        self.elements, self.cells = counter.elements, counter.cells
        return counted


class _Counter:
    """The handlers of one pass; a text counts once for its element, however it is cut up."""

    def __init__(self, guard: Guard, part: str, sheet: str, branches: int) -> None:
        self.limits, self.part, self.sheet, self.branches = guard.limits, part, sheet, branches
        self.elements, self.cells = guard.elements, guard.cells
        self.texts = self.branch = self.row_cells = self.length = self.declared = 0
        self.deepest = self.widest = self.longest_row = 0
        self.open: list[bool] = []
        self.in_rows = False
        self.parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        self.parser.buffer_text = self.parser.ordered_attributes = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartNamespaceDeclHandler = self._namespace
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def read(self, data: bytes) -> None:
        """Parse in pieces: what the parser holds back is one tag, and the counts are held to the limits in between."""
        for start in range(0, len(data), _CHUNK):
            self.parser.Parse(data[start : start + _CHUNK], False)
            if start - self.parser.CurrentByteIndex > self.limits.tag:
                raise self._beyond("bytes in one tag", self.limits.tag)
            self._check()
        self.parser.Parse(b"", True)
        self._check()

    def _check(self) -> None:
        limits = self.limits
        for what, number, limit in (
            ("levels of nested elements", self.deepest, limits.depth),
            ("elements in one place", max(self.widest, self.branch), limits.branch),
            ("cells in a row", max(self.longest_row, self.row_cells), limits.row_cells),
            ("cells", self.cells, limits.blank_cells),
            ("elements", self.elements, limits.elements),
            ("declarations of namespaces", self.declared, limits.branch),
        ):
            if number > limit:
                raise self._beyond(what, limit)

    def _beyond(self, what: str, limit: int) -> Refused:
        return Refused("CA115", sheet=self.sheet, what=what, limit=limit)

    def _doctype(self, *_: object) -> NoReturn:
        raise Refused("CA114", part=self.part)

    def _namespace(self, _prefix: str | None, name: str | None) -> None:
        self.declared += 1
        if len(name or "") > self.limits.name:
            raise self._beyond("characters in the name of a namespace", self.limits.name)

    def _start(self, name: str, _attributes: list[str]) -> None:
        self.open.append(False)
        self.elements += 1
        self.branch += 1
        self.length = 0
        depth = len(self.open)
        if depth > self.deepest:
            self.deepest = depth
        if name in _CELLS:
            self.cells += 1
            self.row_cells += 1
        elif depth <= self.branches or (self.in_rows and depth == self.branches + 1):
            self._begin_branch(depth, name)

    def _begin_branch(self, depth: int, name: str) -> None:
        self.widest, self.longest_row = max(self.widest, self.branch), max(self.longest_row, self.row_cells)
        self.branch = self.row_cells = 0
        if depth <= self.branches:
            self.in_rows = name in _DATA

    def _end(self, _name: str) -> None:
        self.open.pop()
        self.length = 0

    def _text(self, text: str) -> None:
        self.length += len(text)
        if self.length > self.limits.text:
            raise self._beyond("characters in one text", self.limits.text)
        if not self.open[-1] and not text.isspace():
            self.open[-1] = True
            self.texts += 1
