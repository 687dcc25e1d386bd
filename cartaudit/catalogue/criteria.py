"""Lint of criteria: every group, rule and argument against the table of rules and the answers they speak of."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from cartaudit.catalogue.messages import LintMessage, OpenNames, Place, instead, listed, written
from cartaudit.model.answers import AnswerType, Status
from cartaudit.model.parameters import Direction, ParameterDefinition, ParameterValue
from cartaudit.model.questions import Column, Question, Scope
from cartaudit.model.rules import BUILT_IN_PARAMETERS, RULES, Argument, Rule

Asked = Question | Column
Fields = Mapping[str, Asked]

ANYOF = "anyof"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What criteria may name. `broken_questions` and `broken_definitions` are known, but left out for their shape."""

    questions: Mapping[str, Question]
    definitions: Mapping[str, ParameterDefinition]
    values: Mapping[str, Sequence[ParameterValue]] = field(default_factory=dict)
    options: Mapping[str, frozenset[str]] = field(default_factory=dict)
    broken_questions: frozenset[str] = frozenset()
    broken_definitions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """Where in a criterion we are. `binding`: a stricter parameter must make the rule stricter here."""

    vocabulary: Vocabulary
    fields: Fields
    in_register: bool = False
    binding: bool = False


def lint_criterion(group: Any, place: Place, vocabulary: Vocabulary, *, binding: bool = False) -> Iterator[LintMessage]:
    """Check a group over questions. With `binding`, parameters must bind in the direction of the rule they serve."""
    yield from _group(group, place, _Context(vocabulary=vocabulary, fields=vocabulary.questions, binding=binding))


def lint_value_rules(
    rules: Any, place: Place, definition: ParameterDefinition, vocabulary: Vocabulary
) -> Iterator[LintMessage]:
    """Check rules over the value of a parameter, as `applies.parameter` holds them."""
    kinds = {"texts": AnswerType.CHOICES}
    asked = Question(
        id=definition.name,
        area="",
        text=definition.text,
        type=kinds.get(definition.type) or AnswerType(definition.type),
        unit=definition.unit,
        choices_from=f"values.{definition.name}" if definition.type in ("text", "texts") else "",
    )
    yield from _rules(rules, place, asked, _Context(vocabulary=vocabulary, fields={}))
    yield from lint_without_parameters(rules, place)


def lint_without_parameters(part: Any, place: Place) -> Iterator[LintMessage]:
    """Refuse references to parameters where none can be resolved."""
    for name in sorted(set(parameters_in(part))):
        yield place.error(f"Parameter '{name}' cannot be used here.", "Write the values themselves.")


def questions_in(group: Any) -> Iterator[str]:
    """Name the questions that a group over questions reads, those of `at_least` and `at_most` included."""
    if not isinstance(group, dict):
        return
    for name, rules in group.items():
        if name == ANYOF:
            for alternative in rules if isinstance(rules, list) else ():
                yield from questions_in(alternative)
            continue
        yield name
        if isinstance(rules, dict):
            yield from (rules[r] for r in ("at_least", "at_most") if isinstance(rules.get(r), str))


def parameters_in(part: Any) -> Iterator[str]:
    """Name the parameters that a group, rule or argument refers to, at any depth."""
    if isinstance(part, list):
        for entry in part:
            yield from parameters_in(entry)
    elif isinstance(part, dict):
        if isinstance(part.get("parameter"), str):
            yield part["parameter"]
        for value in part.values():
            yield from parameters_in(value)


_FIGURES = frozenset({"min", "max", "min_share", "min_sample", "max_age_days"})


def figures_in(part: Any) -> Iterator[float]:
    """Give the literal figures and offsets that a group, rule or argument holds an answer to, at any depth."""
    if isinstance(part, list):
        for entry in part:
            yield from figures_in(entry)
    elif isinstance(part, dict):
        for name, value in part.items():
            if (name in _FIGURES and _is_number(value)) or (name == "offset" and value):
                yield value
            else:
                yield from figures_in(value)


def _group(group: Any, place: Place, context: _Context) -> Iterator[LintMessage]:
    what = "column" if context.in_register else "question"
    if not isinstance(group, dict):
        yield place.error("This is no group of rules.", f"Write {{ {what} = {{ rule = argument }} }}.")
        return
    if not group:
        yield place.error("The group is empty.", f"Name at least one {what} with a rule: nothing would be demanded.")
    for name, rules in group.items():
        here = place.at(name)
        if name == ANYOF:
            yield from _anyof(rules, here, context)
        elif name in context.fields:
            yield from _rules(rules, here, context.fields[name], context)
        elif context.in_register or name not in context.vocabulary.broken_questions:
            yield here.error(f"There is no {what} '{name}'.", instead(name, context.fields, f"an existing {what}"))


def _anyof(alternatives: Any, place: Place, context: _Context) -> Iterator[LintMessage]:
    if not isinstance(alternatives, list) or len(alternatives) < 2:
        yield place.error("'anyof' is no list of two or more groups.", "Write anyof = [{ ... }, { ... }].")
        return
    for number, alternative in enumerate(alternatives, start=1):
        yield from _group(alternative, place.item(number), context)


def _rules(rules: Any, place: Place, asked: Asked, context: _Context) -> Iterator[LintMessage]:
    if not isinstance(rules, dict) or not rules:
        yield place.error("There is no rule here.", "Write { rule = argument }.")
        return
    for name, argument in rules.items():
        here = place.at(name)
        rule = RULES.get(name)
        if rule is None:
            yield here.error(f"There is no rule '{name}'.", instead(name, RULES, "a rule of docs/content-format.md"))
        elif asked.type not in rule.types:
            yield here.error(
                f"'{name}' does not fit the answer type {asked.type.value} of '{asked.id}'.", _fitting(asked.type)
            )
        else:
            yield from _argument(rule, argument, here, asked, context)
    yield from _together(rules, place)


def _fitting(kind: AnswerType) -> str:
    return f"Rules for {kind.value}: {listed(r.name for r in RULES.values() if kind in r.types)}."


def _together(rules: Mapping[str, Any], place: Place) -> Iterator[LintMessage]:
    """Check what only several rules on one answer show."""
    if "where" in rules and not rules.keys() & {"every_row", "any_row", "share_of_rows", "min_rows"}:
        yield place.at("where").error(
            "'where' selects rows, but nothing is demanded of them.",
            "Add every_row, any_row, share_of_rows or min_rows.",
        )
    low: Any = rules.get("min")
    high: Any = rules.get("max")
    if _is_number(low) and _is_number(high) and low > high:
        yield place.error(f"min {low} is above max {high}: no answer can meet both.", "Correct one of them.")


def _argument(rule: Rule, argument: Any, place: Place, asked: Asked, context: _Context) -> Iterator[LintMessage]:
    match rule.argument:
        case Argument.VALUES:
            yield from _values(rule, argument, place, asked, context)
        case Argument.NUMBER | Argument.DAYS:
            yield from _number(rule, argument, place, asked, context)
        case Argument.COUNT:
            if not _is_count(argument):
                yield place.error(
                    f"{written(argument)} is no whole number of at least 1.", "Write a count of 1 or more."
                )
        case Argument.DATE:
            if not (_is_day(argument) or argument == "as_of"):
                yield place.error(
                    f"{written(argument)} is no date.", 'Write a date without quotes, like 2025-06-26, or "as_of".'
                )
        case Argument.FLAG:
            if argument is not True:
                yield place.error(f"{written(argument)} is not true.", "Write true, or leave the rule out.")
        case Argument.NAME:
            yield from _name(argument, place, asked, context)
        case Argument.GROUP:
            yield from _group(argument, place, _rows(asked, context, selecting=rule.name == "where"))
        case Argument.ROW_SHARE:
            yield from _row_share(argument, place, asked, context)
        case Argument.SHARE_OF:
            yield from _share_of(argument, place, asked, context)
        case _:
            yield place.error(f"The argument of '{rule.name}' cannot be checked.", "Report this as a bug.")


def _rows(asked: Asked, context: _Context, *, selecting: bool = False) -> _Context:
    columns = {c.id: c for c in asked.columns} if isinstance(asked, Question) else {}
    return replace(context, fields=columns, in_register=True, binding=context.binding and not selecting)


def _row_share(argument: Any, place: Place, asked: Asked, context: _Context) -> Iterator[LintMessage]:
    keys = {"min_share", "min_sample", "rows"}
    if not isinstance(argument, dict) or not {"min_share", "rows"} <= argument.keys() <= keys:
        yield place.error(
            "This is no share of rows.", "Write { min_share = 0.95, min_sample = 5, rows = { column = { ... } } }."
        )
        return
    yield from _share_and_sample(argument, place)
    yield from _group(argument["rows"], place.at("rows"), _rows(asked, context))


def _share_of(argument: Any, place: Place, asked: Asked, context: _Context) -> Iterator[LintMessage]:
    keys = {"of", "min_share", "min_sample"}
    if not isinstance(argument, dict) or not {"of", "min_share"} <= argument.keys() <= keys:
        yield place.error(
            "This is no share of a column.", 'Write { of = "sample", min_share = 0.95, min_sample = 10 }.'
        )
        return
    if not context.in_register:
        yield place.error("Only a column can be a share of another.", "Ask a question of type share instead.")
        return
    yield from _share_and_sample(argument, place)
    yield from _name(argument["of"], place.at("of"), asked, context)


def _share_and_sample(argument: Mapping[str, Any], place: Place) -> Iterator[LintMessage]:
    if not _is_share(argument["min_share"]):
        yield place.at("min_share").error(f"{written(argument['min_share'])} is no share.", _SHARE_REMEDY)
    if not _is_count(argument.get("min_sample", 1)):
        yield place.at("min_sample").error(
            f"{written(argument['min_sample'])} is no whole number of at least 1.", "Write a count of 1 or more."
        )


def _values(rule: Rule, argument: Any, place: Place, asked: Asked, context: _Context) -> Iterator[LintMessage]:
    entries = [argument] if isinstance(argument, dict) else argument
    if not isinstance(entries, list) or not entries:
        yield place.error(
            f"{written(argument)} is no list of values.", 'Write a list, like ["yes"], or { parameter = "..." }.'
        )
        return
    for number, entry in enumerate(entries, start=1):
        here = place if isinstance(argument, dict) else place.item(number)
        if isinstance(entry, dict):
            yield from _reference(rule, entry, here, asked, context)
        else:
            yield from _literal(entry, here, asked, context)


def _literal(value: Any, place: Place, asked: Asked, context: _Context) -> Iterator[LintMessage]:
    match asked.type:
        case AnswerType.STATUS:
            good, wanted = value in list(Status), f"one of {', '.join(Status)}"
        case AnswerType.BOOLEAN:
            good, wanted = isinstance(value, bool), "true or false"
        case AnswerType.INTEGER:
            good, wanted = isinstance(value, int) and not isinstance(value, bool), "a whole number"
        case AnswerType.CHOICE | AnswerType.CHOICES:
            options = _options(asked, context.vocabulary)
            good, wanted = (
                isinstance(value, str) and value in options,
                f"one of {listed(options) or 'no known options'}",
            )
        case AnswerType.TEXT:
            options = _options(asked, context.vocabulary) if asked.choices_from else frozenset()
            good = isinstance(value, str) and bool(value.strip()) and (not asked.choices_from or value in options)
            wanted = f"one of {listed(options)}" if asked.choices_from else "a text"
        case _:
            good, wanted = False, "a value that can be listed"
    if not good:
        yield place.error(f"{written(value)} is no answer to '{asked.id}'.", f"Write {wanted}.")


def _options(asked: Asked, vocabulary: Vocabulary) -> frozenset[str]:
    if asked.choices_from:
        return vocabulary.options.get(asked.choices_from, frozenset())
    return frozenset(choice.id for choice in asked.choices)


_SHARE_REMEDY = "Write a number above 0 and up to 1, like 0.95."


def _number(rule: Rule, argument: Any, place: Place, asked: Asked, context: _Context) -> Iterator[LintMessage]:
    if isinstance(argument, dict):
        yield from _reference(rule, argument, place, asked, context)
    elif rule.name == "min_share":
        if not _is_share(argument):
            yield place.error(f"{written(argument)} is no share.", _SHARE_REMEDY)
    elif rule.argument is Argument.DAYS:
        if not _is_count(argument):
            yield place.error(f"{written(argument)} is no number of days.", "Write a whole number of at least 1.")
    elif not _is_number(argument):
        yield place.error(f"{written(argument)} is no number.", 'Write a number, or { parameter = "..." }.')


def _name(argument: Any, place: Place, asked: Asked, context: _Context) -> Iterator[LintMessage]:
    what = "column" if context.in_register else "question"
    other = context.fields.get(argument) if isinstance(argument, str) else None
    if other is None:
        if isinstance(argument, str) and argument in context.vocabulary.broken_questions:
            return
        yield place.error(
            f"There is no {what} {written(argument)}.", f"Name another {what}, whose answer sets the limit."
        )
        return
    if other.id == asked.id:
        yield place.error(f"'{asked.id}' is compared with itself.", f"Name another {what}.")
    numbers = {AnswerType.INTEGER, AnswerType.NUMBER}
    if other.type is not asked.type and not {other.type, asked.type} <= numbers:
        yield place.error(
            f"'{asked.id}' ({asked.type.value}) cannot be compared with '{other.id}' ({other.type.value}).",
            "Compare numbers with numbers and dates with dates.",
        )
    if asked.unit and other.unit and asked.unit != other.unit:
        yield place.warning(
            f"'{asked.id}' is asked in {asked.unit}, '{other.id}' in {other.unit}.", "Make sure that they compare."
        )
    if isinstance(asked, Question) and isinstance(other, Question) and other.scope not in (Scope.CENTRE, asked.scope):
        yield place.error(
            f"'{other.id}' is asked for each {other.scope.value}, '{asked.id}' is not.", "Give both the same scope."
        )


_PARAMETER_TYPES: Mapping[AnswerType, frozenset[str]] = {
    AnswerType.STATUS: frozenset({"text", "texts"}),
    AnswerType.TEXT: frozenset({"text", "texts"}),
    AnswerType.CHOICE: frozenset({"text", "texts"}),
    AnswerType.CHOICES: frozenset({"text", "texts"}),
    AnswerType.BOOLEAN: frozenset({"boolean"}),
    AnswerType.INTEGER: frozenset({"integer"}),
}
"""Types of parameter that may stand among the values of an answer type."""


def _reference(
    rule: Rule, table: Mapping[str, Any], place: Place, asked: Asked, context: _Context
) -> Iterator[LintMessage]:
    """Check `{ parameter = "...", offset = n }` where it stands."""
    name = table.get("parameter")
    if not isinstance(name, str) or not table.keys() <= {"parameter", "offset"}:
        yield place.error("This is no reference to a parameter.", 'Write { parameter = "...", offset = 1 }.')
        return
    if not rule.parameter:
        yield place.error(f"'{rule.name}' takes no parameter.", "Write a literal value.")
        return
    if "offset" in table and (rule.argument is Argument.VALUES or not _is_number(table["offset"])):
        yield place.at("offset").error("No offset can stand here.", "Use a number, and only where a number is wanted.")
    definition = context.vocabulary.definitions.get(name)
    if name in BUILT_IN_PARAMETERS:
        if rule.argument is not Argument.VALUES or asked.type not in _TEXTUAL:
            yield place.error(f"'{name}' is a text.", "Use it among the values of a text, choice or choices.")
        elif asked.type is not AnswerType.TEXT and not _could_be(name, asked, context.vocabulary):
            yield place.error(f"No {name} is an answer to '{asked.id}'.", f"Ask for a {name}, or write the values.")
    elif definition is not None:
        yield from _fit(rule, definition, place, asked, context)
    elif name not in context.vocabulary.broken_definitions:
        known = context.vocabulary.definitions.keys() | BUILT_IN_PARAMETERS
        yield place.error(f"There is no parameter '{name}'.", instead(name, known, "one of parameters.toml"))


def _could_be(built_in: str, asked: Asked, vocabulary: Vocabulary) -> bool:
    ids = vocabulary.options.get(f"{built_in}s", frozenset())
    options = _options(asked, vocabulary)
    return OpenNames in (type(options), type(ids)) or not options.isdisjoint(ids)


_TEXTUAL = frozenset({AnswerType.TEXT, AnswerType.CHOICE, AnswerType.CHOICES})


def _fit(
    rule: Rule, definition: ParameterDefinition, place: Place, asked: Asked, context: _Context
) -> Iterator[LintMessage]:
    """Check type, unit, direction and values of a parameter against the rule and answer it serves."""
    if rule.argument is Argument.VALUES:
        wanted = _PARAMETER_TYPES.get(asked.type, frozenset())
    else:
        wanted = frozenset({"integer", "number"})
    if definition.type not in wanted:
        yield place.error(
            f"Parameter '{definition.name}' is of type {definition.type}, which does not fit '{asked.id}'.",
            f"Use a parameter of type {' or '.join(sorted(wanted))}.",
        )
        return
    unit = "days" if rule.argument is Argument.DAYS else asked.unit
    if rule.argument is not Argument.VALUES and unit and definition.unit and unit != definition.unit:
        yield place.error(
            f"Parameter '{definition.name}' is in {definition.unit}, '{asked.id}' in {unit}.", "Use one unit for both."
        )
    against = {"min": Direction.MAX, "min_share": Direction.MAX, "max": Direction.MIN, "max_age_days": Direction.MIN}
    if context.binding and definition.direction is against.get(rule.name):
        yield place.error(
            f"Parameter '{definition.name}' binds as a {definition.direction.value}, '{rule.name}' the other way.",
            "A stricter value of the centre would loosen this rule: use the rule of the same direction.",
        )
    yield from _known_values(rule, definition, place, asked, context.vocabulary)


def _known_values(
    rule: Rule, definition: ParameterDefinition, place: Place, asked: Asked, vocabulary: Vocabulary
) -> Iterator[LintMessage]:
    """Check that every value the products give could be an answer."""
    for row in vocabulary.values.get(definition.name, ()):
        values = row.value if isinstance(row.value, tuple) else () if row.value is None else (row.value,)
        if rule.name == "min_share":
            bad = [v for v in values if not _is_share(v)]
        elif asked.type in (AnswerType.CHOICE, AnswerType.CHOICES):
            bad = [v for v in values if v not in _options(asked, vocabulary)]
        elif asked.type is AnswerType.STATUS:
            bad = [v for v in values if v not in list(Status)]
        else:
            bad = []
        if bad:
            yield place.error(
                f"Parameter '{definition.name}' of {row.product} in {row.jurisdiction} is {listed(bad)}, "
                f"which is no answer to '{asked.id}'.",
                "Use the ids of the question's choices as values.",
            )


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _is_share(value: Any) -> bool:
    return _is_number(value) and 0 < value <= 1


def _is_day(value: Any) -> bool:
    return type(value) is date
