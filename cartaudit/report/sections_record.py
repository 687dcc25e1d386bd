"""What the report rests on: workbook problems, reading record, provenance, limitations, declarations."""

from collections.abc import Iterator
from typing import Any

from cartaudit.model.audit import Compliance
from cartaudit.model.checklists import Edition
from cartaudit.model.problems import Problem, ProblemSeverity
from cartaudit.report import words
from cartaudit.report.lookup import Lookup
from cartaudit.report.parts import (
    Detail,
    EditionLine,
    Fact,
    HashLine,
    ProblemGroup,
    ProblemPlace,
    ProvenanceBlock,
    ReadingBlock,
    RelianceLine,
    RequirementLine,
    SignatureBox,
    SourceLine,
)
from cartaudit.report.sections_front import text_dates


def problem_groups(lookup: Lookup) -> tuple[ProblemGroup, ...]:
    """Group the workbook problems by code and remedy, errors first; every address is kept."""
    groups: dict[tuple[bool, str, str], list[Problem]] = {}
    for problem in lookup.audit.submission.problems:
        key = (problem.severity is not ProblemSeverity.ERROR, problem.code, problem.remedy)
        groups.setdefault(key, []).append(problem)
    return tuple(
        ProblemGroup(
            code=code,
            severity="Warning" if warning else "Error",
            remedy=remedy,
            places=tuple(_place(lookup, p) for p in problems),
        )
        for (warning, code, remedy), problems in sorted(groups.items(), key=lambda item: item[0])
    )


def _place(lookup: Lookup, problem: Problem) -> ProblemPlace:
    message = "" if lookup.for_commissioner else lookup.text(problem.message)
    return ProblemPlace(place=problem.place or "Whole file", question=problem.question, message=message)


def reading_record(lookup: Lookup) -> ReadingBlock:
    """Say what was read from the file; the commissioner's edition leaves out what the unused cells hold."""
    record = lookup.audit.submission.record
    facts = (
        Fact(label="File", value=lookup.text(record.file)),
        Fact(label="Size", value=f"{record.size} bytes" if record.size else ""),
        Fact(label="Written by", value=lookup.text(record.program)),
        Fact(label="Mapping", value=record.mapping),
        Fact(label="Answers expected", value=str(record.expected)),
        Fact(label="Answers read", value=str(record.read)),
        Fact(label="Questions missing", value=words.listed(record.missing)),
        Fact(label="Ids not known", value=lookup.text(words.listed(record.unknown))),
        Fact(label="Ids found twice", value=lookup.text(words.listed(record.duplicate))),
        Fact(
            label="Cells",
            value=f"{record.cells_in_file} in the file: {record.cells_used} used, "
            f"{record.cells_structural} structural, {record.cells_ignored} not used",
        ),
    )
    return ReadingBlock(
        facts=tuple(f for f in facts if f.value),
        sheets=tuple(_sheet(lookup, s) for s in record.sheets),
        steps=tuple(lookup.text(s) for s in record.steps),
        ignored=() if lookup.for_commissioner else tuple(lookup.text(i) for i in record.ignored),
        conversions=_conversions(lookup),
        remarks=() if lookup.for_commissioner else tuple(_remarks(lookup)),
    )


def _remarks(lookup: Lookup) -> Iterator[Fact]:
    """Give every remark of the centre and of an inspector with the place of its answer."""
    for response in lookup.audit.submission.responses.values():
        place = response.entry.cell or lookup.question(response.question)
        if response.comment.strip():
            yield Fact(label=place, value=lookup.text(response.comment))
        if response.inspector_comment.strip():
            yield Fact(label=f"{place}, inspector", value=lookup.text(response.inspector_comment))


_ODD_CELLS = {
    "hidden_cells": ("hidden", "hidden"),
    "formulas_unstored": ("formula without a stored value", "formulas without a stored value"),
    "errors": ("error", "errors"),
}
"""What a sheet holds beside plain cells, said of one and of several."""


def _sheet(lookup: Lookup, sheet: Any) -> Fact:
    """Say of a sheet how many cells it has and what is unusual about it; the data embedded holds the rest."""
    counts = [words.counted(sheet[k], one, several) for k, (one, several) in _ODD_CELLS.items() if sheet.get(k)]
    state = sheet.get("state", "visible")
    details = [
        words.counted(sheet["cells"], "cell") if "cells" in sheet else "read",
        "" if state == "visible" else str(state),
        *counts,
    ]
    details = [d for d in details if d]
    return Fact(label=lookup.text(str(sheet.get("name", ""))), value=", ".join(details))


def _conversions(lookup: Lookup) -> tuple[Fact, ...]:
    """List every answer that was converted, with the cell and what was done."""
    responses = lookup.audit.submission.responses.values()
    entries = [e for r in responses for e in (r.entry, *(e for row in r.rows for e in row.entries.values()))]
    return tuple(Fact(label=e.cell, value=lookup.text(e.conversion)) for e in entries if e.conversion)


def provenance(lookup: Lookup, lines: dict[str, RequirementLine]) -> ProvenanceBlock:
    """Say which file, content, editions and tool made this report."""
    record, made = lookup.audit.submission.record, lookup.audit.provenance
    identity = lookup.audit.submission.identity
    facts = [
        Fact(label="Workbook", value=lookup.text(record.file)),
        Fact(label="SHA-256 of the workbook", value=record.sha256),
        Fact(label="Workbook made by cartaudit", value=identity.tool_version),
        Fact(label="Audit date", value=words.day(lookup.as_of)),
    ]
    if made:
        facts += [
            Fact(label="Tool", value=f"cartaudit {made.tool_version}"),
            Fact(label="Content", value=made.catalogue_version),
            Fact(label="SHA-256 of the content", value=made.catalogue_hash),
        ]
    overlays = made.overlays if made else {}
    hashes = {n: h for n, h in made.content_hashes.items() if n not in overlays} if made else {}
    return ProvenanceBlock(
        facts=tuple(f for f in facts if f.value),
        editions=tuple(
            _edition(c.checklist.id, c.checklist.title, c.edition, text_dates(lookup, c))
            for c in lookup.audit.checklists
        ),
        hashes=tuple(HashLine(name=n, sha256=h) for n, h in sorted(hashes.items())),
        overlays=tuple(HashLine(name=n, sha256=h) for n, h in sorted(overlays.items())),
        sources=_sources(lookup, lines),
    )


def _edition(checklist: str, title: str, edition: Edition | None, dates: tuple[str, ...]) -> EditionLine:
    ends = f" until before {words.day(edition.effective_to)}" if edition and edition.effective_to else ""
    starts = words.day(edition.effective_from) if edition else ""
    return EditionLine(
        checklist=checklist,
        title=title,
        edition=edition.edition if edition else "none in force",
        in_force=f"from {starts}{ends}" if starts else ends.strip(),
        status=words.VERIFICATION.get(edition.status, edition.status) if edition else "",
        text_dates=dates,
    )


_UNSOURCED = (Compliance.NOT_APPLICABLE, Compliance.COMPLIANT)
"""Outcomes of which no sources are printed: the first in every edition, both where exceptions alone are."""


def _sources(lookup: Lookup, lines: dict[str, RequirementLine]) -> tuple[SourceLine, ...]:
    """List every source that a printed requirement or threshold of this report names."""
    exceptions = lookup.options.detail is Detail.EXCEPTIONS
    shown = {i: x for i, x in lines.items() if x.mark.key not in (_UNSOURCED[:2] if exceptions else _UNSOURCED[:1])}
    cited = {s.id for line in shown.values() for s in line.sources}
    decided = {t.source for i in shown for j in lookup.judged[i] for t in j.result.thresholds if t.source}
    named = sorted((i for i in cited | decided if i in lookup.catalogue.sources), key=_by_number)
    held = [lookup.catalogue.sources[i] for i in named]
    return tuple(
        SourceLine(id=s.id, kind="", text=", ".join(p for p in (s.title, s.publisher, s.date, s.address) if p))
        for s in held
    )


def _by_number(name: str) -> tuple[str, int]:
    """Order S9 before S10."""
    digits = name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return name.removesuffix(digits), int(digits) if digits.isdecimal() else 0


def reliance(lookup: Lookup) -> tuple[RelianceLine, ...]:
    """List the manufacturer requirements that a certificate may cover."""
    titles = {i: judged[0].result.requirement.title for i, judged in lookup.judged.items()}
    return tuple(
        RelianceLine(
            product=lookup.product(item.product),
            requirement=item.requirement,
            title=titles.get(item.requirement, ""),
            covered_by=item.covered_by,
            relation=words.RELATION.get(item.relation, item.relation),
            certificate=lookup.text(item.certificate),
            until=item.until,
        )
        for item in lookup.audit.reliance
    )


LIMITATIONS: tuple[str, ...] = (
    "This report judges what the centre wrote in its workbook. It has not inspected the centre, its records or its "
    "patients' files.",
    "What is unknown, unreadable, unsupported or unconfirmed counts as open, never as met. An honest “no” counts as "
    "not met whatever document stands beside it.",
    "Shares and registers rest on the sample and period that the centre chose; a small sample can miss a rare failure.",
    "It is not an accreditation, certification, licensing or site-qualification decision, and binds no body. FACT, "
    "JACIE, manufacturers, authorities and commissioners decide for themselves.",
    "cartaudit is not affiliated with or endorsed by FACT, JACIE, EBMT or any manufacturer or authority. The "
    "requirements are the project's own words and may lag behind the texts in force; the body's own text governs.",
    "Figures marked “secondary source” were not read in the product information itself; figures marked "
    "“site-supplied” were read by the centre; requirements marked “project proposal” rest on no published text.",
    "Product information changes. Each threshold is printed with the date of the text it was read from; check it "
    "before treating a patient.",
    "The score is a share of weight. It never decides: one missed essential criterion outweighs any score.",
)
"""What a reader must know before relying on the report."""


def limitations(lookup: Lookup) -> tuple[str, ...]:
    """List the limits of the report, with those that this edition adds."""
    if not lookup.for_commissioner:
        return LIMITATIONS
    return (*LIMITATIONS, "This edition leaves out comments, evidence references and texts of unused cells.")


def declarations(lookup: Lookup) -> tuple[SignatureBox, ...]:
    """Give the places to sign, by audience."""
    centre = (
        SignatureBox(
            id="sig-quality-manager",
            role="Quality manager of the centre",
            statement="The answers are true and complete as far as I know.",
        ),
        SignatureBox(
            id="sig-programme-director",
            role="Programme director of the centre",
            statement="I have read the findings and release the action plan.",
        ),
    )
    reader = SignatureBox(
        id="sig-verifier",
        role="Verifier or commissioner",
        statement="I have verified the answers named as verified, and nothing else.",
    )
    return (*centre, reader)
