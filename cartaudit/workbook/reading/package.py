"""The parts of a workbook's archive that say what its sheets are: found, checked, and named once."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from cartaudit.workbook.reading.limits import Refused
from cartaudit.workbook.reading.parts import Parts, Relation, only
from cartaudit.workbook.reading.styles import Style, read_styles
from cartaudit.workbook.reading.xml import SPREADSHEET, is_spreadsheet, local, split

_WORKSHEET, _CHART = "worksheet", "chartsheet"
_OTHER_KINDS = {"dialogsheet": "dialog sheet", "macrosheet": "macro sheet", "xlmacrosheet": "macro sheet"}
_OTHER_KINDS |= {"xlintlmacrosheet": "macro sheet"}
_ID = frozenset(
    f"{{{space}}}id"
    for space in (
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    )
)
_TRUTH = {"": False, "0": False, "false": False, "1": True, "true": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPart:
    """One worksheet as the workbook names it."""

    name: str
    state: str
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """The parts of the archive, its worksheets in order, and its facts.

    `charts` names the sheets that hold nothing but a chart; `persons` are the writers of threaded comments by id.
    """

    parts: Parts
    sheets: tuple[SheetPart, ...]
    charts: tuple[str, ...] = ()
    shared_strings: str = ""
    styles: tuple[Style, ...] = ()
    persons: Mapping[str, str] = field(default_factory=dict)
    date_1904: bool = False
    strict: bool = False
    program: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    macros: bool = False
    external_links: int = 0


def open_package(parts: Parts) -> Package:
    """Read the parts that name the others. Raises Refused where the workbook part is missing, damaged or ambiguous."""
    part = _workbook_part(parts)
    root, named = parts.tree(part), parts.relations(part)
    relations = tuple(named.values())
    listed = tuple(_listed(root, part))
    if len(listed) > parts.limits.sheets:
        raise Refused("CA115", what="sheets", limit=parts.limits.sheets)
    kinds = {element: _kind_of(element, named) for element in listed}
    _check_once([relation.target for relation in kinds.values()], part, "two sheets name one part")
    _check_once([e.get("name", "").casefold() for e in listed], part, "two sheets have the same name")
    charts = tuple(e for e in listed if kinds[e].kind == _CHART)
    for element in charts:
        _expect_chart(parts, element.get("name", ""), kinds[element].target)
    styles, shared, persons = (only(relations, kind, part) for kind in ("styles", "sharedStrings", "person"))
    return Package(
        parts=parts,
        sheets=tuple(_sheet(e, kinds[e].target) for e in listed if kinds[e].kind == _WORKSHEET),
        charts=tuple(e.get("name", "") for e in charts),
        shared_strings=shared if shared in parts else "",
        styles=read_styles(parts.tree(styles), styles, parts.limits) if styles in parts else (),
        persons=_persons(parts.tree(persons)) if persons in parts else {},
        date_1904=_date_1904(root, part),
        strict=split(root.tag)[0] == SPREADSHEET[1],
        program=_program(parts),
        properties=_properties(parts),
        macros=any(name.endswith("vbaproject.bin") for name in parts.names()),
        external_links=sum(n.startswith("xl/externallinks/") and n.endswith(".xml") for n in parts.names()),
    )


def _workbook_part(parts: Parts) -> str:
    part = only(parts.relations("").values(), "officeDocument", "_rels/.rels")
    if part in parts:
        return part
    if "xl/workbook.xml" in parts:
        return "xl/workbook.xml"
    raise Refused("CA116")


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
    name = element.get("name", "")
    numbers = [value for key, value in element.attrib.items() if key in _ID]
    relation = relations.get(numbers[0]) if len(numbers) == 1 else None
    if relation is None:
        raise Refused("CA117", part=f"sheet {name}", why="the archive does not hold it")
    if relation.kind not in (_WORKSHEET, _CHART):
        kind = _OTHER_KINDS.get(relation.kind.lower())
        if kind is None:
            raise Refused("CA117", part=f"sheet {name}", why=f"it is a {relation.kind or 'part without a kind'}")
        raise Refused("CA123", sheet=name, kind=kind)
    return relation


def _sheet(element: ET.Element, part: str) -> SheetPart:
    return SheetPart(name=element.get("name", ""), state=element.get("state", "") or "visible", part=part)


def _check_once(names: list[str], part: str, why: str) -> None:
    if any(number > 1 for number in Counter(names).values()):
        raise Refused("CA117", part=part, why=why)


def _expect_chart(parts: Parts, sheet: str, part: str) -> None:
    """Make sure that what is passed over as a chart holds no cells."""
    root = parts.tree(part)
    if not is_spreadsheet(root.tag) or local(root.tag) != _CHART:
        raise Refused("CA117", part=f"sheet {sheet}", why="it is said to be a chart sheet and is none")


def _date_1904(root: ET.Element, part: str) -> bool:
    """Say how days are counted; wherever it is said twice, or in alternative content, no reader can choose."""
    found = [e for e in root.iter() if local(e.tag) == "workbookPr"]
    if len(found) > 1 or not all(is_spreadsheet(e.tag) and e in list(root) for e in found):
        raise Refused("CA117", part=part, why="its properties, which say how days are counted, do not stand in it once")
    written = found[0].get("date1904", "").strip().lower() if found else ""
    if written not in _TRUTH:
        raise Refused("CA117", part=part, why=f"'{written[:20]}' does not say how days are counted")
    return _TRUTH[written]


def _persons(root: ET.Element) -> dict[str, str]:
    return {e.get("id", ""): e.get("displayName", "") for e in root if local(e.tag) == "person"}


def _program(parts: Parts) -> str:
    root = _optional(parts, "docprops/app.xml")
    if root is None:
        return ""
    texts = {local(e.tag): (e.text or "").strip() for e in root}
    return " ".join(t for t in (texts.get("Application", ""), texts.get("AppVersion", "")) if t)


def _properties(parts: Parts) -> dict[str, str]:
    part = "docprops/custom.xml"
    root = _optional(parts, part)
    if root is None:
        return {}
    named = [(e.get("name", ""), "".join(t.text or "" for t in e).strip()) for e in root if e.get("name", "")]
    _check_once([name for name, _ in named], part, "a property stands in it twice")
    return dict(named)


def _optional(parts: Parts, part: str) -> ET.Element | None:
    """Parse a part that nothing depends on; None where it is missing or is no XML. Anything else is refused."""
    if part not in parts:
        return None
    try:
        return parts.tree(part)
    except Refused as refusal:
        if refusal.problem.code not in ("CA111", "CA117"):
            raise
        return None
