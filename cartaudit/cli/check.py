"""`cartaudit check`: read and judge a workbook, and print the outcome."""

from datetime import date
from pathlib import Path

import click

from cartaudit.cli.auditing import audit_arguments, audit_file
from cartaudit.cli.writing import (
    STANDARD,
    begin_writing,
    force_option,
    messages_beside,
    output_type,
    write,
    write_standard_output,
)
from cartaudit.model.audit import Audit
from cartaudit.model.checklists import Catalogue
from cartaudit.model.submission import Rejected
from cartaudit.pipeline import AuditOptions, exit_code


@click.command("check")
@audit_arguments
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print."
)
@click.option("--explain", metavar="REQUIREMENT", help="Show why one requirement came out as it did.")
@click.option(
    "--annotate",
    type=output_type(),
    metavar="OUT.xlsx",
    help="Write a copy of the workbook with the problems marked; the answers stay untouched.",
)
@force_option
def command(
    workbook: Path,
    checklists: tuple[str, ...],
    as_of: date | None,
    overlay: tuple[Path, ...],
    checklists_folder: Path | None,
    columns: Path | None,
    fail_on: str,
    quiet: bool,
    form: str,
    explain: str | None,
    annotate: Path | None,
    force: bool,
) -> int:
    """Read WORKBOOK (`-` for standard input), report every problem in one pass, and judge it."""
    from cartaudit.pipeline import render

    targets = [annotate] if annotate is not None else []
    if STANDARD in targets and form == "json":
        raise click.UsageError("--annotate - and --format json would both go to standard output. Name a file for one.")
    outputs = begin_writing(targets, force=force)
    audit, catalogue, data, options = audit_file(workbook, checklists, as_of, overlay, checklists_folder, columns)
    write(outputs, {target: _annotated(data, audit) for target in targets})
    if form == "json":
        write_standard_output(render(audit, catalogue, data, options, ("json",))["json"])
    else:
        with messages_beside(targets):
            _print(audit, catalogue, options, explain=explain, quiet=quiet)
    return 3 if isinstance(audit, Rejected) else exit_code(audit, fail_on)


def _print(
    audit: Audit | Rejected, catalogue: Catalogue, options: AuditOptions, *, explain: str | None, quiet: bool
) -> None:
    from cartaudit.cli import printing

    if isinstance(audit, Rejected):
        printing.print_rejected(audit)
    elif explain:
        printing.print_explanation(audit, catalogue, explain)
    else:
        printing.print_audit(audit, options, quiet=quiet)


def _annotated(data: bytes, audit: Audit | Rejected) -> bytes:
    from cartaudit.workbook.annotate import annotate_workbook

    return annotate_workbook(data, audit.problems if isinstance(audit, Rejected) else audit.submission.problems)
