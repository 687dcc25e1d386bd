"""`cartaudit network`: roll a finished run up again, and the options that say how."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from cartaudit.cli.options import checklists_option, overlay_option
from cartaudit.model.text import one_line

_Function = TypeVar("_Function", bound=Callable[..., Any])


def roll_up_options(function: _Function) -> _Function:
    """Add the options of the network report."""
    for decorate in reversed(
        (
            click.option(
                "--anonymise", is_flag=True, help="Network report: stable codes instead of names, no comments."
            ),
            click.option(
                "--systemic-share",
                type=click.FloatRange(0, 1),
                default=0.25,
                show_default=True,
                help="Network report: share of sites from which an open requirement counts as systemic.",
            ),
            click.option("--ranks", is_flag=True, help="Network report: rank the sites by open gates."),
            click.option(
                "--template-dir",
                type=click.Path(exists=True, file_okay=False, path_type=Path),
                help="A folder with a house style for the reports; what it lacks comes from cartaudit.",
            ),
        )
    ):
        function = decorate(function)
    return function


@click.command("network")
@click.argument("out", type=click.Path(exists=True, file_okay=False, path_type=Path))
@roll_up_options
@overlay_option
@checklists_option
@click.option("--force", is_flag=True, help="Write over network reports that are not as a run into OUT left them.")
def command(
    out: Path,
    anonymise: bool,
    systemic_share: float,
    ranks: bool,
    template_dir: Path | None,
    overlay: tuple[Path, ...],
    checklists_folder: Path | None,
    force: bool,
) -> int:
    """Write the network report of OUT again, from what `cartaudit batch` left there."""
    from cartaudit.network import state
    from cartaudit.network.job import pack_catalogue
    from cartaudit.network.placing import BATCH_FILE
    from cartaudit.network.refusals import refuse_in_the_way
    from cartaudit.network.rolling import NETWORK_FILES, RollUp, write_roll_up
    from cartaudit.network.run import content_hashes
    from cartaudit.pipeline import load_catalogue
    from cartaudit.resources import data_folder

    if not (out / BATCH_FILE).exists():
        raise click.UsageError(f"{out} holds no batch.json. Run `cartaudit batch` into it first.")
    with state.opened(out):
        batch, keys = _read_run(out)
        if content_hashes(checklists_folder or data_folder("checklists"), overlay) != batch["content"]:
            raise click.UsageError(
                f"{out} was audited with other checklists. Give the same --checklists and --overlay, or run the batch "
                "again."
            )
        if not force:
            refuse_in_the_way(out, NETWORK_FILES)
        catalogue = load_catalogue(checklists_folder, overlay)
        options = RollUp(anonymise=anonymise, systemic_share=systemic_share, ranks=ranks)
        write_roll_up(
            out,
            lambda: pack_catalogue(catalogue),
            date.fromisoformat(batch["as_of"]),
            options,
            template_dir=template_dir,
            force=force,
        )
        lost = [site["file"] for site in batch["sites"] if state.read_record_of(out, site, keys) is None]
    click.echo("Written: " + ", ".join(str(out / name) for name in NETWORK_FILES), err=True)
    if lost:
        click.echo(
            f"No record, counted as not audited: {', '.join(map(one_line, lost))}. Run the batch again.", err=True
        )
    return 3 if lost else 0


def _read_run(out: Path) -> tuple[dict[str, Any], Mapping[str, str]]:
    """Read what the last run left. Raises click.UsageError where there is nothing that can be believed."""
    from cartaudit.network import state

    run = state.read_run(out)
    if run is None:
        raise click.UsageError(f"{out / 'batch.json'} is not as a run left it. Run the batch again.")
    if state.is_unfinished(out):
        raise click.UsageError(f"The last run into {out} did not end. Run the same batch again.")
    return run
