"""`cartaudit check`: read and judge a workbook, and print the outcome."""

from datetime import date
from pathlib import Path

import click

from cartaudit.cli.auditing import audit_arguments, audit_file
from cartaudit.files import write_atomically
from cartaudit.model.audit import Audit
from cartaudit.model.submission import Rejected
from cartaudit.pipeline import exit_code


@click.command("check")
@audit_arguments
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print."
)
@click.option("--explain", metavar="REQUIREMENT", help="Show why one requirement came out as it did.")
@click.option(
    "--annotate",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="OUT.xlsx",
    help="Write a copy of the workbook with the problems marked; the answers stay untouched.",
)
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
) -> int:
    """Read WORKBOOK, report every problem in one pass, and judge it."""
    from cartaudit.cli import printing
    from cartaudit.pipeline import render

    audit, catalogue, data, options = audit_file(workbook, checklists, as_of, overlay, checklists_folder, columns)
    if annotate is not None:
        write_annotated(workbook, annotate, data, audit)
    if form == "json":
        click.echo(render(audit, catalogue, data, options, ("json",))["json"], nl=False)
    elif isinstance(audit, Rejected):
        printing.print_rejected(audit)
    elif explain:
        printing.print_explanation(audit, catalogue, explain)
    else:
        printing.print_audit(audit, options, quiet=quiet)
    return 3 if isinstance(audit, Rejected) else exit_code(audit, fail_on)


def write_annotated(workbook: Path, target: Path, data: bytes, audit: Audit | Rejected) -> None:
    """Write a marked-up copy of the workbook. Raises click.UsageError rather than write the original."""
    from cartaudit.workbook.annotate import annotate_workbook

    if target.resolve() == workbook.resolve():
        raise click.UsageError(f"{target} is the workbook itself, which is never written. Name another file.")
    problems = audit.problems if isinstance(audit, Rejected) else audit.submission.problems
    write_atomically(target, annotate_workbook(data, problems))
    click.echo(f"Written: {target}", err=True)
