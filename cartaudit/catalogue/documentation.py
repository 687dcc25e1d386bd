"""The part of docs/content-format.md that follows from the rules."""

from cartaudit.criteria.rule import ArgumentTable, Part, Rule
from cartaudit.criteria.rules import RULES
from cartaudit.model.answers import AnswerType

_PARTS: dict[Part, str] = {
    Part.VALUES: "list of values",
    Part.NUMBER: "number",
    Part.SHARE: "number above 0, up to 1",
    Part.DAYS: "days, from 1",
    Part.COUNT: "whole number from 1",
    Part.SAMPLE: "whole number from 1",
    Part.DATE: 'date, or `"as_of"`',
    Part.FLAG: "`true`",
    Part.NAME: "id of another question, or of a column of the same row",
    Part.GROUP: "group over columns",
}

_INSIDE: dict[Part, str] = {Part.NAME: "another column of the same row", Part.GROUP: "a group over columns"}


def rules_as_markdown() -> str:
    """Give the table of criterion rules for the documentation, in the order of the code."""
    lines = ["| rule | stands on | argument | parameter | the answer |", "|---|---|---|---|---|"]
    lines += [_line(rule) for rule in RULES.values()]
    return "\n".join(lines)


def _line(rule: Rule) -> str:
    types = ", ".join(kind.value for kind in AnswerType if kind in rule.types)
    parameter = "yes" if rule.parameter else "no"
    return f"| `{rule.name}` | {types} | {_argument(rule.argument)} | {parameter} | {rule.meaning} |"


def _argument(argument: Part | ArgumentTable) -> str:
    if isinstance(argument, Part):
        return _PARTS[argument]
    keys = ", ".join((*argument.needed, *(f"{key} = 1" for key in argument.optional)))
    named = [f"`{key}` {_INSIDE[part]}" for key, part in argument.needed.items() if part in _INSIDE]
    return ", ".join((f"`{{ {keys} }}`", *named))
