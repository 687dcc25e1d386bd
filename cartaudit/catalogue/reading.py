"""Reading of content files: found by folder, hashed, parsed; a broken file is a message and the others go on."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cartaudit.catalogue.messages import LintMessage, Place
from cartaudit.files import parse_toml
from cartaudit.model.checklists import Kind

BODY_FOLDERS: Mapping[str, Kind] = {
    "accreditation": Kind.ACCREDITATION,
    "manufacturers": Kind.PRODUCT,
    "commissioners": Kind.COMMISSIONER,
}
"""The folders that hold checklists, and the kind of those in each."""

SINGLE_FILES: Mapping[str, str] = {
    "areas.toml": "area",
    "jurisdictions.toml": "jurisdiction",
    "sources.toml": "source",
    "parameters.toml": "definition",
}
"""The files at the top, and the one kind of table each holds."""

CONSISTENCY_FILE = "consistency.toml"
"""The file at the top that may be left out; it holds the rules on what answers have to agree about."""

WEIGHT_FILES: Mapping[str, str] = {"protected.toml": "protected", "decisions.toml": "decision"}
"""Files at the top that may be left out: what keeps its weight, and what was decided about weights."""

VERSION_FILE = "VERSION"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFile:
    """One parsed file: `name` is relative to the checklist folder (POSIX), or an overlay's path as given."""

    name: str
    data: Mapping[str, Any]
    content: bytes

    @property
    def sha256(self) -> str:
        """Give the SHA-256 of the file's bytes."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def place(self) -> Place:
        """Give the place of the file as a whole."""
        return Place(self.name)

    @property
    def folder(self) -> str:
        """Name the folder the file stands in; empty at the top."""
        return self.name.rpartition("/")[0]

    @property
    def stem(self) -> str:
        """Name the file without folder and suffix."""
        return self.name.rpartition("/")[2].removesuffix(".toml")

    @property
    def is_shared(self) -> bool:
        """Tell whether the file holds requirements for several checklists."""
        return self.folder in BODY_FOLDERS and self.stem.startswith("_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a folder holds: parsed files in the order of their names, and the version text."""

    files: tuple[RawFile, ...]
    version: str
    messages: tuple[LintMessage, ...]

    @property
    def unread(self) -> tuple[str, ...]:
        """Name the files that are missing or could not be parsed."""
        return tuple(dict.fromkeys(m.file for m in self.messages))


def read_folder(folder: Path) -> Reading:
    """Read every content file of a checklist folder; never stops at a broken one."""
    files: list[RawFile] = []
    messages: list[LintMessage] = []
    for path in _content_paths(folder):
        name = path.relative_to(folder).as_posix()
        read = read_file(path, name)
        if isinstance(read, LintMessage):
            messages.append(read)
        else:
            files.append(read)
    messages += [
        Place(name).error("The file is missing.", f"Write it, with its [[{table}]] tables.")
        for name, table in SINGLE_FILES.items()
        if not (folder / name).is_file()
    ]
    version = folder / VERSION_FILE
    return Reading(
        files=tuple(files),
        version=version.read_text(encoding="utf-8").strip() if version.is_file() else "0",
        messages=tuple(messages),
    )


def read_file(path: Path, name: str) -> RawFile | LintMessage:
    """Read one TOML file, or say why it cannot be used."""
    place = Place(name)
    try:
        data = path.read_bytes()
        return RawFile(name=name, data=parse_toml(data.decode("utf-8")), content=data)
    except OSError as error:
        return place.error(f"The file cannot be read: {error.strerror or error}.", "Check its name and permissions.")
    except UnicodeDecodeError:
        return place.error("The file is not UTF-8 text.", "Save it as UTF-8.")
    except tomllib.TOMLDecodeError as error:
        return place.error(f"The file is not valid TOML: {error}.", "Correct it there; a key may stand only once.")


def _content_paths(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*.toml")
        if path.is_file() and not any(part.startswith((".", "~")) for part in path.relative_to(folder).parts)
    )
