"""What decides: verdicts, assurance, document control, and what was in and out of scope."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from cartaudit.model.audit import Assurance, ChecklistAudit, Compliance, Readiness, Reason
from cartaudit.model.checklists import Kind
from cartaudit.model.profile import COMMERCIAL
from cartaudit.model.requirements import Duty
from cartaudit.report import words
from cartaudit.report.lookup import Lookup
from cartaudit.report.parts import AssuranceBlock, Count, Fact, GateCount, ScopeIn, Verdict

_KIND_ORDER = (Kind.PRODUCT, Kind.ACCREDITATION, Kind.COMMISSIONER)


def verdicts(lookup: Lookup) -> tuple[Verdict, ...]:
    """Give the verdict on every checklist: products first, then accreditation, then the commissioner."""
    ordered = sorted(lookup.audit.checklists, key=lambda c: (_KIND_ORDER.index(c.checklist.kind), lookup.label(c)))
    return tuple(_verdict(lookup, audited) for audited in ordered)


def _verdict(lookup: Lookup, audited: ChecklistAudit) -> Verdict:
    checklist, edition = audited.checklist, audited.edition
    mark = words.READINESS[audited.readiness]
    if audited.readiness is Readiness.READY and lookup.for_commissioner and not is_verified(lookup):
        mark = words.UNVERIFIED_READY
    return Verdict(
        checklist=checklist.id,
        title=checklist.title,
        label=lookup.label(audited),
        kind=words.KIND[checklist.kind],
        body=checklist.body,
        product=lookup.product(checklist.product) if checklist.product else "",
        jurisdiction=audited.jurisdiction,
        edition=edition.edition if edition else "",
        edition_note=_edition_note(edition.status) if edition else "no edition in force on the audit date",
        readiness=audited.readiness,
        mark=mark,
        statement=f"{_statement(lookup, audited.readiness, mark.word)}{_lifted(audited)}",
        conditions=tuple(lookup.text(c) for c in audited.conditions),
        also_incomplete=audited.also_incomplete,
        gates=_gate_count(audited),
        counts=tuple(Count(mark=m, number=audited.counts.get(c, 0)) for c, m in words.COMPLIANCE.items()),
        score_low=audited.score.low,
        score_high=audited.score.high,
        trace=tuple(_spoken(lookup, step) for step in audited.score.trace),
        text_dates=text_dates(lookup, audited),
        treatments=tuple(lookup.treatment(t) for t in audited.treatments),
        note=_note(lookup, audited),
    )


_STEP = re.compile(r"(\S+) \((\w+), (\w+)\): (\w+)(.*)")
"""One step of a score: requirement, area, severity, outcome and the share of weight."""


def _spoken(lookup: Lookup, step: str) -> str:
    """Say a step of the score with the titles of area and outcome in the place of their ids."""
    found = _STEP.fullmatch(step)
    if found is None or found[4] not in words.COMPLIANCE:
        return step
    outcome = words.COMPLIANCE[Compliance(found[4])].word.lower()
    return f"{found[1]} ({lookup.area(found[2])}, {found[3]}): {outcome}{found[5]}"


def is_verified(lookup: Lookup) -> bool:
    """Tell whether somebody named has verified the answers."""
    return lookup.audit.assurance is Assurance.VERIFIED and bool(lookup.audit.submission.profile.verifier_role)


def _lifted(audited: ChecklistAudit) -> str:
    """Say what the verdict would be without the overlays, where they made it better."""
    plain = audited.without_overlays
    return "" if plain is None else f". Without the overlays in use: {words.READINESS[plain].word}"


def _edition_note(status: str) -> str:
    return f"dates {words.VERIFICATION.get(status, status)}" if status else ""


def _statement(lookup: Lookup, readiness: Readiness, word: str) -> str:
    if readiness is Readiness.OUT_OF_SCOPE:
        return f"{word} (protocol or licence governs)"
    if word == words.UNVERIFIED_READY.word:
        return f"{word} (by the centre's own answers every criterion is met)"
    assurance = lookup.audit.assurance
    if assurance is Assurance.VERIFIED and not is_verified(lookup):
        assurance = Assurance.SELF_ASSESSED
    return f"{word} ({words.ASSURANCE[assurance]})"


def text_dates(lookup: Lookup, audited: ChecklistAudit) -> tuple[str, ...]:
    """Say from when the texts are that figures were read in, for each product and place the span and the oldest."""
    read: dict[str, set[tuple[date, str]]] = {}
    for threshold in (t for r in audited.results for t in r.thresholds if t.text_date):
        name = " ".join(p for p in (lookup.product(threshold.product), threshold.jurisdiction) if p)
        read.setdefault(name, set()).add((threshold.text_date or date.min, threshold.verification))
    return tuple(f"{name}: {_span(sorted(dates))}" for name, dates in sorted(read.items()))


def _span(dated: list[tuple[date, str]]) -> str:
    (first, how), last = dated[0], dated[-1][0]
    mark = words.VERIFICATION_MARK.get(how, "")
    if first == last:
        return f"text of {words.day(first)}{f' ({mark})' if mark else ''}"
    oldest = f"oldest {words.day(first)}{f', {mark}' if mark else ''}"
    months = dict.fromkeys((f"{first:%Y-%m}", f"{last:%Y-%m}"))
    return f"texts of {' to '.join(months)}, {oldest}"


def _gate_count(audited: ChecklistAudit) -> GateCount:
    gates = Counter(r.compliance for r in audited.results if r.requirement.gate)
    failed = gates[Compliance.NON_COMPLIANT] + gates[Compliance.PARTIAL]
    met, unknown = gates[Compliance.COMPLIANT], gates[Compliance.NOT_ASSESSED]
    return GateCount(total=met + failed + unknown, met=met, failed=failed, unknown=unknown)


def _note(lookup: Lookup, audited: ChecklistAudit) -> str:
    example = "Example content: confirm the figures with the body itself." if audited.checklist.example else ""
    bare = lookup.for_commissioner and not is_verified(lookup)
    parts = (
        words.then_and_now(audited, verified=not bare),
        deferral(lookup, (audited,)),
        example,
        audited.checklist.note,
    )
    return " ".join(part for part in parts if part)


def deferral(lookup: Lookup, audited: Sequence[ChecklistAudit]) -> str:
    """Say how many requirements the phase of the programme defers; empty where it defers none."""
    number = len({r.requirement.id for c in audited for r in c.results if r.reason is Reason.DEFERRED})
    phase = words.PHASE.get(lookup.audit.submission.profile.phase or "", "Phase of the programme")
    listed = "listed under “Not applicable and deferred”"
    return f"{phase}: {words.counted(number, 'requirement')} deferred, {listed}." if number else ""


def assurance(lookup: Lookup) -> AssuranceBlock:
    """Say how far the verdicts can be trusted, and at which level the evidence behind them stands."""
    profile = lookup.audit.submission.profile
    level = lookup.audit.assurance
    if level is Assurance.VERIFIED and not is_verified(lookup):
        level = Assurance.SELF_ASSESSED
    return AssuranceBlock(
        level=level,
        label=words.ASSURANCE[level],
        explanation=words.ASSURANCE_TEXT[level],
        verifier_role=lookup.text(profile.verifier_role),
        verified_on=profile.verified_on,
        levels=_evidence_levels(lookup),
    )


def _evidence_levels(lookup: Lookup) -> tuple[Fact, ...]:
    met = [
        max((e.level.rank for e in j.result.evidence), default=0)
        for judged in lookup.judged.values()
        for j in judged
        if j.result.compliance is Compliance.COMPLIANT and j.result.requirement.duty is Duty.MUST
    ]
    counts = Counter(met)
    return tuple(
        Fact(label=text.capitalize(), value=str(counts[level.rank])) for level, text in words.EVIDENCE_LEVEL.items()
    )


def control_block(lookup: Lookup, report_number: str) -> tuple[Fact, ...]:
    """Say what document this is, of whom, when, and from which file."""
    submission, provenance = lookup.audit.submission, lookup.audit.provenance
    profile = submission.profile
    edition = "Commissioner's edition" if lookup.for_commissioner else "Centre's edition"
    detail = "exceptions only" if lookup.options.detail == "exceptions" else "full detail"
    facts = (
        Fact(label="Report number", value=report_number),
        Fact(label="Edition", value=f"{edition}, {detail}"),
        Fact(label="Treatment centre", value=lookup.text(profile.name) or "Not named in the workbook"),
        Fact(label="Code", value=lookup.text(profile.code)),
        Fact(label="Audit date", value=words.day(lookup.as_of)),
        Fact(label="Self-assessed on", value=_or_unknown(profile.assessed_on)),
        Fact(label="Answered for by", value=lookup.answer("assessed_by") or "Not stated"),
        Fact(label="Verified by", value=lookup.text(profile.verifier_role) or "Nobody named"),
        Fact(label="Workbook", value=lookup.text(submission.record.file)),
        Fact(label="Made with", value=f"cartaudit {provenance.tool_version}" if provenance else "cartaudit"),
    )
    return tuple(f for f in facts if f.value)


def _or_unknown(value: date | None) -> str:
    return words.day(value) or "Not stated"


def centre_facts(lookup: Lookup) -> tuple[Fact, ...]:
    """Say what the centre is, as its profile states it."""
    profile = lookup.audit.submission.profile
    asked = (
        "site_address",
        "clinical_sites",
        "commissioner",
        "accreditor",
        "populations",
        "services",
        "collection_by",
        "processing_by",
    )
    country = words.country(lookup.answer("country") or profile.country)
    jurisdiction = profile.jurisdiction or "no product information known for this country"
    stated = [
        Fact(label="Country", value=lookup.text(country) or "Not stated"),
        Fact(label="Product information applied", value=jurisdiction),
        Fact(label="Phase", value=words.PHASE.get(profile.phase or "", "Not stated")),
        *(Fact(label=lookup.question(q), value=lookup.answer(q)) for q in asked),
    ]
    return tuple(f for f in stated if f.value)


def scope_in(lookup: Lookup) -> tuple[ScopeIn, ...]:
    """List every authorised treatment of the profile with the checklists that judged it."""
    profile = lookup.audit.submission.profile
    judged = [t for t in profile.treatments if t.route == COMMERCIAL]
    return tuple(
        ScopeIn(
            product=lookup.product(t.product),
            indication=lookup.indication(t),
            population=lookup.population(t),
            route=words.ROUTE.get(t.route, t.route),
            jurisdiction=profile.jurisdiction or "",
            judged_by=tuple(lookup.label(c) for c in lookup.audit.checklists if _speaks_of(c, t.product)),
        )
        for t in judged
    )


def _speaks_of(audited: ChecklistAudit, product: str) -> bool:
    return audited.checklist.product in ("", product) and audited.readiness is not Readiness.OUT_OF_SCOPE


def scope_out(lookup: Lookup) -> tuple[Fact, ...]:
    """List what this report cannot or does not speak of, with the reason."""
    outside = [t for t in lookup.audit.submission.profile.treatments if t.route != COMMERCIAL]
    facts = [
        Fact(
            label=lookup.treatment(t),
            value=f"{words.ROUTE.get(t.route, lookup.text(t.route))}: protocol or licence governs.",
        )
        for t in outside
    ]
    chosen = {c.checklist.id for c in lookup.audit.checklists}
    facts += [
        Fact(label=lookup.label(c), value=" ".join(c.conditions) or "Protocol or licence governs.")
        for c in lookup.audit.checklists
        if c.readiness is Readiness.OUT_OF_SCOPE
    ]
    facts += [Fact(label=lookup.question(u.question), value=words.unheard(u)) for u in lookup.audit.unheard]
    rest = [c.title for c in lookup.catalogue.checklists.values() if c.id not in chosen]
    if rest:
        facts.append(Fact(label="Checklists held, not asked for here", value="; ".join(sorted(rest))))
    return tuple(facts)
