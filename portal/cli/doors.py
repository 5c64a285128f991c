"""What each command asks for: whoever may run it on the host, and row-level security binds it."""

from collections.abc import Iterator

import click

from portal.cli.main import portal
from portal.security.permissions import Gate
from portal.security.registry import Kind, Registry

COMMANDS = frozenset(
    {
        "portal backup",
        *("portal db status", "portal db stop", "portal db upgrade"),
        "portal demo",
        "portal import",
        *("portal kpi apply", "portal kpi history", "portal kpi lint", "portal kpi list"),
        *("portal kpi show", "portal kpi sql", "portal kpi values"),
        "portal refresh",
        "portal restore",
        "portal scheduler",
        "portal serve",
        "portal snapshot",
        *("portal store check", "portal store clean"),
        *("portal store compact", "portal store loads"),
        *("portal target copy", "portal target import-quota", "portal target list"),
        "portal target set",
        *("portal tenant create", "portal tenant oidc", "portal tenant set", "portal tenant show"),
        "portal tenant stages",
        *("portal user add", "portal user reset-sign-in"),
    }
)
"""Every command. None is for a person of a tenant: those come in by the web."""


def declare_commands(registry: Registry) -> None:
    """Say what each command asks for, and refuse the start where the lists differ.

    Raises:
        UndeclaredError: if a command is not listed, or one that is listed is gone.
    """
    for name in COMMANDS:
        registry.declare(Kind.COMMAND, name, Gate.OPERATOR)
    registry.refuse_gaps(Kind.COMMAND, leaves(portal, "portal"))


def leaves(command: click.Command, name: str) -> Iterator[str]:
    """Yield the full name of every command that does something."""
    if not isinstance(command, click.Group):
        yield name
        return
    context = click.Context(command)
    for word in command.list_commands(context):
        below = command.get_command(context, word)
        if below is not None:
            yield from leaves(below, f"{name} {word}")
