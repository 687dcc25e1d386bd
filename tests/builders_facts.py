"""The facts of a report, and the text of each format in which they must stand, squeezed to compare."""

import csv
import html
import io
import re
from collections.abc import Iterator

import openpyxl
from markdown_it import MarkdownIt

from cartaudit.model.audit import Compliance
from cartaudit.report.model import Report
from cartaudit.report.parts import Case
from cartaudit.report.pdf_text import page_texts
from cartaudit.report.phrases import by_reason

_TAGS = re.compile(r"<style.*?</style>|<!--.*?-->|<[^>]*>", re.DOTALL)
_RUNNING = re.compile(r"CA-\d{8}-[0-9A-F]{8}·\d{4}-\d\d-\d\d.{0,60}?cartaudit·.{0,90}?\d+/\d+$")
"""Head and foot of a page, painted last, without white space."""


def squeezed(text: str) -> str:
    """Drop white space, case, and the slash that stands for the end of a line in Markdown."""
    return "".join(text.replace("/", "").split()).casefold()


def text_of(form: str, data: bytes) -> str:
    """Give the words of a rendered report in one format, squeezed."""
    match form:
        case "pdf":
            return squeezed("".join(_RUNNING.sub("", page) for page in page_texts(data)))
        case "html":
            return squeezed(html.unescape(_TAGS.sub(" ", data.decode("utf-8"))))
        case "md":
            rendered = MarkdownIt("commonmark").enable("table").render(data.decode("utf-8"))
            return squeezed(html.unescape(_TAGS.sub(" ", rendered)))
        case "csv":
            rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
            return squeezed(" ".join(cell for row in rows for cell in row))
        case "xlsx":
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
            cells = (value for sheet in book for row in sheet.values for value in row if value is not None)
            return squeezed(" ".join(_cell(value) for value in cells))
    raise ValueError(form)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1f}"
    return f"{value:%Y-%m-%d}" if hasattr(value, "year") else str(value)


def facts_of(report: Report) -> Iterator[tuple[str, str]]:
    """Give every fact as (kind, text) that each format must hold, however it lays them out."""
    yield from (("report", text) for text in (report.number, report.centre_name, report.headline))
    yield from (("assurance", text) for text in (report.assurance.label, report.assurance.explanation))
    yield from (("centre", fact.value) for fact in report.centre)
    yield from _verdicts(report)
    yield from (("gate", text) for gate in report.gates for text in (gate.id, gate.title, gate.mark.word))
    yield from _standing(report)
    for table in report.requirements:
        for line in table.lines:
            yield from (("requirement", text) for text in (line.id, line.title))
            yield from (("requirement", text) for case in line.cases for text in _answers(case))
    for group in by_reason(report.set_aside):
        yield from (("set aside", text) for item in group.items for text in (item.id, item.title))
        merged = any(line.decided_by != group.decided_by for line in report.set_aside if line.id == group.items[0].id)
        yield "set aside", "" if merged else group.decided_by
    yield from _dates(report)
    for problem in report.problems:
        yield from (("problem", text) for text in (problem.code, problem.severity, problem.remedy))
        yield from (("problem", text) for place in problem.places for text in (place.place, place.message))
    yield from (("reliance", text) for item in report.reliance for text in (item.requirement, item.covered_by))
    yield from (("limitation", text) for text in report.limitations)
    yield from _provenance(report)


def _verdicts(report: Report) -> Iterator[tuple[str, str]]:
    for verdict in report.verdicts:
        yield from (("verdict", text) for text in (verdict.label, verdict.mark.word, verdict.note))
        yield from (("condition", text) for text in verdict.conditions)
        scores = (score for score in (verdict.score_low, verdict.score_high) if score is not None)
        yield from (("score", f"{score:.1f}") for score in scores)
        yield from (("score", text) for text in verdict.trace[-2:])
        yield from (("count", str(count.number)) for count in verdict.counts)
        yield from (("edition", text) for text in (verdict.edition, *verdict.text_dates))
    if report.commissioner:
        for answer in report.commissioner.answers:
            yield from (("treatment", text) for text in (answer.product, answer.mark.word, answer.because))
        for condition in report.commissioner.conditions:
            due = condition.due.isoformat() if condition.due else ""
            texts = (condition.number, condition.what, condition.owner_role, due, condition.consequence)
            yield from (("condition of a treatment", text) for text in texts)
        yield "next review", report.commissioner.next_review.isoformat()
        yield from (("certificate", fact.value) for facts in report.commissioner.certificates for fact in facts)


def _standing(report: Report) -> Iterator[tuple[str, str]]:
    for finding in report.findings:
        line = finding.requirement
        texts = (finding.number, line.id, line.severity_word, line.remediation, finding.consequence)
        yield from (("finding", text) for text in texts)
        yield from (("finding", text) for name in line.falling_short for text in (name,))
        failing = (c for c in line.cases if c.compliance in (Compliance.NON_COMPLIANT, Compliance.PARTIAL))
        yield from (("finding", text) for case in failing for text in _gap(case))
    for point in report.open_points:
        yield from (("open point", text) for text in (point.number, point.requirement.id, point.todo))
        unknown = (c for c in point.requirement.cases if c.compliance is Compliance.NOT_ASSESSED)
        yield from (("open point", a.short) for case in unknown for a in case.asks if not a.holds)
    for plan in (p for x in (*report.findings, *report.open_points) for p in x.plans):
        due = plan.due.isoformat() if plan.due else ""
        yield from (("plan", text) for text in (plan.action, plan.owner_role, due, plan.containment))
    yield from (("plan", plan.status) for finding in report.findings for plan in finding.plans)


def _gap(case: Case) -> Iterator[str]:
    for ask in case.asks:
        if not ask.holds:
            yield from (ask.question, ask.found, ask.required, ask.cell.rpartition("!")[2])
    yield from (case.extent, case.override, case.na_reason, *case.comments)
    yield from (evidence.text for evidence in case.evidence)
    yield from (threshold.value for threshold in case.thresholds)


def _answers(case: Case) -> Iterator[str]:
    if case.compliance is Compliance.COMPLIANT:
        yield from (ask.found for ask in case.asks)
        yield from (evidence.text for evidence in case.evidence)
    yield from (case.override, *case.comments)
    yield from (case.na_reason,) if case.compliance is Compliance.NOT_APPLICABLE else ()


def _dates(report: Report) -> Iterator[tuple[str, str]]:
    for group in report.expiry_groups:
        yield "expiry", group.on.isoformat()
        if group.kind:
            yield "expiry", group.kind.partition(":")[0]
        else:
            yield from (("expiry", text) for line in group.lines for text in (line.what, line.cell))


def _provenance(report: Report) -> Iterator[tuple[str, str]]:
    block = report.provenance
    for line in (*block.hashes, *block.overlays):
        yield from (("hash", text) for text in (line.name, line.sha256))
    yield from (("edition", text) for e in block.editions for text in (e.title, e.in_force, e.status))
    yield from (("source", text) for source in block.sources for text in (source.id, source.text))
    yield from (("provenance", fact.value) for fact in (*report.control, *block.facts))
    yield from (("reading", fact.value) for fact in (*report.reading.facts, *report.reading.sheets))
    yield from (("not used", text) for text in report.reading.ignored)
    yield from (("comment", text) for f in report.reading.remarks for text in (f.label, f.value))
    yield from (("converted", text) for f in report.reading.conversions for text in (f.label, f.value))


def missing(report: Report, text: str) -> set[tuple[str, str]]:
    """Give the facts that a text does not hold."""
    return {(kind, fact) for kind, fact in facts_of(report) if squeezed(fact) not in text}
