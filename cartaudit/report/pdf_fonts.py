"""Fonts of a PDF as WeasyPrint embeds them: widths, the text each glyph stands for, and the outlines it draws."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_CHARACTER = re.compile(rb"<([0-9A-Fa-f]{1,8})>\s*<([0-9A-Fa-f]{1,64})>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]{1,8})>\s*<([0-9A-Fa-f]{1,8})>\s*<([0-9A-Fa-f]{1,8})>")
_BLOCK = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_MOST_CODES = 70_000
UNKNOWN = "\ufffd"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnFont:
    """A font of a PDF: its name without the mark of a subset, its file, and the width and text of each glyph."""

    name: str
    widths: Mapping[int, float]
    other_width: float
    texts: Mapping[int, str]
    program: bytes

    def width(self, glyph: int) -> float:
        """Give the width of a glyph in thousandths of the size."""
        return self.widths.get(glyph, self.other_width)

    def text(self, glyphs: Sequence[int]) -> str:
        """Give what glyphs stand for; U+FFFD for one of which nothing is told."""
        return "".join(self.texts.get(glyph, UNKNOWN) for glyph in glyphs)


def read_font(font: Any, unpack: Callable[[Any], bytes]) -> DrawnFont:
    """Read a font; `unpack` gives the bytes of a stream. Raises whatever Python does where a part is broken."""
    (inner,) = font.DescendantFonts
    descriptor = inner.FontDescriptor
    file = descriptor.get("/FontFile2", descriptor.get("/FontFile3"))
    return DrawnFont(
        name=str(font.get("/BaseFont", "")).lstrip("/").partition("+")[2],
        widths=dict(_widths(list(inner.get("/W", [])))),
        other_width=float(inner.get("/DW", 1000)),
        texts=read_table(unpack(font.ToUnicode)) if "/ToUnicode" in font else {},
        program=unpack(file) if file is not None else b"",
    )


def _widths(told: list[Any]) -> Iterator[tuple[int, float]]:
    """Read an array of widths: `first [width width]` or `first last width`."""
    place = 0
    while place < len(told):
        first, second = int(told[place]), told[place + 1]
        if hasattr(second, "__iter__"):
            yield from ((first + number, float(width)) for number, width in enumerate(second))
            place += 2
        else:
            last = min(int(second), first + _MOST_CODES)
            yield from ((glyph, float(told[place + 2])) for glyph in range(first, last + 1))
            place += 3


def read_table(table: bytes) -> dict[int, str]:
    """Read which text each glyph stands for. Raises ValueError for more codes than two bytes have."""
    texts: dict[int, str] = {}
    for glyph, text in _pairs(table):
        texts[glyph] = text
        if len(texts) > _MOST_CODES:
            raise ValueError("a font with more glyphs than there are codes")
    return texts


def _pairs(table: bytes) -> Iterator[tuple[int, str]]:
    left = _MOST_CODES
    for kind, block in _BLOCK.findall(table):
        if kind == b"bfchar":
            for code, text in _CHARACTER.findall(block):
                yield int(code, 16), _utf16(text)
        else:
            for first, last, text in _RANGE.findall(block):
                count = int(last, 16) - int(first, 16) + 1
                left -= max(count, 0)
                if left < 0:
                    raise ValueError("a font with more glyphs than there are codes")
                for offset in range(count):
                    yield int(first, 16) + offset, chr(int(text, 16) + offset)


def _utf16(digits: bytes) -> str:
    return bytes.fromhex(digits.decode("ascii")).decode("utf-16-be", errors="replace")
