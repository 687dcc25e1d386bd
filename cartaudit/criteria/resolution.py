"""Resolution: which value of a parameter holds for a product, a place, a patient group and a day."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from cartaudit.criteria.comparing import at_least_as_strict, fits, is_stricter
from cartaudit.criteria.grammar import BUILT_IN_PARAMETERS
from cartaudit.criteria.supplied import Supplied, doubts
from cartaudit.model.checklists import Catalogue
from cartaudit.model.parameters import ParameterDefinition, ParameterValue, Verification
from cartaudit.model.profile import Treatment
from cartaudit.model.submission import SiteValue

SITE_SOURCE = "site-supplied"
"""Stands as the source of a value that the centre itself confirmed or entered."""

_Row = TypeVar("_Row", ParameterValue, SiteValue)


def resolve_parameter(
    catalogue: Catalogue,
    name: str,
    treatment: Treatment,
    jurisdiction: str,
    on: date,
    site: Supplied | None = None,
) -> ParameterValue | None:
    """Give the value of a parameter that holds for a treatment in a place on a day, or None where none was found.

    What the centre supplies counts as far as `supplied.doubts` lets it. A built-in one is not found where what it
    stands for is not known. Raises KeyError for a name that the catalogue does not define.
    """
    product = treatment.product
    if name in BUILT_IN_PARAMETERS:
        known = built_in(name, product=product, jurisdiction=jurisdiction)
        return known if known.value else None
    own = [s for s in site.values if (s.parameter, s.product) == (name, product)] if site else []
    return resolve(
        catalogue.parameters_of(name, product, jurisdiction),
        own,
        catalogue.definitions[name],
        doubted=[s for s in own if site and doubts(s, catalogue, site.stakes, jurisdiction, on)],
        product=product,
        jurisdiction=jurisdiction,
        indication=treatment.indication,
        population=treatment.population,
        on=on,
    )


def resolve(
    values: Sequence[ParameterValue],
    site_values: Sequence[SiteValue],
    definition: ParameterDefinition,
    *,
    product: str,
    jurisdiction: str,
    indication: str = "",
    population: str = "",
    on: date,
    doubted: Collection[SiteValue] = (),
) -> ParameterValue | None:
    """Give the value of one parameter that holds on a day, or None where none was found.

    `values` may hold other parameters, products and places; they never count. Among the rows in force the most
    specific wins, indication before population. Where the treatment does not say its indication (or population) and
    rows for a particular one say something else, nothing is found: which of them holds is not known.

    A complete site-supplied value takes the place of an unverified or missing one, unless it is `doubted`; against a
    verified one (`none` included) it decides only where it is stricter, doubted or not. A site value then carries
    `verification` SITE, `revision`, `role` and its date. One dated after `on`, or of another type than the definition
    says, never counts.
    """
    shipped = _shipped(
        [
            v
            for v in values
            if (v.name, v.product, v.jurisdiction) == (definition.name, product, jurisdiction) and v.in_force(on)
        ],
        indication,
        population,
    )
    settled = shipped is not None and shipped.verification.decides
    supplied = _supplied(
        [
            s
            for s in site_values
            if (s.parameter, s.product) == (definition.name, product) and (settled or s not in doubted)
        ],
        definition,
        indication=indication,
        population=population,
        on=on,
    )
    if supplied is None or (settled and not _stricter_than(supplied, shipped, definition)):
        return shipped
    return _as_parameter(supplied, shipped, jurisdiction)


def built_in(name: str, *, product: str, jurisdiction: str) -> ParameterValue:
    """Give `product` or `jurisdiction`, the parameters that hold what is being judged. Raises KeyError for others."""
    value = {"product": product, "jurisdiction": jurisdiction}[name]
    return ParameterValue(
        name=name,
        product=product,
        jurisdiction=jurisdiction,
        value=value,
        source="",
        verification=Verification.AUTHORITY,
    )


def _specificity(row: ParameterValue | SiteValue) -> tuple[bool, bool]:
    return bool(row.indication), bool(row.population)


def _matching(rows: Sequence[_Row], indication: str, population: str) -> list[_Row]:
    """Keep the rows that speak of the treatment, the most specific first."""
    matching = [r for r in rows if r.indication in ("", indication) and r.population in ("", population)]
    return sorted(matching, key=_specificity, reverse=True)


def _shipped(in_force: Sequence[ParameterValue], indication: str, population: str) -> ParameterValue | None:
    matching = _matching(in_force, indication, population)
    if not matching:
        return None
    chosen = max(matching, key=lambda v: (_specificity(v), v.effective_from or date.min))
    if any(
        _might_speak(v, indication, population) and (v.value, v.none) != (chosen.value, chosen.none) for v in in_force
    ):
        return None
    return chosen


def _might_speak(row: ParameterValue, indication: str, population: str) -> bool:
    """Tell whether a row for a particular group could hold for a treatment that does not say its group."""
    pairs = ((row.indication, indication), (row.population, population))
    unsaid = any(wanted and not said for wanted, said in pairs)
    return unsaid and all(wanted in ("", said) or not said for wanted, said in pairs)


def _supplied(
    rows: Sequence[SiteValue], definition: ParameterDefinition, *, indication: str, population: str, on: date
) -> SiteValue | None:
    """Pick the most specific usable site value; of several that differ the strictest, and none where none is."""
    usable = [
        s
        for s in rows
        if s.complete and s.dated is not None and s.dated <= on and (s.none or fits(s.value, definition.type))
    ]
    matching = _matching(usable, indication, population)
    rivals = [s for s in matching if _specificity(s) == _specificity(matching[0])]
    for candidate in rivals:
        if all(at_least_as_strict(candidate.value, other.value, definition) for other in rivals):
            return candidate
    return None


def _stricter_than(supplied: SiteValue, shipped: ParameterValue | None, definition: ParameterDefinition) -> bool:
    if shipped is None or supplied.value is None or shipped.value is None:
        here, there = supplied.value is None, shipped is not None and shipped.value is None
        return here is not there and here is definition.permits
    return is_stricter(supplied.value, shipped.value, definition.direction)


def _as_parameter(supplied: SiteValue, shipped: ParameterValue | None, jurisdiction: str) -> ParameterValue:
    fresh = ParameterValue(
        name=supplied.parameter,
        product=supplied.product,
        jurisdiction=jurisdiction,
        value=supplied.value,
        source=SITE_SOURCE,
        verification=Verification.SITE,
        none=supplied.none,
        indication=supplied.indication,
        population=supplied.population,
        text_date=supplied.dated,
        revision=supplied.revision,
        role=supplied.role,
    )
    return fresh if shipped is None else replace(fresh, note=_replaced_note(shipped))


def _replaced_note(shipped: ParameterValue) -> str:
    if shipped.none:
        return "takes the place of a text that names none"
    return f"takes the place of {shipped.value} ({shipped.verification.value}, source {shipped.source})"
