"""What jobs that a command starts work with."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from portal.cli.context import Portal
from portal.cli.mishaps import record
from portal.cli.workshop import store_of, workshop_of

if TYPE_CHECKING:
    # Jobs bring services and engine with them; usage errors and help do without.
    from portal.jobs.room import Room


def room_of(portal: Portal, command: str, watched: Path, tell: Callable[[str], None]) -> "Room":
    """Return the room of a command; what goes wrong in it unforeseen is kept under its name."""
    from portal.jobs.room import Room  # noqa: PLC0415 - see above
    from portal.services.digests import Mailroom  # noqa: PLC0415
    from portal.services.mailing import Post  # noqa: PLC0415
    from portal.services.office import Office  # noqa: PLC0415

    def mishap(error: Exception) -> str:
        return record(error, [command], portal.config.home, portal.now())

    office = Office(portal.database, store_of(portal), portal.config.home, portal.now)
    mailroom = Mailroom(portal.database, Post.of(portal.config), portal.config.url)
    return Room(workshop_of(portal), office, watched, tell, mishap, mailroom)


def watched_of(portal: Portal) -> Path:
    """Return the folder that is watched where nobody names another."""
    return portal.config.home / "watched"
