"""What a signature shows on its page: a few lines in our own font, embedded, drawn into the field."""

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cartaudit.report.fonts import fonts_folder, replace_missing

_SIZES = (8.0, 7.0, 6.0, 5.0)
_LEADING = 1.25
_MARGIN = 3.0
_ELLIPSIS = "…"
_EM = 1000
_SYMBOLIC = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class StampFont:
    """A subset of our font: its file, and glyph number and width (thousandths of the size) for each character."""

    name: str
    data: bytes
    glyphs: Mapping[str, int]
    widths: Mapping[str, int]
    ascent: int
    descent: int
    box: tuple[int, int, int, int]


def stamp_font(characters: str) -> StampFont:
    """Cut our font down to some characters; the same characters give the same bytes."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    wanted = "".join(sorted({*characters, *_ELLIPSIS, " "}))
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=[])
    cutter = subset.Subsetter(options)
    cutter.populate(text=wanted)
    out = io.BytesIO()
    with TTFont(fonts_folder() / "NotoSans-Regular.ttf", recalcTimestamp=False) as font:
        cutter.subset(font)
        names, scale = font.getBestCmap(), _EM / font["head"].unitsPerEm
        head, lines = font["head"], font["hhea"]
        glyphs = {c: font.getGlyphID(names[ord(c)]) for c in wanted}
        widths = {c: round(font["hmtx"][names[ord(c)]][0] * scale) for c in wanted}
        font.save(out)
    return StampFont(
        name=f"{_tag(wanted)}+NotoSans",
        data=out.getvalue(),
        glyphs=glyphs,
        widths=widths,
        ascent=round(lines.ascent * scale),
        descent=round(lines.descent * scale),
        box=(round(head.xMin * scale), round(head.yMin * scale), round(head.xMax * scale), round(head.yMax * scale)),
    )


def _tag(characters: str) -> str:
    """Give the six capitals that mark a subset."""
    digest = hashlib.sha256(characters.encode()).digest()
    return "".join(chr(ord("A") + byte % 26) for byte in digest[:6])


def stamp_form(lines: Sequence[str], width: float, height: float) -> Any:
    """Draw lines of text into a form of some size in points; what does not fit is cut with an ellipsis."""
    from pyhanko.pdf_utils import generic

    told = [replace_missing(line)[0] for line in lines]
    font = stamp_font("".join(told))
    size, laid_out = _lay_out(told, font, width - 2 * _MARGIN, height - 2 * _MARGIN)
    form = generic.StreamObject(
        dict_data={
            generic.NameObject("/Type"): generic.NameObject("/XObject"),
            generic.NameObject("/Subtype"): generic.NameObject("/Form"),
            generic.NameObject("/BBox"): _numbers((0, 0, width, height)),
        },
        stream_data=_operators(laid_out, font, size, height),
    )
    return form, font


def _lay_out(lines: Sequence[str], font: StampFont, width: float, height: float) -> tuple[float, list[str]]:
    """Take the largest size at which everything fits; at the smallest one drop what does not."""
    for size in _SIZES:
        laid_out = [part for line in lines for part in _wrapped(line, font, width / size * _EM)]
        room = int(height / (size * _LEADING))
        if len(laid_out) <= room:
            return size, laid_out
    kept = laid_out[:room]
    return _SIZES[-1], [*kept[:-1], _cut(kept[-1] + _ELLIPSIS, font, width / _SIZES[-1] * _EM)]


def _wrapped(line: str, font: StampFont, room: float) -> Iterator[str]:
    """Break a line at its spaces; a word that is too long is cut."""
    current = ""
    for word in line.split():
        longer = f"{current} {word}".lstrip()
        if current and _width(longer, font) > room:
            yield _cut(current, font, room)
            longer = word
        current = longer
    yield _cut(current, font, room)


def _cut(text: str, font: StampFont, room: float) -> str:
    if _width(text, font) <= room:
        return text
    while text and _width(text + _ELLIPSIS, font) > room:
        text = text[:-1]
    return text + _ELLIPSIS


def _width(text: str, font: StampFont) -> int:
    return sum(font.widths[c] for c in text)


def _operators(lines: Sequence[str], font: StampFont, size: float, height: float) -> bytes:
    top = height - _MARGIN - size
    codes = ["".join(f"{font.glyphs[c]:04X}" for c in line) for line in lines]
    shown = "\n".join(f"<{code}> Tj T*" for code in codes)
    return f"q BT 0 g /F1 {size:g} Tf {size * _LEADING:g} TL {_MARGIN:g} {top:g} Td\n{shown}\nET Q\n".encode("ascii")


def add_font(writer: Any, font: StampFont) -> Any:
    """Add an embedded font to a PDF; gives the reference to it."""
    from pyhanko.pdf_utils import generic

    name = generic.NameObject
    program = generic.StreamObject(
        dict_data={name("/Length1"): generic.NumberObject(len(font.data))}, stream_data=font.data
    )
    program.compress()
    table = generic.StreamObject(stream_data=_unicode_table(font))
    table.compress()
    described = {
        "/Type": name("/FontDescriptor"),
        "/FontName": name(f"/{font.name}"),
        "/Flags": generic.NumberObject(_SYMBOLIC),
        "/FontBBox": _numbers(font.box),
        "/ItalicAngle": generic.NumberObject(0),
        "/Ascent": generic.NumberObject(font.ascent),
        "/Descent": generic.NumberObject(font.descent),
        "/CapHeight": generic.NumberObject(font.ascent),
        "/StemV": generic.NumberObject(80),
        "/FontFile2": writer.add_object(program),
    }
    system = {
        "/Registry": generic.pdf_string("Adobe"),
        "/Ordering": generic.pdf_string("Identity"),
        "/Supplement": generic.NumberObject(0),
    }
    descendant = {
        "/Type": name("/Font"),
        "/Subtype": name("/CIDFontType2"),
        "/BaseFont": name(f"/{font.name}"),
        "/CIDSystemInfo": _dictionary(system),
        "/FontDescriptor": writer.add_object(_dictionary(described)),
        "/CIDToGIDMap": name("/Identity"),
        "/W": _widths(font),
    }
    whole = {
        "/Type": name("/Font"),
        "/Subtype": name("/Type0"),
        "/BaseFont": name(f"/{font.name}"),
        "/Encoding": name("/Identity-H"),
        "/DescendantFonts": generic.ArrayObject([writer.add_object(_dictionary(descendant))]),
        "/ToUnicode": writer.add_object(table),
    }
    return writer.add_object(_dictionary(whole))


def _widths(font: StampFont) -> Any:
    from pyhanko.pdf_utils import generic

    widths = generic.ArrayObject()
    for character, glyph in sorted(font.glyphs.items(), key=lambda item: item[1]):
        widths.append(generic.NumberObject(glyph))
        widths.append(generic.ArrayObject([generic.NumberObject(font.widths[character])]))
    return widths


def _unicode_table(font: StampFont) -> bytes:
    """Write which character each glyph stands for, so that the text can be searched and read aloud."""
    pairs = sorted((glyph, character) for character, glyph in font.glyphs.items())
    blocks = []
    for start in range(0, len(pairs), 100):
        rows = "\n".join(f"<{g:04X}> <{c.encode('utf-16-be').hex().upper()}>" for g, c in pairs[start : start + 100])
        blocks.append(f"{len(pairs[start : start + 100])} beginbfchar\n{rows}\nendbfchar")
    body = "\n".join(blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")


def _dictionary(items: Mapping[str, Any]) -> Any:
    from pyhanko.pdf_utils import generic

    return generic.DictionaryObject({generic.NameObject(key): value for key, value in items.items()})


def _numbers(values: Sequence[float]) -> Any:
    from pyhanko.pdf_utils import generic

    return generic.ArrayObject([generic.FloatObject(f"{value:g}") for value in values])
