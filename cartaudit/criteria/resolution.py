"""Resolution: which value of a parameter holds for a product, a place, a patient group and a day."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

from cartaudit.criteria.grammar import BUILT_IN_PARAMETERS
from cartaudit.model.checklists import Catalogue
from cartaudit.model.parameters import Direction, ParameterDefinition, ParameterScalar, ParameterValue, Verification
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
    site_values: Sequence[SiteValue] = (),
) -> ParameterValue | None:
    """Give the value of a parameter that holds for a treatment in a place on a day, or None where none was found.

    A built-in one is not found where what it stands for is not known. Raises KeyError for a name that the catalogue
    does not define.
    """
    product = treatment.product
    if name in BUILT_IN_PARAMETERS:
        known = built_in(name, product=product, jurisdiction=jurisdiction)
        return known if known.value else None
    return resolve(
        catalogue.parameters_of(name, product, jurisdiction),
        site_values,
        catalogue.definitions[name],
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
) -> ParameterValue | None:
    """Give the value of one parameter that holds on a day, or None where none was found.

    `values` may hold other parameters, products and places; they never count. Among the rows in force the most
    specific wins, indication before population. Where the treatment does not say its indication (or population) and
    rows for a particular one say something else, nothing is found: which of them holds is not known.

    A complete site-supplied value takes the place of an unverified or missing one; against a verified one (`none`
    included) it decides only where it is stricter. That the centre's text sets no limit (`none`) counts likewise, and
    is never stricter. A site value then carries `verification` SITE, `revision`, `role` and the
    date of its text. A site value dated after `on`, or of another type than the definition says, never counts.
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
    supplied = _supplied(
        [s for s in site_values if (s.parameter, s.product) == (definition.name, product)],
        definition,
        indication=indication,
        population=population,
        on=on,
    )
    if supplied is None or not _site_decides(supplied, shipped, definition.direction):
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


def fits(value: ParameterScalar | None, kind: str) -> bool:
    """Tell whether a value is of a parameter type: integer, number, boolean, text, texts or date. NaN never is."""
    match kind:
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return (isinstance(value, int) and not isinstance(value, bool)) or (
                isinstance(value, float) and math.isfinite(value)
            )
        case "boolean":
            return isinstance(value, bool)
        case "text":
            return isinstance(value, str) and bool(value.strip())
        case "texts":
            return isinstance(value, tuple) and bool(value) and all(isinstance(v, str) and v.strip() for v in value)
        case "date":
            return isinstance(value, date) and not isinstance(value, datetime)
    return False


def is_stricter(new: ParameterScalar, old: ParameterScalar, direction: Direction) -> bool:
    """Tell whether `new` binds more than `old`: higher for MIN, lower for MAX, never for EQUAL and SET.

    Values that cannot be compared are not stricter.
    """
    dates = fits(new, "date") and fits(old, "date")
    numbers = fits(new, "number") and fits(old, "number")
    if not (dates or numbers):
        return False
    if direction is Direction.MIN:
        return bool(new > old)  # type: ignore[operator]
    return direction is Direction.MAX and bool(new < old)  # type: ignore[operator]


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
        if all(_at_least_as_strict(candidate, other, definition.direction) for other in rivals):
            return candidate
    return None


def _at_least_as_strict(one: SiteValue, other: SiteValue, direction: Direction) -> bool:
    if one.none or other.none:
        return one.none is other.none or (other.none and direction in (Direction.MIN, Direction.MAX))
    if one.value is None or other.value is None:
        return False
    return one.value == other.value or is_stricter(one.value, other.value, direction)


def _site_decides(supplied: SiteValue, shipped: ParameterValue | None, direction: Direction) -> bool:
    if shipped is None or not shipped.verification.decides:
        return True
    if shipped.none or shipped.value is None:
        return not supplied.none
    return supplied.value is not None and is_stricter(supplied.value, shipped.value, direction)


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
        return "takes the place of a text that sets no limit"
    return f"takes the place of {shipped.value} ({shipped.verification.value}, source {shipped.source})"
