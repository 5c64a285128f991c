"""What little it takes to say when something was saved: less than a whole desk, for every save."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from kpi_engine.periods import Calendar
from portal.readmodels.formats import Formats
from portal.security.actor import Actor
from portal.services import tenants
from portal.services.engines import calendar_of
from portal.tenancy.session import TenantSession


class Reads(Protocol):
    """Who reads, in which words and by which clocks: a desk, or a glance."""

    @property
    def actor(self) -> Actor:
        """Who reads."""

    @property
    def formats(self) -> Formats:
        """How they read."""

    @property
    def calendar(self) -> Calendar:
        """By which clocks."""


@dataclass(frozen=True, slots=True)
class Glance:
    """A reader without a desk."""

    actor: Actor
    formats: Formats
    calendar: Calendar


def glance(session: TenantSession, actor: Actor) -> Glance:
    """Return what a short answer is said with."""
    card = tenants.get(session)
    return Glance(actor, Formats(actor.locale, card.currency), calendar_of(card))


def local(reader: Reads, moment: datetime) -> str:
    """Return a moment as the tenant's clocks show it."""
    return reader.formats.moment(moment.astimezone(ZoneInfo(reader.calendar.timezone)))
