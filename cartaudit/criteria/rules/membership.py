"""Membership: an answer among values, or values among the answers of a choice."""

from typing import Any

from cartaudit.criteria.rule import HOLDS, Around, Part, Rule, Verdict, passes
from cartaudit.criteria.rules.strictness import fewer, more
from cartaudit.criteria.truth import Truth
from cartaudit.model.answers import AnswerType as T
from cartaudit.model.answers import Status
from cartaudit.model.audit import Reason


def _allowed(value: Any, argument: Any, around: Around) -> Verdict:
    if value in argument:
        return HOLDS
    if value is Status.IN_PROGRESS:
        return Verdict(Truth.FALSE, Reason.IN_PROGRESS)
    return Verdict(Truth.FALSE, Reason.ANSWERED_NO if value is Status.NO or value is False else Reason.CRITERION)


MEMBERSHIP = (
    Rule(
        name="allowed",
        types=frozenset({T.STATUS, T.BOOLEAN, T.CHOICE, T.TEXT, T.INTEGER}),
        argument=Part.VALUES,
        parameter=True,
        meaning="is one of",
        words="{argument:or}",
        holds=_allowed,
        tightens=fewer,
        narrows=lambda bounds, values, as_of: bounds.among(values),
        sides=frozenset({"min", "max"}),
    ),
    Rule(
        name="contains",
        types=frozenset({T.CHOICES}),
        argument=Part.VALUES,
        parameter=True,
        meaning="includes all of",
        words="includes {argument:and}",
        holds=lambda value, wanted, around: passes(set(wanted) <= set(value)),
        tightens=more,
        narrows=lambda bounds, values, as_of: bounds.add(contains=bounds.contains | set(values)),
    ),
    Rule(
        name="contains_any",
        types=frozenset({T.CHOICES}),
        argument=Part.VALUES,
        parameter=True,
        meaning="includes at least one of",
        words="includes {argument:or}",
        holds=lambda value, wanted, around: passes(bool(set(wanted) & set(value))),
        tightens=fewer,
        narrows=lambda bounds, values, as_of: bounds.add(any_of=(*bounds.any_of, frozenset(values))),
    ),
)
