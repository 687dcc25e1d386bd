"""The facts of a report beyond its requirements, as records: behind the sheets of XLSX and the rows of CSV."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from cartaudit.report import phrases, words
from cartaudit.report.model import Report
from cartaudit.report.parts import CommissionerBlock, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One fact. `name` says what it is about, `value` what it is; the rest is blank where it does not apply.

    `number` is that of a finding, open point or condition, `requirement` an id (several stand one below another).
    """

    kind: str
    name: str
    value: str | date | float | None
    number: str = ""
    requirement: str = ""
    severity: str = ""
    asked_by: str = ""
    owner: str = ""
    due: date | None = None
    status: str = ""
    remedy: str = ""
    cells: str = ""


def summary_records(report: Report) -> Iterator[Record]:
    """Give what the first pages say: the report, its verdicts with conditions and scores, scope, limitations."""
    yield from _facts(
        "Report",
        ("Report", f"{report.title} {report.number}"),
        ("Centre", report.centre_name),
        ("Code", report.centre_code),
        ("Audit date", report.as_of),
        ("Note", report.as_of_banner),
        ("Outcome", report.headline),
        ("Holds for", report.lasting),
        ("Assurance", f"{phrases.capital(report.assurance.label)}. {report.assurance.explanation}"),
        ("Verified by", report.assurance.verifier_role),
        ("Verified on", report.assurance.verified_on),
        *((f"Evidence {level.label}", level.value) for level in report.assurance.levels),
    )
    yield from _facts("Centre", *((fact.label, fact.value) for fact in report.centre))
    for verdict in report.verdicts:
        yield from _verdict(verdict)
    for action in report.unlocking:
        text = f"{phrases.ended(action.action)} Unlocks {phrases.ended(action.unlocks)}"
        yield Record(kind="Do first", name=str(action.rank), value=text, requirement="\n".join(action.requirements))
    for gate in report.gates:
        asked_by = ", ".join(gate.affects)
        yield Record(kind="Gate", name=gate.title, value=gate.mark.word, requirement=gate.id, asked_by=asked_by)
    for area in report.areas:
        low, high = words.per_cent(area.low), words.per_cent(area.high)
        yield Record(kind="Area", name=area.title, value=f"{low} to {high}" if low != high else low)
    for cell in report.harm_grid:
        if cell.findings:
            name = f"{cell.harm} likelihood to harm, {cell.scope.lower()}"
            yield Record(kind="Harm grid", name=name, value=", ".join(cell.findings))
    for scope in report.scope_in:
        value = f"{scope.indication}, {scope.population}, {scope.route}"
        yield Record(kind="Scope", name=scope.product, value=value, asked_by=", ".join(scope.judged_by))
    yield from _facts("Out of scope", *((fact.label, fact.value) for fact in report.scope_out))
    yield from _facts("Limitation", *(("Limitation", text) for text in report.limitations))
    if report.commissioner:
        yield from _commissioner(report.commissioner)


def _verdict(verdict: Verdict) -> Iterator[Record]:
    name = verdict.label
    yield Record(kind="Verdict", name=name, value=verdict.statement, status=verdict.mark.word)
    yield from _facts("Condition", *((name, condition) for condition in verdict.conditions))
    yield from (Record(kind=f"Count: {c.mark.word.lower()}", name=name, value=c.number) for c in verdict.counts)
    yield Record(kind="Gates met", name=name, value=f"{verdict.gates.met} of {verdict.gates.total}")
    yield Record(kind="Score, at least", name=name, value=_rounded(verdict.score_low))
    yield Record(kind="Score, at most", name=name, value=_rounded(verdict.score_high))
    yield from _facts("Score, the sum", *((name, step) for step in verdict.trace))
    yield from _facts("Judged for", *((name, treatment) for treatment in verdict.treatments))
    dated = f"Edition {verdict.edition}: {verdict.edition_note}" if verdict.edition_note else verdict.edition
    yield from _facts("Edition", (name, dated), *((name, text) for text in verdict.text_dates))
    yield from _facts("Note", (name, verdict.note))


def _commissioner(block: CommissionerBlock) -> Iterator[Record]:
    yield from _facts("Address", ("Address", block.address))
    for answer in block.answers:
        name = f"{answer.product}, {answer.indication}, {answer.population}"
        under = f" Conditions: {', '.join(answer.conditions)}." if answer.conditions else ""
        yield Record(kind="Treatment", name=name, value=f"{answer.mark.word}. {answer.because}{under}")
        yield from _facts("Basis", *((name, f"{fact.label}: {fact.value}") for fact in answer.basis))
    for condition in block.conditions:
        yield Record(
            kind="Condition of a treatment",
            name=condition.what,
            value=condition.consequence,
            number=condition.number,
            requirement=condition.requirement,
            asked_by=", ".join(condition.applies_to),
            owner=condition.owner_role,
            due=condition.due,
        )
    yield from _facts("Certificate", *((f.label, f.value) for certificate in block.certificates for f in certificate))
    yield from _facts("Capacity", *((fact.label, fact.value) for fact in block.capacity))
    yield Record(kind="Next review", name=block.next_review_why, value=block.next_review)
    yield from _facts("Left out", *(("Left out", text) for text in block.left_out))


def action_records(report: Report) -> Iterator[Record]:
    """Give the action plan; what the centre does not plan itself is marked as suggested."""
    for line in report.actions:
        yield Record(
            kind="Action",
            name=line.title,
            value=f"{line.action} (suggested)" if line.suggested else line.action,
            number=line.reference,
            requirement=line.requirement,
            severity=line.severity_word,
            owner=line.owner_role,
            due=line.due,
            status=phrases.capital(line.status),
        )


def expiry_records(report: Report) -> Iterator[Record]:
    """Give every date on which something that counts today ends."""
    for line in report.expiries:
        yield Record(
            kind="Expiry",
            name=line.what,
            value=line.when,
            requirement="\n".join(line.requirements),
            asked_by=", ".join(line.checklists),
            due=line.on,
            cells=line.cell,
        )


def reliance_records(report: Report) -> Iterator[Record]:
    """Give the requirements that a certificate may cover, which only the manufacturer can decide."""
    for line in report.reliance:
        yield Record(
            kind="Candidate for reliance",
            name=f"{line.product}: {line.title}" if line.title else line.product,
            value=f"{line.covered_by} ({line.relation})",
            requirement=line.requirement,
            due=line.until,
            status=line.certificate,
        )


def problem_records(report: Report) -> Iterator[Record]:
    """Give every workbook problem at every place."""
    for group in report.problems:
        for place in group.places:
            yield Record(
                kind="Workbook problem",
                name=place.question,
                value=place.message,
                number=group.code,
                severity=group.severity,
                remedy=group.remedy,
                cells=place.place,
            )


def provenance_records(report: Report) -> Iterator[Record]:
    """Give what the report rests on, and what was read from the workbook."""
    block, reading = report.provenance, report.reading
    yield from _facts("Control", *((fact.label, fact.value) for fact in report.control))
    yield from _facts("Provenance", *((fact.label, fact.value) for fact in block.facts))
    for edition in block.editions:
        told = ", ".join(part for part in (edition.edition, edition.in_force, edition.status) if part)
        yield from _facts("Checklist", (edition.title, told))
        yield from _facts("Label texts", (edition.title, ", ".join(edition.text_dates)))
    yield from _facts("SHA-256", *((line.name, line.sha256) for line in (*block.hashes, *block.overlays)))
    yield from _facts("Source", *((source.id, source.text) for source in block.sources))
    yield from _facts("Reading", *((fact.label, fact.value) for fact in (*reading.facts, *reading.sheets)))
    yield from _facts("Reading step", *(("Step", step) for step in reading.steps))
    yield from _facts("Cell not used", *(("Not used", cell) for cell in reading.ignored))
    yield from _facts("Comment", *((remark.label, remark.value) for remark in reading.remarks))
    yield from _facts("Converted", *((fact.label, fact.value) for fact in reading.conversions))
    yield from _facts("To be signed", *((box.role, box.statement) for box in report.declarations))


def _facts(kind: str, *pairs: tuple[str, str | date | None]) -> Iterator[Record]:
    """Give the pairs that say something."""
    yield from (Record(kind=kind, name=name, value=value) for name, value in pairs if value not in (None, ""))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def all_records(report: Report) -> Iterator[Record]:
    """Give every record of a report, in the order of its chapters."""
    chapters: Sequence[Iterator[Record]] = (
        summary_records(report),
        action_records(report),
        expiry_records(report),
        reliance_records(report),
        problem_records(report),
        provenance_records(report),
    )
    for chapter in chapters:
        yield from chapter
