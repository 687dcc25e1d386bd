"""Thresholds the centre confirms or enters itself, read by the parameter's declared type."""

from dataclasses import dataclass, replace
from datetime import date

from cartaudit.criteria.supplied import Doubt, doubts, is_settled, verified_anywhere
from cartaudit.intake.answers import Asked, parse_answer
from cartaudit.intake.clean import cell_text, key, original_text
from cartaudit.intake.emptiness import says_nothing
from cartaudit.intake.layout import RegisterSheet
from cartaudit.intake.ledger import Ledger
from cartaudit.intake.options import Options, make_options
from cartaudit.intake.plan import IntakePlan
from cartaudit.intake.qualifiers import seen
from cartaudit.model.answers import AnswerState, AnswerType
from cartaudit.model.cells import Cell, CellKind
from cartaudit.model.checklists import Catalogue
from cartaudit.model.layout import NO_LIMIT_WORD, SITE_VALUE_FILLED
from cartaudit.model.parameters import ParameterDefinition, ParameterScalar
from cartaudit.model.problem_codes import problem
from cartaudit.model.profile import TREATMENTS, Profile
from cartaudit.model.questions import Choice
from cartaudit.model.requirements import VALID_DAYS
from cartaudit.model.submission import SiteValue

_NAMES = {
    "value": "the value",
    "revision": "the revision",
    "dated": "the day on which the text was read",
    "role": "the role that confirmed it",
}
_SIGNED = {"section": "the section of the text", "entered": "the role that entered it"}
"""What is needed besides where a gate or a critical requirement rests on the value."""

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


def read_site_values(ledger: Ledger, sheet: RegisterSheet, plan: IntakePlan, profile: Profile) -> tuple[SiteValue, ...]:
    """Read every row in which the centre filled something; what keeps a value from counting is a problem."""
    values = []
    for number in (row for row in sheet.grid.numbers if row > sheet.header_row):
        row = _RowReader(ledger, sheet, number)
        ledger.keep(sheet.grid, (c for c in sheet.grid.rows[number].values() if c.column in sheet.columns.values()))
        if any(cell is not None and cell_text(cell)[0] for cell in map(row.cell, SITE_VALUE_FILLED)):
            value = _read_row(row, plan)
            values += [value] if value else []
            if value is not None:
                _check(row, value, plan, profile)
    return tuple(values)


def _read_row(row: _RowReader, plan: IntakePlan) -> SiteValue | None:
    catalogue = plan.catalogue
    definition = catalogue.definitions.get(row.text("parameter"))
    products = plan.source.options((), "products").match(row.text("product"))
    if definition is None:
        row.problem("CA313", "parameter", found=row.text("parameter"), what="parameter")
        return None
    if len(products) != 1:
        row.problem("CA313", "product", found=row.text("product"), what="product")
        return None
    product = next(iter(products))
    patients = {name: _patients(row, name, options) for name, options in _groups(product, catalogue).items()}
    if None in patients.values():
        return None
    none = key(_typed(row)) in _NO_LIMIT
    return SiteValue(
        parameter=definition.name,
        product=product,
        value=None if none else _value(row, definition),
        none=none,
        revision=_said(row, "revision"),
        section=_said(row, "section"),
        dated=_date(row),
        entered=_said(row, "entered"),
        role=_said(row, "role"),
        indication=patients["indication"] or "",
        population=patients["population"] or "",
        cell=f"{row.sheet.grid.name}!{Cell(row.row, row.sheet.columns.get('value', 1), None).address}",
    )


def _groups(product: str, catalogue: Catalogue) -> dict[str, Options]:
    """Give the patients for whom a value of a product can be stated."""
    known = catalogue.products[product].indications if product in catalogue.products else ()
    treatments = catalogue.questions.get(TREATMENTS)
    column = treatments.column("population") if treatments is not None else None
    return {
        "indication": make_options(Choice(id=i.id, label=i.label) for i in known),
        "population": make_options(column.choices if column is not None else ()),
    }


def _patients(row: _RowReader, name: str, options: Options) -> str | None:
    """Read for which patients a value holds; empty for all, None where that cannot be told."""
    text = row.text(name)
    found = options.match(text)
    if not text or len(found) == 1:
        return next(iter(found), "")
    row.problem("CA330", name, found=text, what=name, expected=" or ".join(c.id for c in options.choices) or "nothing")
    return None


def _said(row: _RowReader, name: str) -> str:
    text = row.text(name)
    return "" if says_nothing(text) else text


def _check(row: _RowReader, value: SiteValue, plan: IntakePlan, profile: Profile) -> None:
    """Say what keeps a value from counting; nothing where a verified one holds in its place anyway."""
    missing = [name for name in _NAMES if getattr(value, name) in (None, "") and not (value.none and name == "value")]
    decisive = value.parameter in plan.stakes.decisive
    if decisive:
        missing += [name for name in _SIGNED if not getattr(value, name)]
    unread = row.cell("value") is not None and value.value is None and not value.none
    if missing and not (unread and missing == ["value"]):
        row.problem("CA312", "value", missing=" and ".join((_NAMES | _SIGNED)[name] for name in missing))
    place = profile.jurisdiction or ""
    if not value.complete or is_settled(value, plan.catalogue, place, plan.as_of):
        return
    for doubt in doubts(value, plan.catalogue, plan.stakes, place, plan.as_of):
        if doubt is not Doubt.UNSIGNED or not missing:
            _report(row, doubt, value, plan)


_CODES = {
    Doubt.LATER: "CA333",
    Doubt.UNSIGNED: "CA331",
    Doubt.OLD: "CA332",
    Doubt.SWITCHES_OFF: "CA336",
    Doubt.OPENS: "CA335",
    Doubt.LAXER: "CA334",
}
"""What is said of each doubt; of the others the reading of the cell speaks."""


def _report(row: _RowReader, doubt: Doubt, value: SiteValue, plan: IntakePlan) -> None:
    if doubt not in _CODES:
        return
    if doubt in (Doubt.LATER, Doubt.OLD) and value.dated is not None:
        row.problem(_CODES[doubt], "dated", found=value.dated.isoformat(), days=str(VALID_DAYS))
    elif doubt is Doubt.UNSIGNED:
        row.problem(_CODES[doubt], "role", found=value.role)
    else:
        known = verified_anywhere(plan.catalogue, value, plan.as_of)
        shown = "; ".join(dict.fromkeys(f"{v.jurisdiction}: {_shown(v.value)}" for v in known))
        product = plan.catalogue.products[value.product].name
        row.problem(_CODES[doubt], "value", found=_shown(value.value), product=product, expected=shown)


def _shown(value: ParameterScalar | None) -> str:
    return NO_LIMIT_WORD if value is None else "; ".join(value) if isinstance(value, tuple) else str(value)


def _typed(row: _RowReader) -> str:
    cell = row.ledger.use(row.sheet.grid, row.cell("value"))
    return "" if cell is None else cell_text(cell)[0]


def _value(row: _RowReader, definition: ParameterDefinition) -> ParameterScalar | None:
    cell = row.ledger.use(row.sheet.grid, row.cell("value"))
    asked = Asked(question=definition.name, type=_TYPES[definition.type], unit=definition.unit)
    asked = replace(asked, range=definition.range, usual=definition.usual)
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
