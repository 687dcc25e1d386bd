"""`cartaudit batch`: audit a folder of workbooks in one run."""

import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from cartaudit.cli.network import roll_up_options
from cartaudit.cli.options import as_of_option, checklists_option, overlay_option
from cartaudit.model.text import one_line
from cartaudit.pipeline import FAIL_ON, FORMATS, AuditOptions, parse_selection

if TYPE_CHECKING:
    from cartaudit.network.batch import Progress as Finished
    from cartaudit.network.run import Ended, Started

_LINE_EVERY = 50
_NAMED = 10


@click.command("batch")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="OUT",
    help="The folder to write to.",
)
@click.option("-c", "--checklist", "checklists", multiple=True, metavar="ID[@EDITION]", help="Judge this checklist.")
@as_of_option
@overlay_option
@checklists_option
@click.option("--format", "formats", multiple=True, type=click.Choice(FORMATS), help="Default: pdf and json.")
@click.option(
    "--detail", type=click.Choice(["full", "exceptions"]), default="full", show_default=True, help="As in `report`."
)
@click.option(
    "--audience",
    type=click.Choice(["centre", "commissioner"]),
    default="centre",
    show_default=True,
    help="As in `report`.",
)
@click.option("--jobs", type=click.IntRange(min=1), help="Slots on this machine. Default: one for each core.")
@click.option("--scheduler", metavar="tcp://HOST:PORT", help="Run on the workers of this Dask scheduler instead.")
@click.option(
    "--force",
    is_flag=True,
    help="Compute every site again, and write over files that are not as a run into OUT left them.",
)
@click.option("--time-limit", type=click.FloatRange(min=1), default=120, show_default=True, help="Seconds for a site.")
@click.option(
    "--memory-limit",
    type=click.IntRange(min=0),
    default=2048,
    show_default=True,
    metavar="MB",
    help="Address space of a worker, 0 for no limit; enforced on Linux, elsewhere without effect.",
)
@roll_up_options
@click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    default="major",
    show_default=True,
    help="Lowest severity that makes the exit code 1.",
)
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
def command(
    paths: tuple[Path, ...],
    output: Path,
    checklists: tuple[str, ...],
    as_of: date | None,
    overlay: tuple[Path, ...],
    checklists_folder: Path | None,
    formats: tuple[str, ...],
    detail: str,
    audience: str,
    jobs: int | None,
    scheduler: str | None,
    force: bool,
    time_limit: float,
    memory_limit: int,
    anonymise: bool,
    systemic_share: float,
    ranks: bool,
    template_dir: Path | None,
    fail_on: str,
    quiet: bool,
) -> int:
    """Audit every workbook in PATHS (files or folders), each for itself, and roll the network up."""
    from cartaudit.network.rolling import RollUp
    from cartaudit.network.run import Request, run_batch
    from cartaudit.network.slots import Limits

    today = date.today()
    request = Request(
        paths=paths,
        out=output,
        options=AuditOptions(
            as_of=as_of or today,
            as_of_is_today=as_of is None or as_of == today,
            selection=parse_selection(checklists),
        ),
        date_given=as_of is not None,
        formats=tuple(dict.fromkeys(formats)) or ("pdf", "json"),
        folder=checklists_folder,
        overlays=overlay,
        detail=detail,
        audience=audience,
        template_dir=template_dir,
        jobs=jobs or 0,
        scheduler=scheduler or "",
        force=force,
        limits=Limits(seconds=time_limit, megabytes=memory_limit),
        roll_up=RollUp(anonymise=anonymise, systemic_share=systemic_share, ranks=ranks),
    )
    shown = Shown(quiet=quiet)
    try:
        with shown:
            ended = run_batch(request, fail_on, shown.start, shown.done, shown.roll_up)
    except KeyboardInterrupt:
        click.echo(f"Stopped. {shown.finished} sites are done; the same command goes on with the rest.", err=True)
        return 130
    if not any(ended.outcomes.values()):
        raise click.UsageError(
            f"{', '.join(map(str, paths))}: no workbook found. Name a folder that holds .xlsx files."
        )
    counts = ", ".join(f"{n} {o.value.replace('_', ' ')}" for o, n in ended.outcomes.items() if n)
    click.echo(f"{counts}. Reports, batch.json and network.* are in {output}.")
    for line in _said(ended):
        click.echo(line)
    return ended.exit_code


def _said(ended: "Ended") -> Iterator[str]:
    """Name what was not audited, what counts once, and what was set aside, each up to a few."""
    unread = [f"{one_line(file)} ({outcome.value.replace('_', ' ')})" for file, outcome in ended.not_audited]
    if unread:
        yield f"Not audited: {_few(unread)}. Why is in batch.json."
    if ended.twice:
        groups = [" = ".join(map(one_line, group)) for group in ended.twice]
        yield f"Handed in more than once, counted once: {_few(groups)}."
    if ended.set_aside:
        kept = [one_line(name) for name in ended.set_aside]
        yield f"Changed since they were written, made again; what stood there is kept: {_few(kept)}."


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return "; ".join(names[:_NAMED]) + more


class Shown:
    """Progress on stderr: a bar in a terminal, plain lines elsewhere, nothing when quiet."""

    def __init__(self, *, quiet: bool) -> None:
        self.finished = 0
        self._reused = 0
        self._total = 0
        self._began = time.monotonic()
        self._quiet = quiet
        self._bar = self._make_bar() if sys.stderr.isatty() and not quiet else None
        self._task: TaskID | None = None

    @staticmethod
    def _make_bar() -> Progress:
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[pace]}"))
        return Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True))

    def __enter__(self) -> "Shown":
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def start(self, started: "Started") -> None:
        """Say how much there is to do, and for which day."""
        self._total = started.sites
        self._began = time.monotonic()
        day = started.options.as_of.isoformat()
        if started.options.as_of_is_today and day != date.today().isoformat():
            click.echo(f"Going on with the unfinished run of {day}. For another day give --as-of.", err=True)
        if self._bar is not None:
            self._task = self._bar.add_task("Sites", total=started.sites, pace=f"0 of {started.sites}")
        elif not self._quiet:
            click.echo(f"{started.sites} sites, {started.slots} at a time, as of {day}.", err=True)

    def done(self, progress: "Finished") -> None:
        """Count one finished site."""
        self.finished += 1
        self._reused += progress.reused
        computed = self.finished - self._reused
        rate = computed / max(time.monotonic() - self._began, 1e-9)
        pace = f", {rate:.1f} sites/s" if computed else ""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, advance=1, pace=f"{self.finished} of {self._total}{pace}")
        elif not self._quiet and (self.finished % _LINE_EVERY == 0 or self.finished == self._total):
            reused = f", {self._reused} unchanged" if self._reused else ""
            rest = self._total - self.finished
            left = f", about {rest / rate:.0f} s left" if computed and rest else ""
            click.echo(f"{self.finished} of {self._total} sites{reused}{pace}{left}", err=True)

    def roll_up(self) -> None:
        """Say that the sites are done and the network's own report is being made."""
        if self._bar is not None:
            self._bar.add_task("Network report", total=None, pace="")
        elif not self._quiet:
            click.echo("Making the network report.", err=True)
