"""A cell is a value and what qualifies it: struck or raised parts, the number format, a formula of the day.

`seen` gives what a person sees in the cell. Each qualifier is understood (the conversion is said), harmless by the list
in docs/reading-cells.md, or makes the cell unreadable with a code.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from cartaudit.intake.clean import original_text
from cartaudit.intake.number_formats import AS_IT_IS, Shown, said_with_date, shown_number, shown_text
from cartaudit.model.answers import AnswerType
from cartaudit.model.cells import Cell, CellKind, Mark, Run

_NUMBERS = frozenset({AnswerType.INTEGER, AnswerType.NUMBER, AnswerType.SHARE})
_NO_FIELDS: Mapping[str, str] = {}
_OF_THE_DAY = re.compile(r"(?<![A-Z0-9_.])(?:TODAY|NOW|RAND|RANDBETWEEN|RANDARRAY)\s*\(", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')
_POWERS = str.maketrans("0123456789-\u2212+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁺")


class Seen(NamedTuple):
    """A cell as a person sees it: `cell` with the value that counts, a `unit` its format shows, what was done to it.

    `code` names the problem that makes it unreadable, with its `fields`.
    """

    cell: Cell
    unit: str = ""
    conversion: str = ""
    code: str = ""
    fields: Mapping[str, str] = _NO_FIELDS


def seen(cell: Cell, kind: AnswerType) -> Seen:
    """Say what a person sees in a cell that holds an answer of some type."""
    if cell.kind in (CellKind.ERROR, CellKind.FORMULA_UNSTORED):
        return Seen(cell)
    if cell.formula and _changes_daily(cell, kind):
        return Seen(cell, code="CA224")
    if cell.runs:
        return _of_parts(cell, kind)
    if Mark.STRUCK in cell.marks:
        return Seen(cell, code="CA225")
    value = cell.value
    if isinstance(value, str):
        return _of_text(cell, value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _of_number(cell, value)
    if isinstance(value, date) and (said := said_with_date(cell.number_format)):
        return Seen(cell, code="CA227", fields={"shown": f"'{said}' with it"})
    return Seen(cell)


def _changes_daily(cell: Cell, kind: AnswerType) -> bool:
    """Tell whether a date comes of a formula that gives another one each day; random numbers are none at all."""
    found = {name.upper().rstrip(" (") for name in _OF_THE_DAY.findall(_QUOTED.sub("", cell.formula))}
    dated = kind is AnswerType.DATE or isinstance(cell.value, (date, datetime, time, timedelta))
    return any(name.startswith("RAND") for name in found) or bool(found and dated)


def _of_parts(cell: Cell, kind: AnswerType) -> Seen:
    """Leave out what is struck, and footnote marks; raised digits behind a ten or a unit are a power."""
    if kind in _NUMBERS and not _is_power(cell.runs):
        return Seen(cell, code="CA226", fields={"parts": _parts_in_words(cell.runs)})
    kept = [run for run in cell.runs if Mark.STRUCK not in run.marks]
    text = "".join(_set(run, before) for run, before in zip(kept, [None, *kept], strict=False))
    if not text.strip():
        return Seen(cell, code="CA225")
    return Seen(cell._replace(value=text, runs=()), conversion=f"{original_text(cell)} -> {text.strip()}")


def _set(run: Run, before: Run | None) -> str:
    """Write a run as it is read: a power as such, a footnote mark not at all."""
    if Mark.RAISED not in run.marks and Mark.LOWERED not in run.marks:
        return run.text
    if Mark.RAISED in run.marks and before is not None and _takes_power(before.text):
        return run.text.translate(_POWERS)
    if Mark.LOWERED in run.marks:
        return run.text  # CO2 and its like are read as they are written
    return "" if len(run.text.strip()) <= 3 else run.text


def _takes_power(text: str) -> bool:
    return text.rstrip().endswith("10") or text[-1:] in "mM²"


def _is_power(runs: tuple[Run, ...]) -> bool:
    """Tell whether the parts differ by nothing but powers: 10 with a raised 9."""
    return all(
        not run.marks or (run.marks == {Mark.RAISED} and before is not None and _takes_power(before.text))
        for run, before in zip(runs, [None, *runs], strict=False)
    )


def _parts_in_words(runs: tuple[Run, ...]) -> str:
    words = {Mark.STRUCK: "struck through", Mark.RAISED: "raised", Mark.LOWERED: "lowered"}
    return ", ".join(
        f"'{run.text.strip()}' {' and '.join(words[mark] for mark in Mark if mark in run.marks)}"
        for run in runs
        if run.marks
    )


def _of_text(cell: Cell, value: str) -> Seen:
    shown = shown_text(cell.number_format) if cell.number_format != "General" else AS_IT_IS
    if shown == AS_IT_IS:
        return Seen(cell)
    if not shown.value:
        return Seen(cell, code="CA227", fields={"shown": f"'{shown.before}'" if shown.before else "nothing"})
    text = " ".join(part for part in (shown.before, value.strip(), shown.behind) if part)
    return Seen(cell._replace(value=text), conversion=f"{value} shown as {text}")


def _of_number(cell: Cell, value: int | float) -> Seen:
    shown = shown_number(cell.number_format, value)
    if shown == AS_IT_IS:
        return Seen(cell)
    if not shown.value:
        return Seen(cell, code="CA227", fields={"shown": f"'{shown.before}'" if shown.before else "nothing"})
    if shown.thousands or not _signs_agree(shown, value):
        return Seen(cell, code="CA227", fields={"shown": _in_words(shown, value)})
    unit = " ".join(part for part in (_bare(shown.before), _bare(shown.behind)) if part)
    if unit and shown.per_cent:
        return Seen(cell, code="CA227", fields={"shown": _in_words(shown, value)})
    return Seen(cell, unit=unit)


def _bare(text: str) -> str:
    """Take the signs off a literal of a number format."""
    return text.strip(" +-\u2212()")


def _signs_agree(shown: Shown, value: float) -> bool:
    """Tell whether the sign a person sees is that of the value: no minus before what is positive, none left out."""
    minus = any(sign in shown.before for sign in "-\u2212(") or "-" in shown.behind
    if value < 0:
        return shown.signed
    return value == 0 or not minus


def _in_words(shown: Shown, value: float) -> str:
    digits = f"{abs(value) if not shown.signed else value:g}"
    if shown.thousands:
        digits = f"{value / 1000**shown.thousands:g}"
    return f"'{' '.join(part for part in (shown.before, digits, shown.behind) if part)}'"
