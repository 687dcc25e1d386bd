"""`cartaudit merge`: join workbooks that several people filled, and name every conflict."""

from pathlib import Path

import click

from cartaudit.cli.options import checklists_option, load, overlay_option
from cartaudit.cli.writing import begin_writing, force_option, messages_beside, output_type, write
from cartaudit.intake.carry import Contents, merge_contents
from cartaudit.model.submission import Rejected


@click.command("merge")
@click.argument("parts", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=output_type(),
    metavar="WHOLE.xlsx",
    help="The workbook to write; `-` for standard output.",
)
@force_option
@checklists_option
@overlay_option
def command(
    parts: tuple[Path, ...], output: Path, force: bool, checklists_folder: Path | None, overlay: tuple[Path, ...]
) -> int:
    """Join PARTS into one workbook.

    What two people answered differently is left blank in the whole and named by both cells; then the exit code is 1.
    """
    outputs = begin_writing([output], force=force)
    from cartaudit import __version__
    from cartaudit.cli.carrying import not_asked, plan_from, read_contents
    from cartaudit.workbook.template import build_template

    catalogue = load(checklists_folder, overlay)
    read = [read_contents(part, catalogue) for part in parts]
    contents = [part for part in read if isinstance(part, Contents)]
    for refused in (part for part in read if isinstance(part, Rejected)):
        for found in refused.problems:
            click.echo(f"{refused.file}: {found}", err=True)
    if len(contents) < len(read):
        return 3
    others = [c for c in contents if c.identity.checklists != contents[0].identity.checklists]
    for other in others:
        fault = f"{other.name}: was made for other checklists than {contents[0].name}. Join parts of one template."
        click.echo(fault, err=True)
    if others:
        return 3
    whole, conflicts = merge_contents(contents)
    plan = plan_from(whole, catalogue, __version__)
    write(outputs, {output: build_template(catalogue, plan)})
    lost = (*whole.lost, *not_asked(whole, catalogue, plan))
    with messages_beside([output]):
        for line in (*(f"Conflict: {c}. Left blank." for c in conflicts), *(f"Not carried: {x}." for x in lost)):
            click.echo(line)
    click.echo(f"{len(contents)} parts, {len(conflicts)} conflicts.", err=True)
    return 1 if conflicts or lost else 0
