"""`cartaudit extract`: hand out the files a PDF report carries."""

from pathlib import Path

import click

from cartaudit.cli.writing import begin_writing, folder_type, force_option, write


@click.command("extract")
@click.argument("report", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "--output", type=folder_type(), required=True, metavar="DIR", help="The folder to write into.")
@force_option
def command(report: Path, output: Path, force: bool) -> int:
    """Write the workbook (or reduced submission), result, checklists and manifest of REPORT.pdf into a folder.

    Exits with 1 when the file is no report or a file in it is altered; the files are then written all the same. Only
    files that a report carries are written, each by its one name.
    """
    from cartaudit.verification import carried_files

    files, faults = carried_files(report.read_bytes())
    targets = {output / name: data for name, data in files.items()}
    if targets:
        write(begin_writing(targets, force=force), targets)
    for fault in faults:
        click.echo(f"{report}: {fault}", err=True)
    return 1 if faults or not files else 0
