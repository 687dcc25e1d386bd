"""What a question can be answered with, as far as content lists it."""

from collections.abc import Mapping

from cartaudit.catalogue.messages import listed
from cartaudit.criteria.rule import Asked
from cartaudit.model.answers import AnswerType, Status


def options_of(asked: Asked, lists: Mapping[str, frozenset[str]]) -> frozenset[str] | None:
    """List the ids an answer may take; None where they are not listed."""
    if asked.choices_from:
        return lists.get(asked.choices_from, frozenset())
    chosen = asked.type in (AnswerType.CHOICE, AnswerType.CHOICES)
    return frozenset(choice.id for choice in asked.choices) if chosen else None


def wanted_answer(asked: Asked, lists: Mapping[str, frozenset[str]]) -> str:
    """Say what may stand among the values of a rule on an answer."""
    options = options_of(asked, lists)
    if options is not None:
        return f"one of {listed(options) or 'no known options'}"
    words = {
        AnswerType.STATUS: f"one of {', '.join(Status)}",
        AnswerType.BOOLEAN: "true or false",
        AnswerType.INTEGER: "a whole number",
        AnswerType.TEXT: "a text",
    }
    return words.get(asked.type, "a value that can be listed")
