"""`cartaudit samples`: write synthetic sample workbooks."""

from pathlib import Path

import click

from cartaudit.cli.options import checklists_option, load

_DEFAULT = Path("samples")


@click.group("samples")
def command() -> None:
    """Write synthetic sample workbooks."""


@command.command("make")
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=_DEFAULT,
    show_default=True,
    metavar="DIR",
    help="Where to write the workbooks.",
)
@click.option(
    "--definitions",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Use the sample definitions (.toml) of this folder instead of those that come with cartaudit.",
)
@checklists_option
def make(output: Path, definitions: Path | None, checklists_folder: Path | None) -> int:
    """Write one workbook for each sample definition; existing samples are overwritten."""
    from cartaudit import __version__
    from cartaudit.resources import data_folder
    from cartaudit.synthetic import write_samples

    catalogue = load(checklists_folder)
    for path in write_samples(catalogue, definitions or data_folder("samples"), output, __version__):
        click.echo(f"Wrote {path}")
    return 0
