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
from cartaudit.assess.judge import Bench, Decision, Ruling, contained, judge, planned
from cartaudit.assess.outcomes import GroupOutcome
from cartaudit.assess.thresholds import Context
from cartaudit.model.audit import Compliance, Expiry, Reason, Result
from cartaudit.model.checklists import Checklist
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
    """One checklist to be judged: for which treatments and jurisdiction, by whose answers.

    `place` is the jurisdiction where its requirements are those of a product, empty for the others. `doubtful` tells
    that what depends on the treatments may be governed elsewhere or rest on treatments that cannot be read.
    """

    checklist: Checklist
    treatments: tuple[Treatment, ...]
    jurisdiction: str
    place: str
    doubtful: bool
    delivered: Delivered
    bench: Bench
    own_answers: FactBook
    contexts: Mapping[Scope, tuple[Context, ...]]
    """For what a requirement is judged, by what its outcome can differ for."""


def judge_requirement(requirement: Requirement, reads: Reads, docket: Docket) -> Judged:
    """Judge a requirement once for each treatment it can differ for, and join the rulings."""
    bench = docket.bench
    rulings = _rulings(requirement, reads, docket, bench)
    alone = len(rulings) == 1
    ruling = rulings[0] if alone else min(rulings, key=lambda r: _WORST_FIRST.index(r.decision.compliance))
    decision = ruling.decision if alone else _joined(ruling, rulings, docket)
    read = ruling.read if alone else _read(rulings)
    overridden = [f for f in read if _is_overridden(f)] if bench.facts.inspected else []
    result = Result(
        checklist=docket.checklist.id,
        requirement=requirement,
        compliance=decision.compliance,
        reason=decision.reason,
        message=decision.message,
        product=docket.checklist.product,
        jurisdiction=docket.place,
        questions=reads.criterion,
        cells=decision.cells,
        criterion=decision.criterion,
        thresholds=decision.thresholds,
        steps=decision.steps,
        extent=decision.extent,
        watch=decision.watch,
        deciding_profile=decision.deciding_profile,
        na_reason=decision.na_reason,
        action=_action(ruling.deciding or ruling.read),
        expiries=_expiries(requirement, rulings, docket),
        evidence=_evidence(read),
        claim=_claim(_own(read, docket) if overridden else read, docket),
    )
    short = _short(rulings) if decision.compliance in _OPEN else []
    return Judged(
        result=_with_override(result, reads, overridden, docket) if overridden else result,
        requirement=requirement,
        compliance=decision.compliance,
        reason=decision.reason,
        contained=bool(short) and all(outcome and contained(outcome, facts) for outcome, facts in short),
        planned=bool(short) and all(outcome and planned(outcome, facts, bench.as_of) for outcome, facts in short),
        rulings=rulings,
    )


def _short(rulings: tuple[Ruling, ...]) -> list[tuple[GroupOutcome | None, Mapping[str, Fact]]]:
    """Give the outcomes that fall short, each with the facts it rests on."""
    return [(r.decision.outcome, _by_id(r.read)) for r in rulings if r.decision.compliance in _OPEN]


def _joined(ruling: Ruling, rulings: tuple[Ruling, ...], docket: Docket) -> Decision:
    """Join what several rulings say; the worst of them decides."""
    decisions = [r.decision for r in rulings]
    worst_of_all = ruling.decision
    failing = [d for d in decisions if d.compliance in _OPEN and d.outcome is not None]
    same = [d for d in decisions if d.compliance is worst_of_all.compliance]
    return worst_of_all._replace(
        message=_message(ruling, len(same), len(rulings), docket),
        cells=tuple(dict.fromkeys(c for d in same for c in d.cells)),
        thresholds=tuple(dict.fromkeys(t for d in decisions for t in d.thresholds)),
        steps=tuple(dict.fromkeys(s for d in decisions for s in d.steps)),
        extent=worst(d.extent for d in failing) if failing else None,
        watch=worst_of_all.compliance is Compliance.COMPLIANT and any(d.watch for d in decisions),
    )


def _message(ruling: Ruling, same: int, of: int, docket: Docket) -> str:
    decision, treatment = ruling.decision, ruling.context.treatment
    if treatment is None:
        return decision.message
    rest = f" ({same} of {of} treatments come out so.)" if decision.compliance in _OPEN else ""
    return f"{treatment_words(treatment, docket)}: {decision.message}{rest}"


def _evidence(read: tuple[Fact, ...]) -> tuple[Evidence, ...]:
    found = tuple([f.evidence for f in read if f.evidence.references])
    return found if len(found) < 2 else tuple(dict.fromkeys(found))


def _rulings(requirement: Requirement, reads: Reads, docket: Docket, bench: Bench) -> tuple[Ruling, ...]:
    """Judge in every context; treatments that cannot be read leave a requirement open that depends on them."""
    depends = docket.doubtful and reads.per is not Scope.CENTRE
    if depends and not docket.treatments and not docket.delivered.unread:
        return (_governed_elsewhere(docket),)
    scale = docket.checklist.scale
    rulings = [judge(requirement, reads, context, scale, bench) for context in docket.contexts[reads.per]]
    if depends and docket.delivered.unread:
        rulings.append(_unread(docket))
    return tuple(rulings)


def _governed_elsewhere(docket: Docket) -> Ruling:
    products = words.listed(
        dict.fromkeys(docket.bench.engine.product_name(t.product) for t in docket.delivered.other), "and"
    )
    because = f"No product on the commercial route: for {products} the protocol or licence governs."
    decision = Decision(
        compliance=Compliance.NOT_APPLICABLE, reason=Reason.PROFILE, message=because, deciding_profile=because
    )
    return Ruling(Context(jurisdiction=docket.jurisdiction), decision)


def _unread(docket: Docket) -> Ruling:
    cells = docket.delivered.unread
    because = f"The list of treatments names a product that cannot be read ({', '.join(filter(None, cells))})."
    decision = Decision(
        compliance=Compliance.NOT_ASSESSED,
        reason=Reason.PROFILE_UNKNOWN,
        message=because,
        cells=tuple(filter(None, cells)),
        deciding_profile=because,
    )
    return Ruling(Context(jurisdiction=docket.jurisdiction), decision)


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
    return tuple({(f.question.id, f.scope): f for r in rulings for f in r.read}.values())


def _with_override(result: Result, reads: Reads, overridden: Sequence[Fact], docket: Docket) -> Result:
    """Add what an inspector's answer changed."""
    own = _rulings(result.requirement, reads, docket, replace(docket.bench, facts=docket.own_answers, settled={}))
    return result._replace(
        claimed=min((r.decision.compliance for r in own), key=_WORST_FIRST.index),
        overridden=any(f.overridden for f in overridden),
        override_note="; ".join(dict.fromkeys(_override_note(f) for f in overridden)),
    )


def _own(read: tuple[Fact, ...], docket: Docket) -> list[Fact]:
    """Give what the centre itself said, whatever an inspector did."""
    own = docket.own_answers.fact
    return [own(fact.question.id, fact.scope) if _is_overridden(fact) else fact for fact in read]


def _is_overridden(fact: Fact) -> bool:
    return fact.response is not None and fact.response.override is not None


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


def _action(deciding: tuple[Fact, ...]) -> Action:
    """Join what is planned for the answers that decide; the latest due date, as all of it must be done."""
    actions = [f.action for f in deciding if f.acts]
    if not actions:
        return NO_ACTION
    dues = [a.due for a in actions if a.due is not None]
    return Action(
        text=_listed(a.text for a in actions),
        owner_role=_listed(a.owner_role for a in actions),
        due=max(dues, default=None),
        containment=_listed(a.containment for a in actions),
    )


def _listed(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(t.strip() for t in texts if t.strip()))


def _expiries(requirement: Requirement, rulings: tuple[Ruling, ...], docket: Docket) -> tuple[Expiry, ...]:
    checklist, engine = docket.checklist.id, docket.bench.engine
    found: list[Expiry] = []
    for ruling in rulings:
        decision = ruling.decision
        if decision.outcome is not None:
            found += expiries_of(requirement, checklist, decision.outcome, ruling.read, decision.thresholds, engine)
    return ordered(found) if found else ()
