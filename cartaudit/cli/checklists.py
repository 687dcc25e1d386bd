"""`cartaudit checklists`: list, show, lint, compare and export the checklists."""

import json
from datetime import date
from pathlib import Path

import click

from cartaudit.cli.options import as_of_option, checklists_option, load, overlay_option
from cartaudit.cli.writing import STANDARD, begin_writing, force_option, output_type, write, write_standard_output

EXIT_INVALID = 4


@click.group("checklists")
def command() -> None:
    """List, show, check and compare the checklists."""


@command.command("list")
@checklists_option
@overlay_option
@as_of_option
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print."
)
def list_command(checklists_folder: Path | None, overlay: tuple[Path, ...], as_of: date | None, form: str) -> None:
    """List the checklists with the edition in force and what they hold."""
    from cartaudit.cli import catalogue_tables as tables

    catalogue = load(checklists_folder, overlay)
    day = as_of or date.today()
    if form == "json":
        listing = json.dumps(tables.listing(catalogue, day), ensure_ascii=False, indent=2) + "\n"
        write_standard_output(listing.encode("utf-8"))
    else:
        tables.print_listing(tables.listing(catalogue, day))


@command.command("show")
@click.argument("name", metavar="ID[@EDITION]")
@click.argument("requirement", required=False)
@checklists_option
@overlay_option
@as_of_option
def show_command(
    name: str,
    requirement: str | None,
    checklists_folder: Path | None,
    overlay: tuple[Path, ...],
    as_of: date | None,
) -> None:
    """Show a checklist, or one of its requirements with criterion, thresholds and sources."""
    from cartaudit.cli import catalogue_tables as tables
    from cartaudit.cli.naming import find_checklist, find_requirement
    from cartaudit.criteria.editions import requirements_of

    catalogue = load(checklists_folder, overlay)
    checklist, edition = find_checklist(catalogue, name, as_of or date.today())
    if requirement is None:
        tables.print_checklist(checklist, edition, requirements_of(checklist, edition))
    else:
        tables.print_requirement(catalogue, checklist, find_requirement(checklist, edition, requirement))


@command.command("lint")
@checklists_option
@overlay_option
@click.option("-q", "--quiet", is_flag=True, help="Print errors only, no warnings.")
def lint_command(checklists_folder: Path | None, overlay: tuple[Path, ...], quiet: bool) -> int:
    """Check the checklists and overlays, and print every error of one pass."""
    from cartaudit.catalogue import LintSeverity, lint_catalogue
    from cartaudit.resources import data_folder

    messages = lint_catalogue(checklists_folder or data_folder("checklists"), overlay)
    errors = [m for m in messages if m.severity is LintSeverity.ERROR]
    for message in errors if quiet else messages:
        click.echo(str(message))
    click.echo(f"Errors: {len(errors)}. Warnings: {len(messages) - len(errors)}.")
    return EXIT_INVALID if errors else 0


@command.command("diff")
@click.argument("old", metavar="ID@EDITION")
@click.argument("new", metavar="ID@EDITION")
@checklists_option
@overlay_option
@as_of_option
def diff_command(
    old: str, new: str, checklists_folder: Path | None, overlay: tuple[Path, ...], as_of: date | None
) -> None:
    """Compare two editions, or two checklists: the edition map and what differs between their requirements."""
    from cartaudit.cli import catalogue_tables as tables
    from cartaudit.cli.naming import compare, find_checklist

    catalogue = load(checklists_folder, overlay)
    day = as_of or date.today()
    tables.print_comparison(compare(find_checklist(catalogue, old, day), find_checklist(catalogue, new, day)))


@command.command("export")
@click.argument("what", type=click.Choice(["thresholds", "requirements"]), default="thresholds")
@checklists_option
@overlay_option
@click.option(
    "--format", "form", type=click.Choice(["csv", "json"]), default="csv", show_default=True, help="How to write."
)
@click.option("-o", "--output", type=output_type(), default=STANDARD, metavar="FILE", help="Default: standard output.")
@force_option
def export_command(
    what: str, checklists_folder: Path | None, overlay: tuple[Path, ...], form: str, output: Path, force: bool
) -> None:
    """Write all thresholds, or all requirements, as a table."""
    from cartaudit.cli.catalogue_export import as_csv, requirement_rows, threshold_rows

    outputs = begin_writing([output], force=force)
    catalogue = load(checklists_folder, overlay)
    rows = threshold_rows(catalogue) if what == "thresholds" else requirement_rows(catalogue)
    text = as_csv(rows) if form == "csv" else json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
    write(outputs, {output: text.encode("utf-8")})
