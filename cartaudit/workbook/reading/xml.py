"""XML parts: guarded and counted by one pass that understands nothing, then parsed; names with their namespaces."""

import io
from collections.abc import Iterator
from typing import NamedTuple, NoReturn
from xml.etree import ElementTree as ET
from xml.parsers import expat

from cartaudit.workbook.reading.limits import Limits, Refused

SPREADSHEET = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
"""The namespaces of spreadsheets: transitional and strict."""

COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"

_SEPARATOR = " "
_CELLS = frozenset(f"{namespace}{_SEPARATOR}c" for namespace in SPREADSHEET)


class Count(NamedTuple):
    """What a part holds, counted without understanding it: elements, cells, and elements that hold text themselves."""

    elements: int = 0
    cells: int = 0
    texts: int = 0


class _Counter:
    """The handlers of the counting pass; a text counts once for its element, however it is cut up."""

    def __init__(self, part: str, limits: Limits, sheet: str) -> None:
        self.part, self.limits, self.sheet = part, limits, sheet
        self.elements = self.cells = self.texts = 0
        self.open: list[bool] = []
        self.parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _doctype(self, *_: object) -> NoReturn:
        raise Refused("CA114", part=self.part)

    def _beyond(self, what: str, limit: int) -> Refused:
        return Refused("CA115", sheet=self.sheet, what=what, limit=limit)

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self.elements += 1
        if name in _CELLS:
            self.cells += 1
            if self.cells > self.limits.blank_cells:
                raise self._beyond("cells", self.limits.blank_cells)
        elif self.elements - self.cells > self.limits.elements:
            raise self._beyond("elements", self.limits.elements)
        self.open.append(False)
        if len(self.open) > self.limits.depth:
            raise self._beyond("levels of nested elements", self.limits.depth)

    def _end(self, _name: str) -> None:
        self.open.pop()

    def _text(self, text: str) -> None:
        if not self.open[-1] and not text.isspace():
            self.open[-1] = True
            self.texts += 1


def count(data: bytes, part: str, limits: Limits, *, sheet: str = "") -> Count:
    """Count what a part holds. Raises Refused beyond the limits, at a document type, and where XML is broken."""
    counter = _Counter(part, limits, sheet)
    try:
        counter.parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise not_well_formed(part) from error
    return Count(counter.elements, counter.cells, counter.texts)


def parse(data: bytes, part: str, limits: Limits) -> ET.Element:
    """Parse a small part into a tree, once it was counted. Raises Refused."""
    count(data, part, limits)
    try:
        return ET.fromstring(data)
    except (ET.ParseError, ValueError, LookupError) as error:
        raise not_well_formed(part) from error


def walk(data: bytes, part: str) -> Iterator[tuple[str, ET.Element]]:
    """Give the elements of a large part as they begin and end; whoever asks clears what it has read. Raises Refused."""
    try:
        yield from ET.iterparse(io.BytesIO(data), events=("start", "end"))
    except (ET.ParseError, ValueError, LookupError) as error:
        raise not_well_formed(part) from error


def not_well_formed(part: str) -> Refused:
    """Refuse a part whose XML is broken."""
    return Refused("CA117", part=part, why="it is not well-formed XML")


def names(*tags: str) -> dict[str, str]:
    """Give, by qualified name in either namespace of spreadsheets, the names that are known."""
    return {f"{{{namespace}}}{tag}": tag for namespace in SPREADSHEET for tag in tags}


def split(name: str) -> tuple[str, str]:
    """Split a qualified name into namespace and local name."""
    namespace, brace, tag = name.rpartition("}")
    return (namespace[1:], tag) if brace else ("", name)


def local(tag: object) -> str:
    """Give a tag or attribute name without its namespace."""
    return split(tag)[1] if isinstance(tag, str) else ""


def is_spreadsheet(tag: object) -> bool:
    """Tell whether an element belongs to the namespaces of spreadsheets."""
    return isinstance(tag, str) and split(tag)[0] in SPREADSHEET


def attribute(element: ET.Element, name: str) -> str:
    """Give an attribute whatever its namespace, or an empty text."""
    return next((value for key, value in element.attrib.items() if local(key) == name), "")


def flag(value: str | None) -> bool:
    """Read a truth value as XML writes it."""
    return value is not None and value.strip() in ("1", "true", "on")


def holds_text(element: ET.Element) -> bool:
    """Tell whether text stands directly in an element, before, between or after the elements in it."""
    return is_filled(element.text) or any(is_filled(child.tail) for child in element)


def is_filled(text: str | None) -> bool:
    """Tell whether a text is more than blanks."""
    return bool(text) and not text.isspace()  # type: ignore[union-attr]


def texts_in(element: ET.Element) -> int:
    """Count the elements that hold text themselves, this one and all in it."""
    return sum(map(holds_text, element.iter()))
