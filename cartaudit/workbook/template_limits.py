"""Thresholds that wait for the centre: those whose text was not found, not verified, or read at second hand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cartaudit.criteria import walk
from cartaudit.criteria.asked import concerns
from cartaudit.criteria.compilation import compile_value_rules
from cartaudit.criteria.criterion import Criterion
from cartaudit.criteria.evaluate import Known, evaluate
from cartaudit.criteria.grammar import BUILT_IN_PARAMETERS
from cartaudit.criteria.resolution import resolve_parameter
from cartaudit.criteria.truth import Truth
from cartaudit.model.checklists import Catalogue
from cartaudit.model.parameters import ParameterDefinition, ParameterScalar, ParameterValue, Verification
from cartaudit.model.profile import Treatment
from cartaudit.model.requirements import Requirement
from cartaudit.model.text import amount
from cartaudit.workbook.template_asked import choose_checklists, planned_treatments
from cartaudit.workbook.template_plan import TemplatePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A threshold a centre should confirm; `known` says what the catalogue holds. Empty indication means all."""

    definition: ParameterDefinition
    product: str
    known: str
    indication: str = ""
    population: str = ""


def pending_thresholds(catalogue: Catalogue, plan: TemplatePlan) -> tuple[Pending, ...]:
    """List the thresholds that product requirements use and that are unverified, not found or second-hand.

    Without a country every jurisdiction is looked at, and a threshold is listed when any of them leaves it open.
    """
    treatments = planned_treatments(catalogue, plan)
    return tuple(
        row
        for product in dict.fromkeys(t.product for t in treatments)
        for name in _names(catalogue, plan, _of(product, treatments))
        for row in _of_parameter(catalogue, plan, name, _of(product, treatments))
    )


def _of(product: str, treatments: Sequence[Treatment]) -> tuple[Treatment, ...]:
    return tuple(t for t in treatments if t.product == product)


def _names(catalogue: Catalogue, plan: TemplatePlan, treatments: Sequence[Treatment]) -> list[str]:
    product = treatments[0].product
    jurisdiction = catalogue.jurisdiction_of(plan.country, plan.as_of) if plan.country else None
    used = {
        name
        for chosen in choose_checklists(catalogue, plan)
        for requirement in chosen.requirements
        if concerns(requirement, chosen.checklist, (product,), jurisdiction)
        and not _set_aside(catalogue, plan, requirement, treatments, jurisdiction)
        for name in walk.parameters_of(requirement)
    }
    return [name for name in catalogue.definitions if name in used and name not in BUILT_IN_PARAMETERS]


def _set_aside(
    catalogue: Catalogue,
    plan: TemplatePlan,
    requirement: Requirement,
    treatments: Sequence[Treatment],
    jurisdiction: str | None,
) -> bool:
    """Tell whether a settled parameter says that a requirement concerns none of the treatments."""
    if not jurisdiction:
        return False
    for name, rules in requirement.applies.get("parameter", {}).items():
        definition = catalogue.definitions[name]
        criterion = compile_value_rules(definition, rules, plan.as_of, requirement.id)
        values = [value_in_force(catalogue, plan, definition, t, jurisdiction) for t in treatments]
        if all(_is_false(value, criterion) for value in values):
            return True
    return False


def _is_false(value: ParameterValue | None, criterion: Criterion) -> bool:
    if value is None or not value.verification.decides:
        return False
    return value.none or evaluate(criterion, Known({value.name: value.value})).truth is Truth.FALSE


def _of_parameter(
    catalogue: Catalogue, plan: TemplatePlan, name: str, treatments: tuple[Treatment, ...]
) -> Iterator[Pending]:
    definition, product = catalogue.definitions[name], treatments[0].product
    known = {t: _known(catalogue, plan, definition, t) for t in treatments}
    if len(set(known.values())) == 1:
        text = known[treatments[0]]
        if text:
            yield Pending(definition=definition, product=product, known=text)
        return
    for treatment, text in known.items():
        if text:
            yield Pending(
                definition=definition,
                product=product,
                known=text,
                indication=treatment.indication,
                population=treatment.population,
            )


def _known(catalogue: Catalogue, plan: TemplatePlan, definition: ParameterDefinition, treatment: Treatment) -> str:
    """Say what is known of an open threshold; nothing where it is settled."""
    if plan.country:
        jurisdiction = catalogue.jurisdiction_of(plan.country, plan.as_of) or plan.country
        return _open(value_in_force(catalogue, plan, definition, treatment, jurisdiction), definition)
    places = (j for j in catalogue.jurisdictions if (j.effective_to or plan.as_of) >= plan.as_of)
    texts = {j.id: _open(value_in_force(catalogue, plan, definition, treatment, j.id), definition) for j in places}
    return "; ".join(f"{place}: {text}" for place, text in texts.items() if text)


def value_in_force(
    catalogue: Catalogue, plan: TemplatePlan, definition: ParameterDefinition, treatment: Treatment, jurisdiction: str
) -> ParameterValue | None:
    """Give the catalogue's value of a parameter for a treatment, None where it holds none."""
    return resolve_parameter(catalogue, definition.name, treatment, jurisdiction, plan.as_of)


def _open(value: ParameterValue | None, definition: ParameterDefinition) -> str:
    if value is None:
        return "not found in a text we read"
    if value.verification not in (Verification.UNVERIFIED, Verification.SECONDARY):
        return ""
    shown = definition.none_word if value.none or value.value is None else parameter_text(value.value, definition.unit)
    manner = "unverified" if value.verification is Verification.UNVERIFIED else "read at second hand"
    dated = f", text of {value.text_date.isoformat()}" if value.text_date else ""
    return f"{shown} ({manner}{dated})"


def parameter_text(value: ParameterScalar, unit: str = "") -> str:
    """Show a parameter's value with its unit."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, tuple):
        return "; ".join(value)
    return amount(str(value), unit)
