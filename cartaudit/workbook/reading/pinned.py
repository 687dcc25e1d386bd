"""What is pinned to a sheet beside its cells: notes, threaded comments, pictures, shapes with their texts, controls."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from xml.etree import ElementTree as ET

from cartaudit.model.cells import Note, column_letters, column_number
from cartaudit.workbook.reading.limits import Refused
from cartaudit.workbook.reading.package import Package
from cartaudit.workbook.reading.parts import Parts
from cartaudit.workbook.reading.texts import UnreadableTextError, read_text
from cartaudit.workbook.reading.xml import local

_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})", re.IGNORECASE)
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_STANDS_FOR_A_THREAD = "tc={"
"""Begins the author of the note that stands for a threaded comment, for programs that know no such comments."""

_EMU_A_COLUMN, _EMU_A_ROW = 609_600, 190_500
"""Width and height of an ordinary cell, for what says its own size instead of where it ends."""

_DRAWN = ("chart", "chartEx", "diagramData")
_ANCHORS = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")
_BOXES = ("CheckBox", "Radio", "Drop", "List", "EditBox")


class Pinned(NamedTuple):
    """What is pinned to one sheet: notes, ranges that pictures cover, texts of shapes, text boxes and charts, and the
    number of boxes and buttons whose state no cell holds."""

    notes: tuple[Note, ...] = ()
    pictures: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    controls: int = 0


def read_pinned(package: Package, part: str) -> Pinned:
    """Read what is pinned to a sheet. Raises Refused where a part it needs is missing, damaged or beyond the limits."""
    parts = package.parts
    targets: dict[str, list[str]] = {}
    for relation in parts.relations(part).values():
        targets.setdefault(relation.kind, []).append(relation.target)
    threads = [n for t in targets.get("threadedComment", ()) for n in _threads(parts.tree(t), t, package.persons)]
    threaded = {(note.row, note.column) for note in threads}
    notes = [n for t in targets.get("comments", ()) for n in _notes(parts.tree(t), t, threaded)]
    drawings = [drawn for target in targets.get("drawing", ()) for drawn in _drawn(parts, target)]
    pinned = Pinned(
        notes=tuple(sorted((*notes, *threads), key=lambda note: (note.row, note.column))),
        pictures=tuple(range_ for drawing in drawings for range_ in _covered(drawing)),
        texts=tuple(text for drawing in drawings for text in _texts(drawing)),
        controls=sum(_is_loose(parts.tree(target)) for target in targets.get("ctrlProp", ()) if target in parts),
    )
    for what, number in (("notes", len(pinned.notes)), ("pictures and shapes", len(pinned.pictures))):
        if number > parts.limits.pinned:
            raise Refused("CA115", what=what, limit=parts.limits.pinned)
    return pinned


def _notes(root: ET.Element, part: str, threaded: set[tuple[int, int]]) -> Iterator[Note]:
    """Give the notes but those that stand for a thread which is there."""
    authors = ["".join(e.itertext()) for e in root.iter() if local(e.tag) == "author"]
    for element in root.iter():
        if local(element.tag) != "comment":
            continue
        row, column = _place(element, part)
        number = element.get("authorId", "")
        known = number.isascii() and number.isdecimal() and len(number) < 7 and int(number) < len(authors)
        author = authors[int(number)] if known else ""
        text = "".join(_said(e, part) for e in element if local(e.tag) == "text").strip()
        if text and not (author.startswith(_STANDS_FOR_A_THREAD) and (row, column) in threaded):
            yield Note(row, column, text, author)


def _said(element: ET.Element, part: str) -> str:
    try:
        return read_text(element).says
    except UnreadableTextError as error:
        raise Refused("CA117", part=part, why="one of its notes holds what no text can hold") from error


def _threads(root: ET.Element, part: str, persons: Mapping[str, str]) -> Iterator[Note]:
    for element in root.iter():
        if local(element.tag) == "threadedComment":
            text = "".join("".join(e.itertext()) for e in element if local(e.tag) == "text").strip()
            if text:
                yield Note(*_place(element, part), text, persons.get(element.get("personId", ""), ""))


def _place(element: ET.Element, part: str) -> tuple[int, int]:
    match = _PLACE.fullmatch(element.get("ref", ""))
    row, column = (int(match[2]), column_number(match[1])) if match else (0, 0)
    if not 0 < row <= _LAST_ROW or column > _LAST_COLUMN:
        raise Refused("CA117", part=part, why="one of its notes is pinned to no cell")
    return row, column


def _covered(root: ET.Element) -> Iterator[str]:
    """Give the range that each picture, shape or chart covers, as far as the file says it."""
    for anchor in (e for e in root.iter() if local(e.tag) in _ANCHORS):
        inside = {local(e.tag): e for e in anchor}
        start, end, size, place = (inside.get(name) for name in ("from", "to", "ext", "pos"))
        column, row = _cell(start) if start is not None else _at(place)
        last_column, last_row = _end(end) if end is not None else _beyond(column, row, size)
        yield f"{column_letters(column)}{row}:{column_letters(max(last_column, column))}{max(last_row, row)}"


def _marked(marker: ET.Element) -> dict[str, int]:
    return {local(e.tag): _whole(e.text) for e in marker}


def _cell(marker: ET.Element) -> tuple[int, int]:
    numbers = _marked(marker)
    return min(numbers.get("col", 0) + 1, _LAST_COLUMN), min(numbers.get("row", 0) + 1, _LAST_ROW)


def _end(marker: ET.Element) -> tuple[int, int]:
    """Give the last cell covered: what ends on the edge of a cell covers nothing of it."""
    numbers = _marked(marker)
    column, row = _cell(marker)
    return column - (numbers.get("colOff") == 0), row - (numbers.get("rowOff") == 0)


def _at(place: ET.Element | None) -> tuple[int, int]:
    if place is None:
        return 1, 1
    return _within(_whole(place.get("x")) // _EMU_A_COLUMN + 1, _whole(place.get("y")) // _EMU_A_ROW + 1)


def _beyond(column: int, row: int, size: ET.Element | None) -> tuple[int, int]:
    if size is None:
        return column, row
    return _within(column + _whole(size.get("cx")) // _EMU_A_COLUMN, row + _whole(size.get("cy")) // _EMU_A_ROW)


def _within(column: int, row: int) -> tuple[int, int]:
    return min(column, _LAST_COLUMN), min(row, _LAST_ROW)


def _whole(text: str | None) -> int:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else 0


def _drawn(parts: Parts, part: str) -> Iterator[ET.Element]:
    """Give a drawing, and the charts and diagrams that stand in it."""
    yield parts.tree(part)
    for relation in parts.relations(part).values():
        if relation.kind in _DRAWN and relation.target in parts:
            yield parts.tree(relation.target)


def _texts(root: ET.Element) -> Iterator[str]:
    """Give what each shape, title or label says, its paragraphs joined."""
    for body in root.iter():
        said = " ".join("".join(t.text or "" for t in _runs(p)) for p in body if local(p.tag) == "p").strip()
        if said:
            yield said


def _runs(paragraph: ET.Element) -> Iterable[ET.Element]:
    return (e for e in paragraph.iter() if local(e.tag) == "t")


def _is_loose(control: ET.Element) -> bool:
    """Tell whether a box or button keeps its state for itself: no cell is linked to it."""
    return control.get("objectType", "") in _BOXES and not control.get("fmlaLink", "")
