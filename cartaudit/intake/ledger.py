"""The account of one reading: which cells were used, which are structure, and every problem met on the way."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from cartaudit.intake.beside import Beside
from cartaudit.intake.clean import cell_key, cell_text
from cartaudit.intake.headings import known_field
from cartaudit.model.cells import Cell, CellKind, Cells, Sheet
from cartaudit.model.problems import Problem


class Grid:
    """One sheet's cells by row and column, and the account of them.

    `used` and `structural` hold cells by identity, which is cheap and sound while the sheet keeps them alive.
    """

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.name = sheet.name
        self.used: dict[int, Cell] = {}
        self.structural: dict[int, Cell] = {}
        self.rows: dict[int, dict[int, Cell]] = {}
        self._keys: dict[int, dict[int, str]] = {}
        self._headings: dict[int, int] = {}
        number, row = 0, dict[int, Cell]()
        for cell in sheet.cells:
            if cell.row != number:
                number = cell.row
                row = self.rows.setdefault(number, {})
            row[cell.column] = cell

    @cached_property
    def numbers(self) -> list[int]:
        """Give the numbers of the filled rows in order."""
        return sorted(self.rows)

    @cached_property
    def beside(self) -> Beside:
        """Give what lies over the cells or is pinned to them."""
        return Beside(self.sheet)

    @cached_property
    def special(self) -> list[Cell]:
        """List the cells that are hidden, or hold something else than a plain value."""
        plain = CellKind.VALUE
        return [cell for cell in self.sheet.cells if cell.hidden or cell.kind is not plain]

    def cell(self, row: int, column: int | None) -> Cell | None:
        """Give the cell at a place; None where it is empty or the column is not there."""
        if column is None or row not in self.rows:
            return None
        return self.rows[row].get(column)

    def text(self, row: int, column: int | None) -> str:
        """Give the cleaned text at a place, empty where nothing stands."""
        cell = self.cell(row, column)
        return cell_text(cell)[0] if cell else ""

    def keys(self, row: int) -> dict[int, str]:
        """Give the folded text of every cell of a row, by column."""
        found = self._keys.get(row)
        if found is None:
            cells = self.rows.get(row, {})
            found = self._keys[row] = {column: cell_key(cell) for column, cell in cells.items()}
        return found

    def headings(self, row: int) -> int:
        """Count the fields that the cells of a row are known to name."""
        found = self._headings.get(row)
        if found is None:
            found = self._headings[row] = len({known_field(text) for text in self.keys(row).values()} - {None})
        return found


@dataclass(slots=True)
class Ledger:
    """What one reading gathers; it grows while the stages of intake run and is closed into the reading record."""

    cells: Cells
    grids: tuple[Grid, ...]
    problems: list[Problem] = field(default_factory=list)
    facts: dict[str, object] = field(default_factory=dict)

    def report(self, problems: Iterable[Problem]) -> None:
        """Add problems."""
        self.problems.extend(problems)

    def use(self, grid: Grid, cell: Cell | None) -> Cell | None:
        """Count a cell as read, and hand it on."""
        if cell is not None:
            grid.used[id(cell)] = cell
        return cell

    def keep(self, grid: Grid, cells: Iterable[Cell | None]) -> None:
        """Count cells as structure of the workbook."""
        grid.structural.update({id(cell): cell for cell in cells if cell is not None})
