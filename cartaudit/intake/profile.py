"""The profile: what the centre is, taken from the responses the engine reads by name."""

from collections.abc import Mapping
from datetime import date

from cartaudit.intake.emptiness import says_nothing
from cartaudit.intake.ledger import Ledger
from cartaudit.model.answers import AnswerState
from cartaudit.model.checklists import Catalogue
from cartaudit.model.problem_codes import problem
from cartaudit.model.problems import Problem
from cartaudit.model.profile import COMMERCIAL, TREATMENTS, Profile, Treatment
from cartaudit.model.requirements import Phase
from cartaudit.model.submission import Response, Row

_NEEDED = {"site_name": "the name of the centre", "country": "the country", "phase": "where the programme stands"}

Responses = Mapping[tuple[str, str], Response]


def build_profile(ledger: Ledger, responses: Responses, catalogue: Catalogue, as_of: date) -> Profile:
    """Build the profile; what it does not say is a problem, and every treatment is checked against the catalogue."""
    country = _text(responses, "country")
    jurisdiction = catalogue.jurisdiction_of(country, as_of) if country else None
    if country and jurisdiction is None:
        ledger.report([_at(responses, "country", "CA317", found=country)])
    for question, what in _NEEDED.items():
        response = responses.get((question, ""))
        if question in catalogue.questions and (response is None or response.entry.state is AnswerState.BLANK):
            ledger.report([_at(responses, question, "CA401", what=what)])
    phase = _text(responses, "phase")
    return Profile(
        name=_text(responses, "site_name"),
        code=_text(responses, "site_code"),
        country=country,
        jurisdiction=jurisdiction,
        phase=Phase(phase) if phase in {p.value for p in Phase} else None,
        treatments=_treatments(ledger, responses, catalogue),
        assessed_on=_date(responses, "assessed_on"),
        verifier_role=_verifier(ledger, responses),
        verified_on=_date(responses, "verified_on"),
    )


def _text(responses: Responses, question: str) -> str:
    response = responses.get((question, ""))
    value = response.entry.value if response else None
    return value if isinstance(value, str) else ""


def _verifier(ledger: Ledger, responses: Responses) -> str:
    role = _text(responses, "verifier_role")
    if not says_nothing(role):
        return role
    ledger.report([_at(responses, "verifier_role", "CA236", found=role)])
    return ""


def _date(responses: Responses, question: str) -> date | None:
    response = responses.get((question, ""))
    value = response.entry.value if response else None
    return value if isinstance(value, date) else None


def _at(responses: Responses, question: str, code: str, found: str = "", **fields: str) -> Problem:
    response = responses.get((question, ""))
    sheet, _, cell = (response.entry.cell if response else "").rpartition("!")
    return problem(code, sheet=sheet, cell=cell, question=question, found=found, **fields)


def _treatments(ledger: Ledger, responses: Responses, catalogue: Catalogue) -> tuple[Treatment, ...]:
    response = responses.get((TREATMENTS, ""))
    if TREATMENTS in catalogue.questions and (response is None or not response.rows):
        ledger.report([_at(responses, TREATMENTS, "CA401", what="which products the centre delivers")])
    found: dict[tuple[str, str], str] = {}
    treatments = []
    for row in response.rows if response else ():
        treatment = _treatment(row)
        if treatment is None:
            continue
        sheet, _, cell = row.cell.rpartition("!")
        place = (treatment.key, treatment.route)
        if place in found:
            ledger.report([problem("CA315", sheet=sheet, cell=cell, question=TREATMENTS, other=found[place])])
            continue
        found[place] = row.cell
        treatments.append(treatment)
        _check_indication(ledger, row, treatment, catalogue)
    return tuple(treatments)


def _treatment(row: Row) -> Treatment | None:
    values = {name: entry.value for name, entry in row.entries.items()}
    product = values.get("product")
    if not isinstance(product, str):
        return None
    indication, population, route = (values.get(name) for name in ("indication", "population", "route"))
    return Treatment(
        product=product,
        indication=indication if isinstance(indication, str) else "",
        population=population if isinstance(population, str) else "",
        route=route if isinstance(route, str) else COMMERCIAL,
    )


def _check_indication(ledger: Ledger, row: Row, treatment: Treatment, catalogue: Catalogue) -> None:
    product = catalogue.products.get(treatment.product)
    if product is None or not product.indications or not treatment.indication:
        return
    if treatment.indication not in {i.id for i in product.indications}:
        entry = row.entries["indication"]
        sheet, _, cell = entry.cell.rpartition("!")
        expected = ", ".join(i.label for i in product.indications)
        ledger.report(
            [
                problem(
                    "CA318",
                    sheet=sheet,
                    cell=cell,
                    question=f"{TREATMENTS}.indication",
                    found=entry.original,
                    product=product.name,
                    expected=expected,
                )
            ]
        )
