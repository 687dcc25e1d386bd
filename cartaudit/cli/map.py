"""`cartaudit map suggest`: find out how a centre's own sheet is laid out, for a person to correct."""

from pathlib import Path

import click

from cartaudit.cli.options import checklists_option, load, overlay_option
from cartaudit.cli.writing import STANDARD, begin_writing, force_option, output_type, write
from cartaudit.model.submission import Rejected


@click.group("map")
def command() -> None:
    """Find out how a centre's own sheet is laid out."""


@command.command("suggest")
@click.argument("workbook", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    type=output_type(),
    default=STANDARD,
    metavar="COLUMNS.toml",
    help="Write the map here instead of to standard output.",
)
@force_option
@checklists_option
@overlay_option
def suggest(
    workbook: Path, output: Path, force: bool, checklists_folder: Path | None, overlay: tuple[Path, ...]
) -> int:
    """Write the column map of WORKBOOK: heading rows, columns, and what reads like a question of the checklists.

    Correct the map and hand it in with `cartaudit check WORKBOOK --columns COLUMNS.toml`.
    """
    from cartaudit.intake.mapping import mapping_toml
    from cartaudit.intake.suggest import suggest_mapping
    from cartaudit.workbook import read_cells

    outputs = begin_writing([output], force=force)
    cells = read_cells(workbook.read_bytes(), workbook.name)
    if isinstance(cells, Rejected):
        for found in cells.problems:
            click.echo(str(found), err=True)
        return 3
    suggestion = suggest_mapping(cells, load(checklists_folder, overlay))
    if not suggestion.mapping.sheets:
        click.echo(f"{workbook.name}: no sheet with an answer column and an id or question column was found.", err=True)
        return 3
    text = mapping_toml(suggestion.mapping, suggestion.likenesses)
    write(outputs, {output: text.encode()})
    click.echo(
        f"{len(suggestion.mapping.sheets)} sheets, {suggestion.matched} rows matched exactly, "
        f"{len(suggestion.likenesses)} suggested.",
        err=True,
    )
    return 0
