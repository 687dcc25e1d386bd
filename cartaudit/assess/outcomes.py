"""Outcomes: what each rule of a criterion came to, kept so that the verdict can be explained and tried again."""

from collections.abc import Callable, Iterator, Set
from typing import NamedTuple

from cartaudit.assess.compiled import CompiledField, Test
from cartaudit.assess.facts import RowFact
from cartaudit.assess.truth import Truth, conjunction, disjunction, first_reason
from cartaudit.model.audit import Reason


class RowOutcome(NamedTuple):
    """One row of a register as `where` or the rule over its columns judged it."""

    row: RowFact
    outcome: "GroupOutcome"


class RowsOutcome(NamedTuple):
    """A register's rows under one rule: how many matched `where`, and which held, failed or stay open."""

    truth: Truth
    reason: Reason | None = None
    detail: str = ""
    matched: int = 0
    held: tuple[RowOutcome, ...] = ()
    failed: tuple[RowOutcome, ...] = ()
    open: tuple[RowOutcome, ...] = ()


class Leaf(NamedTuple):
    """One rule on one field; `reason` says why it is false or unknown, `rows` what a register's rows came to.

    `outcome` and `cause` say truth and reason as a step does.
    """

    field: CompiledField
    test: Test
    truth: Truth
    reason: Reason | None = None
    detail: str = ""
    rows: RowsOutcome | None = None
    outcome: str = ""
    cause: str = ""

    @property
    def reads(self) -> tuple[str, ...]:
        """List the ids whose answers the rule rests on."""
        return (self.field.id, self.test.other) if self.test.other else (self.field.id,)


class GroupOutcome(NamedTuple):
    """Rules that must all hold, with their alternatives, of which one must where there are any."""

    truth: Truth
    leaves: tuple[Leaf, ...] = ()
    branches: tuple["GroupOutcome", ...] = ()
    deciding: tuple[Leaf, ...] = ()
    """The rules that made the outcome what it is."""
    dated: tuple[Leaf, ...] = ()
    """The rules under which something can end, the alternatives' too."""

    def all_leaves(self) -> Iterator[Leaf]:
        """Walk through every rule, those of the alternatives included."""
        yield from self.leaves
        for branch in self.branches:
            yield from branch.all_leaves()


def leaf_of(
    field: CompiledField, test: Test, verdict: tuple[Truth, Reason | None, str], rows: RowsOutcome | None = None
) -> Leaf:
    """Note what a rule came to."""
    truth, reason, detail = verdict
    dropped = truth is Truth.DROPPED
    outcome = Truth.UNKNOWN.value if dropped else truth.value
    cause = "declared" if dropped else reason.value if reason else ""
    return Leaf(field, test, truth, reason, detail, rows, outcome, cause)


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
    dated = [leaf for leaf in leaves if leaf.test.dated]
    dated += [leaf for branch in branches for leaf in branch.dated]
    return GroupOutcome(truth, leaves, branches, tuple(deciding), tuple(dated))


def truth_without(outcome: GroupOutcome, withheld: Set[str]) -> Truth:
    """Judge again as if nothing positive were known of some questions."""
    truths = [
        Truth.UNKNOWN
        if leaf.truth in (Truth.TRUE, Truth.DROPPED) and any(q in withheld for q in leaf.reads)
        else leaf.truth
        for leaf in outcome.leaves
    ]
    if outcome.branches:
        truths.append(disjunction(truth_without(branch, withheld) for branch in outcome.branches))
    return conjunction(truths)


def failures_all(outcome: GroupOutcome, handled: Callable[[str], bool]) -> bool:
    """Tell whether every failing question is handled; of alternatives that all fail, one handled is enough."""
    failing = [leaf.field.id for leaf in outcome.leaves if leaf.truth is Truth.FALSE]
    if not all(handled(question) for question in failing):
        return False
    if outcome.branches and _branches_truth(outcome) is Truth.FALSE:
        return any(failures_all(branch, handled) for branch in outcome.branches)
    return bool(failing)


def reason_of(outcome: GroupOutcome) -> Reason | None:
    """Name the reason of a false or unknown outcome, the first in priority of those that decide.

    Alternatives that all fail count by their mildest: the one that is in progress needs only to be finished.
    """
    reasons = [leaf.reason for leaf in outcome.leaves if leaf.truth is outcome.truth and leaf.reason is not None]
    of_branches = [reason_of(b) for b in outcome.branches if b.truth is outcome.truth]
    known = [reason for reason in of_branches if reason is not None]
    if known and _branches_truth(outcome) is outcome.truth:
        reasons.append(Reason.IN_PROGRESS if Reason.IN_PROGRESS in known else first_reason(known) or known[0])
    return first_reason(reasons)


def _branches_truth(outcome: GroupOutcome) -> Truth:
    return disjunction(branch.truth for branch in outcome.branches)
