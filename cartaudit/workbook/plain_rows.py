"""One row of a plainly spelled sheet, read by pattern: every byte is accounted for, or nothing is given."""

import re
from typing import NamedTuple

from cartaudit.model.cells import column_letters
from cartaudit.model.kept import keeping
from cartaudit.workbook.plain_text import ATTRIBUTES, RUNS, TEXT, attributes_of, find_references, run_texts, unescaped
from cartaudit.workbook.scan import StoredCell

ROW_END = "</row>"

_COLUMNS = {column_letters(column): column for column in range(1, 27 + 26 * 26)}

# `(?:x|)` says what `(?:x)?` does and takes four fifths of its time, for thousands of cells.
_STYLE, _TYPE = '(?: s="([0-9]{1,6}+)"|)', r'(?: t="(\w++)"|)'
_EMPTY = r'<c r="[A-Z]{1,2}+[1-9][0-9]{0,5}+"(?: s="[0-9]{1,6}+"|)(?: t="\w++"|)(?:></c>|/>)'
_PLACE = r'r="([A-Z]{1,2}+)([1-9][0-9]{0,5}+)"'
_FORMULA = rf"(?:(<f{ATTRIBUTES}(?:/>|>[^<]*+</f>))|)"
_HELD = rf"(?:<is>(?:{TEXT}([^<]*+)</t>|<t ?/>|{RUNS})</is>|<v>([^<]*+)</v>|<v ?/>|)"
_CELL = re.compile(rf"(?:{_EMPTY})*(?:<c {_PLACE}{_STYLE}{_TYPE}>{_FORMULA}{_HELD}</c>|\Z|([\s\S]))", re.ASCII)
_START = rf'<row r="([1-9][0-9]{{0,5}}+)"({ATTRIBUTES}) ?'
_CLOSED = rf'((?:<row r="[1-9][0-9]{{0,5}}+"{ATTRIBUTES} ?/>)*)'
_CLOSED_ROW, _CLOSED_ROWS = re.compile(f"{_START}/>", re.ASCII), re.compile(_CLOSED, re.ASCII)
_ROW = re.compile(f"{_CLOSED}{_START}>", re.ASCII)


class Row(NamedTuple):
    """The cells of a row that hold anything, and which rows are hidden: it, and closed ones before it."""

    cells: tuple[StoredCell, ...] = ()
    hidden: tuple[int, ...] = ()


_NOTHING = Row()


# Blank rows, headings, instructions and lists come again in every workbook of a template.
@keeping(entries=4096, longest=2_000)
def plain_row(text: str) -> Row | None:
    """Read a row from its start, or that of closed rows before it, to its end tag; None where it is not plain."""
    start = _ROW.match(text)
    references = find_references(text)
    if not start or references is None:
        return None
    closed, digits, written = start.groups()
    hidden, before = _is_hidden(written), plain_closed_rows(closed) if closed else _NOTHING
    cells = _cells(_CELL.findall(text, start.end()), references)
    if hidden is None or before is None or cells is None:
        return None
    return Row(cells=tuple(cells), hidden=(*before.hidden, int(digits)) if hidden else before.hidden)


def plain_closed_rows(text: str) -> Row | None:
    """Read rows without anything in them, or nothing; None where it is not plain."""
    if not _CLOSED_ROWS.fullmatch(text):
        return None
    found = [(int(digits), _is_hidden(written)) for digits, written in _CLOSED_ROW.findall(text)]
    if any(hidden is None for _, hidden in found):
        return None
    return Row(hidden=tuple(row for row, hidden in found if hidden))


@keeping(entries=256, longest=200)
def _is_hidden(written: str) -> bool | None:
    """Tell by its other attributes whether a row is hidden; None where one stands twice."""
    attributes = attributes_of(written)
    if len({"r", *(name for name, _ in attributes)}) <= len(attributes):
        return None
    return dict(attributes).get("hidden") in ("1", "true")


def _cells(found: list[tuple[str, ...]], references: dict[str, str]) -> list[StoredCell] | None:
    cells: list[StoredCell] = []
    for letters, digits, style, kind, formula, inline, runs, value, odd in found:
        if not digits:
            if odd:
                return None
            continue  # the end
        if kind == "inlineStr":
            if value:
                return None
            text = inline or run_texts(runs)
        elif inline or runs:
            return None
        else:
            text = value
        if formula:
            if _twice(formula):
                return None
        elif not text:
            continue
        if references:
            text = unescaped(text, references)
        cells.append((int(digits), _COLUMNS[letters], int(style or 0), kind or "n", formula != "", text or None))
    return cells


def _twice(formula: str) -> bool:
    names = [name for name, _ in attributes_of(formula[: formula.index(">")])]
    return len(set(names)) < len(names)
