"""The table of texts that cells share."""

from xml.parsers import expat

from cartaudit.workbook.limits import Limits, Refused
from cartaudit.workbook.plain import plain_strings

_ELEMENTS_A_STRING = 5


def read_strings(data: bytes, part: str, limits: Limits) -> tuple[str, ...]:
    """Give the shared texts, runs joined and phonetic hints left out. Raises Refused beyond the limits."""
    most = limits.strings * _ELEMENTS_A_STRING
    strings = plain_strings(data, most)
    if strings is None:
        strings = scan_strings(data, part, limits)
    # Excel writes an underscore that could start an escape as _x005F_.
    return tuple(text.replace("x005F_", "") if "x005F_" in text else text for text in strings)


def scan_strings(data: bytes, part: str, limits: Limits) -> list[str]:
    """Give the shared texts of a table of any spelling. Raises Refused beyond the limits or where XML is broken."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    count = depth = phonetic = 0
    strings: list[str] = []
    texts: list[str] = []

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal count, depth, phonetic
        count, depth = count + 1, depth + 1
        if count > limits.strings * _ELEMENTS_A_STRING:
            raise Refused("CA115", what="shared strings", limit=limits.strings)
        if depth > limits.depth:
            raise Refused("CA115", what="levels of nested elements", limit=limits.depth)
        tag = name.rpartition(":")[2]
        if tag == "si":
            texts.clear()
        elif tag == "rPh":
            phonetic += 1
        elif tag == "t" and not phonetic:
            parser.CharacterDataHandler = texts.append

    def end(name: str) -> None:
        nonlocal depth, phonetic
        depth -= 1
        tag = name.rpartition(":")[2]
        if tag == "si":
            strings.append("".join(texts))
        elif tag == "rPh":
            phonetic -= 1
        elif tag == "t":
            parser.CharacterDataHandler = None

    def doctype(*_: object) -> None:
        raise Refused("CA114", part=part)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Refused("CA117", part=part, why="it is not well-formed XML") from error
    return strings
