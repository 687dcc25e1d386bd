"""XML parts, parsed after the guard has counted them; names with their namespaces."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from cartaudit.workbook.reading.limits import Refused

SPREADSHEET = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
"""The namespaces of spreadsheets: transitional and strict."""

_QUALIFIED = tuple(f"{{{namespace}}}" for namespace in SPREADSHEET)

COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"

_CHUNK = 65_536


def parse(data: bytes, part: str) -> ET.Element:
    """Parse a small part into a tree; it was counted before. Raises Refused."""
    try:
        return ET.fromstring(data)
    except (ET.ParseError, ValueError, LookupError) as error:
        raise not_well_formed(part) from error


def grow(data: bytes, part: str) -> Iterator[tuple[ET.Element, bool]]:
    """Parse a large part piece by piece: give its root as far as it has grown, and whether it is complete.

    Whoever asks takes out what it has read, so that only the last branch waits in memory. The tree grows under an
    element of our own, because that is at hand from the start. Raises Refused.
    """
    builder = ET.TreeBuilder()
    ground = builder.start("ground", {})
    parser = ET.XMLParser(target=builder)
    try:
        for start in range(0, len(data), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
            if len(ground):
                yield ground[0], False
        parser.feed(b"")
        builder.end("ground")
        parser.close()
    except (ET.ParseError, ValueError, LookupError) as error:
        raise not_well_formed(part) from error
    yield ground[0], True


def not_well_formed(part: str) -> Refused:
    """Refuse a part whose XML is broken."""
    return Refused("CA117", part=part, why="it is not well-formed XML")


def names(*tags: str) -> dict[str, str]:
    """Give, by qualified name in either namespace of spreadsheets, the names that are known."""
    return {f"{{{namespace}}}{tag}": tag for namespace in SPREADSHEET for tag in tags}


def split(name: str) -> tuple[str, str]:
    """Split a qualified name into namespace and local name."""
    namespace, brace, tag = name.rpartition("}")
    return (namespace[1:], tag) if brace else ("", name)


def local(tag: object) -> str:
    """Give a tag or attribute name without its namespace."""
    return split(tag)[1] if isinstance(tag, str) else ""


def is_spreadsheet(tag: object) -> bool:
    """Tell whether an element belongs to the namespaces of spreadsheets."""
    return isinstance(tag, str) and tag.startswith(_QUALIFIED)


def named(element: ET.Element) -> str:
    """Name an element for a message, with its namespace where that is none of spreadsheets."""
    namespace, tag = split(element.tag)
    if is_spreadsheet(element.tag):
        return f"'{tag}'"
    return f"'{tag}' of {f'the namespace {namespace}' if namespace else 'no namespace'}"


def flag(value: str | None) -> bool:
    """Read a truth value as XML writes it."""
    return value is not None and value.strip() in ("1", "true", "on")


def holds_text(element: ET.Element) -> bool:
    """Tell whether text stands directly in an element, before, between or after the elements in it."""
    tails = [child.tail for child in element if child.tail]  # none in nearly every element
    return is_filled(element.text) or (bool(tails) and any(map(is_filled, tails)))


def is_filled(text: str | None) -> bool:
    """Tell whether a text is more than blanks."""
    return bool(text) and not text.isspace()  # type: ignore[union-attr]


def texts_in(element: ET.Element) -> int:
    """Count the elements that hold text themselves, this one and all in it."""
    return sum(map(holds_text, element.iter()))
