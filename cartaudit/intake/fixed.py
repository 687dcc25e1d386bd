"""Telling what the template wrote into locked cells from what somebody else wrote there."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from cartaudit.intake.clean import cell_text, clean, kept
from cartaudit.intake.layout import Located
from cartaudit.intake.ledger import Grid, Ledger
from cartaudit.model.cells import Cell, CellKind, column_number
from cartaudit.model.kept import keeping
from cartaudit.model.layout import FIXED_KEY, FORMULA_TOKEN, IDENTITY_SHEET, Field, fixed_token

_VALUE, _FORMULAS = CellKind.VALUE, (CellKind.FORMULA, CellKind.FORMULA_UNSTORED)
_ADDRESS = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")

Place = tuple[str, int, int]
"""Sheet, row and column."""


class Fixed(NamedTuple):
    """One sheet's fixed cells, each as its address, a colon and its token, as the identity sheet lists them.

    `tokens` holds the same by row and column.
    """

    items: frozenset[str]
    tokens: Mapping[int, Mapping[int, str]]


def set_strangers_apart(ledger: Ledger, located: Located) -> frozenset[Place]:
    """Take out of the structure whatever the template did not write there, and say where it stands.

    A question's id says the same in any row. A workbook that carries no list of its fixed cells is left as it is.
    """
    listed = _listed(next((g for g in ledger.grids if g.name == IDENTITY_SHEET), None))
    strangers: set[Place] = set()
    for grid, fixed in _matched(ledger.grids, listed):
        cells = [cell for number, cell in grid.structural.items() if number not in grid.used]
        if _as_written(cells, fixed):
            continue
        ids = {id(place.cells[Field.ID]) for same in located.rows.values() for place in same}
        cells = sorted((cell for cell in cells if id(cell) not in ids), key=lambda cell: (cell.row, cell.column))
        found = list(_not_written(cells, fixed))
        for cell in found:
            del grid.structural[id(cell)]
        strangers.update((grid.name, cell.row, cell.column) for cell in found)
    return frozenset(strangers)


def _listed(identity: Grid | None) -> dict[str, Fixed]:
    found: dict[str, Fixed] = {}
    for row, cells in identity.rows.items() if identity else ():
        if identity and identity.text(row, 1) == FIXED_KEY:
            texts = (str(cell.value) for cell in cells.values() if cell.column > 2)
            found[identity.text(row, 2)] = _fixed(" ".join(texts))
    return found


@keeping(entries=128, longest=8192)
def _fixed(text: str) -> Fixed:
    items = frozenset(text.split())
    tokens: dict[int, dict[int, str]] = {}
    for item in items:
        address, _, token = item.partition(":")
        if place := _ADDRESS.fullmatch(address):
            tokens.setdefault(int(place[2]), {})[column_number(place[1])] = token
    return Fixed(items, tokens)


def _matched(grids: Sequence[Grid], listed: Mapping[str, Fixed]) -> Iterable[tuple[Grid, Fixed]]:
    # A renamed sheet is known again by what stands on it.
    free = {name: fixed for name, fixed in listed.items() if name not in {g.name for g in grids}}
    for grid in grids:
        fixed = listed.get(grid.name)
        if fixed is None and free and grid.name != IDENTITY_SHEET:
            here = {_token(cell) for cell in grid.sheet.cells}
            name = max(free, key=lambda n: len(here.intersection(_tokens(free[n]))))
            fixed = free.pop(name)
        if fixed is not None:
            yield grid, fixed


def _as_written(cells: Iterable[Cell], fixed: Fixed) -> bool:
    """Tell whether every cell is just what the template wrote there."""
    for cell in cells:
        row = fixed.tokens.get(cell.row)
        if row is None or row.get(cell.column) != _token(cell):
            return False
    return True


def _not_written(cells: Sequence[Cell], fixed: Fixed) -> Iterable[Cell]:
    """Give the cells beyond those the template wrote; a text may have moved, but not multiplied."""
    moved: dict[str, list[Cell]] = defaultdict(list)
    met: list[str] = []
    for cell in cells:
        token = _token(cell)
        if f"{cell.address}:{token}" in fixed.items:
            met.append(token)
        else:
            moved[token].append(cell)
    if not moved:
        return
    left = Counter(_tokens(fixed))
    left.subtract(met)
    for token, found in moved.items():
        yield from found[max(left[token], 0) :]


def _tokens(fixed: Fixed) -> Iterable[str]:
    return (item.partition(":")[2] for item in fixed.items)


def _token(cell: Cell) -> str:
    value = cell.value
    if cell.kind is not _VALUE and cell.kind in _FORMULAS:
        return FORMULA_TOKEN
    token = _text_token(value) if isinstance(value, str) else ""
    return token or fixed_token(cell_text(cell)[0])


@kept
def _text_token(text: str) -> str:
    # A single character can stand for a sign of a symbol font, which the text alone does not tell.
    cleaned, _ = clean(text)
    return fixed_token(cleaned) if len(cleaned) != 1 else ""
