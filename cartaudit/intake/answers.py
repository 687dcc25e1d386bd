"""One parser for each answer type, from a cell to a typed value with its state."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from cartaudit.intake import words
from cartaudit.intake.clean import cell_text, kept, original_text
from cartaudit.intake.dates import parse_date
from cartaudit.intake.number_formats import shown_number
from cartaudit.intake.numbers import parse_number
from cartaudit.intake.options import Options
from cartaudit.intake.outcome import BLANK, NOT_APPLICABLE, Reading, ambiguous, answered, unreadable
from cartaudit.intake.qualifiers import seen
from cartaudit.intake.units import is_time, same_unit
from cartaudit.model.answers import AnswerState, AnswerType, Share, Status
from cartaudit.model.cells import Cell, CellKind
from cartaudit.model.layout import SHARE_WORD
from cartaudit.model.problem_codes import problem
from cartaudit.model.problems import Problem
from cartaudit.model.questions import NumberRange
from cartaudit.model.submission import Entry
from cartaudit.model.text import amount

NOTHING = Entry(state=AnswerState.BLANK)
"""What an empty cell says."""

_TYPED = (str, int, float)
_NO_VALUE = {CellKind.ERROR: unreadable("CA207"), CellKind.FORMULA_UNSTORED: unreadable("CA208")}
_COUNTS = re.compile(r"(\d{1,9})\s*(?:/|of|von|sur|de|di|van|z|av|af)\s*(\d{1,9})", re.IGNORECASE)
_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "TRUE/FALSE value"),
    ((datetime, date), "date"),
    ((time, timedelta), "time"),
    ((int, float), "number"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a cell is an answer to: question or column, its type, unit, options, and the ranges of its numbers.

    `stated` are the units that stand beside one cell: in its number format, a column of units, its heading.
    """

    question: str
    type: AnswerType
    unit: str = ""
    options: Options = Options()
    range: NumberRange | None = None
    usual: NumberRange | None = None
    stated: tuple[str, ...] = ()

    @property
    def expected(self) -> str:
        """Say in words what may be answered."""
        if self.type is AnswerType.STATUS:
            return words.STATUS_EXPECTED
        if self.type is AnswerType.BOOLEAN:
            return words.BOOLEAN_EXPECTED
        if self.type in (AnswerType.CHOICE, AnswerType.CHOICES):
            return self.options.expected or "one of the choices"
        unit = f" in {self.unit}" if self.unit else ""
        return {"date": "a date", "integer": f"a whole number{unit}", "number": f"a number{unit}"}.get(
            self.type, "a text"
        )


def parse_answer(cell: Cell | None, asked: Asked, sheet: str, *, stated: str = "") -> tuple[Entry, tuple[Problem, ...]]:
    """Read one cell as an answer; the entry keeps what was typed, and any problem names the cell.

    `stated` is the unit that a column beside the cell, or its heading, gives.
    """
    if cell is None:
        return NOTHING, ()
    original = original_text(cell)
    reading = _as_seen(cell, asked, stated)
    address = cell.address
    entry = Entry(
        state=reading.state,
        value=reading.value,
        original=original,
        cell=f"{sheet}!{address}",
        conversion=reading.conversion,
    )
    if not reading.code:
        return entry, ()
    fields = {"expected": asked.expected, **reading.fields}
    typed = reading.conversion if reading.code in ("CA235", "CA418") and reading.conversion else original
    found = problem(reading.code, sheet=sheet, cell=address, question=asked.question, found=typed, **fields)
    return entry, (found,)


def _as_seen(cell: Cell, asked: Asked, stated: str) -> Reading:
    """Read what a person sees in the cell, and say what was done to come to it."""
    sight = seen(cell, asked.type)
    if sight.code:
        return unreadable(sight.code, **sight.fields)
    cell = sight.cell
    text = cell_text(cell)[0] if isinstance(cell.value, str) else original_text(cell)
    said = stated if stated and not same_unit(stated, asked.unit) else ""  # the question's own unit says nothing new
    units = tuple(unit for unit in (sight.unit, said) if unit)
    reading = _read(cell, text, replace(asked, stated=units) if units else asked)
    if not sight.conversion:
        return reading
    return reading._replace(conversion="; ".join(part for part in (sight.conversion, reading.conversion) if part))


def _read(cell: Cell, text: str, asked: Asked) -> Reading:
    if cell.kind in _NO_VALUE:
        return _NO_VALUE[cell.kind]
    if isinstance(cell.value, str):
        if not text:
            return BLANK
        general = _general(text, asked)
        if general is not None:
            return general
    return _PARSERS[asked.type](cell, text, asked)


def _general(text: str, asked: Asked) -> Reading | None:
    if asked.options.match(text):
        return None
    known = words.meaning(text)
    if known == words.NA:
        return NOT_APPLICABLE
    if known == words.UNKNOWN and asked.type is not AnswerType.TEXT:
        return unreadable("CA206")
    return None


def _status(cell: Cell, text: str, asked: Asked) -> Reading:
    if isinstance(cell.value, bool):
        return answered(Status.YES if cell.value else Status.NO, f"{text} -> {'yes' if cell.value else 'no'}")
    if not isinstance(cell.value, _TYPED):
        return _wrong_kind(cell, asked)
    return _status_word(text)


@kept
def _status_word(text: str) -> Reading:
    if words.is_ambiguous(text):
        return ambiguous("CA205")
    known = words.meaning(text)
    if known is None or known in (words.NA, words.UNKNOWN):
        return unreadable("CA204", suggestion=words.suggest(text))
    return answered(Status(known))


def _boolean(cell: Cell, text: str, asked: Asked) -> Reading:
    reading = _status(cell, text, asked)
    if reading.state is not AnswerState.ANSWERED:
        return reading
    if reading.value not in (Status.YES, Status.NO):
        return unreadable("CA204")
    return answered(reading.value is Status.YES)


def _number(cell: Cell, text: str, asked: Asked) -> Reading:
    typed = isinstance(cell.value, (*_TYPED, timedelta)) and not isinstance(cell.value, bool)
    if not typed or (isinstance(cell.value, timedelta) and not is_time(asked.unit)):
        return _wrong_kind(cell, asked)
    whole = asked.type is AnswerType.INTEGER
    per_cent = isinstance(cell.value, (int, float)) and shown_number(cell.number_format, cell.value).per_cent
    reading = parse_number(cell.value, text, asked.unit, whole=whole, percent_format=per_cent, stated=asked.stated)
    return _believed(reading, asked)


def _believed(reading: Reading, asked: Asked) -> Reading:
    """Refuse a number that cannot be; ask again for one that seldom is."""
    value = reading.value
    if reading.code or asked.range is None or not isinstance(value, (int, float)):
        return reading
    if not asked.range.holds(value):
        refused = unreadable("CA235", expected=_between(asked.range, asked.unit))
        return refused._replace(conversion=reading.conversion)
    if asked.usual is not None and not asked.usual.holds(value):
        return reading._replace(code="CA418", fields={"expected": _between(asked.usual, asked.unit)})
    return reading


def _between(limits: NumberRange, unit: str) -> str:
    return f"{limits.low:g} to {amount(f'{limits.high:g}', unit)}"


def _share(cell: Cell, text: str, asked: Asked) -> Reading:
    match = _COUNTS.fullmatch(text) if isinstance(cell.value, str) else None
    if not match:
        return unreadable("CA221")
    return answered(Share(numerator=int(match[1]), denominator=int(match[2])), f"{text} -> counts")


def _date(cell: Cell, text: str, asked: Asked) -> Reading:
    return _wrong_kind(cell, asked) if isinstance(cell.value, bool) else parse_date(cell.value, text)


def _choice(cell: Cell, text: str, asked: Asked) -> Reading:
    matches = asked.options.match(text)
    if len(matches) == 1:
        return answered(next(iter(matches)))
    if matches:
        return ambiguous("CA213")
    return unreadable("CA212", suggestion=asked.options.suggest(text))


def _choices(cell: Cell, text: str, asked: Asked) -> Reading:
    found: set[str] = set()
    for part in asked.options.split(text):
        matches = asked.options.match(part)
        if len(matches) > 1:
            return ambiguous("CA213")
        if not matches:
            return unreadable("CA212", suggestion=asked.options.suggest(part))
        found |= matches
    return answered(tuple(sorted(found)))


def _text(cell: Cell, text: str, asked: Asked) -> Reading:
    if isinstance(cell.value, (bool, date, time, timedelta)):
        return _wrong_kind(cell, asked)
    return answered(text)


def _register(_: Cell, __: str, ___: Asked) -> Reading:
    return unreadable("CA223")


def _wrong_kind(cell: Cell, asked: Asked) -> Reading:
    kind = next((name for types, name in _KINDS if isinstance(cell.value, types)), "value")
    return unreadable("CA214", kind=kind, expected=asked.expected)


_PARSERS: Mapping[AnswerType, Callable[[Cell, str, Asked], Reading]] = {
    AnswerType.STATUS: _status,
    AnswerType.BOOLEAN: _boolean,
    AnswerType.INTEGER: _number,
    AnswerType.NUMBER: _number,
    AnswerType.SHARE: _share,
    AnswerType.DATE: _date,
    AnswerType.CHOICE: _choice,
    AnswerType.CHOICES: _choices,
    AnswerType.TEXT: _text,
    AnswerType.REGISTER: _register,
}


def is_share_word(cell: Cell | None) -> bool:
    """Tell whether the answer cell of a share only says that the counts stand in their own columns."""
    return cell is None or cell_text(cell)[0].casefold() in ("", SHARE_WORD)
