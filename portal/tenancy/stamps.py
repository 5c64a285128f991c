"""The stamp of a tenant's numbers: another one after each change of what they are told from.

What was read once may be shown again for as long as the stamp is the same. It is drawn by chance
and not counted: after a restore the tenant has the stamp of what was restored, and no other's.
"""

import uuid
from collections.abc import Iterable

from sqlalchemy import Connection, Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped

from portal.tenancy.keys import TenantKey
from portal.tenancy.owned import TenantOwned, of_tenant


class Stamped(TenantOwned):
    """A row whose coming, changing or going gives its tenant a new stamp."""

    __abstract__ = True


class Stamp(TenantOwned):
    """The stamp that a tenant has now; none where nothing stamped was ever written."""

    __tablename__ = "stamp"
    __table_args__ = (of_tenant(),)

    stamp: Mapped[uuid.UUID]


def present() -> Select[uuid.UUID]:
    """The tenant's stamp."""
    return select(Stamp.stamp)


def any_stamped(rows: Iterable[object]) -> bool:
    """Say whether one of `rows` is of what is stamped."""
    return any(isinstance(row, Stamped) for row in rows)


def renew(connection: Connection, tenant: TenantKey) -> None:
    """Give the tenant a new stamp, as part of the transaction."""
    said = insert(Stamp).values(tenant_id=tenant, stamp=uuid.uuid4())
    renewed = said.on_conflict_do_update(
        index_elements=[Stamp.tenant_id], set_={"stamp": said.excluded.stamp}
    )
    connection.execute(renewed)
