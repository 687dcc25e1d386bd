"""Text from a workbook made safe to show: shortened, control characters visible, never a formula."""

import unicodedata

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def visible(text: str) -> str:
    """Show control and format characters as `[U+XXXX]`; line breaks and tabs stay."""
    if text.isprintable():
        return text
    return "".join(
        f"[U+{ord(c):04X}]" if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co") and c not in "\n\t" else c
        for c in text
    )


def shorten(text: str, limit: int = 60) -> str:
    """Quote-ready text on one line of at most `limit` characters, the rest marked by an ellipsis."""
    line = visible(" ".join(text.split()))
    return line if len(line) <= limit else line[: limit - 1] + "…"


def not_a_formula(text: str) -> str:
    """Give text that no spreadsheet program takes for a formula: a leading apostrophe where needed."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
