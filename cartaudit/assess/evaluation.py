"""Evaluating compiled criteria on answers, by walking the validator's error nodes."""

from collections.abc import Callable, Mapping
from typing import Any

from cerberus.errors import ValidationError

from cartaudit.assess.compiled import CompiledField, CompiledGroup, Test
from cartaudit.assess.outcomes import GroupOutcome, Leaf, joined
from cartaudit.assess.truth import Truth
from cartaudit.assess.validator import FALSE_CODE, UNCONFIRMED, UNKNOWN_CODE
from cartaudit.model.audit import Reason

Why = Callable[[str], Reason]
"""Says why an id carries no value."""

Declared = Callable[[str], bool]
"""Tells whether an id was declared N/A in a way that counts."""


def never(_: str) -> bool:
    """Accept no N/A at all."""
    return False


def evaluate(group: CompiledGroup, document: Mapping[str, Any], why: Why, declared: Declared = never) -> GroupOutcome:
    """Judge a group. `document` holds the values that are known; inside `anyof` no N/A counts."""
    branches = tuple(evaluate(alternative, document, why) for alternative in group.alternatives)
    return joined(_leaves(group, document, why, declared) if group.validator is not None else (), branches)


def _leaves(group: CompiledGroup, document: Mapping[str, Any], why: Why, declared: Declared) -> tuple[Leaf, ...]:
    validator = group.validator
    if validator is None:
        return ()
    own = {key: document[key] for key in group.needs if key in document}
    broken: set[str] = set()
    found: dict[tuple[str, str], tuple[Truth, Reason, str]] = {}
    for error in validator.judge(own):
        _note(error, broken, found)
    leaves = []
    for field in group.fields:
        if field.id in broken:
            leaves += [_unread(field, test, document, why, declared) for test in field.tests]
        else:
            leaves += [_read(field, test, found, validator.rows, why) for test in field.tests]
    return tuple(leaves)


def _note(error: ValidationError, broken: set[str], found: dict[tuple[str, str], tuple[Truth, Reason, str]]) -> None:
    """Sort an error node: false, open, or (every error of Cerberus itself) a field that cannot be tested."""
    field = error.document_path[-1]
    match error.code, error.info:
        case (code, (reason, detail)) if code == UNKNOWN_CODE and error.rule == UNCONFIRMED:
            found[field, detail] = (Truth.UNKNOWN, reason, "")
        case (code, (reason, detail)) if code in (FALSE_CODE, UNKNOWN_CODE):
            found[field, error.rule] = (Truth.FALSE if code == FALSE_CODE else Truth.UNKNOWN, reason, detail)
        case _:
            broken.add(field)


def _unread(field: CompiledField, test: Test, document: Mapping[str, Any], why: Why, declared: Declared) -> Leaf:
    if field.id in document:
        return Leaf(field=field, test=test, truth=Truth.UNKNOWN, reason=Reason.UNREADABLE)
    if declared(field.id):
        return Leaf(field=field, test=test, truth=Truth.DROPPED)
    return Leaf(field=field, test=test, truth=Truth.UNKNOWN, reason=why(field.id))


def _read(
    field: CompiledField,
    test: Test,
    found: Mapping[tuple[str, str], tuple[Truth, Reason, str]],
    rows: Mapping[tuple[str, str], Any],
    why: Why,
) -> Leaf:
    truth, reason, detail = found.get((field.id, test.rule), (Truth.TRUE, None, ""))
    if truth is Truth.UNKNOWN and reason is Reason.BLANK and test.other and not test.unconfirmed:
        reason = why(test.other)
    return Leaf(field=field, test=test, truth=truth, reason=reason, detail=detail, rows=rows.get((field.id, test.rule)))
