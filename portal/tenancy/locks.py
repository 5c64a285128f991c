"""One writer a tenant: the others wait in line."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from portal.tenancy.keys import TenantKey

_KEY = "hashtextextended('load:' || :tenant, 0)"

_NOTICE_THE_DEAD = (
    "SELECT set_config(name, '1s', false) FROM pg_settings"
    " WHERE name = 'client_connection_check_interval'"
)
"""PostgreSQL before 14 has no such setting, and does without."""


@contextmanager
def writer_lock(
    engine: Engine, tenant: TenantKey, waiting: Callable[[], None] | None = None
) -> Iterator[None]:
    """Hold the tenant's writer lock; call `waiting` once if another writer has it.

    The lock belongs to a connection of its own. It ends with the connection, so a killed writer
    leaves nothing locked.
    """
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    whose = {"tenant": tenant}
    try:
        if not connection.scalar(text(f"SELECT pg_try_advisory_lock({_KEY})"), whose):
            if waiting:
                waiting()
            connection.execute(text("SET statement_timeout = 0"))
            connection.execute(text("SET lock_timeout = 0"))
            # A waiter whose process is killed leaves the line instead of being served in it.
            connection.execute(text(_NOTICE_THE_DEAD))
            connection.execute(text(f"SELECT pg_advisory_lock({_KEY})"), whose)
        yield
    finally:
        # Told to, the server lets go at once; a connection that is lost has let go already.
        with suppress(DBAPIError):
            connection.execute(text(f"SELECT pg_advisory_unlock({_KEY})"), whose)
        # Not back to the pool: what failed above is settled by closing it.
        connection.invalidate()
        connection.close()


class Leadership:
    """The lock that makes one process the leader; it ends with its connection, and so with it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def holds(self) -> bool:
        """Say whether the lock is still ours: a connection that was lost has lost it."""
        try:
            return bool(self._connection.scalar(text("SELECT true")))
        except SQLAlchemyError:
            return False

    def resign(self) -> None:
        """Give the lock back."""
        # Told to, the server lets go at once; a connection that is lost has let go already.
        with suppress(SQLAlchemyError):
            self._connection.execute(text("SELECT pg_advisory_unlock_all()"))
        self._connection.invalidate()
        self._connection.close()


def lead(engine: Engine, what: str) -> Leadership | None:
    """Become the one leader of `what`, on a connection of its own; None if another one is."""
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    asked = text("SELECT pg_try_advisory_lock(hashtextextended('lead:' || :what, 0))")
    try:
        leads = connection.scalar(asked, {"what": what})
    except BaseException:
        connection.close()
        raise
    if leads:
        return Leadership(connection)
    connection.close()
    return None
