"""What one answer is held to by the rules met so far, and an answer that meets them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from cartaudit.model.answers import AnswerType, Share, Status
from cartaudit.model.questions import Column, Question

_FUTURE_DAYS, _RECENT_DAYS, _SAMPLE = 400, 45, 20
_FUTURE_NAMES = ("until", "due", "expir", "next")
_EMPTY_OPTIONS = ("none", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The limits on one answer. `low` and `high` are numbers or dates; None of `allowed` means anything."""

    allowed: tuple[Any, ...] | None = None
    contains: frozenset[str] = frozenset()
    any_of: tuple[frozenset[str], ...] = ()
    low: Any = None
    high: Any = None
    share: float = 0.0
    sample: int = 0
    length: int = 0

    def narrow(self, rule: str, argument: Any, as_of: date) -> "Bounds":
        """Add one rule with a literal argument."""
        match rule:
            case "allowed":
                given = tuple(argument)
                kept = given if self.allowed is None else tuple(v for v in self.allowed if v in given)
                return replace(self, allowed=kept)
            case "contains":
                return replace(self, contains=self.contains | set(argument))
            case "contains_any":
                return replace(self, any_of=(*self.any_of, frozenset(argument)))
            case "min_share":
                return replace(self, share=max(self.share, argument))
            case "min_sample":
                return replace(self, sample=max(self.sample, argument))
            case "minlength":
                return replace(self, length=max(self.length, argument))
            case "max_age_days":
                return self.above(as_of - timedelta(days=argument)).below(as_of)
            case "not_expired":
                return self.above(as_of)
            case "min" | "not_before":
                return self.above(as_of if argument == "as_of" else argument)
            case "max" | "not_after":
                return self.below(as_of if argument == "as_of" else argument)
        raise ValueError(f"'{rule}' limits no single answer.")

    def above(self, low: Any) -> "Bounds":
        """Raise the lower limit."""
        return replace(self, low=low if self.low is None else max(self.low, low))

    def below(self, high: Any) -> "Bounds":
        """Lower the upper limit."""
        return replace(self, high=high if self.high is None else min(self.high, high))

    def feasible(self, options: Iterable[str]) -> bool:
        """Tell whether some answer meets the limits; `options` are the ids a choice may take."""
        known = set(options)
        if self.low is not None and self.high is not None and self.low > self.high:
            return False
        if known and not (self.contains <= known and all(group & known for group in self.any_of)):
            return False
        return self.allowed is None or any(_within(self, value) for value in self.allowed)


def _within(bounds: Bounds, value: Any) -> bool:
    above: bool = bounds.low is None or bool(value >= bounds.low)
    return above and (bounds.high is None or bool(value <= bounds.high))


def fits(bounds: Bounds, value: str | tuple[str, ...], options: Iterable[str]) -> bool:
    """Tell whether one choice, or a tuple of them, is among the options and within the limits."""
    chosen = {value} if isinstance(value, str) else set(value)
    if not chosen <= set(options):
        return False
    if isinstance(value, str):
        return bounds.allowed is None or value in bounds.allowed
    return bounds.contains <= chosen and all(group & chosen for group in bounds.any_of) and len(chosen) >= bounds.length


def choose(bounds: Bounds, asked: Question | Column, options: tuple[str, ...], as_of: date, label: str) -> Any:
    """Give an answer within the limits: at the threshold where there is one, else what a sound centre would say.

    `label` serves as text. Raises ValueError where nothing meets the limits.
    """
    if not bounds.feasible(options):
        raise ValueError(f"No answer to '{asked.id}' meets all its limits.")
    allowed = [v for v in bounds.allowed if _within(bounds, v)] if bounds.allowed is not None else []
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


def _number(bounds: Bounds, asked: Question | Column) -> Any:
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


def _default_choice(asked: Question | Column, options: tuple[str, ...]) -> str:
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


def holds(group: Mapping[str, Any], values: Mapping[str, Any], as_of: date) -> bool:
    """Test a group of literal rules over the values of one row; what is missing does not hold."""
    for name, rules in group.items():
        if name == "anyof":
            if not any(holds(alternative, values, as_of) for alternative in rules):
                return False
        elif name not in values or not all(_holds(r, a, values[name], values, as_of) for r, a in rules.items()):
            return False
    return True


def _holds(rule: str, argument: Any, value: Any, values: Mapping[str, Any], as_of: date) -> bool:
    match rule:
        case "allowed":
            return bool(value in argument)
        case "contains":
            return set(argument) <= set(value)
        case "contains_any":
            return bool(set(argument) & set(value))
        case "minlength":
            return bool(len(value) >= argument)
        case "at_least":
            return argument in values and bool(value >= values[argument])
        case "at_most":
            return argument in values and bool(value <= values[argument])
        case "share_of":
            cases = values.get(argument["of"], 0)
            return cases >= argument.get("min_sample", 1) and bool(value >= argument["min_share"] * cases)
    limit = Bounds().narrow(rule, argument, as_of)
    return _within(limit, value)
