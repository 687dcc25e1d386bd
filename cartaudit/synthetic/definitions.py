"""Definitions of samples: TOML files that say what a centre is and where it differs from a compliant one."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from cartaudit.errors import ChecklistError
from cartaudit.files import parse_toml
from cartaudit.model.profile import Treatment

_KEYS = frozenset(
    {
        "title",
        "about",
        "as_of",
        "checklists",
        "site_values",
        "profile",
        "treatment",
        "change",
        "rows",
        "blank",
        "expected",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One sample. `changes` differ from the compliant answers, `rows` change registers, `blank` names questions and
    areas left unanswered; `expected` gives the readiness of each checklist; `site_values` is "pending" where every
    threshold that waits is supplied."""

    name: str
    title: str
    about: str
    as_of: date
    profile: Mapping[str, Any]
    treatments: tuple[Treatment, ...]
    checklists: tuple[str, ...] = ()
    site_values: str = ""
    changes: tuple[Mapping[str, Any], ...] = ()
    rows: tuple[Mapping[str, Any], ...] = ()
    blank: tuple[str, ...] = ()
    expected: Mapping[str, str] = field(default_factory=dict)


def read_definitions(folder: Path) -> tuple[Definition, ...]:
    """Read every sample definition of a folder, by name. Raises ChecklistError for a file that cannot be used."""
    return tuple(_read(path) for path in sorted(folder.glob("*.toml")))


def _read(path: Path) -> Definition:
    try:
        content = parse_toml(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ChecklistError(f"{path.name}: {error}. Correct the file.") from error
    return parse_definition(content, path.stem)


def parse_definition(content: Mapping[str, Any], name: str) -> Definition:
    """Turn the content of a sample file into a definition. Raises ChecklistError for unknown or missing keys."""
    unknown = sorted(content.keys() - _KEYS)
    if unknown:
        raise ChecklistError(f"{name}: unknown key '{unknown[0]}'. Known are: {', '.join(sorted(_KEYS))}.")
    missing = sorted({"title", "as_of", "profile", "treatment"} - content.keys())
    if missing:
        raise ChecklistError(f"{name}: '{missing[0]}' is missing. Add it.")
    return Definition(
        name=name,
        title=content["title"],
        about=content.get("about", ""),
        as_of=content["as_of"],
        profile=content["profile"],
        treatments=tuple(Treatment(**treatment) for treatment in content["treatment"]),
        checklists=tuple(content.get("checklists", ())),
        site_values=content.get("site_values", ""),
        changes=tuple(content.get("change", ())),
        rows=tuple(content.get("rows", ())),
        blank=tuple(content.get("blank", ())),
        expected=content.get("expected", {}),
    )
