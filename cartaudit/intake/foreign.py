"""Reading a centre's own layout by a column map: rows matched exactly, everything else named."""

from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import replace

from cartaudit.intake.clean import key
from cartaudit.intake.fixed import Place
from cartaudit.intake.headings import heading_unit, known_field
from cartaudit.intake.layout import (
    TOOL_FIELDS,
    Located,
    QuestionRow,
    RegisterSheet,
    find_question,
    find_register,
    read_register_layout,
)
from cartaudit.intake.ledger import Grid, Ledger
from cartaudit.intake.mapping import MAP_SHEET, Mapping, SheetMap
from cartaudit.intake.suggest import Suggestion, first_text, match_row, question_texts, suggest_mapping
from cartaudit.model.answers import AnswerType
from cartaudit.model.cells import Cell, Cells, Sheet
from cartaudit.model.checklists import Catalogue
from cartaudit.model.layout import Field, split_scoped_id
from cartaudit.model.problem_codes import problem
from cartaudit.model.problems import Problem
from cartaudit.model.questions import Question, Scope


def check_mapping(ledger: Ledger, mapping: Mapping) -> Problem | None:
    """Say what makes a map unfit for this workbook."""
    grids = {grid.name: grid for grid in ledger.grids}
    for sheet in mapping.sheets:
        grid = grids.get(sheet.name)
        if grid is None:
            return problem("CA137", detail=f"the workbook has no sheet '{sheet.name}'")
        if sheet.header_row not in grid.rows:
            return problem("CA137", sheet=sheet.name, detail=f"row {sheet.header_row} has no headings")
    return None


def with_map_sheet(cells: Cells, mapping: Mapping) -> Cells:
    """Add the answers the map itself gives as a sheet of their own, so that they are read like any answer."""
    if not mapping.profile and not mapping.treatments:
        return cells
    listed = []
    for row, (question, value) in enumerate(mapping.profile.items(), 2):
        listed += [Cell(row, 1, question), Cell(row, 2, value)]
    keys = ("product", "indication", "population", "route")
    first = len(mapping.profile) + 4
    for row, treatment in enumerate(mapping.treatments, first):
        listed += [Cell(row, 11 + n, treatment[k]) for n, k in enumerate(keys) if k in treatment]
    return replace(cells, sheets=(*cells.sheets, Sheet(name=MAP_SHEET, cells=tuple(listed))))


def locate_mapped(ledger: Ledger, catalogue: Catalogue, mapping: Mapping) -> Located:
    """Find the rows of every mapped sheet; each row with an answer that matches no question is a problem."""
    grids = {grid.name: grid for grid in ledger.grids}
    rows: dict[tuple[str, str], list[QuestionRow]] = {}
    unknown: list[str] = []
    headers: dict[str, int] = {}
    texts = question_texts(catalogue)
    scopes = _only_scopes(mapping)
    for sheet in mapping.sheets:
        grid = grids[sheet.name]
        headers[sheet.name] = sheet.header_row
        _keep_headings(ledger, grid, sheet)
        for row, found in _matches(grid, sheet, mapping, catalogue, texts, scopes):
            if found is None:
                unknown += _unmatched(ledger, grid, sheet, row)
            else:
                place = _place(grid, sheet, row)
                ledger.keep(grid, map(place.cells.get, TOOL_FIELDS))
                rows.setdefault(found, []).append(place)
    listed: dict[str, list[RegisterSheet]] = {}
    for name, register in _registers(ledger, catalogue, mapping):
        listed.setdefault(name, []).append(register)
    registers = {name: tuple(found) for name, found in listed.items()}
    if MAP_SHEET in grids:
        _map_sheet(ledger, grids[MAP_SHEET], mapping, catalogue, rows, registers)
    return Located(
        rows={k: tuple(v) for k, v in rows.items()},
        registers=registers,
        site_values=None,
        headers=headers,
        unknown=tuple(unknown),
        mapping=mapping.name,
    )


def _keep_headings(ledger: Ledger, grid: Grid, sheet: SheetMap) -> None:
    """Keep the headings of the map and, in their row and the one above, those known; other text is the centre's."""
    mapped = {*sheet.columns.values(), *sheet.ticks.values()}
    ledger.keep(grid, (cell for column, cell in grid.rows[sheet.header_row].items() if column in mapped))
    for row in (sheet.header_row - 1, sheet.header_row):
        ledger.keep(grid, (grid.cell(row, column) for column, text in grid.keys(row).items() if known_field(text)))


def _release_above(sheet: RegisterSheet, question: Question) -> None:
    """Take out of the structure what stands above a list and is neither its headings nor what the template says."""
    grid = sheet.grid
    names = {key(c.id) for c in question.columns} | {key(grid.name)}
    begins = tuple(key(text) for c in question.columns for text in (c.text, c.help) if text)
    for row in (row for row in grid.rows if row <= sheet.header_row):
        for column, text in grid.keys(row).items():
            if text not in names and not text.startswith((*begins, key(question.text))):
                grid.structural.pop(id(grid.rows[row][column]), None)


def above_headings(ledger: Ledger, located: Located) -> frozenset[Place]:
    """Say where text stands in or above the headings that is no heading; nothing of it was read."""
    last = {
        **located.headers,
        **{sheet.grid.name: sheet.header_row for sheets in located.registers.values() for sheet in sheets},
    }
    return frozenset(
        (grid.name, cell.row, cell.column)
        for grid in ledger.grids
        if grid.name in last and grid.name != MAP_SHEET
        for cell in grid.sheet.cells
        if cell.row <= last[grid.name] and id(cell) not in grid.used and id(cell) not in grid.structural
    )


def _only_scopes(mapping: Mapping) -> Table[Scope, str]:
    products = {t.get("product", "") for t in mapping.treatments}
    return {Scope.PRODUCT: next(iter(products))} if len(products) == 1 else {}


def _matches(
    grid: Grid,
    sheet: SheetMap,
    mapping: Mapping,
    catalogue: Catalogue,
    texts: Table[str, str],
    scopes: Table[Scope, str],
) -> Iterator[tuple[int, tuple[str, str] | None]]:
    for row in (r for r in grid.numbers if r > sheet.header_row):
        item = grid.text(row, sheet.columns.get(Field.ID))
        wording = grid.text(row, sheet.columns.get(Field.QUESTION))
        matched = match_row(item, wording, mapping.items, catalogue, texts)
        found = find_question(matched, catalogue) if matched else None
        if found is not None and not found[1]:
            question, _ = found
            scope = catalogue.questions[question].scope
            only = scopes.get(scope, "")
            found = found if scope is Scope.CENTRE else (question, only) if only else None
        yield row, found


def _place(grid: Grid, sheet: SheetMap, row: int) -> QuestionRow:
    columns = dict(sheet.columns)
    if sheet.ticks:
        columns[Field.ANSWER] = min(sheet.ticks.values())
    unit = heading_unit(grid.text(sheet.header_row, columns.get(Field.ANSWER)))
    return QuestionRow(grid, row, _filled(grid, row, columns), columns, sheet.ticks, sheet.doubles, unit)


def _filled(grid: Grid, row: int, columns: Table[Field, int]) -> dict[Field, Cell]:
    cells = grid.rows[row]
    return {field: cells[column] for field, column in columns.items() if column in cells}


def _unmatched(ledger: Ledger, grid: Grid, sheet: SheetMap, row: int) -> list[str]:
    answers = [sheet.columns.get(Field.ANSWER), *sheet.ticks.values()]
    if not any(grid.text(row, column) for column in answers if column):
        merged = {r.split(":")[0] for r in grid.sheet.merged}
        cells = list(grid.rows[row].values())
        if len(cells) == 1 or cells[0].address in merged:
            ledger.keep(grid, cells)  # a section heading
        return []
    name = first_text(grid, row)
    ledger.report([problem("CA151", sheet=grid.name, cell=next(iter(grid.rows[row].values())).address, found=name)])
    return [name]


def _registers(ledger: Ledger, catalogue: Catalogue, mapping: Mapping) -> Iterator[tuple[str, RegisterSheet]]:
    mapped = {sheet.name for sheet in mapping.sheets}
    lists = [q for q in catalogue.questions.values() if q.type is AnswerType.REGISTER]
    for grid in ledger.grids:
        question = find_register(grid, lists) if grid.name not in mapped | {MAP_SHEET} else None
        found = read_register_layout(ledger, grid, question) if question else None
        if question and found:
            _release_above(found, question)
            yield question.id, found


def _map_sheet(
    ledger: Ledger,
    grid: Grid,
    mapping: Mapping,
    catalogue: Catalogue,
    rows: dict[tuple[str, str], list[QuestionRow]],
    registers: dict[str, tuple[RegisterSheet, ...]],
) -> None:
    for row, name in enumerate(mapping.profile, 2):
        question, scope = split_scoped_id(name)
        if question in catalogue.questions:
            columns = {Field.ID: 1, Field.ANSWER: 2}
            place = QuestionRow(grid, row, _filled(grid, row, columns), columns)
            ledger.keep(grid, [place.cells[Field.ID]])
            rows.setdefault((question, scope), []).append(place)
    if mapping.treatments and "treatments" in catalogue.questions:
        listed = {"product": 11, "indication": 12, "population": 13, "route": 14}
        registers["treatments"] = (RegisterSheet(grid, len(mapping.profile) + 3, listed),)


def suggested(cells: Cells, catalogue: Catalogue) -> Suggestion:
    """Find a map for a workbook that came without one; nothing in it rests on likeness."""
    return suggest_mapping(cells, catalogue, likenesses=False)
