"""Completeness and trust: what is missing, what was tampered with, what looks copied."""

import re
from collections.abc import Iterator, Mapping

from cartaudit.intake.clean import cell_text
from cartaudit.intake.expected import Keys
from cartaudit.intake.layout import Located
from cartaudit.intake.ledger import Ledger
from cartaudit.model.answers import AnswerState, AnswerType
from cartaudit.model.cells import Cell, Cells
from cartaudit.model.checklists import Catalogue
from cartaudit.model.layout import register_sheet, scoped_id
from cartaudit.model.problem_codes import problem
from cartaudit.model.problems import Problem
from cartaudit.model.profile import Profile
from cartaudit.model.submission import Response

_ENOUGH_TO_COMPARE = 20
_NAMED = 8
_PATIENT = re.compile(
    r"\b(?:d\.?o\.?b\.?|date of birth|born on|geb(?:\.|urtsdatum)|né[e]? le|mrn|nhs (?:no|number)|hospital number|"
    r"patient (?:id|name|no|number)|patienten-?id|krankenversichertennummer)\b[ .:#]*[\w(]*\d",
    re.IGNORECASE,
)

Responses = Mapping[tuple[str, str], Response]


def check_file(cells: Cells) -> Iterator[Problem]:
    """Name macros and links to other workbooks."""
    if cells.macros:
        yield problem("CA409")
    if cells.external_links:
        yield problem("CA410", count=cells.external_links)


def check_protection(ledger: Ledger, located: Located) -> Iterator[Problem]:
    """Name the question sheets whose protection is gone."""
    sheets = {place.grid.name: place.grid for places in located.rows.values() for place in places}
    for grid in sheets.values():
        if not grid.sheet.protected:
            yield problem("CA408", sheet=grid.name)


def check_missing(
    responses: Responses, expected: Keys, located: Located, catalogue: Catalogue, profile: Profile
) -> Iterator[Problem]:
    """Name missing sheets once, products without rows once, and every other missing question."""
    missing = {key: question for key, question in expected.items() if key not in responses}
    present = {catalogue.questions[name].area for name, _ in located.rows}
    scopes = {scope for _, scope in responses}
    sheets: dict[str, None] = {}
    products: dict[str, int] = {}
    for (name, scope), question in missing.items():
        if question.type is AnswerType.REGISTER:
            sheets.setdefault(register_sheet(question.id, question.sheet))
        elif question.area not in present and scope == "":
            sheets.setdefault(catalogue.areas[question.area].sheet)
        elif scope.endswith(":"):
            continue  # a treatment without indication or population is named where it stands
        elif scope and scope not in scopes:
            products[scope.partition(":")[0]] = products.get(scope.partition(":")[0], 0) + 1
        elif question.area in present:
            yield problem("CA404", sheet=_sheet_of(question.area, located, catalogue), question=scoped_id(name, scope))
    for sheet in sheets:
        yield problem("CA141", sheet=sheet, name=f"'{sheet}'")
    for product, count in products.items():
        yield problem("CA412", product=catalogue.products[product].name, count=count)


def _sheet_of(area: str, located: Located, catalogue: Catalogue) -> str:
    for (name, _), places in located.rows.items():
        if catalogue.questions[name].area == area:
            return places[0].grid.name
    return catalogue.areas[area].sheet


def check_answers(responses: Responses, located: Located, catalogue: Catalogue) -> Iterator[Problem]:
    """Name empty sheets and answers that look copied down."""
    yield from _empty_sheets(responses, located)
    status = [r for (name, _), r in responses.items() if catalogue.questions[name].type is AnswerType.STATUS]
    given = [r.entry.value for r in status if r.entry.state is AnswerState.ANSWERED]
    evidence = any(r.evidence.references for r in responses.values())
    if len(given) >= _ENOUGH_TO_COMPARE and len(set(given)) == 1 and not evidence:
        yield problem("CA407", count=len(given), found=str(given[0]))


def _empty_sheets(responses: Responses, located: Located) -> Iterator[Problem]:
    states: dict[str, list[bool]] = {}
    for key, places in located.rows.items():
        blank = responses[key].entry.state is AnswerState.BLANK and not responses[key].rows
        states.setdefault(places[0].grid.name, []).append(blank)
    if all(all(blanks) for blanks in states.values()):
        return  # a workbook nobody has begun to fill says so by itself
    for sheet, blanks in states.items():
        if all(blanks) and len(blanks) > 1:
            yield problem("CA402", sheet=sheet)


def check_hidden(ledger: Ledger) -> Iterator[Problem]:
    """Name, once a sheet, answers that stand where nobody sees them."""
    for grid in ledger.grids:
        hidden = [
            cell
            for cell in grid.sheet.cells
            if (cell.hidden or grid.sheet.state != "visible") and (grid.name, cell.row, cell.column) in ledger.used
        ]
        if hidden:
            yield problem("CA405", sheet=grid.name, cell=hidden[0].address, count=len(hidden))


def check_patient_data(ledger: Ledger) -> Iterator[Problem]:
    """Name every text that looks like data of a patient."""
    for grid in ledger.grids:
        for cell in grid.sheet.cells:
            place = (grid.name, cell.row, cell.column)
            if isinstance(cell.value, str) and place not in ledger.structural and _PATIENT.search(cell.value):
                yield problem("CA411", sheet=grid.name, cell=cell.address)


def unaccounted(ledger: Ledger) -> dict[str, list[Cell]]:
    """List, by sheet, the filled cells that were neither read nor structure; blank texts are structure."""
    left: dict[str, list[Cell]] = {}
    for grid in ledger.grids:
        for cell in grid.sheet.cells:
            place = (grid.name, cell.row, cell.column)
            if place in ledger.used or place in ledger.structural:
                continue
            if isinstance(cell.value, str) and not cell_text(cell)[0]:
                ledger.structural.add(place)
                continue
            left.setdefault(grid.name, []).append(cell)
    return left


def check_unaccounted(left: Mapping[str, list[Cell]], already: set[tuple[str, str]]) -> Iterator[Problem]:
    """Name the cells that were not used, once a sheet; those a problem names already are left out."""
    for sheet, cells in left.items():
        fresh = [c for c in cells if (sheet, c.address) not in already]
        if fresh:
            named = ", ".join(c.address for c in fresh[:_NAMED]) + (" and more" if len(fresh) > _NAMED else "")
            yield problem("CA406", sheet=sheet, cell=fresh[0].address, count=len(fresh), cells=named)
