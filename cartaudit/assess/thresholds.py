"""Thresholds: the parameters that hold for one product, place and patient group on the audit date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cartaudit.criteria.grammar import BUILT_IN_PARAMETERS
from cartaudit.criteria.resolution import resolve_parameter
from cartaudit.criteria.supplied import Supplied
from cartaudit.criteria.thresholds import NONE, NOT_ALLOWED, NOT_FOUND
from cartaudit.model.audit import Threshold
from cartaudit.model.checklists import Catalogue
from cartaudit.model.parameters import ParameterValue
from cartaudit.model.profile import Treatment


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

    def __init__(self, catalogue: Catalogue, site: Supplied, as_of: date) -> None:
        self._catalogue = catalogue
        self._site = site
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
        treatment, place = context.treatment or Treatment(product=""), context.jurisdiction
        definition = self._catalogue.definitions.get(name)
        unit = definition.unit if definition is not None else ""
        found = None
        if name in BUILT_IN_PARAMETERS or (definition is not None and place):
            found = resolve_parameter(self._catalogue, name, treatment, place, self._as_of, self._site)
        if found is not None:
            return _as_threshold(found, unit, permits=definition is not None and definition.permits)
        return Threshold(
            parameter=name,
            value=None,
            unit=unit,
            verification=NOT_FOUND,
            product=treatment.product,
            jurisdiction=place,
            indication=treatment.indication,
            population=treatment.population,
        )


def _as_threshold(value: ParameterValue, unit: str, *, permits: bool) -> Threshold:
    """Give a value as a threshold; a permission that the text does not give, or denies, opens nothing."""
    none = value.none or (permits and value.value is False)
    verified = value.verification.value
    if none and value.verification.decides:
        verified = NOT_ALLOWED if permits else NONE
    return Threshold(
        parameter=value.name,
        value=None if none else value.value,
        unit=unit,
        verification=verified,
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
