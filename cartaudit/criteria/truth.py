"""Three-valued truth: what a criterion can come to, and why it is unknown or false."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from cartaudit.model.audit import Reason


class Truth(StrEnum):
    """TRUE, FALSE and UNKNOWN; DROPPED is a part that a declared and allowed N/A takes out of a conjunction."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"
    DROPPED = "dropped"


UNKNOWN_PRIORITY: tuple[Reason, ...] = (
    Reason.NA_REFUSED,
    Reason.UNREADABLE,
    Reason.BLANK,
    Reason.NO_ROWS,
    Reason.THRESHOLD_UNCONFIRMED,
)
"""Which cause is named when several parts are unknown: what the centre can mend comes first, our own gaps last."""

FALSE_PRIORITY: tuple[Reason, ...] = (Reason.CRITERION, Reason.ANSWERED_NO, Reason.IN_PROGRESS)
"""Which cause is named when several parts are false: `in_progress` only where nothing else fails."""

_RANK = {reason: rank for rank, reason in enumerate(UNKNOWN_PRIORITY + FALSE_PRIORITY)}


def conjunction(truths: Iterable[Truth]) -> Truth:
    """Join parts that must all hold: false beats unknown beats true; what is dropped leaves; nothing proves nothing."""
    seen = set(truths)
    if not seen:
        return Truth.UNKNOWN
    for truth in (Truth.FALSE, Truth.UNKNOWN, Truth.TRUE):
        if truth in seen:
            return truth
    return Truth.DROPPED


def disjunction(truths: Iterable[Truth]) -> Truth:
    """Join alternatives: true beats unknown beats false; a dropped alternative is unknown, and so is none at all."""
    seen = set(truths)
    if Truth.TRUE in seen:
        return Truth.TRUE
    return Truth.FALSE if seen == {Truth.FALSE} else Truth.UNKNOWN


def first_reason(reasons: Sequence[Reason]) -> Reason | None:
    """Pick the reason that is named, of several of one kind; None of none."""
    return min(reasons, key=lambda reason: _RANK.get(reason, len(_RANK)), default=None)
