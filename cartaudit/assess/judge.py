"""Judging one requirement: the table of docs/judging.md, in its order."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from cartaudit.assess import messages
from cartaudit.assess.applies import Applicability, applicability, deferral
from cartaudit.assess.compiled import CompiledGroup
from cartaudit.assess.contexts import scope_key
from cartaudit.assess.engine import Compiled, Engine, Reads
from cartaudit.assess.evaluation import evaluate
from cartaudit.assess.evidence import withheld
from cartaudit.assess.extent import extent_of, worst
from cartaudit.assess.facts import Fact, FactBook
from cartaudit.assess.outcomes import GroupOutcome, failures_all, reason_of
from cartaudit.assess.steps import Point, points_of, steps_of
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
    settled: dict[int, Applicability] = field(default_factory=dict)
    """What groups over the profile came to on these facts."""


class Decision(NamedTuple):
    """How a requirement came out in one context and all that is said of it, but for evidence and actions."""

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


class Ruling(NamedTuple):
    """One requirement judged in one context. `read` are the facts it rests on, `deciding` those on which it turned
    where that were not all of them."""

    context: Context
    decision: Decision
    read: tuple[Fact, ...] = ()
    deciding: tuple[Fact, ...] = ()


def judge(requirement: Requirement, reads: Reads, context: Context, scale: Scale, bench: Bench) -> Ruling:
    """Judge one requirement, of which the engine says what it reads, in one context."""
    engine, book = bench.engine, bench.facts
    if requirement.applies or requirement.deferred_until is not None:
        applies = applicability(requirement, context, engine, book, bench.resolver, bench.settled)
        if applies.truth is Truth.TRUE:
            applies = deferral(requirement, bench.profile.phase)
        if applies.truth is not Truth.TRUE:
            return _not_judged(applies, context)
    values = bench.resolver.thresholds(reads.parameters, context) if reads.parameters else {}
    compiled = engine.compile(requirement, values)
    found = book.facts(reads.keys or _keys(reads, context))
    read = found[: len(reads.criterion)]
    key = () if compiled.over_rows else (id(compiled), *[fact.looks for fact in found])
    met: Met | None = engine.fulfilled.get(key) if key else None
    bare = book.settled and not requirement.evidence_required
    if met is not None and (bare or withheld(requirement, met.outcome, found, bench.as_of) is None):
        return Ruling(context, met.decision, read, tuple(map(read.__getitem__, met.deciding)))
    if compiled.no_limit or compiled.criterion is None:
        no_limit = Decision(
            compliance=Compliance.NOT_APPLICABLE,
            reason=Reason.NO_LIMIT,
            message=f"The product information sets no limit: {_no_limit_words(compiled, bench)}.",
            thresholds=compiled.thresholds,
            criterion=compiled.criterion_words,
        )
        return Ruling(context, no_limit, read)
    facts = {fact.question.id: fact for fact in found}
    answers = _Answers(facts, requirement.allow_na and not requirement.gate)
    outcome = evaluate(compiled.criterion, answers, engine.outcomes)
    case = _Case(requirement, context, compiled, outcome, answers, read, scale, bench, key)
    if outcome.truth is Truth.FALSE:
        return _short(case)
    return _unknown(case) if outcome.truth is Truth.UNKNOWN else _positive(case)


def _keys(reads: Reads, context: Context) -> list[tuple[str, str]]:
    return [(question, scope_key(scope, context)) for question, scope in reads.questions]


class Met(NamedTuple):
    """What is decided of a criterion that is met: the same for answers that look alike.

    `deciding` are the places, among the facts read, of those on which it turned; none where that were all.
    """

    outcome: GroupOutcome
    decision: Decision
    deciding: tuple[int, ...]


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

    def token(self, name: str) -> Hashable:
        return self.facts[name].token


class _Case(NamedTuple):
    """A requirement tried in one context: the outcome of its criterion and everything a ruling says of it."""

    requirement: Requirement
    context: Context
    compiled: Compiled
    outcome: GroupOutcome
    answers: _Answers
    read: tuple[Fact, ...]
    scale: Scale
    bench: Bench
    key: tuple[Hashable, ...]

    @property
    def facts(self) -> Mapping[str, Fact]:
        return self.answers.facts

    def points(self) -> tuple[Point, ...]:
        return points_of(self.outcome.deciding, self.answers.facts)

    def deciding(self) -> tuple[Fact, ...]:
        return tuple({leaf.field.id: self.answers.facts[leaf.field.id] for leaf in self.outcome.deciding}.values())

    def holds(self, group: CompiledGroup | None) -> bool:
        """Tell whether another group of the requirement is surely true."""
        return group is not None and evaluate(group, self.answers, self.bench.engine.outcomes).truth is Truth.TRUE

    def decision(
        self, compliance: Compliance, reason: Reason, message: str, cells: Iterable[str], **more: Any
    ) -> Decision:
        return Decision(
            compliance=compliance,
            reason=reason,
            message=message,
            cells=tuple(dict.fromkeys(filter(None, cells))),
            steps=steps_of(self.outcome, self.answers.facts),
            thresholds=self.compiled.thresholds,
            criterion=self.compiled.criterion_words,
            outcome=self.outcome,
            **more,
        )

    def ruling(self, decision: Decision, deciding: tuple[Fact, ...]) -> Ruling:
        return Ruling(self.context, decision, self.read, deciding)


def _not_judged(applies: Applicability, context: Context) -> Ruling:
    """Rule on what does not apply (NOT_APPLICABLE), or of which that is not known (NOT_ASSESSED)."""
    out = applies.truth is Truth.FALSE
    by_profile = applies.reason in (Reason.PROFILE, Reason.PROFILE_UNKNOWN, Reason.DEFERRED)
    lead = "Does not apply: " if out and applies.reason is Reason.PROFILE and not applies.says_all else ""
    lead = "Whether it applies is not known: " if not out and by_profile else lead
    stop = "" if applies.because.endswith(".") else "."
    decision = Decision(
        compliance=Compliance.NOT_APPLICABLE if out else Compliance.NOT_ASSESSED,
        reason=applies.reason,
        message=f"{lead}{applies.because}{stop}",
        cells=applies.cells,
        thresholds=applies.thresholds,
        deciding_profile=applies.because if by_profile else "",
    )
    return Ruling(context, decision)


def _no_limit_words(compiled: Compiled, bench: Bench) -> str:
    named = (bench.engine.origin(t) for t in compiled.thresholds if t.verification == "none")
    return "; ".join(dict.fromkeys(named))


def _short(case: _Case) -> Ruling:
    """Rule on a criterion that is false: PARTIAL where the content says so or an isolated failure is contained."""
    deciding, points = case.deciding(), case.points()
    extent = worst(extent_of(leaf, case.facts[leaf.field.id].value, case.scale) for leaf in case.outcome.deciding)
    isolated = extent is Extent.ISOLATED and contained(case.outcome, case.facts)
    lesser = isolated or case.holds(case.compiled.partial)
    reason = Reason.CRITERION if lesser else reason_of(case.outcome) or Reason.CRITERION
    reason, due = _progress(reason, deciding, case.bench.as_of)
    decision = case.decision(
        Compliance.PARTIAL if lesser and not case.scale.partial_is_deficiency else Compliance.NON_COMPLIANT,
        reason,
        messages.short(points, reason, due),
        [p.cell for p in points],
        extent=extent,
    )
    return case.ruling(decision, deciding)


def contained(outcome: GroupOutcome, facts: Mapping[str, Fact]) -> bool:
    """Tell whether the centre recorded, for the answers that fail, what contains the failure meanwhile."""
    return failures_all(
        outcome, lambda question: facts[question].plans and bool(facts[question].action.containment.strip())
    )


def planned(outcome: GroupOutcome, facts: Mapping[str, Fact], as_of: date) -> bool:
    """Tell whether the answers that fail have an owner's role and a due date; the audit date itself is not too late."""
    return failures_all(outcome, lambda question: facts[question].plans and _has_plan(facts[question].action, as_of))


def _has_plan(action: Action, as_of: date) -> bool:
    return bool(action.owner_role.strip()) and action.due is not None and action.due >= as_of


def _progress(reason: Reason, deciding: Sequence[Fact], as_of: date) -> tuple[Reason, date | None]:
    """Tell an action in progress from one whose own due date has passed; the due day itself is not overdue."""
    if reason is not Reason.IN_PROGRESS:
        return reason, None
    dues = [f.action.due for f in deciding]
    late = [due for due in dues if due is not None and due < as_of]
    return (Reason.OVERDUE, min(late)) if late else (reason, None)


def _unknown(case: _Case) -> Ruling:
    reason = reason_of(case.outcome) or Reason.BLANK
    leaves = [leaf for leaf in case.outcome.deciding if leaf.reason is reason]
    first = case.facts[leaves[0].field.id] if leaves else None
    message = messages.unknown(points_of(leaves, case.facts), reason, case.requirement, first)
    cells = [p.cell for p in case.points()]
    return case.ruling(case.decision(Compliance.NOT_ASSESSED, reason, message, cells), case.deciding())


def _positive(case: _Case) -> Ruling:
    """Rule on a criterion that is true, or all of it declared N/A: only what is supported and confirmed counts."""
    doubt = withheld(case.requirement, case.outcome, case.facts.values(), case.bench.as_of)
    if doubt is not None:
        cells = [f.entry.cell for f in doubt.facts]
        return case.ruling(case.decision(Compliance.NOT_ASSESSED, doubt.reason, doubt.message, cells), doubt.facts)
    deciding = case.deciding()
    cells = [fact.entry.cell for fact in deciding]
    if case.outcome.truth is Truth.DROPPED:
        reason = "; ".join(f.na_reason.strip() for f in deciding)
        said = messages.declared(deciding)
        decision = case.decision(Compliance.NOT_APPLICABLE, Reason.DECLARED, said, cells, na_reason=reason)
        return case.ruling(decision, deciding)
    said = messages.met(case.outcome.deciding, case.facts)
    watch = case.holds(case.compiled.watch)
    decision = case.decision(Compliance.COMPLIANT, Reason.MET, said, cells, watch=watch)
    if case.key:
        places = () if deciding == case.read else tuple([case.read.index(fact) for fact in deciding])
        case.bench.engine.fulfilled.keep(case.key, case.compiled, Met(case.outcome, decision, places))
    return case.ruling(decision, deciding)
