"""Rules over the rows of a register; rows that do not exist never pass."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from cartaudit.assess.compiled import CompiledGroup, RowsRule
from cartaudit.assess.facts import RowFact
from cartaudit.assess.outcomes import GroupOutcome, RowOutcome, RowsOutcome, reason_of
from cartaudit.assess.truth import Truth, first_reason
from cartaudit.assess.validator import exact
from cartaudit.model.answers import AnswerState
from cartaudit.model.audit import Reason

_HOLDS = GroupOutcome(truth=Truth.TRUE)


class _Sorted(NamedTuple):
    """Rows by `where` (in, or perhaps in) and by their own rules; `matched` counts those that are surely in."""

    matched: int
    held: tuple[RowOutcome, ...]
    failed: tuple[RowOutcome, ...]
    open: tuple[RowOutcome, ...]
    perhaps: tuple[RowOutcome, ...]
    perhaps_held: tuple[RowOutcome, ...]


JudgeRow = Callable[[CompiledGroup, RowFact], GroupOutcome]
"""Judges one row by a group over its columns."""

Selected = Sequence[tuple[RowFact, GroupOutcome | None]]
"""Rows that `where` does not rule out, each with what `where` came to; None where there is no `where`."""


def select_rows(rows: Iterable[RowFact], where: CompiledGroup | None, judge: JudgeRow) -> Selected:
    """Leave out the rows that `where` rules out."""
    if where is None:
        return [(row, None) for row in rows]
    tried = [(row, judge(where, row)) for row in rows]
    return [(row, outcome) for row, outcome in tried if outcome.truth is not Truth.FALSE]


def judge_rows(name: str, rule: RowsRule, rows: Selected, judge: JudgeRow) -> RowsOutcome:
    """Judge one rule over the rows of a register that its `where` selects."""
    return _TESTS[name](_sort(rows, rule, judge), rule)


def _sort(rows: Selected, rule: RowsRule, judge: JudgeRow) -> _Sorted:
    held: list[RowOutcome] = []
    failed: list[RowOutcome] = []
    open_: list[RowOutcome] = []
    perhaps: list[RowOutcome] = []
    perhaps_held: list[RowOutcome] = []
    for row, where in rows:
        result = _HOLDS if rule.group is None else judge(rule.group, row)
        if where is not None and where.truth is not Truth.TRUE:
            holds = rule.group is not None and result.truth is Truth.TRUE
            (perhaps_held if holds else perhaps).append(RowOutcome(row, where))
        elif result.truth is Truth.TRUE:
            held.append(RowOutcome(row, result))
        else:
            (failed if result.truth is Truth.FALSE else open_).append(RowOutcome(row, result))
    return _Sorted(
        matched=len(held) + len(failed) + len(open_),
        held=tuple(held),
        failed=tuple(failed),
        open=tuple(open_),
        perhaps=tuple(perhaps),
        perhaps_held=tuple(perhaps_held),
    )


def _outcome(truth: Truth, rows: _Sorted, reason: Reason | None = None, detail: str = "") -> RowsOutcome:
    return RowsOutcome(
        truth=truth,
        reason=reason,
        detail=detail,
        matched=rows.matched,
        held=rows.held,
        failed=rows.failed,
        open=rows.open + rows.perhaps + (rows.perhaps_held if not rows.matched else ()),
    )


def _unknown(rows: _Sorted) -> RowsOutcome:
    """Leave a rule open: for the rows that are unknown, or because none matched."""
    causes = [reason_of(r.outcome) for r in rows.open + rows.perhaps + rows.perhaps_held]
    reason = first_reason([cause for cause in causes if cause is not None]) or Reason.NO_ROWS
    detail = "" if rows.matched else "no row to judge"
    return _outcome(Truth.UNKNOWN, rows, reason, detail)


def _every_row(rows: _Sorted, rule: RowsRule) -> RowsOutcome:
    if rows.failed:
        detail = f"{len(rows.failed)} of {rows.matched} rows fall short"
        return _outcome(Truth.FALSE, rows, Reason.CRITERION, detail)
    if not rows.matched or rows.open or rows.perhaps:
        return _unknown(rows)
    return _outcome(Truth.TRUE, rows, None, f"{rows.matched} of {rows.matched} rows hold")


def _any_row(rows: _Sorted, rule: RowsRule) -> RowsOutcome:
    """Look for one row that holds; while some row may still turn out to be it, nothing is decided."""
    if rows.held:
        return _outcome(Truth.TRUE, rows, None, f"{len(rows.held)} of {rows.matched} rows hold")
    if not rows.matched or rows.open or rows.perhaps or rows.perhaps_held:
        return _unknown(rows)
    return _outcome(Truth.FALSE, rows, Reason.CRITERION, f"none of {rows.matched} rows holds")


def _share_of_rows(rows: _Sorted, rule: RowsRule) -> RowsOutcome:
    """Bound the share by what the unknown rows may turn out to be; decide only where both bounds agree."""
    if not rows.matched:
        return _unknown(rows)
    share = exact(rule.min_share or 1)
    detail = f"{len(rows.held)} of {rows.matched} rows hold"
    if rows.matched < rule.min_sample:
        return _outcome(Truth.UNKNOWN, rows, Reason.NO_ROWS, f"{rows.matched} rows, at least {rule.min_sample} needed")
    if len(rows.held) >= share * (rows.matched + len(rows.perhaps)):
        return _outcome(Truth.TRUE, rows, None, detail)
    best = len(rows.held) + len(rows.open) + len(rows.perhaps) + len(rows.perhaps_held)
    if best < share * (best + len(rows.failed)):
        return _outcome(Truth.FALSE, rows, Reason.CRITERION, detail)
    return _unknown(rows)


def _min_rows(rows: _Sorted, rule: RowsRule) -> RowsOutcome:
    """Count rows, those that name the same thing once; a row without its name may be a double."""
    keys = [_key(held.row, rule.unique) for held in rows.held]
    sure = len({key for key in keys if key is not None})
    most = sure + keys.count(None) + len(rows.perhaps) + len(rows.perhaps_held)
    if sure >= rule.min_rows:
        return _outcome(Truth.TRUE, rows, None, f"{sure} rows counted")
    if keys and most < rule.min_rows:
        return _outcome(Truth.FALSE, rows, Reason.CRITERION, f"{most} rows counted")
    return _unknown(rows)


_TESTS: Mapping[str, Callable[[_Sorted, RowsRule], RowsOutcome]] = {
    "every_row": _every_row,
    "any_row": _any_row,
    "share_of_rows": _share_of_rows,
    "min_rows": _min_rows,
}


def _key(row: RowFact, unique: tuple[str, ...]) -> Any:
    """Name a row by its unique columns (its number where there are none); None where one of them is not answered."""
    if not unique:
        return row.number
    for column in unique:
        if row.entry(column).state is not AnswerState.ANSWERED:
            return None
    return tuple([_folded(row.document.get(column)) for column in unique])


def _folded(value: Any) -> Any:
    return " ".join(value.split()).casefold() if isinstance(value, str) else value
