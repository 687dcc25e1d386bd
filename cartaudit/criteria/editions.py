"""Editions: what is in force for whom: which checklists a centre gets, in which edition, with which requirements.

Template, intake and judge all ask here, so that what is asked, expected and judged is the same.
"""

from collections.abc import Callable, Collection
from datetime import date
from typing import NamedTuple

from cartaudit.criteria.truth import Truth
from cartaudit.errors import UnknownChecklistError
from cartaudit.model.checklists import Catalogue, Checklist, Edition, Kind
from cartaudit.model.requirements import Group, Requirement


def named_checklist(catalogue: Catalogue, name: str) -> Checklist:
    """Find a checklist by its id. Raises UnknownChecklistError."""
    if name not in catalogue.checklists:
        known = ", ".join(catalogue.checklists) or "none"
        raise UnknownChecklistError(f"There is no checklist '{name}'. Known are: {known}.")
    return catalogue.checklists[name]


def find_edition(checklist: Checklist, name: str) -> Edition | None:
    """Find an edition by its name, in force or not; None where the checklist does not have it."""
    return next((e for e in checklist.editions if e.edition == name), None)


def named_edition(checklist: Checklist, name: str) -> Edition:
    """Find an edition by its name, in force or not. Raises UnknownChecklistError."""
    found = find_edition(checklist, name)
    if found is not None:
        return found
    known = ", ".join(e.edition for e in checklist.editions) or "none"
    raise UnknownChecklistError(f"There is no edition '{name}' of the checklist '{checklist.id}'. Known are: {known}.")


class InForce(NamedTuple):
    """A checklist on a day: the edition that holds, and its requirements of that day; neither before the first edition
    and after the last."""

    checklist: Checklist
    edition: Edition | None
    requirements: tuple[Requirement, ...]

    @property
    def edition_name(self) -> str:
        """Give the name of the edition, empty where there is none."""
        return self.edition.edition if self.edition else ""


def in_force(checklist: Checklist, on: date, wanted: str | None = None) -> InForce:
    """Settle the edition that holds on a day: the one asked for where it is in force, else the one in force.

    Raises UnknownChecklistError for an edition that the checklist does not have.
    """
    named = named_edition(checklist, wanted) if wanted is not None else None
    edition = named if named is not None and named.in_force(on) else checklist.edition_on(on)
    return InForce(checklist, edition, requirements_of(checklist, edition, on))


def as_made(checklist: Checklist, name: str, on: date) -> InForce:
    """Give what a workbook was made with that names an edition and a day, in force or not: no edition where it names
    none, and that in force where it names one that the checklist does not have."""
    edition = (find_edition(checklist, name) or checklist.edition_on(on)) if name else None
    return InForce(checklist, edition, requirements_of(checklist, edition, on))


def requirements_of(checklist: Checklist, edition: Edition | None, on: date | None = None) -> tuple[Requirement, ...]:
    """List the requirements that an edition holds, on a day or ever; none without one, where there are editions."""
    if edition is None and checklist.editions:
        return ()
    return tuple(r for r in checklist.requirements if _of_edition(r, edition) and (on is None or _on(r, on)))


def _of_edition(requirement: Requirement, edition: Edition | None) -> bool:
    return not requirement.editions or (edition is not None and edition.edition in requirement.editions)


def _on(requirement: Requirement, on: date) -> bool:
    begun = requirement.effective_from is None or requirement.effective_from <= on
    return begun and (requirement.effective_to is None or on < requirement.effective_to)


def calls_for(
    checklist: Checklist, products: Collection[str], country: str, truth_of: Callable[[Group], Truth]
) -> bool:
    """Tell whether a profile calls for a checklist; one of which that is not known counts as called for.

    A product's checklist is called for by its product. `truth_of` judges a group over the profile, as far as it is
    known; where that does not decide, a known country elsewhere keeps the checklist out.
    """
    if checklist.kind is Kind.PRODUCT:
        return checklist.product in products
    if not checklist.selected_by:
        return False
    found = truth_of(checklist.selected_by)
    elsewhere = bool(checklist.countries) and country not in ("", *checklist.countries)
    return found is Truth.TRUE or (found is Truth.UNKNOWN and not elsewhere)
