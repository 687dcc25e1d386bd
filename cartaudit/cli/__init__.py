"""The command line: parses arguments, calls, prints; each command is imported only when it is used."""

import importlib
import os
import sys
from typing import Any

import click

from cartaudit import __version__
from cartaudit.cli.console import end_output, prepare_console
from cartaudit.errors import (
    CartauditError,
    ChecklistError,
    InputAsOutputError,
    MappingError,
    RenderError,
    SigningError,
    UnknownChecklistError,
    WorkbookError,
)

COMMANDS: dict[str, tuple[str, str]] = {
    "checklists": ("cartaudit.cli.checklists", "List, show, check and compare the checklists."),
    "template": ("cartaudit.cli.template", "Write an empty self-assessment workbook."),
    "check": ("cartaudit.cli.check", "Read and judge a workbook, and print the outcome."),
    "report": ("cartaudit.cli.report", "Read and judge a workbook, and write the gap-analysis report."),
    "batch": ("cartaudit.cli.batch", "Audit a folder of workbooks in one run, and roll the network up."),
    "network": ("cartaudit.cli.network", "Write the network report of a finished run again."),
    "verify": ("cartaudit.cli.verify", "Check that a PDF report rests on what it carries and says what follows."),
    "extract": ("cartaudit.cli.extract", "Hand out the files a PDF report carries."),
    "map": ("cartaudit.cli.map", "Find out how a centre's own sheet is laid out."),
    "merge": ("cartaudit.cli.merge", "Join workbooks that several people filled, and name every conflict."),
    "samples": ("cartaudit.cli.samples", "Write synthetic sample workbooks."),
}

EXIT_USAGE = 2
EXIT_REJECTED = 3
EXIT_OUTPUT = 4
EXIT_BUG = 70
EXIT_STOPPED = 130


class LazyGroup(click.Group):
    """A group whose commands are imported when used, so that `--help` loads nothing heavy."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help of the group without importing any command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="cartaudit")
def cartaudit() -> None:
    """Audit CAR-T treatment centres against FACT-JACIE-style, manufacturer and commissioner checklists."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with the exit code of the contract (docs/command-line.md)."""
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Run one command and give its exit code, whatever console there is."""
    prepare_console()
    return end_output(_run(arguments), closed=EXIT_STOPPED, failed=EXIT_OUTPUT)


def _run(arguments: list[str] | None) -> int:
    """Run one command; the only place where errors become exit codes."""
    try:
        outcome: Any = cartaudit.main(args=arguments, prog_name="cartaudit", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        return EXIT_STOPPED
    except SystemExit as left:  # so click and rich leave where nobody reads on, and click after completing a command
        return EXIT_STOPPED if left.code == 1 else int(left.code or 0)
    except click.ClickException as error:
        error.show()
        return EXIT_USAGE
    except (UnknownChecklistError, MappingError, SigningError, InputAsOutputError) as error:
        click.echo(f"Error: {error}", err=True)
        return EXIT_USAGE
    except ChecklistError as error:
        click.echo(f"Error: {error}", err=True)
        for detail in error.details:
            click.echo(f"  {detail}", err=True)
        return EXIT_OUTPUT
    except (RenderError, WorkbookError) as error:
        click.echo(f"Error: {error}", err=True)
        return EXIT_OUTPUT
    except CartauditError as error:
        click.echo(f"Error: {error}", err=True)
        return EXIT_OUTPUT
    except OSError as error:
        click.echo(f"Error: {error.filename or 'the output'}: {error.strerror or error}.", err=True)
        return EXIT_OUTPUT
    except Exception as error:
        click.echo(
            f"Bug in cartaudit {__version__}: {type(error).__name__}: {error}. "
            "Please report it with the command you ran; CARTAUDIT_TRACEBACK=1 shows the details.",
            err=True,
        )
        if os.environ.get("CARTAUDIT_TRACEBACK"):
            raise
        return EXIT_BUG
    return outcome if isinstance(outcome, int) else 0
