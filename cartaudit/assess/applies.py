"""Applicability: does a requirement concern this centre, product and place at all."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from cartaudit.assess import words
from cartaudit.assess.centre import Centre
from cartaudit.assess.engine import Engine
from cartaudit.assess.facts import FactBook
from cartaudit.assess.thresholds import Context
from cartaudit.criteria import walk
from cartaudit.criteria.criterion import Criterion
from cartaudit.criteria.evaluate import Known, evaluate
from cartaudit.criteria.outcomes import GroupOutcome
from cartaudit.criteria.thresholds import NONE, decides
from cartaudit.criteria.truth import Truth
from cartaudit.model.answers import AnswerState
from cartaudit.model.audit import Reason, Threshold
from cartaudit.model.requirements import Group, Phase, Requirement


class Applicability(NamedTuple):
    """Whether a requirement applies; `reason` and `because` (in words, with the cell) where it does not or may not.

    `says_all` tells that `because` is a sentence of its own, which says that the requirement does not apply.
    """

    truth: Truth
    reason: Reason = Reason.MET
    because: str = ""
    cells: tuple[str, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    says_all: bool = False


_APPLIES = Applicability(truth=Truth.TRUE)


def applicability(requirement: Requirement, context: Context, centre: Centre) -> Applicability:
    """Test jurisdiction, product, profile, parameter; the first that is false decides, then the first unknown."""
    applies, engine = requirement.applies, centre.engine
    tested = []
    if "jurisdiction" in applies:
        tested.append(_jurisdiction(_names(applies["jurisdiction"]), context.jurisdiction))
    if "product" in applies:
        tested.append(_product(_names(applies["product"]), context.product, engine))
    if "profile" in applies:
        tested.append(_profile(requirement, applies["profile"], centre))
    tested += [
        _parameter(requirement, name, engine, centre.resolver.threshold(name, context))
        for name in applies.get("parameter", {})
    ]
    doubts = [one for one in tested if one.truth is not Truth.TRUE]
    return next((one for one in doubts if one.truth is Truth.FALSE), doubts[0] if doubts else _APPLIES)


def deferral(requirement: Requirement, phase: Phase | None) -> Applicability:
    """Test whether the centre's phase defers a requirement; an unknown phase leaves it open."""
    if requirement.deferred_until is None:
        return _APPLIES
    if phase is None:
        return Applicability(
            truth=Truth.UNKNOWN,
            reason=Reason.PROFILE_UNKNOWN,
            because="The profile does not say which phase the programme is in.",
        )
    if phase.rank < requirement.deferred_until.rank:
        wanted = requirement.deferred_until.value.replace("_", " ")
        return Applicability(
            truth=Truth.FALSE,
            reason=Reason.DEFERRED,
            because=f"Phase of the programme: {phase.value.replace('_', ' ')}; judged from the phase '{wanted}' on.",
        )
    return _APPLIES


def _names(allowed: str | Sequence[str]) -> Sequence[str]:
    return [allowed] if isinstance(allowed, str) else allowed


def _jurisdiction(allowed: Sequence[str], jurisdiction: str) -> Applicability:
    if not jurisdiction:
        return _unsaid("the country")
    if jurisdiction in allowed:
        return _APPLIES
    only, here = words.places(allowed), words.places([jurisdiction])
    return _outside(f"Applies under the product information of {only} only; that of {here} holds here.")


def _product(allowed: Sequence[str], product: str, engine: Engine) -> Applicability:
    if not product:
        return _unsaid("the product")
    return _APPLIES if product in allowed else _outside(f"Does not apply to {engine.names.product(product)}.")


def _unsaid(what: str) -> Applicability:
    return Applicability(
        truth=Truth.UNKNOWN,
        reason=Reason.PROFILE_UNKNOWN,
        because=f"The profile does not say {what}, on which it depends whether this applies.",
    )


def _outside(because: str) -> Applicability:
    return Applicability(truth=Truth.FALSE, reason=Reason.PROFILE, because=because, says_all=True)


def profile_outcome(criterion: Criterion | None, facts: FactBook) -> GroupOutcome:
    """Judge a group over profile questions; an answer carried over and not confirmed is not known."""
    return GroupOutcome(Truth.UNKNOWN) if criterion is None else evaluate(criterion, _Settled(facts))


class _Settled(NamedTuple):
    """Profile answers as far as they are settled."""

    facts: FactBook

    def value(self, name: str) -> Any:
        fact = self.facts.fact(name)
        return fact.value if fact.unsettled is None else None

    def reason(self, name: str) -> Reason:
        return self.facts.fact(name).reason

    def declared(self, name: str) -> bool:
        return False


def _profile(requirement: Requirement, group: Group, centre: Centre) -> Applicability:
    """Look at a group over the profile once for each centre: many requirements share one."""
    text = repr(group)
    if text not in centre.applying:
        outcome = profile_outcome(centre.engine.profile(requirement.id, group), centre.facts)
        centre.applying[text] = _of_profile(outcome, group, centre.facts)
    found: Applicability = centre.applying[text]
    return found


def _of_profile(outcome: GroupOutcome, group: Group, facts: FactBook) -> Applicability:
    if outcome.truth is Truth.TRUE:
        return _APPLIES
    asked = tuple(dict.fromkeys(leaf.test.asked.id for leaf in outcome.deciding))
    found = [facts.fact(question) for question in asked or walk.questions(group)]
    said = "; ".join(
        f"{words.subject(f.question)}: {f.said}"
        + (f" ({f.entry.cell})" if f.entry.cell else "")
        + (", carried over and not confirmed" if f.unsettled and f.entry.state is not AnswerState.BLANK else "")
        for f in found
    )
    false = outcome.truth is Truth.FALSE
    return Applicability(
        truth=Truth.FALSE if false else Truth.UNKNOWN,
        reason=Reason.PROFILE if false else Reason.PROFILE_UNKNOWN,
        because=said,
        cells=tuple(f.entry.cell for f in found if f.entry.cell),
    )


def _parameter(requirement: Requirement, name: str, engine: Engine, threshold: Threshold) -> Applicability:
    origin = engine.wording.origin(threshold)
    text = engine.names.parameter(name)
    if threshold.verification == NONE:
        return Applicability(
            truth=Truth.FALSE, reason=Reason.NO_LIMIT, because=f"{text}: {origin}.", thresholds=(threshold,)
        )
    if not decides(threshold):
        return Applicability(
            truth=Truth.UNKNOWN,
            reason=Reason.THRESHOLD_UNCONFIRMED,
            because=f"{text}: not confirmed ({origin}).",
            thresholds=(threshold,),
        )
    truth = evaluate(engine.parameter(requirement, name), Known({name: threshold.value})).truth
    if truth is Truth.TRUE:
        return _APPLIES
    return Applicability(
        truth=truth,
        reason=Reason.PROFILE if truth is Truth.FALSE else Reason.THRESHOLD_UNCONFIRMED,
        because=f"{text}: {words.threshold_value(threshold, engine.names.label)} ({origin}).",
        thresholds=(threshold,),
    )
