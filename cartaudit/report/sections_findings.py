"""Findings, what was not assessed, the action plan, the actions that unlock most, and expiries."""

import re
from collections.abc import Callable
from datetime import date

from cartaudit.model.audit import SHORT, Compliance, Expiry, ExpiryKind, Extent, Readiness, Reason, Result
from cartaudit.model.requirements import Duty, Severity
from cartaudit.report import words
from cartaudit.report.lookup import Judged, Lookup
from cartaudit.report.parts import (
    ActionLine,
    AreaLine,
    Case,
    ExpiryGroup,
    ExpiryLine,
    Finding,
    HarmCell,
    OpenPoint,
    RequirementLine,
    UnlockingAction,
    Verdict,
)
from cartaudit.report.phrases import places
from cartaudit.report.sections_requirements import plans

CELLS_NAMED = 3
"""Cells that an action of the first page names; the chapter behind it names them all."""

SOON_DAYS = 90
"""Days within which an end is near enough to be said beside the verdicts."""

_ROW = re.compile(r", row \d+\b")


def findings(lookup: Lookup, lines: dict[str, RequirementLine]) -> tuple[Finding, ...]:
    """List the requirements known to fall short, gates and the most severe first."""
    failed = _ordered(lines, lambda line: line.mark.key in SHORT)
    width = max(2, len(str(len(failed))))
    return tuple(
        Finding(
            number=f"F{number:0{width}}",
            requirement=line,
            plans=plans(lookup, lookup.judged[line.id]),
            consequence=_consequence(line),
        )
        for number, line in enumerate(failed, 1)
    )


def _ordered(lines: dict[str, RequirementLine], wanted: Callable[[RequirementLine], bool]) -> list[RequirementLine]:
    chosen = [line for line in lines.values() if wanted(line)]
    return sorted(
        chosen,
        key=lambda x: (
            x.duty == words.DUTY[Duty.ADVICE],
            x.duty != "",
            not x.gate,
            x.severity.rank,
            x.mark.key == Compliance.PARTIAL,
        ),
    )


def _consequence(line: RequirementLine) -> str:
    if line.duty == words.DUTY[Duty.ADVICE]:
        return "Advice of this project, which no published text carries: it moves no verdict and no score."
    if line.duty:
        return "A recommendation: it moves no verdict."
    if line.gate:
        return "While it is open, no checklist that asks it can be READY."
    if line.severity is Severity.CRITICAL:
        return "NOT READY unless it is contained and has an owner and a due date."
    if line.severity is Severity.MAJOR:
        return "CONDITIONAL at best while it is open; NOT READY without owner and due date."
    return "Does not move a verdict."


def open_points(lookup: Lookup, lines: dict[str, RequirementLine]) -> tuple[OpenPoint, ...]:
    """List the requirements that could not be judged, also where another checklist's case is known."""
    points = _ordered(lines, lambda line: any(c.compliance is Compliance.NOT_ASSESSED for c in line.cases))
    width = max(2, len(str(len(points))))
    return tuple(
        OpenPoint(
            number=f"N{number:0{width}}",
            requirement=line,
            todo=" ".join(
                dict.fromkeys(_todo(c.reason_code) for c in line.cases if c.compliance is Compliance.NOT_ASSESSED)
            ),
            plans=plans(lookup, lookup.judged[line.id]),
        )
        for number, line in enumerate(points, 1)
    )


def _todo(reason_code: str) -> str:
    return words.TODO.get(Reason(reason_code), "Answer the question.")


def action_plan(found: tuple[Finding, ...], points: tuple[OpenPoint, ...]) -> tuple[ActionLine, ...]:
    """List every action: findings first, then what could not be assessed; the remedy where the centre plans nothing."""
    actions: list[ActionLine] = []
    for finding in found:
        for plan in finding.plans:
            action, suggested = plan.action or finding.requirement.remediation, not plan.action
            actions.append(
                _action(finding.number, finding.requirement, action, suggested, plan.owner_role, plan.due, plan.status)
            )
    failed = {f.requirement.id for f in found}
    for point in points:
        if point.requirement.id not in failed:
            for plan in point.plans:
                action = plan.action or point.todo
                actions.append(
                    _action(
                        point.number, point.requirement, action, not plan.action, plan.owner_role, plan.due, plan.status
                    )
                )
    return tuple(actions)


def _action(
    number: str, line: RequirementLine, action: str, suggested: bool, owner: str, due: date | None, status: str
) -> ActionLine:
    return ActionLine(
        reference=number,
        anchor=line.anchor,
        requirement=line.id,
        title=line.title,
        severity_word=line.severity_word,
        gate=line.gate,
        action=action,
        suggested=suggested,
        owner_role=owner,
        due=due,
        status=status,
    )


def unlocking_actions(lookup: Lookup, found: tuple[Finding, ...] = (), limit: int = 5) -> tuple[UnlockingAction, ...]:
    """Rank the answers that stand in the way of most: gates first, then checklists, then requirements.

    Greedy: what the first action settles is not counted again for the next. What is known to fall short is named by
    its finding, one of `found`.
    """
    numbers = {f.requirement.id: f.number for f in found}
    open_now = [
        j
        for judged in lookup.judged.values()
        for j in judged
        if j.result.compliance in words.WORST_FIRST[:3] and j.result.requirement.duty is Duty.MUST
    ]
    actions: list[UnlockingAction] = []
    while open_now and len(actions) < limit:
        question, group = _heaviest(open_now)
        actions.append(_unlocking(lookup, len(actions) + 1, question, group, numbers))
        settled = {j.result.requirement.id for j in group}
        open_now = [j for j in open_now if j.result.requirement.id not in settled]
    return tuple(actions)


def _heaviest(open_now: list[Judged]) -> tuple[str, list[Judged]]:
    by_question: dict[str, list[Judged]] = {}
    for one in open_now:
        for question in _in_the_way(one):
            by_question.setdefault(question, []).append(one)
    question = min(by_question, key=lambda q: (_weight(by_question[q]), q))
    return question, by_question[question]


def _in_the_way(one: Judged) -> tuple[str, ...]:
    open_steps = tuple(dict.fromkeys(s.question for s in one.result.steps if s.outcome != "true" and s.question))
    return open_steps or one.result.questions or ("",)


def _weight(group: list[Judged]) -> tuple[int, int, int, int]:
    gates = {j.result.requirement.id for j in group if j.result.requirement.gate}
    checklists = {j.of.checklist.id for j in group}
    requirements = {j.result.requirement.id for j in group}
    severest = min(j.result.requirement.severity.rank for j in group)
    return (-len(gates), -len(checklists), -len(requirements), severest)


def _unlocking(
    lookup: Lookup, rank: int, question: str, group: list[Judged], numbers: dict[str, str]
) -> UnlockingAction:
    first = min(group, key=lambda j: (not j.result.requirement.gate, j.result.requirement.severity.rank))
    gates = {j.result.requirement.id for j in group if j.result.requirement.gate}
    requirements = tuple(dict.fromkeys(j.result.requirement.id for j in group))
    checklists = tuple(dict.fromkeys(lookup.label(j.of) for j in group))
    named = words.counted(len(gates), "essential criterion", "essential criteria") if gates else ""
    other = len(requirements) - len(gates)
    more = words.counted(other, "further requirement" if gates else "requirement") if other else ""
    return UnlockingAction(
        rank=rank,
        action=_first_step(first.result, numbers),
        question=lookup.question(question) if question else "",
        why=words.REASONS[first.result.reason],
        gates=len(gates),
        requirements=requirements,
        checklists=checklists,
        unlocks=f"{' and '.join(p for p in (named, more) if p)} in {words.listed(checklists)}",
    )


def _first_step(result: Result, numbers: dict[str, str]) -> str:
    """Say of what the action is, and what to do: the remedy of a finding, or where something is to be answered."""
    required = result.requirement
    if result.compliance is not Compliance.NOT_ASSESSED:
        number = numbers.get(required.id, "")
        return f"{f'{number} ' if number else ''}{required.title}: {required.remediation}"
    cells = _cells_open(result)
    todo = words.TODO.get(result.reason, "Answer the question.")
    if len(cells) > 1:
        todo = words.TODO_MANY.get(result.reason, todo)
    rest = len(cells) - CELLS_NAMED
    named = places(cells[:CELLS_NAMED]) + (f" and {rest} more" if rest > 0 else "")
    return f"{required.title}: {todo[:1].lower()}{todo[1:].rstrip('.')}{f' ({named})' if named else ''}."


def _cells_open(result: Result) -> tuple[str, ...]:
    """Give the cells of a result that stand in the way; all of them where no single one does."""
    still = {s.cell for s in result.steps if s.outcome != "true"}
    return tuple(c for c in result.cells if c in still) or result.cells


def area_lines(lookup: Lookup, lines: dict[str, RequirementLine]) -> tuple[AreaLine, ...]:
    """Sum scores and open points by area over all checklists, in the order of the areas."""
    areas = sorted({line.area for line in lines.values()}, key=lookup.area_order)
    return tuple(_area_line(lookup, area, [x for x in lines.values() if x.area == area]) for area in areas)


def _area_line(lookup: Lookup, area: str, lines: list[RequirementLine]) -> AreaLine:
    scores = [s for c in lookup.audit.checklists for s in c.score.areas if s.area == area]
    weight = sum(s.applicable for s in scores)
    applying = [x for x in lines if x.mark.key != Compliance.NOT_APPLICABLE]
    standing = [x for x in applying if x.mark.key != Compliance.COMPLIANT and not x.duty]
    return AreaLine(
        id=area,
        title=lookup.area(area),
        low=100 * sum(s.met for s in scores) / weight if weight else None,
        high=100 * sum(s.met + s.unknown for s in scores) / weight if weight else None,
        applicable=len(applying),
        met=sum(x.mark.key == Compliance.COMPLIANT for x in applying),
        failed=sum(x.mark.key in SHORT for x in applying),
        unknown=sum(x.mark.key == Compliance.NOT_ASSESSED for x in applying),
        open_by_severity=(
            sum(x.severity is Severity.CRITICAL for x in standing),
            sum(x.severity is Severity.MAJOR for x in standing),
            sum(x.severity is Severity.MINOR for x in standing),
        ),
    )


def harm_grid(found: tuple[Finding, ...]) -> tuple[HarmCell, ...]:
    """Place every finding on the grid of likelihood to harm x scope, row by row, highest harm first."""
    scopes = (words.NOT_COUNTED, *(words.EXTENT[e] for e in Extent))
    cells: dict[tuple[str, str], list[str]] = {(h, s): [] for h in words.HARM.values() for s in scopes}
    for finding in found:
        extents = [words.EXTENT[e] for e in Extent if any(c.extent == words.EXTENT[e] for c in _failing(finding))]
        cells[words.HARM[finding.requirement.severity], (extents or [words.NOT_COUNTED])[-1]].append(finding.number)
    return tuple(HarmCell(harm=h, scope=s, findings=tuple(numbers)) for (h, s), numbers in cells.items())


def _failing(finding: Finding) -> list[Case]:
    return [c for c in finding.requirement.cases if c.compliance in SHORT]


def lasting(lookup: Lookup, decided: tuple[Verdict, ...]) -> str:
    """Say until when the good verdicts hold, where what they rest on ends within 90 days; empty where nothing does."""
    good = [v for v in decided if v.readiness in (Readiness.READY, Readiness.CONDITIONAL)]
    needed = _relied_on(lookup, {v.checklist for v in good})
    ends = sorted(
        {
            (e.on, e.what, e.cell)
            for e in _all_expiries(lookup)
            if (e.checklist, e.requirement, e.kind is ExpiryKind.ACTION) in needed
            and 0 <= (e.on - lookup.as_of).days <= SOON_DAYS
        }
    )
    if not ends:
        return ""
    on, what, _ = ends[0]
    named = " and ".join(dict.fromkeys(v.mark.word for v in good))
    if len(ends) == 1:
        return f"{named}: holds until {words.day(on)}. {lookup.text(what)} ends."
    return f"{named}: {len(ends)} things it rests on end within {SOON_DAYS} days, the first on {words.day(on)}."


def _relied_on(lookup: Lookup, checklists: set[str]) -> set[tuple[str, str, bool]]:
    """Give the duties on which some checklists rest, with whether a plan carries them (True) or what is in place."""
    return {
        (c.checklist.id, r.requirement.id, r.compliance is not Compliance.COMPLIANT)
        for c in lookup.audit.checklists
        for r in c.results
        if c.checklist.id in checklists
        and r.requirement.duty is Duty.MUST
        and r.compliance is not Compliance.NOT_APPLICABLE
    }


def _all_expiries(lookup: Lookup) -> tuple[Expiry, ...]:
    return (*lookup.audit.expiries, *(e for c in lookup.audit.checklists for r in c.results for e in r.expiries))


def expiries(lookup: Lookup) -> tuple[ExpiryLine, ...]:
    """List what counts today and ends, each date and thing once, earliest first."""
    merged: dict[tuple[date, str, str], list[Expiry]] = {}
    for expiry in _all_expiries(lookup):
        merged.setdefault((expiry.on, expiry.what, expiry.cell), []).append(expiry)
    labels = {c.checklist.id: lookup.label(c) for c in lookup.audit.checklists}
    return tuple(
        ExpiryLine(
            on=on,
            days=(on - lookup.as_of).days,
            when=_when((on - lookup.as_of).days),
            what=lookup.text(what),
            cell=cell,
            requirements=tuple(sorted({e.requirement for e in group if e.requirement})),
            checklists=tuple(dict.fromkeys(labels.get(e.checklist, e.checklist) for e in group if e.checklist)),
        )
        for (on, what, cell), group in sorted(merged.items(), key=lambda item: item[0])
    )


def expiry_groups(lines: tuple[ExpiryLine, ...], together: int = 3) -> tuple[ExpiryGroup, ...]:
    """Put expiries of one day and kind together where they are many."""
    gathered: dict[tuple[date, str], list[ExpiryLine]] = {}
    for line in lines:
        gathered.setdefault((line.on, _kind(line.what)), []).append(line)
    groups: list[ExpiryGroup] = []
    for (on, kind), members in gathered.items():
        many = len(members) > together
        parts = [tuple(members)] if many else [(m,) for m in members]
        first = members[0]
        groups += [
            ExpiryGroup(on=on, days=first.days, when=first.when, kind=kind if many else "", lines=p) for p in parts
        ]
    return tuple(groups)


def _kind(what: str) -> str:
    """Name what kind of thing ends: the rows of one register alike, else the words before the first colon."""
    register = _ROW.sub("", what)
    return register if register != what else what.partition(":")[0]


def _when(days: int) -> str:
    if days < 0:
        return "Has ended"
    if days <= SOON_DAYS:
        return f"Within {SOON_DAYS} days"
    return "Within a year" if days <= 365 else "Later"
