"""Lint of how the rows of a register replace each other: columns that exist, of types that can be compared."""

from collections.abc import Iterator

from cartaudit.catalogue.messages import LintMessage, Place, instead
from cartaudit.model.answers import AnswerType
from cartaudit.model.questions import Question

_COMPARED = frozenset({AnswerType.TEXT, AnswerType.CHOICE})


def lint_latest(question: Question, place: Place) -> Iterator[LintMessage]:
    """Check the columns and statuses that `latest` names."""
    latest, here = question.latest, place.at("latest")
    if latest is None:
        return
    if question.type is not AnswerType.REGISTER:
        yield here.error("'latest' belongs to registers only.", "Remove it.")
        return
    columns = {c.id: c for c in question.columns}
    for key, names, types in (
        ("by", (latest.by,), frozenset({AnswerType.DATE})),
        ("same", latest.same, _COMPARED),
        ("scope", latest.scope, frozenset({AnswerType.CHOICES})),
        ("status", (latest.status,), frozenset({AnswerType.CHOICE})),
    ):
        for name in names:
            if name not in columns:
                yield here.at(key).error(f"There is no column '{name}'.", instead(name, columns, "one of the columns"))
            elif columns[name].type not in types:
                wanted = " or ".join(sorted(t.value for t in types))
                yield here.at(key).error(f"Column '{name}' is no {wanted}.", f"Name a column of type {wanted}.")
    status = columns.get(latest.status)
    known = {c.id for c in status.choices} if status is not None else set()
    for key, words in (("standing", latest.standing), ("ended", latest.ended)):
        for word in words:
            if status is not None and word not in known:
                yield here.at(key).error(f"'{word}' is no {latest.status}.", instead(word, known, "one of its choices"))
