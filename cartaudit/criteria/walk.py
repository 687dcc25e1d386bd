"""The walk: the one traversal of criteria; what a criterion reads are comprehensions over it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from cartaudit.criteria.grammar import ANYOF, AUDIT_DATE, is_list
from cartaudit.criteria.rule import Part, Rule
from cartaudit.criteria.rules import RULES
from cartaudit.criteria.values import is_number
from cartaudit.model.requirements import Group, Requirement


class Use(NamedTuple):
    """One rule as a criterion uses it: on which question, of a register's row on which column (else "").

    `path` leads to its argument; `selecting` tells that it only chooses rows, inside a `where`.
    """

    question: str
    column: str
    rule: Rule
    argument: Any
    path: tuple[str | int, ...]
    selecting: bool = False


class Reference(NamedTuple):
    """A parameter that a criterion refers to, and what is added to its value."""

    name: str
    offset: float = 0


def uses(*groups: Group) -> Iterator[Use]:
    """Walk through every rule of groups over questions, those of rows and of alternatives included.

    What departs from the grammar is passed over: `grammar.faults` names it.
    """
    for group in groups:
        yield from _uses(group, "", (), False)


def _uses(group: Any, register: str, path: tuple[str | int, ...], selecting: bool) -> Iterator[Use]:
    for name, rules in group.items() if isinstance(group, Mapping) else ():
        here = (*path, name)
        if name == ANYOF:
            for number, alternative in enumerate(rules if is_list(rules) else (), start=1):
                yield from _uses(alternative, register, (*here, number), selecting)
            continue
        for rule_name, argument in rules.items() if isinstance(rules, Mapping) else ():
            rule = RULES.get(rule_name)
            if rule is None:
                continue
            place = (*here, rule_name)
            yield Use(register or name, name if register else "", rule, argument, place, selecting)
            for keys, part, value in rule.parts(argument):
                if part is Part.GROUP:
                    yield from _uses(value, name, (*place, *keys), selecting or rule.selects)


def questions(*groups: Group) -> tuple[str, ...]:
    """List the questions that groups read, each once, in the order written; those compared with included."""
    found: dict[str, None] = {}
    for use in uses(*groups):
        found[use.question] = None
        if not use.column:
            found |= dict.fromkeys(use.rule.names(use.argument))
    return tuple(found)


def by_day(*groups: Group) -> bool:
    """Tell whether groups test dates against the audit date."""
    return any(use.rule.ends is not None or use.argument == AUDIT_DATE for use in uses(*groups))


def references(*groups: Group) -> tuple[Reference, ...]:
    """List the parameters that groups refer to, each with another offset once, in the order written."""
    return tuple(dict.fromkeys(found for use in uses(*groups) for found in _references(use)))


def _references(use: Use) -> Iterator[Reference]:
    for _, _, value in use.rule.parts(use.argument):
        for entry in value if is_list(value) else (value,):
            if isinstance(entry, Mapping) and isinstance(entry.get("parameter"), str):
                offset = entry.get("offset", 0)
                yield Reference(entry["parameter"], offset if is_number(offset) else 0)


def parameters_in(use: Use) -> tuple[str, ...]:
    """Name the parameters that one use of a rule refers to."""
    return tuple(found.name for found in _references(use))


def parameters(*groups: Group) -> tuple[str, ...]:
    """Name the parameters that groups refer to, each once."""
    return tuple(dict.fromkeys(found.name for found in references(*groups)))


_FIGURES = frozenset({Part.NUMBER, Part.SHARE, Part.DAYS, Part.SAMPLE})


def figures(*groups: Group) -> Iterator[float]:
    """Give the literal figures and the offsets that groups hold an answer to."""
    for use in uses(*groups):
        yield from (v for _, part, v in use.rule.parts(use.argument) if part in _FIGURES and is_number(v))
        yield from (found.offset for found in _references(use) if found.offset)


def groups_of(requirement: Requirement) -> tuple[Group, ...]:
    """List the groups of a requirement over questions: criterion, partial, watch, and the profile it applies to."""
    return requirement.criterion, requirement.partial, requirement.watch, requirement.applies.get("profile", {})


def questions_of(requirement: Requirement) -> tuple[str, ...]:
    """List every question a requirement reads, those of the profile that say whether it applies included."""
    return questions(*groups_of(requirement))


def parameters_of(requirement: Requirement) -> tuple[str, ...]:
    """Name every parameter a requirement reads, those that say whether it applies included."""
    return tuple(dict.fromkeys((*requirement.applies.get("parameter", {}), *parameters(*groups_of(requirement)))))


def questions_of_all(requirements: Iterable[Requirement]) -> frozenset[str]:
    """Gather the questions that some requirements read."""
    return frozenset(name for requirement in requirements for name in questions_of(requirement))
