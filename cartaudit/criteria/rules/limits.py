"""Limits: a number at least or at most another; the limit itself passes."""

from cartaudit.criteria.rule import Part, Rule, passes
from cartaudit.criteria.rules.strictness import higher, lower
from cartaudit.model.answers import AnswerType as T

_NUMBERS = frozenset({T.INTEGER, T.NUMBER})

LIMITS = (
    Rule(
        name="min",
        types=_NUMBERS,
        argument=Part.NUMBER,
        parameter=True,
        meaning="is at least",
        words="at least {argument:amount}",
        holds=lambda value, limit, around: passes(value >= limit),
        tightens=higher,
        narrows=lambda bounds, limit, as_of: bounds.above(limit),
        sides=frozenset({"min"}),
    ),
    Rule(
        name="max",
        types=_NUMBERS,
        argument=Part.NUMBER,
        parameter=True,
        meaning="is at most",
        words="at most {argument:amount}",
        holds=lambda value, limit, around: passes(value <= limit),
        tightens=lower,
        narrows=lambda bounds, limit, as_of: bounds.below(limit),
        sides=frozenset({"max"}),
    ),
)
