"""Finding checklists, editions and requirements by the names people type, and comparing two of them."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cartaudit.criteria.editions import find_edition, requirements_of
from cartaudit.errors import UnknownChecklistError
from cartaudit.model.checklists import Catalogue, Checklist, Edition, EditionChange
from cartaudit.model.requirements import Requirement

Chosen = tuple[Checklist, Edition | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two editions side by side: lines of the edition map, and requirements added, removed and changed.

    `changed` holds the older and the newer of each pair with the names of the fields that differ.
    """

    old: str
    new: str
    edition_map: tuple[EditionChange, ...]
    added: tuple[Requirement, ...]
    removed: tuple[Requirement, ...]
    changed: tuple[tuple[Requirement, Requirement, tuple[str, ...]], ...]


def find_checklist(catalogue: Catalogue, name: str, on: date) -> Chosen:
    """Find `ID` or `ID@EDITION`; without an edition that in force on a day. Raises UnknownChecklistError."""
    checklist_id, _, wanted = name.partition("@")
    checklist = catalogue.checklists.get(checklist_id)
    if checklist is None:
        raise UnknownChecklistError(_unknown("checklist", checklist_id, catalogue.checklists))
    if not wanted:
        return checklist, checklist.edition_on(on)
    edition = find_edition(checklist, wanted)
    if edition is not None:
        return checklist, edition
    raise UnknownChecklistError(_unknown(f"edition of {checklist_id}", wanted, (e.edition for e in checklist.editions)))


def find_requirement(checklist: Checklist, edition: Edition | None, name: str) -> Requirement:
    """Find a requirement of an edition by id, capitals or not. Raises UnknownChecklistError."""
    requirements = {r.id: r for r in requirements_of(checklist, edition)}
    if name.upper() not in requirements:
        raise UnknownChecklistError(_unknown(f"requirement of {checklist.id}", name, requirements))
    return requirements[name.upper()]


def compare(old: Chosen, new: Chosen) -> Comparison:
    """Compare two editions of one checklist, or two checklists, by requirement id."""
    before = {r.id: r for r in requirements_of(*old)}
    after = {r.id: r for r in requirements_of(*new)}
    pairs = [(before[name], after[name]) for name in before if name in after]
    return Comparison(
        old=_titled(old),
        new=_titled(new),
        edition_map=_edition_map(old, new),
        added=tuple(r for name, r in after.items() if name not in before),
        removed=tuple(r for name, r in before.items() if name not in after),
        changed=tuple((a, b, fields) for a, b in pairs if (fields := _differing(a, b))),
    )


def _edition_map(old: Chosen, new: Chosen) -> tuple[EditionChange, ...]:
    if old[0] is not new[0] or old[1] is None or new[1] is None:
        return ()
    editions = (old[1].edition, new[1].edition)
    return tuple(c for c in old[0].edition_map if (c.from_edition, c.to_edition) == editions)


def _differing(old: Requirement, new: Requirement) -> tuple[str, ...]:
    fields = (f for f in Requirement.__dataclass_fields__ if f != "source_file")
    return tuple(f for f in fields if getattr(old, f) != getattr(new, f))


def _titled(chosen: Chosen) -> str:
    checklist, edition = chosen
    return f"{checklist.id}@{edition.edition}" if edition else checklist.id


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    names = list(known)
    near = difflib.get_close_matches(name, names, n=3)
    if near:
        return f"There is no {what} '{name}'. Did you mean {' or '.join(near)}?"
    shown = ", ".join(names) if names and len(names) <= 20 else "`cartaudit checklists list` shows all"
    return f"There is no {what} '{name}'. Known: {shown}."
