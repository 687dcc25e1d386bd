"""Rows of a register that meet every demand on it, with a row for whatever a demand looks for."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from cartaudit.criteria.bounds import Bounds
from cartaudit.criteria.compilation import compile_group
from cartaudit.criteria.criterion import Criterion
from cartaudit.criteria.evaluate import Known, evaluate
from cartaudit.criteria.grammar import columns_of
from cartaudit.criteria.truth import Truth
from cartaudit.model.answers import AnswerType
from cartaudit.model.questions import Column, Question
from cartaudit.synthetic.choosing import choose, fits
from cartaudit.synthetic.solver import Conflict, Options, RowDemand, Task, settle, solve

Groups = tuple[tuple[str, Criterion], ...]
"""Groups a row has to meet, each with the requirement that demands it."""

_ROUNDS = 30
_MOST = 0.5  # demands on a smaller share of rows get a row of their own, the others are met by every row
_PROFILE = "profile.products"
_ON_ONE_CAMPUS = {"site": "unit", "place": "stock"}
"""Columns that name places: those of a sample centre stand on one campus."""

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
    specs = _specs(question, demands, products, as_of)
    rows: list[dict[str, Any]] = []
    for _ in range(_ROUNDS):
        rows = [_row(question, spec, number, options, as_of, preferred) for number, spec in enumerate(specs, start=1)]
        widened = _merged(question, [_widened(s, r, demands) for s, r in zip(specs, rows, strict=True)], rows)
        if widened == specs:
            _check(demands, rows)
            return tuple(rows)
        specs = widened
    raise Conflict(demands[0].source if demands else question.id, question.id)


def _text(criterion: Criterion) -> str:
    """Write a group out, so that those that say the same are known for one."""
    tests = [(t.asked.id, t.rule.name, _written(t.argument), _written(t.beside.get("where"))) for t in criterion.tests]
    return repr((tests, [_text(alternative) for alternative in criterion.alternatives]))


def _written(argument: Any) -> Any:
    return _text(argument) if isinstance(argument, Criterion) else argument


def _holds(criterion: Criterion | None, row: Mapping[str, Any]) -> bool:
    return criterion is None or evaluate(criterion, Known(row)).truth is Truth.TRUE


def _specs(question: Question, demands: Sequence[RowDemand], products: Sequence[str], as_of: date) -> list[Groups]:
    wanted: dict[tuple[str, ...], tuple[Groups, int]] = {}
    for groups, count in (*_each_product(question, products, as_of), *_each_where(demands)):
        name = tuple(_text(group) for _, group in groups)
        held = wanted.get(name, (groups, 0))
        wanted[name] = (held[0], max(held[1], count))
    specs = [groups for groups, count in wanted.values() for _ in range(count)]
    least = max((d.count for d in demands if d.where is None), default=1)
    return specs + [()] * (least - len(specs))


def _each_product(question: Question, products: Sequence[str], as_of: date) -> list[tuple[Groups, int]]:
    """Ask for a row of every product where the register names products."""
    column = next((c for c in question.columns if c.choices_from == _PROFILE), None)
    if column is None:
        return []
    rule = "contains" if column.type is AnswerType.CHOICES else "allowed"
    held = [compile_group({column.id: {rule: [product]}}, columns_of(question), as_of) for product in products]
    return [(((question.id, group),), 1) for group in held if group is not None]


def _each_where(demands: Sequence[RowDemand]) -> list[tuple[Groups, int]]:
    """Ask for the rows a demand looks for, and for one that meets a demand on few rows only."""
    found: list[tuple[Groups, int]] = [(((d.source, d.where),), d.count) for d in demands if d.where is not None]
    for demand in demands:
        if demand.rows is not None and demand.share < _MOST:
            met = tuple((demand.source, group) for group in (demand.where, demand.rows) if group is not None)
            found.append((met, 1))
    return found


def _check(demands: Sequence[RowDemand], rows: Sequence[Mapping[str, Any]]) -> None:
    for demand in demands:
        concerned = [row for row in rows if _holds(demand.where, row)]
        met = [row for row in concerned if _holds(demand.rows, row)]
        if len(concerned) < demand.count or len(met) < max(1, demand.share * len(concerned)):
            raise Conflict(demand.source, "rows")


def _row(
    question: Question, spec: Groups, number: int, options: Options, as_of: date, preferred: Mapping[str, Any]
) -> dict[str, Any]:
    columns = {c.id: c for c in question.columns}
    tasks = [Task(source=source, criterion=group, key=str) for source, group in spec]
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
    if column.id in _ON_ONE_CAMPUS:
        return f"Main site, {_ON_ONE_CAMPUS[column.id]} {number}"
    if column.unique:
        return f"{question.id[:3].upper()}-{number:02d}"
    if any(part in column.id for part in ("role", "owner", "answers_for")):
        return "Quality manager"
    if "version" in column.id:
        return "3"
    return f"Sample {column.text.split('(')[0].strip().lower()} {number}"


def _widened(spec: Groups, row: Mapping[str, Any], demands: Sequence[RowDemand]) -> Groups:
    """Add to a row's groups what is demanded of rows such as it has become."""
    known = {_text(group) for _, group in spec}
    new: dict[str, tuple[str, Criterion]] = {}
    for demand in demands:
        if demand.rows is not None and demand.share >= _MOST and _holds(demand.where, row):
            new.setdefault(_text(demand.rows), (demand.source, demand.rows))
    return (*spec, *(found for text, found in new.items() if text not in known))


def _merged(question: Question, specs: list[Groups], rows: Sequence[Mapping[str, Any]]) -> list[Groups]:
    """Join rows that a naming column, other than text, would give the same name."""
    naming = [c.id for c in question.columns if c.unique and c.type is not AnswerType.TEXT]
    if not naming:
        return specs
    joined: dict[str, Groups] = {}
    for spec, row in zip(specs, rows, strict=True):
        name = repr([row.get(column) for column in naming])
        held = joined.get(name, ())
        joined[name] = (*held, *(g for g in spec if _text(g[1]) not in {_text(h[1]) for h in held}))
    return list(joined.values())
