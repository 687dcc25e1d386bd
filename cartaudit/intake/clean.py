"""Text of cells made comparable in named steps, none of which changes what it says."""

import re
import unicodedata
from datetime import date, datetime

from cartaudit.intake.vocabulary import WINGDINGS
from cartaudit.model.cells import Cell, CellKind
from cartaudit.model.kept import keeping

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SPACES = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_ZERO_WIDTH = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile(r"\r\n?|\u2028|\u2029|\u0085|\x0b")
_PLAIN = re.compile("[\t\n -~\u00a1-\u00ac\u00ae-\u02ff]*")
_UNSTORED = CellKind.FORMULA_UNSTORED

STEPS = {
    "escapes": "character codes such as _x000D_ read as the characters they stand for",
    "spaces": "no-break and typographic spaces read as spaces",
    "zero_width": "zero-width characters and soft hyphens removed",
    "breaks": "line breaks made uniform",
    "control": "control characters made visible",
    "blanks": "blanks at the ends removed",
    "symbols": "characters of symbol fonts read as the sign they show",
}
"""Every step of cleaning by name, in the words of the reading record."""

kept = keeping(entries=8192, longest=600)
"""Keep what a pure function made of the texts of single cells."""


@kept
def clean(text: str) -> tuple[str, tuple[str, ...]]:
    """Clean one text; also name the steps that changed it."""
    if _PLAIN.fullmatch(text) and "_x" not in text:
        stripped = text.strip()
        return stripped, () if stripped == text else ("blanks",)
    steps = []
    for name, pattern, replacement in (
        ("escapes", _ESCAPE, lambda match: chr(int(match[1], 16))),
        ("spaces", _SPACES, " "),
        ("zero_width", _ZERO_WIDTH, ""),
        ("breaks", _BREAKS, "\n"),
        ("control", _CONTROL, lambda match: f"[U+{ord(match[0]):04X}]"),
    ):
        changed = pattern.sub(replacement, text)
        if changed != text:
            steps.append(name)
            text = changed
    stripped = text.strip()
    if stripped != text:
        steps.append("blanks")
    return stripped, tuple(steps)


def cell_text(cell: Cell) -> tuple[str, tuple[str, ...]]:
    """Give what a cell shows as cleaned text, and the steps that changed it; symbol fonts by what they draw."""
    if not isinstance(cell.value, str):
        return original_text(cell), ()
    cleaned = clean(cell.value)
    if len(cleaned[0]) != 1:
        return cleaned
    text, steps = cleaned
    signs = WINGDINGS.get(cell.font.casefold(), {})
    low = chr(ord(text) - 0xF000) if 0xF000 <= ord(text) <= 0xF0FF else text
    return (signs[low], (*steps, "symbols")) if low in signs else cleaned


def cell_key(cell: Cell) -> str:
    """Give what a cell shows as cleaned and folded text."""
    if isinstance(cell.value, str) and cell.font.casefold() not in WINGDINGS:
        return _folded(cell.value)
    return key(cell_text(cell)[0])


def original_text(cell: Cell) -> str:
    """Write a cell's value as a person would read it."""
    value = cell.value
    if cell.kind is _UNSTORED or value is None:
        return "(formula)"
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


@kept
def key(text: str) -> str:
    """Fold a text for comparison: compatibility forms, case, accents kept, runs of blanks as one."""
    folded = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return " ".join(folded.casefold().split())


@kept
def _folded(text: str) -> str:
    return key(clean(text)[0])
