"""Loads: taking a tenant's turn to write, and the row whose commit makes the facts visible.

A load is three transactions. `begin_load` records the attempt and gives it a store version;
`land_load` writes pin and report; `fail_load` ends it with nothing seen. In between, the process
holds the writer's lock (`writing`); if it dies, the next `begin_load` ends the dead attempt.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kpi_engine.language import mark, tr
from kpi_engine.store.pins import Pin
from portal.errors import LoadOutOfOrderError, LoadOvertakenError, UnknownTenantError
from portal.models import loads as questions
from portal.models import tenants
from portal.models.loads import Load, LoadState
from portal.tenancy.database import Database
from portal.tenancy.keys import TenantKey
from portal.tenancy.locks import writer_lock
from portal.tenancy.session import TenantSession


@dataclass(frozen=True, slots=True)
class NewLoad:
    """What is said of a load before it reads its files."""

    source: str
    digest: str | None = None
    """Of the files and their mapping."""
    known_since: datetime | None = None
    """When the facts became known, for replaying history; None is now."""


@dataclass(frozen=True, slots=True)
class LoadCard:
    """One load as it stands."""

    seq: int
    state: LoadState
    source: str
    loaded_at: datetime
    started_at: datetime
    finished_at: datetime | None
    digest: str | None
    report: Mapping[str, Any] | None
    pin: Pin | None
    """What to read the version by; None unless it landed."""


def writing(
    database: Database, tenant: TenantKey, waiting: Callable[[], None] | None = None
) -> AbstractContextManager[None]:
    """Hold the tenant's turn to write: others wait in line. Dying gives it back.

    Args:
        database: Where the lock lives.
        tenant: Whose facts are to be written.
        waiting: Called once if somebody else is writing, before the wait.
    """
    return writer_lock(database.engine, tenant, waiting)


def begin_load(session: TenantSession, new: NewLoad, now: datetime) -> LoadCard:
    """Record an attempt and give it the next store version. Call it inside `writing`.

    A version that was given out is never given again, also if its load dies. An attempt that is
    still recorded as under way is dead, since the lock is ours, and is ended here. `loaded_at`
    never goes back: a clock that did is overruled by the load before.

    Raises:
        UnknownTenantError: if there is no such tenant.
        LoadOutOfOrderError: if `known_since` lies ahead, or before facts that are there.
    """
    if session.scalars(tenants.its_row()).one_or_none() is None:
        raise UnknownTenantError(session.tenant)
    for dead in session.scalars(questions.under_way()):
        dead.state, dead.finished_at = LoadState.FAILED, now
        dead.report = {"error": mark("The process ended before the load did.")}
    session.flush()
    row = Load(
        seq=session.scalars(questions.highest_seq()).one() + 1,
        state=LoadState.STARTED,
        source=new.source,
        loaded_at=_loaded_at(session, new.known_since, now),
        started_at=now,
        digest=new.digest,
    )
    session.add(row)
    session.flush()
    return _card(row)


def refuse_overtaken(session: TenantSession, seq: int) -> None:
    """Look whether a load is still the one under way, before it puts anything into the store.

    Raises:
        LoadOvertakenError: if it is not: it slept so long that its turn was another's.
    """
    _under_way(session, seq)


def land_load(
    session: TenantSession, seq: int, pin: Pin, report: Mapping[str, Any], now: datetime
) -> LoadCard:
    """Make a load's facts visible: the commit of this transaction is the moment.

    Raises:
        LoadOvertakenError: if the load is no longer the one under way.
    """
    row = _under_way(session, seq)
    row.state, row.finished_at = LoadState.LANDED, now
    row.pin, row.report = pin.to_json(), dict(report)
    session.flush()
    return _card(row)


def fail_load(
    session: TenantSession, seq: int, report: Mapping[str, Any], now: datetime
) -> LoadCard:
    """End a load of which nothing is to be seen.

    Raises:
        LoadOvertakenError: if the load is no longer the one under way.
    """
    row = _under_way(session, seq)
    row.state, row.finished_at, row.report = LoadState.FAILED, now, dict(report)
    session.flush()
    return _card(row)


def tell_more(session: TenantSession, seq: int, report: Mapping[str, Any]) -> None:
    """Put a fuller report in the place of that of a load which has landed."""
    row = session.scalars(questions.numbered(seq)).one()
    row.report = dict(report)
    session.flush()


def last_landed(session: TenantSession) -> LoadCard | None:
    """Return the load that readers see now; None before the first."""
    return _found(session.scalars(questions.last_landed()).one_or_none())


def landed_as_known_at(session: TenantSession, moment: datetime) -> LoadCard | None:
    """Return the last load whose facts were known at `moment`; None if there was none yet."""
    return _found(session.scalars(questions.landed_by(moment)).one_or_none())


def current_pin(session: TenantSession) -> Pin:
    """Return what a reader of now holds on to: version 0 and no entity before the first load."""
    return _pin(last_landed(session))


def pin_as_known_at(session: TenantSession, moment: datetime) -> Pin:
    """Return what a reader of `moment` holds on to: version 0 and no entity if nothing was known.

    The pin is the one that the load has now; a later compaction may have changed it.
    """
    return _pin(landed_as_known_at(session, moment))


def update_pin(session: TenantSession, pin: Pin) -> None:
    """Give the last landed load another pin of the same version: a compaction moved its files.

    Call it inside `writing`.

    Raises:
        LoadOvertakenError: if that version is not the last one that landed.
    """
    row = session.scalars(questions.last_landed().with_for_update()).one_or_none()
    if row is None or row.seq != pin.seq:
        raise LoadOvertakenError(pin.seq)
    row.pin = pin.to_json()
    session.flush()


def newest(session: TenantSession, most: int = 50) -> list[LoadCard]:
    """Return the newest loads, the newest first, whatever became of them."""
    return [_card(row) for row in session.scalars(questions.newest_first(most))]


def _loaded_at(session: TenantSession, known_since: datetime | None, now: datetime) -> datetime:
    last = last_landed(session)
    if known_since is None:
        return max(now, last.loaded_at) if last else now
    if known_since > now:
        raise LoadOutOfOrderError(
            tr(
                "Facts can't become known in the future, at {moment}. Name a moment that has"
                " passed.",
                moment=f"{known_since:%Y-%m-%d %H:%M}",
            )
        )
    if last and known_since < last.loaded_at:
        raise LoadOutOfOrderError(
            tr(
                "Facts known since {moment} UTC are loaded already, and history is replayed in"
                " order. Name a moment after it.",
                moment=f"{last.loaded_at:%Y-%m-%d %H:%M:%S}",
            )
        )
    return known_since


def _under_way(session: TenantSession, seq: int) -> Load:
    row = session.scalars(questions.numbered(seq)).one_or_none()
    if row is None or row.state != LoadState.STARTED:
        raise LoadOvertakenError(seq)
    return row


def _found(row: Load | None) -> LoadCard | None:
    return None if row is None else _card(row)


def _pin(card: LoadCard | None) -> Pin:
    return card.pin if card and card.pin else Pin()


def _card(row: Load) -> LoadCard:
    return LoadCard(
        seq=row.seq,
        state=LoadState(row.state),
        source=row.source,
        loaded_at=row.loaded_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        digest=row.digest,
        report=row.report,
        pin=None if row.pin is None else Pin.from_json(row.pin),
    )
