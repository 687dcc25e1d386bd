"""Sheets and tables of texts in the spelling that Excel, LibreOffice and the templates use, read by pattern.

Every byte between the first and the last row is accounted for, and the rest goes through an XML parser. Whatever is
spelled in another way (prefixes, comments, CDATA, character references, single quotes) gives None: `scan` reads it.
"""

import re
from typing import NamedTuple

from cartaudit.model.kept import keeping
from cartaudit.workbook.limits import Limits, Refused
from cartaudit.workbook.plain_rows import ROW_END, plain_closed_rows, plain_row
from cartaudit.workbook.plain_text import (
    ATTRIBUTES,
    RUNS,
    TEXT,
    attributes_of,
    find_references,
    is_well_formed,
    plain_text,
    run_texts,
    unescaped,
)
from cartaudit.workbook.scan import Place, Scan

_MOST_FRAME_TAGS = 50_000
_SHORTEST_CELL = len('<c r="A1"/>')
_BEFORE, _AFTER = "<worksheet><sheetData>", "</sheetData></worksheet>"
_FRAME = re.compile(rf"<(col|mergeCell|sheetProtection)({ATTRIBUTES}) ?/>", re.ASCII)
_FRAME_START = re.compile(r"<(?:col|mergeCell|sheetProtection|row|c|sheetData)(?![\w:.-])")
_STRING = re.compile(rf"\s*<si>(?:{TEXT}([^<]*)</t>|<t ?/>|{RUNS})", re.ASCII)
_STRING_END = "</si>"


class _Frame(NamedTuple):
    """What a sheet says before or after its rows; `protected` is None where it says nothing of it."""

    merged: tuple[str, ...]
    hidden_columns: tuple[Place, ...]
    protected: bool | None


def plain_sheet(data: bytes, sheet: str, limits: Limits) -> Scan | None:
    """Give the cells of a worksheet part as stored, or None where it is not plain. Raises Refused beyond the limits."""
    text = plain_text(data, "worksheet")
    if text is None:
        return None
    start, end = text.find("<sheetData>") + 11, text.rfind("</sheetData>")
    if start < 11 or end < start:
        return None
    scan = Scan()
    if not _read_frame(text, start, end, scan):
        return None
    if end - start > limits.blank_cells * _SHORTEST_CELL and text.count("<c ", start, end) > limits.blank_cells:
        if find_references(text[start:end]) is None:
            return None
        raise Refused("CA115", sheet=sheet, what="cells", limit=limits.blank_cells)
    return scan if _read_rows(text, start, end, scan, limits.cells) else None


def _read_frame(text: str, start: int, end: int, scan: Scan) -> bool:
    if text.count("<", 0, start) + text.count("<", end) > _MOST_FRAME_TAGS:
        return False
    for part in (_frame(text[:start] + _AFTER), _frame(_BEFORE + text[end:])):
        if part is None:
            return False
        scan.merged += part.merged
        scan.hidden_columns += part.hidden_columns
        scan.protected = scan.protected if part.protected is None else part.protected
    return True


# A template's workbooks differ in their rows; of 32 sheets, what stands around them takes as long as the rows.
@keeping(entries=512, longest=20_000)
def _frame(text: str) -> _Frame | None:
    # What is left without the rows is small: an XML parser without handlers checks it, then patterns are safe on it.
    if not is_well_formed(text):
        return None
    found = _FRAME.findall(text)
    if len(found) + 1 != len(_FRAME_START.findall(text)):
        return None  # something beside the one start of the rows
    merged: list[str] = []
    columns: list[Place] = []
    protected = None
    for name, written in found:
        if name == "col" and "hidden" not in written:
            continue
        attributes = dict(attributes_of(written))
        if name == "mergeCell":
            merged.append(attributes.get("ref", ""))
        elif name == "sheetProtection":
            protected = attributes.get("sheet") in ("1", "true")
        elif attributes.get("hidden") in ("1", "true"):
            low, high = attributes.get("min", ""), attributes.get("max", "")
            if low.isdecimal() and high.isdecimal():
                columns.append((int(low), int(high)))
    return _Frame(merged=tuple(merged), hidden_columns=tuple(columns), protected=protected)


def _read_rows(text: str, start: int, end: int, scan: Scan, most: int) -> bool:
    cells, hidden = scan.cells, scan.hidden_rows
    while (stop := text.find(ROW_END, start, end)) >= 0:
        row = plain_row(text[start:stop])
        if row is None:
            return False
        cells += row.cells
        if row.hidden:
            hidden.update(row.hidden)
        if len(cells) > most:
            return True  # the caller refuses it; nothing more needs to be read
        start = stop + len(ROW_END)
    closed = plain_closed_rows(text[start:end])
    if closed is None:
        return False
    hidden.update(closed.hidden)
    return True


def plain_strings(data: bytes, most: int) -> list[str] | None:
    """Give the shared strings of a part, or None where it is not plain or holds more than so many."""
    text = plain_text(data, "sst")
    if text is None or not text.rstrip().endswith("</sst>"):
        return None
    start, end = text.index(">", text.index("<sst")) + 1, text.rindex("</sst>")
    if start > end or text.count("<", start, end) > most:
        return None
    if not is_well_formed(text[:start] + text[end:]):
        return None
    strings = []
    while (stop := text.find(_STRING_END, start, end)) >= 0:
        string = _string(text[start:stop])
        if string is None:
            return None
        strings.append(string)
        start = stop + len(_STRING_END)
    return None if text[start:end].strip(" \t\n") else strings


# Most texts are questions and headings, the same in every workbook of a template though their numbers differ.
@keeping(entries=2048, longest=1_000)
def _string(text: str) -> str | None:
    """Give the text of one item up to its end tag; None where it is not plain."""
    found, references = _STRING.fullmatch(text), find_references(text)
    if not found or references is None:
        return None
    plain, runs = found.groups("")
    return unescaped(run_texts(runs) if runs else plain, references)
