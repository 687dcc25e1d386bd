"""Selection: which checklists are judged, in which edition, and where one cannot speak."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from cartaudit.assess.applies import profile_outcome
from cartaudit.assess.centre import Centre
from cartaudit.assess.words import listed
from cartaudit.criteria.editions import calls_for, in_force, named_checklist
from cartaudit.criteria.truth import Truth
from cartaudit.model.checklists import Catalogue, Checklist, Edition, Kind
from cartaudit.model.profile import Treatment
from cartaudit.model.requirements import Group, Requirement

_ORDER = (Kind.ACCREDITATION, Kind.PRODUCT, Kind.COMMISSIONER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A checklist to be judged. `outside` says why it cannot speak, `notes` what the reader must know of the choice,
    `unknown` what is not known of the centre and stands in the way of READY."""

    checklist: Checklist
    edition: Edition | None = None
    requirements: tuple[Requirement, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    outside: str = ""
    notes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def place(self, centre: Centre) -> str:
        """Give the jurisdiction whose texts govern: that of the centre for a product, none for the others."""
        return centre.jurisdiction if self.checklist.kind is Kind.PRODUCT else ""


def choose(selection: Sequence[tuple[str, str | None]] | None, centre: Centre) -> tuple[Choice, ...]:
    """Choose checklists: those asked for, or else those the profile calls for, in a fixed order.

    Raises UnknownChecklistError for an id or edition that the catalogue does not hold.
    """
    catalogue = centre.engine.catalogue
    wanted: list[tuple[Checklist, str | None]]
    if selection is None:
        wanted = [(checklist, None) for checklist in _by_profile(centre)]
    else:
        wanted = [(named_checklist(catalogue, name), edition) for name, edition in dict.fromkeys(selection)]
    unlisted = () if selection is not None else _without_checklist(catalogue, centre)
    choices = (_in_edition(_in_scope(checklist, centre), edition, centre.as_of) for checklist, edition in wanted)
    return tuple(replace(choice, unknown=(*choice.unknown, *unlisted)) for choice in choices)


def _by_profile(centre: Centre) -> Iterator[Checklist]:
    """Give the checklists the profile calls for; one of which that is not known counts as called for."""
    delivered, engine = centre.delivered, centre.engine
    products = {t.product for t in delivered.commercial + delivered.other}

    def truth_of(group: Group) -> Truth:
        return profile_outcome(engine.profile("selected_by", group), centre.facts).truth

    for checklist in sorted(engine.catalogue.checklists.values(), key=lambda c: _ORDER.index(c.kind)):
        if calls_for(checklist, products, centre.profile.country, truth_of):
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


def _in_scope(checklist: Checklist, centre: Centre) -> Choice:
    """Settle for which treatments a checklist speaks, or why it cannot."""
    if checklist.kind is not Kind.PRODUCT:
        return Choice(checklist=checklist, treatments=centre.delivered.commercial)
    product, name = checklist.product, centre.engine.names.product(checklist.product)
    treatments = centre.delivered.of(product)
    routes = dict.fromkeys(t.route.replace("_", " ") for t in centre.delivered.other if t.product == product)
    country = centre.profile.country
    if not treatments and routes:
        text = f"{name} is given on another route only ({listed(routes, 'and')}): protocol or licence governs."
        return Choice(checklist=checklist, outside=text)
    if country and not centre.jurisdiction:
        text = f"The catalogue knows no product information for the country {country}: protocol or licence governs."
        return Choice(checklist=checklist, treatments=treatments, outside=text)
    first = centre.engine.catalogue.first_text(product, centre.jurisdiction)
    if first is not None and centre.as_of < first:
        text = f"The first product information read for {name} here is of {first.isoformat()}, after the audit date."
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
    """Settle the edition, and say where that leaves the checklist without a voice or is not the one asked for."""
    found = in_force(choice.checklist, as_of, wanted)
    chosen = replace(choice, edition=found.edition, requirements=found.requirements)
    if found.edition is None and choice.checklist.editions:
        return replace(chosen, outside=choice.outside or f"No edition is in force on {as_of.isoformat()}.")
    if wanted is None or wanted == found.edition_name:
        return chosen
    note = f"Edition {wanted} is not in force on {as_of.isoformat()}; edition {found.edition_name} was used."
    return replace(chosen, notes=(*choice.notes, note))
