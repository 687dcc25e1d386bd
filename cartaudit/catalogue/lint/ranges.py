"""Lint of numbers: each with the range it cannot leave and the one it usually lies in."""

from collections.abc import Iterator

from cartaudit.catalogue.messages import LintMessage, Place
from cartaudit.model.answers import AnswerType
from cartaudit.model.parameters import ParameterDefinition
from cartaudit.model.questions import Column, NumberRange, Question

_Ranged = Question | Column | ParameterDefinition
_NUMERIC = frozenset({AnswerType.INTEGER, AnswerType.NUMBER, AnswerType.SHARE})
_FLOORS = {"°C": -273.15}
"""The lowest number of a unit; every other unit counts or measures something of which there is no less than nothing."""


def lint_ranges(asked: Question | Column, place: Place) -> Iterator[LintMessage]:
    """Ask for both ranges of what is a number, and for none of what is not."""
    yield from _lint(asked, place, needed=("range", "usual"))


def lint_definition_ranges(definition: ParameterDefinition, place: Place) -> Iterator[LintMessage]:
    """Ask for the range of what is a number, and for none of what is not; what is usual may be left out."""
    yield from _lint(definition, place, needed=("range",))


def _lint(asked: _Ranged, place: Place, needed: tuple[str, ...]) -> Iterator[LintMessage]:
    for key, found in (("range", asked.range), ("usual", asked.usual)):
        here = place.at(key)
        if asked.type not in _NUMERIC:
            if found is not None:
                yield here.error(f"'{key}' does not fit the type {asked.type}.", "Remove it.")
        elif found is None and key not in needed:
            continue
        elif found is None:
            yield here.error(f"'{key}' is missing.", f"Add {key} = {{ min = ..., max = ... }}: {_MEANING[key]}.")
        elif found.low >= found.high:
            yield here.error(f"min {found.low} is not below max {found.high}.", "Correct one of them.")
        elif key == "range":
            yield from _beyond(found, asked, place)


_MEANING = {"range": "what lies outside cannot be", "usual": "what lies outside is asked again"}


def _beyond(found: NumberRange, asked: _Ranged, place: Place) -> Iterator[LintMessage]:
    """Report a range that reaches below what its unit allows, and a usual one that reaches out of it."""
    floor = _FLOORS.get(asked.unit, 0)
    if found.low < floor:
        yield place.at("range").error(f"min {found.low} lies below the lowest that can be, {floor}.", "Raise it.")
    usual = asked.usual
    if usual is not None and not (found.holds(usual.low) and found.holds(usual.high)):
        yield place.at("usual").error(
            "What is usual lies outside what can be.", "Narrow 'usual', or widen 'range' with a reason."
        )
