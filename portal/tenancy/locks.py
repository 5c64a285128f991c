"""One writer a tenant: the others wait in line."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

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
