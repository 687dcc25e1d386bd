"""`cartaudit samples`: write synthetic sample workbooks."""

from collections.abc import Sequence
from pathlib import Path

import click

from cartaudit.cli.options import checklists_option, load
from cartaudit.cli.writing import begin_writing, folder_type, force_option, write
from cartaudit.model.checklists import Catalogue

_DEFAULT = Path("samples")


@click.group("samples")
def command() -> None:
    """Write synthetic sample workbooks."""


@command.command("make")
@click.option(
    "-o",
    "--output",
    type=folder_type(),
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
@force_option
@checklists_option
def make(
    output: Path,
    definitions: Path | None,
    sites: int | None,
    seed: int,
    force: bool,
    checklists_folder: Path | None,
) -> int:
    """Write one workbook for each sample definition."""
    from cartaudit import __version__
    from cartaudit.resources import data_folder
    from cartaudit.synthetic import build_sample
    from cartaudit.synthetic.definitions import read_definitions

    catalogue = load(checklists_folder)
    if sites is not None:
        return _make_network(catalogue, output, sites, seed, force=force)
    defined = {output / f"{d.name}.xlsx": d for d in read_definitions(definitions or data_folder("samples"))}
    outputs = begin_writing(defined.keys(), force=force, inputs=())  # the definitions are no workbooks
    write(outputs, {path: build_sample(catalogue, definition, __version__) for path, definition in defined.items()})
    return 0


def _make_network(catalogue: Catalogue, output: Path, sites: int, seed: int, *, force: bool) -> int:
    from cartaudit import __version__
    from cartaudit.synthetic.network_sites import AS_OF, write_network

    if output == _DEFAULT:
        raise click.UsageError(f"{sites} sites need a folder of their own. Name it with -o DIR.")

    def before(targets: Sequence[Path]) -> None:
        begin_writing(targets, force=force)

    truths = write_network(catalogue, output, sites, seed, __version__, before=before)
    click.echo(f"Written: {sites} sites and {truths}", err=True)
    click.echo(f"Audit them: cartaudit batch {output} -o OUT --as-of {AS_OF}")
    return 0
