"""What the checklists demand of a centre: the groups of rules that apply to it, with the thresholds filled in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cartaudit.model.checklists import Catalogue
from cartaudit.model.layout import Field
from cartaudit.model.parameters import ParameterScalar
from cartaudit.model.profile import Treatment
from cartaudit.model.questions import Scope
from cartaudit.model.requirements import Group, Phase, Requirement
from cartaudit.model.resolution import built_in, resolve
from cartaudit.model.rules import BUILT_IN_PARAMETERS, RULES, Argument
from cartaudit.workbook.template_asked import (
    choose_checklists,
    group_holds,
    may_speak,
    planned_treatments,
    rules_hold,
)
from cartaudit.workbook.template_plan import TemplatePlan

_DROPPED = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """A criterion as it stands for one treatment: literal rules over question ids, and the requirement it is of."""

    requirement: str
    group: Group
    treatment: Treatment


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A centre on a day: where it is and what its profile says."""

    catalogue: Catalogue
    plan: TemplatePlan
    jurisdiction: str
    profile: Mapping[str, Any]

    @property
    def as_of(self) -> date:
        """Give the day."""
        return self.plan.as_of

    def scope(self, question: str, treatment: Treatment) -> str:
        """Give the scope in which a question is answered for a treatment."""
        match self.catalogue.questions[question].scope:
            case Scope.CENTRE:
                return ""
            case Scope.PRODUCT:
                return treatment.product
            case Scope.TREATMENT:
                return treatment.key


def make_setting(catalogue: Catalogue, plan: TemplatePlan) -> Setting:
    """Take the profile from what the plan fills in."""
    profile = {q: fields[Field.ANSWER] for (q, _), fields in plan.filling.answers.items() if Field.ANSWER in fields}
    country = str(profile.setdefault("country", plan.country))
    return Setting(
        catalogue=catalogue,
        plan=plan,
        jurisdiction=catalogue.jurisdiction_of(country, plan.as_of) or "",
        profile=profile,
    )


def demands(setting: Setting) -> Iterator[Demand]:
    """List what applies to the centre, once for each treatment concerned."""
    treatments = planned_treatments(setting.catalogue, setting.plan)
    for chosen in choose_checklists(setting.catalogue, setting.plan):
        for requirement in chosen.requirements:
            if not _concerns(requirement, setting):
                continue
            for treatment in treatments:
                if may_speak(
                    requirement, chosen.checklist, treatment.product, setting.jurisdiction
                ) and _parameters_apply(requirement, setting, treatment):
                    group = literal(requirement.criterion, setting, treatment)
                    yield Demand(requirement=requirement.id, group=group, treatment=treatment)


def _concerns(requirement: Requirement, setting: Setting) -> bool:
    on = setting.as_of
    if (requirement.effective_from or on) > on or (requirement.effective_to and requirement.effective_to <= on):
        return False
    if group_holds(requirement.applies.get("profile", {}), setting.profile) is False:
        return False
    phase = setting.profile.get("phase")
    return not (requirement.deferred_until and phase and Phase(phase).rank < requirement.deferred_until.rank)


def _parameters_apply(requirement: Requirement, setting: Setting, treatment: Treatment) -> bool:
    for name, rules in requirement.applies.get("parameter", {}).items():
        value = _value(name, setting, treatment)
        if value is _DROPPED or rules_hold(rules, value) is False:
            return False
    return True


def literal(group: Group, setting: Setting, treatment: Treatment) -> dict[str, Any]:
    """Fill the thresholds of a treatment into a group; a rule without a limit, or with an unknown one, falls away."""
    filled: dict[str, Any] = {}
    for name, rules in group.items():
        if name == "anyof":
            filled[name] = [literal(alternative, setting, treatment) for alternative in rules]
        else:
            pairs = ((rule, _argument(_listed(rule, argument), setting, treatment)) for rule, argument in rules.items())
            filled[name] = {rule: argument for rule, argument in pairs if argument is not _DROPPED}
    return filled


def _listed(rule: str, argument: Any) -> Any:
    """Write a single threshold where a list of values belongs as a list of one."""
    lists = RULES[rule].argument is Argument.VALUES
    return [argument] if lists and isinstance(argument, Mapping) else argument


def _argument(argument: Any, setting: Setting, treatment: Treatment) -> Any:
    if isinstance(argument, list):
        return _spliced(argument, setting, treatment)
    if not isinstance(argument, Mapping):
        return argument
    if "parameter" in argument:
        value = _value(argument["parameter"], setting, treatment)
        return value + argument["offset"] if "offset" in argument and value is not _DROPPED else value
    if "of" in argument:
        return argument
    if "rows" in argument:
        return {**argument, "rows": literal(argument["rows"], setting, treatment)}
    return literal(argument, setting, treatment)


def _spliced(values: list[Any], setting: Setting, treatment: Treatment) -> Any:
    out: list[Any] = []
    for entry in values:
        value = _value(entry["parameter"], setting, treatment) if isinstance(entry, Mapping) else entry
        if value is _DROPPED:
            return _DROPPED
        out += value if isinstance(value, tuple) else [value]
    return out


def _value(name: str, setting: Setting, treatment: Treatment) -> Any:
    place, product = setting.jurisdiction, treatment.product
    if name in BUILT_IN_PARAMETERS:
        return built_in(name, product=product, jurisdiction=place).value
    found = resolve(
        setting.catalogue.parameters_of(name, product, place),
        setting.plan.filling.site_values,
        setting.catalogue.definitions[name],
        product=product,
        jurisdiction=place,
        indication=treatment.indication,
        population=treatment.population,
        on=setting.as_of,
    )
    if found is None:
        return _plausible(name, setting, product)
    return _DROPPED if found.none or found.value is None else found.value


def plausible_value(name: str, catalogue: Catalogue, product: str, on: date) -> ParameterScalar | None:
    """Give what a centre might do where no text was found: the product's value elsewhere, or another product's."""
    known = [p for p in catalogue.parameters if p.name == name and p.in_force(on) and p.value is not None]
    return next((p.value for p in known if p.product == product), known[0].value if known else None)


def _plausible(name: str, setting: Setting, product: str) -> Any:
    value = plausible_value(name, setting.catalogue, product, setting.as_of)
    return _DROPPED if value is None else value
