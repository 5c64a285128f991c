"""`portal scheduler`: keep the numbers fresh without being asked."""

import signal
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import click

from portal.cli.context import Portal, pass_portal
from portal.cli.mishaps import record
from portal.cli.workshop import store_of, workshop_of

if TYPE_CHECKING:
    # Jobs bring services and engine with them; usage errors and help do without.
    from portal.jobs.room import Room


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
    from portal.jobs import scheduling  # noqa: PLC0415 - see above

    room = _room(portal, watched or portal.config.home / "watched")
    if only_once:
        scheduling.once(room)
        return
    stop = Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: stop.set())
    scheduling.run(room, stop)


def _room(portal: Portal, watched: Path) -> "Room":
    from portal.jobs.room import Room  # noqa: PLC0415 - see above
    from portal.services.digests import Mailroom  # noqa: PLC0415
    from portal.services.import_run import Office  # noqa: PLC0415
    from portal.services.mailing import Post  # noqa: PLC0415

    def mishap(error: Exception) -> str:
        return record(error, ["scheduler"], portal.config.home, portal.now())

    office = Office(portal.database, store_of(portal), portal.config.home, portal.now)
    mailroom = Mailroom(portal.database, Post.of(portal.config), portal.config.url)
    return Room(workshop_of(portal), office, watched, _say, mishap, mailroom)


def _say(line: str) -> None:
    # What was done is in the database; a full disk under the log must not stop the next slot.
    with suppress(OSError):
        click.echo(line)
