"""The text of a PDF page by page, as it is seen: also what a screen reader is not told."""

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

_CHARACTER = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_BLOCK = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)

Codes = Mapping[int, str]


def page_texts(data: bytes) -> tuple[str, ...]:
    """Give the text of each page without any white space, in the order in which it is painted.

    Only text in fonts with two-byte codes and a table to Unicode is read, as WeasyPrint writes it; other text shows as
    U+FFFD. Text inside forms that a page draws is read where it is drawn.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        known: dict[tuple[int, int], Codes] = {}
        return tuple(squeeze("".join(_texts(page.obj, page.resources, known))) for page in pdf.pages)


def page_contents(data: bytes) -> tuple[bytes, ...]:
    """Give what each page draws: its operators, and the address and place of every link and field on it."""
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        return tuple(_drawn(page) for page in pdf.pages)


def _drawn(page: Any) -> bytes:
    contents = page.obj.Contents
    parts = list(contents) if contents._type_code.name == "array" else [contents]
    notes = [f"{a.get('/Subtype')} {list(a.get('/Rect', []))}".encode() for a in page.obj.get("/Annots", [])]
    return b"\n".join([*(part.read_bytes() for part in parts), *notes])


def squeeze(text: str) -> str:
    """Remove all white space: line ends are not written into a PDF, so they cannot be compared."""
    return "".join(text.split())


def _texts(owner: Any, resources: Any, known: dict[tuple[int, int], Codes], depth: int = 0) -> Iterator[str]:
    """Walk over the pieces of text that a page or form paints."""
    import pikepdf

    fonts = resources.get("/Font", {})
    codes: Codes = {}
    for instruction in pikepdf.parse_content_stream(owner, "Tf Tj TJ ' \" Do"):
        operands = instruction.operands
        match str(instruction.operator):
            case "Tf":
                codes = _codes_of(fonts.get(str(operands[0])), known)
            case "TJ":
                yield "".join(_decode(part, codes) for part in operands[0] if isinstance(part, pikepdf.String))
            case "Tj" | "'" | '"':
                yield _decode(operands[-1], codes)
            case "Do" if depth < 5:
                form = resources.get("/XObject", {}).get(str(operands[0]))
                if form is not None and form.get("/Subtype") == "/Form":
                    yield from _texts(form, form.get("/Resources", resources), known, depth + 1)


def _decode(string: Any, codes: Codes) -> str:
    raw = bytes(string)
    return "".join(codes.get(int.from_bytes(raw[i : i + 2], "big"), "\ufffd") for i in range(0, len(raw), 2))


def _codes_of(font: Any, known: dict[tuple[int, int], Codes]) -> Codes:
    if font is None or "/ToUnicode" not in font:
        return {}
    if font.objgen not in known:
        known[font.objgen] = dict(_read_table(font.ToUnicode.read_bytes()))
    return known[font.objgen]


def _read_table(table: bytes) -> Iterator[tuple[int, str]]:
    """Read the pairs of glyph code and text from a ToUnicode table."""
    for kind, block in _BLOCK.findall(table):
        if kind == b"bfchar":
            for code, text in _CHARACTER.findall(block):
                yield int(code, 16), _utf16(text)
        else:
            for first, last, text in _RANGE.findall(block):
                start = int(text, 16)
                for offset in range(min(int(last, 16) - int(first, 16), 0xFFFF) + 1):
                    yield int(first, 16) + offset, chr(start + offset)


def _utf16(digits: bytes) -> str:
    return bytes.fromhex(digits.decode("ascii")).decode("utf-16-be", errors="replace")
