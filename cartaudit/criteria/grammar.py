"""The grammar: what a group of rules is, and everything in which content can depart from it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from cartaudit.criteria.rule import ArgumentTable, Asked, Part, Rule
from cartaudit.criteria.rules import RULES
from cartaudit.criteria.values import is_day, is_literal, is_number, is_whole
from cartaudit.model.answers import AnswerType
from cartaudit.model.questions import Question

ANYOF = "anyof"
"""The key of a group under which alternatives stand, of which one must hold."""

AUDIT_DATE = "as_of"
"""Stands for the audit date where a date is wanted."""

BUILT_IN_PARAMETERS = frozenset({"product", "jurisdiction"})
"""Parameters that hold the id of the product and of the label jurisdiction being judged; always verified."""

Fields = Mapping[str, Asked]
"""What the names in a group stand for: questions, or inside a register its columns."""


class Departure(StrEnum):
    """In what content departs from the grammar."""

    NO_GROUP = "no_group"
    EMPTY_GROUP = "empty_group"
    NO_ALTERNATIVES = "no_alternatives"
    UNKNOWN_NAME = "unknown_name"
    NO_RULES = "no_rules"
    UNKNOWN_RULE = "unknown_rule"
    MISFIT = "misfit"
    NOTHING_DEMANDED = "nothing_demanded"
    NO_LIST = "no_list"
    NO_ANSWER = "no_answer"
    MISPLACED = "misplaced"
    NO_TABLE = "no_table"
    COLUMNS_ONLY = "columns_only"
    UNKNOWN_OTHER = "unknown_other"
    ITSELF = "itself"
    INCOMPARABLE = "incomparable"
    NO_REFERENCE = "no_reference"
    TAKES_NO_PARAMETER = "takes_no_parameter"
    NO_OFFSET = "no_offset"


class Fault(NamedTuple):
    """One departure: where (keys and, counted from 1, numbers of entries), what stands there, on which answer, in which
    rule and part of its argument. `known` are the names that could be used there, of columns or of questions."""

    kind: Departure
    path: tuple[str | int, ...]
    found: Any
    asked: Asked | None
    rule: Rule | None
    part: Part | None
    known: Fields
    columns: bool


class _Place(NamedTuple):
    """Where in a group we are; `columns` tells that names are those of columns."""

    fields: Fields
    path: tuple[str | int, ...] = ()
    asked: Asked | None = None
    rule: Rule | None = None
    part: Part | None = None
    columns: bool = False

    def at(self, *keys: str | int) -> "_Place":
        return self._replace(path=(*self.path, *keys))

    def fault(self, kind: Departure, found: Any = None) -> Fault:
        return Fault(kind, self.path, found, self.asked, self.rule, self.part, self.fields, self.columns)


def faults(group: Any, fields: Fields) -> Iterator[Fault]:
    """Find every departure of a group from the grammar, at any depth."""
    yield from _group(group, _Place(fields))


def columns_of(asked: Asked | None) -> Fields:
    """Give the columns of a register by id; none of anything else."""
    return {column.id: column for column in asked.columns} if isinstance(asked, Question) else {}


def _group(group: Any, place: _Place) -> Iterator[Fault]:
    if not isinstance(group, Mapping):
        yield place.fault(Departure.NO_GROUP, group)
        return
    if not group:
        yield place.fault(Departure.EMPTY_GROUP)
    for name, rules in group.items():
        here = place.at(name)
        if name == ANYOF:
            yield from _alternatives(rules, here)
        elif name not in place.fields:
            yield here.fault(Departure.UNKNOWN_NAME, name)
        else:
            yield from _rules(rules, here._replace(asked=place.fields[name]))


def _alternatives(groups: Any, place: _Place) -> Iterator[Fault]:
    if not is_list(groups) or len(groups) < 2:
        yield place.fault(Departure.NO_ALTERNATIVES, groups)
        return
    for number, group in enumerate(groups, start=1):
        yield from _group(group, place.at(number))


def _rules(rules: Any, place: _Place) -> Iterator[Fault]:
    assert place.asked is not None
    if not isinstance(rules, Mapping) or not rules:
        yield place.fault(Departure.NO_RULES, rules)
        return
    for name, argument in rules.items():
        rule = RULES.get(name)
        here = place.at(name)._replace(rule=rule)
        if rule is None:
            yield here.fault(Departure.UNKNOWN_RULE, name)
        elif place.asked.type not in rule.types:
            yield here.fault(Departure.MISFIT)
        else:
            yield from _argument(rule, argument, here)
    known = [RULES[name] for name in rules if name in RULES]
    if known and all(rule.selects for rule in known):
        yield place.at(known[0].name).fault(Departure.NOTHING_DEMANDED)


def _argument(rule: Rule, argument: Any, place: _Place) -> Iterator[Fault]:
    if isinstance(rule.argument, ArgumentTable):
        needed, optional = rule.argument
        if not isinstance(argument, Mapping) or not needed.keys() <= argument.keys() <= {*needed, *optional}:
            yield place.fault(Departure.NO_TABLE, argument)
            return
        if Part.NAME in needed.values() and not place.columns:
            yield place.fault(Departure.COLUMNS_ONLY)
            return
    for path, part, value in rule.parts(argument):
        here = place.at(*path)
        if part in _PARAMETERS and isinstance(value, Mapping):
            yield from _reference(value, part, here)
        else:
            yield from _part(part, value, here)


def _part(part: Part, value: Any, place: _Place) -> Iterator[Fault]:
    match part:
        case Part.GROUP:
            yield from _group(value, _Place(columns_of(place.asked), place.path, columns=True))
        case Part.NAME:
            yield from _name(value, place)
        case Part.VALUES:
            yield from _values(value, place)
        case _ if not _LITERALS[part](value):
            yield place._replace(part=part).fault(Departure.MISPLACED, value)


_PARAMETERS = frozenset({Part.VALUES, Part.NUMBER, Part.SHARE, Part.DAYS})
"""Parts in which a reference to a parameter may stand, where the rule takes one."""

_LITERALS: Mapping[Part, Callable[[Any], bool]] = {
    Part.NUMBER: is_number,
    Part.SHARE: lambda value: fits(Part.SHARE, value),
    Part.DAYS: lambda value: is_whole(value) and value >= 1,
    Part.COUNT: lambda value: is_whole(value) and value >= 1,
    Part.SAMPLE: lambda value: is_whole(value) and value >= 1,
    Part.DATE: lambda value: is_day(value) or value == AUDIT_DATE,
    Part.FLAG: lambda value: value is True,
}


def fits(part: Part, value: Any) -> bool:
    """Tell whether a figure, be it that of a parameter, may stand in a part."""
    if not is_number(value):
        return False
    return bool(0 < value <= 1) if part is Part.SHARE else part is not Part.DAYS or bool(value >= 0)


def is_list(value: Any) -> bool:
    """Tell whether a value is a list, as content or as a program writes it."""
    return isinstance(value, Sequence) and not isinstance(value, str)


def _name(name: Any, place: _Place) -> Iterator[Fault]:
    asked, other = place.asked, place.fields.get(name) if isinstance(name, str) else None
    assert asked is not None
    if other is None:
        yield place.fault(Departure.UNKNOWN_OTHER, name)
    elif other.id == asked.id:
        yield place.fault(Departure.ITSELF, name)
    elif other.type is not asked.type and not {other.type, asked.type} <= {AnswerType.INTEGER, AnswerType.NUMBER}:
        yield place.fault(Departure.INCOMPARABLE, other)


def _values(values: Any, place: _Place) -> Iterator[Fault]:
    assert place.asked is not None
    if not is_list(values) or not values:
        yield place.fault(Departure.NO_LIST, values)
        return
    for number, value in enumerate(values, start=1):
        here = place.at(number)
        if isinstance(value, Mapping):
            yield from _reference(value, Part.VALUES, here)
        elif not is_literal(value, place.asked.type):
            yield here.fault(Departure.NO_ANSWER, value)


def _reference(table: Mapping[str, Any], part: Part, place: _Place) -> Iterator[Fault]:
    assert place.rule is not None
    if not isinstance(table.get("parameter"), str) or not table.keys() <= {"parameter", "offset"}:
        yield place.fault(Departure.NO_REFERENCE, table)
    elif not place.rule.parameter:
        yield place.fault(Departure.TAKES_NO_PARAMETER)
    elif "offset" in table and (part is Part.VALUES or not is_number(table["offset"])):
        yield place.at("offset").fault(Departure.NO_OFFSET)
