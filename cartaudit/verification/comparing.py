"""Comparing two JSON documents field by field, and naming where they differ."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_NAMING = (
    "id",
    "checklist",
    "product",
    "jurisdiction",
    "requirement",
    "code",
    "sheet",
    "cell",
    "parameter",
    "question",
)
"""Members that say which item of a list one is, in the order in which they are told."""

_DEEPEST = 64


class Manner(StrEnum):
    """How two documents differ at one place: in a value, or in a member that only one of them has."""

    OTHER = "other"
    LACKING = "lacking"
    MORE = "more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place where two documents differ: the way to it, the last member of this way, and the two values."""

    place: str
    member: str
    manner: Manner
    told: Any = None
    ours: Any = None


def differences(told: Any, ours: Any) -> Iterator[Difference]:
    """Give every place where a document that was handed in differs from the one made again; numbers by their value.

    Items of lists are compared in their order. Raises ValueError for a document nested deeper than any of ours.
    """
    yield from _differences(told, ours, "", "", 0)


def _differences(told: Any, ours: Any, place: str, member: str, depth: int) -> Iterator[Difference]:
    if depth > _DEEPEST:
        raise ValueError("a JSON document nested deeper than any of ours")
    if isinstance(told, Mapping) and isinstance(ours, Mapping):
        for name in sorted(told.keys() | ours.keys()):
            inner = f"{place}.{name}" if place else name
            if name not in told:
                yield Difference(place=inner, member=name, manner=Manner.LACKING, ours=ours[name])
            elif name not in ours:
                yield Difference(place=inner, member=name, manner=Manner.MORE, told=told[name])
            else:
                yield from _differences(told[name], ours[name], inner, name, depth + 1)
    elif _is_list(told) and _is_list(ours) and len(told) == len(ours):
        for number, (a, b) in enumerate(zip(told, ours, strict=True)):
            yield from _differences(a, b, f"{place}[{_named(b, number)}]", member, depth + 1)
    elif _is_list(told) and _is_list(ours):
        counted = (f"{len(told)} items", f"{len(ours)} items")
        yield Difference(place=place, member=member, manner=Manner.OTHER, told=counted[0], ours=counted[1])
    elif told != ours or (type(told) is not type(ours) and not (_is_number(told) and _is_number(ours))):
        yield Difference(place=place, member=member, manner=Manner.OTHER, told=told, ours=ours)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _named(item: Any, number: int) -> str:
    """Name an item of a list by what it says of itself, else by its number."""
    if not isinstance(item, Mapping):
        return str(number)
    told = [str(item[name]) for name in _NAMING if isinstance(item.get(name), str) and item[name]]
    return " ".join(told[:3]) or str(number)
