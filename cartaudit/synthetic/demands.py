"""What the checklists demand of a centre: the criteria that apply to it, with the thresholds filled in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cartaudit.criteria import walk
from cartaudit.criteria.asked import concerns, scope_key
from cartaudit.criteria.comparing import at_least_as_strict
from cartaudit.criteria.compilation import compile_group, compile_value_rules
from cartaudit.criteria.criterion import Criterion
from cartaudit.criteria.evaluate import Known, evaluate
from cartaudit.criteria.resolution import resolve_parameter
from cartaudit.criteria.supplied import Supplied, supplied
from cartaudit.criteria.thresholds import NONE, NOT_ALLOWED
from cartaudit.criteria.truth import Truth
from cartaudit.model.audit import Threshold
from cartaudit.model.checklists import Catalogue
from cartaudit.model.parameters import ParameterScalar, Verification
from cartaudit.model.profile import Treatment
from cartaudit.model.requirements import Phase, Requirement
from cartaudit.workbook.template_asked import choose_checklists, known_profile, planned_treatments, profile_truth
from cartaudit.workbook.template_plan import TemplatePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """A criterion as it stands for one treatment, and the requirement it is of; None where the texts set no limit."""

    requirement: Requirement
    criterion: Criterion | None
    treatment: Treatment


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A centre on a day: where it is and what its profile says."""

    catalogue: Catalogue
    plan: TemplatePlan
    jurisdiction: str
    profile: Mapping[str, Any]
    site: Supplied

    @property
    def as_of(self) -> date:
        """Give the day."""
        return self.plan.as_of

    def scope(self, question: str, treatment: Treatment) -> str:
        """Give the scope in which a question is answered for a treatment."""
        return scope_key(self.catalogue.questions[question].scope, treatment)


def make_setting(catalogue: Catalogue, plan: TemplatePlan) -> Setting:
    """Take the profile from what the plan fills in."""
    profile = known_profile(plan)
    country = str(profile.setdefault("country", plan.country))
    return Setting(
        catalogue=catalogue,
        plan=plan,
        jurisdiction=catalogue.jurisdiction_of(country, plan.as_of) or "",
        profile=profile,
        site=supplied(catalogue, plan.filling.site_values),
    )


def demands(setting: Setting) -> Iterator[Demand]:
    """List what applies to the centre, once for each treatment concerned."""
    treatments = planned_treatments(setting.catalogue, setting.plan)
    for chosen in choose_checklists(setting.catalogue, setting.plan):
        for requirement in chosen.requirements:
            if not _concerns(requirement, setting):
                continue
            for treatment in treatments:
                here = concerns(requirement, chosen.checklist, (treatment.product,), setting.jurisdiction)
                if here and _parameters_apply(requirement, setting, treatment):
                    criterion = _criterion(requirement, setting, treatment)
                    yield Demand(requirement=requirement, criterion=criterion, treatment=treatment)


def _concerns(requirement: Requirement, setting: Setting) -> bool:
    group = requirement.applies.get("profile", {})
    if profile_truth(group, setting.profile, setting.catalogue, setting.plan) is Truth.FALSE:
        return False
    phase = setting.profile.get("phase")
    return not (requirement.deferred_until and phase and Phase(phase).rank < requirement.deferred_until.rank)


def _parameters_apply(requirement: Requirement, setting: Setting, treatment: Treatment) -> bool:
    for name, rules in requirement.applies.get("parameter", {}).items():
        value = _value(name, setting, treatment)
        criterion = compile_value_rules(setting.catalogue.definitions[name], rules, setting.as_of)
        if value is None or evaluate(criterion, Known({name: value})).truth is Truth.FALSE:
            return False
    return True


def _criterion(requirement: Requirement, setting: Setting, treatment: Treatment) -> Criterion | None:
    """Compile a criterion for a treatment; a rule without a limit, or with an unknown one, falls away."""
    names = walk.parameters(requirement.criterion)
    values = {name: _threshold(name, _value(name, setting, treatment), setting.catalogue) for name in names}
    return compile_group(
        requirement.criterion, setting.catalogue.questions, setting.as_of, values, place=requirement.id
    )


def _threshold(name: str, value: ParameterScalar | None, catalogue: Catalogue) -> Threshold:
    definition = catalogue.definitions.get(name)
    nothing = NOT_ALLOWED if definition is not None and definition.permits else NONE
    verification = nothing if value is None else Verification.SITE.value
    return Threshold(parameter=name, value=value, unit="", verification=verification)


def _value(name: str, setting: Setting, treatment: Treatment) -> ParameterScalar | None:
    found = resolve_parameter(setting.catalogue, name, treatment, setting.jurisdiction, setting.as_of, setting.site)
    if found is None:
        known = plausible_values(name, setting.catalogue, treatment.product, setting.as_of)
        return known[0] if known else None
    return None if found.none else found.value


def strictest_value(name: str, catalogue: Catalogue, product: str, on: date) -> ParameterScalar | None:
    """Give what a centre may supply where no text was found: the strictest of the plausible values."""
    known = plausible_values(name, catalogue, product, on)
    definition = catalogue.definitions.get(name)
    if definition is None:
        return None
    strictest = (v for v in known if all(at_least_as_strict(v, other, definition) for other in known))
    return next(strictest, known[0] if known else None)


def plausible_values(name: str, catalogue: Catalogue, product: str, on: date) -> list[ParameterScalar | None]:
    """Give what a centre might do where no text was found: the values of the product elsewhere, or another product's;
    None is nothing permitted."""
    definition = catalogue.definitions.get(name)
    if definition is None:
        return []
    in_force = [p for p in catalogue.parameters if p.name == name and p.in_force(on)]
    own = [p.value for p in in_force if p.product == product and (definition.permits or p.value is not None)]
    return own or next(([p.value] for p in in_force if p.value is not None), [])
