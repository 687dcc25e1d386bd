"""The network's report as pages: what the template prints, prepared from the network."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cartaudit.model.audit import Readiness
from cartaudit.model.own_outputs import NETWORK_TITLE
from cartaudit.model.text import visible
from cartaudit.network.network import CentreLine, ExpiryLine, Network
from cartaudit.network.rendering import areas_of
from cartaudit.report import words
from cartaudit.report.html import check_house, render_page, report_css
from cartaudit.report.parts import Mark
from cartaudit.report.pdf import Metadata, PdfRenderer
from cartaudit.resources import data_folder

MATRIX_AT_MOST = 2000
"""Rows of the matrix that are printed; a larger network's PDF says so and names the spreadsheet."""

SLICE = 200
"""Rows of the matrix that are laid out at a time: what a slice takes is given back before the next."""

_ROWS = {"not_audited": 500, "requirements": 120, "lifts": 25, "units": 60, "expiries": 60, "groups": 60}
_NAMED = 6
_ASSURANCE = {key.value: text for key, text in words.ASSURANCE.items()}
_WORST = (Readiness.NOT_READY, Readiness.INCOMPLETE, Readiness.CONDITIONAL, Readiness.READY, Readiness.OUT_OF_SCOPE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """One audited centre: its worst verdict, open gates, and per area the text to print with a shade of 0 to 3."""

    label: str
    mark: Mark
    open_gates: int
    cells: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What ends in one month: how many centres are concerned, by how many ends."""

    title: str
    centres: int
    ends: int


def render_pdf(network: Network, rows_at_a_time: int = SLICE, template_dir: Path | None = None) -> bytes:
    """Render the network's report with the look and the safeguards of a centre's. Raises RenderError.

    A long matrix is laid out in slices that are joined, since memory grows with the cells of a document.
    `template_dir` holds a house style, as for a centre's report.
    """
    from cartaudit.network.joining import count_pages, join_pdfs

    values, rows = _values(network), _matrix(network)
    values |= {"total": len(rows), "parts": -(-len(rows) // rows_at_a_time)}

    def part(template: str, start: int, pages: int) -> bytes:
        here = {"start": start, "pages": pages, "matrix": rows[start : start + rows_at_a_time]}
        return _rendered(network, template, {**values, **here}, template_dir)

    first = part("network.html.j2", 0, 0)
    if len(rows) <= rows_at_a_time:
        return first

    def more() -> Iterator[bytes]:
        pages = count_pages(first)
        for start in range(rows_at_a_time, len(rows), rows_at_a_time):
            made = part("network_more.html.j2", start, pages)
            pages += count_pages(made)
            yield made

    return join_pdfs(first, more())


def check_style(network: Network, template_dir: Path) -> None:
    """Try a house style on the words of the network's report, without laying them out. Raises RenderError."""
    check_house(template_dir)
    values = {**_values(network), "total": 0, "parts": 0, "start": 0, "pages": 0, "matrix": []}
    render_page("network.html.j2", values, template_dir)


def _rendered(network: Network, template: str, values: dict[str, Any], template_dir: Path | None) -> bytes:
    metadata = Metadata(
        title=NETWORK_TITLE,
        dated=network.as_of,
        description=visible(network.headline)[:500],
        keywords=("CAR-T", "network"),
    )
    page = render_page(template, values, template_dir)
    return _renderer(template_dir).render(page, metadata=metadata)


@cache
def _renderer(template_dir: Path | None) -> PdfRenderer:
    own = (data_folder("templates") / "network.css").read_text(encoding="utf-8")
    return PdfRenderer(f"{report_css(template_dir)}\n{own}", (template_dir,) if template_dir else ())


def _values(network: Network) -> dict[str, Any]:
    areas = areas_of(network)
    audited = sum(1 for c in network.centres if c.verdicts)
    upcoming = [e for e in network.expiries if e.on >= network.as_of]
    return {
        "n": network,
        "web": False,
        "readiness": {r.value: mark for r, mark in words.READINESS.items()},
        "kinds": words.KIND,
        "assurance": _ASSURANCE,
        "trust": f"{network.audited} of {network.total} sites audited{_trust(network.assurance)}{_lifted(network)}",
        "areas": [(letter, network.area_titles[area]) for letter, area in zip(_letters(), areas, strict=False)],
        "audited": audited,
        "past": sum(e.on < network.as_of for e in network.expiries),
        "months": tuple(_months(upcoming)),
        "next": upcoming,
        "most": _ROWS,
        "named": lambda labels: _named(labels, audited),
        "few": lambda names: _named(names, 0),
        "groups": [
            *(("Same file, counted once", g) for g in network.same_file),
            *(("Same site code, counted once with the worse verdicts", g) for g in network.same_site),
            *(("Same answers at several sites", g) for g in network.same_answers),
        ],
    }


def _trust(assurance: Mapping[str, int]) -> str:
    """Say how far the verdicts can be trusted, for the foot of every page."""
    if len(assurance) > 1:
        return " · trust differs from site to site (page 1)"
    return "".join(f" · {_ASSURANCE.get(key, key)}" for key in assurance)


def _lifted(network: Network) -> str:
    return f" · {network.lifted} verdicts better by overlays alone" if network.lifted else ""


def _matrix(network: Network) -> list[MatrixRow]:
    areas = areas_of(network)
    audited = [c for c in network.centres if c.verdicts]
    printed = audited if len(audited) <= MATRIX_AT_MOST else sorted(audited, key=_most_open)[:MATRIX_AT_MOST]
    return [_row(centre, areas) for centre in printed]


def _letters() -> Iterator[str]:
    return iter("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _most_open(centre: CentreLine) -> tuple[int, int, str]:
    return -centre.open_gates, -centre.open, centre.label


def _row(centre: CentreLine, areas: Sequence[str]) -> MatrixRow:
    return MatrixRow(
        label=visible(centre.label),
        mark=words.READINESS[_worst(centre.verdicts)],
        open_gates=centre.open_gates,
        cells=tuple(_cell(centre.areas.get(area)) for area in areas),
    )


def _worst(verdicts: Mapping[str, str]) -> Readiness:
    return next(r for r in _WORST if r.value in verdicts.values())


def _cell(bounds: tuple[float, float] | None) -> tuple[str, int]:
    """Print whole per cents, rounded down so that 100 means all; the shade deepens with what is surely met."""
    if bounds is None:
        return "–", 0
    low, high = int(bounds[0]), int(bounds[1])
    shade = 3 if low == 100 else 2 if low >= 80 else 1 if low >= 50 else 0
    return (f"{low}" if low == high else f"{low}–{high}"), shade


def _months(expiries: Sequence[ExpiryLine]) -> Iterator[Month]:
    ends: Counter[tuple[int, int]] = Counter()
    centres: dict[tuple[int, int], set[str]] = {}
    for line in expiries:
        key = (line.on.year, line.on.month)
        ends[key] += len(line.centres)
        centres.setdefault(key, set()).update(line.centres)
    for (year, month), number in sorted(ends.items())[:12]:
        yield Month(title=f"{year}-{month:02}", centres=len(centres[year, month]), ends=number)


def _named(labels: Sequence[str], audited: int) -> str:
    """Name the first few of many centres, or say that it is all of them."""
    if len(labels) > _NAMED and len(labels) == audited:
        return "every audited site"
    shown = visible("; ".join(labels[:_NAMED]))
    return f"{shown} and {len(labels) - _NAMED} more" if len(labels) > _NAMED else shown
