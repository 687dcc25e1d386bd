"""The whole way from the bytes of a workbook to an audit and its reports; composes the stages, adds nothing."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cartaudit import __version__
from cartaudit.assess import assess
from cartaudit.catalogue import read_catalogue
from cartaudit.errors import RenderError
from cartaudit.model.audit import SHORT, Audit, ChecklistAudit, Compliance, Provenance, Readiness
from cartaudit.model.checklists import Catalogue
from cartaudit.model.problems import ProblemSeverity
from cartaudit.model.requirements import Duty, Severity
from cartaudit.model.submission import Rejected, Submission
from cartaudit.resources import data_folder

if TYPE_CHECKING:
    from cartaudit.assess import Engine
    from cartaudit.intake import IntakePlan, Mapping

FORMATS = ("pdf", "html", "xlsx", "csv", "json", "md")
"""What `report` writes, by suffix."""

Selection = tuple[tuple[str, str | None], ...]
"""Checklist ids with an edition each, or None for the edition in force."""


FAIL_ON = (*(s.value for s in Severity), "never")
"""What `--fail-on` accepts."""

_OPEN = (*SHORT, Compliance.NOT_ASSESSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditOptions:
    """What an audit is asked for: the date, whether that is today, and the checklists (None: the profile decides)."""

    as_of: date
    as_of_is_today: bool
    selection: Selection | None = None


def load_catalogue(folder: Path | None = None, overlays: Sequence[Path] = ()) -> Catalogue:
    """Read the packaged checklists, or those of a folder, with overlays. Raises ChecklistError with every fault."""
    return read_catalogue(folder or data_folder("checklists"), tuple(overlays))


def parse_selection(checklists: Sequence[str]) -> Selection | None:
    """Turn `ID[@EDITION]` texts into a selection; None when there are none."""
    pairs = (text.partition("@") for text in checklists)
    return tuple((name, edition or None) for name, _, edition in pairs) or None


def read_mapping(path: Path) -> "Mapping":
    """Read a column map (TOML). Raises MappingError, and OSError where it cannot be opened."""
    from cartaudit.intake.mapping import parse_mapping

    return parse_mapping(path.read_text(encoding="utf-8"), path.name)


def audit_bytes(
    data: bytes,
    file_name: str,
    catalogue: Catalogue,
    options: AuditOptions,
    mapping: "Mapping | None" = None,
    engine: "Engine | None" = None,
    plan: "IntakePlan | None" = None,
) -> Audit | Rejected:
    """Read and judge one workbook. Never raises for what stands in the file: that is a problem or a rejection.

    Give an engine and a plan of the same catalogue and audit date to many audits in a row: criteria are then compiled,
    and what reading needs to know is worked out, once.
    """
    from cartaudit.intake import parse_submission
    from cartaudit.intake.glyphs import find_undrawable
    from cartaudit.report.fonts import code_points
    from cartaudit.workbook import read_cells

    cells = read_cells(data, file_name)
    if isinstance(cells, Rejected):
        return cells
    submission = parse_submission(cells, catalogue, options.as_of, mapping, plan)
    if isinstance(submission, Rejected):
        return submission
    problems = (*submission.problems, *find_undrawable(cells, code_points()))
    return judge(replace(submission, problems=problems), catalogue, options, engine)


def judge(submission: Submission, catalogue: Catalogue, options: AuditOptions, engine: "Engine | None" = None) -> Audit:
    """Judge a submission and say what the audit rests on."""
    audit = assess(submission, catalogue, options.as_of, options.selection, engine)
    if catalogue.shipped is not None:
        audit = _beside_shipped(audit, assess(submission, catalogue.shipped, options.as_of, options.selection))
    return replace(audit, provenance=_provenance(catalogue, options))


_WORST_FIRST = (Readiness.NOT_READY, Readiness.INCOMPLETE, Readiness.CONDITIONAL, Readiness.READY)


def _beside_shipped(audit: Audit, shipped: Audit) -> Audit:
    """Say of every verdict that the overlays made better what it would be without them; costs a second judging."""
    plain = {c.checklist.id: c.readiness for c in shipped.checklists}
    return replace(audit, checklists=tuple(_lifted(c, plain.get(c.checklist.id)) for c in audit.checklists))


def _lifted(audited: ChecklistAudit, plain: Readiness | None) -> ChecklistAudit:
    judged = plain in _WORST_FIRST and audited.readiness in _WORST_FIRST
    if not judged or _WORST_FIRST.index(audited.readiness) <= _WORST_FIRST.index(plain):
        return audited
    return replace(audited, without_overlays=plain)


def _provenance(catalogue: Catalogue, options: AuditOptions) -> Provenance:
    overlays = {name: digest for name, digest in catalogue.hashes.items() if name.startswith("overlay:")}
    return Provenance(
        tool_version=__version__,
        as_of=options.as_of,
        as_of_is_today=options.as_of_is_today,
        catalogue_version=catalogue.version,
        catalogue_hash=catalogue.digest,
        content_hashes=dict(catalogue.hashes),
        overlays=overlays,
    )


def render(
    audit: Audit | Rejected,
    catalogue: Catalogue,
    workbook: bytes,
    options: AuditOptions,
    formats: Sequence[str],
    *,
    detail: str = "full",
    audience: str = "centre",
    template_dir: Path | None = None,
    mapping: bytes = b"",
) -> dict[str, bytes]:
    """Render an audit in each of some formats; a rejected file has a JSON document only. Raises RenderError.

    PDF, HTML, XLSX and JSON carry their own digest (`report.seal`).
    """
    from cartaudit.report.seal import seal

    if isinstance(audit, Rejected):
        from cartaudit.report.json_report import rejected_json, render_json

        return {f: seal(f, render_json(rejected_json(audit, options.as_of))) for f in formats if f == "json"}
    from cartaudit.report import RENDERERS, RenderJob, build_report
    from cartaudit.report.model import Audience, Detail, ReportOptions

    report_options = ReportOptions(detail=Detail(detail), audience=Audience(audience))
    submission = b""
    if report_options.audience is Audience.COMMISSIONER:
        audit, submission = _for_commissioner(audit, catalogue, options)
    if set(formats) <= {"json"}:  # the one format that is made from the audit alone, without the report
        from cartaudit.report.json_report import render_audit

        return {form: seal(form, render_audit(audit)) for form in formats}
    job = RenderJob(
        audit=audit,
        catalogue=catalogue,
        report=build_report(audit, catalogue, report_options),
        workbook=workbook,
        submission=submission,
        mapping=mapping,
        selection=options.selection,
        template_dir=template_dir,
    )
    return {form: RENDERERS[form](job) for form in formats}


def _for_commissioner(audit: Audit, catalogue: Catalogue, options: AuditOptions) -> tuple[Audit, bytes]:
    """Judge again from what a commissioner may see, and give it as JSON. Raises RenderError where results differ."""
    from cartaudit.assess.reduction import reduce_submission
    from cartaudit.assess.then import without_lapsed_gates
    from cartaudit.report.submission_json import render_submission

    reduced = reduce_submission(audit.submission, catalogue)
    again = without_lapsed_gates(judge(reduced, catalogue, options))
    different = [one for one, two in zip(_outcomes(audit), _outcomes(again), strict=True) if one != two]
    if different:
        named = ", ".join(dict.fromkeys(str(name) for name, *_ in different[:5]))
        raise RenderError(f"What is left for the commissioner is judged otherwise: {named}. Please report this.")
    return again, render_submission(reduced)


def _outcomes(audit: Audit) -> list[tuple[object, ...]]:
    """Give the verdict of each checklist and the outcome of each requirement."""
    verdicts = [(c.checklist.id, c.readiness, c.also_incomplete) for c in audit.checklists]
    results = [(r.requirement.id, c.checklist.id, r.compliance, r.reason) for c in audit.checklists for r in c.results]
    return [*verdicts, *results]


def exit_code(audit: Audit, fail_on: str) -> int:
    """Give 0 when nothing at or above `fail_on` is open, else 1; 1 whenever something that decides is unknown.

    An audit in which no checklist could be judged gives 1: silence is not success; so does an error of the workbook,
    except where nothing is to fail.
    """
    judged = [c for c in audit.checklists if c.readiness is not Readiness.OUT_OF_SCOPE]
    if not judged or any(c.readiness is Readiness.INCOMPLETE or c.also_incomplete for c in judged):
        return 1
    if fail_on == "never":
        return 0
    if any(p.severity is ProblemSeverity.ERROR for p in audit.submission.problems):
        return 1
    limit = Severity(fail_on).rank
    return int(
        any(
            r.compliance in _OPEN and r.requirement.duty is Duty.MUST and r.requirement.severity.rank <= limit
            for c in judged
            for r in c.results
        )
    )


def sha256(data: bytes) -> str:
    """Give the SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
