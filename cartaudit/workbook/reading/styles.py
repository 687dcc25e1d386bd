"""Cell formats: number format, font and marks of each, by the index that cells name."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from cartaudit.workbook.reading.formats import BUILT_IN, is_duration, is_temporal
from cartaudit.workbook.reading.limits import Limits, Refused
from cartaudit.workbook.reading.texts import PLAIN, Marks, UnreadableTextError, marks_of
from cartaudit.workbook.reading.xml import is_spreadsheet, local, parse

_LONGEST_FORMAT = 255
"""Characters that Excel lets a number format have."""

_INSIDE = {"numFmts": "numFmt", "fonts": "font", "cellXfs": "xf"}
_SETTINGS = ("alignment", "protection", "extLst")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What a cell format says: number format, font, marks, and whether its numbers are dates or durations."""

    number_format: str = "General"
    font: str = ""
    marks: Marks = PLAIN
    temporal: bool = False
    duration: bool = False


def read_styles(data: bytes, part: str, limits: Limits) -> tuple[Style, ...]:
    """Read the cell formats in their order. Raises Refused where an index could mean two of them, or none."""
    root = parse(data, part, limits)
    sections = {name: tuple(_section(root, name, part)) for name in _INSIDE}
    own = {_index(e.get("numFmtId"), part): _format(e.get("formatCode", ""), part) for e in sections["numFmts"]}
    if len(own) < len(sections["numFmts"]):
        raise _refused(part, "two number formats bear one number")
    try:
        fonts = [(_font_name(font), marks_of(font)) for font in sections["fonts"]]
    except UnreadableTextError as error:
        raise _refused(part, "a font holds what no font can hold") from error
    return tuple(_style(xf, own, fonts, part) for xf in sections["cellXfs"])


def _section(root: ET.Element, name: str, part: str) -> Iterator[ET.Element]:
    found = [e for e in root if local(e.tag) == name]
    if len(found) > 1 or not all(is_spreadsheet(e.tag) for e in found):
        raise _refused(part, f"its {name} are not the one table they have to be")
    for element in found[0] if found else ():
        if not is_spreadsheet(element.tag) or local(element.tag) != _INSIDE[name]:
            raise _refused(part, f"{local(element.tag)} stands among its {name}")
        yield element


def _style(xf: ET.Element, own: dict[int, str], fonts: list[tuple[str, Marks]], part: str) -> Style:
    if any(local(child.tag) not in _SETTINGS for child in xf):
        raise _refused(part, "a cell format holds what none can hold")
    number, font = _index(xf.get("numFmtId"), part), _index(xf.get("fontId"), part)
    code = own.get(number) or BUILT_IN.get(number, "General")
    if font >= len(fonts) and (font or fonts):
        raise _refused(part, "a cell format names a font beyond their table")
    name, marks = fonts[font] if fonts else ("", PLAIN)
    temporal = is_temporal(code)
    return Style(number_format=code, font=name, marks=marks, temporal=temporal, duration=temporal and is_duration(code))


def _font_name(font: ET.Element) -> str:
    return next((e.get("val", "") for e in font if local(e.tag) == "name"), "")


def _format(code: str, part: str) -> str:
    if len(code) > _LONGEST_FORMAT:
        raise _refused(part, f"a number format has more than {_LONGEST_FORMAT} characters")
    return code


def _index(text: str | None, part: str) -> int:
    if text is None:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise _refused(part, f"{text[:20]} is no number of a format or font")
    return int(text)


def _refused(part: str, why: str) -> Refused:
    return Refused("CA117", part=part, why=why)
