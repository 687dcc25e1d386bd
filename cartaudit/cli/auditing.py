"""What `check` and `report` share: reading arguments and the workbook, judging, and the exit code."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from cartaudit.cli.options import as_of_option, checklists_option, overlay_option
from cartaudit.cli.writing import input_type, read_input
from cartaudit.model.audit import Audit
from cartaudit.model.checklists import Catalogue
from cartaudit.model.submission import Rejected
from cartaudit.pipeline import FAIL_ON, AuditOptions, audit_bytes, load_catalogue, parse_selection, read_mapping

_Function = TypeVar("_Function", bound=Callable[..., Any])


def audit_arguments(function: _Function) -> _Function:
    """Add the workbook and the options that every auditing command has."""
    for decorate in reversed(
        (
            click.argument("workbook", type=input_type()),
            click.option(
                "-c",
                "--checklist",
                "checklists",
                multiple=True,
                metavar="ID[@EDITION]",
                help="Judge this checklist; repeat for more. Default: those that the profile calls for.",
            ),
            as_of_option,
            overlay_option,
            checklists_option,
            click.option(
                "--columns",
                type=click.Path(exists=True, dir_okay=False, path_type=Path),
                metavar="MAP.toml",
                help="Read a centre's own layout by this mapping (see `cartaudit map suggest`).",
            ),
            click.option(
                "--fail-on",
                type=click.Choice(FAIL_ON),
                default="major",
                show_default=True,
                help="Lowest severity that makes the exit code 1. What is not assessed counts at its severity.",
            ),
            click.option("-q", "--quiet", is_flag=True, help="Print one line per checklist, and problems."),
        )
    ):
        function = decorate(function)
    return function


def audit_file(
    workbook: Path,
    checklists: tuple[str, ...],
    as_of: date | None,
    overlay: tuple[Path, ...],
    folder: Path | None,
    columns: Path | None,
) -> tuple[Audit | Rejected, Catalogue, bytes, AuditOptions]:
    """Read a workbook, from disk or standard input, and audit it; the clock is read here and nowhere below."""
    today = date.today()
    options = AuditOptions(
        as_of=as_of or today,
        as_of_is_today=as_of is None or as_of == today,
        selection=parse_selection(checklists),
    )
    catalogue = load_catalogue(folder, overlay)
    mapping = read_mapping(columns) if columns else None
    data, name = read_input(workbook)
    return audit_bytes(data, name, catalogue, options, mapping), catalogue, data, options
