"""How people want to be told: read, and changed by themselves."""

from collections.abc import Mapping
from datetime import datetime
from typing import NoReturn
from uuid import UUID

from kpi_engine.language import mark, tr
from portal.errors import BadInputError
from portal.models import digests as questions
from portal.models.digests import DigestSetting, Rhythm
from portal.security.actor import Actor
from portal.services import auditing, inputs, tenants
from portal.services.auditing import Event, Trace
from portal.services.digest_times import WEEK, Wish, is_quiet
from portal.tenancy.session import TenantSession

_HOURS = 24
_WEEKDAY = mark("There is no such weekday to choose. Choose one from the list.")
_HOUR = mark("There is no such hour to choose. Choose one from the list.")
_QUIET = mark("There is no such quiet hour to choose. Choose one from the list.")
_RHYTHM = mark("There is no such rhythm to choose. Choose one from the list.")


def wish_of(session: TenantSession, person: UUID) -> Wish:
    """Return how a person wants to be told; who never said gets the portal's usual way."""
    row = session.scalars(questions.setting_of(person)).one_or_none()
    return _wish(row, tenants.get(session).timezone)


def wishes(session: TenantSession) -> Mapping[UUID, Wish]:
    """Return how those who said so want to be told."""
    zone = tenants.get(session).timezone
    return {row.person_id: _wish(row, zone) for row in session.scalars(questions.settings())}


def own_zone(session: TenantSession, person: UUID) -> str:
    """Return the zone that a person chose; empty for the tenant's."""
    row = session.scalars(questions.setting_of(person)).one_or_none()
    return (row.timezone or "") if row is not None else ""


def change(session: TenantSession, actor: Actor, typed: Mapping[str, str], trace: Trace) -> None:
    """Set how the actor wants to be told.

    Raises:
        BadInputError: if something typed is none of what may be chosen, or the hour is quiet.
    """
    zone = typed.get("timezone", "").strip()
    quiet = _quiet(typed)
    wish = Wish(
        inputs.timezone(zone) if zone else tenants.get(session).timezone,
        _rhythm(typed.get("rhythm", "")),
        _number(_WEEKDAY, typed.get("weekday", ""), WEEK),
        _number(_HOUR, typed.get("hour", ""), _HOURS),
        quiet,
    )
    if is_quiet(wish, wish.hour):
        raise BadInputError(
            tr(
                "The mail is to come at {hour}, which is one of your quiet hours. Choose"
                " another hour, or other quiet ones.",
                hour=f"{wish.hour:02}:00",
            )
        )
    _keep(session, actor, wish, zone, trace.at)
    told = {"digest": wish.rhythm.value}
    auditing.note(session, actor, Event.PERSON_CHANGED, str(actor.person), told, trace=trace)


def _keep(session: TenantSession, actor: Actor, wish: Wish, zone: str, now: datetime) -> None:
    begins, ends = wish.quiet or (None, None)
    said = {
        "rhythm": wish.rhythm.value,
        "weekday": wish.weekday,
        "hour": wish.hour,
        "timezone": wish.timezone if zone else None,
        "quiet_from": begins,
        "quiet_until": ends,
        "changed_at": now,
    }
    if session.insert_new(DigestSetting(person_id=actor.person, **said)):
        return
    row = session.scalars(questions.setting_held(actor.person)).one()
    for name, value in said.items():
        setattr(row, name, value)


def _quiet(typed: Mapping[str, str]) -> tuple[int, int] | None:
    begins, ends = typed.get("quiet_from", ""), typed.get("quiet_until", "")
    if not begins and not ends:
        return None
    if not begins or not ends or begins == ends:
        raise BadInputError(tr("Quiet hours need a beginning and an end that differ, or neither."))
    return _number(_QUIET, begins, _HOURS), _number(_QUIET, ends, _HOURS)


def _rhythm(word: str) -> Rhythm:
    if word not in [each.value for each in Rhythm]:
        _refuse(_RHYTHM)
    return Rhythm(word)


def _number(fault: str, text: str, below: int) -> int:
    if not (text.isascii() and text.isdigit()) or int(text[:_FEW]) >= below:
        _refuse(fault)
    return int(text[:_FEW])


_FEW = 3


def _refuse(fault: str) -> NoReturn:
    raise BadInputError(tr(fault))


def _wish(row: DigestSetting | None, zone: str) -> Wish:
    if row is None:
        return Wish(zone)
    quiet = None
    if row.quiet_from is not None and row.quiet_until is not None:
        quiet = (row.quiet_from, row.quiet_until)
    return Wish(row.timezone or zone, Rhythm(row.rhythm), row.weekday, row.hour, quiet)
