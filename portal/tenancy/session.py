"""A session that cannot see another tenant.

What a session may be asked is what the tenant's filter reaches: mapped classes. Everything that
was found to slip past it (docs/security.md) is refused before any SQL: statements that are text or
name tables, inserts and updates in bulk, rows that say another tenant. Row-level security in the
database is the second wall.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from psycopg.errors import UniqueViolation
from sqlalchemy import Connection, Engine, Table, event, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import (
    ORMExecuteState,
    Session,
    SessionTransaction,
    UOWTransaction,
    with_loader_criteria,
)
from sqlalchemy.orm.attributes import get_history
from sqlalchemy.orm.interfaces import ORMOption

from portal.errors import ForeignTenantError, UnscopedSessionError
from portal.tenancy.keys import TenantKey
from portal.tenancy.owned import TenantOwned
from portal.tenancy.stamps import Stamped, any_stamped, present, renew
from portal.tenancy.statements import BULK, leak

GUC = "app.tenant"
"""The setting of a transaction that row-level security reads."""


Row = TypeVar("Row")


class TenantSession(Session):
    """Asks and changes the rows of one tenant, in transactions that say so to the database."""

    def __init__(self, bind: Engine, tenant: TenantKey | None) -> None:
        """Bind to an engine only: a connection could carry a transaction of another tenant."""
        super().__init__(bind, expire_on_commit=False)
        self._tenant = tenant
        self._changed = False
        self._stamp: UUID | None = None

    @property
    def tenant(self) -> TenantKey:
        """The tenant whose rows this session sees.

        Raises:
            UnscopedSessionError: if the session was opened without one.
        """
        if not self._tenant:
            raise UnscopedSessionError("Open the session with a tenant before asking it anything.")
        return self._tenant

    @property
    def stamp(self) -> UUID | None:
        """The stamp of the tenant's numbers, as this session first saw it.

        None where there is none, and from the first change of this session's own on: what is read
        then is nobody else's to see.
        """
        if not self._changed:
            # A question would write what is still to be written before it is asked.
            self.note_change([*self.new, *self.dirty, *self.deleted])
        if self._changed:
            return None
        if self._stamp is None:
            self._stamp = self.scalars(present()).one_or_none()
        return self._stamp

    def note_change(self, owned: Iterable[object]) -> None:
        """Remember that rows of `owned` change the tenant's numbers, if they do."""
        self._changed = self._changed or any_stamped(owned)

    def note_changed_class(self, owned: type) -> None:
        """Remember that rows of the class `owned` change, if they are of the numbers."""
        self._changed = self._changed or issubclass(owned, Stamped)

    def renew_stamp(self) -> None:
        """Give the tenant a new stamp where its numbers have changed."""
        if self._changed:
            renew(super().connection(), self.tenant)

    def add_rows(self, owned: type[TenantOwned], rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert many rows at once, each for this session's tenant.

        Raises:
            ForeignTenantError: if a row names a tenant of its own.
        """
        if any("tenant_id" in row for row in rows):
            raise ForeignTenantError("Rows are added for the session's tenant; they name none.")
        if rows:
            self.note_changed_class(owned)
            table = owned.__table__
            assert isinstance(table, Table)  # noqa: S101 - tells mypy what a mapped class has
            made = [{"tenant_id": self.tenant, **row} for row in rows]
            super().connection().execute(insert(table), made)

    def insert_new(self, row: TenantOwned) -> bool:
        """Insert one row now; False, with nothing changed, if a row of its keys is there."""
        try:
            with self.begin_nested():
                self.add(row)
                self.flush()
        except IntegrityError as error:
            if isinstance(error.orig, UniqueViolation):
                return False
            raise
        return True

    def merge(
        self, instance: Row, *, load: bool = True, options: Sequence[ORMOption] | None = None
    ) -> Row:
        """Take a copy of a row in, if it is the tenant's.

        Raises:
            ForeignTenantError: if it is not.
        """
        _admit(self, instance)
        return super().merge(instance, load=load, options=options)

    def connection(self, *_: object, **__: object) -> NoReturn:
        """Refuse: a bare connection asks without the tenant's filter."""
        raise UnscopedSessionError("Ask through mapped classes; a bare connection leaks.")

    def bulk_save_objects(self, *_: object, **__: object) -> NoReturn:
        """Refuse: rows saved in bulk pass the guard by."""
        raise UnscopedSessionError(BULK)

    def bulk_insert_mappings(self, *_: object, **__: object) -> NoReturn:
        """Refuse: rows saved in bulk pass the guard by."""
        raise UnscopedSessionError(BULK)

    def bulk_update_mappings(self, *_: object, **__: object) -> NoReturn:
        """Refuse: rows saved in bulk pass the guard by."""
        raise UnscopedSessionError(BULK)


@event.listens_for(TenantSession, "after_begin")
def _tell_the_database(
    session: TenantSession, _: SessionTransaction, connection: Connection
) -> None:
    """Say whose transaction this is; `true` ends it with the transaction, so no pool keeps it.

    Outside a transaction that would last for no statement at all, and every question would find
    nothing: an engine that commits by itself is refused.
    """
    raw = connection.connection.dbapi_connection
    if raw is None or raw.autocommit:
        raise UnscopedSessionError("A tenant's session needs transactions; this engine has none.")
    connection.execute(select(func.set_config(GUC, session.tenant, True)))  # noqa: FBT003 - SQL


@event.listens_for(TenantSession, "do_orm_execute")
def _scope(state: ORMExecuteState) -> None:
    """Filter what is asked by the tenant; refuse what the filter would not reach."""
    session = state.session
    assert isinstance(session, TenantSession)  # noqa: S101 - this listener hears no other
    tenant = session.tenant
    if (reason := leak(state)) is not None:
        raise UnscopedSessionError(reason)
    if state.is_update or state.is_delete:
        for mapper in state.all_mappers:
            session.note_changed_class(mapper.class_)
    state.statement = state.statement.options(
        with_loader_criteria(
            TenantOwned, lambda owned: owned.tenant_id == tenant, include_aliases=True
        )
    )


@event.listens_for(TenantSession, "before_attach")
def _admit(session: TenantSession, row: object) -> None:
    """Refuse a row that another session loaded for another tenant: a refresh would read it."""
    said = vars(row).get("tenant_id") if isinstance(row, TenantOwned) else None
    if said is not None and said != session.tenant:
        raise ForeignTenantError(_HANDED.format(session.tenant))


_HANDED = "A row of another tenant was handed to the session of '{}'."


@event.listens_for(TenantSession, "before_flush")
def _keep_out_other_tenants(
    session: TenantSession, _: UOWTransaction, __: Sequence[object] | None
) -> None:
    """Give new rows the tenant; refuse rows of, or moved to, another one."""
    for row in session.new:
        if isinstance(row, TenantOwned) and "tenant_id" not in vars(row):
            row.tenant_id = session.tenant
    _refuse_foreign(session.tenant, session.new)
    _refuse_foreign(session.tenant, session.dirty)
    _refuse_foreign(session.tenant, session.deleted)
    session.note_change([*session.new, *session.dirty, *session.deleted])


def _refuse_foreign(tenant: TenantKey, rows: Iterable[object]) -> None:
    """Raise if any of `rows` says, or before it was changed said, another tenant."""
    for row in rows:
        if not isinstance(row, TenantOwned):
            raise UnscopedSessionError(
                f"{type(row).__name__} belongs to no tenant and can't be saved."
            )
        said = {row.tenant_id, *(get_history(row, "tenant_id").deleted or ())}
        if said != {tenant}:
            raise ForeignTenantError(_HANDED.format(tenant))


@event.listens_for(TenantSession, "before_commit")
def _stamp(session: TenantSession) -> None:
    """Stamp last: whoever else changes this tenant's numbers waits for no more than this."""
    if not session.in_nested_transaction():
        session.flush()
        session.renew_stamp()
