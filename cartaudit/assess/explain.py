"""Explanations: why one requirement came out as it did, line by line."""

from collections.abc import Iterator

from cartaudit.model.audit import ChecklistAudit, Result, Step, Threshold
from cartaudit.model.submission import Submission
from cartaudit.model.text import amount, shorten


def explain(result: Result, item: ChecklistAudit, submission: Submission) -> tuple[str, ...]:
    """Give the lines of `check --explain`: profile, answer, cell, threshold and its source, rule, outcome."""
    return tuple(_lines(result, item, submission))


def _lines(result: Result, item: ChecklistAudit, submission: Submission) -> Iterator[str]:
    requirement = result.requirement
    gate = ", essential criterion (gate)" if requirement.gate else ""
    edition = f", edition {item.edition.edition}" if item.edition else ""
    yield f"{requirement.id} {requirement.title}"
    yield f"  Checklist: {item.checklist.title}{edition}; {requirement.severity.value}, {requirement.duty.value}{gate}"
    yield f"  Profile: {_profile(item, submission)}"
    if result.deciding_profile:
        yield f"  Decided by the profile: {result.deciding_profile}"
    if result.claim:
        yield f"  Answer: {result.claim}"
    if result.override_note:
        counted = "decides" if result.overridden else "is incomplete and only withholds a positive result"
        yield f"  Inspector's answer {counted}: {result.override_note}"
    if result.cells:
        yield f"  Cells: {', '.join(result.cells)}"
    for threshold in result.thresholds:
        yield f"  Threshold: {_threshold(threshold)}"
    if result.criterion:
        yield f"  Criterion: {result.criterion}"
    for step in result.steps:
        yield f"  Rule: {_step(step)}"
    for one in result.evidence:
        dated = f", dated {one.dated.isoformat()}" if one.dated else ""
        yield f"  Evidence: {'; '.join(shorten(r) for r in one.references) or 'none named'} ({one.level.value}{dated})"
    if result.claimed is not None:
        yield f"  By the centre's own answer: {result.claimed.value}"
    yield f"  Outcome: {result.compliance.value} ({result.reason.value})"
    yield f"  Why: {result.message}"
    for source in requirement.sources:
        details = ", ".join(filter(None, (source.kind.value, source.date, source.reference)))
        yield f"  Source: {source.id} ({details})"


def _profile(item: ChecklistAudit, submission: Submission) -> str:
    profile = submission.profile
    treatments = item.treatments or profile.treatments
    facts = [
        f"country {profile.country or 'not stated'}",
        f"product information {item.jurisdiction or profile.jurisdiction or 'not known'}",
        f"phase {profile.phase.value.replace('_', ' ') if profile.phase else 'not stated'}",
        f"treatments {', '.join(t.key for t in treatments) or 'none listed'}",
    ]
    return "; ".join(facts)


def _threshold(threshold: Threshold) -> str:
    value = "no value" if threshold.value is None else amount(str(threshold.value), threshold.unit)
    details = [
        threshold.product,
        threshold.jurisdiction,
        threshold.indication,
        threshold.population,
        threshold.verification.replace("_", " "),
        f"source {threshold.source}" if threshold.source else "",
        f"text of {threshold.text_date.isoformat()}" if threshold.text_date else "",
        f"in force from {threshold.effective_from.isoformat()}" if threshold.effective_from else "",
        f"until before {threshold.effective_to.isoformat()}" if threshold.effective_to else "",
        f"revision {threshold.revision}" if threshold.revision else "",
        f"confirmed by {threshold.role}" if threshold.role else "",
        threshold.note,
    ]
    return f"{threshold.parameter} = {value} ({', '.join(d for d in details if d)})"


def _step(step: Step) -> str:
    place = step.question + (f"@{step.scope}" if step.scope else "")
    place += f", row {step.row}, {step.column}" if step.row else ""
    cell = f" at {step.cell}" if step.cell else ""
    cause = f" ({step.cause})" if step.cause else ""
    return f"{place}{cell}: {step.rule}: {step.expected}; found {step.found}: {step.outcome}{cause}"
