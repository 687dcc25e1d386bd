"""The part of docs/content-format.md that follows from the table of rules."""

from cartaudit.model.answers import AnswerType
from cartaudit.model.rules import RULES, Argument, Rule

_ARGUMENTS: dict[Argument, str] = {
    Argument.VALUES: "list of values",
    Argument.VALUE: "one value",
    Argument.NUMBER: "number",
    Argument.COUNT: "whole number from 1",
    Argument.DAYS: "days, from 1",
    Argument.DATE: 'date, or `"as_of"`',
    Argument.FLAG: "`true`",
    Argument.NAME: "id of another question, or of a column of the same row",
    Argument.GROUP: "group over columns",
    Argument.SHARE_OF: "`{ of, min_share, min_sample }`, `of` another column of the same row",
    Argument.ROW_SHARE: "`{ min_share, min_sample, rows }`",
}


def rules_as_markdown() -> str:
    """Give the table of criterion rules for the documentation, in the order of the code."""
    lines = ["| rule | stands on | argument | parameter | the answer |", "|---|---|---|---|---|"]
    lines += [_line(rule) for rule in RULES.values()]
    return "\n".join(lines)


def _line(rule: Rule) -> str:
    types = ", ".join(kind.value for kind in AnswerType if kind in rule.types)
    parameter = "yes" if rule.parameter else "no"
    return f"| `{rule.name}` | {types} | {_ARGUMENTS[rule.argument]} | {parameter} | {rule.meaning} |"
