"""The shipped catalogue, and one product requirement judged for a centre that answers a few questions."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from cartaudit.assess import assess
from cartaudit.catalogue import read_catalogue
from cartaudit.model.answers import AnswerState, AnswerType, Status
from cartaudit.model.audit import Result
from cartaudit.model.checklists import Catalogue
from cartaudit.model.profile import Profile, Treatment
from cartaudit.model.questions import Column, Question, Scope
from cartaudit.model.requirements import Phase
from cartaudit.model.submission import Entry, Evidence, EvidenceLevel, Response, Row, SiteValue, Submission
from cartaudit.resources import data_folder

AS_OF = date(2026, 11, 22)
COUNTRIES = {"US": "US", "EU": "DE", "UK": "GB", "CH": "CH", "IL": "IL"}
CENTRE: Mapping[str, Any] = {
    "services": ("discharge", "infusion", "storage"),
    "populations": ("adult",),
    "collection_by": "own",
    "processing_by": "own",
    "phase": "established",
}


@functools.cache
def shipped_catalogue() -> Catalogue:
    return read_catalogue(data_folder("checklists"))


@functools.cache
def _narrowed(product: str, requirement: str) -> Catalogue:
    """Keep the one requirement, so that a test takes no longer than what it shows."""
    catalogue = shipped_catalogue()
    checklist = catalogue.checklists[product]
    kept = tuple(r for r in checklist.requirements if r.id == requirement)
    return replace(catalogue, checklists={product: replace(checklist, requirements=kept)})


def judged(
    requirement: str,
    answers: Mapping[str, Any],
    *,
    product: str,
    place: str,
    as_of: date = AS_OF,
    indication: str = "",
    population: str = "adult",
    site_values: Sequence[SiteValue] = (),
) -> Result:
    """Judge one product requirement; `answers` may also replace answers of the profile."""
    catalogue = _narrowed(product, requirement)
    country = COUNTRIES[place]
    treatment = Treatment(
        product=product, indication=indication or catalogue.products[product].indications[0].id, population=population
    )
    given = {**CENTRE, **answers}
    submission = Submission(
        profile=Profile(
            name="Example centre",
            country=country,
            jurisdiction=catalogue.jurisdiction_of(country, as_of),
            phase=Phase(given["phase"]),
            treatments=(treatment,),
            assessed_on=as_of,
        ),
        responses=dict(_response(catalogue.questions[name], value, treatment, as_of) for name, value in given.items()),
        site_values=tuple(site_values),
    )
    audit = assess(submission, catalogue, as_of, selection=((product, None),))
    return audit.checklists[0].results[0]


def supplied(parameter: str, value: Any, *, product: str) -> SiteValue:
    """Make a complete site-supplied value."""
    return SiteValue(
        parameter=parameter,
        product=product,
        value=value,
        none=value is None,
        revision="9/2026",
        section="6.4",
        dated=date(2026, 9, 1),
        entered="Cell laboratory lead",
        role="Pharmacist",
    )


def _response(question: Question, value: Any, treatment: Treatment, dated: date) -> tuple[tuple[str, str], Response]:
    scope = {Scope.CENTRE: "", Scope.PRODUCT: treatment.product, Scope.TREATMENT: treatment.key}[question.scope]
    rows = _rows(question, value) if question.type is AnswerType.REGISTER else ()
    if question.type is AnswerType.REGISTER:
        entry = Entry(state=AnswerState.ANSWERED if rows else AnswerState.BLANK, cell="Register!A4")
    else:
        entry = _entry(question, value, "Area!C5")
    return (question.id, scope), Response(
        question=question.id,
        scope=scope,
        entry=entry,
        rows=rows,
        evidence=Evidence(references=("SOP-001 v2",), level=EvidenceLevel.CITED, dated=dated, cell="Area!I5"),
    )


def _rows(question: Question, rows: Sequence[Mapping[str, Any]]) -> tuple[Row, ...]:
    return tuple(
        Row(
            entries={c.id: _entry(c, row.get(c.id), f"Register!{c.id}{number}") for c in question.columns},
            cell=f"Register!A{number}",
        )
        for number, row in enumerate(rows, start=5)
    )


def _entry(asked: Question | Column, value: Any, cell: str) -> Entry:
    if value is None:
        return Entry(state=AnswerState.BLANK, cell=cell)
    typed = Status(value) if asked.type is AnswerType.STATUS else value
    return Entry(state=AnswerState.ANSWERED, value=typed, original=str(value), cell=cell)
