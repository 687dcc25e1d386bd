"""The fonts of the reports: where they are, what they can show, and what to print for the rest."""

from functools import cache
from pathlib import Path

from cartaudit.resources import data_folder

FAMILY = "Noto Sans"
_ALWAYS = frozenset("\n\t")


def fonts_folder() -> Path:
    """Find the folder of fonts, `fonts.conf` and `coverage.txt`."""
    return data_folder("templates") / "fonts"


@cache
def code_points() -> frozenset[int]:
    """Give the code points that both the regular and the bold font can show."""
    lines = (fonts_folder() / "coverage.txt").read_text(encoding="ascii").split()
    ranges = (line.split("-") for line in lines)
    return frozenset(p for first, last in ranges for p in range(int(first, 16), int(last, 16) + 1))


def replace_missing(text: str) -> tuple[str, tuple[str, ...]]:
    """Give text with every character the fonts lack as a visible `[U+XXXX]`, and those characters, each once, in order.

    Line breaks and tabs stay.
    """
    missing = missing_characters(text)
    if not missing:
        return text, ()
    return text.translate({ord(c): f"[U+{ord(c):04X}]" for c in missing}), missing


def missing_characters(text: str) -> tuple[str, ...]:
    """List the characters of a text that the fonts lack, each once, in the order of their code points."""
    known = code_points()
    return tuple(sorted(c for c in set(text) if ord(c) not in known and c not in _ALWAYS))
