"""`portal backup` and `portal restore`: the database and the facts as one file."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from portal.cli.context import Portal, pass_portal
from portal.cli.output import format_option, say_card, say_json

if TYPE_CHECKING:
    # Services bring the database's library with them; usage errors and help do without.
    from portal.services.backups import BackedUp

_file = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.command("backup")
@_file
@format_option()
@pass_portal
def backup(portal: Portal, file: Path, shape: str) -> None:
    """Write the database and the facts of all tenants into FILE, as they are at one moment.

    Nobody has to stop for it. FILE may not be there yet; it holds everything that the portal
    knows, so keep it where only you read it.

    \b
    portal backup /backups/portal-2026-11-22.tar
    """  # noqa: D301 - \b is click's mark for lines that are kept
    from portal.services import backups  # noqa: PLC0415 - loaded when it is called

    _say(file, backups.back_up(portal.config, file.absolute(), portal.now()), shape)


@click.command("restore")
@_file
@format_option()
@pass_portal
def restore(portal: Portal, file: Path, shape: str) -> None:
    """Bring back what `portal backup` wrote, into a data folder that is empty.

    FILE is read and checked whole before anything is written. Afterwards everybody has to sign in
    again, and links to choose a password are void.

    \b
    portal restore /backups/portal-2026-11-22.tar
    """  # noqa: D301 - \b is click's mark for lines that are kept
    from portal.services import backups  # noqa: PLC0415 - loaded when it is called

    _say(file, backups.restore(portal.config, file.absolute(), portal.now()), shape)


def _say(file: Path, done: "BackedUp", shape: str) -> None:
    told = {"file": str(file), "made_at": done.made_at, "files": done.files}
    if shape == "json":
        say_json({**told, "tenants": done.tenants})
    else:
        tenants = ", ".join(f"{key} (version {seq})" for key, seq in done.tenants.items())
        say_card({**told, "made_at": f"{done.made_at:%Y-%m-%d %H:%M:%S} UTC", "tenants": tenants})
