"""Lint of the two sides of a number: a criterion knows too much and too little, or says why one side is enough."""

from collections import defaultdict
from collections.abc import Iterator

from cartaudit.catalogue.lint.criteria import Vocabulary
from cartaudit.catalogue.messages import LintMessage, Place
from cartaudit.criteria import walk
from cartaudit.criteria.grammar import columns_of
from cartaudit.criteria.rule import Part
from cartaudit.model.answers import AnswerType
from cartaudit.model.parameters import Direction
from cartaudit.model.requirements import Group, Requirement

_NUMBERS = frozenset({AnswerType.INTEGER, AnswerType.NUMBER})
_BOTH = frozenset({"min", "max"})
_OPEN = {"min": "too little", "max": "too much"}
_OTHER = {"min": "max", "max": "min"}


def lint_sides(requirement: Requirement, place: Place, vocabulary: Vocabulary) -> Iterator[LintMessage]:
    """Ask for the second side of every number a criterion limits on one, or for `one_sided`; and for no idle reason."""
    found = sides(requirement.criterion, vocabulary)
    open_sides = {path: _BOTH - closed for path, closed in found.items() if closed != _BOTH}
    here = place.at("one_sided")
    readable = vocabulary.questions.keys() >= set(walk.questions(requirement.criterion))
    if requirement.one_sided and not open_sides and readable:
        yield here.error("Every number of the criterion is limited on both sides.", "Remove it.")
    for path, missing in open_sides.items() if not requirement.one_sided else ():
        what = " and ".join(_OPEN[side] for side in sorted(missing, reverse=True))
        yield (
            place.at("criterion")
            .along(path)
            .error(
                f"'{path[-1]}' may be {what} without a limit.",
                "Close it (between, equals, min, max, at_least, at_most), or say why one side is enough: one_sided.",
            )
        )
    yield from _crowded(requirement.criterion, place.at("criterion"))
    yield from _bound(requirement.criterion, place.at("criterion"), vocabulary)


Path = tuple[str | int, ...]


def sides(criterion: Group, vocabulary: Vocabulary) -> dict[Path, frozenset[str]]:
    """Say on which sides each number of a criterion is closed, by the path of its rules.

    A number that another of the same group may not pass is closed by it: the first day of a window by the last.
    """
    found: dict[Path, set[str]] = defaultdict(set)
    by_others: dict[Path, set[str]] = defaultdict(set)
    for use in walk.uses(criterion):
        if use.selecting or not use.rule.sides or not _is_number(use, vocabulary):
            continue
        path = use.path[:-1]
        found[path] |= use.rule.sides
        if use.rule.relates and len(use.rule.sides) == 1:
            for other in use.rule.names(use.argument):
                by_others[(*path[:-1], other)] |= {_OTHER[side] for side in use.rule.sides}
    return {path: frozenset(closed | by_others[path]) for path, closed in found.items()}


def _is_number(use: walk.Use, vocabulary: Vocabulary) -> bool:
    question = vocabulary.questions.get(use.question)
    asked = columns_of(question).get(use.column) if use.column else question
    return asked is not None and asked.type in _NUMBERS


def _crowded(criterion: Group, place: Place) -> Iterator[LintMessage]:
    """Refuse a second limit beside a band or a figure: one of them would be idle."""
    names: dict[Path, set[str]] = defaultdict(set)
    for use in walk.uses(criterion):
        names[use.path[:-1]].add(use.rule.name)
    for path, rules in names.items():
        if rules & {"equals", "between"} and len(rules & {"equals", "between", "min", "max"}) > 1:
            yield place.along(path).error(
                f"'{path[-1]}' has {', '.join(sorted(rules))} at once.", "Keep the one that says all of it."
            )


def _bound(criterion: Group, place: Place, vocabulary: Vocabulary) -> Iterator[LintMessage]:
    """Refuse a parameter of which more or less is stricter where the answer must be the figure itself."""
    for use in walk.uses(criterion):
        if use.rule.name != "equals":
            continue
        for _, part, value in use.rule.parts(use.argument):
            name = value.get("parameter") if part is Part.NUMBER and isinstance(value, dict) else None
            definition = vocabulary.definitions.get(name) if isinstance(name, str) else None
            if definition is not None and definition.direction in (Direction.MIN, Direction.MAX):
                yield place.along(use.path).error(
                    f"Parameter '{name}' is a {definition.direction.value}: a stricter answer would fail.",
                    "Use min, max or between, or a parameter whose direction is equal.",
                )
