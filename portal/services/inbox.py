"""What people are told: posted once, shown while it is theirs to see, put off or acknowledged.

An item that tells a number names whose it is. It is shown, counted and mailed only while that
person's reach holds it, or they answer for its KPI: whoever loses a team loses what was told of it
too.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import tr
from portal.models import inbox as questions
from portal.models.inbox import LONGEST_SUBJECT, LONGEST_TEXT, InboxItem, Kind
from portal.models.observations import ScopeKind
from portal.readmodels.cards import Tone
from portal.security.actor import Actor
from portal.services import tenants
from portal.services.engines import calendar_of
from portal.services.inbox_sights import sight_of
from portal.services.letters import one_line
from portal.services.numbers import Who
from portal.tenancy.session import TenantSession

__all__ = ["Item", "Kind", "NewItem", "acted_on", "post", "unread"]


@dataclass(frozen=True, slots=True)
class NewItem:
    """One thing to tell one person. `slot` is told to them once, whoever posts it how often."""

    person: uuid.UUID
    kind: Kind
    subject: str
    """One sentence, without a full stop where it is a title."""
    href: str
    """Where to look: a path of this portal with its query."""
    slot: str
    at: datetime
    kpi: KpiKey | None = None
    text: str = ""
    """What more is to be said; plain text."""
    who: Who | None = None
    """Whose number it tells; None if it tells none."""
    tone: Tone = Tone.NEUTRAL
    """Whether it is good news."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a person was told, as it stands."""

    id: uuid.UUID
    kind: Kind
    subject: str
    text: str
    href: str
    kpi: KpiKey | None
    who: Who | None
    tone: Tone
    at: datetime
    read_at: datetime | None
    acknowledged_at: datetime | None
    snoozed_until: datetime | None


def post(session: TenantSession, items: Iterable[NewItem]) -> int:
    """Tell people what they were not told yet; return how many items that made.

    What was told of a slot stays as it was said: posting it again, also with other words, does
    nothing.
    """
    wanted = {(item.person, item.slot): item for item in items}
    if not wanted:
        return 0
    people, slots = {person for person, _ in wanted}, {slot for _, slot in wanted}
    told = {
        (row.person_id, row.slot) for row in session.execute(questions.told_already(people, slots))
    }
    # In one order for everybody: who posts the same at the same moment waits, and not mutually.
    return sum(
        session.insert_new(_row(wanted[place])) for place in sorted(wanted) if place not in told
    )


def unread(session: TenantSession, actor: Actor, now: datetime) -> int:
    """Return how many items wait for a person: not read, not put off, and theirs to see."""
    asked = questions.unread_by_scope(actor.person, now)
    found = [
        (who_of(kind, scope), kpi, count) for kind, scope, kpi, count in session.execute(asked)
    ]
    if all(who is None for who, _, _ in found):
        return sum(count for _, _, count in found)
    sight = sight_of(session, actor, now)
    return sum(count for who, kpi, count in found if sight.sees(kpi, who))


def who_of(kind: str | None, scope_id: str | None) -> Who | None:
    """Return whose number a row tells of."""
    return None if kind is None else Who(ScopeKind(kind), scope_id or "")


def item_of(row: InboxItem) -> Item:
    """Return a row as it is told; a text of the portal's own in the reader's language."""
    return Item(
        row.id,
        Kind(row.kind),
        row.subject,
        tr(row.body),
        row.href,
        None if row.kpi is None else KpiKey(row.kpi),
        who_of(row.scope_kind, row.scope_id),
        Tone(row.tone),
        row.at,
        row.read_at,
        row.acknowledged_at,
        row.snoozed_until,
    )


def acted_on(session: TenantSession, kpi: KpiKey, first: date, last: date) -> tuple[int, int]:
    """Return how many alerts of a KPI somebody acknowledged, of all from `first` to before `last`.

    The days are the tenant's, and those on which people were told. An alert that several people
    got is one.
    """
    calendar = calendar_of(tenants.get(session))
    since, until = (calendar.instant(day).replace(tzinfo=UTC) for day in (first, last))
    found = [seen for _, seen in session.execute(questions.alerts_of(kpi, since, until))]
    return sum(seen is not None for seen in found), len(found)


def _row(item: NewItem) -> InboxItem:
    return InboxItem(
        id=uuid.uuid4(),
        person_id=item.person,
        kind=item.kind.value,
        subject=short(item.subject, LONGEST_SUBJECT),
        body=short(item.text, LONGEST_TEXT),
        href=item.href,
        tone=item.tone.value,
        kpi=item.kpi,
        scope_kind=None if item.who is None else item.who.kind.value,
        scope_id=None if item.who is None else item.who.id,
        slot=item.slot,
        at=item.at,
    )


def short(text: str, longest: int) -> str:
    """Return text on one line, cut with a sign where it is too long."""
    line = one_line(text)
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"
