"""Dates: against the audit date, or against a day that content names."""

from datetime import date, timedelta
from typing import Any

from cartaudit.criteria.rule import Around, Part, Rule, Verdict, passes, unknown
from cartaudit.criteria.rules.strictness import higher, lower
from cartaudit.model.answers import AnswerType as T
from cartaudit.model.audit import Reason

_DATES = frozenset({T.DATE})


def _max_age_days(value: date, argument: Any, around: Around) -> Verdict:
    """Test an age on the audit date; a date in the future cannot be believed."""
    if value > around.as_of:
        return unknown(Reason.UNREADABLE, "the date lies after the audit date")
    return passes((around.as_of - value).days <= argument)


def _of_age(value: date, argument: Any) -> date:
    """Give the last day within an age; of one that is not confirmed the date itself."""
    return value + timedelta(days=int(argument)) if isinstance(argument, (int, float)) else value


DATES = (
    Rule(
        name="not_expired",
        types=_DATES,
        argument=Part.FLAG,
        meaning="has not passed on the audit date",
        words="not expired on {as_of:day}",
        holds=lambda value, argument, around: passes(value >= around.as_of),
        narrows=lambda bounds, argument, as_of: bounds.above(as_of),
        ends=lambda value, argument: value,
    ),
    Rule(
        name="max_age_days",
        types=_DATES,
        argument=Part.DAYS,
        parameter=True,
        meaning="lies at most so many days before the audit date",
        words="at most {argument:number} days before {as_of:day}",
        holds=_max_age_days,
        tightens=lower,
        narrows=lambda bounds, days, as_of: bounds.above(as_of - timedelta(days=days)).below(as_of),
        ends=_of_age,
    ),
    Rule(
        name="not_before",
        types=_DATES,
        argument=Part.DATE,
        meaning="is not before",
        words="not before {argument:day}",
        holds=lambda value, earliest, around: passes(value >= earliest),
        tightens=higher,
        narrows=lambda bounds, earliest, as_of: bounds.above(earliest),
    ),
    Rule(
        name="not_after",
        types=_DATES,
        argument=Part.DATE,
        meaning="is not after",
        words="not after {argument:day}",
        holds=lambda value, latest, around: passes(value <= latest),
        tightens=lower,
        narrows=lambda bounds, latest, as_of: bounds.below(latest),
    ),
)
