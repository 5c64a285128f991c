"""The door to PostgreSQL: connects as the application, hands out sessions of one tenant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolResetState

from portal.config import Config
from portal.errors import DatabaseUnreachableError, PortalError, SchemaBehindError, SettingsError
from portal.tenancy.doorway import tenant_keys, tenants_of
from portal.tenancy.homes import make_home
from portal.tenancy.keys import TenantKey
from portal.tenancy.names import APP, DATABASE, OWNER
from portal.tenancy.server import Address, EmbeddedServer
from portal.tenancy.session import TenantSession
from portal.tenancy.standing import refuse_other_schema, refuse_strong_role, schema_version

OUT_OF_REACH = (DatabaseUnreachableError, OperationalError, NoConnectionError)
"""What a question ends in when the server does not answer, or no connection to it is free."""
_DRIVER = "postgresql+psycopg"
_OPTIONS = {
    "TimeZone": "UTC",
    "statement_timeout": "60s",
    "lock_timeout": "20s",
    "idle_in_transaction_session_timeout": "120s",
}
_CONNECTING = 10
"""Seconds until a server that says nothing counts as out of reach."""
_ACROSS_A_NETWORK = {
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""A server that a network has cut off says nothing, not even that it is gone: without these a
request waits for it until the system gives up, a quarter of an hour and more."""


@dataclass(frozen=True, slots=True)
class Database:
    """An engine whose role row-level security binds, over tables of this release."""

    engine: Engine

    @contextmanager
    def session(self, tenant: TenantKey) -> Iterator[TenantSession]:
        """Open one transaction of one tenant: it commits at the end, or nothing of it stays."""
        with TenantSession(self.engine, tenant) as session, session.begin():
            yield session

    def tenants(self) -> tuple[TenantKey, ...]:
        """Return the key of every tenant."""
        return tenant_keys(self.engine)

    def tenants_of(self, email: str) -> tuple[TenantKey, ...]:
        """Return the keys of the tenants in which somebody has that address."""
        return tenants_of(self.engine, email)

    def check(self) -> None:
        """Ask whether the tables are there and of this release.

        Raises:
            PortalError: if the server does not answer or the tables are others.
        """
        with reached(self.engine), self.engine.connect() as connection:
            refuse_other_schema(connection)

    def after_fork(self) -> None:
        """Let go of the connections of the process that this one was forked from."""
        self.engine.dispose(close=False)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def server_of(config: Config) -> EmbeddedServer | None:
    """Return the embedded server of `config`, or None where it names another one."""
    return None if config.database_url else EmbeddedServer.of(config.home)


def open_database(config: Config) -> Database:
    """Connect as the application's role; on the embedded server make what is missing first.

    Raises:
        RoleTooStrongError: if row-level security would not bind the role.
        SchemaBehindError: if the tables of an external server are not of this release.
        DatabaseUnreachableError: if the server does not answer.
        ServerFailedError: if the embedded server does not come up.
    """
    make_home(config.home)
    server = server_of(config)
    if server is None:
        return _checked(
            application_engine(url_of(config.database_url or "", "PORTAL_DATABASE_URL"))
        )
    # As it stands, then started: most of the time that is all, and nothing need be brought up.
    for where in (server.address, server.ensure_running):
        if address := where():
            with suppress(DatabaseUnreachableError, SchemaBehindError):
                return _checked(application_engine(embedded_url(address, APP)))
    return _checked(application_engine(embedded_url(make_ready(server), APP)))


def _checked(engine: Engine) -> Database:
    try:
        with reached(engine), engine.connect() as connection:
            refuse_strong_role(connection)
            refuse_other_schema(connection)
    except BaseException:
        engine.dispose()
        raise
    return Database(engine)


def make_ready(server: EmbeddedServer) -> Address:
    """Start the embedded server, with its roles, its database and the tables of this release."""
    # Alembic takes longer to load than a command takes to run, and is needed once a release.
    from portal.tenancy.provision import provision  # noqa: PLC0415
    from portal.tenancy.upgrade import upgrade  # noqa: PLC0415

    address = server.ensure_running()
    with server.lock():
        provision(address)
        owner = _engine(embedded_url(address, OWNER))
        try:
            upgrade(owner, APP)
        finally:
            owner.dispose()
    return address


def upgrade_database(config: Config) -> str:
    """Bring the tables to this release and return their version.

    Raises:
        SettingsError: if an external server's owner is not named.
        PortalError: as `upgrade` has it.
    """
    make_home(config.home)
    server = server_of(config)
    if server is not None:
        owner, app = _engine(embedded_url(make_ready(server), OWNER)), APP
    else:
        owner, app = _external_owner(config)
    from portal.tenancy.upgrade import upgrade  # noqa: PLC0415 - see make_ready

    try:
        with reached(owner):
            upgrade(owner, app)
        with owner.connect() as connection:
            return schema_version(connection) or "none"
    finally:
        owner.dispose()


def _external_owner(config: Config) -> tuple[Engine, str]:
    if config.owner_url is None:
        reason = (
            "Set PORTAL_DATABASE_OWNER_URL to the address with which the tables' owner connects; "
            "the role of PORTAL_DATABASE_URL may not own them."
        )
        raise SettingsError([reason])
    app = url_of(config.database_url or "", "PORTAL_DATABASE_URL").username
    owner = url_of(config.owner_url, "PORTAL_DATABASE_OWNER_URL")
    if not app or app == owner.username:
        raise PortalError(
            "PORTAL_DATABASE_URL has to name another role than PORTAL_DATABASE_OWNER_URL: the "
            "portal may not connect as the tables' owner."
        )
    return _engine(owner), app


def embedded_url(address: Address, role: str) -> URL:
    """Return the address of the embedded server's database for a role."""
    query = {"host": address.socket_folder, "port": str(address.port)}
    return URL.create(_DRIVER, username=role, database=DATABASE, query=query)


def url_of(text: str, setting: str) -> URL:
    """Return the address of a database as a setting says it.

    Raises:
        SettingsError: if it is none.
    """
    try:
        return make_url(text).set(drivername=_DRIVER)
    except ArgumentError as error:
        raise SettingsError(
            [f"{setting} has to look like postgresql://user:password@host/database."]
        ) from error


def _engine(url: URL) -> Engine:
    options = " ".join(f"-c {name}={value}" for name, value in _OPTIONS.items())
    return create_engine(
        url,
        pool_pre_ping=True,
        # What a statement carried is a tenant's; an error's text goes to logs.
        hide_parameters=True,
        connect_args={"connect_timeout": _CONNECTING, "options": options, **_ACROSS_A_NETWORK},
    )


def application_engine(url: URL) -> Engine:
    """Return an engine whose connections go back to the pool without anybody's settings."""
    engine = _engine(url)
    event.listen(engine, "reset", _forget_settings)
    return engine


def _forget_settings(
    connection: DBAPIConnection, _: ConnectionPoolEntry, state: PoolResetState
) -> None:
    """Undo what a plain SET left on the connection: a rollback does not, and the pool keeps it."""
    if state.terminate_only:
        return
    connection.rollback()
    cursor = connection.cursor()
    cursor.execute("RESET ALL")
    cursor.close()
    connection.commit()


@contextmanager
def reached(engine: Engine) -> Iterator[None]:
    """Say in a sentence that the server does not answer, or that the role may not."""
    try:
        yield
    except ProgrammingError as error:
        if not isinstance(error.orig, InsufficientPrivilege):
            raise
        raise PortalError(
            f"The role '{engine.url.username}' may not do this in the database "
            f"'{engine.url.database}': {error.orig.diag.message_primary}."
        ) from error
    except OperationalError as error:
        url = engine.url
        where = url.host or url.query.get("host") or "this machine"
        first = str(error.orig).strip().splitlines()[0]
        raise DatabaseUnreachableError(
            f"The database '{url.database}' on {where} can't be used as '{url.username}': {first}"
        ) from error
