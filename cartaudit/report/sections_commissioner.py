"""The commissioner's question: whether a product, indication and population may be treated at this address."""

from datetime import date, timedelta

from cartaudit.model.audit import ChecklistAudit, Compliance, Gap, Readiness
from cartaudit.model.checklists import Kind
from cartaudit.model.profile import COMMERCIAL, Treatment
from cartaudit.model.requirements import Duty, Severity
from cartaudit.report import words
from cartaudit.report.lookup import Lookup
from cartaudit.report.parts import CommissionerBlock, Condition, Fact, TreatmentAnswer
from cartaudit.report.sections_findings import expiries
from cartaudit.report.sections_front import is_verified

REVIEW_AFTER_DAYS = 365
"""A review is due after a year at the latest; an earlier due date or expiry comes first."""

CERTIFICATE_REGISTERS = ("certificates", "accreditation_certificates")
CAPACITY_AREAS = ("monitoring", "emergency", "clinical_unit")


def commissioner_block(lookup: Lookup) -> CommissionerBlock:
    """Answer for every treatment of the profile, and say when to look again."""
    answers = tuple(_answer(lookup, t) for t in lookup.audit.submission.profile.treatments)
    review, why = _next_review(lookup)
    return CommissionerBlock(
        address=lookup.answer("site_address") or "Address not stated in the workbook",
        answers=answers,
        certificates=_certificates(lookup),
        capacity=_capacity(lookup),
        next_review=review,
        next_review_why=why,
        left_out=(
            "Comments of the centre",
            "References and texts of its evidence (their level and date are kept)",
            "Texts of cells that no question uses",
        ),
    )


def _answer(lookup: Lookup, treatment: Treatment) -> TreatmentAnswer:
    asked = [c for c in lookup.audit.checklists if c.checklist.product in ("", treatment.product)]
    key, because = _decide(lookup, treatment, asked)
    return TreatmentAnswer(
        product=lookup.product(treatment.product),
        indication=lookup.indication(treatment),
        population=lookup.population(treatment),
        mark=words.ANSWERS[key],
        because=because,
        basis=tuple(Fact(label=lookup.label(c), value=_basis(lookup, c)) for c in asked),
        conditions=_conditions(lookup, asked) if key in ("conditions", "no") else (),
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
    if audited.readiness is Readiness.READY and not is_verified(lookup):
        return "Self-assessed, not verified"
    return words.READINESS[audited.readiness].word


def _conditions(lookup: Lookup, asked: list[ChecklistAudit]) -> tuple[Condition, ...]:
    open_gaps = [
        (g, lookup.label(c))
        for c in asked
        for g in c.gaps
        if g.result.compliance in (Compliance.NON_COMPLIANT, Compliance.PARTIAL)
        and g.result.requirement.duty is Duty.MUST
        and (g.result.requirement.gate or g.result.requirement.severity is not Severity.MINOR)
    ]
    ordered = sorted(open_gaps, key=lambda x: (not x[0].result.requirement.gate, x[0].result.requirement.severity.rank))
    return tuple(dict.fromkeys(_condition(lookup, g) for g, _ in ordered))


def _condition(lookup: Lookup, gap: Gap) -> Condition:
    requirement = gap.result.requirement
    if requirement.gate:
        consequence = "Essential criterion (gate): no start before it is met."
    elif gap.due and gap.due >= lookup.as_of:
        consequence = f"If still open after {words.day(gap.due)}: not ready."
    else:
        consequence = "Without owner and a future due date: not ready."
    return Condition(
        what=f"{requirement.title} ({requirement.id})",
        owner_role=lookup.text(gap.owner_role),
        due=gap.due,
        consequence=consequence,
    )


def _certificates(lookup: Lookup) -> tuple[tuple[Fact, ...], ...]:
    """Give every certificate the centre lists: number, scope, expiry, extension, as its register holds them."""
    found: list[tuple[Fact, ...]] = []
    for question_id in CERTIFICATE_REGISTERS:
        question = lookup.catalogue.questions.get(question_id)
        for response in lookup.responses(question_id) if question else ():
            for row in response.rows:
                facts = (
                    Fact(label=c.text, value=_entry(lookup, row.entries[c.id].original))
                    for c in (question.columns if question else ())
                    if c.id in row.entries
                )
                found.append(tuple(f for f in facts if f.value))
    return tuple(f for f in found if f)


def _entry(lookup: Lookup, original: str) -> str:
    return lookup.text(original)


def _capacity(lookup: Lookup) -> tuple[Fact, ...]:
    """Give capacity and activity as the centre declares them: every count it answers in the areas that bear them."""
    facts: list[Fact] = []
    for question in lookup.catalogue.questions.values():
        if question.area in CAPACITY_AREAS and question.type in ("integer", "number"):
            for response in lookup.responses(question.id):
                value = lookup.said(response, question)
                scoped = f"{question.id}@{response.scope}" if response.scope else question.id
                facts.append(Fact(label=lookup.question(scoped), value=value or "Not stated"))
    return tuple(facts)


def _next_review(lookup: Lookup) -> tuple[date, str]:
    """Give the earliest of: a due date of an open condition, an expiry, a year from the audit date."""
    dates = [(lookup.as_of + timedelta(days=REVIEW_AFTER_DAYS), "a year after the audit date")]
    dates += [
        (g.due, f"due date of {g.result.requirement.id}")
        for c in lookup.audit.checklists
        for g in c.gaps
        if g.due and g.due >= lookup.as_of
    ]
    dates += [(e.on, f"end of: {e.what}") for e in expiries(lookup) if e.days >= 0]
    return min(dates)
