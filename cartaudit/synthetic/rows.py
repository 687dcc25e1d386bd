"""Rows of a register that meet every demand on it, with a row for whatever a demand looks for."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from cartaudit.model.answers import AnswerType
from cartaudit.model.questions import Column, Question
from cartaudit.synthetic.bounds import Bounds, choose, fits, holds
from cartaudit.synthetic.solver import Conflict, Options, RowDemand, Task, settle, solve

Groups = tuple[tuple[str, Mapping[str, Any]], ...]
"""Groups a row has to meet, each with the requirement that demands it."""

_ROUNDS = 30
_MOST = 0.5  # demands on a smaller share of rows get a row of their own, the others are met by every row
_PROFILE = "profile.products"
_NOTHING: Mapping[str, Any] = MappingProxyType({})


def solve_rows(
    question: Question,
    demands: Sequence[RowDemand],
    options: Options,
    products: Sequence[str],
    as_of: date,
    preferred: Mapping[str, Any] = _NOTHING,
) -> tuple[dict[str, Any], ...]:
    """Give rows in which every `where` finds its rows and every demand holds. Raises Conflict.

    `preferred` gives, by column, what a row says where nothing demands otherwise.
    """
    specs = _specs(question, demands, products)
    rows: list[dict[str, Any]] = []
    for _ in range(_ROUNDS):
        rows = [_row(question, spec, number, options, as_of, preferred) for number, spec in enumerate(specs, start=1)]
        widened = _merged(question, [_widened(s, r, demands, as_of) for s, r in zip(specs, rows, strict=True)], rows)
        if widened == specs:
            _check(demands, rows, as_of)
            return tuple(rows)
        specs = widened
    raise Conflict(demands[0].source if demands else question.id, question.id)


def _specs(question: Question, demands: Sequence[RowDemand], products: Sequence[str]) -> list[Groups]:
    wanted: dict[str, tuple[Groups, int]] = {}
    for groups, count in (*_each_product(question, products), *_each_where(demands)):
        name = repr([group for _, group in groups])
        held = wanted.get(name, (groups, 0))
        wanted[name] = (held[0], max(held[1], count))
    specs = [groups for groups, count in wanted.values() for _ in range(count)]
    least = max((d.count for d in demands if not d.where), default=1)
    return specs + [()] * (least - len(specs))


def _each_product(question: Question, products: Sequence[str]) -> list[tuple[Groups, int]]:
    """Ask for a row of every product where the register names products."""
    column = next((c for c in question.columns if c.choices_from == _PROFILE), None)
    if column is None:
        return []
    rule = "contains" if column.type is AnswerType.CHOICES else "allowed"
    return [(((question.id, {column.id: {rule: [product]}}),), 1) for product in products]


def _each_where(demands: Sequence[RowDemand]) -> list[tuple[Groups, int]]:
    """Ask for the rows a demand looks for, and for one that meets a demand on few rows only."""
    found: list[tuple[Groups, int]] = [(((d.source, d.where),), d.count) for d in demands if d.where]
    return found + [(((d.source, d.where), (d.source, d.rows)), 1) for d in demands if d.rows and d.share < _MOST]


def _check(demands: Sequence[RowDemand], rows: Sequence[Mapping[str, Any]], as_of: date) -> None:
    for demand in demands:
        concerned = [row for row in rows if holds(demand.where, row, as_of)]
        met = [row for row in concerned if holds(demand.rows, row, as_of)]
        if len(concerned) < demand.count or len(met) < max(1, demand.share * len(concerned)):
            raise Conflict(demand.source, "rows")


def _row(
    question: Question, spec: Groups, number: int, options: Options, as_of: date, preferred: Mapping[str, Any]
) -> dict[str, Any]:
    columns = {c.id: c for c in question.columns}
    tasks = [Task(source=source, group=group, key=str) for source, group in spec]
    state = solve(tasks, options, as_of)
    free = {c.id: Bounds() for c in question.columns if c.required or c.unique}
    state = type(state)(bounds={**free, **state.bounds}, relations=state.relations)

    def pick(name: str, limit: Bounds) -> Any:
        if name in preferred and fits(limit, preferred[name], options(name)):
            return preferred[name]
        return choose(limit, columns[name], options(name), as_of, _label(question, columns[name], number))

    try:
        return settle(state, pick)
    except ValueError as error:
        raise Conflict(spec[-1][0] if spec else question.id, str(error)) from error


def _label(question: Question, column: Column, number: int) -> str:
    if column.unique:
        return f"{question.id[:3].upper()}-{number:02d}"
    if any(part in column.id for part in ("role", "owner", "answers_for")):
        return "Quality manager"
    if "version" in column.id:
        return "3"
    return f"Sample {column.text.split('(')[0].strip().lower()} {number}"


def _widened(spec: Groups, row: Mapping[str, Any], demands: Sequence[RowDemand], as_of: date) -> Groups:
    """Add to a row's groups what is demanded of rows such as it has become."""
    known = {repr(group) for _, group in spec}
    new = [
        (d.source, d.rows)
        for d in demands
        if d.rows and d.share >= _MOST and repr(d.rows) not in known and (not d.where or holds(d.where, row, as_of))
    ]
    unique = {repr(group): (source, group) for source, group in reversed(new)}
    return (*spec, *reversed(tuple(unique.values())))


def _merged(question: Question, specs: list[Groups], rows: Sequence[Mapping[str, Any]]) -> list[Groups]:
    """Join rows that a naming column, other than text, would give the same name."""
    naming = [c.id for c in question.columns if c.unique and c.type is not AnswerType.TEXT]
    if not naming:
        return specs
    joined: dict[str, Groups] = {}
    for spec, row in zip(specs, rows, strict=True):
        name = repr([row.get(column) for column in naming])
        held = joined.get(name, ())
        joined[name] = (*held, *(g for g in spec if repr(g[1]) not in {repr(h[1]) for h in held}))
    return list(joined.values())
