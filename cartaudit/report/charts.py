"""The geometry of the charts: where every bar, cell and mark stands, in points; templates only draw it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cartaudit.report import words
from cartaudit.report.parts import AreaLine, ExpiryLine, HarmCell, Shape, Tone

WIDTH = 493.0
"""Width of every chart in points: the text width of a page."""

_ROW = 10.8
_HEAD = 16.0
_BAR_LEFT = 214.0
_BAR_WIDTH = 130.0
_CELLS_LEFT = 409.0
_CELL_WIDTH = 28.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatCell:
    """One count on a map; `level` 0 to 3 is how dark it stands."""

    x: float
    count: int
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRow:
    """One area: its bar from 0 to `low` (met) and on to `high` (unknown), in points from the left of the bars."""

    y: float
    title: str
    low_width: float
    unknown_width: float
    score: str
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaChart:
    """Area bars with score bounds beside the map of open points by severity."""

    height: float
    bar_left: float
    bar_width: float
    row_height: float
    cell_width: float
    rows: tuple[AreaRow, ...]
    columns: tuple[tuple[float, str], ...]
    text: str


def area_chart(areas: Sequence[AreaLine]) -> AreaChart:
    """Lay out one row for each area; `text` says the same in words."""
    most = max((n for a in areas for n in a.open_by_severity), default=0)
    rows = tuple(_area_row(a, _HEAD + _ROW * i, most) for i, a in enumerate(areas))
    named = tuple(words.SEVERITY.values())
    return AreaChart(
        height=_HEAD + _ROW * len(areas) + 2,
        bar_left=_BAR_LEFT,
        bar_width=_BAR_WIDTH,
        row_height=_ROW,
        cell_width=_CELL_WIDTH,
        rows=rows,
        columns=tuple((_CELLS_LEFT + _CELL_WIDTH * i, name) for i, name in enumerate(named)),
        text=" ".join(_area_text(a) for a in areas),
    )


def _area_row(area: AreaLine, y: float, most: int) -> AreaRow:
    low, high = area.low or 0.0, area.high or 0.0
    return AreaRow(
        y=y,
        title=area.title,
        low_width=_point(_BAR_WIDTH * low / 100),
        unknown_width=_point(_BAR_WIDTH * (high - low) / 100),
        score=_bounds(area),
        cells=tuple(
            HeatCell(x=_CELLS_LEFT + _CELL_WIDTH * i, count=n, level=_level(n, most))
            for i, n in enumerate(area.open_by_severity)
        ),
    )


def _bounds(area: AreaLine) -> str:
    if area.low is None or area.high is None:
        return "–"
    low, high = f"{area.low:.0f}", f"{area.high:.0f}"
    return f"{low} %" if low == high else f"{low}–{high} %"


def _level(count: int, most: int) -> int:
    if not count:
        return 0
    return 1 + (2 * count > most) + (count == most and most > 1)


def _area_text(area: AreaLine) -> str:
    critical, major, minor = area.open_by_severity
    score = _bounds(area).replace("–", " to ") if area.low is not None else "nothing applies"
    return f"{area.title}: {score}; open: {critical} critical, {major} major, {minor} minor."


@dataclass(frozen=True, slots=True, kw_only=True)
class GridCell:
    """One cell of the grid of likelihood to harm x scope, with the numbers of its findings in lines."""

    x: float
    y: float
    count: int
    lines: tuple[str, ...]
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmChart:
    """The grid of likelihood to harm (rows) x scope (columns)."""

    height: float
    cell_width: float
    cell_height: float
    columns: tuple[tuple[float, str], ...]
    rows: tuple[tuple[float, str], ...]
    cells: tuple[GridCell, ...]
    text: str


_GRID_LEFT = 65.0
_GRID_TOP = 16.0
_GRID_WIDTH = 107.0
_GRID_HEIGHT = 50.0
_PER_LINE = 5
_LINES = 3


def harm_chart(grid: Sequence[HarmCell]) -> HarmChart:
    """Lay out the grid; a cell names as many findings as it can hold and counts the rest."""
    harms = tuple(dict.fromkeys(c.harm for c in grid))
    scopes = tuple(dict.fromkeys(c.scope for c in grid))
    cells = tuple(
        GridCell(
            x=_GRID_LEFT + _GRID_WIDTH * scopes.index(c.scope),
            y=_GRID_TOP + _GRID_HEIGHT * harms.index(c.harm),
            count=len(c.findings),
            lines=_lines(c.findings),
            level=0 if not c.findings else 1 + (2 - harms.index(c.harm) + max(0, scopes.index(c.scope) - 1)) // 2,
        )
        for c in grid
    )
    return HarmChart(
        height=_GRID_TOP + _GRID_HEIGHT * len(harms) + 2,
        cell_width=_GRID_WIDTH,
        cell_height=_GRID_HEIGHT,
        columns=tuple((_GRID_LEFT + _GRID_WIDTH * i, s) for i, s in enumerate(scopes)),
        rows=tuple((_GRID_TOP + _GRID_HEIGHT * i, h) for i, h in enumerate(harms)),
        cells=cells,
        text=" ".join(
            f"{c.harm} likelihood to harm, {c.scope.lower()}: {', '.join(c.findings) or 'none'}." for c in grid
        ),
    )


def _lines(numbers: tuple[str, ...]) -> tuple[str, ...]:
    fits = _PER_LINE * _LINES
    if len(numbers) > fits:
        rest = len(numbers) - (fits - 2)
        numbers = (*numbers[: fits - 2], f"+ {rest}")
    return tuple(" ".join(numbers[i : i + _PER_LINE]) for i in range(0, len(numbers), _PER_LINE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A date on the axis of the timeline."""

    x: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One date that ends something: its number in the table, shape and place; `y` keeps neighbours apart."""

    x: float
    y: float
    number: int
    shape: Shape
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Expiries on an axis of days; `later` counts those beyond its end."""

    height: float
    axis_y: float
    today_x: float
    window_width: float
    ticks: tuple[Tick, ...]
    events: tuple[Event, ...]
    later: int
    text: str


_LEVEL = 13.0
_APART = 13.0
_MARGIN = 14.0
_SPAN_DAYS = 730
_WHEN: dict[str, tuple[Shape, Tone]] = {
    "Has ended": (Shape.SQUARE, Tone.BAD),
    "Within 90 days": (Shape.TRIANGLE, Tone.WATCH),
    "Within a year": (Shape.DIAMOND, Tone.NEUTRAL),
    "Later": (Shape.CIRCLE, Tone.NEUTRAL),
}


def timeline(expiries: Sequence[ExpiryLine], as_of: date) -> Timeline:
    """Lay out expiries from two months before the audit date to two years after; what ended earlier stands at the
    left edge."""
    first, span = as_of - timedelta(days=60), _SPAN_DAYS + 60
    scale = (WIDTH - 2 * _MARGIN) / span
    placed: list[tuple[float, int, int]] = []
    for number, line in enumerate(expiries, 1):
        offset = (line.on - first).days
        if offset <= span:
            x = _MARGIN + max(0, offset) * scale
            taken = {level for other, level, _ in placed if abs(other - x) < _APART}
            placed.append((x, next(i for i in range(len(placed) + 1) if i not in taken), number))
    levels = 1 + max((level for _, level, _ in placed), default=0)
    axis_y = 10 + _LEVEL * levels
    return Timeline(
        height=axis_y + 18,
        axis_y=axis_y,
        today_x=_point(_MARGIN + 60 * scale),
        window_width=_point(90 * scale),
        ticks=_ticks(first, span, scale),
        events=tuple(
            Event(
                x=_point(x),
                y=axis_y - 8 - _LEVEL * level,
                number=number,
                shape=_WHEN[expiries[number - 1].when][0],
                tone=_WHEN[expiries[number - 1].when][1],
            )
            for x, level, number in placed
        ),
        later=len(expiries) - len(placed),
        text=" ".join(f"{i}. {words.day(e.on)}: {e.what}." for i, e in enumerate(expiries, 1)),
    )


def _ticks(first: date, span: int, scale: float) -> tuple[Tick, ...]:
    quarters = [date(year, month, 1) for year in range(first.year, first.year + 4) for month in (1, 4, 7, 10)]
    return tuple(
        Tick(x=_point(_MARGIN + (d - first).days * scale), label=words.day(d)[2:])
        for d in quarters
        if 20 <= (d - first).days <= span - 20
    )


def _point(value: float) -> float:
    return round(value, 1)
