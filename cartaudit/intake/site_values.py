"""Thresholds the centre confirms or enters itself, read by the parameter's declared type."""

from dataclasses import dataclass, replace
from datetime import date

from cartaudit.intake.answers import Asked, parse_answer
from cartaudit.intake.clean import cell_text, key, original_text
from cartaudit.intake.layout import RegisterSheet
from cartaudit.intake.ledger import Ledger
from cartaudit.intake.options import OptionSource
from cartaudit.intake.qualifiers import seen
from cartaudit.model.answers import AnswerState, AnswerType
from cartaudit.model.cells import Cell, CellKind
from cartaudit.model.layout import NO_LIMIT_WORD
from cartaudit.model.parameters import ParameterDefinition, ParameterScalar
from cartaudit.model.problem_codes import problem
from cartaudit.model.submission import SiteValue

_FILLED = ("value", "revision", "dated", "role")
_NAMES = {"value": "the value", "revision": "the revision", "dated": "the date of the text", "role": "the role"}
_NO_LIMIT = frozenset({NO_LIMIT_WORD.casefold(), "no limit", "no figure"})
_TYPES = {
    "number": AnswerType.NUMBER,
    "integer": AnswerType.INTEGER,
    "boolean": AnswerType.BOOLEAN,
    "date": AnswerType.DATE,
    "text": AnswerType.TEXT,
    "texts": AnswerType.TEXT,
}


@dataclass(frozen=True, slots=True)
class _RowReader:
    ledger: Ledger
    sheet: RegisterSheet
    row: int

    def cell(self, name: str) -> Cell | None:
        return self.sheet.grid.cell(self.row, self.sheet.columns.get(name))

    def text(self, name: str) -> str:
        cell = self.ledger.use(self.sheet.grid, self.cell(name))
        if cell is None:
            return ""
        if cell.kind in (CellKind.ERROR, CellKind.FORMULA_UNSTORED):
            self.problem("CA207" if cell.kind is CellKind.ERROR else "CA208", name, found=original_text(cell))
            return ""
        sight = seen(cell, AnswerType.TEXT)
        if sight.code:
            self.problem(sight.code, name, found=original_text(cell), **sight.fields)
            return ""
        return cell_text(sight.cell)[0]

    def problem(self, code: str, name: str, found: str = "", **fields: str) -> None:
        column = self.sheet.columns.get(name, self.sheet.columns.get("value", 1))
        address = Cell(self.row, column, None).address
        question = self.sheet.grid.text(self.row, self.sheet.columns.get("parameter"))
        self.ledger.report(
            [problem(code, sheet=self.sheet.grid.name, cell=address, question=question, found=found, **fields)]
        )


def read_site_values(ledger: Ledger, sheet: RegisterSheet, source: OptionSource) -> tuple[SiteValue, ...]:
    """Read every row in which the centre filled something; an incomplete or unknown row is a problem."""
    values = []
    for number in (row for row in sheet.grid.numbers if row > sheet.header_row):
        row = _RowReader(ledger, sheet, number)
        ledger.keep(sheet.grid, (c for c in sheet.grid.rows[number].values() if c.column in sheet.columns.values()))
        if any(cell is not None and cell_text(cell)[0] for cell in map(row.cell, _FILLED)):
            value = _read_row(row, source)
            values += [value] if value else []
    return tuple(values)


def _read_row(row: _RowReader, source: OptionSource) -> SiteValue | None:
    definition = source.catalogue.definitions.get(row.text("parameter"))
    products = source.options((), "products").match(row.text("product"))
    if definition is None:
        row.problem("CA313", "parameter", found=row.text("parameter"), what="parameter")
        return None
    if len(products) != 1:
        row.problem("CA313", "product", found=row.text("product"), what="product")
        return None
    indication = source.options((), "indications").match(row.text("indication"))
    none = key(_typed(row)) in _NO_LIMIT
    value = SiteValue(
        parameter=definition.name,
        product=next(iter(products)),
        value=None if none else _value(row, definition),
        none=none,
        revision=row.text("revision"),
        dated=_date(row),
        role=row.text("role"),
        indication=next(iter(indication), ""),
        population=key(row.text("population")),
        cell=f"{row.sheet.grid.name}!{Cell(row.row, row.sheet.columns.get('value', 1), None).address}",
    )
    missing = [
        _NAMES[name] for name in _FILLED if getattr(value, name) in (None, "") and not (none and name == "value")
    ]
    unread = row.cell("value") is not None and value.value is None and not none
    if missing and not (unread and missing == [_NAMES["value"]]):
        row.problem("CA312", "value", missing=" and ".join(missing))
    return value


def _typed(row: _RowReader) -> str:
    cell = row.ledger.use(row.sheet.grid, row.cell("value"))
    return "" if cell is None else cell_text(cell)[0]


def _value(row: _RowReader, definition: ParameterDefinition) -> ParameterScalar | None:
    cell = row.ledger.use(row.sheet.grid, row.cell("value"))
    asked = Asked(question=definition.name, type=_TYPES[definition.type], unit=definition.unit)
    entry, problems = parse_answer(cell, asked, row.sheet.grid.name, stated=row.text("unit"))
    row.ledger.report(problems)
    if entry.state is not AnswerState.ANSWERED:
        return None
    if definition.type == "texts":
        return tuple(part.strip() for part in str(entry.value).replace("\n", ";").split(";") if part.strip())
    value = entry.value
    assert isinstance(value, bool | int | float | str | date)
    return value


def _date(row: _RowReader) -> date | None:
    cell = row.ledger.use(row.sheet.grid, row.cell("dated"))
    asked = Asked(question=row.text("parameter"), type=AnswerType.DATE)
    entry, problems = parse_answer(cell, asked, row.sheet.grid.name)
    row.ledger.report(replace(p, question=asked.question) for p in problems)
    return entry.value if isinstance(entry.value, date) else None
