"""Requirements as a report shows them: one line each, over every checklist and product that asks it."""

from collections.abc import Iterable, Mapping
from datetime import date

from cartaudit.criteria.grammar import ANYOF
from cartaudit.model.audit import Compliance, Reason, Threshold
from cartaudit.model.layout import split_scoped_id
from cartaudit.model.parameters import ParameterDefinition
from cartaudit.model.profile import Treatment
from cartaudit.model.requirements import Citation, SourceKind
from cartaudit.model.submission import Evidence
from cartaudit.report import words
from cartaudit.report.asks import asks_of, note_of
from cartaudit.report.lookup import Judged, Lookup, requirement_of, worst
from cartaudit.report.parts import (
    AreaTable,
    Case,
    EvidenceLine,
    Fact,
    GateLine,
    Plan,
    RequirementLine,
    SetAside,
    SourceLine,
    ThresholdLine,
)


def requirement_line(lookup: Lookup, judged: tuple[Judged, ...]) -> RequirementLine:
    """Merge the results of one requirement; cases that came out alike are said once."""
    requirement = requirement_of(judged)
    scoped = tuple(dict.fromkeys(q for j in judged for q in j.result.questions))
    return RequirementLine(
        id=requirement.id,
        anchor=f"r-{requirement.id}",
        title=requirement.title,
        area=requirement.area,
        severity=requirement.severity,
        severity_word=words.SEVERITY[requirement.severity],
        gate=requirement.gate,
        duty=words.DUTY[requirement.duty],
        proposal=requirement.is_proposal,
        proposed_figures=requirement.proposed_threshold,
        reference=requirement.reference,
        checklists=tuple(dict.fromkeys(j.of.checklist.id for j in judged)),
        affects=tuple(dict.fromkeys(lookup.label(j.of) for j in judged)),
        mark=words.COMPLIANCE[worst(judged)],
        cases=_cases(lookup, judged),
        questions=tuple(Fact(label=q, value=lookup.question(q)) for q in scoped),
        remediation=requirement.remediation,
        evidence_expected=requirement.evidence,
        sources=tuple(source_line(lookup, c) for c in requirement.sources),
    )


def _cases(lookup: Lookup, judged: tuple[Judged, ...]) -> tuple[Case, ...]:
    groups: dict[tuple[object, ...], list[Judged]] = {}
    for one in judged:
        r = one.result
        alike = (r.compliance, r.reason, r.message, r.claim, r.criterion, r.cells, r.extent, r.override_note)
        groups.setdefault((*alike, _threshold_key(r.thresholds)), []).append(one)
    cases = [_case(lookup, group) for group in groups.values()]
    return tuple(sorted(cases, key=lambda c: words.WORST_FIRST.index(c.compliance)))


def _threshold_key(thresholds: tuple[Threshold, ...]) -> tuple[object, ...]:
    return tuple((t.parameter, t.value, t.source, t.text_date, t.verification) for t in thresholds)


def _case(lookup: Lookup, group: list[Judged]) -> Case:
    result = group[0].result
    labels = _choice_labels(lookup, result.questions)
    return Case(
        affects=tuple(dict.fromkeys(lookup.label(j.of) for j in group)),
        compliance=result.compliance,
        mark=words.COMPLIANCE[result.compliance],
        reason_code=result.reason.value,
        reason=words.REASONS[result.reason],
        message=lookup.text(result.message),
        claim=lookup.text(result.claim),
        criterion=result.criterion,
        asks=asks_of(lookup, result),
        one_of=ANYOF in result.requirement.criterion,
        note=note_of(lookup, result),
        cells=result.cells,
        thresholds=tuple(dict.fromkeys(threshold_line(lookup, t, labels) for j in group for t in j.result.thresholds)),
        evidence=tuple(evidence_line(lookup, e) for e in dict.fromkeys(e for j in group for e in j.result.evidence)),
        comments=() if lookup.for_commissioner else _comments(lookup, group),
        override=_override(lookup, group[0]),
        na_reason=lookup.text(result.na_reason),
        deciding_profile=lookup.text(result.deciding_profile),
        extent=words.EXTENT[result.extent] if result.extent else "",
        watch=any(j.result.watch for j in group),
    )


def _comments(lookup: Lookup, group: list[Judged]) -> tuple[str, ...]:
    """Give what the centre remarked on the answers that were tested, of a question not tested on every answer to it."""
    tested = dict.fromkeys((s.question, s.scope) for j in group for s in j.result.steps)
    others = dict.fromkeys(q for j in group for q in j.result.questions if all(q != name for name, _ in tested))
    responses = [lookup.audit.submission.response(*place) for place in tested]
    responses += [r for q in others for r in lookup.responses(split_scoped_id(q)[0])]
    return tuple(dict.fromkeys(lookup.text(r.comment) for r in responses if r and r.comment.strip()))


def _override(lookup: Lookup, one: Judged) -> str:
    result = one.result
    if not result.overridden:
        return ""
    claimed = f" By the centre's own answer: {words.COMPLIANCE[result.claimed].word.lower()}." if result.claimed else ""
    note = lookup.text(result.override_note).rstrip(".")
    return f"Decided by an inspector's answer: {note or 'no reason stated'}.{claimed}"


def evidence_line(lookup: Lookup, evidence: Evidence) -> EvidenceLine:
    """Write what an answer cites; the commissioner's edition keeps the level and date alone."""
    references = () if lookup.for_commissioner else tuple(lookup.text(r) for r in evidence.references)
    level = words.EVIDENCE_LEVEL[evidence.level]
    parts = [*references, level, words.day(evidence.dated)]
    return EvidenceLine(
        references=references,
        level=level,
        dated=evidence.dated,
        cell=evidence.cell,
        text=", ".join(p for p in parts if p),
    )


def source_line(lookup: Lookup, citation: Citation) -> SourceLine:
    """Write a source with its kind, date and area reference."""
    source = lookup.catalogue.sources.get(citation.id)
    title = source.title if source else citation.id
    dated = citation.date or (source.date if source else "")
    kind = words.SOURCE_KIND[citation.kind]
    if citation.kind is SourceKind.PROPOSAL and not source:
        title = "cartaudit"
    where = ", ".join(p for p in (kind, dated, citation.reference) if p)
    short = " ".join(p for p in (citation.id if source else "", citation.reference) if p)
    return SourceLine(id=citation.id, kind=kind, text=f"{title} ({where})", short=short)


def threshold_line(lookup: Lookup, threshold: Threshold, labels: Mapping[str, str] | None = None) -> ThresholdLine:
    """Write a threshold with its text date, source and verification; `labels` says what coded values mean."""
    definition = lookup.catalogue.definitions.get(threshold.parameter)
    source = lookup.catalogue.sources.get(threshold.source)
    source_text = source.title if source else lookup.text(threshold.source)
    value = _threshold_value(threshold, definition, labels or {})
    mark = words.VERIFICATION_MARK.get(threshold.verification, "")
    applies_to = _applies_to(lookup, threshold)
    supplied = threshold.verification == "site"
    parts = [
        f"text of {words.day(threshold.text_date)}" if threshold.text_date else "",
        f"revision {lookup.text(threshold.revision)}" if threshold.revision else "",
        f"confirmed by {lookup.text(threshold.role)}" if threshold.role else "",
        f"source {source.id}" if source else "" if supplied else source_text,
        mark if mark != value else "",
    ]
    detail = ", ".join(p for p in parts if p)
    said = f"{applies_to}: {value}" if applies_to else value
    return ThresholdLine(
        parameter=threshold.parameter,
        name=definition.text.partition(":")[0] if definition else words.titled(threshold.parameter),
        value=value,
        applies_to=applies_to,
        source=source_text,
        text_date=threshold.text_date,
        period=_period(threshold.effective_from, threshold.effective_to),
        verification=words.VERIFICATION.get(threshold.verification, threshold.verification),
        mark=mark,
        note=lookup.text(threshold.note),
        text=f"{said} ({detail})" if detail else said,
    )


def _choice_labels(lookup: Lookup, scoped: Iterable[str]) -> dict[str, str]:
    """Give the labels of the choices of some questions."""
    asked = (lookup.catalogue.questions.get(split_scoped_id(q)[0]) for q in scoped)
    return {c.id: c.label for q in asked if q for c in q.choices}


def _threshold_value(threshold: Threshold, definition: ParameterDefinition | None, labels: Mapping[str, str]) -> str:
    if threshold.verification == "none":
        return "the text sets no limit"
    if threshold.verification == "not_allowed":
        return "the text does not permit it"
    if threshold.value is None:
        return "not found"
    coded = threshold.value if isinstance(threshold.value, tuple) else (threshold.value,)
    if all(isinstance(v, str) and v in labels for v in coded):
        return "; ".join(labels[str(v)] for v in coded)
    return words.scalar(threshold.value, threshold.unit or (definition.unit if definition else ""))


def _applies_to(lookup: Lookup, threshold: Threshold) -> str:
    parts = [
        lookup.product(threshold.product) if threshold.product else "",
        threshold.jurisdiction,
        lookup.indication(Treatment(product=threshold.product, indication=threshold.indication))
        if threshold.indication
        else "",
        words.POPULATION.get(threshold.population, threshold.population),
    ]
    return ", ".join(p for p in parts if p)


def _period(start: date | None, end: date | None) -> str:
    if start and end:
        return f"in force from {words.day(start)} until before {words.day(end)}"
    if start:
        return f"in force from {words.day(start)}"
    return f"in force until before {words.day(end)}" if end else ""


def area_tables(lookup: Lookup, lines: dict[str, RequirementLine]) -> tuple[AreaTable, ...]:
    """Group requirement lines by area, in the order of the areas."""
    areas = dict.fromkeys(line.area for line in lines.values())
    return tuple(
        AreaTable(id=a, title=lookup.area(a), lines=tuple(line for line in lines.values() if line.area == a))
        for a in areas
    )


def gate_lines(lines: dict[str, RequirementLine]) -> tuple[GateLine, ...]:
    """List the essential criteria that apply, those that stand in the way first."""
    gates = [
        GateLine(
            id=line.id,
            anchor=line.anchor,
            title=line.title,
            affects=line.falling_short or line.not_known or line.affects,
            mark=line.mark,
            why="" if line.mark.key == Compliance.COMPLIANT else line.cases[0].message or line.cases[0].reason,
        )
        for line in lines.values()
        if line.gate and line.mark.key != Compliance.NOT_APPLICABLE
    ]
    return tuple(sorted(gates, key=lambda g: words.WORST_FIRST.index(Compliance(g.mark.key))))


_SET_ASIDE: dict[str, str] = {
    "profile": "By profile",
    "declared": "Declared by the centre",
    "no_limit": "No limit in the text",
    "deferred": "Deferred by phase",
}


def set_aside(lookup: Lookup) -> tuple[SetAside, ...]:
    """List what was not judged, with what decided it, merged where the same decision holds for several checklists."""
    merged: dict[tuple[str, str, str], list[Judged]] = {}
    for requirement_id, judged in lookup.judged.items():
        for one in judged:
            if one.result.compliance is Compliance.NOT_APPLICABLE:
                decided = _decided_by(lookup, one)
                merged.setdefault((requirement_id, one.result.reason.value, decided), []).append(one)
    return tuple(
        SetAside(
            id=requirement_id,
            title=group[0].result.requirement.title,
            affects=tuple(dict.fromkeys(lookup.label(j.of) for j in group)),
            kind=_SET_ASIDE.get(reason, words.titled(reason)),
            decided_by=decided,
            cells=tuple(dict.fromkeys(c for j in group for c in j.result.cells)),
        )
        for (requirement_id, reason, decided), group in merged.items()
    )


def _decided_by(lookup: Lookup, one: Judged) -> str:
    result = one.result
    if result.na_reason:
        return f"Reason given: {lookup.text(result.na_reason)}"
    phase, until = lookup.audit.submission.profile.phase, result.requirement.deferred_until
    if result.reason is Reason.DEFERRED and phase and until:
        return f"Phase of the programme: {words.PHASE[phase]}. Judged from the phase “{words.PHASE[until]}” on."
    return lookup.text(result.deciding_profile or result.message) or words.REASONS[result.reason]


def plans(lookup: Lookup, judged: tuple[Judged, ...]) -> tuple[Plan, ...]:
    """Give the distinct plans of the centre against some results that fall short."""
    made = (_plan(lookup, j) for j in judged if j.result.compliance in words.WORST_FIRST[:3])
    return tuple(dict.fromkeys(made))


def _plan(lookup: Lookup, one: Judged) -> Plan:
    action = one.result.action
    owner = (one.gap.owner_role if one.gap else "") or action.owner_role
    due = (one.gap.due if one.gap else None) or action.due
    missing = [w for w, known in (("no owner", owner), ("no due date", due)) if not known]
    status = " and ".join(missing)
    if due and due < lookup.as_of:
        status = ", ".join(p for p in (status, "due date has passed") if p)
    return Plan(
        action=lookup.text(action.text),
        owner_role=lookup.text(owner),
        due=due,
        containment=lookup.text(action.containment),
        status=status,
    )
