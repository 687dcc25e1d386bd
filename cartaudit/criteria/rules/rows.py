"""Rows of a register: how many there are, and in how many a group over their columns holds; no row never passes."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, NamedTuple

from cartaudit.criteria.bounds import RowsAsked
from cartaudit.criteria.rule import FAILS, HOLDS, ArgumentTable, Around, Part, Phrase, Rule, Verdict
from cartaudit.criteria.rules.strictness import higher
from cartaudit.criteria.truth import Truth, first_reason
from cartaudit.criteria.values import exact
from cartaudit.model.answers import AnswerType
from cartaudit.model.audit import Reason
from cartaudit.model.questions import Question

_REGISTER = frozenset({AnswerType.REGISTER})


class RowOutcome(NamedTuple):
    """One row of a register as `where` or a group over its columns judged it; None where it is only counted."""

    row: Any
    outcome: Any


class SortedRows(NamedTuple):
    """The rows of a register under one rule: by the rule where they surely belong, the others apart (`perhaps`)."""

    held: list[RowOutcome]
    failed: list[RowOutcome]
    unsure: list[RowOutcome]
    perhaps: list[RowOutcome]
    perhaps_held: list[RowOutcome]

    @property
    def matched(self) -> int:
        """Count the rows that `where` surely selects."""
        return len(self.held) + len(self.failed) + len(self.unsure)

    @property
    def open(self) -> list[RowOutcome]:
        """Give the rows that keep the rule open; those that hold only where no row surely belongs."""
        return self.unsure + self.perhaps + ([] if self.matched else self.perhaps_held)


def sort_rows(rows: Iterable[Any], group: Any, around: Around) -> SortedRows:
    """Sort rows by `where` (in, perhaps in; what it rules out is left out) and by a group over their columns."""
    where, found = around.rules.get("where"), SortedRows([], [], [], [], [])
    for row in rows:
        chosen = None if where is None else around.judge(where, row)
        if chosen is not None and chosen.truth is Truth.FALSE:
            continue
        outcome = None if group is None else around.judge(group, row)
        truth = Truth.TRUE if outcome is None else outcome.truth
        if chosen is not None and chosen.truth is not Truth.TRUE:
            held = outcome is not None and truth is Truth.TRUE
            (found.perhaps_held if held else found.perhaps).append(RowOutcome(row, chosen))
        elif truth is Truth.TRUE:
            found.held.append(RowOutcome(row, outcome))
        else:
            (found.failed if truth is Truth.FALSE else found.unsure).append(RowOutcome(row, outcome))
    return found


def _true(rows: SortedRows) -> Verdict:
    return HOLDS._replace(rows=rows)


def _false(rows: SortedRows, message: str, **fields: int) -> Verdict:
    return FAILS._replace(detail=Phrase(message, {"matched": rows.matched, **fields}), rows=rows)


def _unknown(rows: SortedRows) -> Verdict:
    """Leave a rule open: for the rows that are unknown, or because none matched."""
    causes = [r.outcome.reason for r in rows.unsure + rows.perhaps + rows.perhaps_held]
    reason = first_reason([cause for cause in causes if cause is not None]) or Reason.NO_ROWS
    return Verdict(Truth.UNKNOWN, reason, None if rows.matched else Phrase("no row to judge", {}), rows)


def _every_row(value: Any, group: Any, around: Around) -> Verdict:
    rows = sort_rows(value, group, around)
    if rows.failed:
        return _false(rows, "{failed} of {matched} rows fall short", failed=len(rows.failed))
    return _true(rows) if rows.matched and not rows.unsure and not rows.perhaps else _unknown(rows)


def _any_row(value: Any, group: Any, around: Around) -> Verdict:
    """Look for one row that holds; while some row may still turn out to be it, nothing is decided."""
    rows = sort_rows(value, group, around)
    if rows.held:
        return _true(rows)
    if not rows.matched or rows.unsure or rows.perhaps or rows.perhaps_held:
        return _unknown(rows)
    return _false(rows, "none of {matched} rows holds")


def _share_of_rows(value: Any, argument: Any, around: Around) -> Verdict:
    """Bound the share by what the unknown rows may turn out to be; decide only where both bounds agree."""
    rows = sort_rows(value, argument["rows"], around)
    share, sample = exact(argument["min_share"]), argument["min_sample"]
    if not rows.matched:
        return _unknown(rows)
    if rows.matched < sample:
        detail = Phrase("{matched} rows, at least {sample} needed", {"matched": rows.matched, "sample": sample})
        return Verdict(Truth.UNKNOWN, Reason.NO_ROWS, detail, rows)
    if len(rows.held) >= share * (rows.matched + len(rows.perhaps)):
        return _true(rows)
    best = len(rows.held) + len(rows.unsure) + len(rows.perhaps) + len(rows.perhaps_held)
    if Fraction(best, best + len(rows.failed)) < share:
        return _false(rows, "{held} of {matched} rows hold", held=len(rows.held))
    return _unknown(rows)


def _min_rows(value: Any, least: Any, around: Around) -> Verdict:
    """Count rows, those that name the same thing once; a row without its name may be a double."""
    rows = sort_rows(value, None, around)
    columns = around.asked.columns if isinstance(around.asked, Question) else ()
    unique = [c.id for c in columns if c.unique]
    keys = [_key(held.row, unique) for held in rows.held]
    sure = len({key for key in keys if key is not None})
    most = sure + keys.count(None) + len(rows.perhaps) + len(rows.perhaps_held)
    if sure >= least:
        return _true(rows)
    return _false(rows, "{counted} rows counted", counted=most) if keys and most < least else _unknown(rows)


def _key(row: Any, unique: list[str]) -> Any:
    """Name a row by its unique columns (its number where there are none); None where one of them is not answered."""
    if not unique:
        return row.number
    values = [row.value(column) for column in unique]
    return (
        None if None in values else tuple(" ".join(v.split()).casefold() if isinstance(v, str) else v for v in values)
    )


def _failing(rows: Any, argument: Any, answers: Any) -> tuple[int, int]:
    return len(rows.failed), rows.matched


ROWS = (
    Rule(
        name="every_row",
        types=_REGISTER,
        argument=Part.GROUP,
        meaning="holds in every row (that `where` selects)",
        words="in all of the rows: {argument:group}",
        words_where="in all of the rows in which {where:group}: {argument:group}",
        holds=_every_row,
        rows=lambda group: RowsAsked(group),
        failing=_failing,
    ),
    Rule(
        name="any_row",
        types=_REGISTER,
        argument=Part.GROUP,
        meaning="holds in at least one row (of those that `where` selects)",
        words="in at least one of the rows: {argument:group}",
        words_where="in at least one of the rows in which {where:group}: {argument:group}",
        holds=_any_row,
        rows=lambda group: RowsAsked(group, share=0.0),
        one_is_enough=True,
    ),
    Rule(
        name="share_of_rows",
        types=_REGISTER,
        argument=ArgumentTable({"min_share": Part.SHARE, "rows": Part.GROUP}, {"min_sample": Part.SAMPLE}),
        meaning="holds in a share of the rows (that `where` selects)",
        words="in at least {min_share:per_cent} of the rows: {rows:group}",
        words_where="in at least {min_share:per_cent} of the rows in which {where:group}: {rows:group}",
        holds=_share_of_rows,
        tightens={"min_share": higher, "min_sample": higher},
        rows=lambda argument: RowsAsked(argument["rows"], argument["min_share"], argument["min_sample"]),
        failing=_failing,
    ),
    Rule(
        name="min_rows",
        types=_REGISTER,
        argument=Part.COUNT,
        meaning="lists at least so many rows (those that `where` selects)",
        words="at least {argument:rows}",
        words_where="at least {argument} of the rows in which {where:group}",
        holds=_min_rows,
        tightens=higher,
        rows=lambda least: RowsAsked(None, number=least),
    ),
    Rule(
        name="where",
        types=_REGISTER,
        argument=Part.GROUP,
        meaning="looks only at rows in which",
        words="{argument:group}",
        holds=lambda value, group, around: Verdict(Truth.UNKNOWN, Reason.NO_ROWS),
        selects=True,
    ),
)
