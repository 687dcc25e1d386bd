"""The rows of a register: every used row kept, blanks in it named, names that must differ compared."""

from collections.abc import Iterator, Mapping, Sequence

from cartaudit.intake.answers import NOTHING, Asked, parse_answer
from cartaudit.intake.beside import Doubt, doubt
from cartaudit.intake.clean import cell_key, cell_text, key, original_text
from cartaudit.intake.layout import RegisterSheet
from cartaudit.intake.ledger import Ledger
from cartaudit.model.answers import AnswerState
from cartaudit.model.cells import Cell, column_letters
from cartaudit.model.problem_codes import problem
from cartaudit.model.questions import Column, Question
from cartaudit.model.submission import Entry, Row

_BLANK = AnswerState.BLANK


def read_register(
    ledger: Ledger, sheets: Sequence[RegisterSheet], question: Question, columns: Mapping[str, Asked]
) -> tuple[Row, ...]:
    """Read every row of a list, of all the sheets on which it stands; names have to differ across them."""
    rows = [row for sheet in sheets for row in _rows(ledger, sheet, question, columns)]
    _check_unique(ledger, question, rows)
    return tuple(rows)


def _rows(ledger: Ledger, sheet: RegisterSheet, question: Question, columns: Mapping[str, Asked]) -> Iterator[Row]:
    """Read every row below the headings in which any of the register's columns is filled."""
    first = f"{sheet.grid.name}!{column_letters(min(sheet.columns.values()))}"
    positions = [position for name, position in sheet.columns.items() if name in columns]
    for number in (row for row in sheet.grid.numbers if row > sheet.header_row):
        cells = sheet.grid.rows[number]
        if any(_says_something(cells[position]) for position in positions if position in cells):
            entries = {c.id: _entry(ledger, sheet, number, c, columns[c.id]) for c in question.columns}
            yield Row(entries=entries, cell=f"{first}{number}")


def _says_something(cell: Cell) -> bool:
    return not isinstance(cell.value, str) or cell_text(cell)[0] != ""


def _entry(ledger: Ledger, sheet: RegisterSheet, number: int, column: Column, asked: Asked) -> Entry:
    position = sheet.columns.get(column.id)
    if position is None:
        return NOTHING
    grid = sheet.grid
    cell = ledger.use(grid, grid.rows[number].get(position))
    address = f"{column_letters(position)}{number}"
    entry = NOTHING
    if cell is not None:
        entry, problems = parse_answer(cell, asked, grid.name, stated=sheet.units.get(column.id, ""))
        ledger.report(problems)
    why = _doubt(ledger, sheet, number, column, position, entry, cell)
    if why is not None:
        named = {"sheet": grid.name, "cell": address, "question": asked.question, "found": entry.original}
        ledger.report([problem(why.code, **named, **why.fields)])
        state = AnswerState.AMBIGUOUS if cell is not None else _BLANK
        return Entry(state=state, original=entry.original, cell=f"{grid.name}!{address}")
    if entry.state is not _BLANK:
        return entry
    if column.required:
        title = f"'{column.text}'"
        ledger.report([problem("CA403", sheet=grid.name, cell=address, question=asked.question, column=title)])
    return Entry(state=_BLANK, original=entry.original, cell=f"{grid.name}!{address}")


def _doubt(
    ledger: Ledger, sheet: RegisterSheet, number: int, column: Column, position: int, entry: Entry, cell: Cell | None
) -> Doubt | None:
    """Say why a cell of a list cannot be taken as it stands; the first cell of a merge answers for its own row."""
    grid = sheet.grid
    others = [ledger.use(grid, grid.cell(number, other)) for other in sheet.doubles.get(column.id, ())]
    said = cell_key(cell) if cell is not None else ""
    different = [other for other in others if (cell_key(other) if other is not None else "") != said]
    if different:
        other = original_text(different[0]) if different[0] is not None else ""
        return Doubt("CA232", {"title": f"'{column.text}'", "other": other})
    why = doubt(grid.beside, number, position, entry.value)
    area = grid.beside.merge(number, position)
    first = area is not None and (area.first_row, area.first_column) == (number, position)
    return None if why is not None and why.code == "CA229" and first else why


def _check_unique(ledger: Ledger, question: Question, rows: list[Row]) -> None:
    for column in (c for c in question.columns if c.unique):
        seen: dict[str, str] = {}
        for row in rows:
            entry = row.entries[column.id]
            if entry.state is not AnswerState.ANSWERED:
                continue
            name = key(str(entry.value))
            if name in seen:
                ledger.report(
                    [
                        problem(
                            "CA310",
                            sheet=entry.cell.rpartition("!")[0],
                            cell=entry.cell.rpartition("!")[2],
                            question=f"{question.id}.{column.id}",
                            found=entry.original,
                            other=seen[name],
                        )
                    ]
                )
            seen.setdefault(name, entry.cell)
