"""Compiling criteria: every rule checked, its thresholds filled in, one Cerberus validator for each group."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from cartaudit.criteria.criterion import Criterion, Test
from cartaudit.criteria.grammar import ANYOF, AUDIT_DATE, Fields, columns_of, faults
from cartaudit.criteria.rule import ArgumentTable, Asked, Part, Rule
from cartaudit.criteria.rules import RULES
from cartaudit.criteria.thresholds import Filled, fill
from cartaudit.criteria.validator import CriterionValidator
from cartaudit.errors import ChecklistError
from cartaudit.model.answers import AnswerType
from cartaudit.model.audit import Threshold
from cartaudit.model.parameters import ParameterDefinition
from cartaudit.model.questions import Question
from cartaudit.model.requirements import Group


class _Terms(NamedTuple):
    """On what terms a group is compiled: what its names stand for, the thresholds by parameter, and the day."""

    fields: Fields
    values: Mapping[str, Threshold]
    as_of: date


def compile_group(
    group: Group, fields: Fields, as_of: date, values: Mapping[str, Threshold] | None = None, place: str = "A group"
) -> Criterion | None:
    """Compile a group, with each parameter's threshold before its offset; None where the texts set no limit at all.

    Raises ChecklistError, which names the place, for content that lint would refuse: nothing is passed over.
    """
    for fault in faults(group, fields):
        where = ".".join(map(str, fault.path)) or "its criterion"
        raise ChecklistError(f"{place}: {where} cannot be tested ({fault.kind}). Run `cartaudit checklists lint`.")
    return _group(group, _Terms(fields, values or {}, as_of))


def compile_value_rules(
    definition: ParameterDefinition, rules: Mapping[str, Any], as_of: date, place: str = "A parameter"
) -> Criterion:
    """Compile rules over the value of a parameter, as `applies.parameter` holds them, as if it were an answer."""
    criterion = compile_group({definition.name: rules}, {definition.name: as_question(definition)}, as_of, place=place)
    assert criterion is not None
    return criterion


def as_question(definition: ParameterDefinition) -> Question:
    """Give the question to which the value of a parameter would be an answer."""
    kinds = {"texts": AnswerType.CHOICES}
    kind = kinds.get(definition.type) or AnswerType(definition.type)
    return Question(id=definition.name, area="", text=definition.text, type=kind, unit=definition.unit)


def _group(group: Group, terms: _Terms) -> Criterion | None:
    tests = tuple(
        test for name, rules in group.items() if name != ANYOF for test in _tests(terms.fields[name], rules, terms)
    )
    alternatives = tuple(c for g in group.get(ANYOF, ()) if (c := _group(g, terms)) is not None)
    if not tests and not alternatives:
        return None
    return Criterion(
        tests=tests,
        alternatives=alternatives,
        validator=CriterionValidator.of(tests, terms.as_of) if tests else None,
        needs=tuple(dict.fromkeys(name for test in tests for name in test.reads)),
        dated=any(map(_is_dated, tests)) or any(a.dated for a in alternatives),
    )


def _is_dated(test: Test) -> bool:
    return test.rule.ends is not None or any(group.dated for group in test.groups())


def _tests(asked: Asked, rules: Mapping[str, Any], terms: _Terms) -> Iterator[Test]:
    """Compile the rules on one answer; those whose texts set no limit fall away."""
    ordered = [RULES[name] for name in (RULES if asked.type is AnswerType.REGISTER else rules) if name in rules]
    filled = dict(found for rule in ordered for found in _filled(rule, rules[rule.name], asked, terms))
    beside = {rule.name: found.value for rule, found in filled.items() if not found.dropped}
    for rule, found in filled.items():
        if found.dropped or rule.selects:
            continue
        others = [terms.fields[name] for name in rule.names(found.value)]
        yield Test(
            rule=rule,
            asked=asked,
            argument=found.value,
            beside=beside,
            other=others[0] if others else None,
            thresholds=found.thresholds,
            unconfirmed=found.unconfirmed,
            closed=found.closed,
        )


def _filled(rule: Rule, argument: Any, asked: Asked, terms: _Terms) -> Iterator[tuple[Rule, Filled]]:
    """Fill in an argument; a band of which the text leaves one side open comes to the rules of its sides."""
    if rule.halves:
        sides = {key: _part(part, value, asked, terms) for (key,), part, value in rule.parts(argument)}
        if any(found.dropped or found.unconfirmed for found in sides.values()):
            yield from ((RULES[key], found) for key, found in sides.items())
            return
    yield rule, _argument(rule, argument, asked, terms)


def _argument(rule: Rule, argument: Any, asked: Asked, terms: _Terms) -> Filled:
    parts = {path: _part(part, value, asked, terms) for path, part, value in rule.parts(argument)}
    if not isinstance(rule.argument, ArgumentTable):
        return parts[()]
    return Filled(
        value={
            **{key: 1 for key, part in rule.argument.optional.items() if part is Part.SAMPLE},
            **{key: found.value for (key,), found in parts.items()},
        },
        thresholds=tuple(t for found in parts.values() for t in found.thresholds),
        unconfirmed=any(found.unconfirmed for found in parts.values()),
        dropped=any(found.dropped for found in parts.values()),
        closed=any(found.closed for found in parts.values()),
    )


def _part(part: Part, value: Any, asked: Asked, terms: _Terms) -> Filled:
    if part is Part.GROUP:
        criterion = _group(value, terms._replace(fields=columns_of(asked)))
        return Filled(criterion, dropped=criterion is None)
    if part is Part.DATE and value == AUDIT_DATE:
        return Filled(terms.as_of)
    return fill(part, value, asked, terms.values)
