"""`cartaudit report`: read and judge a workbook, and write the gap-analysis report."""

from datetime import date
from pathlib import Path

import click

from cartaudit.cli.auditing import audit_arguments, audit_file
from cartaudit.cli.signing import read_signature, signing_options
from cartaudit.cli.writing import STANDARD, begin_writing, force_option, messages_beside, output_type, write
from cartaudit.model.submission import Rejected
from cartaudit.pipeline import FORMATS, exit_code


@click.command("report")
@audit_arguments
@click.option(
    "-o",
    "--output",
    type=output_type(),
    help="A file with one format (`-` for standard output), a folder with several. Default: the workbook's name, "
    "where you are.",
)
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(FORMATS),
    help="Repeat for more. Default: what the output's suffix says, else pdf.",
)
@click.option(
    "--detail",
    type=click.Choice(["full", "exceptions"]),
    default="full",
    show_default=True,
    help="Print every requirement in full, or those that are met by title only.",
)
@click.option(
    "--audience",
    type=click.Choice(["centre", "commissioner"]),
    default="centre",
    show_default=True,
    help="For the centre with comments and evidence texts, or for its commissioner without them.",
)
@click.option(
    "--template-dir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with a house style; what it lacks comes from cartaudit.",
)
@signing_options
@force_option
def command(
    workbook: Path,
    checklists: tuple[str, ...],
    as_of: date | None,
    overlay: tuple[Path, ...],
    checklists_folder: Path | None,
    columns: Path | None,
    fail_on: str,
    quiet: bool,
    output: Path | None,
    formats: tuple[str, ...],
    detail: str,
    audience: str,
    template_dir: Path | None,
    sign_with: Path | None,
    sign_certificate: Path | None,
    sign_passphrase_file: Path | None,
    sign_as: str,
    force: bool,
) -> int:
    """Read and judge WORKBOOK (`-` for standard input) and write its gap-analysis report."""
    from cartaudit.cli import printing
    from cartaudit.pipeline import render

    targets = plan_outputs(workbook, output, formats)
    outputs = begin_writing(targets.values(), force=force)
    signature = read_signature(sign_with, sign_certificate, sign_passphrase_file, sign_as)
    if signature and "pdf" not in targets:
        raise click.UsageError("--sign-with signs a PDF, and none is written. Add --format pdf.")
    audit, catalogue, data, options = audit_file(workbook, checklists, as_of, overlay, checklists_folder, columns)
    wanted = tuple(f for f in targets if f == "json") if isinstance(audit, Rejected) else tuple(targets)
    files = render(
        audit,
        catalogue,
        data,
        options,
        wanted,
        detail=detail,
        audience=audience,
        template_dir=template_dir,
        mapping=columns.read_bytes() if columns else b"",
    )
    if signature and "pdf" in files:
        files["pdf"] = signature.sign(files["pdf"])
    write(outputs, {targets[form]: content for form, content in files.items()})
    with messages_beside(targets.values()):
        if isinstance(audit, Rejected):
            printing.print_rejected(audit)
        elif not quiet:
            printing.print_audit(audit, options, quiet=True)
    return 3 if isinstance(audit, Rejected) else exit_code(audit, fail_on)


def plan_outputs(workbook: Path, output: Path | None, formats: tuple[str, ...]) -> dict[str, Path]:
    """Decide which file each format goes to. Raises click.UsageError when the options do not fit together."""
    wanted = formats or ("pdf",)
    if output == STANDARD:
        if len(wanted) > 1:
            raise click.UsageError("Standard output takes one format. Name a folder after -o.")
        return {wanted[0]: STANDARD}
    if output is None or len(formats) > 1 or output.is_dir():
        if workbook == STANDARD:
            raise click.UsageError("A workbook from standard input has no name for its reports. Name a file with -o.")
        return {form: (output or Path()) / f"{workbook.stem}.{form}" for form in wanted}
    form = formats[0] if formats else output.suffix.lstrip(".").lower()
    if form not in FORMATS:
        known = ", ".join(FORMATS)
        raise click.UsageError(f"{output}: its suffix names no format. Use one of {known}, or give --format.")
    return {form: output}
