"""Applicability: does a requirement concern this centre, product and place at all."""

from collections.abc import Hashable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from cartaudit.assess import words
from cartaudit.assess.compilation import decides
from cartaudit.assess.compiled import CompiledGroup
from cartaudit.assess.engine import Engine
from cartaudit.assess.evaluation import evaluate
from cartaudit.assess.facts import FactBook, token_of
from cartaudit.assess.outcomes import GroupOutcome
from cartaudit.assess.static import questions_in
from cartaudit.assess.thresholds import Context, Resolver
from cartaudit.assess.truth import Truth
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


def applicability(
    requirement: Requirement,
    context: Context,
    engine: Engine,
    facts: FactBook,
    resolver: Resolver,
    settled: MutableMapping[int, Applicability],
) -> Applicability:
    """Test jurisdiction, product, profile, parameter; the first that is false decides, then the first unknown.

    `settled` keeps what groups over the profile came to on these facts: many requirements share one.
    """
    applies = requirement.applies
    if not applies:
        return _APPLIES
    if len(applies) == 1 and "profile" in applies:  # two thirds of those that are tested at all
        return _profile(requirement, applies["profile"], engine, facts, settled)
    tested = []
    if "jurisdiction" in applies:
        tested.append(_jurisdiction(_names(applies["jurisdiction"]), context.jurisdiction))
    if "product" in applies:
        tested.append(_product(_names(applies["product"]), context.product, engine))
    if "profile" in applies:
        tested.append(_profile(requirement, applies["profile"], engine, facts, settled))
    tested += [
        _parameter(requirement, name, engine, resolver.threshold(name, context))
        for name in applies.get("parameter", {})
    ]
    doubts = [one for one in tested if one.truth is not Truth.TRUE]
    if not doubts:
        return _APPLIES
    return next((one for one in doubts if one.truth is Truth.FALSE), doubts[0])


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
    return _APPLIES if product in allowed else _outside(f"Does not apply to {engine.product_name(product)}.")


def _unsaid(what: str) -> Applicability:
    return Applicability(
        truth=Truth.UNKNOWN,
        reason=Reason.PROFILE_UNKNOWN,
        because=f"The profile does not say {what}, on which it depends whether this applies.",
    )


def _outside(because: str) -> Applicability:
    return Applicability(truth=Truth.FALSE, reason=Reason.PROFILE, because=because, says_all=True)


def profile_outcome(place: str, group: Group, owner: object, engine: Engine, facts: FactBook) -> GroupOutcome:
    """Judge a group over profile questions; an answer carried over and not confirmed is not known."""
    return _outcome(engine.compile_profile(place, group, owner), engine, facts)


def _outcome(compiled: CompiledGroup | None, engine: Engine, facts: FactBook) -> GroupOutcome:
    if compiled is None:
        return GroupOutcome(truth=Truth.UNKNOWN)
    return evaluate(compiled, _Settled(facts), engine.outcomes)


@dataclass(frozen=True, slots=True)
class _Settled:
    """Profile answers as far as they are settled."""

    facts: FactBook

    def value(self, name: str) -> Any:
        fact = self.facts.fact(name)
        return fact.value if fact.unsettled is None else None

    def reason(self, name: str) -> Reason:
        return self.facts.fact(name).reason

    def declared(self, name: str) -> bool:
        return False

    def token(self, name: str) -> Hashable:
        fact = self.facts.fact(name)
        return fact.token if fact.unsettled is None else ("unsettled", fact.reason)


@dataclass(frozen=True, slots=True)
class _OneValue:
    """The value of a threshold in the place of an answer."""

    found: Any

    def value(self, name: str) -> Any:
        return self.found

    def reason(self, name: str) -> Reason:
        return Reason.THRESHOLD_UNCONFIRMED

    def declared(self, name: str) -> bool:
        return False

    def token(self, name: str) -> Hashable:
        return token_of(self.found)


def _profile(
    requirement: Requirement,
    group: Group,
    engine: Engine,
    facts: FactBook,
    settled: MutableMapping[int, Applicability],
) -> Applicability:
    compiled = engine.compile_profile(requirement.id, group, requirement)
    known = settled.get(id(compiled))  # the engine keeps such a group, so no other comes to bear its identity
    if known is None:
        known = _of_profile(_outcome(compiled, engine, facts), group, facts)
        if compiled is not None:
            settled[id(compiled)] = known
    return known


def _of_profile(outcome: GroupOutcome, group: Group, facts: FactBook) -> Applicability:
    if outcome.truth is Truth.TRUE:
        return _APPLIES
    asked = tuple(dict.fromkeys(leaf.field.id for leaf in outcome.deciding))
    found = [facts.fact(question) for question in asked or questions_in(group)]
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
    origin = engine.origin(threshold)
    text = engine.parameter_name(name)
    if threshold.verification == words.NONE:
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
    compiled = engine.compile_parameter(requirement, name)
    truth = Truth.UNKNOWN
    if compiled is not None:
        truth = evaluate(compiled, _OneValue(threshold.value), engine.outcomes).truth
    if truth is Truth.TRUE:
        return _APPLIES
    return Applicability(
        truth=truth,
        reason=Reason.PROFILE if truth is Truth.FALSE else Reason.THRESHOLD_UNCONFIRMED,
        because=f"{text}: {words.threshold_value(threshold, engine.label)} ({origin}).",
        thresholds=(threshold,),
    )
