"""Template, intake and judge hold the same requirements of a checklist in force, whatever the edition and the day."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from cartaudit.criteria.walk import questions_of
from cartaudit.model.audit import Audit
from cartaudit.model.checklists import Catalogue, Checklist
from cartaudit.model.layout import Field
from cartaudit.model.profile import Treatment
from cartaudit.pipeline import AuditOptions, audit_bytes, load_catalogue
from cartaudit.workbook.template import Filling, TemplatePlan, asked_questions, build_template, choose_checklists

_HOME = {"england": "GB", "france": "FR", "italy": "IT", "spain": "ES", "us_medicare": "US"}
_ALWAYS = ("jacie", "us_medicare", "kymriah")
"""One checklist of each kind; the others are the same code with other content, and need a minute."""

_SHEET_MISSING, _ROW_REMOVED = "CA141", "CA404"


def _days(checklist: Checklist) -> list[date]:
    """Give every day on which something comes into force or ends, the days before, and one before all.

    Of a product that is the day of the first text read: before it the checklist does not speak, whatever is asked.
    """
    limited = (*checklist.editions, *checklist.requirements)
    changes = {day for one in limited for day in (one.effective_from, one.effective_to) if day}
    eve = timedelta(days=1)
    first = date(2010, 1, 1)
    if checklist.product:
        catalogue = load_catalogue()
        place = catalogue.jurisdiction_of(_HOME.get(checklist.id, "DE"), date(2026, 11, 22)) or ""
        first = catalogue.first_text(checklist.product, place) or first
    return sorted(day for day in {first, date(2026, 11, 22), *changes, *(day - eve for day in changes)} if day >= first)


def _cases() -> Iterator[object]:
    for checklist in load_catalogue().checklists.values():
        for edition in (None, *(e.edition for e in checklist.editions)):
            for day in _days(checklist):
                name = f"{checklist.id}@{edition or 'any'} on {day}"
                marks = () if checklist.id in _ALWAYS else pytest.mark.full
                yield pytest.param(checklist.id, edition, day, id=name, marks=marks)


def _plan(checklist: Checklist, edition: str | None, day: date) -> TemplatePlan:
    treatment = Treatment(product=checklist.product or "kymriah", indication="", population="adult")
    country = _HOME.get(checklist.id, "DE")
    rows = {"treatments": ({"product": treatment.product, "population": "adult"},)}
    return TemplatePlan(
        as_of=day,
        tool_version="-",
        checklists=((checklist.id, edition),),
        treatments=(treatment,),
        country=country,
        filling=Filling(answers={("country", ""): {Field.ANSWER: country}}, rows=rows),
    )


@pytest.mark.parametrize(("name", "edition", "day"), list(_cases()))
def test_template_intake_and_judge_hold_the_same(
    catalogue: Catalogue, name: str, edition: str | None, day: date
) -> None:
    plan = _plan(catalogue.checklists[name], edition, day)
    (held,) = choose_checklists(catalogue, plan)
    options = AuditOptions(as_of=day, as_of_is_today=False, selection=((name, edition),))
    audit = audit_bytes(build_template(catalogue, plan), "new.xlsx", catalogue, options)
    assert isinstance(audit, Audit)
    (judged,) = audit.checklists
    assert [p for p in audit.submission.problems if p.code in (_SHEET_MISSING, _ROW_REMOVED)] == []
    assert judged.edition == held.edition
    assert {r.requirement.id for r in judged.results} == {r.id for r in held.requirements}
    read = {n for r in judged.results if r.compliance != "NOT_APPLICABLE" for n in questions_of(r.requirement)}
    assert read <= {question for question, _ in asked_questions(catalogue, plan)}
