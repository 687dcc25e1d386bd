"""What the pages of a PDF show: each piece of text and each painted shape in its order, place, colour and size.

Only what `pdf_allowed.py` lists is understood: text in embedded fonts of two bytes to a glyph, paths, forms, images and
patterns. Anything else raises DrawingError, as does a page that draws more than any report.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any

from cartaudit.report.pdf_allowed import OPERATORS
from cartaudit.report.pdf_fonts import DrawnFont, read_font
from cartaudit.report.pdf_geometry import (
    EVERYWHERE,
    UNIT,
    Box,
    Matrix,
    Path,
    box,
    box_at,
    common,
    matrix,
    scale,
    shifted,
    times,
)

Colour = tuple[str | float, ...]

MOST_BYTES = 16_000_000
"""Bytes that the drawing of one page or form, or a font, may unpack to; ours have some 100 000."""

MOST_OPERATORS = 4_000_000
"""Operators of a whole file, forms counted as often as they are drawn; ours have some 100 000."""

_DEEPEST = 8
_BLACK: Colour = ("g", 0.0)
_CORE = (0.08, 0.45)
"""Where a line of text must stay visible, in parts of its size above the baseline: within the small letters."""


class DrawingError(Exception):
    """A page draws what no page of ours draws; the message is a few words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A piece of text; `core` is the part of it that must stay visible. `mark` numbers it for the structure tree."""

    text: str
    glyphs: tuple[int, ...]
    font: DrawnFont
    size: float
    colour: Colour
    alpha: float
    mode: int
    core: Box
    mark: int | None
    artifact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Paint:
    """A painted shape: `boxes` cover it; `shape` is its outline from its first point on, empty for mere rectangles."""

    what: str
    colour: Colour
    boxes: tuple[Box, ...]
    shape: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPage:
    """One page: its box, and everything on it in the order in which it is painted."""

    box: Box
    items: tuple[Run | Paint, ...]

    @property
    def runs(self) -> tuple[Run, ...]:
        """Give the pieces of text."""
        return tuple(item for item in self.items if isinstance(item, Run))


@dataclass(slots=True)
class _State:
    """What the operators have set so far."""

    place: Matrix = UNIT
    clip: Box = EVERYWHERE
    fill: Colour = _BLACK
    stroke: Colour = _BLACK
    alpha: float = 1.0
    masked: bool = False
    line_width: float = 1.0
    font: DrawnFont | None = None
    size: float = 0.0
    mode: int = 0
    rise: float = 0.0
    leading: float = 0.0


@dataclass(slots=True, kw_only=True)
class _Sheet:
    """What the streams of one page share; `fonts` and `left`, the operators that may still come, those of a file."""

    fonts: dict[tuple[int, int], DrawnFont]
    left: list[int]
    items: list[Run | Paint] = field(default_factory=list)
    marks: list[tuple[str, int | None]] = field(default_factory=list)


def drawn_pages(pdf: Any) -> tuple[DrawnPage, ...]:
    """Read the drawing of all pages. Raises DrawingError."""
    fonts: dict[tuple[int, int], DrawnFont] = {}
    left = [MOST_OPERATORS]
    try:
        return tuple(_page(page.obj, _Sheet(fonts=fonts, left=left)) for page in pdf.pages)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError) as error:
        raise DrawingError(f"an operator or a font that makes no sense ({type(error).__name__})") from error


def _page(page: Any, sheet: _Sheet) -> DrawnPage:
    if "/Contents" in page:
        _Stream(sheet=sheet, resources=page.get("/Resources", {})).follow(page, page.Contents)
    return DrawnPage(box=box(page.MediaBox), items=tuple(sheet.items))


def stream_bytes(stream: Any, most: int) -> bytes:
    """Unpack a stream that is packed as ours are, or not at all, up to some size. Raises DrawingError."""
    raw = bytes(stream.read_raw_bytes())
    if "/Filter" not in stream:
        data = raw
    elif str(stream.Filter) != "/FlateDecode" or "/DecodeParms" in stream:
        raise DrawingError("a stream packed in another way than ours")
    else:
        try:
            data = zlib.decompressobj().decompress(raw, most + 1)
        except zlib.error as error:
            raise DrawingError("a stream that cannot be unpacked") from error
    if len(data) > most:
        raise DrawingError(f"a stream of more than {most // 1_000_000} MB")
    return data


@dataclass(slots=True, kw_only=True)
class _Stream:
    """Follows one stream of operators: the content of a page, or a form."""

    sheet: _Sheet
    resources: Any
    state: _State = field(default_factory=_State)
    depth: int = 0
    kept: list[_State] = field(default_factory=list)
    path: Path = field(default_factory=Path)
    text: Matrix = UNIT
    line: Matrix = UNIT

    def follow(self, owner: Any, stream: Any) -> None:
        """Follow all operators in their turn."""
        import pikepdf

        if stream._type_code.name != "stream":
            raise DrawingError("a page whose content is no single stream")
        stream_bytes(stream, MOST_BYTES)
        marked = len(self.sheet.marks)
        for instruction in pikepdf.parse_content_stream(owner):
            self.sheet.left[0] -= 1
            if self.sheet.left[0] < 0:
                raise DrawingError(f"more than {MOST_OPERATORS:,} operators".replace(",", " "))
            name = bytes(instruction.operator)
            if name not in OPERATORS or name in _NOT_OURS:
                raise DrawingError(f"the operator {name.decode('latin-1')!r}")
            step = _STEPS.get(name)
            if step:
                step(self, list(instruction.operands))
            if len(self.sheet.marks) < marked:
                raise DrawingError("an end of a mark that never began")
        if len(self.sheet.marks) != marked:
            raise DrawingError("a mark without an end")

    def keep(self, _: list[Any]) -> None:
        """Keep the state (q)."""
        self.kept.append(replace(self.state))

    def bring_back(self, _: list[Any]) -> None:
        """Go back to the state kept last (Q)."""
        if not self.kept:
            raise DrawingError("a Q without its q")
        self.state = self.kept.pop()

    def move(self, operands: list[Any]) -> None:
        """Change the place of what follows (cm)."""
        self.state.place = times(matrix(operands), self.state.place)

    def set_state(self, operands: list[Any]) -> None:
        """Take a state of the resources (gs)."""
        told = self.resources.get("/ExtGState", {}).get(str(operands[0]))
        if told is None:
            raise DrawingError("a state that is not there")
        if "/ca" in told:
            self.state.alpha = float(told.ca)
        if "/SMask" in told or "/BM" in told:
            self.state.masked = (
                str(told.get("/SMask", "/None")) != "/None" or str(told.get("/BM", "/Normal")) != "/Normal"
            )

    def mark(self, operands: list[Any]) -> None:
        """Begin marked content (BMC, BDC)."""
        properties = operands[1] if len(operands) > 1 else {}
        if not properties.keys() <= {"/MCID", "/Type"}:
            raise DrawingError("a mark that tells other words than are drawn")
        number = properties.get("/MCID")
        self.sheet.marks.append((str(operands[0]), None if number is None else int(number)))

    def end_mark(self, _: list[Any]) -> None:
        """End marked content (EMC)."""
        if not self.sheet.marks:
            raise DrawingError("an end of a mark that never began")
        self.sheet.marks.pop()

    def begin_text(self, _: list[Any]) -> None:
        """Begin text (BT)."""
        self.text = self.line = UNIT

    def place_text(self, operands: list[Any]) -> None:
        """Set where text stands (Tm)."""
        self.text = self.line = matrix(operands)

    def move_text(self, operands: list[Any]) -> None:
        """Move to another line (Td)."""
        x, y = operands
        self.text = self.line = times(shifted(float(x), float(y)), self.line)

    def move_text_and_lead(self, operands: list[Any]) -> None:
        """Move to another line, and take its distance for the following ones (TD)."""
        self.state.leading = -float(operands[1])
        self.move_text(operands)

    def next_line(self, _: list[Any]) -> None:
        """Move to the next line (T*)."""
        self.text = self.line = times(shifted(0.0, -self.state.leading), self.line)

    def choose_font(self, operands: list[Any]) -> None:
        """Choose font and size (Tf)."""
        name, size = operands
        font = self.resources.get("/Font", {}).get(str(name))
        if font is None:
            raise DrawingError("text in a font that is not there")
        known = self.sheet.fonts.get(font.objgen) if font.objgen != (0, 0) else None
        if known is None:
            known = self.sheet.fonts[font.objgen] = read_font(font, partial(stream_bytes, most=MOST_BYTES))
        self.state.font, self.state.size = known, float(size)

    def show(self, operands: list[Any]) -> None:
        """Note one piece of text (Tj)."""
        self.show_parts([operands])

    def show_parts(self, operands: list[Any]) -> None:
        """Note one piece of text of several strings, with moves between them (TJ)."""
        state = self.state
        if state.font is None:
            raise DrawingError("text before any font")
        glyphs, advance = self._measured(operands[0], state.font)
        place = times(shifted(0.0, state.rise), times(self.text, state.place))
        if not _keeps_proportions(place):
            raise DrawingError("text out of all proportion")
        core = box_at(place, box((0.0, _CORE[0] * state.size, advance, _CORE[1] * state.size)))
        marks = self.sheet.marks
        self.sheet.items.append(
            Run(
                text=state.font.text(glyphs),
                glyphs=tuple(glyphs),
                font=state.font,
                size=abs(state.size) * scale(place),
                colour=state.fill,
                alpha=0.0 if state.masked else state.alpha,
                mode=state.mode,
                core=common(core, state.clip),
                mark=next((number for _, number in reversed(marks) if number is not None), None),
                artifact=any(name == "/Artifact" for name, _ in marks),
            )
        )
        self.text = times(shifted(advance, 0.0), self.text)

    def _measured(self, parts: Any, font: DrawnFont) -> tuple[list[int], float]:
        """Give the glyphs of some strings, and how far they lead."""
        state, glyphs, advance = self.state, list[int](), 0.0
        for part in parts:
            if isinstance(part, int | float | Decimal):
                advance -= float(part) / 1000 * state.size
                continue
            codes = bytes(part)
            more = [int.from_bytes(codes[place : place + 2], "big") for place in range(0, len(codes), 2)]
            advance += sum(font.width(glyph) / 1000 * state.size for glyph in more)
            glyphs += more
        return glyphs, advance

    def paint(self, name: str, _: list[Any]) -> None:
        """Paint the path, or end it unpainted, and clip what follows where that was asked for."""
        state, path = self.state, self.path
        strokes, fills = name in _STROKING, name not in ("S", "s", "n")
        boxes = path.covered(even_odd=name.endswith("*")) if fills else []
        boxes += path.lines(state.line_width * scale(state.place)) if strokes else []
        shown = tuple(part for part in (common(part, state.clip) for part in boxes) if _has_area(part))
        if shown:
            colour = (*(state.fill if fills else ()), *(state.stroke if strokes else ()), state.alpha)
            what = "fill and stroke" if fills and strokes else "fill" if fills else "stroke"
            self.sheet.items.append(Paint(what=what, colour=colour, boxes=shown, shape=path.shape))
        if path.clips:
            state.clip = common(state.clip, path.box)
        self.path = Path()

    def shade(self, _: list[Any]) -> None:
        """Paint a gradient over all that is not clipped (sh)."""
        self.sheet.items.append(Paint(what="shading", colour=("shading",), boxes=(self.state.clip,), shape=()))

    def draw(self, operands: list[Any]) -> None:
        """Draw a form or an image (Do)."""
        drawn = self.resources.get("/XObject", {}).get(str(operands[0]))
        if drawn is None:
            raise DrawingError("a form that is not there")
        if self.depth >= _DEEPEST:
            raise DrawingError("forms within forms without end")
        if str(drawn.get("/Subtype")) == "/Image":
            edges = common(box_at(self.state.place, (0.0, 0.0, 1.0, 1.0)), self.state.clip)
            self.sheet.items.append(Paint(what="image", colour=("image",), boxes=(edges,), shape=()))
            return
        inner = replace(self.state)
        if "/Matrix" in drawn:
            inner.place = times(matrix(drawn.Matrix), inner.place)
        inner.clip = common(box_at(inner.place, box(drawn.BBox)), inner.clip)
        resources = drawn.get("/Resources", self.resources)
        _Stream(sheet=self.sheet, resources=resources, state=inner, depth=self.depth + 1).follow(drawn, drawn)

    def set_clip(self, _: list[Any]) -> None:
        """Let the path clip what follows its end (W)."""
        self.path.clips = True

    def build(self, name: str, operands: list[Any]) -> None:
        """Add to the path."""
        self.path.add(name, [float(number) for number in operands], self.state.place)

    def set_number(self, name: str, operands: list[Any]) -> None:
        """Set one number of the state."""
        setattr(self.state, name, float(operands[0]))

    def set_mode(self, operands: list[Any]) -> None:
        """Set how text is painted (Tr)."""
        self.state.mode = int(operands[0])

    def set_colour(self, which: str, name: str, operands: list[Any]) -> None:
        """Set a colour, in numbers or by the name of a pattern."""
        parts = (str(part) if str(part).startswith("/") else round(float(part), 3) for part in operands)
        setattr(self.state, which, (name, *parts))


def _keeps_proportions(place: Matrix) -> bool:
    """Tell whether a matrix makes things about as wide as high."""
    wide, high = abs(complex(place[0], place[1])), abs(complex(place[2], place[3]))
    return 0.5 * high <= wide <= 2 * high


def _has_area(part: Box) -> bool:
    return part[2] > part[0] and part[3] > part[1]


_STROKING = frozenset({"S", "s", "B", "B*", "b", "b*"})
_NOT_OURS = frozenset({b"'", b'"'})
_Step = Callable[[_Stream, list[Any]], None]


def _told(step: Callable[..., None], *words: str) -> _Step:
    """Give a step that is told which of several operators it stands for."""
    return lambda stream, operands: step(stream, *words, operands)


_STEPS: Mapping[bytes, _Step] = {
    b"q": _Stream.keep,
    b"Q": _Stream.bring_back,
    b"cm": _Stream.move,
    b"gs": _Stream.set_state,
    b"BMC": _Stream.mark,
    b"BDC": _Stream.mark,
    b"EMC": _Stream.end_mark,
    b"BT": _Stream.begin_text,
    b"Tm": _Stream.place_text,
    b"Td": _Stream.move_text,
    b"TD": _Stream.move_text_and_lead,
    b"T*": _Stream.next_line,
    b"Tf": _Stream.choose_font,
    b"Tj": _Stream.show,
    b"TJ": _Stream.show_parts,
    b"Tr": _Stream.set_mode,
    b"sh": _Stream.shade,
    b"Do": _Stream.draw,
    b"W": _Stream.set_clip,
    b"W*": _Stream.set_clip,
    **{name.encode(): _told(_Stream.build, name) for name in ("m", "l", "c", "v", "y", "re")},
    **{n.encode(): _told(_Stream.paint, n) for n in ("f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "n")},
    **{n.encode(): _told(_Stream.set_colour, "fill", n) for n in ("rg", "g", "k", "sc", "scn")},
    **{n.upper().encode(): _told(_Stream.set_colour, "stroke", n) for n in ("rg", "g", "k", "sc", "scn")},
    b"w": _told(_Stream.set_number, "line_width"),
    b"Ts": _told(_Stream.set_number, "rise"),
    b"TL": _told(_Stream.set_number, "leading"),
}


def texts_of(pages: tuple[DrawnPage, ...]) -> Iterator[str]:
    """Give the text of each page in the order in which it is painted."""
    for page in pages:
        yield "".join(run.text for run in page.runs)
