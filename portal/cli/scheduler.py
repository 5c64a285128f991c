"""`portal scheduler`: keep the numbers fresh without being asked."""

import signal
from contextlib import suppress
from pathlib import Path
from threading import Event

import click

from portal.cli.context import Portal, pass_portal
from portal.cli.rooms import room_of, watched_of


@click.command("scheduler")
@click.option(
    "--watched",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The folder that is watched; PORTAL_HOME/watched if left out.",
)
@click.option("--once", "only_once", is_flag=True, help="Do what is due now, and end.")
@pass_portal
def command(portal: Portal, watched: Path | None, *, only_once: bool) -> None:
    """Load watched folders, refresh numbers, close periods, tell people; until stopped.

    Of several schedulers on one database one leads, the others wait to take over. Below the
    watched folder there is a folder a tenant, with source files and the files they name.

    \b
    portal scheduler
    portal scheduler --once
    """  # noqa: D301 - \b is click's mark for lines that are kept
    # Jobs bring services and engine with them; usage errors and help do without.
    from portal.jobs import scheduling  # noqa: PLC0415

    room = room_of(portal, "scheduler", watched or watched_of(portal), _say)
    if only_once:
        scheduling.once(room)
        return
    stop = Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: stop.set())
    scheduling.run(room, stop)


def _say(line: str) -> None:
    # What was done is in the database; a full disk under the log must not stop the next slot.
    with suppress(OSError):
        click.echo(line)
