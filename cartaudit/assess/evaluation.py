"""Evaluating compiled criteria on answers; what the same answers came to before is not tested again."""

from collections.abc import Hashable, Iterator, Mapping
from functools import partial
from typing import Any, Protocol

from cartaudit.assess.compiled import CompiledField, CompiledGroup, Test
from cartaudit.assess.facts import RowFact
from cartaudit.assess.outcomes import GroupOutcome, Leaf, RowsOutcome, joined, leaf_of
from cartaudit.assess.rows import judge_rows, select_rows
from cartaudit.assess.truth import Truth
from cartaudit.assess.validator import FALSE_CODE, NO_ROWS, UNCONFIRMED, UNKNOWN_CODE, Fault, RowsVerdict
from cartaudit.model.audit import Reason

OUTCOMES_KEPT = 16384
"""Outcomes an engine keeps: those of some 20 centres that answer everything differently."""

Verdict = tuple[Truth, Reason | None, str]
"""What one rule came to, why, and what was counted."""


class Answers(Protocol):
    """What a group is judged on. `token` stands for all that the others say of an id: equal tokens, equal outcome."""

    def value(self, name: str) -> Any:
        """Give the value of an id, None where there is none."""

    def reason(self, name: str) -> Reason:
        """Say why an id carries no value."""

    def declared(self, name: str) -> bool:
        """Tell whether an id was declared N/A in a way that counts."""

    def token(self, name: str) -> Hashable:
        """Give a value that is equal for equal answers only, type included."""


class Outcomes:
    """What groups came to, by the tokens of their answers; what was not asked for longest leaves first.

    Kept in two generations: a full young one becomes the old one, of which what is asked for again turns young. That
    asks for no order to be kept at every look. Every entry keeps its group alive, so that no other group can come to
    bear the same identity.
    """

    def __init__(self, size: int = OUTCOMES_KEPT) -> None:
        self._half = max(size // 2, 1)
        self._young: dict[Hashable, tuple[object, Any]] = {}
        self._old: dict[Hashable, tuple[object, Any]] = {}

    def get(self, key: Hashable) -> Any:
        """Look an outcome up; None where it is not known."""
        found = self._young.get(key)
        if found is None:
            found = self._old.get(key)
            if found is None:
                return None
            self._add(key, found)
        return found[1]

    def keep(self, key: Hashable, group: object, outcome: Any) -> None:
        """Keep an outcome."""
        self._add(key, (group, outcome))

    def _add(self, key: Hashable, entry: tuple[object, Any]) -> None:
        if len(self._young) >= self._half:
            self._young, self._old = {}, self._young
        self._young[key] = entry


def evaluate(group: CompiledGroup, answers: Answers, known: Outcomes) -> GroupOutcome:
    """Judge a group; inside `anyof` no N/A counts."""
    return _evaluate(group, answers, known, True)


def _evaluate(group: CompiledGroup, answers: Answers, known: Outcomes, top: bool) -> GroupOutcome:
    if group.over_rows:  # rows bear cells, so the outcome belongs to one workbook
        return joined(_leaves(group, answers, known, top), _branches(group, answers, known))
    key = (id(group), *map(answers.token, group.reads))
    outcome: GroupOutcome | None = known.get(key)
    if outcome is None:
        outcome = joined(_leaves(group, answers, known, top), _branches(group, answers, known))
        known.keep(key, group, outcome)
    return outcome


def _row(known: Outcomes, group: CompiledGroup, row: RowFact) -> GroupOutcome:
    """Judge a row, of which a centre has hundreds: most read like one that was judged before."""
    found: GroupOutcome | None = known.get((id(group), *map(row.tokens.__getitem__, group.reads)))
    return found if found is not None else _evaluate(group, row, known, True)


def _branches(group: CompiledGroup, answers: Answers, known: Outcomes) -> tuple[GroupOutcome, ...]:
    return tuple([_evaluate(alternative, answers, known, False) for alternative in group.alternatives])


def _leaves(group: CompiledGroup, answers: Answers, known: Outcomes, top: bool) -> tuple[Leaf, ...]:
    if group.validator is None:
        return ()
    if not group.over_rows:
        verdicts = _verdicts(group, answers, NO_ROWS, top)
        return tuple(leaf_of(*own, verdict) for own, verdict in zip(group.own, verdicts, strict=True))
    rows = _rows(group, answers, known)
    key = (id(group), "rows", *map(answers.token, group.needs), *[(r.truth, r.reason, r.detail) for r in rows.values()])
    kept: list[Verdict] | None = known.get(key)
    if kept is None:
        kept = list(_verdicts(group, answers, rows, top))
        known.keep(key, group, kept)
    return tuple(
        leaf_of(field, test, verdict, rows.get((field.id, test.rule)))
        for (field, test), verdict in zip(group.own, kept, strict=True)
    )


def _rows(group: CompiledGroup, answers: Answers, known: Outcomes) -> dict[tuple[str, str], RowsOutcome]:
    """Judge the rows of each register that has some; the rules of a register share one `where`."""
    judge = partial(_row, known)
    found: dict[tuple[str, str], RowsOutcome] = {}
    for field in group.fields:
        rows = answers.value(field.id) if field.rows else None
        if rows is not None:
            selected = select_rows(rows, field.where, judge)
            for name, rule in field.rows:
                found[field.id, name] = judge_rows(name, rule, selected, judge)
    return found


def _verdicts(
    group: CompiledGroup, answers: Answers, rows: Mapping[tuple[str, str], RowsVerdict], top: bool
) -> Iterator[Verdict]:
    """Say what each rule of the group's own fields came to, in their order."""
    assert group.validator is not None
    document = {name: value for name in group.needs if (value := answers.value(name)) is not None}
    broken: set[str] = set()
    found: dict[tuple[str, str], Verdict] = {}
    for fault in group.validator.judge(document, rows):
        _note(fault, broken, found)
    for field, test in group.own:
        if field.id in broken:
            yield _unread(field, document, answers, top)
        else:
            yield _read(field, test, found, answers)


def _note(fault: Fault, broken: set[str], found: dict[tuple[str, str], Verdict]) -> None:
    """Sort a fault: false, open, or (every fault that Cerberus itself finds) a field that cannot be tested."""
    match fault:
        case (field, code, rule, (reason, detail)) if code == UNKNOWN_CODE and rule == UNCONFIRMED:
            found[field, detail] = (Truth.UNKNOWN, reason, "")
        case (field, code, rule, (reason, detail)) if code in (FALSE_CODE, UNKNOWN_CODE):
            found[field, rule] = (Truth.FALSE if code == FALSE_CODE else Truth.UNKNOWN, reason, detail)
        case (field, *_):
            broken.add(field)


def _unread(field: CompiledField, document: Mapping[str, Any], answers: Answers, top: bool) -> Verdict:
    if field.id in document:
        return Truth.UNKNOWN, Reason.UNREADABLE, ""
    if top and answers.declared(field.id):
        return Truth.DROPPED, None, ""
    return Truth.UNKNOWN, answers.reason(field.id), ""


def _read(field: CompiledField, test: Test, found: Mapping[tuple[str, str], Verdict], answers: Answers) -> Verdict:
    truth, reason, detail = found.get((field.id, test.rule), (Truth.TRUE, None, ""))
    if truth is Truth.UNKNOWN and reason is Reason.BLANK and test.other and not test.unconfirmed:
        reason = answers.reason(test.other)
    return truth, reason, detail
