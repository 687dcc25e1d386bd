"""The geometry of the charts: where every bar, cell and mark stands, in points; templates only draw it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cartaudit.report import words
from cartaudit.report.parts import AreaLine, ExpiryLine, HarmCell, Tone

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
class Month:
    """What ends in one month: a bar of `count` things, and its label on the axis (empty between quarters).

    The lowest `ended_height` of the bar stands for what has ended; `tone` is of what stands above it.
    """

    x: float
    count: int
    top: float
    height: float
    ended_height: float
    label: str
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Expiries by month; the first bar also holds what ended earlier, `later` counts those beyond the axis.

    `today` holds the pieces (from, to) of the line of the audit date, which leaves room for the number of its month.
    """

    height: float
    axis_y: float
    bar_width: float
    today_x: float
    today: tuple[tuple[float, float], ...]
    months: tuple[Month, ...]
    later: int
    text: str


_MONTHS_BEFORE = 3
_MONTHS_SHOWN = 28
_TALLEST = 34.0
_TIMELINE_TOP = 24.0
_LINE_TOP = 2.0
_NUMBER_HEIGHT = 10.0
_WITHIN_90_DAYS = 90


def timeline(expiries: Sequence[ExpiryLine], as_of: date) -> Timeline:
    """Lay out expiries by month, from three months before the audit date to two years after."""
    first = as_of.year * 12 + as_of.month - 1 - _MONTHS_BEFORE
    bins: list[list[ExpiryLine]] = [[] for _ in range(_MONTHS_SHOWN)]
    later = 0
    for line in expiries:
        index = max(0, line.on.year * 12 + line.on.month - 1 - first)
        if index < _MONTHS_SHOWN:
            bins[index].append(line)
        else:
            later += 1
    most = max((len(b) for b in bins), default=0)
    step = WIDTH / _MONTHS_SHOWN
    axis_y = _TIMELINE_TOP + _TALLEST
    months = tuple(_month(first + i, step * i + 2, b, most, axis_y) for i, b in enumerate(bins))
    days = (date(as_of.year + as_of.month // 12, as_of.month % 12 + 1, 1) - as_of.replace(day=1)).days
    return Timeline(
        height=axis_y + 16,
        axis_y=axis_y,
        bar_width=_point(step - 4),
        today_x=_point(step * (_MONTHS_BEFORE + (as_of.day - 1) / days)),
        today=_today(months[_MONTHS_BEFORE], axis_y + 3),
        months=months,
        later=later,
        text=" ".join(f"{words.day(e.on)}: {e.what}." for e in expiries[:_NAMED])
        + (f" And {len(expiries) - _NAMED} more, listed below." if len(expiries) > _NAMED else ""),
    )


_NAMED = 12
"""How many expiries the text alternative of the timeline names; the table below it names them all."""


def _month(month: int, x: float, lines: Sequence[ExpiryLine], most: int, axis_y: float) -> Month:
    height = _point(max(3.0, _TALLEST * len(lines) / most)) if lines else 0.0
    ended = sum(line.days < 0 for line in lines)
    soon = any(0 <= line.days <= _WITHIN_90_DAYS for line in lines)
    quarter = month % 3 == 0
    return Month(
        x=_point(x),
        count=len(lines),
        top=_point(axis_y - height),
        height=height,
        ended_height=_point(height * ended / len(lines)) if lines else 0.0,
        label=f"{month // 12}-{month % 12 + 1:02}" if quarter else "",
        tone=Tone.WATCH if soon else Tone.NEUTRAL,
    )


def _today(month: Month, bottom: float) -> tuple[tuple[float, float], ...]:
    if not month.count:
        return ((_LINE_TOP, bottom),)
    return ((_LINE_TOP, _point(month.top - _NUMBER_HEIGHT)), (month.top, bottom))


def _point(value: float) -> float:
    return round(value, 1)
