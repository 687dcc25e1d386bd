"""Make the two static fonts of the reports from the variable Noto Sans (needs fonttools and fontpkg-noto-sans).

Run `python scripts/subset_fonts.py`; it writes `templates/fonts/*.ttf`, `coverage.txt` (the code points both have,
read at run time instead of the fonts) and copies the licence. The same inputs give the same bytes.

Noto Sans has no arrows, ticks or signs of comparison; the few that reports need are drawn here.
"""

import importlib.resources
import itertools
from collections.abc import Iterable, Sequence
from pathlib import Path

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FOLDER = Path(__file__).resolve().parent.parent / "templates" / "fonts"
SOURCE = "NotoSans[wdth,wght].ttf"
WEIGHTS = {"Regular": 400, "Bold": 700}
FIXED_TIME = 3786825600  # 2024-01-01, seconds since 1904
RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x24F),
    (0x259, 0x259),
    (0x2B0, 0x36F),
    (0x370, 0x52F),
    (0x1E00, 0x1EFF),
    (0x2000, 0x200A),
    (0x2010, 0x2027),
    (0x202F, 0x205F),
    (0x2070, 0x20CF),
    (0x2100, 0x214F),
    (0x2212, 0x2212),
)
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl"]
ADVANCE = 660
Points = Sequence[tuple[float, float]]


def code_points() -> list[int]:
    """List the code points taken from Noto Sans where it has them."""
    return [point for first, last in RANGES for point in range(first, last + 1)]


def bar(x1: float, y1: float, x2: float, y2: float) -> Points:
    """Give a rectangle, clockwise."""
    return ((x1, y1), (x1, y2), (x2, y2), (x2, y1))


def stroke(path: Points, width: float) -> list[Points]:
    """Give one quadrilateral for each segment of a path."""
    quads: list[Points] = []
    for (x1, y1), (x2, y2) in itertools.pairwise(path):
        length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
        dx, dy = (y2 - y1) / length * width / 2, -(x2 - x1) / length * width / 2
        quads.append(((x1 - dx, y1 - dy), (x2 - dx, y2 - dy), (x2 + dx, y2 + dy), (x1 + dx, y1 + dy)))
    return quads


def turned(contours: Iterable[Points], quarter_turns: int) -> list[Points]:
    """Turn contours clockwise about the middle of the glyph."""
    centre_x, centre_y = ADVANCE / 2, 357.0
    result = [list(c) for c in contours]
    for _ in range(quarter_turns):
        result = [[(centre_x + (y - centre_y), centre_y - (x - centre_x)) for x, y in c] for c in result]
    return [tuple(c) for c in result]


def drawings(weight: int) -> dict[int, list[Points]]:
    """Draw the signs made of straight lines, for a weight of 400 or 700."""
    thin = 70 if weight == 400 else 110
    square = (90.0, 117.0, 570.0, 597.0)
    x1, y1, x2, y2 = square
    inner = tuple(reversed(bar(x1 + thin, y1 + thin, x2 - thin, y2 - thin)))
    arrow = [bar(60, 357 - thin / 2, 520, 357 + thin / 2), ((380, 560), (610, 357), (380, 154))]
    up = [((330, 620), (600, 110), (60, 110))]
    return {
        0x2192: turned(arrow, 0),
        0x2193: turned(arrow, 1),
        0x2190: turned(arrow, 2),
        0x2191: turned(arrow, 3),
        0x2713: stroke(((90, 330), (255, 150), (580, 610)), thin * 1.3),
        0x2717: [*stroke(((110, 130), (550, 590)), thin * 1.3), *stroke(((110, 590), (550, 130)), thin * 1.3)],
        0x25A0: [bar(*square)],
        0x25A1: [bar(*square), inner],
        0x25B2: up,
        0x25B6: turned(up, 1),
        0x25BC: turned(up, 2),
        0x25C6: [((330, 657), (630, 357), (330, 57), (30, 357))],
    }


def draw_polygons(font: TTFont, point: int, contours: Iterable[Points]) -> None:
    """Add a glyph made of polygons."""
    pen = TTGlyphPen(None)
    for contour in contours:
        pen.moveTo(contour[0])
        for corner in contour[1:]:
            pen.lineTo(corner)
        pen.closePath()
    add_glyph(font, point, pen)


def centred(font: TTFont, point: int, scale: float) -> tuple[float, ...]:
    """Give the matrix that scales a glyph and puts its middle into the middle of the drawn signs."""
    glyph = font["glyf"][font.getBestCmap()[point]]
    middle_x, middle_y = (glyph.xMin + glyph.xMax) / 2, (glyph.yMin + glyph.yMax) / 2
    return (scale, 0, 0, scale, ADVANCE / 2 - scale * middle_x, 357 - scale * middle_y)


def draw_from_glyphs(
    font: TTFont, point: int, parts: Sequence[tuple[int, tuple[float, ...]]], rules: Points, advance: int | None = None
) -> None:
    """Add a glyph made of transformed glyphs of the font and one optional bar; as wide as the first by default."""
    glyphs, names = font.getGlyphSet(), font.getBestCmap()
    pen = TTGlyphPen(None)
    for part, matrix in parts:
        recording = DecomposingRecordingPen(glyphs)
        glyphs[names[part]].draw(recording)
        recording.replay(TransformPen(pen, matrix))
    if rules:
        pen.moveTo(rules[0])
        for corner in rules[1:]:
            pen.lineTo(corner)
        pen.closePath()
    add_glyph(font, point, pen, advance or font["hmtx"][names[parts[0][0]]][0])


def add_glyph(font: TTFont, point: int, pen: TTGlyphPen, advance: int = ADVANCE) -> None:
    """Put a drawn glyph into all tables that know it."""
    name = f"uni{point:04X}"
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    glyph = pen.glyph()
    font["glyf"][name] = glyph
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = (advance, getattr(glyph, "xMin", 0))
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[point] = name


def add_signs(font: TTFont, weight: int) -> None:
    """Add comparison signs, arrows, ticks and shapes that the source lacks."""
    thin = 70 if weight == 400 else 110
    low = bar(50, 20, 522, 20 + thin)
    lifted = (1.0, 0.0, 0.0, 0.85, 0.0, 130.0)
    slash = (1.0, 0.0, 0.0, 1.0, 100.0, 0.0)
    draw_from_glyphs(font, 0x2264, [(ord("<"), lifted)], low)
    draw_from_glyphs(font, 0x2265, [(ord(">"), lifted)], low)
    draw_from_glyphs(font, 0x2248, [(ord("~"), (1, 0, 0, 1, 0, 95)), (ord("~"), (1, 0, 0, 1, 0, -95))], ())
    draw_from_glyphs(font, 0x2260, [(ord("="), (1, 0, 0, 1, 0, 0)), (ord("/"), slash)], ())
    draw_from_glyphs(font, 0x25CF, [(ord("•"), centred(font, ord("•"), 2.0))], (), ADVANCE)
    for point, contours in drawings(weight).items():
        draw_polygons(font, point, contours)


def make_font(data: Path, style: str) -> TTFont:
    """Instantiate one weight, keep what reports need, add the drawn signs."""
    font = TTFont(data, recalcTimestamp=False)
    instantiateVariableFont(font, {"wght": WEIGHTS[style], "wdth": 100}, inplace=True, updateFontNames=True)
    options = Options(layout_features=FEATURES, hinting=False, notdef_outline=True, name_IDs=["*"], glyph_names=False)
    options.drop_tables += ["STAT", "MVAR", "meta"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=code_points())
    subsetter.subset(font)
    add_signs(font, WEIGHTS[style])
    font["head"].created = font["head"].modified = FIXED_TIME
    return font


def ranges_of(points: Iterable[int]) -> list[str]:
    """Write code points as hexadecimal ranges, one a line."""
    lines: list[list[int]] = []
    for point in sorted(points):
        if lines and lines[-1][1] == point - 1:
            lines[-1][1] = point
        else:
            lines.append([point, point])
    return [f"{first:04X}-{last:04X}" for first, last in lines]


def main() -> None:
    """Write fonts, coverage and licence."""
    package = importlib.resources.files("fontpkg_noto_sans")
    FOLDER.mkdir(parents=True, exist_ok=True)
    coverage: set[int] | None = None
    for style in WEIGHTS:
        with importlib.resources.as_file(package / "files" / SOURCE) as data:
            font = make_font(data, style)
        font.save(FOLDER / f"NotoSans-{style}.ttf")
        points = set(font.getBestCmap())
        coverage = points if coverage is None else coverage & points
    (FOLDER / "coverage.txt").write_text("\n".join(ranges_of(coverage or ())) + "\n", encoding="ascii")
    (FOLDER / "OFL.txt").write_text((package / "LICENSE").read_text(encoding="utf-8"), encoding="utf-8")


if __name__ == "__main__":
    main()
