"""The account of one reading: which cells were used, which are structure, and every problem met on the way."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from cartaudit.intake.clean import cell_text, key
from cartaudit.model.cells import Cell, Cells, Sheet
from cartaudit.model.problems import Problem


class Grid:
    """One sheet's cells by place and by row."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.name = sheet.name
        self.cells = {(cell.row, cell.column): cell for cell in sheet.cells}
        self.rows: dict[int, list[Cell]] = {}
        for cell in sheet.cells:
            self.rows.setdefault(cell.row, []).append(cell)

    def cell(self, row: int, column: int | None) -> Cell | None:
        """Give the cell at a place; None where it is empty or the column is not there."""
        return None if column is None else self.cells.get((row, column))

    def text(self, row: int, column: int | None) -> str:
        """Give the cleaned text at a place, empty where nothing stands."""
        cell = self.cell(row, column)
        return cell_text(cell)[0] if cell else ""

    @cached_property
    def keys(self) -> dict[int, dict[int, str]]:
        """Give the folded text of every cell, by row and column."""
        return {row: {c.column: key(cell_text(c)[0]) for c in cells} for row, cells in self.rows.items()}


@dataclass(slots=True)
class Ledger:
    """What one reading gathers; it grows while the stages of intake run and is closed into the reading record."""

    cells: Cells
    grids: tuple[Grid, ...]
    problems: list[Problem] = field(default_factory=list)
    used: set[tuple[str, int, int]] = field(default_factory=set)
    structural: set[tuple[str, int, int]] = field(default_factory=set)
    steps: Counter[str] = field(default_factory=Counter)
    facts: dict[str, object] = field(default_factory=dict)

    def report(self, problems: Iterable[Problem]) -> None:
        """Add problems."""
        self.problems.extend(problems)

    def use(self, grid: Grid, cell: Cell | None) -> Cell | None:
        """Count a cell as read, log how its text was cleaned, and hand it on."""
        if cell is not None:
            self.used.add((grid.name, cell.row, cell.column))
            if isinstance(cell.value, str):
                self.steps.update(cell_text(cell)[1])
        return cell

    def use_text(self, grid: Grid, row: int, column: int | None) -> str:
        """Read a place as text and count it as read."""
        cell = self.use(grid, grid.cell(row, column))
        return cell_text(cell)[0] if cell else ""

    def keep(self, grid: Grid, cells: Iterable[Cell | None]) -> None:
        """Count cells as structure of the workbook."""
        self.structural.update((grid.name, cell.row, cell.column) for cell in cells if cell is not None)
