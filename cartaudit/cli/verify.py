"""`cartaudit verify`: check that PDF reports rest on what they carry, and say what follows from it."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cartaudit import __version__

if TYPE_CHECKING:
    from cartaudit.verification import Check

FORMAT_VERSION = 1
_EXIT = {"holds": 0, "does_not_hold": 1, "not_compared": 5}
_LABEL = {"holds": "HOLDS", "fails": "FAILS", "not_compared": "NOT COMPARED", "note": "NOTE"}


@click.command("verify")
@click.argument("reports", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--template-dir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The house style with which the report was made.",
)
@click.option(
    "--overlay",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    metavar="FILE",
    help="An overlay that the report may have used, as you have it; repeat for more.",
)
@click.option(
    "--checklists",
    "checklists_folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Compare with the checklists of this folder instead of those that come with cartaudit.",
)
@click.option(
    "--trust",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="ROOTS.pem",
    help="Certificates (PEM) that the signature has to go back to. Without them, whom to trust is left to you.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Lines to read, or one JSON document.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print what does not hold or was not compared, and the conclusion.")
def command(
    reports: Sequence[Path],
    template_dir: Path | None,
    overlay: Sequence[Path],
    checklists_folder: Path | None,
    trust: Path | None,
    form: str,
    quiet: bool,
) -> int:
    """Check REPORT.pdf: its files, the audit made again from them, its pages, and its signature.

    Exits with 0 when everything holds, 1 when something does not, 5 when nothing speaks against a report but a part
    could not be compared here (its layout, a house style, another version). Nothing but the file and this cartaudit is
    needed. Of several reports the most serious counts.
    """
    from cartaudit.verification import outcome, verify_report

    roots = trust.read_bytes() if trust else None
    known = tuple(path.read_bytes() for path in overlay)
    found: list[dict[str, Any]] = []
    for path in reports:
        data = path.read_bytes()
        checks = verify_report(data, template_dir, released=checklists_folder, trust=roots, overlays=known)
        told = outcome(checks).value
        found.append(_as_json(path, data, checks, told))
        if form == "text":
            _print(path if len(reports) > 1 else None, checks, quiet=quiet)
    if form == "json":
        click.echo(json.dumps(_document(found), ensure_ascii=False, indent=1))
    codes = [_EXIT[report["outcome"]] for report in found]
    return 1 if 1 in codes else max(codes)


def _print(path: Path | None, checks: "Sequence[Check]", *, quiet: bool) -> None:
    if path is not None:
        click.echo(f"{path}")
    for check in checks:
        if not quiet or check.state.value in ("fails", "not_compared") or check is checks[-1]:
            click.echo(f"{_LABEL[check.state.value]:12}  {check.text}")


def _as_json(path: Path, data: bytes, checks: "Sequence[Check]", told: str) -> dict[str, Any]:
    return {
        "file": str(path),
        "sha256": hashlib.sha256(data).hexdigest(),
        "outcome": told,
        "conclusion": checks[-1].text if checks else "",
        "checks": [{"state": check.state.value, "text": check.text} for check in checks],
    }


def _document(found: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "format_version": FORMAT_VERSION,
        "tool": {"name": "cartaudit", "version": __version__},
        "reports": found,
    }
