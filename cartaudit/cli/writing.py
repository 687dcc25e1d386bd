"""The one way in which commands write: what they may write over, standard output, and saying what was written."""

import contextlib
import os
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from cartaudit.errors import OutputError
from cartaudit.files import Outputs
from cartaudit.model.text import visible

STANDARD = Path("-")
"""Standard input where a file is read, standard output where one is written."""

_STANDARD_INPUT = Path("/dev/stdin")
"""What standard input is redirected from, where a system can say so."""

_MOST = 512_000_000
"""Bytes of a file that are looked at to find out whether it is ours; no report comes near."""


class FileOrStandard(click.Path):
    """A file, or `-` for standard input or output; a file that is really called so is named `./-`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Give a path; STANDARD for `-` alone."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        return path.absolute() if path == STANDARD and str(value) != "-" else path


class Folder(click.Path):
    """A folder to write into, which is made where it is missing."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Give a path; `-` is a usage error."""
        if str(value) == "-":
            self.fail("Standard output takes one file, and these are several. Name a folder.", param, ctx)
        return Path(os.fsdecode(super().convert(value, param, ctx)))


def input_type() -> FileOrStandard:
    """Give the type of a parameter that names a file to read, or standard input."""
    return FileOrStandard(exists=True, dir_okay=False, allow_dash=True)


def output_type() -> FileOrStandard:
    """Give the type of an option that names a file to write; what is in its way is looked at by `begin_writing`."""
    return FileOrStandard(readable=False, allow_dash=True)


def folder_type() -> Folder:
    """Give the type of an option that names a folder to write into."""
    return Folder(readable=False)


force_option = click.option(
    "--force", is_flag=True, help="Write over files that are there, whatever they hold; never over one that is read."
)


def begin_writing(targets: Collection[Path], *, force: bool, inputs: Sequence[Path] | None = None) -> Outputs:
    """Refuse targets of the running command that may not be written, before it does any work.

    What it reads are all files and folders that its parameters name, unless `inputs` says it more closely. Raises
    InputAsOutputError, OutputError.
    """
    read = tuple(_inputs(click.get_current_context())) if inputs is None else inputs
    outputs = Outputs(why_kept=why_kept, inputs=read, force=force)
    outputs.check([target for target in targets if target != STANDARD])
    return outputs


def _inputs(context: click.Context) -> Iterator[Path]:
    """List what the command was told to read: the values of all parameters that name something that must exist."""
    for parameter in context.command.params:
        value = context.params.get(parameter.name or "")
        if isinstance(parameter.type, click.Path) and parameter.type.exists and value:
            for path in value if isinstance(value, tuple) else (value,):
                yield _STANDARD_INPUT if path == STANDARD else path


def why_kept(path: Path) -> str:
    """Say why a file is not written over unasked (`is ...`); nothing of a report as we wrote it. Raises OSError.

    A report is told by its seal, or by the record of the run that wrote it into its folder.
    """
    from cartaudit.network.placing import is_recorded
    from cartaudit.report.seal import is_sealed, is_signed

    data = path.read_bytes() if path.stat().st_size <= _MOST else b""
    if is_sealed(data) or is_recorded(path):
        return ""
    return "is signed" if is_signed(data) else "is no unchanged report of cartaudit"


def write(outputs: Outputs, files: Mapping[Path, bytes]) -> None:
    """Write files, all or none, and say so on standard error. Raises InputAsOutputError, OutputError."""
    outputs.write({path: data for path, data in files.items() if path != STANDARD})
    for path, data in files.items():
        if path == STANDARD:
            write_standard_output(data)
        else:
            click.echo(f"Written: {visible(str(path))}", err=True)


def write_standard_output(data: bytes) -> None:
    """Write bytes to standard output as they are: the same as in a file. Raises OutputError where it is closed."""
    if sys.stdout is None:
        raise OutputError("Standard output is closed. Name a file with -o.")
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


@contextlib.contextmanager
def messages_beside(targets: Collection[Path]) -> Iterator[None]:
    """Print to standard error what would go to standard output, while a file is written there."""
    with contextlib.redirect_stdout(sys.stderr) if STANDARD in targets else contextlib.nullcontext():
        yield


def read_input(path: Path) -> tuple[bytes, str]:
    """Read a file, or standard input; gives also how it is called. Raises OSError."""
    if path == STANDARD:
        return sys.stdin.buffer.read(), "standard input"
    return path.read_bytes(), path.name
