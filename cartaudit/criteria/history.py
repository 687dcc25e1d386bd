"""History: the rows of a register that a later one has replaced, and those of which that cannot be told."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from cartaudit.model.questions import Latest
from cartaudit.model.text import bare

Values = Mapping[str, Any]
"""The answered columns of one row."""


class History(NamedTuple):
    """What the rows of a register say of each other, by their places in the list: those that are history, and pairs
    (a row that stands, one that has ended) of which it cannot be told which holds."""

    replaced: frozenset[int]
    undecided: tuple[tuple[int, int], ...]


def history_of(rows: Sequence[Values], latest: Latest, on: date) -> History:
    """Find which rows later ones have replaced on a day.

    A row replaces an earlier one of the same thing whose scope it holds wholly, once its own day has come. One that
    stands and one that has ended are undecided where a day is missing, where both have the same, or where what ended
    later covers a part of the scope only.
    """
    dated = [(n, row) for n, row in enumerate(rows) if row.get(latest.status) in (*latest.standing, *latest.ended)]
    pairs = [
        (one, other) for one in dated for other in dated if one[0] != other[0] and _alike(one[1], other[1], latest)
    ]
    replaced = frozenset(n for (n, row), (_, other) in pairs if _replaces(other, row, latest, on))
    undecided = tuple(
        (n, m)
        for (n, row), (m, other) in pairs
        if not {n, m} & replaced and _clash(row, other, latest) and not _is_settled(row, other, latest, on)
    )
    return History(replaced, undecided)


def _alike(one: Values, other: Values, latest: Latest) -> bool:
    """Tell whether two rows speak of the same thing in scopes that share something."""
    same = all(one.get(c) is not None and _folded(one[c]) == _folded(other.get(c)) for c in latest.same)
    return same and all(set(one.get(c, ())) & set(other.get(c, ())) for c in latest.scope)


def _folded(value: Any) -> Any:
    return bare(value) if isinstance(value, str) else value


def _replaces(new: Values, old: Values, latest: Latest, on: date) -> bool:
    begins, began = new.get(latest.by), old.get(latest.by)
    later = begins is not None and began is not None and began < begins <= on
    return later and all(set(old.get(c, ())) <= set(new.get(c, ())) for c in latest.scope)


def _clash(row: Values, other: Values, latest: Latest) -> bool:
    return row.get(latest.status) in latest.standing and other.get(latest.status) in latest.ended


def _is_settled(standing: Values, ended: Values, latest: Latest, on: date) -> bool:
    """Tell whether a row that stands came later than one that ended, or the end has not come yet."""
    begins, ends = standing.get(latest.by), ended.get(latest.by)
    if ends is not None and ends > on:
        return True
    return begins is not None and ends is not None and ends < begins <= on
