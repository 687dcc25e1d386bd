"""Evaluating compiled criteria on answers, in three values."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from cartaudit.criteria.criterion import Criterion, Test
from cartaudit.criteria.outcomes import GroupOutcome, Leaf, joined
from cartaudit.criteria.truth import Truth
from cartaudit.criteria.validator import Verdicts
from cartaudit.model.audit import Reason


class Answers(Protocol):
    """What a group is judged on; the value of a register are its rows, each the answers of its columns."""

    def value(self, name: str) -> Any:
        """Give the value of an id, None where there is none."""

    def reason(self, name: str) -> Reason:
        """Say why an id carries no value."""

    def declared(self, name: str) -> bool:
        """Tell whether an id was declared N/A in a way that counts."""


class Known(NamedTuple):
    """Answers that are simply known or not, as those of a plan or of a row made by program."""

    values: Mapping[str, Any]

    def value(self, name: str) -> Any:
        """Give the value of an id."""
        return self.values.get(name)

    def reason(self, name: str) -> Reason:
        """Say that what is not known is blank."""
        return Reason.BLANK

    def declared(self, name: str) -> bool:
        """Accept no N/A."""
        return False


def evaluate(criterion: Criterion, answers: Answers) -> GroupOutcome:
    """Judge a group; inside `anyof` no N/A counts."""
    return _evaluate(criterion, answers, True)


def _evaluate(criterion: Criterion, answers: Answers, top: bool) -> GroupOutcome:
    branches = [_evaluate(alternative, answers, False) for alternative in criterion.alternatives]
    return joined(_leaves(criterion, answers, top), tuple(branches))


def _leaves(criterion: Criterion, answers: Answers, top: bool) -> tuple[Leaf, ...]:
    if criterion.validator is None:
        return ()
    document = {name: value for name in criterion.needs if (value := answers.value(name)) is not None}
    noted = criterion.validator.judge(document, evaluate)
    return tuple([_leaf(test, noted, document, answers, top) for test in criterion.tests])


def _leaf(test: Test, noted: Verdicts, document: Mapping[str, Any], answers: Answers, top: bool) -> Leaf:
    name = test.asked.id
    if test.closed:
        return Leaf(test, Truth.FALSE, Reason.CRITERION)
    if name in noted.broken:
        if name in document:
            return Leaf(test, Truth.UNKNOWN, Reason.UNREADABLE)
        dropped = top and answers.declared(name)
        return Leaf(test, Truth.DROPPED) if dropped else Leaf(test, Truth.UNKNOWN, answers.reason(name))
    truth, reason, detail, rows = noted[name, test.rule.name]
    if reason is Reason.BLANK and test.other is not None and not test.unconfirmed:
        reason = answers.reason(test.other.id)
    return Leaf(test, truth, reason, detail, rows)
