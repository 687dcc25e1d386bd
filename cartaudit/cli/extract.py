"""`cartaudit extract`: hand out the files a PDF report carries."""

import re
from pathlib import Path

import click

from cartaudit.cli.writing import begin_writing, folder_type, force_option, write

_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*")


@click.command("extract")
@click.argument("report", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "--output", type=folder_type(), required=True, metavar="DIR", help="The folder to write into.")
@force_option
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
    outputs = begin_writing(targets.values(), force=force)
    write(outputs, {path: contents.files[name] for name, path in targets.items()})
    for name in sorted(contents.files.keys() - targets.keys()):
        click.echo(f"Not written: a file whose name is no plain name ({name!r}).", err=True)
    faults = altered_files(contents)
    for name, fault in faults.items():
        click.echo(f"{name}: {fault}.", err=True)
    return 1 if faults else 0
