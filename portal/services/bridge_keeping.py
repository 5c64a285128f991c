"""Bridges are stored: by the portal when a parallel run has ended, or before that on request."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import tr
from portal.errors import BadInputError
from portal.models.bridges import KpiBridge, KpiBridgePoint
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.services import auditing, bridges, linting, moments, typed_words
from portal.services.auditing import Event, Trace
from portal.services.bridges import Bridge, Ground, Run, Told
from portal.services.desks import Desk
from portal.services.granted import require
from portal.services.typed_words import NotThereError
from portal.tenancy.session import TenantSession

_SLOT = " revision "
_DAY = timedelta(days=1)


def ground(session: TenantSession, now: datetime) -> Ground:
    """Return what bridges are read from, for whom no page is open."""
    found = linting.ground_of(session)
    today = found.calendar.local_date(moments.naive(now))
    return Ground(session, found.catalogue, found.calendar, today)


def ground_of(desk: Desk) -> Ground:
    """Return what bridges are read from at a desk."""
    return Ground(desk.session, desk.catalogue, desk.calendar, desk.today)


def ended(on: Ground) -> tuple[str, ...]:
    """Return a slot for each parallel run that has ended and is told to its end, not stored yet.

    A KPI that was taken into use again runs no longer beside its successor: nothing is stored.
    """
    return tuple(_slot(run) for run in _ripe(on))


def _ripe(on: Ground) -> Iterator[Run]:
    done = bridges.complete(on.session)
    for run in bridges.runs(on.session):
        over = bridges.told_until(on, run) == run.until_day
        if run.current and over and (run.kpi, run.revision) not in done:
            yield run


def _slot(run: Run) -> str:
    return f"{run.kpi}{_SLOT}{run.revision}"


def keep_ended(on: Ground, slot: str, trace: Trace) -> Bridge | None:
    """Store the bridge of a run that has ended; None if it is stored, or can't be told."""
    run = next((one for one in _ripe(on) if _slot(one) == slot), None)
    found = None if run is None else bridges.live(on, run)
    if found is None or not _store(on.session, found, {}, trace.at):
        return None
    _note(on.session, None, found, trace)
    return found


def store_now(desk: Desk, kpi: str, why: str, trace: Trace) -> Bridge:
    """Store the bridge of a run that still goes on, as far as it is told.

    Raises:
        DeniedError: if the person may not change the framework.
        NotThereError: if the KPI does not run beside a successor.
        BadInputError: without a reason, before the first period of both has ended, or where the
            same is stored already.
    """
    require(desk.actor, Permission.FRAMEWORK_EDIT)
    reason = typed_words.text(tr("The reason"), why)
    found = running(desk, kpi)
    if not found.shared:
        raise BadInputError(
            tr("No period has ended in which both were told. Store the bridge when one has.")
        )
    # Up to the last period that has ended: the same again is no further bridge.
    through = min(found.shared[-1].period.end - _DAY, found.through)
    said = {
        "through": through,
        "why": reason,
        "stored_by": desk.actor.person,
        "stored_by_name": desk.actor.name or desk.actor.email,
    }
    if not _store(desk.session, found, said, trace.at):
        raise BadInputError(
            tr("The bridge up to {day} is stored already.", day=desk.formats.day(through))
        )
    _note(desk.session, desk.actor, found, trace)
    return found


def running(desk: Desk, kpi: str) -> Bridge:
    """Return the live bridge of a KPI that is told beside its successor.

    Raises:
        NotThereError: if it is not, or its successor is not in the catalogue.
    """
    for run in bridges.runs(desk.session):
        if run.kpi == KpiKey(kpi) and run.current:
            found = bridges.live(ground_of(desk), run)
            if found is not None and desk.today <= run.until_day:
                return found
    raise NotThereError(tr("This KPI does not run beside a successor."))


def _store(session: TenantSession, found: Bridge, said: dict[str, Any], at: datetime) -> bool:
    """Write a bridge down with all its points; False if it is there already."""
    run, old, new = found.run, found.old, found.new
    row = KpiBridge(
        **{
            "id": uuid4(),
            "kpi": run.kpi,
            "life_revision": run.revision,
            "successor": run.successor,
            "kpi_name": old.name,
            "successor_name": new.name,
            "kpi_unit": old.unit.value,
            "successor_unit": new.unit.value,
            "kpi_definition": old.definition,
            "successor_definition": new.definition,
            "grain": found.grain.value,
            "from_day": run.from_day,
            "until_day": run.until_day,
            "through": found.through,
            "reason": run.reason,
            "replaced_by_name": run.by,
            "why": "",
            "stored_by": None,
            "stored_by_name": "",
            "stored_at": at,
            **said,
        }
    )
    if not session.insert_new(row):
        return False
    session.add_rows(KpiBridgePoint, list(_points(row.id, found)))
    return True


def _points(bridge: UUID, found: Bridge) -> Iterator[dict[str, Any]]:
    for step in found.steps:
        of_period = {
            "bridge_id": bridge,
            "period_start": step.period.start,
            "period_end": step.period.end,
            "period": step.period.label,
            "shared": step.shared,
        }
        for side, told in (("old", step.old), ("new", step.new)):
            yield {"id": uuid4(), "side": side, **of_period, **_told(told)}


def _told(told: Told) -> dict[str, Any]:
    reading = told.reading
    return {
        "value": reading.value,
        "over_value": reading.over,
        "under_value": reading.under,
        "n": reading.n,
        "state": reading.state.value,
        "reason": bridges.reason_of(reading),
        "definition": told.definition,
        "version": told.version,
        "known_at": told.known_at,
    }


def _note(session: TenantSession, actor: Actor | None, found: Bridge, trace: Trace) -> None:
    detail = {"successor": found.run.successor, "through": str(found.through)}
    auditing.note(session, actor, Event.BRIDGE_STORED, found.run.kpi, detail, trace=trace)
