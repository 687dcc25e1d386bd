"""Departures from the grammar of criteria, each with the words for fault and remedy."""

from collections.abc import Mapping

from cartaudit.catalogue.lint.options import wanted_answer
from cartaudit.catalogue.messages import LintMessage, Place, instead, listed, written
from cartaudit.criteria.grammar import Departure, Fault
from cartaudit.criteria.rule import ArgumentTable, Part
from cartaudit.criteria.rules import RULES

_COUNT = ("{found} is no whole number of at least 1.", "Write a count of 1 or more.")
_MISPLACED: Mapping[Part | None, tuple[str, str]] = {
    Part.NUMBER: ("{found} is no number.", 'Write a number, or {{ parameter = "..." }}.'),
    Part.SHARE: ("{found} is no share.", "Write a number above 0 and up to 1, like 0.95."),
    Part.DAYS: ("{found} is no number of days.", "Write a whole number of at least 1."),
    Part.COUNT: _COUNT,
    Part.SAMPLE: _COUNT,
    Part.DATE: ("{found} is no date.", 'Write a date without quotes, like 2025-06-26, or "as_of".'),
    Part.FLAG: ("{found} is not true.", "Write true, or leave the rule out."),
}

_WORDS: Mapping[Departure, tuple[str, str]] = {
    Departure.NO_GROUP: ("This is no group of rules.", "Write {{ {what} = {{ rule = argument }} }}."),
    Departure.EMPTY_GROUP: ("The group is empty.", "Name at least one {what} with a rule: nothing would be demanded."),
    Departure.NO_ALTERNATIVES: ("'anyof' is no list of two or more groups.", "Write anyof = [{{ ... }}, {{ ... }}]."),
    Departure.UNKNOWN_NAME: ("There is no {what} {found}.", "{near}"),
    Departure.NO_RULES: ("There is no rule here.", "Write {{ rule = argument }}."),
    Departure.UNKNOWN_RULE: ("There is no rule {found}.", "{near}"),
    Departure.MISFIT: ("'{rule}' does not fit the answer type {type} of '{asked}'.", "Rules for {type}: {fitting}."),
    Departure.NOTHING_DEMANDED: (
        "'where' selects rows, but nothing is demanded of them.",
        "Add every_row, any_row, share_of_rows or min_rows.",
    ),
    Departure.NO_LIST: ("{found} is no list of values.", 'Write a list, like ["yes"], or {{ parameter = "..." }}.'),
    Departure.NO_ANSWER: ("{found} is no answer to '{asked}'.", "Write {wanted}."),
    Departure.NO_TABLE: ("This is no {rule_words}.", "Write {table}."),
    Departure.COLUMNS_ONLY: ("Only a column can be a share of another.", "Ask a question of type share instead."),
    Departure.UNKNOWN_OTHER: ("There is no {what} {found}.", "Name another {what}, whose answer sets the limit."),
    Departure.ITSELF: ("'{asked}' is compared with itself.", "Name another {what}."),
    Departure.INCOMPARABLE: (
        "'{asked}' ({type}) cannot be compared with {found}.",
        "Compare numbers with numbers and dates with dates.",
    ),
    Departure.NO_REFERENCE: ("This is no reference to a parameter.", 'Write {{ parameter = "...", offset = 1 }}.'),
    Departure.TAKES_NO_PARAMETER: ("'{rule}' takes no parameter.", "Write a literal value."),
    Departure.NO_OFFSET: ("No offset can stand here.", "Use a number, and only where a number is wanted."),
}


def worded(fault: Fault, place: Place, lists: Mapping[str, frozenset[str]]) -> LintMessage:
    """Say a departure and how to put it right; `lists` are the options that questions take from elsewhere."""
    found, remedy = _MISPLACED[fault.part] if fault.kind is Departure.MISPLACED else _WORDS[fault.kind]
    fields = _fields(fault, lists)
    return place.error(found.format(**fields), remedy.format(**fields))


def _fields(fault: Fault, lists: Mapping[str, frozenset[str]]) -> dict[str, str]:
    what = "column" if fault.columns else "question"
    fields = {"what": what, "found": written(fault.found), "near": _near(fault, what)}
    if fault.kind is Departure.INCOMPARABLE:
        fields["found"] = f"'{fault.found.id}' ({fault.found.type.value})"
    if fault.asked is not None:
        kind = fault.asked.type
        fields |= {
            "asked": fault.asked.id,
            "type": kind.value,
            "fitting": listed(rule.name for rule in RULES.values() if kind in rule.types),
            "wanted": wanted_answer(fault.asked, lists),
        }
    if fault.rule is not None:
        fields |= {"rule": fault.rule.name, "rule_words": fault.rule.name.replace("_", " ")}
        if isinstance(fault.rule.argument, ArgumentTable):
            needed, optional = fault.rule.argument
            fields["table"] = f"{{ {', '.join(f'{key} = ...' for key in (*needed, *optional))} }}"
    return fields


def _near(fault: Fault, what: str) -> str:
    if fault.kind is Departure.UNKNOWN_NAME:
        return instead(str(fault.found), fault.known, f"an existing {what}")
    return instead(str(fault.found), RULES, "a rule of docs/content-format.md")
