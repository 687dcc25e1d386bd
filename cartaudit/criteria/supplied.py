"""Values a centre supplies itself: what they have to show before they may let anything through."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from cartaudit.criteria import walk
from cartaudit.criteria.comparing import at_least_as_strict, fits
from cartaudit.model.checklists import Catalogue
from cartaudit.model.parameters import ParameterDefinition, ParameterScalar, ParameterValue
from cartaudit.model.requirements import VALID_DAYS
from cartaudit.model.submission import SiteValue
from cartaudit.model.text import bare


class Doubt(StrEnum):
    """Why a site-supplied value lets nothing through, in the order in which reasons are named."""

    INCOMPLETE = "incomplete"
    NOT_OF_TYPE = "not_of_type"
    IMPOSSIBLE = "impossible"
    LATER = "later"
    UNSIGNED = "unsigned"
    OLD = "old"
    SWITCHES_OFF = "switches_off"
    OPENS = "opens"
    LAXER = "laxer"


class Stakes(NamedTuple):
    """The parameters that gates read, and those that gates and critical requirements read."""

    gates: frozenset[str]
    decisive: frozenset[str]


class Supplied(NamedTuple):
    """The values of one centre, with what hangs on them in a catalogue."""

    values: tuple[SiteValue, ...]
    stakes: Stakes


def stakes_of(catalogue: Catalogue) -> Stakes:
    """Find what hangs on each parameter of a catalogue."""
    requirements = {r for c in catalogue.checklists.values() for r in c.requirements if r.decides_alone}
    return Stakes(
        gates=frozenset(name for r in requirements if r.gate for name in walk.parameters_of(r)),
        decisive=frozenset(name for r in requirements for name in walk.parameters_of(r)),
    )


def supplied(catalogue: Catalogue, values: Sequence[SiteValue]) -> Supplied:
    """Join the values of a centre with what hangs on them."""
    return Supplied(tuple(values), stakes_of(catalogue))


def last_day(value: SiteValue) -> date | None:
    """Give the last day on which a value counts under a gate or a critical requirement."""
    return None if value.dated is None else value.dated + timedelta(days=VALID_DAYS)


def doubts(value: SiteValue, catalogue: Catalogue, stakes: Stakes, jurisdiction: str, on: date) -> tuple[Doubt, ...]:
    """List what keeps a value from letting anything through on a day; none where the centre may be judged by it.

    It has to be complete, possible, and at least as strict as every verified value of the product in any place. Under
    a gate or a critical requirement it names the section, was read within a year, and was entered by one role and
    confirmed by another. It switches no gate off, and opens nothing that a verified limit here closes.
    """
    return tuple(_doubts(value, catalogue, stakes, jurisdiction, on))


def unsigned(value: SiteValue) -> bool:
    """Tell whether a value lacks the section or the roles, two different ones, of a value that decides alone."""
    return not value.section or not bare(value.entered) or bare(value.entered) == bare(value.role)


def _doubts(value: SiteValue, catalogue: Catalogue, stakes: Stakes, jurisdiction: str, on: date) -> Iterator[Doubt]:
    definition = catalogue.definitions[value.parameter]
    if not value.complete:
        yield Doubt.INCOMPLETE
        return
    if not value.none and not fits(value.value, definition.type):
        yield Doubt.NOT_OF_TYPE
        return
    if not possible(value.value, definition):
        yield Doubt.IMPOSSIBLE
    if value.dated is not None and value.dated > on:
        yield Doubt.LATER
    if value.parameter in stakes.decisive:
        if unsigned(value):
            yield Doubt.UNSIGNED
        if (last := last_day(value)) is not None and on > last:
            yield Doubt.OLD
    if value.none and not definition.permits and value.parameter in stakes.gates:
        yield Doubt.SWITCHES_OFF
    closing = catalogue.parameters_of(definition.excepts, value.product, jurisdiction)
    if not value.none and any(_verified(v, on) for v in closing):
        yield Doubt.OPENS
    elif _laxer(value, definition, verified_anywhere(catalogue, value, on)):
        yield Doubt.LAXER


def possible(value: ParameterScalar | None, definition: ParameterDefinition) -> bool:
    """Tell whether a value lies in the range of its parameter; what is no number has none."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return not number or definition.range is None or definition.range.holds(value)  # type: ignore[arg-type]


def verified_anywhere(catalogue: Catalogue, value: SiteValue, on: date) -> tuple[ParameterValue, ...]:
    """Give the verified values of a parameter for a product in all places, for all patients."""
    rows = (v for j in catalogue.jurisdictions for v in catalogue.parameters_of(value.parameter, value.product, j.id))
    return tuple(v for v in rows if _verified(v, on))


def is_settled(value: SiteValue, catalogue: Catalogue, jurisdiction: str, on: date) -> bool:
    """Tell whether a verified value for the same patients holds in this place anyway."""
    here = catalogue.parameters_of(value.parameter, value.product, jurisdiction)
    return any(_verified(v, on) and _same_patients(v, value) for v in here)


def _same_patients(row: ParameterValue, value: SiteValue) -> bool:
    pairs = ((row.indication, value.indication), (row.population, value.population))
    return all(not one or not other or one == other for one, other in pairs)


def _verified(value: ParameterValue, on: date) -> bool:
    return value.verification.decides and value.in_force(on)


def _laxer(value: SiteValue, definition: ParameterDefinition, known: Sequence[ParameterValue]) -> bool:
    """Tell whether a value lets through more than a verified one; where neither way is stricter, than all of them."""
    if not known:
        return False
    if definition.permits and not value.none and any(v.none for v in known):
        return True
    enough = all if definition.direction.ordered or value.none else any
    return not enough(at_least_as_strict(value.value, v.value, definition) for v in known)
