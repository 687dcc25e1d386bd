"""The parts of a workbook's archive that say what its sheets are: found, checked and read tolerantly."""

import posixpath
import zipfile
import zlib
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from cartaudit.model.kept import keeping
from cartaudit.workbook.formats import BUILT_IN, is_duration, is_temporal
from cartaudit.workbook.limits import DEFAULT, Refused

_ARCHIVE_ERRORS = (zipfile.BadZipFile, OSError, EOFError, zlib.error, RuntimeError, NotImplementedError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPart:
    """One worksheet as workbook.xml names it."""

    name: str
    state: str
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What a cell format says that matters here: number format, font, and whether numbers are dates or durations."""

    number_format: str = "General"
    font: str = ""
    temporal: bool = False
    duration: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """The archive with its parts by canonical name, its worksheets in order, and its facts."""

    archive: zipfile.ZipFile
    members: dict[str, str]
    sheets: tuple[SheetPart, ...]
    shared_strings: str = ""
    styles: tuple[Style, ...] = ()
    date_1904: bool = False
    strict: bool = False
    program: str = ""
    properties: dict[str, str] = field(default_factory=dict)
    macros: bool = False
    external_links: int = 0

    def read(self, part: str) -> bytes:
        """Unpack one part by canonical name. Raises Refused when it is missing or damaged."""
        return read_part(self.archive, self.members, part)


class _GuardedBuilder(ET.TreeBuilder):
    """Builds a tree and refuses a document type, or nesting no workbook has, as soon as it comes."""

    depth = 0

    def start(self, tag: str, attrs: dict[str, str]) -> ET.Element:
        """Open an element."""
        self.depth += 1
        if self.depth > DEFAULT.depth:
            raise Refused("CA115", what="levels of nested elements", limit=DEFAULT.depth)
        return super().start(tag, attrs)

    def end(self, tag: str) -> ET.Element:
        """Close an element."""
        self.depth -= 1
        return super().end(tag)

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Refuse; the name of the part is added by the caller."""
        raise Refused("CA114", part=name)


def read_part(archive: zipfile.ZipFile, members: dict[str, str], part: str) -> bytes:
    """Unpack one part by canonical name. Raises Refused when it is missing or damaged."""
    if part.lower() not in members:
        raise Refused("CA117", part=part, why="it is missing")
    try:
        return archive.read(members[part.lower()])
    except _ARCHIVE_ERRORS as error:
        raise Refused("CA111", why=f"the part {part} does not unpack") from error


def parse_xml(data: bytes, part: str) -> ET.Element:
    """Parse a part into a tree; a document type is refused. Raises Refused."""
    try:
        return _tree(data)
    except Refused as refusal:
        if refusal.problem.code != "CA114":
            raise
        raise Refused("CA114", part=part) from refusal
    except (ET.ParseError, ValueError, LookupError) as error:
        raise Refused("CA117", part=part, why="it is not well-formed XML") from error


# The parts that name the others are often the same in every workbook of a template; nobody changes a tree.
@keeping(entries=8, longest=30_000)
def _tree(data: bytes) -> ET.Element:
    parser = ET.XMLParser(target=_GuardedBuilder())
    parser.feed(data)
    root: ET.Element = parser.close()
    return root


def local(tag: object) -> str:
    """Give a tag or attribute name without its namespace."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: ET.Element, name: str) -> str:
    """Give an attribute whatever its namespace, or an empty text."""
    return next((value for key, value in element.attrib.items() if local(key) == name), "")


def open_package(archive: zipfile.ZipFile) -> Package:
    """Read the parts that name the others. Raises Refused where the workbook part is missing or damaged."""
    members = {m.replace("\\", "/").lstrip("/").lower(): m for m in archive.namelist()}
    workbook_part = _workbook_part(archive, members)
    data = read_part(archive, members, workbook_part)
    root = parse_xml(data, workbook_part)
    relations = _relations(archive, members, workbook_part)
    by_type = {kind: target for kind, target in relations.values() if kind not in ("worksheet", "chartsheet")}
    styles_part = by_type.get("styles", "")
    names = list(members)
    return Package(
        archive=archive,
        members=members,
        sheets=_sheets(root, relations),
        shared_strings=by_type.get("sharedStrings", "") if by_type.get("sharedStrings", "") in members else "",
        styles=read_styles(read_part(archive, members, styles_part)) if styles_part in members else (),
        date_1904=_date_1904(root),
        strict=b"purl.oclc.org/ooxml" in data,
        program=_program(archive, members),
        properties=_properties(archive, members),
        macros=any(n.endswith("vbaproject.bin") for n in names),
        external_links=sum(n.startswith("xl/externallinks/") and n.endswith(".xml") for n in names),
    )


def _workbook_part(archive: zipfile.ZipFile, members: dict[str, str]) -> str:
    for kind, target in _relations(archive, members, "").values():
        if kind == "officeDocument" and target in members:
            return target
    if "xl/workbook.xml" in members:
        return "xl/workbook.xml"
    raise Refused("CA116")


def _relations(archive: zipfile.ZipFile, members: dict[str, str], part: str) -> dict[str, tuple[str, str]]:
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels").lower()
    if path not in members:
        return {}
    root = parse_xml(read_part(archive, members, path), path)
    found = {}
    for element in root:
        target = attribute(element, "Target").replace("\\", "/")
        full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[attribute(element, "Id")] = (attribute(element, "Type").rpartition("/")[2], full.lower())
    return found


def _sheets(root: ET.Element, relations: dict[str, tuple[str, str]]) -> tuple[SheetPart, ...]:
    parts = []
    for element in root.iter():
        if local(element.tag) != "sheet":
            continue
        relation = next((v for k, v in element.attrib.items() if k.startswith("{") and local(k) == "id"), "")
        kind, target = relations.get(relation, ("", ""))
        if kind == "chartsheet":
            continue
        if kind != "worksheet":
            raise Refused("CA117", part=f"sheet {attribute(element, 'name')}", why="the archive does not hold it")
        state = attribute(element, "state") or "visible"
        parts.append(SheetPart(name=attribute(element, "name"), state=state, part=target))
    if len({p.name.casefold() for p in parts}) < len(parts):
        raise Refused("CA117", part="xl/workbook.xml", why="two sheets have the same name")
    return tuple(parts)


def _date_1904(root: ET.Element) -> bool:
    for element in root:
        if local(element.tag) == "workbookPr":
            return attribute(element, "date1904").lower() in ("1", "true", "on")
    return False


def _program(archive: zipfile.ZipFile, members: dict[str, str]) -> str:
    root = _optional(archive, members, "docprops/app.xml")
    if root is None:
        return ""
    texts = {local(e.tag): (e.text or "").strip() for e in root}
    return " ".join(t for t in (texts.get("Application", ""), texts.get("AppVersion", "")) if t)


def _properties(archive: zipfile.ZipFile, members: dict[str, str]) -> dict[str, str]:
    root = _optional(archive, members, "docprops/custom.xml")
    if root is None:
        return {}
    return {attribute(e, "name"): "".join(e.itertext()).strip() for e in root}


def _optional(archive: zipfile.ZipFile, members: dict[str, str], part: str) -> ET.Element | None:
    # A damaged description of the file takes nothing from its cells; a document type is refused all the same.
    if part not in members:
        return None
    try:
        return parse_xml(read_part(archive, members, part), part)
    except Refused as refusal:
        if refusal.problem.code == "CA114":
            raise
        return None


# Workbooks of one template share these bytes, and parsing them costs more than a whole sheet.
@keeping(entries=8, longest=200_000)
def read_styles(data: bytes) -> tuple[Style, ...]:
    """Read number formats and font names by cell format index, ignoring all else that may be wrong with styles."""
    root = parse_xml(data, "xl/styles.xml")
    sections = {local(section.tag): section for section in root}
    formats = dict(BUILT_IN)
    for element in sections.get("numFmts", ()):
        formats[_number(attribute(element, "numFmtId"))] = attribute(element, "formatCode")
    fonts = [_font_name(font) for font in sections.get("fonts", ())]
    return tuple(_style(xf, formats, fonts) for xf in sections.get("cellXfs", ()))


def _style(xf: ET.Element, formats: dict[int, str], fonts: list[str]) -> Style:
    font = _number(attribute(xf, "fontId"))
    code = formats.get(_number(attribute(xf, "numFmtId")), "General")
    temporal = is_temporal(code)
    return Style(
        number_format=code,
        font=fonts[font] if 0 <= font < len(fonts) else "",
        temporal=temporal,
        duration=temporal and is_duration(code),
    )


def _font_name(font: ET.Element) -> str:
    return next((attribute(e, "val") for e in font if local(e.tag) in ("name", "rFont")), "")


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
