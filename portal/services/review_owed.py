"""What somebody still owes the open reviews: answers, words, approvals, a sign-off."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kpi_engine.definitions.kinds import KpiKey
from portal.security.actor import Actor
from portal.services import review_decisions
from portal.services.desks import open_desk
from portal.services.numbers import TENANT, Who
from portal.services.review_cards import Item, ReviewCard
from portal.services.review_parts import seat_of
from portal.services.reviews import Seen, address, open_to
from portal.services.rosters import roster
from portal.tenancy.session import TenantSession
from portal.workflow.review import (
    ITEM_STEPS,
    ItemMove,
    ItemState,
    Part,
    ReviewMove,
    lacking,
)


class Owed(StrEnum):
    """What a person still has to do in a review."""

    ANSWER = "answer"
    SAY = "say"
    """Say their word to a shared KPI."""
    APPROVE = "approve"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing that a person still owes a review."""

    review: ReviewCard
    what: Owed
    due: date
    href: str
    kpi: KpiKey | None = None
    kpi_name: str = ""
    who: Who = TENANT
    scope_name: str = ""
    sent_back: bool = False
    red: bool = False


def todo(session: TenantSession, actor: Actor, now: datetime) -> tuple[Todo, ...]:
    """Return what the person still owes the open reviews, the first due first."""
    found: list[Todo] = []
    seat = seat_of(actor, roster(session))
    for seen in open_to(session, seat):
        found += _owed(seen)
        if _signs(session, seen, now):
            found.append(Todo(seen.card, Owed.SIGN, seen.card.sign_off_by, seen.card.href))
    return tuple(sorted(found, key=lambda one: (one.due, one.review.name, not one.red)))


def owed_of(card: ReviewCard, item: Item, parts: frozenset[Part], actor: Actor) -> Owed | None:
    """Return what a person of these parts still owes one KPI of an open review."""
    state = item.answer.state
    if Part.WRITER in parts and state in WRITING:
        return Owed.ANSWER
    if Part.CO_OWNER in parts and actor.person in {one.person for one in item.missing}:
        return None if state not in SPEAKING else Owed.SAY
    facts = item.facts(actor.person, card.kind)
    if (
        Part.SIGNER in parts
        and state is ItemState.SUBMITTED
        and not lacking(ItemMove.APPROVE, facts)
    ):
        return Owed.APPROVE
    return None


WRITING = frozenset({ItemState.TO_ANSWER, ItemState.DRAFT, ItemState.SENT_BACK})
"""Where the one who answers is at work."""
SPEAKING = frozenset(state for state, move in ITEM_STEPS if move is ItemMove.SPEAK)
"""Where a co-owner may say their word."""


def _owed(seen: Seen) -> list[Todo]:
    card, seat = seen.card, seen.seat
    found = []
    for each in seen.items:
        frozen = each.frozen
        what = owed_of(card, each, seat.parts(card, frozen), seat.actor)
        if what is not None:
            found.append(
                Todo(
                    card,
                    what,
                    card.sign_off_by if what is Owed.APPROVE else card.due,
                    address(card, frozen),
                    frozen.kpi,
                    frozen.kpi_name,
                    frozen.who,
                    frozen.scope_name,
                    each.answer.state is ItemState.SENT_BACK,
                    frozen.red,
                )
            )
    return found


def _signs(session: TenantSession, seen: Seen, now: datetime) -> bool:
    """Say whether the review waits for the person's sign-off, by the table that guards it too."""
    if Part.SIGNER not in seen.parts or seen.left:
        return False
    desk = open_desk(session, seen.seat.actor, now)
    return ReviewMove.SIGN_OFF in review_decisions.moves_of(desk, seen)
