"""What a command works with: settings, the clock, and the database once it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Self

import click

from portal.config import Config

if TYPE_CHECKING:
    # Loaded when a command first asks for the database: `--help` and usage errors need none of it.
    from portal.tenancy.database import Database
    from portal.tenancy.session import TenantSession


class Portal:
    """One run of the command. Settings are read, and the database opened, at their first use."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._opened: Database | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._opened is not None:
            self._opened.close()

    @cached_property
    def config(self) -> Config:
        """The settings of the environment."""
        return Config.from_environ(self._environ)

    @property
    def database(self) -> Database:
        """The database, ready to use; on a fresh data folder it is made now."""
        if self._opened is None:
            from portal.tenancy.database import open_database  # noqa: PLC0415 - see above

            self._opened = open_database(self.config)
        return self._opened

    @contextmanager
    def session(self, tenant: str) -> Iterator[TenantSession]:
        """Open one transaction of one tenant; the key is checked before anything is opened."""
        from portal.tenancy.keys import tenant_key  # noqa: PLC0415 - see above

        with self.database.session(tenant_key(tenant)) as session:
            yield session

    def now(self) -> datetime:
        """Return the present moment in UTC: the one place where the portal reads a clock."""
        return datetime.now(UTC)  # noqa: TID251 - this is the clock that is handed in


pass_portal = click.make_pass_decorator(Portal)
"""Hands a command its `Portal` as first argument."""
