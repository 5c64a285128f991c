"""How often something was tried lately, so that guessing becomes slow."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Integer, Select, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.tenancy.owned import Moment, TenantOwned


class Throttle(TenantOwned):
    """Tries under one key: an address of the network, an account, everybody together.

    Before somebody has signed in there is no tenant: these rows are the door's, and a tenant's
    where a person who is signed in asks too much. The key is a hash; it names nobody.
    """

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    tries: Mapped[int] = mapped_column(Integer)
    tried_at: Mapped[datetime] = mapped_column(Moment)
    waits_until: Mapped[datetime | None] = mapped_column(Moment)


def held(keys: Sequence[str]) -> Select[Throttle]:
    """The rows of `keys`, in one order for everybody, held until the transaction ends."""
    return select(Throttle).where(Throttle.key.in_(keys)).order_by(Throttle.key).with_for_update()


def there(keys: Sequence[str]) -> Select[str]:
    """Which of `keys` have a row; none is held."""
    return select(Throttle.key).where(Throttle.key.in_(keys))


def older_than(moment: datetime) -> Select[Throttle]:
    """Rows that nobody has tried under since a moment, and nobody tries under now."""
    return (
        select(Throttle)
        .where(Throttle.tried_at < moment)
        .order_by(Throttle.key)
        .with_for_update(skip_locked=True)
    )
