"""Judging one requirement: the table of docs/judging.md, in its order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from cartaudit.assess import messages
from cartaudit.assess.applies import Applicability, applicability, deferral
from cartaudit.assess.compiled import CompiledGroup
from cartaudit.assess.contexts import scope_key
from cartaudit.assess.engine import Compiled, Engine
from cartaudit.assess.evaluation import evaluate
from cartaudit.assess.evidence import positive, withheld
from cartaudit.assess.extent import extent_of, worst
from cartaudit.assess.facts import Fact, FactBook
from cartaudit.assess.outcomes import GroupOutcome, failures_all, reason_of
from cartaudit.assess.steps import points_of, steps_of
from cartaudit.assess.thresholds import Context, Resolver
from cartaudit.assess.truth import Truth
from cartaudit.model.audit import Compliance, Extent, Reason, Step, Threshold
from cartaudit.model.checklists import Scale
from cartaudit.model.profile import Profile
from cartaudit.model.requirements import Requirement
from cartaudit.model.submission import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What judging needs beside the requirement: the engine, the facts, the thresholds, the profile."""

    engine: Engine
    facts: FactBook
    resolver: Resolver
    profile: Profile
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """One requirement judged in one context. `deciding` are the facts on which it turned, `read` all it rests on."""

    context: Context
    compliance: Compliance
    reason: Reason
    message: str
    read: tuple[Fact, ...] = ()
    deciding: tuple[Fact, ...] = ()
    cells: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    criterion: str = ""
    extent: Extent | None = None
    watch: bool = False
    deciding_profile: str = ""
    na_reason: str = ""
    outcome: GroupOutcome | None = None


def judge(requirement: Requirement, context: Context, scale: Scale, bench: Bench) -> Ruling:
    """Judge one requirement in one context."""
    applies = applicability(requirement, context, bench.engine, bench.facts, bench.resolver)
    if applies.truth is Truth.TRUE:
        applies = deferral(requirement, bench.profile.phase)
    if applies.truth is not Truth.TRUE:
        return _not_judged(applies, context)
    reads = bench.engine.reads(requirement)
    compiled = bench.engine.compile(requirement, bench.resolver.thresholds(reads.parameters, context))
    facts = {q: _fact(q, context, bench) for q in reads.questions}
    read = tuple(facts[q] for q in reads.criterion)
    if compiled.no_limit or compiled.criterion is None:
        return Ruling(
            context=context,
            compliance=Compliance.NOT_APPLICABLE,
            reason=Reason.NO_LIMIT,
            message=f"The product information sets no limit: {_no_limit_words(compiled, bench)}.",
            read=read,
            thresholds=compiled.thresholds,
            criterion=compiled.criterion_words,
        )
    outcome = _evaluate(compiled.criterion, facts, requirement)
    points = points_of(outcome, facts.__getitem__)
    ruling = _ruled(requirement, compiled, outcome, facts, scale, bench)
    return replace(
        ruling,
        context=context,
        read=read,
        cells=ruling.cells or tuple(dict.fromkeys(p.cell for p in points if p.cell)),
        steps=steps_of(outcome, facts.__getitem__),
        thresholds=compiled.thresholds,
        criterion=compiled.criterion_words,
        outcome=outcome,
    )


def _fact(question: str, context: Context, bench: Bench) -> Fact:
    scope = bench.engine.questions[question].scope
    return bench.facts.fact(question, scope_key(scope, context))


def _not_judged(applies: Applicability, context: Context) -> Ruling:
    """Rule on what does not apply (NOT_APPLICABLE), or of which that is not known (NOT_ASSESSED)."""
    out = applies.truth is Truth.FALSE
    by_profile = applies.reason in (Reason.PROFILE, Reason.PROFILE_UNKNOWN, Reason.DEFERRED)
    lead = "Does not apply: " if out and applies.reason is Reason.PROFILE else ""
    lead = "Whether it applies is not known: " if not out and by_profile else lead
    stop = "" if applies.because.endswith(".") else "."
    return Ruling(
        context=context,
        compliance=Compliance.NOT_APPLICABLE if out else Compliance.NOT_ASSESSED,
        reason=applies.reason,
        message=f"{lead}{applies.because}{stop}",
        cells=applies.cells,
        thresholds=applies.thresholds,
        deciding_profile=applies.because if by_profile else "",
    )


def _no_limit_words(compiled: Compiled, bench: Bench) -> str:
    named = (bench.engine.origin(t) for t in compiled.thresholds if t.verification == "none")
    return "; ".join(dict.fromkeys(named))


def _evaluate(group: CompiledGroup, facts: dict[str, Fact], requirement: Requirement) -> GroupOutcome:
    document = {q: fact.value for q, fact in facts.items() if fact.answered}
    accepts_na = requirement.allow_na and not requirement.gate
    return evaluate(
        group,
        document,
        lambda question: facts[question].reason,
        lambda question: accepts_na and facts[question].declared,
    )


def _ruled(
    requirement: Requirement,
    compiled: Compiled,
    outcome: GroupOutcome,
    facts: dict[str, Fact],
    scale: Scale,
    bench: Bench,
) -> Ruling:
    match outcome.truth:
        case Truth.FALSE:
            return _short(requirement, compiled, outcome, facts, scale, bench)
        case Truth.UNKNOWN:
            return _unknown(requirement, outcome, facts)
    return _positive(requirement, compiled, outcome, facts, bench)


def _deciding(outcome: GroupOutcome, facts: dict[str, Fact]) -> tuple[Fact, ...]:
    return tuple(facts[q] for q in dict.fromkeys(leaf.field.id for leaf in outcome.deciding()))


def _short(
    requirement: Requirement,
    compiled: Compiled,
    outcome: GroupOutcome,
    facts: dict[str, Fact],
    scale: Scale,
    bench: Bench,
) -> Ruling:
    """Rule on a criterion that is false: PARTIAL where the content says so or an isolated failure is contained."""
    deciding = _deciding(outcome, facts)
    extent = worst(extent_of(leaf, facts[leaf.field.id].value, scale) for leaf in outcome.deciding())
    partial = compiled.partial is not None and _evaluate(compiled.partial, facts, requirement).truth is Truth.TRUE
    isolated = extent is Extent.ISOLATED and contained(outcome, facts)
    awarded = (partial or isolated) and not scale.partial_is_deficiency
    reason = reason_of(outcome) or Reason.CRITERION
    reason, due = _progress(Reason.CRITERION if partial or isolated else reason, deciding, bench.as_of)
    return Ruling(
        context=Context(),
        compliance=Compliance.PARTIAL if awarded else Compliance.NON_COMPLIANT,
        reason=reason,
        message=messages.short(points_of(outcome, facts.__getitem__), reason, due),
        deciding=deciding,
        extent=extent,
    )


def contained(outcome: GroupOutcome, facts: Mapping[str, Fact]) -> bool:
    """Tell whether the centre recorded, for the answers that fail, what contains the failure meanwhile."""
    return failures_all(outcome, lambda question: bool(action_of(facts[question]).containment.strip()))


def planned(outcome: GroupOutcome, facts: Mapping[str, Fact], as_of: date) -> bool:
    """Tell whether the answers that fail have an owner's role and a due date; the audit date itself is not too late."""
    return failures_all(outcome, lambda question: _has_plan(action_of(facts[question]), as_of))


def action_of(fact: Fact) -> Action:
    """Give what the centre plans for an answer."""
    return fact.response.action if fact.response is not None else Action()


def _has_plan(action: Action, as_of: date) -> bool:
    return bool(action.owner_role.strip()) and action.due is not None and action.due >= as_of


def _progress(reason: Reason, deciding: Sequence[Fact], as_of: date) -> tuple[Reason, date | None]:
    """Tell an action in progress from one whose own due date has passed; the due day itself is not overdue."""
    if reason is not Reason.IN_PROGRESS:
        return reason, None
    dues = [action_of(f).due for f in deciding]
    late = [due for due in dues if due is not None and due < as_of]
    return (Reason.OVERDUE, min(late)) if late else (reason, None)


def _unknown(requirement: Requirement, outcome: GroupOutcome, facts: dict[str, Fact]) -> Ruling:
    reason = reason_of(outcome) or Reason.BLANK
    deciding = _deciding(outcome, facts)
    of_reason = GroupOutcome(
        truth=Truth.UNKNOWN, leaves=tuple(leaf for leaf in outcome.deciding() if leaf.reason is reason)
    )
    points = points_of(of_reason, facts.__getitem__)
    first = facts[of_reason.leaves[0].field.id] if of_reason.leaves else None
    return Ruling(
        context=Context(),
        compliance=Compliance.NOT_ASSESSED,
        reason=reason,
        message=messages.unknown(points, reason, requirement, first),
        deciding=deciding,
    )


def _positive(
    requirement: Requirement, compiled: Compiled, outcome: GroupOutcome, facts: dict[str, Fact], bench: Bench
) -> Ruling:
    """Rule on a criterion that is true, or all of it declared N/A: only what is supported and confirmed counts."""
    doubt = withheld(requirement, outcome, facts.values(), bench.as_of) if positive(outcome) else None
    deciding = _deciding(outcome, facts)
    if doubt is not None:
        return Ruling(
            context=Context(),
            compliance=Compliance.NOT_ASSESSED,
            reason=doubt.reason,
            message=doubt.message,
            deciding=doubt.facts,
            cells=tuple(dict.fromkeys(f.entry.cell for f in doubt.facts if f.entry.cell)),
        )
    if outcome.truth is Truth.DROPPED:
        return Ruling(
            context=Context(),
            compliance=Compliance.NOT_APPLICABLE,
            reason=Reason.DECLARED,
            message=messages.declared(deciding),
            deciding=deciding,
            na_reason="; ".join(f.na_reason.strip() for f in deciding),
        )
    watch = compiled.watch is not None and _evaluate(compiled.watch, facts, requirement).truth is Truth.TRUE
    return Ruling(
        context=Context(),
        compliance=Compliance.COMPLIANT,
        reason=Reason.MET,
        message=messages.met(points_of(outcome, facts.__getitem__)),
        deciding=deciding,
        watch=watch,
    )
