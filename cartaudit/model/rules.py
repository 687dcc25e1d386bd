"""The closed table of criterion rules: the one place where their names, places and argument shapes stand.

`catalogue` validates the shape of content against it, `pipeline.lint` its meaning against the questions,
`assess` compiles it, and the docs list it.
"""

from dataclasses import dataclass
from enum import StrEnum

from cartaudit.model.answers import AnswerType as T


class Argument(StrEnum):
    """The shape of a rule's argument in TOML."""

    VALUES = "values"
    VALUE = "value"
    NUMBER = "number"
    COUNT = "count"
    DAYS = "days"
    DATE = "date"
    FLAG = "flag"
    NAME = "name"
    GROUP = "group"
    ROW_SHARE = "row_share"
    SHARE_OF = "share_of"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: the answer types it may stand on, its argument, and whether a `{ parameter = ... }` may stand there."""

    name: str
    types: frozenset[T]
    argument: Argument
    parameter: bool
    meaning: str


_ORDERED = frozenset({T.INTEGER, T.NUMBER})
_DATES = frozenset({T.DATE})
_REGISTER = frozenset({T.REGISTER})


def _rule(name: str, types: frozenset[T], argument: Argument, meaning: str, *, parameter: bool = False) -> Rule:
    return Rule(name=name, types=types, argument=argument, parameter=parameter, meaning=meaning)


RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        _rule(
            "allowed",
            frozenset({T.STATUS, T.BOOLEAN, T.CHOICE, T.TEXT, T.INTEGER}),
            Argument.VALUES,
            "is one of",
            parameter=True,
        ),
        _rule("contains", frozenset({T.CHOICES}), Argument.VALUES, "includes all of", parameter=True),
        _rule("contains_any", frozenset({T.CHOICES}), Argument.VALUES, "includes at least one of", parameter=True),
        _rule("min", _ORDERED, Argument.NUMBER, "is at least", parameter=True),
        _rule("max", _ORDERED, Argument.NUMBER, "is at most", parameter=True),
        _rule("min_share", frozenset({T.SHARE}), Argument.NUMBER, "is a share of at least", parameter=True),
        _rule("min_sample", frozenset({T.SHARE}), Argument.COUNT, "counts a sample of at least"),
        _rule("not_expired", _DATES, Argument.FLAG, "has not passed on the audit date"),
        _rule("max_age_days", _DATES, Argument.DAYS, "lies at most so many days before the audit date", parameter=True),
        _rule("not_before", _DATES, Argument.DATE, "is not before"),
        _rule("not_after", _DATES, Argument.DATE, "is not after"),
        _rule("minlength", frozenset({T.TEXT, T.CHOICES}), Argument.COUNT, "has a length of at least"),
        _rule("at_least", _ORDERED | _DATES, Argument.NAME, "is at least the answer to"),
        _rule("at_most", _ORDERED | _DATES, Argument.NAME, "is at most the answer to"),
        _rule(
            "share_of",
            frozenset({T.INTEGER}),
            Argument.SHARE_OF,
            "is a share of another column of the same row of at least",
        ),
        _rule("min_rows", _REGISTER, Argument.COUNT, "lists at least so many rows (those that `where` selects)"),
        _rule("every_row", _REGISTER, Argument.GROUP, "holds in every row (that `where` selects)"),
        _rule("any_row", _REGISTER, Argument.GROUP, "holds in at least one row (of those that `where` selects)"),
        _rule("share_of_rows", _REGISTER, Argument.ROW_SHARE, "holds in a share of the rows (that `where` selects)"),
        _rule("where", _REGISTER, Argument.GROUP, "looks only at rows in which"),
    )
}
"""Every rule by name. Semantics of the arguments:

- VALUES: a list of literals or `{ parameter = "..." }` (or one such table instead of the list).
- NUMBER/DAYS: a literal or `{ parameter = "...", offset = n }`.
- DATE: a native TOML date, or "as_of".
- FLAG: `true`.
- NAME: another question id, or inside a register another column id of the same row.
- GROUP: a table of column id -> rules, all of which hold, and/or `anyof = [group, ...]`.
- SHARE_OF: `{ of = "sample", min_share = 0.95, min_sample = 10 }`; columns of a register only.
- ROW_SHARE: `{ min_share = 0.95, min_sample = 5, rows = GROUP }`.
"""

BUILT_IN_PARAMETERS = frozenset({"product", "jurisdiction"})
"""Parameters that hold the id of the product and of the label jurisdiction being judged; always verified."""
