"""Judging one requirement: the table of docs/judging.md, in its order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from cartaudit.assess import messages
from cartaudit.assess.applies import Applicability, applicability, deferral
from cartaudit.assess.centre import Centre
from cartaudit.assess.engine import CompiledRequirement
from cartaudit.assess.evidence import old_evidence, plan_ends, withheld
from cartaudit.assess.extent import extent_of, worst
from cartaudit.assess.facts import Fact
from cartaudit.assess.steps import Point, points_of, steps_of
from cartaudit.assess.thresholds import Context
from cartaudit.criteria.asked import scope_key
from cartaudit.criteria.criterion import Criterion
from cartaudit.criteria.evaluate import evaluate
from cartaudit.criteria.outcomes import GroupOutcome, failures_all
from cartaudit.criteria.thresholds import NONE
from cartaudit.criteria.truth import Truth
from cartaudit.model.audit import SHORT, Compliance, Extent, Reason, Step, Threshold
from cartaudit.model.checklists import Scale
from cartaudit.model.requirements import Requirement, Severity
from cartaudit.model.submission import Action


class Judgement(NamedTuple):
    """How one requirement came out in one context, and all that is said of it.

    `read` are the facts it rests on, `deciding` those on which it turned where that were not all of them.
    """

    context: Context
    compliance: Compliance
    reason: Reason
    message: str
    cells: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    criterion: str = ""
    extent: Extent | None = None
    watch: bool = False
    deciding_profile: str = ""
    na_reason: str = ""
    outcome: GroupOutcome | None = None
    read: tuple[Fact, ...] = ()
    deciding: tuple[Fact, ...] = ()


def judge(requirement: Requirement, context: Context, scale: Scale, centre: Centre) -> Judgement:
    """Judge one requirement in one context."""
    applies = applicability(requirement, context, centre)
    if applies.truth is Truth.TRUE:
        deferred = deferral(requirement, centre)
        applies = applies if applies.doubted and deferred.truth is Truth.TRUE else deferred
    if applies.truth is not Truth.TRUE:
        return _not_judged(applies, context)
    found = _judged(requirement, context, scale, centre)
    if found.compliance not in SHORT and any(f.response is not None and f.response.override for f in found.read):
        inspected = _judged(requirement, context, scale, replace(centre, facts=centre.inspected))
        found = inspected if inspected.compliance in SHORT else found
    return _doubted(found, applies) if applies.doubted else found


def _judged(requirement: Requirement, context: Context, scale: Scale, centre: Centre) -> Judgement:
    """Judge a requirement that applies, or would under one reading of the profile."""
    reads = centre.engine.reads(requirement)
    compiled = centre.engine.compile(requirement, centre.resolver.thresholds(reads.parameters, context))
    found = tuple(
        [centre.facts.fact(question, scope_key(scope, context.treatment)) for question, scope in reads.questions]
    )
    read = found[: len(reads.criterion)]
    if compiled.no_limit or compiled.criterion is None:
        return _no_limit(compiled, context, read, centre)
    facts = {fact.question.id: fact for fact in found}
    answers = _Answers(facts, requirement.allow_na and not requirement.gate)
    outcome = evaluate(compiled.criterion, answers)
    case = _Case(requirement, context, compiled, outcome, answers, read, scale, centre)
    if outcome.truth is Truth.FALSE:
        return _short(case)
    return _unknown(case) if outcome.truth is Truth.UNKNOWN else _positive(case)


def _doubted(found: Judgement, applies: Applicability) -> Judgement:
    """Withhold what is positive where only one reading of the profile asks for it; what fails fails."""
    if found.compliance in SHORT:
        return found
    return found._replace(
        compliance=Compliance.NOT_ASSESSED,
        reason=Reason.CONTRADICTED,
        message=applies.because,
        cells=tuple(dict.fromkeys((*applies.cells, *found.cells))),
        deciding_profile=applies.because,
        watch=False,
    )


class _Answers(NamedTuple):
    """The facts of one requirement as the answers of its groups."""

    facts: Mapping[str, Fact]
    accepts_na: bool

    def value(self, name: str) -> Any:
        return self.facts[name].value

    def reason(self, name: str) -> Reason:
        return self.facts[name].reason

    def declared(self, name: str) -> bool:
        return self.accepts_na and self.facts[name].declared


class _Case(NamedTuple):
    """A requirement tried in one context: the outcome of its criterion, and what is needed to say it."""

    requirement: Requirement
    context: Context
    compiled: CompiledRequirement
    outcome: GroupOutcome
    answers: _Answers
    read: tuple[Fact, ...]
    scale: Scale
    centre: Centre

    @property
    def facts(self) -> Mapping[str, Fact]:
        return self.answers.facts

    def points(self) -> tuple[Point, ...]:
        return points_of(self.outcome.deciding, self.facts, self.centre.engine.wording)

    def deciding(self) -> tuple[Fact, ...]:
        return tuple({(name := leaf.test.asked.id): self.facts[name] for leaf in self.outcome.deciding}.values())

    def holds(self, group: Criterion | None) -> bool:
        """Tell whether another group of the requirement is surely true."""
        return group is not None and evaluate(group, self.answers).truth is Truth.TRUE

    def judgement(
        self, compliance: Compliance, reason: Reason, message: str, cells: Iterable[str], **more: Any
    ) -> Judgement:
        wording, criterion = self.centre.engine.wording, self.compiled.criterion
        more.setdefault("deciding", self.deciding())
        return Judgement(
            context=self.context,
            compliance=compliance,
            reason=reason,
            message=message,
            cells=tuple(dict.fromkeys(filter(None, cells))),
            steps=steps_of(self.outcome, self.facts, wording),
            thresholds=self.compiled.thresholds,
            criterion=wording.criterion(criterion) if criterion else "",
            outcome=self.outcome,
            read=self.read,
            **more,
        )


def _not_judged(applies: Applicability, context: Context) -> Judgement:
    """Judge what does not apply (NOT_APPLICABLE), or of which that is not known (NOT_ASSESSED)."""
    out = applies.truth is Truth.FALSE
    by_profile = applies.reason in (Reason.PROFILE, Reason.PROFILE_UNKNOWN, Reason.DEFERRED)
    lead = "Does not apply: " if out and applies.reason is Reason.PROFILE and not applies.says_all else ""
    lead = "Whether it applies is not known: " if not out and by_profile else lead
    stop = "" if applies.because.endswith(".") else "."
    return Judgement(
        context=context,
        compliance=Compliance.NOT_APPLICABLE if out else Compliance.NOT_ASSESSED,
        reason=applies.reason,
        message=f"{lead}{applies.because}{stop}",
        cells=applies.cells,
        thresholds=applies.thresholds,
        deciding_profile=applies.because if by_profile else "",
    )


def _no_limit(compiled: CompiledRequirement, context: Context, read: tuple[Fact, ...], centre: Centre) -> Judgement:
    wording, criterion = centre.engine.wording, compiled.criterion
    texts = "; ".join(dict.fromkeys(wording.origin(t) for t in compiled.thresholds if t.verification == NONE))
    return Judgement(
        context=context,
        compliance=Compliance.NOT_APPLICABLE,
        reason=Reason.NO_LIMIT,
        message=f"The product information sets no limit: {texts}.",
        thresholds=compiled.thresholds,
        criterion=wording.criterion(criterion) if criterion else "the texts set no limit",
        read=read,
    )


def _short(case: _Case) -> Judgement:
    """Judge a criterion that is false: PARTIAL where the content says so or an isolated failure is contained."""
    points = case.points()
    extent = worst(extent_of(leaf, case.facts[leaf.test.asked.id].value, case.scale) for leaf in case.outcome.deciding)
    isolated = extent is Extent.ISOLATED and contained(case.outcome, case.facts)
    lesser = isolated or case.holds(case.compiled.partial)
    reason = Reason.CRITERION if lesser else case.outcome.reason or Reason.CRITERION
    reason, due = _progress(reason, case.deciding(), case.centre.day)
    return case.judgement(
        Compliance.PARTIAL if lesser and not case.scale.partial_is_deficiency else Compliance.NON_COMPLIANT,
        reason,
        messages.short(points, reason, due),
        [p.cell for p in points],
        extent=extent,
    )


def contained(outcome: GroupOutcome, facts: Mapping[str, Fact]) -> bool:
    """Tell whether the centre recorded, for the answers that fail, what contains the failure meanwhile."""
    return failures_all(
        outcome, lambda question: facts[question].plans and bool(facts[question].action.containment.strip())
    )


def planned(outcome: GroupOutcome, facts: Mapping[str, Fact], severity: Severity, centre: Centre) -> bool:
    """Tell whether the answers that fail have an owner's role and a due date from the audit date to the horizon."""

    def handled(question: str) -> bool:
        fact = facts[question]
        last = plan_ends(fact, severity, centre.day, centre.profile.assessed_on)
        return fact.plans and _has_plan(fact.action, centre.day, last)

    return failures_all(outcome, handled)


def _has_plan(action: Action, first: date, last: date) -> bool:
    return bool(action.owner_role.strip()) and action.due is not None and first <= action.due <= last


def _progress(reason: Reason, deciding: Sequence[Fact], as_of: date) -> tuple[Reason, date | None]:
    """Tell an action in progress from one whose own due date has passed; the due day itself is not overdue."""
    if reason is not Reason.IN_PROGRESS:
        return reason, None
    dues = [f.action.due for f in deciding]
    late = [due for due in dues if due is not None and due < as_of]
    return (Reason.OVERDUE, min(late)) if late else (reason, None)


def _unknown(case: _Case) -> Judgement:
    reason = case.outcome.reason or Reason.BLANK
    leaves = [leaf for leaf in case.outcome.deciding if leaf.reason is reason]
    first = case.facts[leaves[0].test.asked.id] if leaves else None
    points = points_of(leaves, case.facts, case.centre.engine.wording)
    message = messages.unknown(points, reason, case.requirement, first)
    return case.judgement(Compliance.NOT_ASSESSED, reason, message, [p.cell for p in case.points()])


def _positive(case: _Case) -> Judgement:
    """Judge a criterion that is true, or all of it declared N/A: only what is supported and confirmed counts."""
    days = (case.centre.day, case.centre.profile.assessed_on)
    doubt = withheld(case.requirement, case.outcome, case.facts.values(), days)
    if doubt is not None:
        cells = [f.entry.cell for f in doubt.facts]
        return case.judgement(Compliance.NOT_ASSESSED, doubt.reason, doubt.message, cells, deciding=doubt.facts)
    deciding = case.deciding()
    cells = [fact.entry.cell for fact in deciding]
    if case.outcome.truth is Truth.DROPPED:
        reason = "; ".join(f.na_reason.strip() for f in deciding)
        said = messages.declared(deciding)
        return case.judgement(Compliance.NOT_APPLICABLE, Reason.DECLARED, said, cells, na_reason=reason)
    said = messages.met(case.outcome.deciding, case.facts, case.centre.engine.wording)
    old = old_evidence(case.requirement, deciding, case.centre.day)
    said = f"{said} Its evidence is of {old.isoformat()}." if old is not None else said
    watch = old is not None or case.holds(case.compiled.watch)
    return case.judgement(Compliance.COMPLIANT, Reason.MET, said, cells, watch=watch)
