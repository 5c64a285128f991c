"""What a person does with what they were told: read, acknowledge, put off. Only with their own.

Somebody else's item is told like one that there is not.
"""

from datetime import datetime

from kpi_engine.language import tr
from portal.errors import PortalError
from portal.models import inbox as questions
from portal.models.inbox import InboxItem
from portal.security.actor import Actor
from portal.services import digest_times, digest_wishes
from portal.services.digest_times import Until
from portal.services.inbox import who_of
from portal.services.inbox_sights import sight_of
from portal.services.typed_words import an_id
from portal.tenancy.session import TenantSession


class NoItemError(PortalError):
    """There is no such item, or it is another's, or no longer the person's to see."""

    def __init__(self) -> None:
        super().__init__(tr("There is no such item in your inbox."))


def follow(session: TenantSession, actor: Actor, item: str, now: datetime) -> str:
    """Mark an item as read, and return where it leads. Who looks as somebody else marks nothing.

    Raises:
        NoItemError: if the person has no such item.
    """
    row = _held(session, actor, item, now)
    if row.read_at is None and actor.viewed_by is None:
        row.read_at = now
    return row.href


def acknowledge(session: TenantSession, actor: Actor, item: str, now: datetime) -> None:
    """Note that the person has seen to an item; the first time counts.

    Raises:
        NoItemError: if the person has no such item.
    """
    row = _held(session, actor, item, now)
    row.read_at = row.read_at or now
    row.acknowledged_at = row.acknowledged_at or now
    row.snoozed_until = None


def snooze(session: TenantSession, actor: Actor, item: str, until: Until, now: datetime) -> None:
    """Put an item off; it comes back unread at the person's hour of that day.

    Raises:
        NoItemError: if the person has no such item.
    """
    row = _held(session, actor, item, now)
    row.snoozed_until = digest_times.put_off(
        digest_wishes.wish_of(session, actor.person), until, now
    )
    # When it comes back it is as new, also for the mail.
    row.read_at = row.acknowledged_at = row.mailed_at = None


def read_all(session: TenantSession, actor: Actor, now: datetime) -> int:
    """Mark everything that waits as read; what is put off stays so. Return how many that was."""
    count = 0
    for row in session.scalars(questions.unread_held(actor.person)):
        if row.snoozed_until is None or row.snoozed_until <= now:
            row.read_at, count = now, count + 1
    return count


def _held(session: TenantSession, actor: Actor, item: str, now: datetime) -> InboxItem:
    wanted = an_id(item, NoItemError())
    row = session.scalars(questions.one_held(actor.person, wanted)).one_or_none()
    if row is None:
        raise NoItemError
    who = who_of(row.scope_kind, row.scope_id)
    if who is not None and not sight_of(session, actor, now).sees(row.kpi, who):
        raise NoItemError
    return row
