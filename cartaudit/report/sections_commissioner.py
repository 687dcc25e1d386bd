"""The commissioner's question: whether a product, indication and population may be treated at this address."""

from datetime import date, timedelta

from cartaudit.model.audience import LEFT_OUT
from cartaudit.model.audit import ChecklistAudit, Compliance, Gap, Readiness, Result
from cartaudit.model.checklists import Kind
from cartaudit.model.profile import COMMERCIAL, Treatment
from cartaudit.model.questions import Column
from cartaudit.model.requirements import Duty, Requirement, Severity
from cartaudit.model.submission import Entry
from cartaudit.report import words
from cartaudit.report.lookup import Lookup, value_in_words
from cartaudit.report.parts import CommissionerBlock, Condition, Fact, TreatmentAnswer
from cartaudit.report.sections_findings import expiries
from cartaudit.report.sections_front import deferral, is_verified

REVIEW_AFTER_DAYS = 365
"""A review is due after a year at the latest; an earlier due date or expiry comes first."""

CERTIFICATES = "certificates"
"""The register of certificates, read by name."""

CAPACITY = (
    "clinical_sites",
    "new_recipients_12m",
    "new_recipients_smallest_site",
    "allogeneic_transplants_12m",
    "monitored_beds",
    "peak_patients",
    "trained_physicians",
    "haematology_specialists",
    "units_stored_peak",
    "backup_places",
)
"""The questions on capacity and activity, read by name; those that the catalogue lacks are passed over."""


def commissioner_block(lookup: Lookup) -> CommissionerBlock:
    """Answer for every treatment of the profile, and say when to look again."""
    conditions = _conditions(lookup)
    answers = tuple(_answer(lookup, t, conditions) for t in lookup.audit.submission.profile.treatments)
    review, why = _next_review(lookup)
    return CommissionerBlock(
        address=lookup.answer("site_address") or "Address not stated in the workbook",
        answers=answers,
        conditions=conditions,
        certificates=_certificates(lookup),
        capacity=_capacity(lookup),
        next_review=review,
        next_review_why=why,
        left_out=tuple(f"{what} (kept: {instead})" for what, instead in LEFT_OUT),
    )


def _answer(lookup: Lookup, treatment: Treatment, conditions: tuple[Condition, ...]) -> TreatmentAnswer:
    asked = [c for c in lookup.audit.checklists if c.checklist.product in ("", treatment.product)]
    key, because = _decide(lookup, treatment, asked)
    named = {lookup.label(c) for c in asked}
    return TreatmentAnswer(
        product=lookup.product(treatment.product),
        indication=lookup.indication(treatment),
        population=lookup.population(treatment),
        mark=words.ANSWERS[key],
        because=because,
        basis=tuple(Fact(label=lookup.label(c), value=_basis(lookup, c)) for c in asked),
        conditions=tuple(c.number for c in conditions if named & set(c.applies_to)),
    )


def _decide(lookup: Lookup, treatment: Treatment, asked: list[ChecklistAudit]) -> tuple[str, str]:
    """Let the worst checklist decide; a positive answer needs a checklist of the product and a named verifier."""
    if treatment.route != COMMERCIAL:
        return "not_known", "Outside the scope of this report: protocol or licence governs."
    if not any(c.checklist.kind is Kind.PRODUCT and c.readiness is not Readiness.OUT_OF_SCOPE for c in asked):
        return "not_known", "No checklist of the product was judged."
    by_readiness = {r: [lookup.label(c) for c in asked if c.readiness is r] for r in Readiness}
    if by_readiness[Readiness.NOT_READY]:
        return "no", f"Not ready by {words.listed(by_readiness[Readiness.NOT_READY])}."
    if by_readiness[Readiness.INCOMPLETE]:
        return "not_known", f"Something essential is unknown in {words.listed(by_readiness[Readiness.INCOMPLETE])}."
    if not is_verified(lookup):
        return "not_known", "Self-assessed, not verified: nobody outside the centre has confirmed the answers."
    if by_readiness[Readiness.CONDITIONAL]:
        return "conditions", f"Conditions stand in {words.listed(by_readiness[Readiness.CONDITIONAL])}."
    return "yes", "Every checklist asked is READY, and the answers were verified."


def _basis(lookup: Lookup, audited: ChecklistAudit) -> str:
    verdict = words.READINESS[audited.readiness].word
    if audited.readiness is Readiness.READY and not is_verified(lookup):
        verdict = "Self-assessed, not verified"
    return ". ".join(p for p in (verdict, deferral(lookup, (audited,))) if p)


def _conditions(lookup: Lookup) -> tuple[Condition, ...]:
    """List what stands as a condition and moves a verdict, gates first, said once for all it concerns."""
    gathered: dict[tuple[str, str, date | None], list[tuple[Gap, str]]] = {}
    for audited in lookup.audit.checklists:
        for gap in _standing(audited):
            key = (gap.result.requirement.id, gap.owner_role, gap.due)
            gathered.setdefault(key, []).append((gap, lookup.label(audited)))
    groups = sorted(gathered.values(), key=lambda g: _urgency(g[0][0]))
    return tuple(_condition(lookup, number, group) for number, group in enumerate(groups, 1))


def _standing(audited: ChecklistAudit) -> list[Gap]:
    """Give what is known to fall short and moves the verdict, and everything obligatory that is not known."""
    return [g for g in audited.gaps if _heavy(g.result)] + [
        Gap(result=r, action="", owner_role=r.action.owner_role, due=r.action.due)
        for r in audited.results
        if _is_unknown(r) and r.requirement.duty is Duty.MUST
    ]


def _heavy(result: Result) -> bool:
    requirement = result.requirement
    return requirement.duty is Duty.MUST and (requirement.gate or requirement.severity is not Severity.MINOR)


def _urgency(gap: Gap) -> tuple[bool, int]:
    return not gap.result.requirement.gate, gap.result.requirement.severity.rank


def _condition(lookup: Lookup, number: int, group: list[tuple[Gap, str]]) -> Condition:
    gap = min((g for g, _ in group), key=lambda g: _is_unknown(g.result))
    requirement = gap.result.requirement
    return Condition(
        number=f"C{number:02}",
        applies_to=tuple(dict.fromkeys(label for _, label in group)),
        requirement=requirement.id,
        what=requirement.title,
        owner_role=lookup.text(gap.owner_role),
        due=gap.due,
        consequence=_consequence(lookup, gap),
    )


def _consequence(lookup: Lookup, gap: Gap) -> str:
    """Say what becomes of the verdict while it is open; what is not known before what is known to fail."""
    requirement = gap.result.requirement
    if _is_unknown(gap.result):
        return _while_unknown(requirement)
    if requirement.gate:
        return "Essential criterion (gate): no start before it is met."
    passed = gap.due is not None and gap.due < lookup.as_of
    if _is_uncontained(gap):
        said = "Without containment, owner and a future due date: not ready."
        return f"{said} The due date has passed." if passed else said
    if gap.due and not passed and gap.owner_role:
        return f"If still open after {words.day(gap.due)}: not ready."
    return "The due date has passed: not ready." if passed else "Without owner and a future due date: not ready."


def _while_unknown(requirement: Requirement) -> str:
    if requirement.gate:
        return "Not known: no start before it is shown to be met."
    if requirement.severity is Severity.MINOR:
        return "Minor, but not known: not READY before it is answered."
    return "Not known: INCOMPLETE at best until it is answered."


def _is_unknown(result: Result) -> bool:
    return result.compliance is Compliance.NOT_ASSESSED


def _is_uncontained(gap: Gap) -> bool:
    failed = gap.result.compliance is Compliance.NON_COMPLIANT
    return failed and gap.result.requirement.severity is Severity.CRITICAL and not gap.contained


def _certificates(lookup: Lookup) -> tuple[tuple[Fact, ...], ...]:
    """Give every certificate the centre lists, column by column as its register holds them."""
    question = lookup.catalogue.questions.get(CERTIFICATES)
    if question is None:
        return ()
    rows = (row for response in lookup.responses(CERTIFICATES) for row in response.rows)
    found = (tuple(_cell(lookup, c, row.entries.get(c.id)) for c in question.columns) for row in rows)
    return tuple(tuple(f for f in facts if f.value) for facts in found if any(f.value for f in facts))


def _cell(lookup: Lookup, column: Column, entry: Entry | None) -> Fact:
    value = ""
    if entry and entry.value is not None:
        value = value_in_words(entry.value, {c.id: c.label for c in column.choices}, column.unit)
    elif entry:
        value = entry.original
    return Fact(label=column.text, value=lookup.text(value))


def _capacity(lookup: Lookup) -> tuple[Fact, ...]:
    """Give capacity and activity as the centre declares them."""
    known = [q for q in CAPACITY if q in lookup.catalogue.questions]
    return tuple(Fact(label=lookup.question(q), value=lookup.answer(q) or "Not stated") for q in known)


def _next_review(lookup: Lookup) -> tuple[date, str]:
    """Give the earliest of: a due date of an open condition, an expiry, a year from the audit date."""
    dates = [(lookup.as_of + timedelta(days=REVIEW_AFTER_DAYS), "a year after the audit date")]
    dates += [
        (g.due, f"the due date of {g.result.requirement.id}")
        for c in lookup.audit.checklists
        for g in c.gaps
        if g.due and g.due >= lookup.as_of
    ]
    dates += [(e.on, f"when “{e.what}” ends") for e in expiries(lookup) if e.days >= 0]
    return min(dates)
