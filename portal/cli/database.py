"""`portal db`: the database behind the portal."""

import click

from portal.cli.context import Portal, pass_portal
from portal.cli.output import format_option, say_card, say_json
from portal.errors import PortalError


@click.group("db")
def commands() -> None:
    """Start, stop and upgrade the database."""


@commands.command()
@format_option()
@pass_portal
def upgrade(portal: Portal, shape: str) -> None:
    """Bring the tables to this release.

    The embedded database does so by itself. On another server, PORTAL_DATABASE_OWNER_URL names who
    owns the tables, and PORTAL_DATABASE_URL the role that the portal connects as.
    """
    from portal.tenancy.database import upgrade_database  # noqa: PLC0415 - not for `--help`

    version = upgrade_database(portal.config)
    if shape == "json":
        say_json({"version": version})
    else:
        click.echo(f"The tables are at version {version}.")


@commands.command()
@format_option()
@pass_portal
def stop(portal: Portal, shape: str) -> None:
    """Stop the embedded database; the next command starts it again."""
    from portal.tenancy.server import EmbeddedServer  # noqa: PLC0415 - not for `--help`

    if portal.config.database_url:
        raise PortalError("PORTAL_DATABASE_URL names a server of its own. Stop it where it runs.")
    stopped = EmbeddedServer.of(portal.config.home).stop()
    if shape == "json":
        say_json({"stopped": stopped})
    else:
        click.echo("The database has stopped." if stopped else "The database was not running.")


@commands.command()
@format_option()
@pass_portal
def status(portal: Portal, shape: str) -> None:
    """Tell whether the embedded database runs, and where its data lies. Starts nothing."""
    from portal.tenancy.server import EmbeddedServer  # noqa: PLC0415 - not for `--help`

    if portal.config.database_url:
        told: dict[str, object] = {"server": "external", **_external(portal)}
    else:
        server = EmbeddedServer.of(portal.config.home)
        found = server.running()
        told = {
            "server": "embedded",
            "running": found is not None,
            "process": found.pid if found else None,
            "folder": str(server.folder),
        }
    if shape == "json":
        say_json(told)
    else:
        say_card(told)


def _external(portal: Portal) -> dict[str, object]:
    url = portal.database.engine.url
    return {"running": True, "host": url.host, "database": url.database, "role": url.username}
