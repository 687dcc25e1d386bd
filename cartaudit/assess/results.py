"""Results: one requirement judged for all that it concerns, joined into one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from cartaudit.assess import words
from cartaudit.assess.centre import Centre
from cartaudit.assess.contexts import contexts_for
from cartaudit.assess.expiries import expiries_of, ordered
from cartaudit.assess.extent import worst
from cartaudit.assess.facts import NO_ACTION, Fact
from cartaudit.assess.judge import Judgement, contained, judge, planned
from cartaudit.assess.selection import Choice
from cartaudit.assess.thresholds import Context
from cartaudit.criteria.outcomes import GroupOutcome
from cartaudit.model.audit import SHORT, Compliance, Expiry, Reason, Result
from cartaudit.model.checklists import Kind
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


class Assessed(NamedTuple):
    """A result with what readiness asks of a gap: is the failure contained, has it an owner and a future due date."""

    result: Result
    requirement: Requirement
    compliance: Compliance
    reason: Reason
    contained: bool = False
    planned: bool = False
    judgements: tuple[Judgement, ...] = ()


def judge_requirement(requirement: Requirement, choice: Choice, centre: Centre) -> Assessed:
    """Judge a requirement once for each treatment it can differ for, and join what comes out."""
    judgements = _judgements(requirement, choice, centre)
    worst_of_all = min(judgements, key=lambda j: _WORST_FIRST.index(j.compliance))
    joined = worst_of_all if len(judgements) == 1 else _joined(worst_of_all, judgements, centre)
    read = _read(judgements)
    overridden = [f for f in read if _is_overridden(f)]
    result = Result(
        checklist=choice.checklist.id,
        requirement=requirement,
        compliance=joined.compliance,
        reason=joined.reason,
        message=joined.message,
        product=choice.checklist.product,
        jurisdiction=choice.place(centre),
        questions=centre.engine.reads(requirement).criterion,
        cells=joined.cells,
        criterion=joined.criterion,
        thresholds=joined.thresholds,
        steps=joined.steps,
        extent=joined.extent,
        watch=joined.watch,
        deciding_profile=joined.deciding_profile,
        na_reason=joined.na_reason,
        action=_action(joined.deciding or joined.read),
        expiries=_expiries(requirement, judgements, choice, centre),
        evidence=_evidence(read),
        claim=_claim(_own(read, centre), choice, centre),
    )
    short = _short(judgements) if joined.compliance in SHORT else []
    return Assessed(
        result=_with_override(result, overridden, choice, centre) if overridden else result,
        requirement=requirement,
        compliance=result.compliance,
        reason=result.reason,
        contained=bool(short) and all(outcome and contained(outcome, facts) for outcome, facts in short),
        planned=bool(short)
        and all(outcome and planned(outcome, facts, requirement.severity, centre) for outcome, facts in short),
        judgements=judgements,
    )


def _short(judgements: Iterable[Judgement]) -> list[tuple[GroupOutcome | None, Mapping[str, Fact]]]:
    """Give the outcomes that fall short, each with the facts it rests on."""
    return [(j.outcome, {f.question.id: f for f in j.read}) for j in judgements if j.compliance in SHORT]


def _joined(worst_of_all: Judgement, judgements: Sequence[Judgement], centre: Centre) -> Judgement:
    """Join what several judgements say; the worst of them decides."""
    failing = [j for j in judgements if j.compliance in SHORT and j.outcome is not None]
    same = [j for j in judgements if j.compliance is worst_of_all.compliance]
    return worst_of_all._replace(
        message=_message(worst_of_all, len(same), len(judgements), centre),
        cells=tuple(dict.fromkeys(c for j in same for c in j.cells)),
        thresholds=tuple(dict.fromkeys(t for j in judgements for t in j.thresholds)),
        steps=tuple(dict.fromkeys(s for j in judgements for s in j.steps)),
        extent=worst(j.extent for j in failing) if failing else None,
        watch=worst_of_all.compliance is Compliance.COMPLIANT and any(j.watch for j in judgements),
    )


def _message(judgement: Judgement, same: int, of: int, centre: Centre) -> str:
    treatment = judgement.context.treatment
    if treatment is None:
        return judgement.message
    rest = f" ({same} of {of} treatments come out so.)" if judgement.compliance in SHORT else ""
    return f"{centre.engine.names.treatment(treatment)}: {judgement.message}{rest}"


def _evidence(read: tuple[Fact, ...]) -> tuple[Evidence, ...]:
    found = tuple([f.evidence for f in read if f.evidence.references])
    return found if len(found) < 2 else tuple(dict.fromkeys(found))


def _judgements(requirement: Requirement, choice: Choice, centre: Centre) -> tuple[Judgement, ...]:
    """Judge in every context; treatments that cannot be read leave a requirement open that depends on them."""
    checklist, delivered, per = choice.checklist, centre.delivered, centre.engine.reads(requirement).per
    doubtful = checklist.kind is not Kind.PRODUCT and bool(delivered.other or delivered.unread)
    depends = doubtful and per is not Scope.CENTRE
    if depends and not choice.treatments and not delivered.unread:
        return (_governed_elsewhere(centre),)
    contexts = contexts_for(per, checklist, choice.treatments, centre.jurisdiction)
    found = tuple([judge(requirement, context, checklist.scale, centre) for context in contexts])
    return (*found, _unread(centre)) if depends and delivered.unread else found


def _governed_elsewhere(centre: Centre) -> Judgement:
    products = dict.fromkeys(centre.engine.names.product(t.product) for t in centre.delivered.other)
    because = (
        f"No product on the commercial route: for {words.listed(products, 'and')} the protocol or licence governs."
    )
    return Judgement(
        context=Context(jurisdiction=centre.jurisdiction),
        compliance=Compliance.NOT_APPLICABLE,
        reason=Reason.PROFILE,
        message=because,
        deciding_profile=because,
    )


def _unread(centre: Centre) -> Judgement:
    cells = tuple(filter(None, centre.delivered.unread))
    because = f"The list of treatments names a product that cannot be read ({', '.join(cells)})."
    return Judgement(
        context=Context(jurisdiction=centre.jurisdiction),
        compliance=Compliance.NOT_ASSESSED,
        reason=Reason.PROFILE_UNKNOWN,
        message=because,
        cells=cells,
        deciding_profile=because,
    )


def _read(judgements: Sequence[Judgement]) -> tuple[Fact, ...]:
    """Give every fact that was read, each once."""
    return tuple({(f.question.id, f.scope): f for j in judgements for f in j.read}.values())


def _with_override(result: Result, overridden: Sequence[Fact], choice: Choice, centre: Centre) -> Result:
    """Add what an inspector's answer changed."""
    own = _judgements(result.requirement, choice, replace(centre, facts=centre.own, inspected=centre.own, applying={}))
    return result._replace(
        claimed=min((j.compliance for j in own), key=_WORST_FIRST.index),
        overridden=any(f.overridden for f in overridden),
        override_note="; ".join(dict.fromkeys(_override_note(f) for f in overridden)),
    )


def _own(read: tuple[Fact, ...], centre: Centre) -> list[Fact]:
    """Give what the centre itself said, whatever an inspector did."""
    return [centre.own.fact(fact.question.id, fact.scope) if _is_overridden(fact) else fact for fact in read]


def _is_overridden(fact: Fact) -> bool:
    return fact.response is not None and fact.response.override is not None


def _claim(claims: Sequence[Fact], choice: Choice, centre: Centre) -> str:
    if len(claims) == 1:
        return claims[0].said
    return "; ".join(f"{words.subject(f.question)}{_scope_words(f.scope, choice, centre)}: {f.said}" for f in claims)


def _scope_words(scope: str, choice: Choice, centre: Centre) -> str:
    """Name the product or treatment an answer is for; nothing for the centre as a whole."""
    if not scope:
        return ""
    names, treatment = centre.engine.names, next((t for t in choice.treatments if t.key == scope), None)
    return f" ({names.treatment(treatment) if treatment else names.product(scope)})"


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


def _expiries(
    requirement: Requirement, judgements: Iterable[Judgement], choice: Choice, centre: Centre
) -> tuple[Expiry, ...]:
    found: list[Expiry] = []
    for judgement in judgements:
        if judgement.outcome is not None:
            found += expiries_of(requirement, choice.checklist.id, judgement, centre.engine, centre.profile.assessed_on)
    return ordered(found)
