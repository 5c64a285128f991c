"""Looks through a tenant's numbers once, and tells people what is theirs and new.

Whatever is told has a slot, and a slot is told to a person once: looking again tells nothing twice.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kpi_engine.language import speaking
from portal.services import (
    inbox,
    lifecycles,
    moments,
    numbers,
    signal_facts,
    signal_guardrails,
    signal_people,
    signal_reminders,
    signal_text,
    tenants,
)
from portal.services.engines import calendar_of, catalogue_of
from portal.services.inbox import NewItem
from portal.services.rosters import roster
from portal.services.signal_facts import House, News, Scope
from portal.services.signal_people import Reader
from portal.tenancy.session import TenantSession


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look made: news of how many numbers, and how many new items for how many people."""

    news: int
    items: int


def look(session: TenantSession, now: datetime) -> Looked:
    """Tell everybody of the tenant what the numbers say now and what waits for them."""
    house = house_of(session, now)
    people = signal_people.readers(session, house.roster, house.card.currency, house.today)
    made = [*_of_numbers(house, people), *_asked(house, people)]
    return Looked(len({item.slot for item in made}), inbox.post(session, made))


def house_of(session: TenantSession, now: datetime) -> House:
    """Return what signals are read with."""
    card = tenants.get(session)
    calendar = calendar_of(card)
    today = calendar.local_date(moments.naive(now))
    catalogue = catalogue_of(session, card)
    return House(session, card, catalogue, calendar, roster(session), now, today)


def _of_numbers(house: House, people: Mapping[UUID, Reader]) -> Iterator[NewItem]:
    adopted = sorted(lifecycles.adopted(house.session, house.catalogue, house.today))
    for scope in signal_people.scopes(house, people):
        mine = tuple(adopted)
        if scope.who is not numbers.TENANT:
            # A small scope is watched where somebody aims at something, and nowhere else.
            mine = signal_facts.aimed_at(house, scope, mine)
        told = signal_people.told(house, scope, mine, people)
        watched = tuple(kpi for kpi in mine if told[kpi])
        if not watched:
            continue
        for news in signal_facts.news_of(house, scope, watched):
            for reader in told[news.at.kpi.key]:
                yield _item(house, scope, news, reader)
        yield from signal_guardrails.items(house, scope, told)


def _asked(house: House, people: Mapping[UUID, Reader]) -> Iterator[NewItem]:
    for reader in people.values():
        yield from signal_reminders.items(house, reader)
    yield from signal_reminders.shares(house, people)


def _item(house: House, scope: Scope, news: News, reader: Reader) -> NewItem:
    with speaking(reader.actor.locale):
        subject, text = signal_text.words(news, reader.formats)
    return NewItem(
        reader.actor.person,
        signal_text.kind_of(news),
        subject,
        signal_text.href_of(news),
        signal_text.slot_of(news),
        house.now,
        news.at.kpi.key,
        text,
        scope.who,
        signal_text.tone_of(news),
    )
