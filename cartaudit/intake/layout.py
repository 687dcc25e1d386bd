"""Where things stand in a workbook made from the template: question sheets, registers, site-supplied values."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from cartaudit.intake.clean import cell_text, key
from cartaudit.intake.headings import TITLES, exact_field, heading_unit, known_field, repeats_answer
from cartaudit.intake.ledger import Grid, Ledger
from cartaudit.intake.units import same_unit
from cartaudit.model.answers import AnswerType
from cartaudit.model.cells import Cell, column_letters
from cartaudit.model.checklists import Catalogue
from cartaudit.model.layout import (
    AREA_HEADINGS,
    EARLIER_SITE_VALUE_HEADINGS,
    IDENTITY_SHEET,
    INSTRUCTIONS_SHEET,
    LISTS_SHEET,
    SITE_VALUE_HEADINGS,
    SITE_VALUES_SHEET,
    Field,
    register_sheet,
    split_scoped_id,
)
from cartaudit.model.problem_codes import problem
from cartaudit.model.problems import Problem
from cartaudit.model.questions import Question, Scope

_HEADER_ROWS = 40
_ID, _REGISTER = Field.ID, AnswerType.REGISTER
_ESSENTIAL = (Field.ID, Field.ANSWER)
_NO_TICKS: Mapping[str, int] = {}
_SITE_VALUE_KEYS = {key(title): name for name, title in (*EARLIER_SITE_VALUE_HEADINGS, *SITE_VALUE_HEADINGS)}

TOOL_FIELDS = (Field.ID, Field.QUESTION, Field.UNIT)
"""What the tool writes itself into the row of a question."""


class QuestionRow(NamedTuple):
    """One row in which a question is answered: its filled cells by field, and the columns of all fields.

    `ticks` gives the columns that stand for one answer each, `doubles` further columns with the heading of a field,
    `unit` the unit that the heading of the answers gives.
    """

    grid: Grid
    row: int
    cells: Mapping[Field, Cell]
    columns: Mapping[Field, int]
    ticks: Mapping[str, int] = _NO_TICKS
    doubles: Mapping[Field, tuple[int, ...]] = {}
    unit: str = ""


@dataclass(frozen=True, slots=True)
class RegisterSheet:
    """The sheet of a register: the row its list starts after, and its columns by id.

    `doubles` gives further columns with the same heading, `units` the unit that a heading gives.
    """

    grid: Grid
    header_row: int
    columns: Mapping[str, int]
    doubles: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Everything found: rows by question id and scope, the sheets of each register, site-supplied values.

    `headers` names the heading row of each sheet; `unknown` lists ids without a question, `unread`
    sheets whose headings are gone.
    """

    rows: Mapping[tuple[str, str], tuple[QuestionRow, ...]]
    registers: Mapping[str, tuple[RegisterSheet, ...]]
    site_values: RegisterSheet | None
    headers: Mapping[str, int]
    unknown: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    rejected: bool = False
    mapping: str = "template"


def locate(ledger: Ledger, catalogue: Catalogue) -> Located:
    """Find every sheet of a template workbook by what stands in it; renamed headings are problems."""
    rows: dict[tuple[str, str], list[QuestionRow]] = {}
    registers: dict[str, list[RegisterSheet]] = {}
    site_values: RegisterSheet | None = None
    headers: dict[str, int] = {}
    unknown: list[str] = []
    unread: list[str] = []
    rejected = False
    lists = [q for q in catalogue.questions.values() if q.type is _REGISTER]
    for grid in ledger.grids:
        if grid.name == IDENTITY_SHEET:
            continue
        if grid.name in (INSTRUCTIONS_SHEET, LISTS_SHEET):
            ledger.keep(grid, grid.sheet.cells)
            continue
        if _holds_site_values(grid):
            site_values = _site_values(ledger, grid)
            headers |= {grid.name: site_values.header_row} if site_values else {}
            continue
        question = find_register(grid, lists)
        if question is not None:
            found = read_register_layout(ledger, grid, question)
            if found:
                registers.setdefault(question.id, []).append(found)
                headers[grid.name] = found.header_row
            continue
        header = header_row(grid)
        if header is None:
            if grid.name in {area.sheet for area in catalogue.areas.values()}:
                ledger.report([problem("CA149", sheet=grid.name)])
                unread.append(grid.name)
            continue
        headings = template_columns(ledger, grid, header)
        if headings is None:
            rejected = True
            continue
        headers[grid.name] = header
        unknown += _question_rows(ledger, grid, header, headings, catalogue, rows)
    return Located(
        rows={k: tuple(v) for k, v in rows.items()},
        registers=dict(_joined(ledger, registers)),
        site_values=site_values,
        headers=headers,
        unknown=tuple(unknown),
        unread=tuple(unread),
        rejected=rejected,
    )


def _joined(
    ledger: Ledger, registers: Mapping[str, list[RegisterSheet]]
) -> Iterator[tuple[str, tuple[RegisterSheet, ...]]]:
    """Give the sheets of each list; a list that goes on on another sheet is read from both, and this is said."""
    for question, sheets in registers.items():
        for more in sheets[1:]:
            ledger.report([problem("CA152", sheet=more.grid.name, question=question, first=sheets[0].grid.name)])
        yield question, tuple(sheets)


def header_row(grid: Grid, least: int = 3) -> int | None:
    """Find the row among the first forty in which most headings are known; None where fewer than `least` are."""
    best, best_score = None, least - 1
    for row in grid.numbers[:_HEADER_ROWS]:
        if len(grid.rows[row]) <= best_score:
            continue
        if grid.headings(row) > best_score:
            best, best_score = row, grid.headings(row)
        if best_score == len(Field):
            break
    return best


class Headings(NamedTuple):
    """The column of each field, and further columns with the same heading."""

    columns: Mapping[Field, int]
    doubles: Mapping[Field, tuple[int, ...]]


def template_columns(ledger: Ledger, grid: Grid, header: int) -> Headings | None:
    """Match the headings of a template sheet; None where the id or the answer column is gone."""
    left = dict(sorted(grid.keys(header).items()))
    columns: dict[Field, int] = {}
    doubles: dict[Field, tuple[int, ...]] = {}
    for match in (exact_field, known_field):
        for column, text in tuple(left.items()):
            found = match(text)
            if found is None or (found in columns and exact_field(text) is not found and found is not Field.ANSWER):
                continue
            del left[column]
            if found in columns:
                doubles[found] = (*doubles.get(found, ()), column)
                ledger.report([_heading_problem("CA145", grid, header, column, found)])
                continue
            columns[found] = column
            if match is known_field:
                ledger.report([_heading_problem("CA142", grid, header, column, found)])
    for column, text in left.items():
        if repeats_answer(text) and Field.ANSWER in columns:
            doubles[Field.ANSWER] = (*doubles.get(Field.ANSWER, ()), column)
            ledger.report([_heading_problem("CA145", grid, header, column, Field.ANSWER)])
    _report_missing(ledger, grid, header, columns)
    return Headings(columns, doubles) if all(name in columns for name in _ESSENTIAL) else None


def _report_missing(ledger: Ledger, grid: Grid, header: int, columns: Mapping[Field, int]) -> None:
    previous = 0
    for heading in AREA_HEADINGS:
        if heading.field in columns:
            previous = columns[heading.field]
            continue
        place = previous + 1 if previous + 1 in grid.keys(header) and previous + 1 not in columns.values() else 0
        code = "CA144" if heading.field in _ESSENTIAL else "CA143"
        ledger.report([_heading_problem(code, grid, header, place, heading.field)])
        previous = place or previous


def _heading_problem(code: str, grid: Grid, header: int, column: int, field: Field) -> Problem:
    cell = f"{column_letters(column)}{header}" if column else ""
    found = grid.text(header, column) if column else ""
    return problem(code, sheet=grid.name, cell=cell, found=found, title=f"'{TITLES[field]}'")


def _question_rows(
    ledger: Ledger,
    grid: Grid,
    header: int,
    headings: Headings,
    catalogue: Catalogue,
    rows: dict[tuple[str, str], list[QuestionRow]],
) -> list[str]:
    unknown = []
    tools: list[Cell] = []
    columns, doubles = headings
    fields = {column: name for name, column in columns.items()}
    for row, cells in grid.rows.items():
        if row <= header:
            ledger.keep(grid, cells.values())
            continue
        filled = {fields[column]: cell for column, cell in cells.items() if column in fields}
        cell = filled.get(_ID)
        text = cell_text(cell)[0] if cell else ""
        if not text:
            continue
        found = find_question(text, catalogue)
        if found is None:
            unknown.append(text)
            address = f"{column_letters(columns[Field.ID])}{row}"
            ledger.report([problem("CA146", sheet=grid.name, cell=address, found=text)])
            continue
        if not found[1] and catalogue.questions[found[0]].scope is not Scope.CENTRE:
            unknown.append(text)
            address = f"{column_letters(columns[Field.ID])}{row}"
            ledger.report([problem("CA155", sheet=grid.name, cell=address, question=found[0], found=text)])
            continue
        tools += [filled[name] for name in TOOL_FIELDS if name in filled]
        rows.setdefault(found, []).append(QuestionRow(grid, row, filled, columns, doubles=doubles))
    ledger.keep(grid, tools)
    return unknown


def find_question(text: str, catalogue: Catalogue) -> tuple[str, str] | None:
    """Find question id and scope of an id as it stands in a cell; case and blanks around it do not matter.

    What is asked once of a centre has no scope, whatever is written behind its id.
    """
    question, scope = split_scoped_id(text.strip())
    if question not in catalogue.questions:
        question = question.strip().casefold()
    if question not in catalogue.questions:
        return None
    centre = catalogue.questions[question].scope is Scope.CENTRE
    return question, "" if centre else scope.strip().casefold()


def find_register(grid: Grid, registers: Iterable[Question]) -> Question | None:
    """Tell whose list a sheet holds: by its name, else by the column ids above its headings, or by those."""
    listed = tuple(registers)
    named = next((q for q in listed if _is_named(grid.name, register_sheet(q.id, q.sheet))), None)
    if named is not None or header_row(grid, 5) is not None:
        return named
    scores = {q.id: (max(len(_machine_row(grid, q)[1]), len(_title_row(grid, q, 0)[1])), q) for q in listed}
    best = max((score for score, _ in scores.values()), default=0)
    leaders = [q for score, q in scores.values() if score == best and score >= max(2, len(q.columns) * 0.6)]
    return leaders[0] if len(leaders) == 1 else None


_COPY = re.compile(r"\s*(?:\(\d+\)|[-_ ]?\d+|[-_ ]?(?:copy|kopie|copie|copia|continued|ff\.?))\s*$", re.IGNORECASE)
"""What programs and people put behind the name of a copied sheet."""


def _is_named(sheet: str, register: str) -> bool:
    return sheet == register or _COPY.sub("", sheet).casefold() == register.casefold()


def _machine_row(grid: Grid, question: Question) -> tuple[int, dict[str, int]]:
    return _best_row(grid, {key(c.id): c.id for c in question.columns})


def _best_row(grid: Grid, names: Mapping[str, str], least: int = 1) -> tuple[int, dict[str, int]]:
    best: tuple[int, dict[str, int]] = (0, {})
    for row in grid.numbers[:_HEADER_ROWS]:
        if len(grid.rows[row]) < max(least, len(best[1]) + 1):
            continue
        found: dict[str, int] = {}
        for column, text in grid.keys(row).items():
            if text in names:
                found.setdefault(names[text], column)
        if len(found) > len(best[1]):
            best = (row, found)
    return best


def read_register_layout(ledger: Ledger, grid: Grid, question: Question) -> RegisterSheet | None:
    """Find the columns of a register by the ids above its headings, else by the headings."""
    machine, by_id = _machine_row(grid, question)
    header, by_title = _title_row(grid, question, machine + 1 if by_id else 0)
    if not by_id and not by_title:
        ledger.report([problem("CA149", sheet=grid.name)])
        return None
    columns = {**by_title, **by_id}
    taken = set(by_id.values())
    for column in question.columns:
        if column.id not in by_id and columns.get(column.id) in taken:
            del columns[column.id]
        if column.id not in columns:
            ledger.report([problem("CA143", sheet=grid.name, title=f"'{column.text}'", question=question.id)])
    last = max(machine, header)
    _keep_above(ledger, grid, last)
    doubles = _doubled(ledger, grid, question, (machine, header), columns, by_title)
    return RegisterSheet(grid, last, columns, doubles, _heading_units(grid, question, header or last, columns))


def _doubled(
    ledger: Ledger,
    grid: Grid,
    question: Question,
    rows: tuple[int, int],
    columns: Mapping[str, int],
    titles: Mapping[str, int],
) -> dict[str, tuple[int, ...]]:
    """Find columns that bear the id or the heading (`titles`) of a column that was found already."""
    names = {key(c.id): c.id for c in question.columns} | {key(c.text): c.id for c in question.columns}
    taken, found = set(columns.values()), dict[str, tuple[int, ...]]()
    for name, column in titles.items():
        if columns.get(name, column) != column:  # its heading stands over another column than its id
            found[name] = (column,)
            ledger.report([_doubled_problem(grid, question, rows[1], column)])
    for row in dict.fromkeys(row for row in rows if row):
        for column, text in sorted(grid.keys(row).items()):
            name = names.get(_HINT.sub("", text).strip(), "")
            if name in columns and column not in taken:
                taken.add(column)
                found[name] = (*found.get(name, ()), column)
                ledger.report([_doubled_problem(grid, question, row, column)])
    return found


def _doubled_problem(grid: Grid, question: Question, row: int, column: int) -> Problem:
    title, place = f"'{grid.text(row, column)}'", f"{column_letters(column)}{row}"
    return problem("CA145", sheet=grid.name, cell=place, question=question.id, title=title)


_HINT = re.compile(r"\([^()]*\)\s*$")


def _heading_units(grid: Grid, question: Question, header: int, columns: Mapping[str, int]) -> dict[str, str]:
    """Find the units that the heading of a column, or what stands above it, gives: those that can be converted."""
    found = {}
    above = sorted((row for row in grid.rows if row <= header), reverse=True)
    for column in (c for c in question.columns if c.unit and c.id in columns):
        units = [unit for row in above if (unit := heading_unit(grid.text(row, columns[column.id])))]
        if units:
            found[column.id] = next((unit for unit in units if not same_unit(unit, column.unit)), units[0])
    return found


def _title_row(grid: Grid, question: Question, only: int) -> tuple[int, dict[str, int]]:
    # A heading may go on after the column's wording, with its unit or a hint.
    titles = [(key(c.text), c.id) for c in question.columns]
    best: tuple[int, dict[str, int]] = (0, {})
    for row in [only] if only else grid.numbers[:_HEADER_ROWS]:
        found: dict[str, int] = {}
        for column, text in grid.keys(row).items():
            name = next((i for title, i in titles if text == title), None)
            name = name or next((i for title, i in titles if text.startswith(title)), None)
            if name:
                found.setdefault(name, column)
        if len(found) > len(best[1]):
            best = (row, found)
    return best


def _holds_site_values(grid: Grid) -> bool:
    if grid.name == SITE_VALUES_SHEET:
        return True
    return header_row(grid, len(Field)) is None and len(_best_row(grid, _SITE_VALUE_KEYS, 6)[1]) >= 6


def _site_values(ledger: Ledger, grid: Grid) -> RegisterSheet | None:
    header, columns = _best_row(grid, _SITE_VALUE_KEYS)
    missing = [(n, t) for n, t in SITE_VALUE_HEADINGS if n not in columns and n in _SITE_VALUES_NEEDED]
    if len(columns) < 3:
        ledger.report([problem("CA149", sheet=grid.name)])
        return None
    ledger.report(problem("CA143", sheet=grid.name, title=f"'{title}'") for _, title in missing)
    _keep_above(ledger, grid, header)
    return RegisterSheet(grid, header, columns)


_SITE_VALUES_NEEDED = frozenset({"parameter", "product", "value", "revision", "dated", "role"})


def _keep_above(ledger: Ledger, grid: Grid, last: int) -> None:
    for row, cells in grid.rows.items():
        if row <= last:
            ledger.keep(grid, cells.values())
