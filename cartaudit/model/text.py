"""Text made fit to show: shortened, control characters visible, never a formula; amounts and lists in words."""

import re
import unicodedata
from collections.abc import Sequence

_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""The last four are full-width forms, which some spreadsheet programs take for the plain ones."""

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BLANK_STARTS = ("\t", "\r", "\n")

LEADING_UNITS = ("grade",)
"""Units that stand before their number."""

_ONE = {"people": "person", "copies": "copy"}


def visible(text: str) -> str:
    """Show control and format characters as `[U+XXXX]`; line breaks and tabs stay."""
    if text.isprintable():
        return text
    return "".join(
        f"[U+{ord(c):04X}]" if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co") and c not in "\n\t" else c
        for c in text
    )


def folded(text: str) -> str:
    """Fold a text for comparing: capitals, widths of letters and spaces do not tell two apart."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def bare(text: str) -> str:
    """Reduce a text to its folded letters and digits: two roles written differently are one."""
    return "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if c.isalnum())


def one_line(text: str) -> str:
    """Show control and format characters, line breaks and tabs too, as `[U+XXXX]`: for names in a terminal."""
    return visible(text).replace("\n", "[U+000A]").replace("\t", "[U+0009]")


def fit_for_xml(text: str) -> str:
    """Show the characters that no XML may hold, and so no cell of a spreadsheet, as `[U+XXXX]`."""
    return _NOT_IN_XML.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def shorten(text: str, limit: int = 60) -> str:
    """Quote-ready text on one line of at most `limit` characters, the rest marked by an ellipsis."""
    line = visible(" ".join(text.split()))
    return line if len(line) <= limit else line[: limit - 1] + "…"


def not_a_formula(text: str) -> str:
    """Give text that no spreadsheet program takes for a formula: a leading apostrophe where needed."""
    return f"'{text}" if text.startswith(_BLANK_STARTS) or text.lstrip().startswith(_FORMULA_STARTS) else text


def amount(number: str, unit: str) -> str:
    """Write a number with its unit, in the singular where it is one: `1 check a day`, `0.2 × 10⁹/L`, `grade 1`."""
    if unit in LEADING_UNITS:
        return f"{unit} {number}"
    if unit.startswith("10"):
        return f"{number} × {unit}"
    if number == "1":
        noun, space, rest = unit.partition(" ")
        unit = f"{_ONE.get(noun, noun.removesuffix('s'))}{space}{rest}"
    return f"{number} {unit}" if unit else number


def joined(items: Sequence[str], word: str) -> str:
    """Join items for a sentence, `a, b and c`; by semicolons where an item has a comma or colon of its own."""
    if len(items) < 2:
        return "".join(items)
    mark = "; " if any("," in i or ": " in i for i in items) else ", "
    return f"{mark.join(items[:-1])}{';' if mark == '; ' else ''} {word} {items[-1]}"
