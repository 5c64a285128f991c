"""Bringing the tables to this release: the owner's work, never the application's."""

from pathlib import Path

from alembic import command
from alembic.config import Config as Alembic
from sqlalchemy import Connection, Engine, text

import migrations
from migrations import HEAD
from migrations.grants import grant
from portal.errors import PortalError, SchemaAheadError
from portal.tenancy.owned import SCHEMA
from portal.tenancy.standing import schema_version


def upgrade(owner: Engine, app_role: str, to: str = "head") -> None:
    """Bring the tables to version `to` and grant the application's role what it may do.

    All of it is one transaction: a failed or killed upgrade leaves the version that was there.

    Raises:
        SchemaAheadError: if the tables are of a newer release.
        PortalError: if the application's role does not exist and cannot be made.
    """
    with owner.begin() as connection:
        # Two upgrades at once: the second waits, and then has nothing left to do.
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('upgrade', 0))"))
        found = schema_version(connection)
        if found is not None and found > HEAD:
            raise SchemaAheadError(found, HEAD)
        _refuse_missing_role(connection, app_role)
        if not connection.scalar(text("SELECT to_regnamespace(:name)::text"), {"name": SCHEMA}):
            connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
        command.upgrade(settings(connection), to)
        grant(connection, app_role)


def settings(connection: Connection | None = None) -> Alembic:
    """Return Alembic's settings: where the migrations are, and the connection they run on."""
    found = Alembic()
    folder = str(Path(migrations.__file__).parent)
    found.set_main_option("script_location", folder.replace("%", "%%"))
    found.attributes["connection"] = connection
    return found


def _refuse_missing_role(connection: Connection, role: str) -> None:
    found = connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role})
    if not found:
        raise PortalError(
            f"The server has no role '{role}', which PORTAL_DATABASE_URL names. Make it there with "
            f'CREATE ROLE "{role}" LOGIN PASSWORD …, and run: portal db upgrade'
        )
