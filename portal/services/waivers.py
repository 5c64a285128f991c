"""Waivers: a finding of the framework check that is let stand, with a reason and a last day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from kpi_engine.framework.check import RULES
from kpi_engine.language import tr
from portal.errors import BadInputError, UnknownNameError
from portal.models import waivers as questions
from portal.models.waivers import LONGEST
from portal.models.waivers import Waiver as Row
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.services import auditing, typed_words
from portal.services.auditing import Event, Trace
from portal.services.granted import require
from portal.tenancy.session import TenantSession

LONGEST_TIME = timedelta(days=366)
"""A waiver is looked at again within a year."""
_LONGEST_PLACE = 200
Place = tuple[str, str]
"""The id of a rule, and what it found fault with."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """One waiver as it stands."""

    rule: str
    place: str
    reason: str
    until: date
    """The last day on which it holds."""
    by: str
    at: datetime

    def holds(self, day: date) -> bool:
        """Say whether it still holds on a day."""
        return day <= self.until


@dataclass(frozen=True, slots=True)
class NewWaiver:
    """A waiver as somebody typed it."""

    rule: str
    place: str
    reason: str
    until: str


def current(session: TenantSession, today: date) -> Mapping[Place, Waiver]:
    """Return the waivers that hold on a day."""
    return {key: one for key, one in every(session).items() if one.holds(today)}


def every(session: TenantSession) -> Mapping[Place, Waiver]:
    """Return the waivers that nobody took back, also those that ran out."""
    rows = session.scalars(questions.current())
    return {(row.rule, row.place): _told(row, row.until) for row in rows if row.until is not None}


def waive(
    session: TenantSession, actor: Actor, new: NewWaiver, today: date, trace: Trace
) -> Waiver:
    """Let a finding stand until a day.

    Raises:
        DeniedError: if the person may not change the framework.
        BadInputError: if the rule is none, or the reason or the day cannot be used.
    """
    require(actor, Permission.FRAMEWORK_EDIT)
    _known(new.rule, new.place)
    reason = typed_words.text(tr("The reason"), new.reason)
    if len(reason) > LONGEST:
        raise BadInputError(tr("The reason is longer than {most} characters.", most=LONGEST))
    until = typed_words.day(tr("The last day"), new.until)
    if until < today:
        raise BadInputError(tr("The last day of the waiver is past. Choose a later one."))
    if until > today + LONGEST_TIME:
        raise BadInputError(tr("A waiver lasts a year at most. Choose an earlier day."))
    row = _write(session, actor, (new.rule, new.place), (until, reason), trace)
    return _told(row, until)


def take_back(session: TenantSession, actor: Actor, place: Place, trace: Trace) -> None:
    """End a waiver; what is not waived is left as it is.

    Raises:
        DeniedError: if the person may not change the framework.
    """
    require(actor, Permission.FRAMEWORK_EDIT)
    if place in every(session):
        _write(session, actor, place, (None, ""), trace)


def _write(
    session: TenantSession, actor: Actor, place: Place, said: tuple[date | None, str], trace: Trace
) -> Row:
    before = session.scalars(questions.newest_of(*place)).one_or_none()
    until, reason = said
    row = Row(
        id=uuid4(),
        rule=place[0],
        place=place[1],
        revision=1 if before is None else before.revision + 1,
        until=until,
        reason=reason,
        made_by=actor.person,
        made_by_name=actor.name or actor.email,
        made_at=trace.at,
    )
    if not session.insert_new(row):
        raise BadInputError(tr(typed_words.OVERTAKEN))
    detail = {"place": place[1], "until": "taken back" if until is None else until.isoformat()}
    auditing.note(session, actor, Event.WAIVER_CHANGED, place[0], detail, trace=trace)
    return row


def _known(rule: str, place: str) -> None:
    names = [one.id for one in RULES]
    if rule not in names:
        raise UnknownNameError("rule", rule, names)
    if len(place) > _LONGEST_PLACE or not place.isprintable():
        raise BadInputError(tr("There is no finding at that place. Reload the page."))


def _told(row: Row, until: date) -> Waiver:
    return Waiver(row.rule, row.place, row.reason, until, row.made_by_name, row.made_at)
