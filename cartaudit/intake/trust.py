"""Completeness and trust: what is missing, what was tampered with, what looks copied."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from string import ascii_uppercase

from cartaudit.criteria.editions import in_force
from cartaudit.criteria.walk import questions_of
from cartaudit.intake.clean import cell_text, kept
from cartaudit.intake.expected import Keys
from cartaudit.intake.layout import Located
from cartaudit.intake.ledger import Ledger
from cartaudit.model.answers import AnswerState, AnswerType
from cartaudit.model.cells import Cell, Cells, column_letters
from cartaudit.model.checklists import Catalogue
from cartaudit.model.layout import register_sheet, scoped_id
from cartaudit.model.problem_codes import problem
from cartaudit.model.problems import Problem
from cartaudit.model.profile import TREATMENTS, Profile
from cartaudit.model.questions import Question
from cartaudit.model.submission import Identity, Response
from cartaudit.model.text import shorten

_ANSWERED, _BLANK = AnswerState.ANSWERED, AnswerState.BLANK
_REGISTER, _STATUS = AnswerType.REGISTER, AnswerType.STATUS
_ENOUGH_TO_COMPARE = 20
_NAMED = 50
_WHOLE_ROW = ("CA146", "CA151", "CA155", "CA313")
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


def check_missing(responses: Responses, expected: Keys, located: Located, catalogue: Catalogue) -> Iterator[Problem]:
    """Name missing sheets once, products without rows once, and every other missing question."""
    missing = {key: q for key, q in expected.items() if _is_missing(key, q, responses, located)}
    if not missing:
        return
    present = {catalogue.questions[name].area for name, _ in located.rows}
    scopes = {scope for _, scope in responses}
    sheets: dict[str, None] = {}
    products: dict[str, int] = {}
    for (name, scope), question in missing.items():
        if question.type is _REGISTER:
            sheets.setdefault(register_sheet(question.id, question.sheet))
        elif question.area not in present:
            sheets.setdefault(catalogue.areas[question.area].sheet)
        elif ":" in scope and not _is_treatment(scope, catalogue):
            continue  # an incomplete or contradictory treatment is named where it stands
        elif scope and scope not in scopes:
            products[scope.partition(":")[0]] = products.get(scope.partition(":")[0], 0) + 1
        else:
            yield problem("CA404", sheet=_sheet_of(question.area, located, catalogue), question=scoped_id(name, scope))
    for sheet in sheets:
        if sheet not in located.unread:
            yield problem("CA141", sheet=sheet, name=f"'{sheet}'")
    for product, count in products.items():
        yield _without_rows(product, count, responses, catalogue)


def _is_treatment(scope: str, catalogue: Catalogue) -> bool:
    product, indication, population = scope.split(":")
    return bool(population) and indication in {i.id for i in catalogue.products[product].indications}


def _is_missing(key: tuple[str, str], question: Question, responses: Responses, located: Located) -> bool:
    if question.type is not _REGISTER:
        return key not in responses
    answered = responses.get(key)
    declined = answered is not None and answered.entry.state is AnswerState.NOT_APPLICABLE
    return question.id not in located.registers and not declined


def check_products(
    responses: Responses, identity: Identity, catalogue: Catalogue, profile: Profile, as_of: date
) -> Iterator[Problem]:
    """Name the products of the profile whose checklist the workbook was not made for."""
    for checklist in catalogue.checklists.values():
        if checklist.product in profile.products and identity.checklists and checklist.id not in identity.checklists:
            names = {name for r in in_force(checklist, as_of).requirements for name in questions_of(r)}
            yield _without_rows(checklist.product, len(names & catalogue.questions.keys()), responses, catalogue)


def _without_rows(product: str, count: int, responses: Responses, catalogue: Catalogue) -> Problem:
    listed = responses.get((TREATMENTS, ""))
    rows = listed.rows if listed else ()
    cell = next((r.entries["product"].cell for r in rows if r.entries["product"].value == product), "")
    sheet, _, address = cell.rpartition("!")
    name = catalogue.products[product].name
    return problem("CA412", sheet=sheet, cell=address, question=f"{TREATMENTS}.product", product=name, count=count)


def _sheet_of(area: str, located: Located, catalogue: Catalogue) -> str:
    for (name, _), places in located.rows.items():
        if catalogue.questions[name].area == area:
            return places[0].grid.name
    return catalogue.areas[area].sheet


def check_answers(responses: Responses, located: Located, catalogue: Catalogue) -> Iterator[Problem]:
    """Name empty sheets and answers that look copied down."""
    yield from _empty_sheets(responses, located)
    questions = catalogue.questions
    status = [r for (name, _), r in responses.items() if questions[name].type is _STATUS]
    given = [r.entry.value for r in status if r.entry.state is _ANSWERED]
    if len(given) < _ENOUGH_TO_COMPARE or len(set(given)) != 1:
        return
    if not any(r.evidence.references for r in responses.values()):
        yield problem("CA407", count=len(given), found=str(given[0]))


def _empty_sheets(responses: Responses, located: Located) -> Iterator[Problem]:
    states: dict[str, list[bool]] = {}
    for key, places in located.rows.items():
        response = responses[key]
        blank = response.entry.state is _BLANK and not response.rows
        states.setdefault(places[0].grid.name, []).append(blank)
    if all(all(blanks) for blanks in states.values()):
        return  # a workbook nobody has begun to fill says so by itself
    for sheet, blanks in states.items():
        if all(blanks) and len(blanks) > 1:
            yield problem("CA402", sheet=sheet)


def check_hidden(ledger: Ledger) -> Iterator[Problem]:
    """Name, once a sheet, answers that stand where nobody sees them."""
    for grid in ledger.grids:
        unseen = grid.sheet.state != "visible"
        cells = grid.sheet.cells if unseen else grid.special
        hidden = [cell for cell in cells if (cell.hidden or unseen) and id(cell) in grid.used]
        if hidden:
            yield problem("CA405", sheet=grid.name, cell=hidden[0].address, count=len(hidden))


def check_pinned(ledger: Ledger) -> Iterator[Problem]:
    """Name, once a sheet, what is written beside its cells: in notes, in text boxes, in controls."""
    for grid in ledger.grids:
        named = {p.cell for p in ledger.problems if p.sheet == grid.name and p.code == "CA231"}
        notes = [
            ((row, column), text)
            for (row, column), text in sorted(grid.beside.notes.items())
            if f"{column_letters(column)}{row}" not in named
        ]
        if notes:
            listed = _several(f"{column_letters(column)}{row} '{shorten(text)}'" for (row, column), text in notes)
            first = f"{column_letters(notes[0][0][1])}{notes[0][0][0]}"
            yield problem("CA417", sheet=grid.name, cell=first, notes=listed)
        if grid.sheet.beside:
            yield problem("CA416", sheet=grid.name, texts=_several(f"'{shorten(t)}'" for t in grid.sheet.beside))


def _several(texts: Iterable[str]) -> str:
    listed = list(texts)
    more = f" and {len(listed) - _NAMED} more" if len(listed) > _NAMED else ""
    return ", ".join(listed[:_NAMED]) + more


def check_patient_data(ledger: Ledger, left: Mapping[str, Sequence[Cell]]) -> Iterator[Problem]:
    """Name every text that looks like data of a patient, whether it was read or left unaccounted for."""
    for grid in ledger.grids:
        for text, (row, column) in ((text, place) for place, text in grid.beside.notes.items()):
            if _names_patient(text):
                yield problem("CA411", sheet=grid.name, cell=f"{column_letters(column)}{row}")
        for cell in (*grid.used.values(), *left.get(grid.name, ())):
            if isinstance(cell.value, str) and _names_patient(cell.value) and id(cell) not in grid.structural:
                yield problem("CA411", sheet=grid.name, cell=cell.address)


@kept
def _names_patient(text: str) -> bool:
    return _PATIENT.search(text) is not None


def unaccounted(ledger: Ledger) -> dict[str, list[Cell]]:
    """List, by sheet, the filled cells that were neither read nor structure; blank texts are structure."""
    left: dict[str, list[Cell]] = {}
    for grid in ledger.grids:
        accounted = grid.structural.keys() | grid.used.keys()
        if len(accounted) == len(grid.sheet.cells):
            continue
        for cell in [cell for cell in grid.sheet.cells if id(cell) not in accounted]:
            if isinstance(cell.value, str) and not cell_text(cell)[0]:
                grid.structural[id(cell)] = cell
                continue
            left.setdefault(grid.name, []).append(cell)
    return left


def check_unaccounted(
    left: Mapping[str, list[Cell]], strangers: Collection[tuple[str, int, int]], problems: Iterable[Problem]
) -> Iterator[Problem]:
    """Name the cells that were not used, once a sheet; those a problem names already are left out.

    `strangers` are cells among the template's own text that it did not write, or above the headings of another sheet.
    """
    named = {(p.sheet, p.cell) for p in problems}
    rows = {(p.sheet, p.cell.lstrip(ascii_uppercase)) for p in problems if p.code in _WHOLE_ROW}
    sheets = {p.sheet for p in problems if p.code == "CA149"}
    for sheet, cells in left.items():
        fresh = [c for c in cells if (sheet, c.address) not in named and (sheet, str(c.row)) not in rows]
        if sheet in sheets:
            continue
        for code in ("CA406", "CA414"):
            own = [c for c in fresh if ((sheet, c.row, c.column) in strangers) == (code == "CA414")]
            if own:
                found = cell_text(own[0])[0]
                yield problem(
                    code, sheet=sheet, cell=own[0].address, found=found, count=len(own), cells=_addresses(own)
                )


def _addresses(cells: Sequence[Cell]) -> str:
    more = f" and {len(cells) - _NAMED} more (see the reading record)" if len(cells) > _NAMED else ""
    return ", ".join(c.address for c in cells[:_NAMED]) + more
