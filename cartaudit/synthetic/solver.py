"""Answers that meet every demand at once: a small solver over bounds, with alternatives tried in order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any, Generic, TypeVar

from cartaudit.criteria.bounds import Bounds
from cartaudit.criteria.criterion import Criterion, Test

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Generic[Key]):
    """A criterion to be met: who demands it, and the key under which each of its names is answered; None where that
    is given and not solved for."""

    source: str
    criterion: Criterion
    key: Callable[[str], Key | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDemand:
    """What one requirement demands of the rows of a register that `where` selects: that there are `count` of them, and
    that `rows` holds in a share of them (0: in at least one); None of `where` is all, of `rows` any."""

    source: str
    where: Criterion | None
    rows: Criterion | None
    count: int = 1
    share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class State(Generic[Key]):
    """What is settled: bounds by key, relations (key, how it compares, other key), demands on the rows of registers."""

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
    """Narrow the bounds by every criterion; of alternatives the first that leaves a solution. Raises Conflict."""
    state: State[Key] = State(bounds={})
    pending: list[tuple[Task[Key], tuple[Criterion, ...]]] = []
    for task in tasks:
        state = _plain(state, task, options, as_of)
        pending += [(task, alternatives) for alternatives in _open(task.criterion)]
    return _alternatives(state, pending, options, as_of)


def _open(criterion: Criterion) -> list[tuple[Criterion, ...]]:
    return [criterion.alternatives] if criterion.alternatives else []


def _plain(state: State[Key], task: Task[Key], options: Options, as_of: date) -> State[Key]:
    bounds, relations, registers = dict(state.bounds), list(state.relations), list(state.registers)
    for name, together in groupby(task.criterion.tests, key=lambda test: test.asked.id):
        key, tests = task.key(name), tuple(together)
        if key is None:
            continue
        registers += [(key, demand) for demand in _row_demands(task.source, tests)]
        if registers and tests[0].rule.rows is not None:
            continue
        limit = bounds.get(key, Bounds())
        if any(test.closed for test in tests):
            raise Conflict(task.source, name)
        for test in tests:
            limit = test.rule.narrows(limit, test.argument, as_of) if test.rule.narrows else limit
            other = task.key(test.other.id) if test.other is not None else None
            if other is not None:
                relations += [(key, way, other) for way in _WAYS[test.rule.relates]]
                bounds[other] = _other(bounds.get(other, Bounds()), test)
        if not limit.feasible(options(key)):
            raise Conflict(task.source, name)
        bounds[key] = limit
    return State(bounds=bounds, relations=tuple(relations), registers=tuple(registers))


_WAYS: Mapping[str, tuple[str, ...]] = {">=": (">=",), "<=": ("<=",), "==": (">=", "<=")}


def _other(bounds: Bounds, test: Test) -> Bounds:
    """Ask of the answer compared with that it is a sample large enough, where one is wanted."""
    sample = test.argument.get("min_sample") if isinstance(test.argument, Mapping) else None
    return bounds.above(sample) if sample is not None else bounds


def _row_demands(source: str, tests: Sequence[Test]) -> Iterator[RowDemand]:
    asked = [test.rule.rows(test.argument) for test in tests if test.rule.rows is not None]
    count = max((one.number for one in asked), default=1)
    for one in asked:
        yield RowDemand(source=source, where=tests[0].beside.get("where"), rows=one.group, count=count, share=one.share)


def _alternatives(
    state: State[Key],
    pending: Sequence[tuple[Task[Key], tuple[Criterion, ...]]],
    options: Options,
    as_of: date,
) -> State[Key]:
    if not pending:
        return state
    (task, criteria), rest = pending[0], pending[1:]
    last = Conflict(task.source, "anyof")
    for criterion in criteria:
        try:
            tried = _plain(state, replace(task, criterion=criterion), options, as_of)
            nested = [(task, alternatives) for alternatives in _open(criterion)]
            return _alternatives(tried, [*nested, *rest], options, as_of)
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
        for own, way, other in broken:
            _mend(bounds, values, own, way, other)
    raise Conflict("relations", str(state.relations[0][0]))


def _related(values: Mapping[Key, Any], relation: tuple[Key, str, Key]) -> bool:
    own, way, other = relation
    return bool(values[own] >= values[other] if way == ">=" else values[own] <= values[other])


def _mend(bounds: dict[Key, Bounds], values: Mapping[Key, Any], own: Key, way: str, other: Key) -> None:
    mended = bounds[own].above(values[other]) if way == ">=" else bounds[own].below(values[other])
    if mended.low is None or mended.high is None or mended.low <= mended.high:
        bounds[own] = mended
    elif way == ">=":
        bounds[other] = bounds[other].below(values[own])
    else:
        bounds[other] = bounds[other].above(values[own])
