"""What a workbook asks: the checklists that fit a plan, and the questions their requirements read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cartaudit.errors import UnknownChecklistError
from cartaudit.model.checklists import Catalogue, Checklist, Kind
from cartaudit.model.layout import Field
from cartaudit.model.profile import Treatment
from cartaudit.model.questions import Question, Scope
from cartaudit.model.requirements import Group, Requirement
from cartaudit.workbook.template_plan import QuestionKey, TemplatePlan

PROFILE_AREA = "profile"
_POPULATIONS = ("adult", "paediatric")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One checklist in the edition that a workbook is made for ("" where none is in force)."""

    checklist: Checklist
    edition: str

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """List the requirements of that edition."""
        return tuple(r for r in self.checklist.requirements if not r.editions or self.edition in r.editions)


def choose_checklists(catalogue: Catalogue, plan: TemplatePlan) -> tuple[Chosen, ...]:
    """Pick the checklists of a plan, in catalogue order. Raises UnknownChecklistError for an id or edition not held."""
    if plan.checklists:
        return tuple(_named(catalogue, name, edition, plan) for name, edition in plan.checklists)
    fitting = (c for c in catalogue.checklists.values() if _fits(c, catalogue, plan))
    return tuple(_in_force(c, plan) for c in fitting)


def planned_treatments(catalogue: Catalogue, plan: TemplatePlan) -> tuple[Treatment, ...]:
    """List the treatments asked about: those of the plan, each product without indication expanded to all it has."""
    planned = plan.treatments or tuple(Treatment(product=p) for p in catalogue.products)
    return tuple(dict.fromkeys(t for given in planned for t in _expand(catalogue, given)))


def asked_questions(catalogue: Catalogue, plan: TemplatePlan) -> dict[QuestionKey, Question]:
    """List what the workbook asks: profile questions first, then by area and as the catalogue orders them."""
    wanted: set[QuestionKey] = {(q.id, "") for q in catalogue.questions.values() if q.area == PROFILE_AREA}
    treatments = planned_treatments(catalogue, plan)
    jurisdiction = catalogue.jurisdiction_of(plan.country, plan.as_of) if plan.country else None
    for chosen in choose_checklists(catalogue, plan):
        for requirement in chosen.requirements:
            checklist = chosen.checklist
            if not any(may_speak(requirement, checklist, t.product, jurisdiction) for t in treatments):
                continue
            speaks = tuple(t for t in treatments if checklist.product in ("", t.product))
            for name in requirement_questions(requirement):
                wanted |= {(name, scope) for scope in scopes_of(catalogue.questions[name], speaks)}
    return {key: q for key, q in _ordered(catalogue, treatments) if key in wanted and _for_role(q, plan.roles)}


def may_speak(requirement: Requirement, checklist: Checklist, product: str, jurisdiction: str | None) -> bool:
    """Tell whether a requirement may be judged for a product where the centre is (None: not known)."""
    if checklist.product not in ("", product):
        return False
    if product not in requirement.applies.get("product", [product]):
        return False
    return jurisdiction is None or jurisdiction in requirement.applies.get("jurisdiction", [jurisdiction])


def scopes_of(question: Question, treatments: tuple[Treatment, ...]) -> tuple[str, ...]:
    """List the scopes in which a question is asked for some treatments."""
    match question.scope:
        case Scope.CENTRE:
            return ("",)
        case Scope.PRODUCT:
            return tuple(dict.fromkeys(t.product for t in treatments))
        case Scope.TREATMENT:
            return tuple(t.key for t in treatments)


def requirement_questions(requirement: Requirement) -> Iterator[str]:
    """Name every question a requirement reads, some more than once."""
    groups = (requirement.criterion, requirement.partial, requirement.watch, requirement.applies.get("profile", {}))
    for group in groups:
        yield from group_questions(group)


def group_questions(group: Group) -> Iterator[str]:
    """Name the questions a group reads, those that `at_least` and `at_most` refer to included."""
    for name, rules in group.items():
        if name == "anyof":
            for alternative in rules:
                yield from group_questions(alternative)
            continue
        yield name
        yield from (rules[r] for r in ("at_least", "at_most") if r in rules)


def parameters_in(part: Any) -> Iterator[str]:
    """Name the parameters a group, rule or argument refers to, at any depth."""
    if isinstance(part, list | tuple):
        for entry in part:
            yield from parameters_in(entry)
    elif isinstance(part, Mapping):
        if isinstance(part.get("parameter"), str):
            yield part["parameter"]
        for value in part.values():
            yield from parameters_in(value)


def group_holds(group: Group, answers: Mapping[str, Any]) -> bool | None:
    """Test a group over known profile answers: true, false, or None where an answer is missing."""
    parts = [
        _any_holds(rules, answers) if name == "anyof" else rules_hold(rules, answers.get(name))
        for name, rules in group.items()
    ]
    return False if False in parts else None if None in parts else True


def rules_hold(rules: Mapping[str, Any], value: Any) -> bool | None:
    """Test one answer against literal rules; None for a missing answer or a rule that needs more than the answer."""
    if value is None:
        return None
    held = [_rule_holds(name, argument, value) for name, argument in rules.items()]
    return False if False in held else None if None in held else True


def _any_holds(groups: list[Group], answers: Mapping[str, Any]) -> bool | None:
    parts = [group_holds(g, answers) for g in groups]
    return True if True in parts else None if None in parts else False


def _rule_holds(name: str, argument: Any, value: Any) -> bool | None:
    if isinstance(argument, Mapping):
        return None
    match name:
        case "allowed":
            return value in argument
        case "contains":
            return set(argument) <= set(value)
        case "contains_any":
            return bool(set(argument) & set(value))
        case "min":
            return bool(value >= argument)
        case "max":
            return bool(value <= argument)
    return None


def _named(catalogue: Catalogue, name: str, edition: str | None, plan: TemplatePlan) -> Chosen:
    checklist = catalogue.checklists.get(name)
    if checklist is None:
        known = ", ".join(catalogue.checklists)
        raise UnknownChecklistError(f"There is no checklist '{name}'. Choose one of: {known}.")
    if edition is None:
        return _in_force(checklist, plan)
    if edition not in {e.edition for e in checklist.editions}:
        known = ", ".join(e.edition for e in checklist.editions)
        raise UnknownChecklistError(f"'{name}' has no edition '{edition}'. Choose one of: {known}.")
    return Chosen(checklist=checklist, edition=edition)


def _in_force(checklist: Checklist, plan: TemplatePlan) -> Chosen:
    edition = checklist.edition_on(plan.as_of)
    return Chosen(checklist=checklist, edition=edition.edition if edition else "")


def _fits(checklist: Checklist, catalogue: Catalogue, plan: TemplatePlan) -> bool:
    """Keep a checklist unless the plan says that it cannot apply."""
    if checklist.kind is Kind.PRODUCT:
        return not plan.treatments or checklist.product in {t.product for t in plan.treatments}
    answers = {key[0]: fields.get(Field.ANSWER) for key, fields in plan.filling.answers.items()}
    if plan.country:
        answers.setdefault("country", plan.country)
    called_for = group_holds(checklist.selected_by, answers)
    elsewhere = plan.country and checklist.countries and plan.country not in checklist.countries
    return called_for is True or (called_for is None and not elsewhere)


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
