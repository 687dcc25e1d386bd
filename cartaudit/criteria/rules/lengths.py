"""Lengths: of a text without its margins, or of the list of what was chosen."""

from cartaudit.criteria.rule import Part, Rule, passes
from cartaudit.criteria.rules.strictness import higher
from cartaudit.model.answers import AnswerType as T

LENGTHS = (
    Rule(
        name="minlength",
        types=frozenset({T.TEXT, T.CHOICES}),
        argument=Part.COUNT,
        meaning="has a length of at least",
        words="at least {argument:length}",
        holds=lambda value, least, around: passes(len(value.strip() if isinstance(value, str) else value) >= least),
        tightens=higher,
        narrows=lambda bounds, least, as_of: bounds.add(length=max(bounds.length, least)),
    ),
)
