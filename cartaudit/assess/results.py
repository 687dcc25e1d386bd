"""Results: one requirement judged for all that it concerns, joined into one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from cartaudit.assess import words
from cartaudit.assess.contexts import Delivered
from cartaudit.assess.engine import Reads
from cartaudit.assess.expiries import expiries_of, ordered
from cartaudit.assess.extent import worst
from cartaudit.assess.facts import NO_ACTION, Fact, FactBook
from cartaudit.assess.judge import Bench, Ruling, contained, judge, planned
from cartaudit.assess.thresholds import Context
from cartaudit.model.audit import Compliance, Expiry, Reason, Result
from cartaudit.model.checklists import Checklist, Kind
from cartaudit.model.profile import Treatment
from cartaudit.model.questions import Scope
from cartaudit.model.requirements import Requirement
from cartaudit.model.submission import Action, Evidence

_WORST_FIRST = (
    Compliance.NON_COMPLIANT,
    Compliance.PARTIAL,
    Compliance.NOT_ASSESSED,
    Compliance.COMPLIANT,
    Compliance.NOT_APPLICABLE,
)
"""Joining treatments: known to fall short beats unknown beats met; what does not apply to one leaves."""

_OPEN = (Compliance.NON_COMPLIANT, Compliance.PARTIAL)


class Judged(NamedTuple):
    """A result with what readiness asks of a gap: is the failure contained, has it an owner and a future due date."""

    result: Result
    requirement: Requirement
    compliance: Compliance
    reason: Reason
    contained: bool = False
    planned: bool = False
    rulings: tuple[Ruling, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Docket:
    """One checklist to be judged: for which treatments and place, by whose answers."""

    checklist: Checklist
    treatments: tuple[Treatment, ...]
    jurisdiction: str
    delivered: Delivered
    bench: Bench
    own_answers: FactBook
    contexts: Mapping[Scope, tuple[Context, ...]]
    """For what a requirement is judged, by what its outcome can differ for."""


def judge_requirement(requirement: Requirement, docket: Docket) -> Judged:
    """Judge a requirement once for each treatment it can differ for, and join the rulings."""
    reads = docket.bench.engine.reads(requirement)
    rulings = _rulings(requirement, reads, docket, docket.bench)
    alone = len(rulings) == 1
    ruling = rulings[0] if alone else min(rulings, key=lambda r: _WORST_FIRST.index(r.compliance))
    failing = [r for r in rulings if r.compliance in _OPEN and r.outcome is not None]
    read = _read(rulings)
    overridden = [f for f in read if f.response is not None and f.response.override is not None]
    result = Result(
        checklist=docket.checklist.id,
        requirement=requirement,
        compliance=ruling.compliance,
        reason=ruling.reason,
        message=_message(ruling, rulings, docket),
        product=docket.checklist.product,
        jurisdiction=docket.jurisdiction if docket.checklist.kind is Kind.PRODUCT else "",
        questions=reads.criterion,
        cells=ruling.cells if alone else _cells(ruling, rulings),
        criterion=ruling.criterion,
        thresholds=ruling.thresholds if alone else tuple(dict.fromkeys(t for r in rulings for t in r.thresholds)),
        steps=ruling.steps if alone else tuple(dict.fromkeys(s for r in rulings for s in r.steps)),
        extent=worst(r.extent for r in failing) if failing else None,
        watch=ruling.compliance is Compliance.COMPLIANT and any(r.watch for r in rulings),
        deciding_profile=ruling.deciding_profile,
        na_reason=ruling.na_reason,
        action=_action(ruling),
        expiries=_expiries(requirement, rulings, docket),
        evidence=_evidence(read),
        claim=_claim([_own(f, docket) for f in read] if overridden else read, docket),
    )
    return Judged(
        result=_with_override(result, overridden, docket) if overridden else result,
        requirement=requirement,
        compliance=ruling.compliance,
        reason=ruling.reason,
        contained=bool(failing) and all(r.outcome and contained(r.outcome, _by_id(r.read)) for r in failing),
        planned=bool(failing)
        and all(r.outcome and planned(r.outcome, _by_id(r.read), docket.bench.as_of) for r in failing),
        rulings=rulings,
    )


def _cells(ruling: Ruling, rulings: Iterable[Ruling]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c for r in rulings if r.compliance is ruling.compliance for c in r.cells))


def _evidence(read: tuple[Fact, ...]) -> tuple[Evidence, ...]:
    found = [f.evidence for f in read if f.evidence.references]
    if not found:
        return ()
    return tuple(found) if len(found) < 2 else tuple(dict.fromkeys(found))


def _rulings(requirement: Requirement, reads: Reads, docket: Docket, bench: Bench) -> tuple[Ruling, ...]:
    """Judge in every context; treatments that cannot be read leave a requirement open that depends on them."""
    checklist = docket.checklist
    depends = reads.per is not Scope.CENTRE and checklist.kind is not Kind.PRODUCT
    if depends and not docket.treatments and docket.delivered.other and not docket.delivered.unread:
        return (_governed_elsewhere(docket),)
    rulings = tuple(
        [judge(requirement, reads, context, checklist.scale, bench) for context in docket.contexts[reads.per]]
    )
    if depends and docket.delivered.unread:
        rulings += (_unread(docket),)
    return rulings


def _governed_elsewhere(docket: Docket) -> Ruling:
    products = words.listed(
        dict.fromkeys(docket.bench.engine.product_name(t.product) for t in docket.delivered.other), "and"
    )
    because = f"No product on the commercial route: for {products} the protocol or licence governs."
    return Ruling(
        context=Context(jurisdiction=docket.jurisdiction),
        compliance=Compliance.NOT_APPLICABLE,
        reason=Reason.PROFILE,
        message=because,
        deciding_profile=because,
    )


def _unread(docket: Docket) -> Ruling:
    cells = docket.delivered.unread
    because = f"The list of treatments names a product that cannot be read ({', '.join(filter(None, cells))})."
    return Ruling(
        context=Context(jurisdiction=docket.jurisdiction),
        compliance=Compliance.NOT_ASSESSED,
        reason=Reason.PROFILE_UNKNOWN,
        message=because,
        cells=tuple(filter(None, cells)),
        deciding_profile=because,
    )


def _message(ruling: Ruling, rulings: tuple[Ruling, ...], docket: Docket) -> str:
    if len(rulings) == 1 or ruling.context.treatment is None:
        return ruling.message
    same = sum(r.compliance is ruling.compliance for r in rulings)
    rest = f" ({same} of {len(rulings)} treatments come out so.)" if ruling.compliance in _OPEN else ""
    return f"{treatment_words(ruling.context.treatment, docket)}: {ruling.message}{rest}"


def treatment_words(treatment: Treatment, docket: Docket) -> str:
    """Name a treatment for print: product, indication, population."""
    product = docket.bench.engine.catalogue.products.get(treatment.product)
    labels = {i.id: i.label for i in product.indications} if product else {}
    name = product.name if product else treatment.product
    group = ", ".join(
        filter(None, (labels.get(treatment.indication, treatment.indication), treatment.population.replace("_", " ")))
    )
    return f"{name} ({group})" if group else name


def _by_id(facts: Iterable[Fact]) -> Mapping[str, Fact]:
    return {fact.question.id: fact for fact in facts}


def _read(rulings: tuple[Ruling, ...]) -> tuple[Fact, ...]:
    """Give every fact that was read, each once."""
    if len(rulings) == 1:
        return rulings[0].read
    return tuple({(f.question.id, f.scope): f for r in rulings for f in r.read}.values())


def _with_override(result: Result, overridden: Sequence[Fact], docket: Docket) -> Result:
    """Add what an inspector's answer changed."""
    reads = docket.bench.engine.reads(result.requirement)
    own = _rulings(result.requirement, reads, docket, replace(docket.bench, facts=docket.own_answers, settled={}))
    return result._replace(
        claimed=min((r.compliance for r in own), key=_WORST_FIRST.index),
        overridden=any(f.overridden for f in overridden),
        override_note="; ".join(dict.fromkeys(_override_note(f) for f in overridden)),
    )


def _own(fact: Fact, docket: Docket) -> Fact:
    """Give what the centre itself said, whatever an inspector did."""
    overridden = fact.response is not None and fact.response.override is not None
    return docket.own_answers.fact(fact.question.id, fact.scope) if overridden else fact


def _claim(claims: Sequence[Fact], docket: Docket) -> str:
    if len(claims) == 1:
        return claims[0].said
    return "; ".join(f"{words.subject(f.question)}{_scope_words(f.scope, docket)}: {f.said}" for f in claims)


def _scope_words(scope: str, docket: Docket) -> str:
    """Name the product or treatment an answer is for; nothing for the centre as a whole."""
    if not scope:
        return ""
    treatment = next((t for t in docket.treatments if t.key == scope), None)
    return f" ({treatment_words(treatment, docket) if treatment else docket.bench.engine.product_name(scope)})"


def _override_note(fact: Fact) -> str:
    override = fact.response.override if fact.response is not None else None
    if override is None:
        return ""
    who = override.role or "role not given"
    when = override.on.isoformat() if override.on else "date not given"
    return f"{who}, {when}: {override.reason or 'reason not given'}"


def _action(ruling: Ruling) -> Action:
    """Join what is planned for the answers that decide; the latest due date, as all of it must be done."""
    facts = ruling.deciding or ruling.read
    actions = [f.action for f in facts if f.acts]
    if not actions:
        return NO_ACTION
    dues = [a.due for a in actions if a.due is not None]
    return Action(
        text=_joined(a.text for a in actions),
        owner_role=_joined(a.owner_role for a in actions),
        due=max(dues, default=None),
        containment=_joined(a.containment for a in actions),
    )


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(t.strip() for t in texts if t.strip()))


def _expiries(requirement: Requirement, rulings: tuple[Ruling, ...], docket: Docket) -> tuple[Expiry, ...]:
    checklist, engine = docket.checklist.id, docket.bench.engine
    found: list[Expiry] = []
    for ruling in rulings:
        if ruling.outcome is not None:
            found += expiries_of(requirement, checklist, ruling.outcome, ruling.read, ruling.thresholds, engine)
    return ordered(found) if found else ()
