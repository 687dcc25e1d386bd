"""Bands: a number that must be one figure, or lie between two; both limits pass."""

from typing import Any

from cartaudit.criteria.rule import ArgumentTable, Around, Part, Rule, Verdict, passes
from cartaudit.criteria.rules.strictness import higher, lower
from cartaudit.criteria.values import exact
from cartaudit.model.answers import AnswerType as T

_NUMBERS = frozenset({T.INTEGER, T.NUMBER})


def _equals(value: Any, figure: Any, around: Around) -> Verdict:
    """Compare as written, so that a parameter with an offset (0.1 + 0.2) is not missed by a rounding."""
    return passes(exact(value) == exact(round(figure, 9)))


def _between(value: Any, band: Any, around: Around) -> Verdict:
    return passes(band["min"] <= value <= band["max"])


BANDS = (
    Rule(
        name="equals",
        types=_NUMBERS,
        argument=Part.NUMBER,
        parameter=True,
        meaning="is exactly",
        words="exactly {argument:amount}",
        holds=_equals,
        narrows=lambda bounds, figure, as_of: bounds.above(figure).below(figure),
        sides=frozenset({"min", "max"}),
    ),
    Rule(
        name="between",
        types=_NUMBERS,
        argument=ArgumentTable({"min": Part.NUMBER, "max": Part.NUMBER}, {}),
        parameter=True,
        meaning="is at least the one and at most the other",
        words="from {min:amount} to {max:amount}",
        holds=_between,
        tightens={"min": higher, "max": lower},
        narrows=lambda bounds, band, as_of: bounds.above(band["min"]).below(band["max"]),
        sides=frozenset({"min", "max"}),
        halves=True,
    ),
)
