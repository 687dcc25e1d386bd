"""The shipped catalogue, and submissions answered in a few words for judging it."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from cartaudit.assess import assess
from cartaudit.catalogue import read_catalogue
from cartaudit.model.answers import AnswerState, Share, Status
from cartaudit.model.audit import Audit, Result
from cartaudit.model.checklists import Catalogue
from cartaudit.model.profile import Profile, Treatment
from cartaudit.model.requirements import Phase
from cartaudit.model.submission import Entry, Evidence, EvidenceLevel, Response, Row, Submission
from cartaudit.resources import data_folder

AS_OF = date(2026, 11, 22)


@cache
def shipped() -> Catalogue:
    """Read the shipped catalogue once for all tests."""
    return read_catalogue(data_folder("checklists"))


def judged(
    requirement: str,
    answers: Mapping[str, Any],
    *,
    checklist: str = "jacie",
    as_of: date = AS_OF,
    edition: str | None = None,
    country: str = "DE",
    phase: Phase = Phase.ESTABLISHED,
    profile: Mapping[str, Any] | None = None,
    products: Sequence[str] = ("kymriah",),
) -> Result:
    """Judge one requirement on answers given as Python values; a list of dicts answers a register."""
    audit = audited(
        answers,
        checklist=checklist,
        as_of=as_of,
        edition=edition,
        country=country,
        phase=phase,
        profile=profile,
        products=products,
    )
    (found,) = [r for c in audit.checklists for r in c.results if r.requirement.id == requirement]
    return found


def audited(
    answers: Mapping[str, Any],
    *,
    checklist: str = "jacie",
    as_of: date = AS_OF,
    edition: str | None = None,
    country: str = "DE",
    phase: Phase = Phase.ESTABLISHED,
    profile: Mapping[str, Any] | None = None,
    products: Sequence[str] = ("kymriah",),
) -> Audit:
    """Judge one checklist on answers given as Python values."""
    said = {
        "country": country,
        "phase": phase.value,
        "populations": ("adult",),
        "services": ("discharge", "infusion", "storage"),
        "collection_by": "own",
        "processing_by": "own",
        **(profile or {}),
        **answers,
    }
    catalogue = shipped()
    submission = Submission(
        profile=Profile(
            name="Sample centre",
            code="S1",
            country=country,
            jurisdiction=catalogue.jurisdiction_of(country, as_of),
            phase=phase,
            treatments=tuple(Treatment(product=p, indication="dlbcl", population="adult") for p in products),
        ),
        responses={_key(name): _response(_key(name)[0], value, as_of) for name, value in said.items()},
    )
    return assess(submission, catalogue, as_of, selection=[(checklist, edition)])


def _key(name: str) -> tuple[str, str]:
    """Read `question@scope`."""
    question, _, scope = name.partition("@")
    return question, scope


def _response(question: str, value: Any, as_of: date) -> Response:
    evidence = Evidence(references=("QM-001 v1",), level=EvidenceLevel.CITED, dated=as_of)
    if isinstance(value, list):
        rows = tuple(
            Row(entries={c: _entry(v, f"Sheet!A{n}") for c, v in row.items()}, cell=f"Sheet!A{n}")
            for n, row in enumerate(value, 4)
        )
        entry = _entry("", "Sheet!A1") if rows else Entry(state=AnswerState.BLANK, cell="Sheet!A1")
        return Response(question=question, entry=entry, rows=rows, evidence=evidence)
    return Response(question=question, entry=_entry(value, "Sheet!C4"), evidence=evidence)


def _entry(value: Any, cell: str) -> Entry:
    if value is None:
        return Entry(state=AnswerState.BLANK, cell=cell)
    if isinstance(value, str) and value in [s.value for s in Status]:
        value = Status(value)
    if isinstance(value, tuple) and value and isinstance(value[0], int):
        value = Share(numerator=value[0], denominator=value[1], period="last 12 months")
    return Entry(state=AnswerState.ANSWERED, value=value, original=str(value), cell=cell)
