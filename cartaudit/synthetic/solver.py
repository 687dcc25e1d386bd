"""Answers that meet every demand at once: a small solver over limits, with alternatives tried in order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Generic, TypeVar

from cartaudit.synthetic.bounds import Bounds

Key = TypeVar("Key")
_RELATIONS = ("at_least", "at_most")
_ROW_RULES = ("every_row", "any_row", "share_of_rows", "min_rows", "where")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Generic[Key]):
    """A group of literal rules to be met: who demands it, and the key under which each of its names is answered."""

    source: str
    group: Mapping[str, Any]
    key: Callable[[str], Key]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDemand:
    """What one requirement demands of the rows of a register that `where` selects: that there are `count` of them, and
    that `rows` holds in a share of them (0: in at least one)."""

    source: str
    where: Mapping[str, Any]
    rows: Mapping[str, Any]
    count: int = 1
    share: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class State(Generic[Key]):
    """What is settled: limits by key, relations (key, rule, other key), and demands on the rows of registers."""

    bounds: Mapping[Key, Bounds]
    relations: tuple[tuple[Key, str, Key], ...] = ()
    registers: tuple[tuple[Key, RowDemand], ...] = ()


class Conflict(Exception):  # noqa: N818 - not an error to be reported, but a branch that ends
    """Two demands cannot be met together; `source` names the one that could not."""

    def __init__(self, source: str, name: str) -> None:
        super().__init__(f"{source}: no answer to '{name}' meets it together with the requirements before it.")
        self.source = source


Options = Callable[[Any], tuple[str, ...]]


def solve(tasks: Sequence[Task[Key]], options: Options, as_of: date) -> State[Key]:
    """Narrow the limits by every group; of alternatives the first that leaves a solution. Raises Conflict."""
    state: State[Key] = State(bounds={})
    pending: list[tuple[Task[Key], Sequence[Mapping[str, Any]]]] = []
    for task in tasks:
        state, alternatives = _plain(state, task, options, as_of)
        pending += [(task, groups) for groups in alternatives]
    return _alternatives(state, pending, options, as_of)


def _plain(
    state: State[Key], task: Task[Key], options: Options, as_of: date
) -> tuple[State[Key], list[Sequence[Mapping[str, Any]]]]:
    bounds, relations, registers = dict(state.bounds), list(state.relations), list(state.registers)
    alternatives: list[Sequence[Mapping[str, Any]]] = []
    for name, rules in task.group.items():
        if name == "anyof":
            alternatives.append(rules)
            continue
        key = task.key(name)
        if any(rule in _ROW_RULES for rule in rules):
            registers += [(key, demand) for demand in _row_demands(task.source, rules)]
            continue
        limit = bounds.get(key, Bounds())
        for rule, argument in rules.items():
            if rule in _RELATIONS:
                relations.append((key, rule, task.key(argument)))
                bounds.setdefault(task.key(argument), Bounds())
            elif rule == "share_of":
                other = task.key(argument["of"])
                relations += [(key, "at_least", other), (key, "at_most", other)]
                bounds[other] = bounds.get(other, Bounds()).above(argument.get("min_sample", 1))
            else:
                limit = limit.narrow(rule, argument, as_of)
        if not limit.feasible(options(key)):
            raise Conflict(task.source, name)
        bounds[key] = limit
    return State(bounds=bounds, relations=tuple(relations), registers=tuple(registers)), alternatives


def _row_demands(source: str, rules: Mapping[str, Any]) -> list[RowDemand]:
    where, share = rules.get("where", {}), rules.get("share_of_rows", {})
    count = max(rules.get("min_rows", 1), share.get("min_sample", 1))
    every = RowDemand(source=source, where=where, rows=rules.get("every_row", {}), count=count, share=1.0)
    found = [every]
    if share:
        found.append(replace(every, rows=share["rows"], share=share["min_share"]))
    if "any_row" in rules:
        found.append(replace(every, rows=rules["any_row"], share=0.0))
    return found


def _alternatives(
    state: State[Key],
    pending: Sequence[tuple[Task[Key], Sequence[Mapping[str, Any]]]],
    options: Options,
    as_of: date,
) -> State[Key]:
    if not pending:
        return state
    (task, groups), rest = pending[0], pending[1:]
    last = Conflict(task.source, "anyof")
    for group in groups:
        try:
            tried, nested = _plain(state, replace(task, group=group), options, as_of)
            return _alternatives(tried, [*((task, n) for n in nested), *rest], options, as_of)
        except Conflict as conflict:
            last = conflict
    raise last


def settle(state: State[Key], pick: Callable[[Key, Bounds], Any]) -> dict[Key, Any]:
    """Choose a value for every key, so that relations between answers hold too. Raises Conflict."""
    bounds = dict(state.bounds)
    for _ in range(2 * len(state.relations) + 2):
        values = {key: pick(key, limit) for key, limit in bounds.items()}
        broken = [r for r in state.relations if not _related(values, r)]
        if not broken:
            return values
        for own, rule, other in broken:
            _mend(bounds, values, own, rule, other)
    raise Conflict("relations", str(state.relations[0][0]))


def _related(values: Mapping[Key, Any], relation: tuple[Key, str, Key]) -> bool:
    own, rule, other = relation
    return bool(values[own] >= values[other] if rule == "at_least" else values[own] <= values[other])


def _mend(bounds: dict[Key, Bounds], values: Mapping[Key, Any], own: Key, rule: str, other: Key) -> None:
    mended = bounds[own].above(values[other]) if rule == "at_least" else bounds[own].below(values[other])
    if mended.low is None or mended.high is None or mended.low <= mended.high:
        bounds[own] = mended
    elif rule == "at_least":
        bounds[other] = bounds[other].below(values[own])
    else:
        bounds[other] = bounds[other].above(values[own])
