"""Cell formats: number format, font and marks of each, by the index that cells name."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.etree import ElementTree as ET

from cartaudit.workbook.reading.formats import BUILT_IN, LOCAL_DATES, is_duration, is_temporal
from cartaudit.workbook.reading.limits import Limits, Refused
from cartaudit.workbook.reading.texts import PLAIN, Marks, UnreadableTextError, marks_of
from cartaudit.workbook.reading.xml import is_spreadsheet, local

_LONGEST_FORMAT = 255
"""Characters that Excel lets a number format have."""

_INSIDE = {"numFmts": "numFmt", "fonts": "font", "cellXfs": "xf"}
_SETTINGS = ("alignment", "protection", "extLst")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What a cell format says: number format, font, marks, and whether its numbers are dates or durations.

    `known` is false where it names a number format that is in no table: nobody can say what its numbers show.
    """

    number_format: str = "General"
    font: str = ""
    marks: Marks = PLAIN
    temporal: bool = False
    duration: bool = False
    known: bool = True


LOCAL_DATE, UNKNOWN = Style(number_format="m/d/yy", temporal=True), Style(known=False)


def read_styles(root: ET.Element, part: str, limits: Limits) -> tuple[Style, ...]:
    """Read the cell formats in their order. Raises Refused where an index could mean two of them, or none."""
    sections = {name: tuple(_section(root, name, part)) for name in _INSIDE}
    if len(sections["cellXfs"]) > limits.formats:
        raise Refused("CA115", what="cell formats", limit=limits.formats)
    own = [(_index(e.get("numFmtId"), part), _format(e.get("formatCode", ""), part)) for e in sections["numFmts"]]
    if len(dict(own)) < len(own):
        raise _refused(part, "two number formats bear one number")
    formats = {number: _of_format(code) for number, code in (*BUILT_IN.items(), *own)}
    formats |= {number: LOCAL_DATE for number in LOCAL_DATES if number not in dict(own)}
    try:
        fonts = [(_font_name(font), marks_of(font)) for font in sections["fonts"]]
    except UnreadableTextError as error:
        raise _refused(part, "a font holds what no font can hold") from error
    return tuple(_style(xf, formats, fonts, part) for xf in sections["cellXfs"])


def _section(root: ET.Element, name: str, part: str) -> Iterator[ET.Element]:
    found = [e for e in root.iter() if local(e.tag) == name]
    if len(found) > 1 or not all(is_spreadsheet(e.tag) and e in list(root) for e in found):
        raise _refused(part, f"its {name} are not the one table they have to be")
    for element in found[0] if found else ():
        if not is_spreadsheet(element.tag) or local(element.tag) != _INSIDE[name]:
            raise _refused(part, f"{local(element.tag)} stands among its {name}")
        yield element


def _of_format(code: str) -> Style:
    temporal = is_temporal(code)
    return Style(number_format=code, temporal=temporal, duration=temporal and is_duration(code))


def _style(xf: ET.Element, formats: dict[int, Style], fonts: list[tuple[str, Marks]], part: str) -> Style:
    if any(local(child.tag) not in _SETTINGS for child in xf):
        raise _refused(part, "a cell format holds what none can hold")
    number, font = _index(xf.get("numFmtId"), part), _index(xf.get("fontId"), part)
    if font >= len(fonts) and (font or fonts):
        raise _refused(part, "a cell format names a font beyond their table")
    name, marks = fonts[font] if fonts else ("", PLAIN)
    return replace(formats.get(number, UNKNOWN), font=name, marks=marks)


def _font_name(font: ET.Element) -> str:
    return next((e.get("val", "") for e in font if local(e.tag) == "name"), "")


def _format(code: str, part: str) -> str:
    if len(code) > _LONGEST_FORMAT:
        raise _refused(part, f"a number format has more than {_LONGEST_FORMAT} characters")
    return code or "General"


def _index(text: str | None, part: str) -> int:
    if text is None:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise _refused(part, f"{text[:20]} is no number of a format or font")
    return int(text)


def _refused(part: str, why: str) -> Refused:
    return Refused("CA117", part=part, why=why)
