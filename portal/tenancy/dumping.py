"""The whole database as a file: dumped as of one moment, and brought back into an empty one.

The programs are those of the embedded server's package, also for another server. A dump names no
roles: what it brings back belongs to whoever does it, and rights are granted anew.
"""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, Connection, text

from portal.config import Config
from portal.errors import PortalError, SettingsError
from portal.tenancy import cluster
from portal.tenancy.database import (
    application_engine,
    embedded_url,
    make_ready,
    reached,
    server_of,
    upgrade_database,
    url_of,
)
from portal.tenancy.keys import TenantKey
from portal.tenancy.names import OWNER, SUPERUSER
from portal.tenancy.owned import SCHEMA
from portal.tenancy.provision import provision
from portal.tenancy.standing import refuse_other_schema, schema_version

_PINS = text(
    f"SELECT DISTINCT ON (tenant_id) tenant_id, pin FROM {SCHEMA}.load"
    " WHERE state = 'landed' ORDER BY tenant_id, seq DESC"
)
_SEES_ALL = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
_DOOR = re.compile(rf"^\d+; \d+ \d+ POLICY {SCHEMA} (\w+) door .*$", re.MULTILINE)
"""Policies that name the role of who owns the tables; that may be another one now."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The database as it stood at one moment, for as long as it is held."""

    name: str
    url: URL
    version: str
    """The version of the tables."""
    pins: Mapping[TenantKey, str]
    """The last landed version of every tenant that has one, as the store wrote it."""

    def dump(self, file: Path) -> None:
        """Write the portal's tables, as they stood, into a file.

        Raises:
            PortalError: if the program cannot.
        """
        what = ("--format=custom", f"--schema={SCHEMA}", "--no-owner", "--no-privileges")
        _run(self.url, "pg_dump", *what, f"--snapshot={self.name}", f"--file={file}")


@contextmanager
def snapshot(config: Config) -> Iterator[Snapshot]:
    """Hold the database as it is now.

    Raises:
        SettingsError: if an external server's owner is not named.
        PortalError: if the role cannot see all rows, or the tables are of another release.
    """
    url = _url(config, SUPERUSER)
    engine = application_engine(url).execution_options(isolation_level="REPEATABLE READ")
    try:
        with reached(engine), engine.connect() as connection:
            _refuse_bound_role(connection)
            refuse_other_schema(connection)
            connection.rollback()
            # The moment is held for as long as the dump takes, in a transaction that is idle.
            connection.execute(text("SET idle_in_transaction_session_timeout = 0"))
            connection.commit()
            name = connection.scalars(text("SELECT pg_export_snapshot()")).one()
            pins = {TenantKey(row.tenant_id): row.pin for row in connection.execute(_PINS)}
            yield Snapshot(name, url, schema_version(connection) or "", pins)
    finally:
        engine.dispose()


def refuse_used(config: Config) -> None:
    """Refuse to bring a dump back into an external database that holds a portal.

    Raises:
        PortalError: if it does.
    """
    if not config.database_url:
        return
    engine = application_engine(_url(config, OWNER))
    try:
        with reached(engine), engine.connect() as connection:
            if connection.scalar(text(f"SELECT to_regnamespace('{SCHEMA}')::text")):
                raise PortalError(
                    f"The database '{engine.url.database}' holds a portal already. Restore into "
                    "an empty one."
                )
    finally:
        engine.dispose()


def bring_back(config: Config, file: Path) -> None:
    """Fill the empty database from a dump: all of it or nothing; then bring it to this release.

    Raises:
        PortalError: if the program cannot, or the dump is of a newer release.
    """
    url = _empty(config)
    with tempfile.TemporaryDirectory(prefix="portal-") as folder:
        listed = _run(url, "pg_restore", "--list", str(file), connects=False)
        chosen = Path(folder) / "list"
        chosen.write_text(_DOOR.sub("", listed), "utf-8")
        how = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
        _run(url, "pg_restore", *how, f"--use-list={chosen}", str(file))
    _open_doors(url, _DOOR.findall(listed))
    upgrade_database(config)


def _open_doors(url: URL, tables: list[str]) -> None:
    """Make the policies anew that let the owner, as it is here, find a tenant."""
    engine = application_engine(url)
    try:
        with reached(engine), engine.begin() as connection:
            for table in tables:
                connection.exec_driver_sql(
                    f"CREATE POLICY door ON {SCHEMA}.{table}"
                    " FOR SELECT TO CURRENT_USER USING (true)"
                )
    finally:
        engine.dispose()


def _empty(config: Config) -> URL:
    """The owner's address of the database, which on the embedded server is made now, empty."""
    server = server_of(config)
    if server is None:
        return _url(config, OWNER)
    address = server.ensure_running()
    with server.lock():
        provision(address)
    return embedded_url(address, OWNER)


def _url(config: Config, role: str) -> URL:
    server = server_of(config)
    if server is not None:
        return embedded_url(make_ready(server), role)
    if config.owner_url is None:
        reason = (
            "Set PORTAL_DATABASE_OWNER_URL: the whole database is read and brought back by its "
            "owner, not by the role of PORTAL_DATABASE_URL."
        )
        raise SettingsError([reason])
    return url_of(config.owner_url, "PORTAL_DATABASE_OWNER_URL")


def _refuse_bound_role(connection: Connection) -> None:
    if not connection.scalar(_SEES_ALL):
        role = connection.scalar(text("SELECT current_user"))
        raise PortalError(
            f"Row-level security hides the tenants' rows from '{role}', so it can't back them up. "
            "Let PORTAL_DATABASE_OWNER_URL name a superuser or a role with BYPASSRLS."
        )


def _run(url: URL, name: str, *words: str, connects: bool = True) -> str:
    """Run a program on a database and return what it prints; a password is in no argument."""
    where = {str(key): str(value) for key, value in url.query.items()}
    where |= {"host": url.host or where.get("host", ""), "user": url.username or ""}
    where |= {"dbname": url.database or "", "port": str(url.port or where.get("port", 5432))}
    target = (f"--dbname={make_conninfo(**where)}", "--no-password") if connects else ()
    secret = {"PGPASSWORD": url.password} if url.password else {}
    ran = subprocess.run(  # noqa: S603 - PostgreSQL's own programs, from the package that brings them
        (str(cluster.program(name)), *target, *words),
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={**cluster.environment(), "HOME": os.environ.get("HOME", "/"), **secret},
    )
    if ran.returncode:
        last = (ran.stderr.strip() or "it gave no reason").splitlines()
        said = next((line for line in last if "error:" in line), last[-1])
        raise PortalError(f"{name} failed: {said.partition('error: ')[2] or said}.")
    return ran.stdout
