"""What a terminal shows of the catalogue: tables, one requirement, a comparison."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cartaudit.cli.catalogue_export import plain
from cartaudit.cli.naming import Comparison
from cartaudit.criteria import walk
from cartaudit.criteria.editions import in_force
from cartaudit.model.checklists import Catalogue, Checklist, Edition
from cartaudit.model.parameters import ParameterValue
from cartaudit.model.requirements import Requirement, Severity
from cartaudit.model.text import amount

Listing = dict[str, Any]

_PIPED_WIDTH = 120


def listing(catalogue: Catalogue, on: date) -> Listing:
    """Give the checklists with the edition in force on a day and their counts, and totals; ready for JSON."""
    checklists = []
    for checklist in catalogue.checklists.values():
        _, edition, requirements = in_force(checklist, on)
        checklists.append(
            {
                "id": checklist.id,
                "kind": checklist.kind.value,
                "title": checklist.title,
                "edition": edition.edition if edition else None,
                "editions": [e.edition for e in checklist.editions],
                "example": checklist.example,
                "requirements": len(requirements),
                "gates": sum(r.gate for r in requirements),
                "criticals": sum(r.severity is Severity.CRITICAL for r in requirements),
            }
        )
    distinct = {r.id for c in catalogue.checklists.values() for r in c.requirements}
    return {
        "as_of": on.isoformat(),
        "version": catalogue.version,
        "digest": catalogue.digest,
        "overlays": list(catalogue.overlays),
        "checklists": checklists,
        "totals": {
            "checklists": len(checklists),
            "questions": len(catalogue.questions),
            "requirements": len(distinct),
            "parameters": len(catalogue.parameters),
        },
    }


def print_listing(found: Listing) -> None:
    """Print the checklists as a table, with totals below."""
    table = _table("Id", "Kind", "Title", "Edition", "Requirements", "Gates", "Criticals", right=(4, 5, 6), wrap=(2,))
    for entry in found["checklists"]:
        edition = entry["edition"] or ("none in force" if entry["editions"] else "-")
        title = f"{entry['title']} *" if entry["example"] else entry["title"]
        counts = (entry["requirements"], entry["gates"], entry["criticals"])
        table.add_row(*_texts(entry["id"], entry["kind"], title, edition, *counts))
    console = _console()
    console.print(table)
    if any(entry["example"] for entry in found["checklists"]):
        _say(console, "* example: figures could not be read, confirm with the body")
    totals = found["totals"]
    _say(
        console,
        f"As of {found['as_of']}: {totals['checklists']} checklists, {totals['questions']} questions, "
        f"{totals['requirements']} different requirements, {totals['parameters']} parameter values.",
    )
    _say(console, f"Checklist content {found['version']}, SHA-256 {found['digest'][:16]}.")
    if found["overlays"]:
        _say(console, f"Overlays: {', '.join(found['overlays'])}.")


def print_checklist(checklist: Checklist, edition: Edition | None, requirements: Sequence[Requirement]) -> None:
    """Print the head of a checklist and its requirements."""
    console = _console()
    _say(console, f"{checklist.title} [{checklist.id}], {checklist.body}")
    for known in checklist.editions:
        mark = " (shown)" if known is edition else ""
        period = f"{known.effective_from or 'ever'} to {known.effective_to or 'open'}"
        _say(console, f"Edition {known.edition}: {period}, dates {known.status}, source {known.source}{mark}")
    if checklist.note:
        _say(console, checklist.note)
    table = _table("Id", "Area", "Severity", "Duty", "Gate", "Title")
    for r in requirements:
        table.add_row(*_texts(r.id, r.area, r.severity.value, r.duty.value, "gate" if r.gate else "", r.title))
    console.print(table)
    _say(console, f"{len(requirements)} requirements.")


def print_requirement(catalogue: Catalogue, checklist: Checklist, requirement: Requirement) -> None:
    """Print one requirement with criterion, questions, thresholds and sources."""
    console = _console()
    _say(console, f"{requirement.id}: {requirement.title}")
    gate = ", essential criterion (gate)" if requirement.gate else ""
    _say(console, f"{requirement.severity.value}, {requirement.duty.value}{gate}, area {requirement.area}")
    for heading, group in (
        ("Applies", requirement.applies),
        ("Criterion", requirement.criterion),
        ("Partial", requirement.partial),
        ("Watch", requirement.watch),
    ):
        if group:
            _say(console, f"{heading}: {json.dumps(group, ensure_ascii=False, default=str)}")
    for name in requirement.criterion:
        if name in catalogue.questions:
            _say(console, f"Question {name}: {catalogue.questions[name].text}")
    _say(console, f"Evidence: {requirement.evidence}")
    _say(console, f"Remediation: {requirement.remediation}")
    for citation in requirement.sources:
        source = catalogue.sources[citation.id]
        parts = (source.title, citation.reference, citation.date or source.date)
        _say(console, f"Source {citation.id} ({citation.kind.value}): {', '.join(p for p in parts if p)}")
    _print_thresholds(console, catalogue, checklist, requirement)


def _print_thresholds(console: Console, catalogue: Catalogue, checklist: Checklist, requirement: Requirement) -> None:
    names = walk.parameters_of(requirement)
    values = [v for v in catalogue.parameters if v.name in names and v.product == checklist.product]
    if not values:
        return
    table = _table("Parameter", "Where", "Value", "From", "To", "Verification", "Source", "Text date")
    for v in values:
        where = " ".join(p for p in (v.jurisdiction, v.indication, v.population) if p)
        period = (v.effective_from or "", v.effective_to or "")
        shown = _value(v, catalogue)
        table.add_row(*_texts(v.name, where, shown, *period, v.verification.value, v.source, v.text_date or ""))
    console.print(table)


def _value(value: ParameterValue, catalogue: Catalogue) -> str:
    definition = catalogue.definitions[value.name]
    return definition.none_word if value.none else amount(str(plain(value.value)), definition.unit)


def print_comparison(found: Comparison) -> None:
    """Print the edition map between two editions, and the requirements added, removed and changed."""
    console = _console()
    _say(console, f"From {found.old} to {found.new}")
    if found.edition_map:
        table = _table("Requirement", "Relation", "Note")
        for line in found.edition_map:
            table.add_row(*_texts(line.requirement, line.relation, line.note))
        console.print(table)
    for word, requirements in (("Added", found.added), ("Removed", found.removed)):
        for requirement in requirements:
            _say(console, f"{word}: {requirement.id} {requirement.title}")
    for _, new, fields in found.changed:
        _say(console, f"Changed: {new.id} {new.title} ({', '.join(fields)})")
    counts = (len(found.added), len(found.removed), len(found.changed))
    _say(console, "{} added, {} removed, {} changed.".format(*counts))


def _console() -> Console:
    """Open the terminal; what is piped into a file gets a fixed width."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_PIPED_WIDTH)


def _say(console: Console, text: str) -> None:
    console.print(Text(text), soft_wrap=True)


def _table(*headings: str, right: Sequence[int] = (), wrap: Sequence[int] = ()) -> Table:
    """Lay out a table; only the columns named by `wrap` may break their lines (without it all but the first)."""
    table = Table(box=None, pad_edge=False)
    for number, heading in enumerate(headings):
        fixed = number not in wrap if wrap else number == 0
        table.add_column(heading, justify="right" if number in right else "left", no_wrap=fixed)
    return table


def _texts(*values: object) -> list[Text]:
    return [Text(str(value)) for value in values]
