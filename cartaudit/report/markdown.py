"""The report as Markdown, for e-mail: every chapter of the report, in the same phrases as the pages."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cartaudit.model.audit import SHORT, Compliance
from cartaudit.report import words
from cartaudit.report.model import Report
from cartaudit.report.parts import Detail, Fact, Finding, OpenPoint, RequirementLine, Verdict
from cartaudit.report.phrases import (
    answered,
    beside,
    by_reason,
    capital,
    criterion,
    decision,
    ended,
    limits,
    open_questions,
    planned,
    put,
    sources,
    together,
    whom,
)

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
    yield from (escape(f"{capital(report.assurance.label)}. {report.assurance.explanation}"), "")
    yield from (escape(report.lasting), "") if report.lasting else ()
    yield from _commissioner(report)
    yield from _verdicts(report.verdicts)
    yield from _section(
        "Do first", _numbered(f"{ended(a.action)} Unlocks {ended(a.unlocks)}" for a in report.unlocking)
    )
    yield from _section("Essential criteria", _gates(report))
    yield from _section("Areas", _areas(report))
    yield from _section("Findings", [line for f in report.findings for line in _finding(f, report.verdicts)])
    yield from _section("Not assessed", [line for p in report.open_points for line in _open_point(p, report.verdicts)])
    yield from _section("Action plan", _actions(report))
    yield from _section("Expiries", _expiries(report))
    watch = (
        (line.id, line.title, " ".join(answered(c) for c in line.cases), put(line.cases).required)
        for line in report.watch
    )
    yield from _section("Watch list", _table(("Id", "Requirement", "Answer", "Required"), watch))
    yield from _section("Candidates for reliance", _reliance(report))
    yield from _section("Not applicable and deferred", _set_aside(report))
    yield from _section("Requirements", _requirements(report))
    problems = ((g.code, g.severity, p.place, p.message, g.remedy) for g in report.problems for p in g.places)
    yield from _section(
        "Workbook problems", _table(("Code", "Severity", "Where", "What was found", "Remedy"), problems)
    )
    yield from _section("Scope", _scope(report))
    yield from _section("Limitations", [f"- {escape(text)}" for text in report.limitations])
    yield from _section("Reading record", _reading(report))
    yield from _section("Provenance", _provenance(report))
    yield from _section("To be signed", [f"- {escape(f'{s.role}: {s.statement}')}" for s in report.declarations])


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    content = list(lines)
    if content:
        yield from (f"## {title}", "", *content, "")


def _verdicts(verdicts: Sequence[Verdict]) -> Iterator[str]:
    outcomes = [mark.word for mark in words.COMPLIANCE.values()]
    rows = (
        (
            v.label,
            v.statement,
            f"{v.gates.met} of {v.gates.total}",
            *(str(v.count(key)) for key in words.COMPLIANCE),
            _bounds(v.score_low, v.score_high),
        )
        for v in verdicts
    )
    yield from _section("Verdicts", _table(("Checklist", "Verdict", "Gates met", *outcomes, "Score, %"), rows))
    for verdict in verdicts:
        edition = ": ".join(part for part in (verdict.edition, verdict.edition_note) if part)
        named = f"Edition {edition}" if edition else ""
        judged = f"Judged for {'; '.join(verdict.treatments)}" if verdict.treatments else ""
        score = f"Score: {'; '.join(verdict.trace[-2:])}" if verdict.trace else ""
        notes = (verdict.title, named, *verdict.text_dates, *verdict.conditions, judged, score, verdict.note)
        yield from (f"### {escape(verdict.label)}", "")
        yield from (f"- {escape(ended(text))}" for text in notes if text)
        yield ""


def _gates(report: Report) -> Iterator[str]:
    rows = ((g.id, g.title, g.mark.word, whom(g.affects, report.verdicts)) for g in report.gates)
    yield from _table(("Id", "Essential criterion (gate)", "Outcome", "Asked by"), rows)


def _areas(report: Report) -> Iterator[str]:
    rows = ((a.title, _bounds(a.low, a.high), *(str(number) for number in a.open_by_severity)) for a in report.areas)
    yield from _table(("Area", "Share of weight met, %", "Critical open", "Major open", "Minor open"), rows)


def _expiries(report: Report) -> Iterator[str]:
    rows = ((words.day(e.on), e.when, e.what, ", ".join(e.requirements), e.cell) for e in report.expiries)
    yield from _table(("Ends on", "When", "What", "Hangs on it", "Cell"), rows)


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


def _finding(finding: Finding, verdicts: Sequence[Verdict]) -> Iterator[str]:
    line = finding.requirement
    cases = [c for c in line.cases if c.compliance in SHORT]
    said = put(cases)
    texts = (f"{name}: {'; '.join(values)}." for name, values in limits(cases))
    parts = (
        ("Asked", said.asked),
        ("Found", " ".join((said.found, *(beside(c) for c in cases))).strip()),
        ("Required", " ".join((said.required, *texts, sources((line,))))),
        ("Remedy", f"{line.remediation} {finding.consequence}"),
        *(("Plan", planned(plan)) for plan in finding.plans),
    )
    yield from (f"### {escape(f'{finding.number} {line.id} {line.title}')}", "")
    yield f"- {escape(f'{line.mark.word}. {_tags(line)}. {whom(line.falling_short, verdicts)}.')}"
    yield from (*(f"- {label}: {escape(text)}" for label, text in parts if text), "")


def _open_point(point: OpenPoint, verdicts: Sequence[Verdict]) -> Iterator[str]:
    line = point.requirement
    cases = together([c for c in line.cases if c.compliance is Compliance.NOT_ASSESSED])
    yield from (f"### {escape(f'{point.number} {line.id} {line.title}')}", "")
    yield f"- Not assessed. {escape(f'{_tags(line)}. {whom(line.not_known, verdicts)}.')}"
    for case in cases:
        whose = f"{whom(case.affects, verdicts)}: " if len(cases) > 1 else ""
        also = " ".join(part for part in (case.override, *(f"Comment: {ended(c)}" for c in case.comments)) if part)
        yield f"- Open because: {escape(f'{whose}{open_questions(case)} {also}'.strip())}"
    yield f"- To do: {escape(point.todo)}"
    yield from (*(f"- Plan: {escape(planned(plan))}" for plan in point.plans), "")


def _tags(line: RequirementLine) -> str:
    gate = "essential criterion (gate)" if line.gate else ""
    parts = (line.severity_word, gate, line.duty.lower(), "project proposal" if line.proposal else "")
    return ", ".join(part for part in parts if part)


def _actions(report: Report) -> Iterator[str]:
    rows = (
        (
            a.reference,
            a.requirement,
            f"[{a.action}]" if a.suggested else a.action,
            a.severity_word,
            a.owner_role,
            words.day(a.due),
            capital(a.status),
        )
        for a in report.actions
    )
    if report.actions:
        yield from ("Suggested remedies stand in brackets where the centre plans nothing of its own.", "")
    yield from _table(("No.", "Requirement", "Action", "Severity", "Owner", "Due", "Status"), rows)


def _set_aside(report: Report) -> Iterator[str]:
    rows = (
        (
            decision(group),
            group.kind,
            whom(group.affects, report.verdicts),
            "; ".join(f"{x.id} {x.title}{f' ({x.only})' if x.only else ''}" for x in group.items),
        )
        for group in by_reason(report.set_aside)
    )
    yield from _table(("What decided it", "How", "Asked by", "Requirements"), rows)


def _requirements(report: Report) -> Iterator[str]:
    """List what is met in full and what is not by its number; in the short edition the ids of what is met."""
    numbers = {p.requirement.id: p.number for p in report.open_points}
    numbers |= {f.requirement.id: f.number for f in report.findings}
    headings = ("Id", "Requirement", "Outcome", "Severity", "Criterion", "Answer, evidence, source")
    for table in report.requirements:
        if report.options.detail is Detail.EXCEPTIONS:
            met = ", ".join(line.id for line in table.lines if line.mark.key == Compliance.COMPLIANT)
            yield escape(f"{table.title}, met: {met or 'none'}.") + "\n"
            continue
        applying = [line for line in table.lines if line.mark.key != Compliance.NOT_APPLICABLE]
        rows = ((x.id, x.title, x.mark.word, x.severity_word, *_asked_and_answered(x, numbers)) for x in applying)
        yield from (f"### {escape(table.title)}", "", *_table(headings, rows), "")


def _asked_and_answered(line: RequirementLine, numbers: Mapping[str, str]) -> tuple[str, str]:
    if line.id in numbers:
        return "", f"Described under {numbers[line.id]}."
    said = " ".join(answered(case) for case in line.cases)
    return criterion(line.cases), f"{said} {sources((line,))}"


def _reliance(report: Report) -> Iterator[str]:
    rows = (
        (r.product, r.requirement, r.covered_by, r.relation, r.certificate, words.day(r.until) if r.until else "")
        for r in report.reliance
    )
    return _table(("Product", "Requirement", "Covered by", "How far", "Certificate", "Until"), rows)


def _scope(report: Report) -> Iterator[str]:
    for scope in report.scope_in:
        named = f"{scope.product}, {scope.indication}, {scope.population}, {scope.route}"
        yield f"- In: {escape(named)}; judged by {escape(whom(scope.judged_by, report.verdicts))}"
    yield from (f"- Out: {escape(fact.label)}: {escape(fact.value)}" for fact in report.scope_out)
    yield from _facts(report.centre)


def _reading(report: Report) -> Iterator[str]:
    reading = report.reading
    yield from _facts((*reading.facts, *reading.sheets, *reading.conversions))
    yield from (f"- {escape(step)}" for step in reading.steps)
    yield from (f"- Comment, {escape(remark.label)}: {escape(remark.value)}" for remark in reading.remarks)
    yield from (f"- Not used: {escape(cell)}" for cell in reading.ignored)


def _provenance(report: Report) -> Iterator[str]:
    block = report.provenance
    yield from _facts((*report.control, *report.assurance.levels, *block.facts))
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
