"""An answer within the bounds that the rules leave."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from cartaudit.criteria.bounds import Bounds
from cartaudit.criteria.rule import Asked
from cartaudit.model.answers import AnswerType, Share, Status

_FUTURE_DAYS, _RECENT_DAYS, _SAMPLE = 400, 45, 20
_FUTURE_NAMES = ("until", "due", "expir", "next")
_EMPTY_OPTIONS = ("none", "other")


def fits(bounds: Bounds, value: str | tuple[str, ...], options: Iterable[str]) -> bool:
    """Tell whether one choice, or a tuple of them, is among the options and within the limits."""
    chosen = {value} if isinstance(value, str) else set(value)
    if not chosen <= set(options):
        return False
    if isinstance(value, str):
        return bounds.allowed is None or value in bounds.allowed
    return bounds.contains <= chosen and all(group & chosen for group in bounds.any_of) and len(chosen) >= bounds.length


def choose(bounds: Bounds, asked: Asked, options: tuple[str, ...], as_of: date, label: str) -> Any:
    """Give an answer within the limits: at the threshold where there is one, else what a sound centre would say.

    `label` serves as text. Raises ValueError where nothing meets the limits.
    """
    if not bounds.feasible(options):
        raise ValueError(f"No answer to '{asked.id}' meets all its limits.")
    allowed = [v for v in bounds.allowed if bounds.holds(v)] if bounds.allowed is not None else []
    match asked.type:
        case AnswerType.STATUS:
            return Status(allowed[0]) if allowed else Status.YES
        case AnswerType.BOOLEAN:
            return allowed[0] if allowed else True
        case AnswerType.INTEGER | AnswerType.NUMBER:
            return allowed[0] if allowed else _number(bounds, asked)
        case AnswerType.SHARE:
            cases = max(bounds.sample, _SAMPLE)
            return Share(numerator=cases, denominator=cases, period="last 12 months")
        case AnswerType.DATE:
            return _day(bounds, asked.id, as_of)
        case AnswerType.CHOICE:
            return allowed[0] if allowed else _default_choice(asked, options)
        case AnswerType.CHOICES:
            return _choices(bounds, options)
        case _:
            return allowed[0] if allowed else label.ljust(bounds.length, ".")


def _number(bounds: Bounds, asked: Asked) -> Any:
    """Give the limit itself where there is one, moved only so far that the number is a usual one."""
    low, high = bounds.low, bounds.high
    wished = low if low is not None else high
    if asked.usual is None:
        return 0 if wished is None else wished
    usual_low, usual_high = asked.usual.low, asked.usual.high
    if wished is None:
        return usual_low
    if low is not None and wished < usual_low:
        return usual_low if high is None else min(usual_low, high)
    if low is None and wished > usual_high:
        return usual_high
    return wished


def _day(bounds: Bounds, name: str, as_of: date) -> date:
    ahead = any(part in name for part in _FUTURE_NAMES) or (bounds.low is not None and bounds.low >= as_of)
    wished = as_of + timedelta(days=_FUTURE_DAYS) if ahead else as_of - timedelta(days=_RECENT_DAYS)
    if bounds.high is not None:
        wished = min(wished, bounds.high)
    return wished if bounds.low is None else max(wished, bounds.low)


def _default_choice(asked: Asked, options: tuple[str, ...]) -> str:
    if not options:
        raise ValueError(f"'{asked.id}' offers nothing to choose.")
    return options[0]


def _choices(bounds: Bounds, options: tuple[str, ...]) -> tuple[str, ...]:
    chosen = set(bounds.contains)
    for group in bounds.any_of:
        if not group & chosen:
            chosen.add(next((o for o in options if o in group), min(group)))
    sound = [o for o in options if o not in _EMPTY_OPTIONS]
    if not chosen:
        chosen = set(sound or options)
    for option in sound:
        if len(chosen) >= bounds.length:
            break
        chosen.add(option)
    return tuple(sorted(chosen))
