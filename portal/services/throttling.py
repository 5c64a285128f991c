"""Guessing made slow: tries are counted before they are made, under several keys at once.

A try is taken before the password is compared, in one transaction that holds the keys' rows, so
that guesses at the same moment count one by one. After some free tries each further one doubles the
wait, up to a bound: nobody is locked out for good, neither by themselves nor by somebody else.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from portal.errors import TooManyTriesError
from portal.models.throttles import Throttle, held, older_than, there
from portal.tenancy.session import TenantSession

_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """How much may be tried under one kind of key."""

    name: str
    free: int
    """Tries without a wait."""
    window: timedelta
    """After so long without a try, counting begins anew."""
    longest: timedelta
    """The longest wait."""


ADDRESS = Limit("ip", 20, timedelta(minutes=15), timedelta(minutes=5))
ACCOUNT = Limit("account", 5, timedelta(minutes=15), timedelta(minutes=1))
EVERYBODY = Limit("everybody", 300, timedelta(minutes=1), timedelta(seconds=5))
"""Guesses at a thousand accounts from a thousand addresses are slowed by this one only."""


@dataclass(frozen=True, slots=True)
class Key:
    """What is counted under one limit."""

    limit: Limit
    of: str

    @property
    def hashed(self) -> str:
        """The name of its row; it names nobody."""
        return hashlib.sha256(f"{self.limit.name}:{self.of}".encode("utf-8", "replace")).hexdigest()


def take(session: TenantSession, keys: Sequence[Key], now: datetime) -> None:
    """Count a try under each of `keys`.

    Raises:
        TooManyTriesError: if one of them has to wait; then nothing was counted.
    """
    rows = _rows(session, keys, now)
    waits = [row.waits_until for row in rows.values() if row.waits_until is not None]
    if waits and max(waits) > now:
        raise TooManyTriesError(ceil((max(waits) - now).total_seconds()))
    for key in keys:
        _count(rows[key.hashed], key.limit, now)


def forget(session: TenantSession, keys: Sequence[Key]) -> None:
    """Take back the try that was counted: it was a right one. A person's own key begins anew."""
    shared = {key.hashed for key in keys if key.limit in {ADDRESS, EVERYBODY}}
    for row in session.scalars(held(sorted(key.hashed for key in keys))):
        row.tries = max(0, row.tries - 1) if row.key in shared else 0
        row.waits_until = None


def clean(session: TenantSession, now: datetime) -> int:
    """Delete the rows that nobody has tried under for a day; return how many."""
    old = session.scalars(older_than(now - _KEPT)).all()
    for row in old:
        session.delete(row)
    return len(old)


def _rows(session: TenantSession, keys: Sequence[Key], now: datetime) -> dict[str, Throttle]:
    """The rows of `keys`, made where they are missing, held against others."""
    names = sorted(key.hashed for key in keys)
    # Made before one is held: who held one while making another could wait for somebody who made
    # that one and waits for this one.
    for name in sorted({*names} - {*session.scalars(there(names))}):
        session.insert_new(Throttle(key=name, tries=0, tried_at=now))
    return {row.key: row for row in session.scalars(held(names))}


def _count(row: Throttle, limit: Limit, now: datetime) -> None:
    row.tries = 1 if row.tried_at < now - limit.window else row.tries + 1
    row.tried_at = now
    over = row.tries - limit.free
    seconds = min(2.0 ** min(over, 30), limit.longest.total_seconds())
    row.waits_until = now + timedelta(seconds=seconds) if over >= 0 else None
