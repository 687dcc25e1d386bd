"""What a workbook asks: the checklists that fit a plan, and the questions their requirements read."""

from collections.abc import Iterator, Mapping
from typing import Any

from cartaudit.criteria.asked import QuestionKey, questions_asked, scopes_of
from cartaudit.criteria.compilation import compile_group
from cartaudit.criteria.editions import InForce, calls_for, in_force, named_checklist
from cartaudit.criteria.evaluate import Known, evaluate
from cartaudit.criteria.truth import Truth
from cartaudit.model.checklists import Catalogue
from cartaudit.model.layout import Field
from cartaudit.model.profile import Treatment
from cartaudit.model.questions import PROFILE_AREA, Question
from cartaudit.model.requirements import Group
from cartaudit.workbook.template_plan import TemplatePlan

_POPULATIONS = ("adult", "paediatric")


def choose_checklists(catalogue: Catalogue, plan: TemplatePlan) -> tuple[InForce, ...]:
    """Pick the checklists of a plan, in catalogue order. Raises UnknownChecklistError for an id or edition not held."""
    if plan.checklists:
        return tuple(in_force(named_checklist(catalogue, name), plan.as_of, e) for name, e in plan.checklists)
    products = {t.product for t in plan.treatments} or catalogue.products.keys()
    answers = known_profile(plan)
    return tuple(
        in_force(checklist, plan.as_of)
        for checklist in catalogue.checklists.values()
        if calls_for(checklist, products, plan.country, lambda group: profile_truth(group, answers, catalogue, plan))
    )


def known_profile(plan: TemplatePlan) -> dict[str, Any]:
    """Give the answers of the profile that a plan fills in."""
    answers = {question: fields.get(Field.ANSWER) for (question, _), fields in plan.filling.answers.items()}
    if plan.country:
        answers.setdefault("country", plan.country)
    return answers


def profile_truth(group: Group, answers: Mapping[str, Any], catalogue: Catalogue, plan: TemplatePlan) -> Truth:
    """Test a group over the profile as far as it is known."""
    criterion = compile_group(group, catalogue.questions, plan.as_of) if group else None
    return evaluate(criterion, Known(answers)).truth if criterion is not None else Truth.TRUE


def planned_treatments(catalogue: Catalogue, plan: TemplatePlan) -> tuple[Treatment, ...]:
    """List the treatments asked about: those of the plan, each product without indication expanded to all it has."""
    planned = plan.treatments or tuple(Treatment(product=p) for p in catalogue.products)
    return tuple(dict.fromkeys(t for given in planned for t in _expand(catalogue, given)))


def asked_questions(catalogue: Catalogue, plan: TemplatePlan) -> dict[QuestionKey, Question]:
    """List what the workbook asks: profile questions first, then by area and as the catalogue orders them."""
    treatments = planned_treatments(catalogue, plan)
    jurisdiction = catalogue.jurisdiction_of(plan.country, plan.as_of) if plan.country else None
    wanted = questions_asked(choose_checklists(catalogue, plan), catalogue.questions, treatments, jurisdiction)
    return {key: q for key, q in _ordered(catalogue, treatments) if key in wanted and _for_role(q, plan.roles)}


def _expand(catalogue: Catalogue, given: Treatment) -> Iterator[Treatment]:
    if given.indication or given.product not in catalogue.products:
        yield given
        return
    populations = (given.population,) if given.population else _POPULATIONS
    for indication in catalogue.products[given.product].indications:
        for population in populations:
            yield Treatment(product=given.product, indication=indication.id, population=population, route=given.route)


def _ordered(catalogue: Catalogue, treatments: tuple[Treatment, ...]) -> Iterator[tuple[QuestionKey, Question]]:
    for area in sorted(catalogue.areas.values(), key=lambda a: (a.id != PROFILE_AREA, a.order)):
        for question in catalogue.questions.values():
            if question.area == area.id:
                for scope in scopes_of(question, treatments):
                    yield (question.id, scope), question


def _for_role(question: Question, roles: tuple[str, ...]) -> bool:
    return not roles or question.area == PROFILE_AREA or question.role in ("", *roles)
