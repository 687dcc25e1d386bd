"""The report as Markdown, for e-mail: verdicts, gates, findings, open points, actions and what it rests on."""

import re
from collections.abc import Iterable, Iterator, Sequence

from cartaudit.report import words
from cartaudit.report.model import Report
from cartaudit.report.parts import Case, Fact, Finding, OpenPoint, Plan, Verdict

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$])")
_LINE_START = re.compile(r"^(\s*)([-+=]|\d+[.)])(?=\s|$|[-=])")
_ADDRESS = re.compile(r"(?i)\b(https?|ftp|mailto)(:)|(www)(\.)|(@)")


def render_markdown(report: Report) -> bytes:
    """Write the report as CommonMark with tables; text of the centre can form no markup and no link."""
    return ("\n".join(_document(report)).rstrip() + "\n").encode("utf-8")


def _document(report: Report) -> Iterator[str]:
    yield from (f"# {escape(report.title)}: {escape(report.centre_name)}", "")
    yield f"{escape(report.number)}, audit date {words.day(report.as_of)}. {escape(report.as_of_banner)}".rstrip()
    yield from ("", f"**{escape(report.headline)}**", "")
    yield from (f"{escape(report.assurance.label)}. {escape(report.assurance.explanation)}", "")
    yield from _commissioner(report)
    yield from _verdicts(report.verdicts)
    yield from _section("Do first", _numbered(f"{a.action} {a.unlocks}" for a in report.unlocking))
    gates = ((g.id, g.title, ", ".join(g.affects), g.mark.word, g.why) for g in report.gates)
    yield from _section("Essential criteria", _table(("Id", "Title", "Asked by", "Outcome", "Why"), gates))
    yield from _section("Findings", [line for f in report.findings for line in _finding(f)])
    yield from _section("Not assessed", [line for p in report.open_points for line in _open_point(p)])
    yield from _section("Action plan", _actions(report))
    expiries = ((words.day(e.on), e.what, ", ".join(e.requirements), e.cell) for e in report.expiries)
    yield from _section("Expiries", _table(("On", "What", "Requirements", "Cell"), expiries))
    watch = ((line.id, line.title, line.mark.word) for line in report.watch)
    yield from _section("Watch list", _table(("Id", "Title", "Outcome"), watch))
    aside = ((s.id, s.title, ", ".join(s.affects), s.kind, s.decided_by) for s in report.set_aside)
    yield from _section("Set aside", _table(("Id", "Title", "Asked by", "Kind", "Decided by"), aside))
    yield from _section("Requirements", _requirements(report))
    yield from _section("Candidates for reliance", _reliance(report))
    problems = ((g.code, p.place, p.message, g.remedy) for g in report.problems for p in g.places)
    yield from _section("Workbook problems", _table(("Code", "Place", "Fault", "Remedy"), problems))
    yield from _section("Scope", _scope(report))
    yield from _section("Limitations", [f"- {escape(text)}" for text in report.limitations])
    yield from _section("Reading record", _reading(report))
    yield from _section("Provenance", _provenance(report))


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    content = list(lines)
    if content:
        yield from (f"## {title}", "", *content, "")


def _verdicts(verdicts: Sequence[Verdict]) -> Iterator[str]:
    rows = (
        (v.label, v.edition, v.statement, f"{v.gates.met} of {v.gates.total}", _bounds(v.score_low, v.score_high))
        for v in verdicts
    )
    yield from _section("Verdicts", _table(("Checklist", "Edition", "Verdict", "Gates met", "Score, %"), rows))
    for verdict in verdicts:
        notes = [text for text in (*verdict.conditions, verdict.edition_note, verdict.note) if text]
        if notes:
            yield from (f"### {escape(verdict.label)}", "", *(f"- {escape(text)}" for text in notes), "")


def _commissioner(report: Report) -> Iterator[str]:
    block = report.commissioner
    if block is None:
        return
    for answer in block.answers:
        name = f"{answer.product}, {answer.indication}, {answer.population}"
        under = f" Conditions: {', '.join(answer.conditions)}." if answer.conditions else ""
        yield f"- **{escape(name)}: {escape(answer.mark.word)}** {escape(answer.because)}{under}"
        yield from (f"  - {escape(fact.label)}: {escape(fact.value)}" for fact in answer.basis)
    yield ""
    rows = (
        (c.number, ", ".join(c.applies_to), c.what, c.owner_role, words.day(c.due) if c.due else "", c.consequence)
        for c in block.conditions
    )
    yield from _table(("No.", "For", "Condition", "Owner", "Due", "Otherwise"), rows)
    facts = [fact for certificate in block.certificates for fact in certificate] + list(block.capacity)
    yield from ("", *_facts([Fact(label="Address", value=block.address), *facts]))
    review = f"{words.day(block.next_review)}. {block.next_review_why}"
    yield from (f"- Next review: {escape(review)}", *(f"- Left out: {escape(t)}" for t in block.left_out), "")


def _finding(finding: Finding) -> Iterator[str]:
    line = finding.requirement
    gate = ", essential criterion" if line.gate else ""
    yield from (f"### {escape(f'{finding.number} {line.id} {line.title}')}", "")
    yield f"- {escape(line.severity_word)}{gate}; {escape(', '.join(line.falling_short))}"
    for case in line.cases:
        yield from _case(case)
    yield f"- Remediation: {escape(line.remediation)}"
    yield from (f"- Consequence: {escape(finding.consequence)}", *_plans(finding.plans))
    yield from (f"- Sources: {escape('; '.join(s.text for s in line.sources))}", "")


def _open_point(point: OpenPoint) -> Iterator[str]:
    line = point.requirement
    yield from (f"### {escape(f'{point.number} {line.id} {line.title}')}", "")
    for case in line.cases:
        yield from _case(case)
    yield from (f"- To do: {escape(point.todo)}", *_plans(point.plans), "")


def _case(case: Case) -> Iterator[str]:
    parts = (
        ("", f"{case.mark.word} ({', '.join(case.affects)}): {case.message or case.reason}"),
        ("Claim", case.claim),
        ("Criterion", case.criterion),
        ("Threshold", "; ".join(t.text for t in case.thresholds)),
        ("Evidence", "; ".join(e.text for e in case.evidence)),
        ("Extent", case.extent),
        ("Override", case.override),
        ("Reason for N/A", case.na_reason),
        ("Profile answer", case.deciding_profile),
        ("Comment", "; ".join(case.comments)),
        ("Cells", ", ".join(case.cells)),
    )
    yield from (f"- {f'{label}: ' if label else ''}{escape(text)}" for label, text in parts if text)


def _plans(plans: Sequence[Plan]) -> Iterator[str]:
    for plan in plans:
        due = words.day(plan.due) if plan.due else "no due date"
        said = ", ".join(part for part in (plan.action, plan.owner_role or "no owner", due) if part)
        rest = "".join(f" {text}." for text in (plan.status.rstrip("."), plan.containment.rstrip(".")) if text)
        yield f"- Plan: {escape(f'{said}.{rest}')}"


def _actions(report: Report) -> Iterator[str]:
    rows = (
        (
            a.reference,
            a.requirement,
            f"{a.action}{' (suggested)' if a.suggested else ''}",
            a.severity_word,
            a.owner_role,
            words.day(a.due) if a.due else "",
            a.status,
        )
        for a in report.actions
    )
    return _table(("No.", "Requirement", "Action", "Severity", "Owner", "Due", "Status"), rows)


def _requirements(report: Report) -> Iterator[str]:
    for table in report.requirements:
        rows = ((line.id, line.title, line.mark.word, line.severity_word, _claims(line.cases)) for line in table.lines)
        yield from (f"### {escape(table.title)}", "")
        yield from (*_table(("Id", "Title", "Outcome", "Severity", "Claim"), rows), "")


def _claims(cases: Sequence[Case]) -> str:
    return "; ".join(dict.fromkeys(case.claim for case in cases if case.claim))


def _reliance(report: Report) -> Iterator[str]:
    rows = (
        (r.product, r.requirement, r.covered_by, r.relation, r.certificate, words.day(r.until) if r.until else "")
        for r in report.reliance
    )
    return _table(("Product", "Requirement", "Covered by", "How far", "Certificate", "Until"), rows)


def _scope(report: Report) -> Iterator[str]:
    for scope in report.scope_in:
        named = f"{scope.product}, {scope.indication}, {scope.population}, {scope.route}"
        yield f"- In: {escape(named)}; judged by {escape(', '.join(scope.judged_by))}"
    yield from (f"- Out: {escape(fact.label)}: {escape(fact.value)}" for fact in report.scope_out)
    yield from _facts(report.centre)


def _reading(report: Report) -> Iterator[str]:
    reading = report.reading
    yield from _facts((*reading.facts, *reading.sheets, *reading.conversions))
    yield from (f"- {escape(step)}" for step in reading.steps)
    yield from (f"- Not used: {escape(cell)}" for cell in reading.ignored)


def _provenance(report: Report) -> Iterator[str]:
    block = report.provenance
    yield from _facts((*report.control, *block.facts))
    for edition in block.editions:
        texts = f"; label texts {', '.join(edition.text_dates)}" if edition.text_dates else ""
        yield f"- {escape(f'{edition.title}: {edition.edition}, {edition.in_force}, {edition.status}{texts}')}"
    yield from (f"- {escape(line.name)}: {line.sha256}" for line in (*block.hashes, *block.overlays))
    yield from (f"- {escape(f'{source.id}: {source.text}')}" for source in block.sources)


def _facts(facts: Iterable[Fact]) -> Iterator[str]:
    yield from (f"- {escape(fact.label)}: {escape(fact.value)}" for fact in facts if fact.value)


def _numbered(texts: Iterable[str]) -> list[str]:
    return [f"{number}. {escape(text)}" for number, text in enumerate(texts, start=1)]


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Write a table; nothing where there are no rows."""
    lines = [f"| {' | '.join(escape(cell) for cell in row)} |" for row in rows]
    if lines:
        yield f"| {' | '.join(headings)} |"
        yield f"|{' --- |' * len(headings)}"
        yield from lines


def _bounds(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "–"
    return f"{low:.1f}" if f"{low:.1f}" == f"{high:.1f}" else f"{low:.1f}–{high:.1f}"


def escape(text: str) -> str:
    """Give text on one line that no Markdown program takes for markup or for a link."""
    line = " / ".join(part.strip() for part in text.splitlines() if part.strip())
    line = _SPECIAL.sub(r"\\\1", line.replace("&", "&amp;"))
    line = _LINE_START.sub(r"\1\\\2", line)
    return _ADDRESS.sub(_broken_address, line)


def _broken_address(found: re.Match[str]) -> str:
    """Put an entity in the place of the sign by which programs recognise addresses."""
    text = found[0]
    return f"{text[:-1]}&#{ord(text[-1])};"
