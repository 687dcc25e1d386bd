"""Options that several commands share, and the loading of checklists that they decide."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from cartaudit.model.checklists import Catalogue


class _Day(click.ParamType[date]):
    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"'{value}' is not a date. Write it as 2026-11-22.", param, ctx)


checklists_option = click.option(
    "--checklists",
    "checklists_folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Use the checklists of this folder instead of those that come with cartaudit.",
)

overlay_option = click.option(
    "--overlay",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Apply this overlay; repeat for more, in the order given.",
)

as_of_option = click.option(
    "--as-of",
    type=_Day(),
    metavar="DATE",
    help="Judge as of this day, like 2026-11-22. Default: today.",
)


def load(folder: Path | None = None, overlays: Sequence[Path] = ()) -> Catalogue:
    """Load the packaged checklists, or those of a folder, with overlays. Raises ChecklistError with every fault."""
    from cartaudit.pipeline import load_catalogue

    return load_catalogue(folder, overlays)
