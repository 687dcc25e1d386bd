"""Outcomes: what each rule of a criterion came to, kept so that the verdict can be explained and tried again."""

from collections.abc import Callable, Iterator, Set
from typing import NamedTuple

from cartaudit.criteria.criterion import Test
from cartaudit.criteria.rule import Phrase
from cartaudit.criteria.rules.rows import SortedRows
from cartaudit.criteria.truth import Truth, conjunction, disjunction, first_reason
from cartaudit.model.audit import Reason


class Leaf(NamedTuple):
    """One rule on one answer; `reason` says why it is false or unknown, `rows` what a register's rows came to."""

    test: Test
    truth: Truth
    reason: Reason | None = None
    detail: Phrase | None = None
    rows: SortedRows | None = None


class GroupOutcome(NamedTuple):
    """Rules that must all hold, with their alternatives, of which one must where there are any; `deciding` are the
    rules that made the outcome what it is."""

    truth: Truth
    leaves: tuple[Leaf, ...] = ()
    branches: tuple["GroupOutcome", ...] = ()
    deciding: tuple[Leaf, ...] = ()

    def all_leaves(self) -> Iterator[Leaf]:
        """Walk through every rule, those of the alternatives included."""
        yield from self.leaves
        for branch in self.branches:
            yield from branch.all_leaves()

    @property
    def reason(self) -> Reason | None:
        """Name the reason of a false or unknown outcome, the first in priority of those that decide.

        Alternatives that all fail count by their mildest: the one that is in progress needs only to be finished.
        """
        reasons = [leaf.reason for leaf in self.leaves if leaf.truth is self.truth and leaf.reason is not None]
        of_branches = [branch.reason for branch in self.branches if branch.truth is self.truth]
        known = [reason for reason in of_branches if reason is not None]
        if known and _branches_truth(self) is self.truth:
            reasons.append(Reason.IN_PROGRESS if Reason.IN_PROGRESS in known else first_reason(known) or known[0])
        return first_reason(reasons)


def joined(leaves: tuple[Leaf, ...], branches: tuple[GroupOutcome, ...]) -> GroupOutcome:
    """Join rules and alternatives into the outcome of their group."""
    truths = [leaf.truth for leaf in leaves]
    alternatives = disjunction(branch.truth for branch in branches) if branches else None
    if alternatives is not None:
        truths.append(alternatives)
    truth = conjunction(truths)
    deciding = [leaf for leaf in leaves if leaf.truth is truth]
    if alternatives is truth:
        deciding += [leaf for branch in branches if branch.truth is truth for leaf in branch.deciding]
    return GroupOutcome(truth, leaves, branches, tuple(deciding))


def truth_without(outcome: GroupOutcome, withheld: Set[str]) -> Truth:
    """Judge again as if nothing positive were known of some questions."""
    truths = [
        Truth.UNKNOWN
        if leaf.truth in (Truth.TRUE, Truth.DROPPED) and not withheld.isdisjoint(leaf.test.reads)
        else leaf.truth
        for leaf in outcome.leaves
    ]
    if outcome.branches:
        truths.append(disjunction(truth_without(branch, withheld) for branch in outcome.branches))
    return conjunction(truths)


def failures_all(outcome: GroupOutcome, handled: Callable[[str], bool]) -> bool:
    """Tell whether every failing question is handled; of alternatives that all fail, one handled is enough."""
    failing = [leaf.test.asked.id for leaf in outcome.leaves if leaf.truth is Truth.FALSE]
    if not all(handled(question) for question in failing):
        return False
    if outcome.branches and _branches_truth(outcome) is Truth.FALSE:
        return any(failures_all(branch, handled) for branch in outcome.branches)
    return bool(failing)


def _branches_truth(outcome: GroupOutcome) -> Truth:
    return disjunction(branch.truth for branch in outcome.branches)
