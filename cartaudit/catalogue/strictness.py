"""Strictness: a criterion may be tightened by an overlay, literal by literal, and never loosened."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from cartaudit.catalogue.messages import LintMessage, Place, listed, written

_UPWARDS = frozenset({"min", "min_share", "min_sample", "min_rows", "minlength", "not_before"})
_DOWNWARDS = frozenset({"max", "max_age_days", "not_after"})
_FEWER = frozenset({"allowed", "contains_any"})
_MORE = frozenset({"contains"})
_REPLACEABLE = _UPWARDS | _DOWNWARDS | _FEWER | _MORE


def tightened(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Put the literals of `new` in place of those of `old`, at any depth; what only `old` holds stays."""
    merged = dict(old)
    for key, value in new.items():
        present = merged.get(key)
        merged[key] = tightened(present, value) if isinstance(present, dict) and isinstance(value, dict) else value
    return merged


def looser_parts(old: Mapping[str, Any], new: Any, place: Place) -> Iterator[LintMessage]:
    """Report whatever in a group of replacements is not a stricter literal in the place of an old one."""
    if not isinstance(new, dict) or not new:
        yield place.error("There are no rules here.", "Repeat the criterion with its stricter values only.")
        return
    for name, rules in new.items():
        here = place.at(name)
        if name == "anyof":
            yield here.error("Alternatives cannot be tightened by an overlay.", "Raise the severity instead.")
        elif not isinstance(old.get(name), dict) or not isinstance(rules, dict):
            yield here.error(f"The criterion has no rules for '{name}'.", f"Name one of: {listed(old)}.")
        else:
            if not rules:
                yield here.error("There is no rule here.", f"Replace one of: {listed(old[name])}.")
            for rule, argument in rules.items():
                yield from _rule(rule, old[name], argument, here.at(rule))


def _rule(rule: str, old: Mapping[str, Any], new: Any, place: Place) -> Iterator[LintMessage]:
    if rule not in old:
        yield place.error(f"The criterion has no rule '{rule}' here.", f"Replace one of: {listed(old)}.")
    elif rule in ("every_row", "any_row"):
        yield from looser_parts(old[rule], new, place)
    elif rule == "share_of_rows" and isinstance(new, dict):
        for key in new.keys() - {"rows"}:
            yield from _rule(key, old[rule], new[key], place.at(key))
        if "rows" in new:
            yield from looser_parts(old[rule]["rows"], new["rows"], place.at("rows"))
    elif rule == "share_of" and isinstance(new, dict):
        for key in new:
            yield from _rule(key, old[rule], new[key], place.at(key))
    elif rule not in _REPLACEABLE:
        yield place.error(f"'{rule}' cannot be replaced.", "Replace literal thresholds only.")
    elif _has_parameter(old[rule]):
        yield place.error(
            "The threshold is a parameter.", "Give its value in a [[parameter]] of the overlay, with its revision."
        )
    elif not at_least_as_strict(rule, old[rule], new):
        yield place.error(
            f"{written(new)} is looser than {written(old[rule])}.", "An overlay may only make a rule stricter."
        )


def _has_parameter(argument: Any) -> bool:
    entries = argument if isinstance(argument, list) else [argument]
    return any(isinstance(entry, dict) for entry in entries)


def at_least_as_strict(rule: str, old: Any, new: Any) -> bool:
    """Tell whether a rule with argument `new` accepts no more than with `old`; False where that cannot be told."""
    if rule in _FEWER | _MORE:
        if not (isinstance(old, list) and isinstance(new, list) and new):
            return False
        fewer, more = (new, old) if rule in _FEWER else (old, new)
        return all(any(_same(entry, other) for other in more) for entry in fewer)
    numbers = _is_number(old) and _is_number(new)
    days = type(old) is date and type(new) is date
    if not (numbers or days):
        return _same(old, new)
    return bool(new >= old if rule in _UPWARDS else new <= old)


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
