"""What the problems of a workbook stop, put where judging reads it: no problem stands beside a verdict it touches."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from cartaudit.model.layout import split_scoped_id
from cartaudit.model.problems import Problem, Stops
from cartaudit.model.profile import TREATMENTS
from cartaudit.model.submission import Response, Row, Stop

Key = tuple[str, str]
Responses = Mapping[Key, Response]

_OF_A_RESPONSE = frozenset({Stops.ANSWER, Stops.EVIDENCE, Stops.PLAN, Stops.NA_REASON})
_BLANKED = ("CA236",)
"""Problems of words that were blanked when they were read, which is all that they stop."""

_OF_ALL = frozenset({Stops.IDENTITY, Stops.TREATMENT})


def stop_responses(responses: Responses, problems: Iterable[Problem]) -> dict[Key, Response]:
    """Give the responses with what is stopped of each, and of which of its rows."""
    parts: dict[Key, set[Stops]] = defaultdict(set)
    rows: dict[Key, set[str]] = defaultdict(set)
    for problem in problems:
        key = _key(problem, responses)
        if key is None or problem.code in _BLANKED:
            continue
        row = _row(problem, responses[key])
        if row is not None and problem.stops in (Stops.ROW, Stops.ANSWER):
            if problem.stops is Stops.ROW or _counts(problem, row):
                rows[key].add(row.cell)
        elif problem.stops in _OF_A_RESPONSE:
            parts[key].add(problem.stops)
        elif problem.stops is Stops.ROW:
            parts[key].add(Stops.ANSWER)
    return {
        key: _stopped(response, frozenset(parts[key]), rows[key]) if key in parts or key in rows else response
        for key, response in responses.items()
    }


def _key(problem: Problem, responses: Responses) -> Key | None:
    """Find the response a problem speaks of: its label is a question with its scope, or a register and a column."""
    key = split_scoped_id(problem.question)
    if key in responses:
        return key
    register = (problem.question.partition(".")[0], "")
    return register if problem.question and register in responses else None


def _row(problem: Problem, response: Response) -> Row | None:
    """Find the row of a register in which a problem stands."""
    number = problem.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    place = f"{problem.sheet}!"
    return next((r for r in response.rows if r.cell.startswith(place) and _number(r.cell) == number), None)


def _number(cell: str) -> str:
    return cell.rpartition("!")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _counts(problem: Problem, row: Row) -> bool:
    """Tell whether the cell a problem names still carries a value; one that does not is unknown anyway."""
    return any(entry.value is not None for entry in row.entries.values() if entry.cell == problem.place)


def _stopped(response: Response, parts: frozenset[Stops], cells: set[str]) -> Response:
    rows = tuple(replace(row, stopped=True) if row.cell in cells else row for row in response.rows)
    return replace(response, rows=rows, stopped=tuple(sorted({*response.stopped, *parts})))


def stops_of_all(responses: Responses, problems: Iterable[Problem]) -> tuple[Stop, ...]:
    """List the problems that stop whole checklists, each once, with the product where one row names it."""
    found = {
        Stop(code=p.code, stops=p.stops, product=_product(p, responses) if p.stops is Stops.TREATMENT else ""): None
        for p in problems
        if p.stops in _OF_ALL
    }
    return tuple(found)


def _product(problem: Problem, responses: Responses) -> str:
    treatments = responses.get((TREATMENTS, ""))
    row = _row(problem, treatments) if treatments is not None else None
    value = row.entries["product"].value if row is not None and "product" in row.entries else None
    return value if isinstance(value, str) else ""
