"""The way from a checklist folder and overlays to a catalogue, or to every message about it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from cartaudit.catalogue.content import sort_content
from cartaudit.catalogue.lint.checklists import lint_checklists
from cartaudit.catalogue.lint.consistency import lint_consistency
from cartaudit.catalogue.lint.permissions import lint_definitions
from cartaudit.catalogue.lint.places import lint_places
from cartaudit.catalogue.lint.requirements import lint_requirements, setting
from cartaudit.catalogue.lint.weights import lint_weights
from cartaudit.catalogue.messages import LintMessage, LintSeverity
from cartaudit.catalogue.overlays import Overlaid, apply_overlays
from cartaudit.catalogue.reading import Reading, read_folder
from cartaudit.errors import ChecklistError
from cartaudit.model.checklists import Catalogue


def read_catalogue(folder: Path, overlays: Sequence[Path] = ()) -> Catalogue:
    """Read and check a checklist folder with overlays.

    Raises ChecklistError with every lint message of severity error in `details`, warnings left out.
    """
    reading, overlaid, messages = _read(folder, overlays)
    errors = [m for m in messages if m.severity is LintSeverity.ERROR]
    if errors:
        count = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
        raise ChecklistError(
            f"The checklists in {folder} cannot be used: {count}. Correct them; nothing was judged.",
            tuple(map(str, errors)),
        )
    catalogue = _assemble(reading, overlaid)
    if not catalogue.overlays:
        return catalogue
    content, _ = sort_content(reading)
    return replace(catalogue, shipped=_assemble(reading, Overlaid(content=content)))


def lint_catalogue(folder: Path, overlays: Sequence[Path] = ()) -> tuple[LintMessage, ...]:
    """Give every message about a checklist folder and overlays, errors and warnings, in the order of files."""
    return _read(folder, overlays)[2]


def _read(folder: Path, overlays: Sequence[Path]) -> tuple[Reading, Overlaid, tuple[LintMessage, ...]]:
    reading = read_folder(folder)
    content, shape_messages = sort_content(reading)
    checked = setting(content)
    messages = [
        *reading.messages,
        *shape_messages,
        *lint_places(content),
        *lint_requirements(checked),
        *lint_definitions(checked),
        *lint_checklists(checked),
        *lint_consistency(checked),
        *lint_weights(checked),
    ]
    overlaid = apply_overlays(checked, overlays)
    return reading, overlaid, (*sorted(messages, key=lambda m: m.file), *overlaid.messages)


def _assemble(reading: Reading, overlaid: Overlaid) -> Catalogue:
    content = overlaid.content
    checklists = [replace(body.checklist, requirements=content.requirements_of(body)) for body in content.bodies]
    parameters = sorted(
        content.parameters(), key=lambda v: (v.name, v.product, v.jurisdiction, v.effective_from or date.min)
    )
    files = {raw.name: raw for raw in reading.files}
    files |= {f"overlay:{name}": raw for name, raw in overlaid.files.items()}
    return Catalogue(
        version=reading.version,
        areas={a.id: a for a in content.areas},
        questions={q.id: q for q in content.questions},
        consistency=content.consistency,
        definitions={d.name: d for d in content.definitions},
        parameters=tuple(parameters),
        products={b.product.id: b.product for b in content.bodies if b.product},
        jurisdictions=content.jurisdictions,
        sources={s.id: s for s in content.sources},
        checklists={c.id: c for c in checklists},
        hashes={name: raw.sha256 for name, raw in files.items()},
        overlays=tuple(overlaid.files),
        files={name: raw.content for name, raw in files.items()},
    )
