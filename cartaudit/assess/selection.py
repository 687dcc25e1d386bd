"""Selection: which checklists are judged, in which edition, and where one cannot speak."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from cartaudit.assess.applies import profile_outcome
from cartaudit.assess.contexts import Delivered
from cartaudit.assess.engine import Engine
from cartaudit.assess.facts import FactBook
from cartaudit.assess.truth import Truth
from cartaudit.assess.words import listed
from cartaudit.errors import UnknownChecklistError
from cartaudit.model.checklists import Catalogue, Checklist, Edition, Kind
from cartaudit.model.profile import Profile, Treatment

_ORDER = (Kind.ACCREDITATION, Kind.PRODUCT, Kind.COMMISSIONER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A checklist to be judged. `outside` says why it cannot speak, `notes` what the reader must know of the choice,
    `unknown` what is not known of the centre and stands in the way of READY."""

    checklist: Checklist
    edition: Edition | None = None
    treatments: tuple[Treatment, ...] = ()
    outside: str = ""
    notes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """What of a centre decides about checklists: profile, place ("" where not known) and what it delivers."""

    profile: Profile
    jurisdiction: str
    delivered: Delivered


def choose(
    selection: Sequence[tuple[str, str | None]] | None, centre: Centre, engine: Engine, facts: FactBook
) -> tuple[Choice, ...]:
    """Choose checklists: those asked for, or else those the profile calls for, in a fixed order.

    Raises UnknownChecklistError for an id or edition that the catalogue does not hold.
    """
    catalogue, as_of = engine.catalogue, engine.as_of
    wanted: list[tuple[Checklist, str | None]]
    if selection is None:
        wanted = [(checklist, None) for checklist in _by_profile(centre, engine, facts)]
    else:
        wanted = [(_named(catalogue, name), edition) for name, edition in dict.fromkeys(selection)]
    unlisted = () if selection is not None else _without_checklist(catalogue, centre)
    choices = (_in_edition(_in_scope(checklist, centre, engine), edition, as_of) for checklist, edition in wanted)
    return tuple(replace(choice, unknown=(*choice.unknown, *unlisted)) for choice in choices)


def _named(catalogue: Catalogue, name: str) -> Checklist:
    if name not in catalogue.checklists:
        known = ", ".join(catalogue.checklists) or "none"
        raise UnknownChecklistError(f"There is no checklist '{name}'. Known are: {known}.")
    return catalogue.checklists[name]


def _by_profile(centre: Centre, engine: Engine, facts: FactBook) -> Iterator[Checklist]:
    """Give the checklists the profile calls for; one of which that is not known counts as called for."""
    products = {t.product for t in centre.delivered.commercial + centre.delivered.other}
    ranked = sorted(engine.catalogue.checklists.values(), key=lambda c: _ORDER.index(c.kind))
    for checklist in ranked:
        if checklist.kind is Kind.PRODUCT:
            if checklist.product in products:
                yield checklist
        elif checklist.selected_by:
            outcome = profile_outcome(checklist.id, checklist.selected_by, checklist, engine, facts)
            elsewhere = checklist.countries and centre.profile.country not in ("", *checklist.countries)
            if outcome.truth is Truth.TRUE or (outcome.truth is Truth.UNKNOWN and not elsewhere):
                yield checklist


def _without_checklist(catalogue: Catalogue, centre: Centre) -> tuple[str, ...]:
    """Name what the centre delivers and no checklist speaks of, so that it is not passed over."""
    known = {c.product for c in catalogue.checklists.values() if c.kind is Kind.PRODUCT}
    missing = dict.fromkeys(t.product for t in centre.delivered.commercial if t.product not in known)
    said = [
        f"The catalogue holds no checklist for the product '{product}', which the profile lists." for product in missing
    ]
    if centre.delivered.unread:
        cells = ", ".join(filter(None, centre.delivered.unread))
        said.append(f"The list of treatments names a product that cannot be read ({cells}); it was not judged.")
    return tuple(said)


def _in_scope(checklist: Checklist, centre: Centre, engine: Engine) -> Choice:
    """Settle for which treatments a checklist speaks, or why it cannot."""
    if checklist.kind is not Kind.PRODUCT:
        return Choice(checklist=checklist, treatments=centre.delivered.commercial)
    product, name = checklist.product, engine.product_name(checklist.product)
    treatments = centre.delivered.of(product)
    routes = dict.fromkeys(t.route.replace("_", " ") for t in centre.delivered.other if t.product == product)
    country = centre.profile.country
    if not treatments and routes:
        text = f"{name} is given on another route only ({listed(routes, 'and')}): protocol or licence governs."
        return Choice(checklist=checklist, outside=text)
    if country and not centre.jurisdiction:
        text = f"The catalogue knows no product information for the country {country}: protocol or licence governs."
        return Choice(checklist=checklist, treatments=treatments, outside=text)
    if not treatments and centre.delivered.commercial and not centre.delivered.unread:
        return Choice(checklist=checklist, outside=f"The profile lists no treatment with {name}.")
    if not treatments:
        unknown = f"The profile does not say whether and for whom {name} is given."
        return Choice(checklist=checklist, treatments=(Treatment(product=product),), unknown=(unknown,))
    unknown_place = (
        () if centre.jurisdiction else ("The profile does not say the country, so no product information holds.",)
    )
    notes = (
        (f"{name} is also given on another route ({listed(routes, 'and')}), which is not judged.",) if routes else ()
    )
    return Choice(checklist=checklist, treatments=treatments, unknown=unknown_place, notes=notes)


def _in_edition(choice: Choice, wanted: str | None, as_of: date) -> Choice:
    """Settle the edition: the one asked for where it is in force, else the one in force on the audit date."""
    editions = choice.checklist.editions
    known = {edition.edition: edition for edition in editions}
    if wanted is not None and wanted not in known:
        names = ", ".join(known) or "none"
        raise UnknownChecklistError(
            f"There is no edition '{wanted}' of the checklist '{choice.checklist.id}'. Known are: {names}."
        )
    in_force = choice.checklist.edition_on(as_of)
    if wanted is not None and known[wanted].in_force(as_of):
        return replace(choice, edition=known[wanted])
    if not editions:
        return choice
    if in_force is None:
        why = f"No edition is in force on {as_of.isoformat()}."
        return replace(choice, outside=choice.outside or why)
    if wanted is None:
        return replace(choice, edition=in_force)
    note = f"Edition {wanted} is not in force on {as_of.isoformat()}; edition {in_force.edition} was used."
    return replace(choice, edition=in_force, notes=(*choice.notes, note))
