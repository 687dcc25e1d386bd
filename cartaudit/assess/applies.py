"""Applicability: does a requirement concern this centre, product and place at all."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from cartaudit.assess import words
from cartaudit.assess.centre import Centre
from cartaudit.assess.engine import Engine
from cartaudit.assess.facts import Fact, FactBook
from cartaudit.assess.thresholds import Context
from cartaudit.criteria import walk
from cartaudit.criteria.criterion import Criterion
from cartaudit.criteria.evaluate import evaluate
from cartaudit.criteria.outcomes import GroupOutcome
from cartaudit.criteria.resolution import SITE_SOURCE
from cartaudit.criteria.thresholds import NONE, NOT_ALLOWED, decides
from cartaudit.criteria.truth import Truth
from cartaudit.model.answers import AnswerState
from cartaudit.model.audit import Reason, Threshold
from cartaudit.model.countries import COUNTRIES
from cartaudit.model.requirements import Group, Phase, Requirement


class Applicability(NamedTuple):
    """Whether a requirement applies; `reason` and `because` (in words, with the cell) where it does not or may not.

    `says_all` tells that `because` is a sentence of its own, which says that the requirement does not apply. `doubted`
    tells that it applies under one reading of a contradicted profile only.
    """

    truth: Truth
    reason: Reason = Reason.MET
    because: str = ""
    cells: tuple[str, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    says_all: bool = False
    doubted: bool = False


_APPLIES = Applicability(truth=Truth.TRUE)
_PHASE = "phase"


def applicability(requirement: Requirement, context: Context, centre: Centre) -> Applicability:
    """Test jurisdiction, product, profile, parameter; the first that is false decides, then the first unknown."""
    applies, engine = requirement.applies, centre.engine
    tested = []
    if "jurisdiction" in applies:
        tested.append(_jurisdiction(_names(applies["jurisdiction"]), context.jurisdiction, centre.profile.country))
    if "product" in applies:
        tested.append(_product(_names(applies["product"]), context.product, engine))
    if "profile" in applies:
        tested.append(_profile(requirement, applies["profile"], centre))
    tested += [
        _parameter(requirement, name, engine, centre.resolver.threshold(name, context))
        for name in applies.get("parameter", {})
    ]
    doubts = [one for one in tested if one.truth is not Truth.TRUE]
    doubted = (one for one in tested if one.doubted)
    return next((one for one in doubts if one.truth is Truth.FALSE), doubts[0] if doubts else next(doubted, _APPLIES))


def deferral(requirement: Requirement, centre: Centre) -> Applicability:
    """Test whether the centre's phase defers a requirement; an unknown phase leaves it open."""
    phase = centre.profile.phase
    if requirement.deferred_until is None:
        return _APPLIES
    if phase is None:
        return Applicability(
            truth=Truth.UNKNOWN,
            reason=Reason.PROFILE_UNKNOWN,
            because="The profile does not say which phase the programme is in.",
        )
    if phase.rank < requirement.deferred_until.rank:
        fact = centre.facts.fact(_PHASE) if _PHASE in centre.engine.questions else None
        if (
            fact is not None
            and fact.otherwise is not None
            and Phase(fact.otherwise).rank >= requirement.deferred_until.rank
        ):
            return _doubted([fact])
        wanted = requirement.deferred_until.value.replace("_", " ")
        return Applicability(
            truth=Truth.FALSE,
            reason=Reason.DEFERRED,
            because=f"Phase of the programme: {phase.value.replace('_', ' ')}; judged from the phase '{wanted}' on.",
        )
    return _APPLIES


def _names(allowed: str | Sequence[str]) -> Sequence[str]:
    return [allowed] if isinstance(allowed, str) else allowed


def _jurisdiction(allowed: Sequence[str], jurisdiction: str, country: str) -> Applicability:
    if jurisdiction in allowed:
        return _APPLIES
    only, here = words.places(allowed), words.places([jurisdiction])
    if not jurisdiction and country in COUNTRIES:
        return _outside(
            f"Applies under the product information of {only} only; none is known for {COUNTRIES[country]}."
        )
    if not jurisdiction:
        return _unsaid("the country")
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
    """Judge a group over profile questions; an answer carried over and not confirmed is not known.

    Of an answer that another contradicts, the reading counts under which the group is true.
    """
    return max(_readings(criterion, facts), key=lambda outcome: _MORE.index(outcome.truth))


_MORE = (Truth.DROPPED, Truth.FALSE, Truth.UNKNOWN, Truth.TRUE)


def _readings(criterion: Criterion | None, facts: FactBook) -> tuple[GroupOutcome, ...]:
    """Judge a group over profile questions as they are answered and, where others contradict, as those say."""
    if criterion is None:
        return (GroupOutcome(Truth.UNKNOWN),)
    contradicted = any(facts.fact(name).otherwise is not None for name in _asked(criterion))
    return tuple(evaluate(criterion, _Settled(facts, other)) for other in ((False, True) if contradicted else (False,)))


def _asked(criterion: Criterion) -> Iterator[str]:
    yield from criterion.needs
    for alternative in criterion.alternatives:
        yield from _asked(alternative)


class _Settled(NamedTuple):
    """Profile answers as far as they are settled; `other`: read as the answers that contradict them say."""

    facts: FactBook
    other: bool

    def value(self, name: str) -> Any:
        fact = self.facts.fact(name)
        if fact.otherwise is not None:
            return fact.otherwise if self.other else fact.value
        return fact.value if fact.unsettled is None else None

    def reason(self, name: str) -> Reason:
        return self.facts.fact(name).reason

    def declared(self, name: str) -> bool:
        return False


def _profile(requirement: Requirement, group: Group, centre: Centre) -> Applicability:
    """Look at a group over the profile once for each centre: many requirements share one."""
    text = repr(group)
    if text not in centre.applying:
        outcomes = _readings(centre.engine.profile(requirement.id, group), centre.facts)
        centre.applying[text] = _of_profile(outcomes, group, centre.facts)
    found: Applicability = centre.applying[text]
    return found


def _of_profile(outcomes: tuple[GroupOutcome, ...], group: Group, facts: FactBook) -> Applicability:
    if all(outcome.truth is Truth.TRUE for outcome in outcomes):
        return _APPLIES
    outcome = max(outcomes, key=lambda outcome: _MORE.index(outcome.truth))
    if outcome.truth is Truth.TRUE:
        contradicted = [f for q in walk.questions(group) if (f := facts.fact(q)).unsettled is Reason.CONTRADICTED]
        return _doubted(contradicted)
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


def _doubted(facts: Sequence[Fact]) -> Applicability:
    """Say that a requirement may apply, as the answer that excludes it is contradicted."""
    said = "; ".join(f"{words.subject(f.question)}: {f.said} ({f.entry.cell})" for f in facts)
    return Applicability(
        truth=Truth.TRUE,
        reason=Reason.CONTRADICTED,
        because=f"Whether it applies is contradicted by another answer: {said}.",
        cells=tuple(f.entry.cell for f in facts if f.entry.cell),
        doubted=True,
    )


def _parameter(requirement: Requirement, name: str, engine: Engine, threshold: Threshold) -> Applicability:
    origin = engine.wording.origin(threshold)
    text = engine.names.parameter(name)
    if threshold.verification in (NONE, NOT_ALLOWED):
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
    truth = engine.parameter_truth(requirement, name, threshold.value)
    if truth is Truth.TRUE:
        return _APPLIES
    if truth is Truth.FALSE and threshold.source == SITE_SOURCE and engine.switches_off(requirement, name, threshold):
        truth = Truth.UNKNOWN
    return Applicability(
        truth=truth,
        reason=Reason.PROFILE if truth is Truth.FALSE else Reason.THRESHOLD_UNCONFIRMED,
        because=f"{text}: {words.threshold_value(threshold, engine.names.label)} ({origin}).",
        thresholds=(threshold,),
    )
