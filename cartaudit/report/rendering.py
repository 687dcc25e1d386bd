"""One audit to every format: what a renderer is given, and the one for PDF with everything it embeds."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cartaudit.model.audit import Audit
from cartaudit.model.checklists import Catalogue
from cartaudit.report.model import Report
from cartaudit.report.seal import seal
from cartaudit.resources import data_folder

if TYPE_CHECKING:
    from cartaudit.report.embedded import Carried
    from cartaudit.report.pdf import PdfRenderer

Selection = tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderJob:
    """Everything a renderer may need.

    `audit` and `report` are of the same answers: for a commissioner both are made from the reduced submission. The
    rest is what a PDF embeds: the workbook as handed in, how it was asked for, and the files of `catalogue`.
    """

    audit: Audit
    catalogue: Catalogue
    report: Report
    workbook: bytes = b""
    submission: bytes = b""
    mapping: bytes = b""
    selection: Selection | None = None
    template_dir: Path | None = None


Renderer = Callable[[RenderJob], bytes]


def to_json(job: RenderJob) -> bytes:
    """Render the result as JSON."""
    from cartaudit.report.json_report import render_audit

    return seal("json", render_audit(job.audit))


def to_html(job: RenderJob) -> bytes:
    """Render the report as one HTML file."""
    from cartaudit.report.html import render_html

    return seal("html", render_html(job.report, target="web", template_dir=job.template_dir).encode("utf-8"))


def to_pdf(job: RenderJob) -> bytes:
    """Render the report as PDF with its sources embedded."""
    from cartaudit.report.embedded import embedded_files
    from cartaudit.report.html import render_html
    from cartaudit.report.pdf import Metadata

    report = job.report
    html = render_html(report, target="pdf", template_dir=job.template_dir)
    metadata = Metadata(
        title=f"{report.title}: {report.centre_name}",
        dated=report.as_of,
        description=report.headline,
        keywords=("CAR-T", report.number),
        language=report.options.language,
    )
    renderer = _renderer(job.template_dir)
    return seal("pdf", renderer.render(html, metadata=metadata, attachments=embedded_files(job.audit, carried(job))))


def to_xlsx(job: RenderJob) -> bytes:
    """Render the gap register as a workbook."""
    from cartaudit.report.xlsx_report import render_xlsx

    return seal("xlsx", render_xlsx(job.report))


def to_csv(job: RenderJob) -> bytes:
    """Render all requirements as CSV."""
    from cartaudit.report.csv_report import render_csv

    return render_csv(job.report)


def to_markdown(job: RenderJob) -> bytes:
    """Render the report as Markdown."""
    from cartaudit.report.markdown import render_markdown

    return render_markdown(job.report)


RENDERERS: dict[str, Renderer] = {
    "pdf": to_pdf,
    "html": to_html,
    "xlsx": to_xlsx,
    "csv": to_csv,
    "json": to_json,
    "md": to_markdown,
}
"""Every format by its suffix."""


def carried(job: RenderJob) -> "Carried":
    """Gather what the PDF of a job carries."""
    from cartaudit.report.embedded import Carried
    from cartaudit.report.loading import renderer_versions

    return Carried(
        file_name=job.audit.submission.record.file,
        workbook=b"" if job.submission else job.workbook,
        submission=job.submission,
        mapping=job.mapping,
        content=job.catalogue.files,
        content_version=job.catalogue.version,
        templates=template_hashes(job.template_dir),
        renderer=renderer_versions(),
        request={
            "selection": [list(pair) for pair in job.selection] if job.selection is not None else None,
            "detail": job.report.options.detail.value,
            "audience": job.report.options.audience.value,
            "language": job.report.options.language,
        },
    )


def template_hashes(template_dir: Path | None) -> dict[str, str]:
    """Give the SHA-256 of every template, style sheet and font by name; those of a house style as `house:NAME`."""
    folders = {"": data_folder("templates")} | ({"house:": template_dir} if template_dir else {})
    return {
        f"{prefix}{path.relative_to(folder).as_posix()}": hashlib.sha256(path.read_bytes()).hexdigest()
        for prefix, folder in folders.items()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in (".j2", ".css", ".ttf", ".svg", ".png", ".conf")
    }


@cache
def _renderer(template_dir: Path | None) -> "PdfRenderer":
    """Keep one warm renderer for each style."""
    from cartaudit.report.html import report_css
    from cartaudit.report.pdf import PdfRenderer

    return PdfRenderer(report_css(template_dir), (template_dir,) if template_dir else ())
