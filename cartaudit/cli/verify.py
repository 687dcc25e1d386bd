"""`cartaudit verify`: check that a PDF report rests on what it carries, and says what follows from it."""

from pathlib import Path

import click


@click.command("verify")
@click.argument("report", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--template-dir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The house style with which the report was made.",
)
@click.option(
    "--trust",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="ROOTS.pem",
    help="Certificates (PEM) that the signature has to go back to. Without them, whom to trust is left to you.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print what does not hold, and the conclusion.")
def command(report: Path, template_dir: Path | None, trust: Path | None, quiet: bool) -> int:
    """Check REPORT.pdf: its files, the audit made again from them, its pages, and its signature.

    Exits with 0 when everything holds, else with 1. Nothing but the file itself and this cartaudit is needed.
    """
    from cartaudit.verification import State, holds, verify_report

    checks = verify_report(report.read_bytes(), template_dir, trust=trust.read_bytes() if trust else None)
    for check in checks:
        if not quiet or check.state is State.FAILS or check is checks[-1]:
            click.echo(f"{check.state.upper():5}  {check.text}")
    return 0 if holds(checks) else 1
