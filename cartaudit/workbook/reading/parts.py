"""The parts of a workbook's archive: unpacked under guard, and what they say of each other."""

import posixpath
import zipfile
import zlib
from collections.abc import Iterable
from typing import NamedTuple
from xml.etree import ElementTree as ET

from cartaudit.workbook.reading.guard import Guard
from cartaudit.workbook.reading.limits import Limits, Refused
from cartaudit.workbook.reading.xml import named, parse

_ARCHIVE_ERRORS = (zipfile.BadZipFile, OSError, EOFError, zlib.error, RuntimeError, NotImplementedError, ValueError)
_OFFICE = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/",
    "http://purl.oclc.org/ooxml/officeDocument/relationships/",
    "http://schemas.microsoft.com/office/",
)
"""How the types of relations begin: transitional, strict, and those that Microsoft added."""


_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Relation(NamedTuple):
    """What one part says of another: its kind (the last word of the relation's type) and its canonical name."""

    kind: str
    target: str


class Parts:
    """The parts of one archive by canonical name: with slashes, in small letters; `members` gives the written one."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        self.guard = Guard(limits)
        self.archive = archive
        self.members = {canonical(member): member for member in archive.namelist()}

    @property
    def limits(self) -> Limits:
        """Give the limits that the guard holds to."""
        return self.guard.limits

    def __contains__(self, part: str) -> bool:
        return part in self.members

    def names(self) -> Iterable[str]:
        """Give the canonical names."""
        return self.members

    def read(self, part: str) -> bytes:
        """Unpack one part. Raises Refused when it is missing, damaged, or too much together with those before."""
        if part not in self.members:
            raise Refused("CA117", part=part, why="it is missing")
        try:
            self.guard.unpack(self.archive.getinfo(self.members[part]).file_size)
            return self.archive.read(self.members[part])
        except _ARCHIVE_ERRORS as error:
            raise Refused("CA111", why=f"the part {part} does not unpack") from error

    def tree(self, part: str) -> ET.Element:
        """Parse one small part. Raises Refused when it is missing, damaged or beyond the limits."""
        data = self.read(part)
        self.guard.count(data, part)
        return parse(data, part)

    def relations(self, part: str) -> dict[str, Relation]:
        """Give the relations of a part by their ids; of the archive for an empty name. Raises Refused for a doubled id.

        A relation of a type that no office program knows has the whole type as its kind.
        """
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels").lower()
        if path not in self:
            return {}
        found: dict[str, Relation] = {}
        for element in self.tree(path):
            if element.tag != _RELATION:
                raise Refused("CA117", part=path, why=f"{named(element)} stands among its relations")
            number, kind = element.get("Id", ""), element.get("Type", "")
            if number in found:
                raise Refused("CA117", part=path, why=f"the relation {number} stands in it twice")
            known = kind.startswith(_OFFICE)
            found[number] = Relation(kind.rpartition("/")[2] if known else kind, _target(element, folder))
        return found


def canonical(member: str) -> str:
    """Give the name by which parts refer to a member of the archive."""
    return member.replace("\\", "/").lstrip("/").lower()


def only(relations: Iterable[Relation], kind: str, part: str) -> str:
    """Give the part that a kind of relation names, or an empty text; no reader can choose between two."""
    targets = {relation.target for relation in relations if relation.kind == kind}
    if len(targets) > 1:
        raise Refused("CA117", part=part, why=f"it names two parts as its {kind}")
    return next(iter(targets), "")


def _target(element: ET.Element, folder: str) -> str:
    if element.get("TargetMode", "Internal") != "Internal":
        return ""  # what lies outside the archive is never read
    target = element.get("Target", "").replace("\\", "/")
    full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
    return full.lower()
