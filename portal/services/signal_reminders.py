"""What people are asked for: reviews, actions, shares to acknowledge, data that stays away.

A reminder has a few stages, each told once: when it is asked, shortly before it is due, and when it
is late. It tells no numbers.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark, speaking, tr, trn
from portal.readmodels.cards import Tone
from portal.security.permissions import Permission
from portal.security.roles import Role
from portal.services import (
    actions,
    ownership,
    review_names,
    review_owed,
    reviews,
    source_ages,
)
from portal.services.actions import ActionCard
from portal.services.inbox import Kind, NewItem
from portal.services.ownership import Share
from portal.services.review_owed import Owed, Todo
from portal.services.review_parts import is_theirs, seat_of
from portal.services.signal_facts import House
from portal.services.signal_people import Reader
from portal.workflow.action import UNFINISHED, ActionState
from portal.workflow.review import ReviewState

SOON = timedelta(days=3)
"""So long before it is due somebody is reminded."""
_ACTIONS, _IMPORTS, _OWNERS = "/actions", "/imports", "/framework/owners"
_STALE = "stale"


def items(house: House, reader: Reader) -> Iterator[NewItem]:
    """Yield what one person is asked for now, in their language."""
    with speaking(reader.actor.locale):
        made = [*_all_of(house, reader)]
    yield from made


def _all_of(house: House, reader: Reader) -> Iterator[NewItem]:
    if reader.may(Permission.REVIEW_READ):
        yield from _of_reviews(house, reader)
    if reader.may(Permission.ACTION_READ):
        yield from _of_actions(house, reader)
    if Role.ANALYST in reader.actor.roles and reader.may(Permission.IMPORT_READ):
        yield from _of_sources(house, reader)


def shares(house: House, people: Mapping[UUID, Reader]) -> Iterator[NewItem]:
    """Yield a question to each co-owner who has not said that their share is theirs."""
    for owned in ownership.everything(house.session, house.today):
        for share in owned.shares:
            reader = people.get(share.person.id)
            if reader is None or share.acknowledged_at is not None:
                continue
            if owned.kpi in house.catalogue:
                yield _of_share(house, reader, owned.kpi, share)


def _of_share(house: House, reader: Reader, kpi: KpiKey, share: Share) -> NewItem:
    with speaking(reader.actor.locale):
        name = house.catalogue.kpi(kpi).name
        subject = tr("You share {kpi}: say that your part is yours", kpi=name)
    return NewItem(
        share.person.id,
        Kind.OWNERSHIP,
        subject,
        _OWNERS,
        f"share|{share.id}",
        house.now,
        kpi,
        f"{share.component}, {share.percent:.0f} %: {share.responsibility}",
    )


def _of_reviews(house: House, reader: Reader) -> Iterator[NewItem]:
    owed = review_owed.todo(house.session, reader.actor, house.now)
    ordered = sorted(owed, key=lambda one: (one.review.id, one.what, one.due))
    for (_, what), every in groupby(ordered, key=lambda one: (one.review.id, one.what)):
        yield _of_review(house, reader, what, list(every))
    yield from _taking_part(house, reader)


def _taking_part(house: House, reader: Reader) -> Iterator[NewItem]:
    """Yield a word that a review is open, to whom its cycle names and who answers for nothing."""
    me = reader.actor.person
    open_now = reviews.all_of(house.session, ReviewState.OPEN)
    if not any(me in card.participants for card in open_now):
        return
    for seen in reviews.open_to(house.session, seat_of(reader.actor, house.roster)):
        card = seen.card
        answers = any(is_theirs(reader.actor, one.frozen) for one in seen.items)
        if me in card.participants and not answers:
            yield NewItem(
                me,
                Kind.REVIEW,
                tr("{review}: you take part", review=review_names.name(card, reader.formats)),
                card.href,
                f"review|{card.id}|part",
                house.now,
                text=tr("Answers are due {day}.", day=reader.formats.day(card.due, weekday=True)),
            )


def _of_review(house: House, reader: Reader, what: Owed, owed: Sequence[Todo]) -> NewItem:
    review, due = owed[0].review, min(one.due for one in owed)
    stage, tone = _stage(house.today, due)
    told = _waits(what, len(owed), review_names.name(review, reader.formats))
    subject = tr("{what} and is late", what=told) if stage == _LATE else told
    back = sum(one.sent_back for one in owed)
    named = ", ".join(one.kpi_name for one in owed[:_FEW] if one.kpi_name)
    if named and len(owed) > _FEW:
        named = tr("{names} and {count} more", names=named, count=len(owed) - _FEW)
    parts = [
        tr("Due {day}.", day=reader.formats.day(due, weekday=True)),
        f"{named}." if named else "",
        tr("{count} came back to you.", count=back) if back else "",
    ]
    return NewItem(
        reader.actor.person,
        Kind.REVIEW,
        subject,
        owed[0].href if len(owed) == 1 else review.href,
        # What comes back is asked for anew.
        f"review|{review.id}|{what.value}|{stage}|{back}",
        house.now,
        text=" ".join(part for part in parts if part),
        tone=tone,
    )


_FEW, _LATE = 3, "late"
_STAGES = {
    "asked": mark("You are asked for an action: {action}"),
    "soon": mark("Due soon: {action}"),
    _LATE: mark("Overdue: {action}"),
}


def _waits(what: Owed, count: int, review: str) -> str:
    """Say what of a review waits for somebody."""
    if what is Owed.ANSWER:
        return trn(
            "{review}: {count} KPI waits for your answer",
            "{review}: {count} KPIs wait for your answer",
            count,
            review=review,
        )
    if what is Owed.SAY:
        return trn(
            "{review}: {count} shared KPI waits for your word",
            "{review}: {count} shared KPIs wait for your word",
            count,
            review=review,
        )
    if what is Owed.APPROVE:
        return trn(
            "{review}: {count} answer waits for your approval",
            "{review}: {count} answers wait for your approval",
            count,
            review=review,
        )
    return trn(
        "{review}: {count} review waits for your sign-off",
        "{review}: {count} reviews wait for your sign-off",
        count,
        review=review,
    )


def _stage(today: date, due: date) -> tuple[str, Tone]:
    """Return how near it is: asked, soon or late."""
    if due < today:
        return _LATE, Tone.BAD
    return ("soon", Tone.WATCH) if due - today <= SOON else ("asked", Tone.NEUTRAL)


def _of_actions(house: House, reader: Reader) -> Iterator[NewItem]:
    for card in actions.every(house.session, reader.actor, house.today):
        if card.owner.id != reader.actor.person or card.state not in UNFINISHED:
            continue
        stage, tone = _stage(house.today, card.due)
        asked = card.state is ActionState.OPEN and card.created_by != reader.actor.person
        if stage != "asked" or asked:
            yield _of_action(house, reader, card, stage, tone)


def _of_action(house: House, reader: Reader, card: ActionCard, stage: str, tone: Tone) -> NewItem:
    told = [tr("Due {day}.", day=reader.formats.day(card.due, weekday=True))]
    if card.created_by != card.owner.id:
        told.append(tr("{name} asks for it.", name=card.created_by_name))
    return NewItem(
        reader.actor.person,
        Kind.ACTION,
        tr(_STAGES[stage], action=card.title),
        f"{_ACTIONS}/{card.id}",
        f"action|{card.id}|{stage}|{card.due.isoformat()}",
        house.now,
        card.kpi,
        " ".join(told),
        tone=tone,
    )


def _of_sources(house: House, reader: Reader) -> Iterator[NewItem]:
    for source in source_ages.sources(house.session, house.now):
        if source.stale:
            last = reader.formats.ago(source.age)
            yield NewItem(
                reader.actor.person,
                Kind.DATA,
                tr(
                    "{source}: nothing new came in, the last load is {ago}",
                    source=source.source,
                    ago=last,
                ),
                _IMPORTS,
                # One silence of a source is one slot, however long it lasts.
                f"{_STALE}|{source.source}|{source.loaded_at.isoformat()}",
                house.now,
                text=tr("A later attempt failed.") if source.failed else "",
                tone=Tone.WATCH,
            )
