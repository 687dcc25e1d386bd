"""What is pinned to a sheet beside its cells: notes, threaded comments, pictures, shapes with their texts, controls."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.etree import ElementTree as ET

from cartaudit.model.cells import Note, column_letters, column_number
from cartaudit.workbook.reading.limits import Refused
from cartaudit.workbook.reading.package import Package
from cartaudit.workbook.reading.xml import attribute, local

_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})", re.IGNORECASE)
_THREADED = "tc={"
"""Begins the author of the note that stands for a threaded comment, for programs that know no such comments."""

_EMU_A_COLUMN, _EMU_A_ROW = 609_600, 190_500
"""Width and height of an ordinary cell, for what says its own size instead of where it ends."""

_ANCHORS = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")


class Pinned(NamedTuple):
    """What is pinned to one sheet. `pictures` are ranges, `texts` what shapes and text boxes say, `controls` the number
    of boxes and buttons whose state no cell holds."""

    notes: tuple[Note, ...] = ()
    pictures: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    controls: int = 0


def read_pinned(package: Package, part: str) -> Pinned:
    """Read what is pinned to a sheet. Raises Refused where a part it needs is missing, damaged or beyond the limits."""
    targets: dict[str, list[str]] = {}
    for relation in package.relations(part).values():
        targets.setdefault(relation.kind, []).append(relation.target)
    threads = [c for target in targets.get("threadedComment", ()) for c in _threads(package.tree(target))]
    notes = [n for target in targets.get("comments", ()) for n in _notes(package.tree(target), bool(threads))]
    drawings = [package.tree(target) for target in targets.get("drawing", ()) if target in package.members]
    pinned = Pinned(
        notes=(*notes, *threads),
        pictures=tuple(range_ for drawing in drawings for range_ in _covered(drawing)),
        texts=tuple(text for drawing in drawings for text in _texts(drawing)),
        controls=sum(_is_loose(package.tree(t)) for t in targets.get("ctrlProp", ()) if t in package.members),
    )
    if len(pinned.notes) + len(pinned.pictures) > package.limits.cells:
        raise Refused("CA115", what="notes and pictures", limit=package.limits.cells)
    return pinned


def _notes(root: ET.Element, threaded: bool) -> Iterator[Note]:
    authors = ["".join(e.itertext()) for e in root.iter() if local(e.tag) == "author"]
    for element in root.iter():
        if local(element.tag) == "comment":
            number = attribute(element, "authorId")
            known = number.isdecimal() and len(number) < 7 and int(number) < len(authors)
            author = authors[int(number)] if known else ""
            if not (threaded and author.startswith(_THREADED)):
                yield from _note(element, author)


def _threads(root: ET.Element) -> Iterator[Note]:
    for element in root.iter():
        if local(element.tag) == "threadedComment":
            yield from _note(element, "")


def _note(element: ET.Element, author: str) -> Iterator[Note]:
    match = _PLACE.fullmatch(attribute(element, "ref"))
    text = "".join(t.text or "" for t in element.iter() if local(t.tag) in ("t", "text")).strip()
    if text:
        row, column = (int(match[2]), column_number(match[1])) if match else (1, 1)
        yield Note(row, column, text, author)


def _covered(root: ET.Element) -> Iterator[str]:
    """Give the range that each picture, shape or chart covers, as far as the file says it."""
    for anchor in (e for e in root.iter() if local(e.tag) in _ANCHORS):
        inside = {local(e.tag): e for e in anchor}
        start, end, size, place = (inside.get(name) for name in ("from", "to", "ext", "pos"))
        column, row = _cell(start) if start is not None else _at(place)
        last_column, last_row = _cell(end) if end is not None else _beyond(column, row, size)
        yield f"{column_letters(column)}{row}:{column_letters(max(last_column, column))}{max(last_row, row)}"


def _cell(marker: ET.Element) -> tuple[int, int]:
    numbers = {local(e.tag): _whole(e.text) for e in marker}
    return min(numbers.get("col", 0), 16_383) + 1, min(numbers.get("row", 0), 1_048_575) + 1


def _at(place: ET.Element | None) -> tuple[int, int]:
    if place is None:
        return 1, 1
    return _whole(place.get("x")) // _EMU_A_COLUMN + 1, _whole(place.get("y")) // _EMU_A_ROW + 1


def _beyond(column: int, row: int, size: ET.Element | None) -> tuple[int, int]:
    if size is None:
        return column, row
    return column + _whole(size.get("cx")) // _EMU_A_COLUMN, row + _whole(size.get("cy")) // _EMU_A_ROW


def _whole(text: str | None) -> int:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else 0


def _texts(root: ET.Element) -> Iterator[str]:
    """Give what each shape says, its paragraphs joined."""
    for body in (e for e in root.iter() if local(e.tag) == "txBody"):
        said = " ".join("".join(t.text or "" for t in _runs(p)) for p in body if local(p.tag) == "p").strip()
        if said:
            yield said


def _runs(paragraph: ET.Element) -> Iterable[ET.Element]:
    return (e for e in paragraph.iter() if local(e.tag) == "t")


def _is_loose(control: ET.Element) -> bool:
    """Tell whether a box or button keeps its state for itself: no cell is linked to it."""
    state = attribute(control, "objectType") in ("CheckBox", "Radio", "Drop", "List", "EditBox")
    return state and not attribute(control, "fmlaLink")
