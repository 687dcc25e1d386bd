"""Other answers: a number or date against the answer to another question, or another column of the same row."""

from collections.abc import Callable
from operator import ge, le
from typing import Any

from cartaudit.criteria.rule import Around, Part, Rule, Verdict, passes, unknown
from cartaudit.criteria.values import conforms
from cartaudit.model.answers import AnswerType as T
from cartaudit.model.audit import Reason

_ORDERED = frozenset({T.INTEGER, T.NUMBER, T.DATE})


def _compared(value: Any, other: str, around: Around, holds: Callable[[Any, Any], bool]) -> Verdict:
    limit: Any = around.answers.get(other)
    kind = T.DATE if conforms(value, T.DATE) else T.NUMBER
    if not (conforms(value, kind) and conforms(limit, kind)):
        return unknown(Reason.BLANK, "{other}", other=other)
    return passes(holds(value, limit))


OTHERS = (
    Rule(
        name="at_least",
        types=_ORDERED,
        argument=Part.NAME,
        meaning="is at least the answer to",
        words="at least the answer to '{other:subject}'",
        holds=lambda value, other, around: _compared(value, other, around, ge),
        relates=">=",
        sides=frozenset({"min"}),
    ),
    Rule(
        name="at_most",
        types=_ORDERED,
        argument=Part.NAME,
        meaning="is at most the answer to",
        words="at most the answer to '{other:subject}'",
        holds=lambda value, other, around: _compared(value, other, around, le),
        relates="<=",
        sides=frozenset({"max"}),
    ),
)
