"""What people wrote into a workbook, by question and column: for carrying it over and for joining parts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from cartaudit.intake.clean import cell_text, key, original_text
from cartaudit.intake.fixed import set_strangers_apart
from cartaudit.intake.identity import read_identity, shifted, wrong_format
from cartaudit.intake.layout import Located, RegisterSheet, locate
from cartaudit.intake.ledger import Grid, Ledger
from cartaudit.intake.qualifiers import seen
from cartaudit.intake.submission import reject
from cartaudit.intake.trust import unaccounted
from cartaudit.model.answers import AnswerType
from cartaudit.model.cells import Cell, CellKind, Cells
from cartaudit.model.checklists import Catalogue
from cartaudit.model.layout import (
    AREA_HEADINGS,
    CONFIRMED_MARK,
    RECONFIRM_MARK,
    REGISTER_POINTER,
    SHARE_WORD,
    SITE_VALUE_FILLED,
    Field,
    scoped_id,
)
from cartaudit.model.problem_codes import problem
from cartaudit.model.questions import Question
from cartaudit.model.submission import Identity, Rejected
from cartaudit.model.text import shorten

Typed = str | bool | int | float | date
"""A value as a person typed it."""

Key = tuple[str, str]

_FILLED = tuple(heading.field for heading in AREA_HEADINGS if heading.filled_by != "tool")
_CARRIED = frozenset(
    {
        Field.ANSWER,
        Field.NUMERATOR,
        Field.DENOMINATOR,
        Field.PERIOD,
        Field.NA_REASON,
        Field.EVIDENCE,
        Field.EVIDENCE_LEVEL,
        Field.EVIDENCE_DATED,
        Field.COMMENT,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One value and the place it was written at, with the name of the file."""

    value: Typed
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """One row of a register: values by column id, and its place."""

    values: Mapping[str, Typed]
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """Everything written into one workbook, or into several that were joined.

    `rows` holds the register rows by question, `site_values` those of the site-supplied values by column key;
    `keys` are all questions the workbook has a row for; `lost` names what could not be carried, with its place.
    """

    name: str
    identity: Identity
    answers: Mapping[Key, Mapping[Field, Written]] = field(default_factory=dict)
    rows: Mapping[str, tuple[RegisterRow, ...]] = field(default_factory=dict)
    site_values: tuple[RegisterRow, ...] = ()
    keys: frozenset[Key] = frozenset()
    lost: tuple[str, ...] = ()


def collect_contents(cells: Cells, catalogue: Catalogue) -> Contents | Rejected:
    """Collect what people wrote into a template workbook; another workbook is refused."""
    ledger = Ledger(cells, tuple(Grid(sheet) for sheet in cells.sheets))
    moved = shifted(ledger)
    identity = read_identity(cells, ledger)
    if identity is None or moved is not None:
        return reject(cells, [moved or problem("CA131")])
    refusal = wrong_format(identity)
    located = locate(ledger, catalogue)
    if refusal or located.rejected:
        return reject(cells, [refusal] if refusal else ledger.problems)
    lost: list[str] = []
    return Contents(
        name=cells.file,
        identity=identity,
        answers=_answers(cells.file, located, lost),
        rows={
            name: tuple(row for sheet in sheets for row in _rows(cells.file, sheet, catalogue.questions[name], lost))
            for name, sheets in located.registers.items()
        },
        site_values=_list(cells.file, located.site_values, lost) if located.site_values else (),
        keys=frozenset(located.rows),
        lost=(
            *lost,
            *(f"{cells.file}: {name} is no question of the checklists" for name in located.unknown),
            *_elsewhere(ledger, located),
        ),
    )


def _elsewhere(ledger: Ledger, located: Located) -> Iterator[str]:
    """Name what stands neither in a column that is carried nor among the template's own text."""
    for places in located.rows.values():
        for place in places:
            for heading, cell in place.cells.items():
                if heading in _FILLED:
                    ledger.use(place.grid, cell)
    lists = [sheet for sheets in located.registers.values() for sheet in sheets]
    for sheet in (*lists, *((located.site_values,) if located.site_values else ())):
        for row in (row for row in sheet.grid.rows if row > sheet.header_row):
            for column in sheet.columns.values():
                ledger.use(sheet.grid, sheet.grid.cell(row, column))
    set_strangers_apart(ledger, located)
    for name, cells in unaccounted(ledger).items():
        for cell in cells:
            text = shorten(original_text(cell))
            yield f"{ledger.cells.file}: {name}!{cell.address} '{text}' stands where nothing is read"


def _answers(name: str, located: Located, lost: list[str]) -> dict[Key, dict[Field, Written]]:
    found: dict[Key, dict[Field, Written]] = {}
    for question, places in located.rows.items():
        for number, place in enumerate(places):
            for column in _FILLED:
                written = _written(name, place.grid, place.cells.get(column), lost)
                if written is None or (column is Field.ANSWER and _is_tool_word(written.value)):
                    continue
                earlier = found.setdefault(question, {}).setdefault(column, written)
                if number and earlier.value != written.value:
                    lost.append(f"{written.place}: differs from {earlier.place}")
    return found


def _is_tool_word(value: Typed) -> bool:
    return isinstance(value, str) and (key(value).startswith(REGISTER_POINTER) or key(value) == SHARE_WORD)


def _written(name: str, grid: Grid, cell: Cell | None, lost: list[str]) -> Written | None:
    if cell is None:
        return None
    place = f"{name}: {grid.name}!{cell.address}"
    if cell.kind in (CellKind.ERROR, CellKind.FORMULA_UNSTORED) or cell.value is None:
        lost.append(f"{place}: {original_text(cell)} has no value")
        return None
    sight = seen(cell, AnswerType.TEXT)
    if sight.code:
        lost.append(f"{place}: {original_text(cell)} is not what the cell shows")
        return None
    cell = sight.cell
    if sight.unit:
        return Written(value=f"{original_text(cell)} {sight.unit}", place=place)
    if isinstance(cell.value, str):
        text = cell_text(cell)[0]
        return Written(value=text, place=place) if text else None
    value = cell.value
    if isinstance(value, datetime):
        value = value.date()
    if not isinstance(value, bool | int | float | date):
        lost.append(f"{place}: {original_text(cell)} is a time")
        return None
    return Written(value=value, place=place)


def _rows(name: str, sheet: RegisterSheet, question: Question, lost: list[str]) -> tuple[RegisterRow, ...]:
    known = {c.id for c in question.columns}
    return tuple(
        replace(row, values={column: value for column, value in row.values.items() if column in known})
        for row in _list(name, sheet, lost)
    )


def _list(name: str, sheet: RegisterSheet, lost: list[str]) -> tuple[RegisterRow, ...]:
    found = []
    for number in (row for row in sheet.grid.numbers if row > sheet.header_row):
        values = {}
        for column, position in sheet.columns.items():
            written = _written(name, sheet.grid, sheet.grid.cell(number, position), lost)
            if written is not None:
                values[column] = written.value
        if values:
            found.append(RegisterRow(values=values, place=f"{name}: {sheet.grid.name}!A{number}"))
    return tuple(found)


def carried_over(contents: Contents) -> Contents:
    """Keep answers and evidence only, each marked to be confirmed again.

    A site-supplied value has no column for that mark: the role that confirmed it is left out, without which it
    does not count.
    """
    answers: dict[Key, dict[Field, Written]] = {}
    for question, columns in contents.answers.items():
        kept = {column: written for column, written in columns.items() if column in _CARRIED}
        if kept:
            first = next(iter(kept.values()))
            answers[question] = {**kept, Field.RECONFIRM: Written(value=RECONFIRM_MARK, place=first.place)}
    for name, rows in contents.rows.items():
        if rows:
            mark = Written(value=RECONFIRM_MARK, place=rows[0].place)
            answers.setdefault((name, ""), {})[Field.RECONFIRM] = mark
    site_values = tuple(
        replace(row, values={name: value for name, value in row.values.items() if name != "role"})
        for row in contents.site_values
    )
    return replace(contents, answers=answers, site_values=site_values)


def merge_contents(parts: Sequence[Contents]) -> tuple[Contents, tuple[str, ...]]:
    """Join what several people wrote; whatever two of them wrote differently is left blank and named by both cells."""
    conflicts: list[str] = []
    answers: dict[Key, dict[Field, Written]] = {}
    for question in dict.fromkeys(q for part in parts for q in part.answers):
        label = scoped_id(*question)
        merged = {
            column: written
            for column in Field
            if (written := _one([p.answers.get(question, {}).get(column) for p in parts], label, column, conflicts))
        }
        if merged:
            answers[question] = merged
    rows = {
        name: _joined([row for part in parts for row in part.rows.get(name, ())])
        for name in dict.fromkeys(name for part in parts for name in part.rows)
    }
    whole = Contents(
        name=" + ".join(part.name for part in parts),
        identity=replace(parts[0].identity, roles=()),
        answers=answers,
        rows=rows,
        site_values=_site_values(parts, conflicts),
        keys=frozenset().union(*(part.keys for part in parts)),
        lost=tuple(line for part in parts for line in part.lost),
    )
    return whole, tuple(conflicts)


def _one(found: list[Written | None], label: str, column: Field, conflicts: list[str]) -> Written | None:
    given = [written for written in found if written is not None]
    if column is Field.RECONFIRM and any(w.value == RECONFIRM_MARK for w in given) and len(given) > 1:
        given = [w for w in given if w.value != CONFIRMED_MARK]
    for written in given[1:]:
        if _differ(written.value, given[0].value):
            conflicts.append(
                f"{label}, {column.value}: {given[0].place} says '{given[0].value}', "
                f"{written.place} says '{written.value}'"
            )
            return None
    return given[0] if given else None


def _differ(one: Typed, other: Typed) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return key(one) != key(other)
    return one != other or isinstance(one, bool) != isinstance(other, bool)


def _joined(rows: Sequence[RegisterRow]) -> tuple[RegisterRow, ...]:
    # Rows that are the same in every column are one row; others stay, and the check names those that clash.
    unique: dict[tuple[tuple[str, Typed], ...], RegisterRow] = {}
    for row in rows:
        unique.setdefault(tuple(sorted(row.values.items())), row)
    return tuple(unique.values())


def _site_values(parts: Sequence[Contents], conflicts: list[str]) -> tuple[RegisterRow, ...]:
    names = ("parameter", "product", "indication", "population")
    found: dict[tuple[str, ...], RegisterRow] = {}
    for row in (row for part in parts for row in part.site_values):
        place = tuple(str(row.values.get(name, "")) for name in names)
        filled = {k: v for k, v in row.values.items() if k in SITE_VALUE_FILLED}
        if not filled:
            continue
        earlier = found.setdefault(place, row)
        if any(_differ(v, earlier.values[k]) for k, v in filled.items() if k in earlier.values):
            conflicts.append(f"{' '.join(p for p in place if p)}: {earlier.place} and {row.place} differ")
            found[place] = replace(earlier, values={k: v for k, v in earlier.values.items() if k in names})
        else:
            found[place] = replace(earlier, values={**row.values, **earlier.values})
    return tuple(found.values())
