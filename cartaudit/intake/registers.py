"""The rows of a register: every used row kept, blanks in it named, names that must differ compared."""

from collections.abc import Mapping

from cartaudit.intake.answers import NOTHING, Asked, parse_answer
from cartaudit.intake.clean import cell_text, key
from cartaudit.intake.layout import RegisterSheet
from cartaudit.intake.ledger import Ledger
from cartaudit.model.answers import AnswerState
from cartaudit.model.cells import Cell, column_letters
from cartaudit.model.problem_codes import problem
from cartaudit.model.questions import Question
from cartaudit.model.submission import Entry, Row


def read_register(
    ledger: Ledger, sheet: RegisterSheet, question: Question, columns: Mapping[str, Asked]
) -> tuple[Row, ...]:
    """Read every row below the headings in which any of the register's columns is filled."""
    asked = {name: column for name, column in columns.items() if name in sheet.columns}
    rows = []
    for number in (row for row in sheet.grid.numbers if row > sheet.header_row):
        row = sheet.grid.rows[number]
        cells = {name: row.get(sheet.columns[name]) for name in asked}
        if any(cell is not None and (not isinstance(cell.value, str) or cell_text(cell)[0]) for cell in cells.values()):
            rows.append(_read_row(ledger, sheet, question, number, cells, asked))
    _check_unique(ledger, sheet, question, rows)
    return tuple(rows)


def _read_row(
    ledger: Ledger,
    sheet: RegisterSheet,
    question: Question,
    number: int,
    cells: Mapping[str, Cell | None],
    asked: Mapping[str, Asked],
) -> Row:
    entries: dict[str, Entry] = {}
    for column in question.columns:
        if column.id not in asked:
            entries[column.id] = Entry(state=AnswerState.BLANK)
            continue
        cell = ledger.use(sheet.grid, cells[column.id])
        entry, problems = parse_answer(cell, asked[column.id], sheet.grid.name) if cell else (NOTHING, ())
        if problems:
            ledger.report(problems)
        if entry.state is AnswerState.BLANK:
            address = f"{column_letters(sheet.columns[column.id])}{number}"
            entry = Entry(state=AnswerState.BLANK, original=entry.original, cell=f"{sheet.grid.name}!{address}")
            if column.required:
                ledger.report(
                    [
                        problem(
                            "CA403",
                            sheet=sheet.grid.name,
                            cell=address,
                            question=asked[column.id].question,
                            column=f"'{column.text}'",
                        )
                    ]
                )
        entries[column.id] = entry
    first = Cell(number, min(sheet.columns.values()), None).address
    return Row(entries=entries, cell=f"{sheet.grid.name}!{first}")


def _check_unique(ledger: Ledger, sheet: RegisterSheet, question: Question, rows: list[Row]) -> None:
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
                            sheet=sheet.grid.name,
                            cell=entry.cell.rpartition("!")[2],
                            question=f"{question.id}.{column.id}",
                            found=entry.original,
                            other=seen[name],
                        )
                    ]
                )
            seen.setdefault(name, entry.cell)
