"""Ticks in columns that stand for one answer each."""

_TICKS = frozenset(
    [
        "x",
        "✓",
        "✔",
        "✅",
        "☑",
        "☒",
        "✗",
        "✘",
        "×",
        "√",
        "1",
        "●",
        "•",
        "*",
        "yes",
        "y",
        "oui",
        "ja",
        "sí",
        "sì",
        "sim",
        "tak",
        "ano",
    ]
)


def is_tick(text: str, value: object) -> bool | None:
    """Tell whether a tick column's cell is ticked; None where a person could read it either way."""
    if isinstance(value, bool):
        return value
    folded = text.casefold()
    if folded in ("", "☐", "0", "-"):
        return False
    return True if folded in _TICKS else None
