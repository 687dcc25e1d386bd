"""`cartaudit samples`: write synthetic sample workbooks."""

from pathlib import Path

import click

from cartaudit.cli.options import checklists_option, load
from cartaudit.model.checklists import Catalogue

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
@click.option(
    "--sites",
    type=click.IntRange(min=1, max=99_999),
    metavar="N",
    help="Write a synthetic network of N sites instead, with truths.json: what a roll-up has to find.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="With --sites: the same seed, the same network.")
@checklists_option
def make(output: Path, definitions: Path | None, sites: int | None, seed: int, checklists_folder: Path | None) -> int:
    """Write one workbook for each sample definition; existing samples are overwritten."""
    from cartaudit import __version__
    from cartaudit.resources import data_folder
    from cartaudit.synthetic import write_samples

    catalogue = load(checklists_folder)
    if sites is not None:
        return _make_network(catalogue, output, sites, seed)
    for path in write_samples(catalogue, definitions or data_folder("samples"), output, __version__):
        click.echo(f"Wrote {path}")
    return 0


def _make_network(catalogue: Catalogue, output: Path, sites: int, seed: int) -> int:
    from cartaudit import __version__
    from cartaudit.synthetic.network_sites import AS_OF, write_network

    if output == _DEFAULT:
        raise click.UsageError(f"{sites} sites need a folder of their own. Name it with -o DIR.")
    truths = write_network(catalogue, output, sites, seed, __version__)
    click.echo(f"Wrote {sites} sites and {truths}. Audit them: cartaudit batch {output} -o OUT --as-of {AS_OF}")
    return 0
