"""Text that the fonts of the report cannot draw: it is shown by its codes, and the centre is told where."""

from collections.abc import Collection, Iterator

from cartaudit.intake.clean import cell_text
from cartaudit.model.cells import Cell, Cells, Sheet
from cartaudit.model.problem_codes import problem
from cartaudit.model.problems import Problem

_SHOWN = 5
_CELLS = 8
_BREAKS = "\n\t"


def find_undrawable(cells: Cells, drawable: Collection[int]) -> tuple[Problem, ...]:
    """Name the cells whose characters are not among the code points that can be drawn; one problem for each sheet."""
    return tuple(found for sheet in cells.sheets for found in _in_sheet(sheet, drawable))


def _in_sheet(sheet: Sheet, drawable: Collection[int]) -> Iterator[Problem]:
    texts = [cell for cell in sheet.cells if isinstance(cell.value, str) and not cell.value.isascii()]
    places = [(cell, missing) for cell in texts if (missing := _missing(cell, drawable))]
    if not places:
        return
    first, characters = places[0][0], sorted({character for _, missing in places for character in missing})
    others = [cell.address for cell, _ in places[1:]]
    yield problem(
        "CA415",
        sheet=sheet.name,
        cell=first.address,
        found=cell_text(first)[0],
        characters=_listed([f"[U+{ord(character):04X}]" for character in characters], _SHOWN),
        others=f" (also in {_listed(others, _CELLS)})" if others else "",
    )


def _missing(cell: Cell, drawable: Collection[int]) -> set[str]:
    return {c for c in set(cell_text(cell)[0]) if ord(c) not in drawable and c not in _BREAKS}


def _listed(items: list[str], count: int) -> str:
    more = len(items) - count
    return ", ".join(items[:count]) + (f" and {more} more" if more > 0 else "")
