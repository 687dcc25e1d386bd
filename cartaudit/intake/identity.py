"""What the workbook says of itself: hidden sheet first, document properties beside it."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from cartaudit.intake.ledger import Grid, Ledger
from cartaudit.model.cells import Cell, Cells, column_letters
from cartaudit.model.checklists import Catalogue
from cartaudit.model.layout import FIXED_KEY, FORMAT, IDENTITY_KEYS, IDENTITY_SHEET, PROPERTY_PREFIX
from cartaudit.model.problem_codes import problem
from cartaudit.model.problems import Problem
from cartaudit.model.submission import Identity


def read_identity(cells: Cells, ledger: Ledger) -> Identity | None:
    """Read the identity; None where the workbook says nothing of itself. Contradictions are problems."""
    grid = next((g for g in ledger.grids if g.name == IDENTITY_SHEET), None)
    sheet = _pairs(grid) if grid else {}
    properties = {
        name.removeprefix(PROPERTY_PREFIX): value
        for name, value in cells.properties.items()
        if name.startswith(PROPERTY_PREFIX)
    }
    if grid:
        ledger.keep(grid, _ours(grid))
    if not sheet and not properties:
        return None
    if not sheet:
        ledger.report([problem("CA136")])
    for key in sorted(sheet.keys() & properties.keys()):
        if sheet[key] != properties[key]:
            ledger.report([problem("CA135", sheet=IDENTITY_SHEET, key=key, found=properties[key])])
    return _identity({**properties, **sheet})


def _ours(grid: Grid) -> Iterator[Cell]:
    for row, cells in grid.rows.items():
        name = grid.text(row, 1)
        if name == FIXED_KEY:
            yield from cells.values()
        elif name.removeprefix(PROPERTY_PREFIX) in IDENTITY_KEYS:
            yield from (cell for column, cell in cells.items() if column <= 2)


def _pairs(grid: Grid) -> dict[str, str]:
    found = {}
    for row in grid.rows:
        name = grid.text(row, 1)
        if name and name != FIXED_KEY:
            found[name.removeprefix(PROPERTY_PREFIX)] = grid.text(row, 2)
    return found


def _identity(values: Mapping[str, str]) -> Identity:
    checklists: dict[str, str] = {}
    for item in values.get("checklists", "").split(";"):
        name, _, edition = item.strip().partition("@")
        if name:
            checklists[name] = edition
    return Identity(
        format=values.get("format", ""),
        tool_version=values.get("version", ""),
        checklists=checklists,
        catalogue_hash=values.get("catalogue", ""),
        country=values.get("country", ""),
        as_of=values.get("as_of", ""),
        roles=tuple(role.strip() for role in values.get("roles", "").split(";") if role.strip()),
    )


def wrong_format(identity: Identity) -> Problem | None:
    """Say by name that the workbook has another format than this version reads."""
    if identity.format == FORMAT:
        return None
    return problem("CA132", sheet=IDENTITY_SHEET, found=identity.format, format=FORMAT)


def shifted(ledger: Ledger) -> Problem | None:
    """Say by name that another program moved the cells of a template: its own keys stand in another column."""
    grid = next((g for g in ledger.grids if g.name == IDENTITY_SHEET), None)
    if grid is None:
        return None
    rows = map(grid.keys, grid.rows)
    counted = Counter(column for row in rows for column, text in row.items() if text in IDENTITY_KEYS)
    column, found = counted.most_common(1)[0] if counted else (1, 0)
    if column == 1 or found < 2:
        return None
    return problem("CA153", sheet=IDENTITY_SHEET, shift=column_letters(column))


def check_content(identity: Identity, catalogue: Catalogue, digests: Collection[str]) -> tuple[Problem, ...]:
    """Compare the checklists the workbook was made for with the catalogue in use, which may have any of the digests."""
    problems = []
    for name, edition in identity.checklists.items():
        checklist = catalogue.checklists.get(name)
        if checklist is None:
            problems.append(problem("CA134", sheet=IDENTITY_SHEET, found=name))
        elif edition and checklist.editions and edition not in {e.edition for e in checklist.editions}:
            problems.append(problem("CA133", sheet=IDENTITY_SHEET, detail=f"{name} edition {edition}"))
    if identity.catalogue_hash and identity.catalogue_hash not in digests:
        problems.append(problem("CA133", sheet=IDENTITY_SHEET, detail=f"content {identity.catalogue_hash[:12]}"))
    return tuple(problems)
