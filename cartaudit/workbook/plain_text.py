"""The text of a plainly spelled part: decoded, its references known, what stands between tags spelled by pattern."""

import re
from xml.parsers import expat

MOST_BYTES = 16_000_000
"""A part above this is streamed: as text it could take four times its size."""

# Quantifiers are possessive where nothing else could match, but on no group: Python before 3.11.5 does not match those.
ATTRIBUTES = r'(?: [\w:]++="[^"<>&]*+")*'
TEXT = r'<t(?: xml:space="preserve")?>'
_LOOK = r'(?:<rPr>(?:<\w+(?: \w+="[^"<>&]*")?/>)*</rPr>|<rPr/>)?'
RUNS = rf"((?:<r>{_LOOK}{TEXT}[^<]*+</t></r>)+)"
"""Patterns of what sheets and tables of texts both hold; `RUNS` is one group."""

_CONTROLS = bytes(n for n in range(32) if n not in (9, 10, 13))
_DECLARATION = re.compile(
    r'(?:<\?xml version="1\.0"(?: encoding="[Uu][Tt][Ff]-8")?(?: standalone="\w+")? ?\?>)?\s*', re.ASCII
)
_ATTRIBUTE = re.compile(r' ([\w:]+)="([^"]*)"')
_RUN_TEXT = re.compile(rf"{TEXT}([^<]*)</t>")
_NAMED = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'"}
_REFERENCE = re.compile(r"&(?:[a-z]{2,4}|#(?:[0-9]{1,7}|x[0-9A-Fa-f]{1,6}));")


def plain_text(data: bytes, root: str) -> str | None:
    """Decode a part in UTF-8 without characters that XML forbids; None for any other."""
    if len(data) > MOST_BYTES or len(data.translate(None, _CONTROLS)) < len(data):
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    start = _DECLARATION.match(text)
    if not start or not text.startswith(f"<{root}", start.end()) or "\ufffe" in text or "\uffff" in text:
        return None
    if "]" in text and "]]>" in text:
        return None
    # Excel ends the line of the declaration with a carriage return, which matters to nobody.
    return text.replace("\r\n", "\n").replace("\r", "\n") if text.find("\r", start.end()) >= 0 else text


def is_well_formed(text: str) -> bool:
    """Tell whether a text is XML that may be searched by pattern: without comments, CDATA and instructions."""
    if "<!" in text or text.find("<?", 1) >= 0:
        return False
    try:
        expat.ParserCreate("utf-8").Parse(text.encode(), True)
    except expat.ExpatError:
        return False
    return True


def attributes_of(written: str) -> list[tuple[str, str]]:
    """Give the attributes of a tag, names and values as written."""
    return _ATTRIBUTE.findall(written)


def run_texts(runs: str) -> str:
    """Join the texts of runs."""
    return "".join(_RUN_TEXT.findall(runs))


def find_references(text: str) -> dict[str, str] | None:
    """Give what each reference of a text stands for, or None where XML knows one of them not."""
    if "&" not in text:
        return {}
    found = _REFERENCE.findall(text)
    if len(found) != text.count("&"):
        return None
    meanings = {reference: _NAMED.get(reference) or _character(reference) for reference in set(found)}
    return meanings if all(meanings.values()) else None


def _character(reference: str) -> str:
    digits = reference.strip("&#;")
    if not reference.startswith("&#"):
        return ""
    number = int(digits[1:], 16) if digits.startswith("x") else int(digits)
    allowed = (
        number in (9, 10, 13) or 32 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number < 0x110000
    )
    return chr(number) if allowed else ""


def unescaped(text: str, references: dict[str, str]) -> str:
    """Put what they stand for in the place of references."""
    return _REFERENCE.sub(lambda match: references[match[0]], text) if "&" in text else text
