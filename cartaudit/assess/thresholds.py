"""Thresholds: the parameters that hold for one product, place and patient group on the audit date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cartaudit.assess import words
from cartaudit.model.audit import Threshold
from cartaudit.model.checklists import Catalogue
from cartaudit.model.parameters import ParameterDefinition, ParameterValue
from cartaudit.model.profile import Treatment
from cartaudit.model.resolution import resolve
from cartaudit.model.rules import BUILT_IN_PARAMETERS
from cartaudit.model.submission import SiteValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a requirement is judged for: the place, and a treatment where a question or parameter depends on one."""

    jurisdiction: str = ""
    treatment: Treatment | None = None

    @property
    def product(self) -> str:
        """Give the product judged, empty where none is."""
        return self.treatment.product if self.treatment else ""


class Resolver:
    """Resolve parameters for one submission, each combination once."""

    def __init__(self, catalogue: Catalogue, site_values: tuple[SiteValue, ...], as_of: date) -> None:
        self._catalogue = catalogue
        self._site_values = site_values
        self._as_of = as_of
        self._found: dict[tuple[str, Context], Threshold] = {}

    def threshold(self, name: str, context: Context) -> Threshold:
        """Give a parameter as a threshold, without offset; `not_found` where the catalogue and the centre have none.

        Without a jurisdiction nothing is found: which text holds is not known.
        """
        key = (name, context)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._resolve(name, context)
        return found

    def thresholds(self, names: Sequence[str], context: Context) -> dict[str, Threshold]:
        """Give several parameters by name."""
        return {name: self.threshold(name, context) for name in names} if names else {}

    def _resolve(self, name: str, context: Context) -> Threshold:
        if name in BUILT_IN_PARAMETERS:
            return _built_in(name, context)
        treatment = context.treatment or Treatment(product="")
        definition = self._catalogue.definitions.get(name)
        found = None
        if definition is not None and context.jurisdiction:
            found = resolve(
                self._catalogue.parameters_of(name, treatment.product, context.jurisdiction),
                self._site_values,
                definition,
                product=treatment.product,
                jurisdiction=context.jurisdiction,
                indication=treatment.indication,
                population=treatment.population,
                on=self._as_of,
            )
        if definition is not None and found is not None:
            return _as_threshold(found, definition)
        return Threshold(
            parameter=name,
            value=None,
            unit=definition.unit if definition is not None else "",
            verification=words.NOT_FOUND,
            product=treatment.product,
            jurisdiction=context.jurisdiction,
            indication=treatment.indication,
            population=treatment.population,
        )


def _as_threshold(value: ParameterValue, definition: ParameterDefinition) -> Threshold:
    return Threshold(
        parameter=value.name,
        value=None if value.none else value.value,
        unit=definition.unit,
        verification=words.NONE if value.none and value.verification.decides else value.verification.value,
        product=value.product,
        jurisdiction=value.jurisdiction,
        indication=value.indication,
        population=value.population,
        source=value.source,
        text_date=value.text_date,
        effective_from=value.effective_from,
        effective_to=value.effective_to,
        revision=value.revision,
        role=value.role,
        note=value.note,
    )


def _built_in(name: str, context: Context) -> Threshold:
    value = context.product if name == "product" else context.jurisdiction
    return Threshold(
        parameter=name,
        value=value or None,
        unit="",
        verification="authority" if value else words.NOT_FOUND,
        product=context.product,
        jurisdiction=context.jurisdiction,
    )
