"""The parts of a workbook's archive that say what its sheets are: found, checked, and named once."""

import posixpath
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.etree import ElementTree as ET

from cartaudit.workbook.reading.limits import Limits, Refused
from cartaudit.workbook.reading.styles import Style, read_styles
from cartaudit.workbook.reading.xml import SPREADSHEET, attribute, flag, is_spreadsheet, local, parse, split

_ARCHIVE_ERRORS = (zipfile.BadZipFile, OSError, EOFError, zlib.error, RuntimeError, NotImplementedError, ValueError)
_WORKSHEET, _CHART = "worksheet", "chartsheet"
_OTHER_KINDS = {"dialogsheet": "dialog sheet", "macrosheet": "macro sheet", "xlmacrosheet": "macro sheet"}


class Relation(NamedTuple):
    """What one part says of another: its kind (the last word of the relation's type) and its canonical name."""

    kind: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPart:
    """One worksheet as the workbook names it."""

    name: str
    state: str
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """The archive with its parts by canonical name, its worksheets in order, and its facts.

    `charts` names the sheets that hold nothing but a chart.
    """

    archive: zipfile.ZipFile
    limits: Limits
    members: Mapping[str, str]
    sheets: tuple[SheetPart, ...]
    charts: tuple[str, ...] = ()
    shared_strings: str = ""
    styles: tuple[Style, ...] = ()
    date_1904: bool = False
    strict: bool = False
    program: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    macros: bool = False
    external_links: int = 0

    def read(self, part: str) -> bytes:
        """Unpack one part by canonical name. Raises Refused when it is missing or damaged."""
        return read_part(self.archive, self.members, part)

    def tree(self, part: str) -> ET.Element:
        """Parse one small part. Raises Refused when it is missing, damaged or beyond the limits."""
        return parse(self.read(part), part, self.limits)

    def relations(self, part: str) -> dict[str, Relation]:
        """Give the relations of a part by their ids. Raises Refused where an id stands twice."""
        return _relations(self.archive, self.members, part, self.limits)


def read_part(archive: zipfile.ZipFile, members: Mapping[str, str], part: str) -> bytes:
    """Unpack one part by canonical name. Raises Refused when it is missing or damaged."""
    if part not in members:
        raise Refused("CA117", part=part, why="it is missing")
    try:
        return archive.read(members[part])
    except _ARCHIVE_ERRORS as error:
        raise Refused("CA111", why=f"the part {part} does not unpack") from error


def open_package(archive: zipfile.ZipFile, limits: Limits) -> Package:
    """Read the parts that name the others. Raises Refused where the workbook part is missing, damaged or ambiguous."""
    members = {m.replace("\\", "/").lstrip("/").lower(): m for m in archive.namelist()}
    part = _workbook_part(archive, members, limits)
    root = parse(read_part(archive, members, part), part, limits)
    relations = _relations(archive, members, part, limits)
    listed = tuple(_listed(root, part))
    kinds = {element: _kind_of(element, relations) for element in listed}
    sheets = tuple(_sheet(e, kinds[e].target) for e in listed if kinds[e].kind == _WORKSHEET)
    _check_once([s.part for s in sheets], part, "two sheets name one part")
    _check_once([attribute(e, "name").casefold() for e in listed], part, "two sheets have the same name")
    styles = _only(relations, "styles", part)
    shared = _only(relations, "sharedStrings", part)
    return Package(
        archive=archive,
        limits=limits,
        members=members,
        sheets=sheets,
        charts=tuple(attribute(e, "name") for e in listed if kinds[e].kind == _CHART),
        shared_strings=shared if shared in members else "",
        styles=read_styles(read_part(archive, members, styles), styles, limits) if styles in members else (),
        date_1904=_date_1904(root, part),
        strict=split(root.tag)[0] == SPREADSHEET[1],
        program=_program(archive, members, limits),
        properties=_properties(archive, members, limits),
        macros=any(name.endswith("vbaproject.bin") for name in members),
        external_links=sum(name.startswith("xl/externallinks/") and name.endswith(".xml") for name in members),
    )


def _workbook_part(archive: zipfile.ZipFile, members: Mapping[str, str], limits: Limits) -> str:
    part = _only(_relations(archive, members, "", limits), "officeDocument", "_rels/.rels")
    if part in members:
        return part
    if "xl/workbook.xml" in members:
        return "xl/workbook.xml"
    raise Refused("CA116")


def _relations(archive: zipfile.ZipFile, members: Mapping[str, str], part: str, limits: Limits) -> dict[str, Relation]:
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels").lower()
    if path not in members:
        return {}
    found: dict[str, Relation] = {}
    for element in parse(read_part(archive, members, path), path, limits):
        number = attribute(element, "Id")
        if number in found:
            raise Refused("CA117", part=path, why=f"the relation {number} stands in it twice")
        found[number] = Relation(attribute(element, "Type").rpartition("/")[2], _target(element, folder))
    return found


def _target(element: ET.Element, folder: str) -> str:
    target = attribute(element, "Target").replace("\\", "/")
    full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
    return full.lower()


def _only(relations: Mapping[str, Relation], kind: str, part: str) -> str:
    """Give the part that a kind of relation names; no reader can choose between two."""
    targets = {relation.target for relation in relations.values() if relation.kind == kind}
    if len(targets) > 1:
        raise Refused("CA117", part=part, why=f"it names two parts as its {kind}")
    return next(iter(targets), "")


def _listed(root: ET.Element, part: str) -> Iterator[ET.Element]:
    """Give the elements that name the sheets."""
    if not is_spreadsheet(root.tag) or local(root.tag) != "workbook":
        raise Refused("CA117", part=part, why="it is no workbook")
    lists = [e for e in root.iter() if local(e.tag) == "sheets"]
    if len(lists) != 1 or lists[0] not in list(root) or not is_spreadsheet(lists[0].tag):
        raise Refused("CA117", part=part, why="it does not list its sheets exactly once")
    for element in lists[0]:
        if not is_spreadsheet(element.tag) or local(element.tag) != "sheet":
            raise Refused("CA117", part=part, why=f"'{local(element.tag)}' stands among its sheets")
        yield element


def _kind_of(element: ET.Element, relations: Mapping[str, Relation]) -> Relation:
    """Say what part a sheet is. Raises Refused for one that the archive does not hold, or of a kind without answers."""
    name = attribute(element, "name")
    number = next((v for k, v in element.attrib.items() if k.startswith("{") and local(k) == "id"), "")
    relation = relations.get(number)
    if relation is None:
        raise Refused("CA117", part=f"sheet {name}", why="the archive does not hold it")
    if relation.kind not in (_WORKSHEET, _CHART):
        kind = _OTHER_KINDS.get(relation.kind.lower())
        if kind is None:
            raise Refused("CA117", part=f"sheet {name}", why=f"it is a {relation.kind or 'part without a kind'}")
        raise Refused("CA123", sheet=name, kind=kind)
    return relation


def _sheet(element: ET.Element, part: str) -> SheetPart:
    return SheetPart(name=attribute(element, "name"), state=attribute(element, "state") or "visible", part=part)


def _check_once(names: list[str], part: str, why: str) -> None:
    if any(number > 1 for number in Counter(names).values()):
        raise Refused("CA117", part=part, why=why)


def _date_1904(root: ET.Element, part: str) -> bool:
    found = [e for e in root if local(e.tag) == "workbookPr"]
    if len(found) > 1 or not all(is_spreadsheet(e.tag) for e in found):
        raise Refused("CA117", part=part, why="its properties, which say how days are counted, stand in it twice")
    return bool(found) and flag(found[0].get("date1904", "").lower())


def _program(archive: zipfile.ZipFile, members: Mapping[str, str], limits: Limits) -> str:
    root = _optional(archive, members, "docprops/app.xml", limits)
    if root is None:
        return ""
    texts = {local(e.tag): (e.text or "").strip() for e in root}
    return " ".join(t for t in (texts.get("Application", ""), texts.get("AppVersion", "")) if t)


def _properties(archive: zipfile.ZipFile, members: Mapping[str, str], limits: Limits) -> dict[str, str]:
    root = _optional(archive, members, "docprops/custom.xml", limits)
    if root is None:
        return {}
    return {attribute(e, "name"): "".join(t.text or "" for t in e).strip() for e in root if attribute(e, "name")}


def _optional(archive: zipfile.ZipFile, members: Mapping[str, str], part: str, limits: Limits) -> ET.Element | None:
    """Parse a part that nothing depends on; None where it is missing or damaged. A document type is refused."""
    if part not in members:
        return None
    try:
        return parse(read_part(archive, members, part), part, limits)
    except Refused as refusal:
        if refusal.problem.code == "CA114":
            raise
        return None
