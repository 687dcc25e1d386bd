"""What a requirement reads, found in its text alone: questions and parameters."""

from collections.abc import Iterable, Iterator
from typing import Any

from cartaudit.model.requirements import Group

ANYOF = "anyof"
Reference = tuple[str, float]
"""A parameter's name and the offset added to its value."""


def questions_in(group: Group) -> tuple[str, ...]:
    """List the questions a group reads, each once, in the order written; those compared with included."""
    return tuple(dict.fromkeys(_questions(group)))


def _questions(group: Group) -> Iterator[str]:
    for key, rules in group.items():
        if key == ANYOF:
            for alternative in rules:
                yield from _questions(alternative)
        else:
            yield key
            yield from (rules[name] for name in ("at_least", "at_most") if isinstance(rules.get(name), str))


def references_in(content: Any) -> tuple[Reference, ...]:
    """List the parameters that content refers to, each use with another offset once, in the order written."""
    return tuple(dict.fromkeys(_references(content)))


def _references(content: Any) -> Iterator[Reference]:
    if isinstance(content, dict):
        name, offset = content.get("parameter"), content.get("offset", 0)
        if isinstance(name, str):
            yield name, offset if isinstance(offset, (int, float)) else 0
            return
        yield from _of_all(content.values())
    elif isinstance(content, (list, tuple)):
        yield from _of_all(content)


def _of_all(parts: Iterable[Any]) -> Iterator[Reference]:
    for part in parts:
        yield from _references(part)
