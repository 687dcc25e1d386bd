"""Lint messages: defects of checklist content, each with file, key, fault and remedy."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class LintSeverity(StrEnum):
    """ERROR: the content cannot be used. WARNING: it can, and somebody should look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class LintMessage:
    """One defect. `file` is relative to the checklist folder, or an overlay's path; `key` reads like
    `requirement[PR-STO-01].criterion.vessels.every_row.vessel` and is empty for the file as a whole."""

    file: str
    key: str
    fault: str
    remedy: str
    severity: LintSeverity = LintSeverity.ERROR

    def __str__(self) -> str:
        """Say place, fault and remedy in one line."""
        mark = "warning: " if self.severity is LintSeverity.WARNING else ""
        place = f"{self.file}: {self.key}" if self.key else self.file
        return f"{place}: {mark}{self.fault} {self.remedy}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the content something stands; makes messages and deeper places."""

    file: str
    key: str = ""

    def at(self, key: str) -> "Place":
        """Go to a key of the table that stands here."""
        return Place(self.file, f"{self.key}.{key}" if self.key else key)

    def item(self, label: object) -> "Place":
        """Go to an entry of the list that stands here, named by its id or its number."""
        return Place(self.file, f"{self.key}[{label}]")

    def along(self, path: Iterable[str | int]) -> "Place":
        """Go down a path of keys and numbers of entries."""
        here = self
        for step in path:
            here = here.item(step) if isinstance(step, int) else here.at(step)
        return here

    def error(self, fault: str, remedy: str) -> LintMessage:
        """Say what is wrong here and how to put it right."""
        return LintMessage(file=self.file, key=self.key, fault=fault, remedy=remedy)

    def warning(self, fault: str, remedy: str) -> LintMessage:
        """Say what somebody should look at here."""
        return LintMessage(file=self.file, key=self.key, fault=fault, remedy=remedy, severity=LintSeverity.WARNING)


class OpenNames(frozenset[str]):
    """Names of which some could not be read: any name may be among them."""

    def __contains__(self, name: object) -> bool:
        return True


def written(value: object) -> str:
    """Show a value as TOML would write it, texts in single quotes."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {written(inner)}' for key, inner in value.items())} }}"
    return f"'{value}'" if isinstance(value, str) else str(value)


def listed(names: Iterable[object]) -> str:
    """Join names for a message, sorted."""
    return ", ".join(sorted(map(str, names)))


def instead(name: str, known: Iterable[str], what: str) -> str:
    """Suggest the nearest known name, or say where the known ones stand."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"Did you mean '{near[0]}'?" if near else f"Name {what}."
