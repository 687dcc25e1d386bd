"""`cartaudit map suggest`: find out how a centre's own sheet is laid out, for a person to correct."""

from pathlib import Path

import click

from cartaudit.cli.options import checklists_option, load, overlay_option
from cartaudit.files import write_atomically
from cartaudit.model.submission import Rejected


@click.group("map")
def command() -> None:
    """Find out how a centre's own sheet is laid out."""


@command.command("suggest")
@click.argument("workbook", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="COLUMNS.toml",
    help="Write the map here instead of to the screen.",
)
@checklists_option
@overlay_option
def suggest(workbook: Path, output: Path | None, checklists_folder: Path | None, overlay: tuple[Path, ...]) -> int:
    """Write the column map of WORKBOOK: heading rows, columns, and what reads like a question of the checklists.

    Correct the map and hand it in with `cartaudit check WORKBOOK --columns COLUMNS.toml`.
    """
    from cartaudit.intake.mapping import mapping_toml
    from cartaudit.intake.suggest import suggest_mapping
    from cartaudit.workbook import read_cells

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
    if output is None:
        click.echo(text, nl=False)
    else:
        write_atomically(output, text.encode())
        click.echo(f"Written: {output}", err=True)
    click.echo(
        f"{len(suggestion.mapping.sheets)} sheets, {suggestion.matched} rows matched exactly, "
        f"{len(suggestion.likenesses)} suggested.",
        err=True,
    )
    return 0
