"""Texts with how they are set: what a shared or inline text says, run by run, and the table that cells share."""

from typing import NamedTuple
from xml.etree import ElementTree as ET

from cartaudit.model.cells import Mark, Run
from cartaudit.workbook.reading.guard import Guard
from cartaudit.workbook.reading.limits import Refused
from cartaudit.workbook.reading.xml import flag, grow, holds_text, is_filled, is_spreadsheet, local, names, texts_in

Marks = frozenset[Mark]

PLAIN: Marks = frozenset()

_ITEM = names("t", "r", "rPh", "phoneticPr", "extLst")
_TABLE, _SHARED, _EXTENSION = names("sst"), names("si"), names("extLst")
_RUN = names("rPr", "t")
_ONLY_TEXT = names("t")
_RAISED = {"superscript": Mark.RAISED, "subscript": Mark.LOWERED}


class Text(NamedTuple):
    """What a text says. `parts` are its runs where it has several ways of being set; None stands for the cell's own."""

    says: str
    parts: tuple[tuple[str, Marks | None], ...] = ()
    taken: int = 0
    """How many elements that hold text were read for it, phonetic hints included."""

    def runs(self, own: Marks) -> tuple[Run, ...]:
        """Give the runs with the marks of the cell where they have none of their own; none where nothing is marked."""
        found = tuple(Run(text, own if marks is None else marks) for text, marks in self.parts if text)
        return found if any(run.marks != own for run in found) else ()


class UnreadableTextError(ValueError):
    """An item that no reader may guess at: text where none can be, an element of another kind, two texts for one."""


def read_text(item: ET.Element) -> Text:
    """Read a shared or inline text: one text, or runs; phonetic hints are no part of it. Raises UnreadableTextError."""
    if len(item) == 1 and item[0].tag in _ONLY_TEXT and not (item.text or item[0].tail):
        text = _leaf(item[0])  # nearly every text
        return Text(text, (), is_filled(text))
    pieces: list[tuple[str, Marks | None]] = []
    taken, plain = 0, 0
    for child in item:
        kind = _ITEM.get(child.tag)
        if kind == "t":
            plain += 1
            pieces.append((_leaf(child), None))
        elif kind == "r":
            pieces.append(_run(child))
        elif kind == "rPh":
            taken += _phonetic(child)
            continue
        elif kind is None:
            raise UnreadableTextError
        if kind in ("t", "r"):
            taken += bool(pieces[-1][0].strip())
    if holds_text(item) or plain > 1 or (plain and len(pieces) > plain and any(text for text, _ in pieces if text)):
        raise UnreadableTextError
    marked = any(marks is not None for _, marks in pieces)
    return Text("".join(text for text, _ in pieces), tuple(pieces) if marked else (), taken)


def _leaf(element: ET.Element) -> str:
    if len(element):
        raise UnreadableTextError
    return element.text or ""


def _run(run: ET.Element) -> tuple[str, Marks | None]:
    text, marks, seen = "", None, 0
    for child in run:
        kind = _RUN.get(child.tag)
        if kind == "t":
            text, seen = _leaf(child), seen + 1
        elif kind == "rPr":
            marks = marks_of(child)
        else:
            raise UnreadableTextError
    if holds_text(run) or seen > 1:
        raise UnreadableTextError
    return text, marks


def _phonetic(hint: ET.Element) -> int:
    if holds_text(hint) or any(child.tag not in _ONLY_TEXT for child in hint):
        raise UnreadableTextError
    return sum(bool(_leaf(child).strip()) for child in hint)


def marks_of(font: ET.Element) -> Marks:
    """Give the marks that a font or the properties of a run set. Raises UnreadableTextError where more stands in it."""
    marks = set()
    for child in font:
        if not is_spreadsheet(child.tag) or len(child) or (child.text and not child.text.isspace()):
            raise UnreadableTextError
        name, value = local(child.tag), child.get("val")
        if name == "strike" and (value is None or flag(value)):
            marks.add(Mark.STRUCK)
        elif name == "vertAlign" and value in _RAISED:
            marks.add(_RAISED[value])
    return frozenset(marks)


def read_table(data: bytes, part: str, guard: Guard) -> tuple[Text, ...]:
    """Read the texts that cells share. Raises Refused beyond the limits, and for a table that can be read two ways."""
    counted = guard.count(data, part, branches=2)
    items: list[Text] = []
    outside = 0
    for root, complete in grow(data, part):
        _expect(root.tag in _TABLE, part)
        ripe = root[: len(root) - (not complete)]
        for element in ripe:
            if element.tag in _SHARED:
                items.append(_item(element, part))
            else:
                _expect(element.tag in _EXTENSION, part)
                outside += texts_in(element)
        if len(items) > guard.limits.strings:
            raise Refused("CA115", what="shared texts", limit=guard.limits.strings)
        del root[: len(ripe)]
    _expect(counted.texts == outside + sum(item.taken for item in items), part)
    return tuple(items)


def _item(element: ET.Element, part: str) -> Text:
    try:
        read = read_text(element)
    except UnreadableTextError as error:
        raise Refused("CA117", part=part, why="one of its texts holds what no text can hold") from error
    # Excel writes an underscore that could start an escape as _x005F_.
    if "x005F_" not in read.says:
        return read
    parts = tuple((text.replace("x005F_", ""), marks) for text, marks in read.parts)
    return Text(read.says.replace("x005F_", ""), parts, read.taken)


def _expect(true: bool, part: str) -> None:
    if not true:
        raise Refused("CA117", part=part, why="it holds what no table of texts can hold")
