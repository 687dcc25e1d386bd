"""Strictness: a criterion may be tightened by an overlay, literal by literal, and never loosened."""

from collections.abc import Iterator, Mapping
from typing import Any

from cartaudit.catalogue.messages import LintMessage, Place, listed, written
from cartaudit.criteria.grammar import ANYOF
from cartaudit.criteria.rule import ArgumentTable, Part, Tightens
from cartaudit.criteria.rules import RULES


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
        if name == ANYOF:
            yield here.error("Alternatives cannot be tightened by an overlay.", "Raise the severity instead.")
        elif not isinstance(old.get(name), dict) or not isinstance(rules, dict):
            yield here.error(f"The criterion has no rules for '{name}'.", f"Name one of: {listed(old)}.")
        else:
            if not rules:
                yield here.error("There is no rule here.", f"Replace one of: {listed(old[name])}.")
            for rule, argument in rules.items():
                yield from _rule(rule, old[name], argument, here.at(rule))


def _rule(name: str, old: Mapping[str, Any], new: Any, place: Place) -> Iterator[LintMessage]:
    rule = RULES.get(name)
    if name not in old or rule is None:
        yield place.error(f"The criterion has no rule '{name}' here.", f"Replace one of: {listed(old)}.")
    elif rule.argument is Part.GROUP and not rule.selects:
        yield from looser_parts(old[name], new, place)
    elif isinstance(rule.argument, ArgumentTable) and isinstance(new, dict):
        for key, value in new.items():
            part = {**rule.argument.needed, **rule.argument.optional}.get(key)
            if part is Part.GROUP:
                yield from looser_parts(old[name][key], value, place.at(key))
            else:
                tightens = rule.tightens.get(key) if isinstance(rule.tightens, Mapping) else None
                yield from _literal(key, old[name], value, tightens, place.at(key))
    else:
        yield from _literal(name, old, new, rule.tightens if callable(rule.tightens) else None, place)


def _literal(
    key: str, old: Mapping[str, Any], new: Any, tightens: Tightens | None, place: Place
) -> Iterator[LintMessage]:
    if key not in old:
        yield place.error(f"The criterion has no rule '{key}' here.", f"Replace one of: {listed(old)}.")
    elif tightens is None:
        yield place.error(f"'{key}' cannot be replaced.", "Replace literal thresholds only.")
    elif _has_parameter(old[key]):
        yield place.error(
            "The threshold is a parameter.", "Give its value in a [[parameter]] of the overlay, with its revision."
        )
    elif not tightens(old[key], new):
        yield place.error(
            f"{written(new)} is looser than {written(old[key])}.", "An overlay may only make a rule stricter."
        )


def _has_parameter(argument: Any) -> bool:
    entries = argument if isinstance(argument, list) else [argument]
    return any(isinstance(entry, dict) for entry in entries)
