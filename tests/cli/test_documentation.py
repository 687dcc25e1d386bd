"""The documentation as a tested fact: every command and option has help and stands on its page."""

import os
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cartaudit.cli import COMMANDS, cartaudit

PAGE = Path(__file__).resolve().parents[2] / "docs" / "command-line.md"
START, END = "<!-- generated: commands -->\n", "<!-- end of generated -->\n"


def _commands() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(cartaudit)
    for name in COMMANDS:
        command = cartaudit.get_command(context, name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            for inner in command.list_commands(context):
                found = command.get_command(context, inner)
                assert found is not None
                yield f"{name} {inner}", found


def _generated() -> str:
    blocks = []
    for name, command in _commands():
        names = cartaudit.context_settings["help_option_names"]
        context = click.Context(
            command, info_name=f"cartaudit {name}", max_content_width=100, terminal_width=100, help_option_names=names
        )
        blocks.append(f"### cartaudit {name}\n\n```\n{command.get_help(context)}\n```\n")
    return "\n".join(blocks)


def test_command_line_page_is_current() -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    wanted = before + START + _generated() + END + after
    if os.environ.get("UPDATE_DOCS"):
        PAGE.write_text(wanted, encoding="utf-8")
    assert text == wanted, "run the tests once with UPDATE_DOCS=1"


@pytest.mark.parametrize(("name", "command"), [pytest.param(n, c, id=n) for n, c in _commands()])
def test_every_command_and_option_has_help(name: str, command: click.Command) -> None:
    assert command.help
    without = [p.name for p in command.params if isinstance(p, click.Option) and not p.hidden and not p.help]
    assert without == [], f"options of {name} without help"
