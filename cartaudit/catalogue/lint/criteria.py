"""Lint of criteria: departures from the grammar in words, and what rules ask of the content around them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cartaudit.catalogue.lint.departures import worded
from cartaudit.catalogue.lint.options import options_of, wanted_answer
from cartaudit.catalogue.messages import LintMessage, OpenNames, Place, instead, listed, written
from cartaudit.criteria import walk
from cartaudit.criteria.compilation import as_question
from cartaudit.criteria.grammar import BUILT_IN_PARAMETERS, Departure, Fields, columns_of, faults, fits, is_list
from cartaudit.criteria.rule import Asked, Part
from cartaudit.criteria.rules.strictness import higher, lower
from cartaudit.criteria.values import is_literal, is_number
from cartaudit.model.answers import AnswerType, Status
from cartaudit.model.parameters import Direction, ParameterDefinition, ParameterValue
from cartaudit.model.questions import Question, Scope


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
class _Site:
    """One place of a rule's argument: what stands there, on which answer, as which part.

    `binding`: a stricter parameter must make the rule stricter here.
    """

    place: Place
    use: walk.Use
    key: str
    part: Part
    value: Any
    asked: Asked
    fields: Fields
    vocabulary: Vocabulary
    binding: bool


def lint_criterion(group: Any, place: Place, vocabulary: Vocabulary, *, binding: bool = False) -> Iterator[LintMessage]:
    """Check a group over questions. With `binding`, parameters must bind in the direction of the rule they serve."""
    yield from _lint(group, place, vocabulary.questions, vocabulary, binding)


def lint_value_rules(
    rules: Any, place: Place, definition: ParameterDefinition, vocabulary: Vocabulary
) -> Iterator[LintMessage]:
    """Check rules over the value of a parameter, as the table `applies.parameter` at a place holds them."""
    listed_from = f"values.{definition.name}" if definition.type in ("text", "texts") else ""
    asked = replace(as_question(definition), choices_from=listed_from)
    group = {definition.name: rules}
    yield from _lint(group, place, {definition.name: asked}, vocabulary, binding=False)
    yield from lint_without_parameters(group, place.at(definition.name))


def lint_without_parameters(group: Any, place: Place) -> Iterator[LintMessage]:
    """Refuse references to parameters where none can be resolved."""
    for name in sorted(walk.parameters(group)):
        yield place.error(f"Parameter '{name}' cannot be used here.", "Write the values themselves.")


def _lint(group: Any, place: Place, fields: Fields, vocabulary: Vocabulary, binding: bool) -> Iterator[LintMessage]:
    for fault in faults(group, fields):
        unknown = fault.kind in (Departure.UNKNOWN_NAME, Departure.UNKNOWN_OTHER) and not fault.columns
        if not (unknown and isinstance(fault.found, str) and fault.found in vocabulary.broken_questions):
            yield worded(fault, place.along(fault.path), vocabulary.options)
    for use in walk.uses(group):
        inner = columns_of(fields.get(use.question)) if use.column else fields
        asked = inner.get(use.column or use.question)
        if asked is None or asked.type not in use.rule.types:
            continue
        for path, part, value in use.rule.parts(use.argument):
            site = _Site(
                place=place.along((*use.path, *path)),
                use=use,
                key=path[0] if path else "",
                part=part,
                value=value,
                asked=asked,
                fields=inner,
                vocabulary=vocabulary,
                binding=binding and not use.selecting,
            )
            yield from _site(site)
    yield from _limits_crossed(group, place)


def _limits_crossed(group: Any, place: Place) -> Iterator[LintMessage]:
    """Find a lower limit above the upper one beside it, or in the same band."""
    limits: dict[tuple[str | int, ...], dict[str, Any]] = {}
    for use in walk.uses(group):
        if use.rule.halves and isinstance(use.argument, Mapping):
            limits[use.path] = dict(use.argument)
        elif use.rule.name in ("min", "max"):
            limits.setdefault(use.path[:-1], {})[use.rule.name] = use.argument
    for path, found in limits.items():
        low, high = found.get("min"), found.get("max")
        if low is not None and high is not None and is_number(low) and is_number(high) and low > high:
            yield place.along(path).error(
                f"min {low} is above max {high}: no answer can meet both.", "Correct one of them."
            )


def _site(site: _Site) -> Iterator[LintMessage]:
    if site.part is Part.NAME:
        yield from _compared(site)
    elif isinstance(site.value, Mapping):
        yield from _reference(site, site.value, site.place)
    elif site.part is Part.VALUES and is_list(site.value):
        for number, entry in enumerate(site.value, start=1):
            here = site.place.item(number)
            if isinstance(entry, Mapping):
                yield from _reference(site, entry, here)
            elif is_literal(entry, site.asked.type) and not _offered(site, entry):
                wanted = wanted_answer(site.asked, site.vocabulary.options)
                yield here.error(f"{written(entry)} is no answer to '{site.asked.id}'.", f"Write {wanted}.")


def _offered(site: _Site, value: Any) -> bool:
    options = options_of(site.asked, site.vocabulary.options)
    return options is None or value in options


def _compared(site: _Site) -> Iterator[LintMessage]:
    asked, other = site.asked, site.fields.get(site.value) if isinstance(site.value, str) else None
    if other is None:
        return
    if asked.unit and other.unit and asked.unit != other.unit:
        yield site.place.warning(
            f"'{asked.id}' is asked in {asked.unit}, '{other.id}' in {other.unit}.", "Make sure that they compare."
        )
    if isinstance(asked, Question) and isinstance(other, Question) and other.scope not in (Scope.CENTRE, asked.scope):
        yield site.place.error(
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

_TEXTUAL = frozenset({AnswerType.TEXT, AnswerType.CHOICE, AnswerType.CHOICES})


def _reference(site: _Site, table: Mapping[str, Any], place: Place) -> Iterator[LintMessage]:
    """Check the parameter that `{ parameter = "...", offset = n }` names."""
    name, vocabulary = table.get("parameter"), site.vocabulary
    if not isinstance(name, str) or not site.use.rule.parameter:
        return
    definition = vocabulary.definitions.get(name)
    if name in BUILT_IN_PARAMETERS:
        yield from _built_in(site, name, place)
    elif definition is not None:
        yield from _fit(site, definition, place)
    elif name not in vocabulary.broken_definitions:
        known = vocabulary.definitions.keys() | BUILT_IN_PARAMETERS
        yield place.error(f"There is no parameter '{name}'.", instead(name, known, "one of parameters.toml"))


def _built_in(site: _Site, name: str, place: Place) -> Iterator[LintMessage]:
    asked, options = site.asked, options_of(site.asked, site.vocabulary.options)
    if site.part is not Part.VALUES or asked.type not in _TEXTUAL:
        yield place.error(f"'{name}' is a text.", "Use it among the values of a text, choice or choices.")
        return
    ids = site.vocabulary.options.get(f"{name}s", frozenset())
    apart = options is not None and OpenNames not in (type(options), type(ids)) and options.isdisjoint(ids)
    if asked.type is not AnswerType.TEXT and apart:
        yield place.error(f"No {name} is an answer to '{asked.id}'.", f"Ask for a {name}, or write the values.")


def _fit(site: _Site, definition: ParameterDefinition, place: Place) -> Iterator[LintMessage]:
    """Check type, unit, direction and values of a parameter against the rule and answer it serves."""
    asked, listing = site.asked, site.part is Part.VALUES
    figures = frozenset({"integer", "number"})
    wanted = _PARAMETER_TYPES.get(asked.type, frozenset()) if listing else figures
    if definition.type not in wanted:
        yield place.error(
            f"Parameter '{definition.name}' is of type {definition.type}, which does not fit '{asked.id}'.",
            f"Use a parameter of type {' or '.join(sorted(wanted))}.",
        )
        return
    unit = "days" if site.part is Part.DAYS else asked.unit
    if not listing and unit and definition.unit and unit != definition.unit:
        yield place.error(
            f"Parameter '{definition.name}' is in {definition.unit}, '{asked.id}' in {unit}.", "Use one unit for both."
        )
    if site.binding and definition.direction is _against(site):
        yield place.error(
            f"Parameter '{definition.name}' binds as a {definition.direction.value}, "
            f"'{site.use.rule.name}' the other way.",
            "A stricter value of the centre would loosen this rule: use the rule of the same direction.",
        )
    yield from _known_values(site, definition, place)


def _against(site: _Site) -> Direction | None:
    """Give the direction that loosens where the rule tightens."""
    tightens = site.use.rule.tightens
    way = tightens.get(site.key) if isinstance(tightens, Mapping) else tightens
    return Direction.MAX if way is higher else Direction.MIN if way is lower else None


def _known_values(site: _Site, definition: ParameterDefinition, place: Place) -> Iterator[LintMessage]:
    """Check that every value the products give could be an answer."""
    for row in site.vocabulary.values.get(definition.name, ()):
        values = row.value if isinstance(row.value, tuple) else () if row.value is None else (row.value,)
        bad = [v for v in values if not _could_stand(site, v)]
        if bad:
            yield place.error(
                f"Parameter '{definition.name}' of {row.product} in {row.jurisdiction} is {listed(bad)}, "
                f"which is no answer to '{site.asked.id}'.",
                "Use the ids of the question's choices as values.",
            )


def _could_stand(site: _Site, value: Any) -> bool:
    if site.part is Part.SHARE:
        return fits(site.part, value)
    if site.asked.type in (AnswerType.CHOICE, AnswerType.CHOICES):
        return _offered(site, value)
    return site.asked.type is not AnswerType.STATUS or value in list(Status)
