"""Lint of parameter definitions, and of where permissions stand: only where what they open can be closed."""

from collections.abc import Iterator

from cartaudit.catalogue.lint.ranges import lint_definition_ranges
from cartaudit.catalogue.lint.requirements import Setting, requirement_place
from cartaudit.catalogue.messages import LintMessage, Place, instead
from cartaudit.criteria import walk
from cartaudit.criteria.grammar import ANYOF
from cartaudit.model.parameters import ParameterDefinition
from cartaudit.model.requirements import Requirement


def lint_definitions(checked: Setting) -> Iterator[LintMessage]:
    """Check the ranges of every parameter, what a permission is an exception from, and where it is used."""
    definitions = checked.vocabulary.definitions
    for definition in definitions.values():
        place = Place("parameters.toml", f"definition[{definition.name}]")
        yield from lint_definition_ranges(definition, place)
        yield from _exception(definition, place.at("excepts"), checked)
    for requirement in checked.content.all_requirements():
        yield from _permissions(requirement, requirement_place(requirement), checked)


def _exception(definition: ParameterDefinition, place: Place, checked: Setting) -> Iterator[LintMessage]:
    if not definition.excepts:
        return
    limit = checked.vocabulary.definitions.get(definition.excepts)
    if not definition.permits:
        yield place.error("A limit is no exception from another.", 'Remove excepts, or write kind = "permission".')
    elif limit is None and definition.excepts not in checked.vocabulary.broken_definitions:
        known = [d.name for d in checked.vocabulary.definitions.values() if not d.permits]
        yield place.error(
            f"There is no parameter '{definition.excepts}'.", instead(definition.excepts, known, "a limit")
        )
    elif limit is not None and limit.permits:
        yield place.error(f"'{limit.name}' is a permission itself.", "Name the limit that holds without it.")


def _permissions(requirement: Requirement, place: Place, checked: Setting) -> Iterator[LintMessage]:
    """Refuse a permission outside alternatives: where the text gives none, nothing could meet the criterion."""
    definitions = checked.vocabulary.definitions
    for use in walk.uses(requirement.criterion, requirement.partial, requirement.watch):
        inside = ANYOF in use.path and not use.selecting
        for name in walk.parameters_in(use):
            if name in definitions and definitions[name].permits and not inside:
                yield (
                    place.at("criterion")
                    .along(use.path)
                    .error(
                        f"Parameter '{name}' is a permission and stands in no alternative.",
                        'Put it into a branch of anyof, beside what holds without it, or declare it as kind = "limit".',
                    )
                )
