"""`cartaudit extract`: hand out the files a PDF report carries."""

import re
from pathlib import Path

import click

from cartaudit.files import write_atomically

_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*")


@click.command("extract")
@click.argument("report", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write into."
)
@click.option("--force", is_flag=True, help="Replace files that are there already.")
def command(report: Path, output: Path, force: bool) -> int:
    """Write the workbook (or reduced submission), result, checklists and manifest of REPORT.pdf into a folder.

    Exits with 1 when the file is no report or a file in it is altered; the files are then written all the same.
    """
    from cartaudit.report.embedded import NoReport, altered_files, read_contents

    contents = read_contents(report.read_bytes())
    if isinstance(contents, NoReport):
        click.echo(f"{report}: {contents.why}", err=True)
        return 1
    targets = {name: output / name for name in contents.files if _PLAIN_NAME.fullmatch(name)}
    present = [str(path) for path in targets.values() if path.exists()]
    if present and not force:
        raise click.UsageError(f"{', '.join(present)} is there already. Name another folder, or add --force.")
    for name, path in targets.items():
        write_atomically(path, contents.files[name])
        click.echo(f"Written: {path}")
    for name in sorted(contents.files.keys() - targets.keys()):
        click.echo(f"Not written: a file whose name is no plain name ({name!r}).", err=True)
    faults = altered_files(contents)
    for name, fault in faults.items():
        click.echo(f"{name}: {fault}.", err=True)
    return 1 if faults else 0
