"""The `portal` command taken apart: its leaves, and lines of text read as calls of it."""

import shlex
from collections.abc import Iterator

import click

from portal.cli.main import portal


def leaves(
    command: click.Command = portal, path: tuple[str, ...] = ("portal",)
) -> Iterator[tuple[str, click.Command]]:
    """Yield every command that does something, with its full name."""
    if not isinstance(command, click.Group):
        yield " ".join(path), command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        assert below is not None
        yield from leaves(below, (*path, name))


def parse(line: str) -> None:
    """Read a line as the shell and the command would; run nothing.

    Raises:
        click.ClickException: if the command would refuse it.
    """
    command: click.Command = portal
    _, *words = shlex.split(line, comments=True)
    while isinstance(command, click.Group):
        context = click.Context(command)
        _, below, words = command.resolve_command(context, words)
        assert below is not None
        command = below
    command.make_context(command.name, list(words))


def calls(text: str) -> list[str]:
    """Return the lines of a text that call the command."""
    lines = (line.strip().removeprefix("$ ") for line in text.splitlines())
    return [line for line in lines if line.startswith("portal ")]
