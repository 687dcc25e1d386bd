"""Sheets and tables of texts in the spelling that Excel, LibreOffice and the templates use, read by pattern.

Every byte between the first and the last row is accounted for, and the rest goes through an XML parser. Whatever is
spelled in another way (prefixes, comments, CDATA, character references, single quotes) gives None: `scan` reads it.
"""

import re
from collections.abc import Iterable
from xml.parsers import expat

from cartaudit.model.cells import column_letters
from cartaudit.workbook.limits import Limits, Refused
from cartaudit.workbook.scan import Scan, StoredCell

MOST_BYTES = 16_000_000
"""A part above this is streamed: as text it could take four times its size."""

_MOST_FRAME_TAGS = 50_000
_AT_A_TIME = 1_000_000
_COLUMNS = {column_letters(column): column for column in range(1, 27 + 26 * 26)}
_SHORTEST_CELL = len('<c r="A1"/>')
_CONTROLS = bytes(n for n in range(32) if n not in (9, 10, 13))
_DECLARATION = re.compile(
    r'(?:<\?xml version="1\.0"(?: encoding="[Uu][Tt][Ff]-8")?(?: standalone="\w+")? ?\?>)?\s*', re.ASCII
)
_NAMED = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'"}
_REFERENCE = re.compile(r"&(?:[a-z]{2,4}|#(?:[0-9]{1,7}|x[0-9A-Fa-f]{1,6}));")

# Quantifiers are possessive where nothing else could match, but on no group: Python before 3.11.5 does not match those.
_ATTRIBUTES = r'(?: [\w:]++="[^"<>&]*+")*'
_TEXT = r'<t(?: xml:space="preserve")?>'
_LOOK = r'(?:<rPr>(?:<\w+(?: \w+="[^"<>&]*")?/>)*</rPr>|<rPr/>)?'
_RUNS = rf"((?:<r>{_LOOK}{_TEXT}[^<]*+</t></r>)+)"
_EMPTY = r'<c r="[A-Z]{1,2}+[1-9][0-9]{0,5}+"(?: s="[0-9]{1,6}+")?(?: t="\w++")?(?:></c>|/>)'
_PLACE = r'r="([A-Z]{1,2}+)([1-9][0-9]{0,5}+)"'
_FORMULA = rf"(<f{_ATTRIBUTES}(?:/>|>[^<]*+</f>))?"
_HELD = rf"(?:<is>(?:{_TEXT}([^<]*+)</t>|<t ?/>|{_RUNS})</is>|<v>([^<]*+)</v>|<v ?/>)?"
_FILLED = rf'<c {_PLACE}(?: s="([0-9]{{1,6}}+)")?(?: t="(\w++)")?>{_FORMULA}{_HELD}</c>'
_CLOSED_ROWS = rf'(?:<row r="[1-9][0-9]{{0,5}}+"{_ATTRIBUTES} ?/>)*'
_NEXT_ROW = rf'{_CLOSED_ROWS}(?:<row r="[1-9][0-9]{{0,5}}+"{_ATTRIBUTES} ?>|\Z)'
_FIRST_ROW = re.compile(_NEXT_ROW, re.ASCII)
_LAST_ROWS = re.compile(rf"</row>{_CLOSED_ROWS}\Z", re.ASCII)
_CELL = re.compile(rf"(?:{_EMPTY}|</row>{_NEXT_ROW})*(?:{_FILLED}|\Z|([\s\S]))", re.ASCII)
_ATTRIBUTE = re.compile(r' ([\w:]+)="([^"]*)"')
_RUN_TEXT = re.compile(rf"{_TEXT}([^<]*)</t>")
_STRING = re.compile(rf"\s*<si>(?:{_TEXT}([^<]*)</t>|<t ?/>|{_RUNS})</si>\s*|([\s\S])", re.ASCII)
_FRAME = re.compile(rf"<(col|mergeCell|sheetProtection)({_ATTRIBUTES}) ?/>", re.ASCII)
_FRAME_START = re.compile(r"<(?:col|mergeCell|sheetProtection|row|c|sheetData)(?![\w:.-])")


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
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def plain_sheet(data: bytes, sheet: str, limits: Limits) -> Scan | None:
    """Give the cells of a worksheet part as stored, or None where it is not plain. Raises Refused beyond the limits."""
    text = plain_text(data, "worksheet")
    if text is None:
        return None
    start, end = text.find("<sheetData>") + 11, text.rfind("</sheetData>")
    if start < 11 or end < start:
        return None
    references = _references(text, start, end)
    scan = Scan()
    if references is None or not _read_frame(text[:start] + text[end:], scan):
        return None
    if end - start > limits.blank_cells * _SHORTEST_CELL and text.count("<c ", start, end) > limits.blank_cells:
        raise Refused("CA115", sheet=sheet, what="cells", limit=limits.blank_cells)
    return scan if _read_rows(text, start, end, scan, references, limits.cells) else None


def _references(text: str, start: int, end: int) -> dict[str, str] | None:
    """Give what each reference between two places stands for, or None where XML knows one of them not."""
    if text.find("&", start, end) < 0:
        return {}
    found = _REFERENCE.findall(text, start, end)
    if len(found) != text.count("&", start, end):
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


def _unescaped(text: str, references: dict[str, str]) -> str:
    return _REFERENCE.sub(lambda match: references[match[0]], text)


def _read_frame(text: str, scan: Scan) -> bool:
    # What is left without the rows is small: an XML parser without handlers checks it, then patterns are safe on it.
    if text.count("<") > _MOST_FRAME_TAGS or not _is_well_formed(text):
        return False
    found = _FRAME.findall(text)
    if len(found) + 1 != len(_FRAME_START.findall(text)):
        return False  # something beside the one start of the rows
    for name, written in found:
        if name == "col" and "hidden" not in written:
            continue
        attributes = dict(_ATTRIBUTE.findall(written))
        if name == "mergeCell":
            scan.merged.append(attributes.get("ref", ""))
        elif name == "sheetProtection":
            scan.protected = attributes.get("sheet") in ("1", "true")
        elif attributes.get("hidden") in ("1", "true"):
            low, high = attributes.get("min", ""), attributes.get("max", "")
            if low.isdecimal() and high.isdecimal():
                scan.hidden_columns.append((int(low), int(high)))
    return True


def _is_well_formed(text: str) -> bool:
    if "<!" in text or text.find("<?", 1) >= 0:
        return False  # well-formed perhaps, but not to be searched by pattern
    try:
        expat.ParserCreate("utf-8").Parse(text.encode(), True)
    except expat.ExpatError:
        return False
    return True


def _read_rows(text: str, start: int, end: int, scan: Scan, references: dict[str, str], most: int) -> bool:
    first = _FIRST_ROW.match(text, start, end)
    if not first:
        return False
    if first.end() < end and not _LAST_ROWS.match(text, max(text.rfind("</row>", start, end), start), end):
        return False
    position = first.end()
    while position < end:
        stop = text.find("</row>", position + _AT_A_TIME, end)
        stop = end if stop < 0 else stop
        if not _read_cells(_CELL.findall(text, position, stop), references, scan.cells):
            return False
        if len(scan.cells) > most:
            return True  # the caller refuses it; nothing more needs to be read
        position = stop
    return _read_row_starts(text, start, end, scan)


def _read_row_starts(text: str, start: int, end: int, scan: Scan) -> bool:
    # The cells have been read, so whatever begins like a row is spelled like one, or stands in the look of a text.
    hidden: dict[str, bool] = {}
    position = text.find("<row ", start, end)
    while position >= 0:
        close = text.index(">", position)
        _, digits, written = text[position:close].split('"', 2)
        if written not in hidden:
            attributes = _ATTRIBUTE.findall(written)
            names = {"r", *(name for name, _ in attributes)}
            if len(names) <= len(attributes):
                return False
            hidden[written] = dict(attributes).get("hidden") in ("1", "true")
        if hidden[written]:
            scan.hidden_rows.add(int(digits))
        position = text.find("<row ", close, end)
    return True


def _read_cells(found: Iterable[tuple[str, ...]], references: dict[str, str], cells: list[StoredCell]) -> bool:
    for letters, digits, style, kind, formula, inline, runs, value, odd in found:
        if not digits:
            if odd:
                return False
            continue  # the end
        if kind == "inlineStr":
            if value:
                return False
            text = inline or "".join(_RUN_TEXT.findall(runs))
        elif inline or runs:
            return False
        else:
            text = value
        if formula:
            if _twice(formula):
                return False
        elif not text:
            continue
        if references and "&" in text:
            text = _unescaped(text, references)
        cells.append((int(digits), _COLUMNS[letters], int(style or 0), kind or "n", formula != "", text or None))
    return True


def _twice(formula: str) -> bool:
    names = [name for name, _ in _ATTRIBUTE.findall(formula[: formula.index(">")])]
    return len(set(names)) < len(names)


def plain_strings(data: bytes, most: int) -> list[str] | None:
    """Give the shared strings of a part, or None where it is not plain or holds more than so many."""
    text = plain_text(data, "sst")
    if text is None or not text.rstrip().endswith("</sst>"):
        return None
    start, end = text.index(">", text.index("<sst")) + 1, text.rindex("</sst>")
    if start > end or text.count("<", start, end) > most:
        return None
    references = _references(text, start, end)
    if references is None or not _is_well_formed(text[:start] + text[end:]):
        return None
    strings = []
    for plain, runs, odd in _STRING.findall(text, start, end):
        if odd:
            return None
        strings.append("".join(_RUN_TEXT.findall(runs)) if runs else plain)
    return [_unescaped(string, references) for string in strings] if references else strings
