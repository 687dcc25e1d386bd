"""`cartaudit network`: roll a finished run up again, and the options that say how."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from cartaudit.cli.options import checklists_option, overlay_option

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
def command(
    out: Path,
    anonymise: bool,
    systemic_share: float,
    ranks: bool,
    template_dir: Path | None,
    overlay: tuple[Path, ...],
    checklists_folder: Path | None,
) -> int:
    """Write the network report of OUT again, from what `cartaudit batch` left there."""
    from cartaudit.network import state
    from cartaudit.network.job import pack_catalogue
    from cartaudit.network.rolling import NETWORK_FORMATS, RollUp, write_roll_up
    from cartaudit.network.run import content_hashes
    from cartaudit.pipeline import load_catalogue
    from cartaudit.resources import data_folder

    batch = _read_batch(out)
    if content_hashes(checklists_folder or data_folder("checklists"), overlay) != batch["content"]:
        raise click.UsageError(
            f"{out} was audited with other checklists. Give the same --checklists and --overlay, or run batch again."
        )
    catalogue = load_catalogue(checklists_folder, overlay)
    options = RollUp(anonymise=anonymise, systemic_share=systemic_share, ranks=ranks)
    with state.opened(out):
        as_of = date.fromisoformat(batch["as_of"])
        write_roll_up(out, lambda: pack_catalogue(catalogue), as_of, options, template_dir=template_dir)
    click.echo("Written: " + ", ".join(str(out / f"network.{form}") for form in NETWORK_FORMATS))
    return 0


def _read_batch(out: Path) -> dict[str, Any]:
    try:
        batch: dict[str, Any] = json.loads((out / "batch.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise click.UsageError(f"{out} holds no batch.json. Run `cartaudit batch` into it first.") from error
    except ValueError as error:
        raise click.UsageError(f"{out / 'batch.json'} cannot be read ({error}). Run the batch again.") from error
    return batch
