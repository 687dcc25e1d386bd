"""Numbers as people type them: decimal comma, grouping, units; what can be read two ways is a problem."""

import math
import re
from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

from cartaudit.intake.outcome import Reading, ambiguous, answered, unreadable
from cartaudit.intake.units import bare_of_unit, convert
from cartaudit.model.text import amount as in_words

_NUMBER = re.compile(r"([+\-\u2212\u2013\u2010\u2011]?)\s*(\d[\d., '\u2019]*)(.*)", re.DOTALL)
_TWO_WAYS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_GROUPED = re.compile(r"\d{1,3}(?:([., '\u2019])\d{3})(?:\1\d{3})*")
_MARKS = re.compile(r"[., '\u2019]")
_MAX_LENGTH = 60
_DIGITS = 9
"""Digits of a converted number: more move no verdict and cannot be read."""


def parse_number(
    value: object, text: str, unit: str, *, whole: bool, percent_format: bool, stated: Sequence[str] = ()
) -> Reading:
    """Read a number in the question's unit; `whole` asks for an integer, `percent_format` says Excel shows per cent.

    `stated` are units that stand beside the number; they have to agree with each other and with a unit typed with it.
    """
    if isinstance(value, timedelta):
        minutes = Fraction(value.total_seconds()).limit_denominator(60_000) / 60
        return _in_units(minutes, text, unit, ("min",), whole=whole)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _stored(value, text, unit, whole=whole, percent_format=percent_format, stated=stated)
    hint = f", in {unit}" if unit else ""
    bare = bare_of_unit(text, unit) if len(text) <= _MAX_LENGTH else ""
    match = _NUMBER.fullmatch(bare)
    if not match:
        return unreadable("CA201", unit=hint)
    sign, digits, rest = match.group(1), match.group(2).rstrip(), match.group(3).strip()
    if _TWO_WAYS.fullmatch(digits):
        return ambiguous("CA210", unit=hint)
    amount = _amount(digits)
    if amount is None or any(character.isdigit() for character in rest):
        return unreadable("CA201", unit=hint)
    amount = -amount if sign not in ("", "+") else amount
    plain = sign in ("", "-") and digits.isdecimal() and bare == text and not rest
    return _in_units(amount, text, unit, (*([rest] if rest else []), *stated), whole=whole, plain=plain)


def _in_units(
    amount: Fraction, text: str, unit: str, units: Sequence[str], *, whole: bool, plain: bool = False
) -> Reading:
    """Bring an amount to the question's unit by the units it is given in, which all have to say the same."""
    named = tuple(dict.fromkeys(u for u in units if unit)) if unit else tuple(units[:1])
    converted = {convert(amount, each, unit) for each in named} or {amount}
    if None in converted:
        wrong = next(each for each in named if convert(amount, each, unit) is None)
        return unreadable("CA211", unit=unit or "the unit of the question, or none", given=wrong)
    if len(converted) > 1:
        return ambiguous("CA228", units=" and ".join(named), unit=unit)
    (result,) = converted
    assert result is not None
    shown = f"{text} {' '.join(named)}" if result != amount and named and named[0] not in text else text
    return _finish(result, shown, unit, whole=whole, converted=result != amount or not plain)


def _stored(
    value: int | float, text: str, unit: str, *, whole: bool, percent_format: bool, stated: Sequence[str]
) -> Reading:
    if isinstance(value, float) and not math.isfinite(value):
        return unreadable("CA201", unit=f", in {unit}" if unit else "")
    if percent_format:
        if unit != "%":
            return unreadable("CA211", unit=unit or "the unit of the question, not per cent", given="%")
        return _in_units(Fraction(str(value)) * 100, f"{text} shown as per cent", unit, stated, whole=whole)
    if unit == "%" and 0 < value < 1 and not stated:
        return ambiguous("CA210", unit=", in %")
    return _in_units(Fraction(str(value)), text, unit, stated, whole=whole, plain=True)


def _amount(digits: str) -> Fraction | None:
    if digits.isdecimal():
        return Fraction(digits)
    if _GROUPED.fullmatch(digits) and not digits.startswith("0"):
        return Fraction(_MARKS.sub("", digits))
    for mark in (".", ","):
        whole, found, decimals = digits.rpartition(mark)
        if found and decimals.isdecimal() and (whole.isdecimal() or _grouped_otherwise(whole, mark)):
            return Fraction(f"{_MARKS.sub('', whole)}.{decimals}")
    return None


def _grouped_otherwise(whole: str, decimal_mark: str) -> bool:
    match = _GROUPED.fullmatch(whole)
    return bool(match and match.group(1) != decimal_mark)


def _finish(amount: Fraction, text: str, unit: str, *, whole: bool, converted: bool) -> Reading:
    if whole and amount.denominator != 1:
        return unreadable("CA202", unit=f", in {unit}" if unit else "")
    value = int(amount) if amount.denominator == 1 else float(f"{float(amount):.{_DIGITS}g}")
    shown = in_words(str(value), unit)
    return answered(value, f"{text} -> {shown}" if converted and text != shown else "")
