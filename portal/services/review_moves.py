"""Moves one KPI of a review on, and signs a whole review off; the tables say what may be."""

from collections.abc import Mapping
from uuid import UUID

from kpi_engine.language import tr, trn
from portal.errors import BadInputError, DeniedError
from portal.models import review_records as record_questions
from portal.models import reviews as questions
from portal.models.review_items import ReviewAnswer
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.services import auditing, review_decisions, review_writing
from portal.services.auditing import Event, Trace
from portal.services.granted import require
from portal.services.review_cards import Item, ReviewCard
from portal.services.review_parts import Seat
from portal.services.review_records import Done, record
from portal.services.review_rows import answer_of, word_of
from portal.services.review_writing import Held, held
from portal.services.reviews import Seen, one, seen
from portal.tenancy.session import TenantSession
from portal.workflow.review import ItemMove, ItemState, ReviewMove, lacking, next_review_state

MOVES = frozenset(
    {ItemMove.ASK, ItemMove.SUBMIT, ItemMove.TAKE_BACK, ItemMove.SEND_BACK, ItemMove.APPROVE}
)
"""The moves that are one press; what is typed has functions of its own."""


class StaleMoveError(BadInputError):
    """The answer was changed since the page was drawn; the move was not made."""

    def __init__(self) -> None:
        super().__init__(
            tr(
                "Somebody changed this KPI while you were reading. Read what now stands, then"
                " decide."
            )
        )


class LackingError(BadInputError):
    """Something stands against a move that the table allows."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def move(
    session: TenantSession,
    seat: Seat,
    place: tuple[UUID, UUID],
    asked: tuple[ItemMove, int],
    trace: Trace,
    why: str = "",
) -> ItemState:
    """Make a move of one KPI, if it still stands where the person saw it.

    Args:
        session: Of the tenant.
        seat: Who moves.
        place: The review's id and the item's.
        asked: The move, and the version that the person saw.
        trace: In which request.
        why: For sending back: what is missing.

    Raises:
        DeniedError: if there is no such move for the person.
        StaleMoveError: if the answer was changed since.
        LackingError: if a rule beyond the table stands against it.
        BadInputError: if something is sent back without a word why.
    """
    wanted, version = asked
    require(seat.actor, Permission.REVIEW_WRITE)
    if wanted not in MOVES:
        raise BadInputError(tr("What was sent is not what this page sends."))
    item = held(session, seat, *place)
    to = item.leads(wanted)
    if item.row.version != version:
        raise StaleMoveError
    reasons = lacking(wanted, _item(session, item).facts(seat.actor.person, item.card.kind))
    if reasons:
        raise LackingError(reasons)
    words = why.replace("\x00", "").strip()[: review_writing.LONGEST]
    if wanted is ItemMove.SEND_BACK and not words:
        raise BadInputError(tr("Say what is missing: whoever answers will ask."))
    _make(session, item, (wanted, to), words, trace)
    return to


def _make(
    session: TenantSession, item: Held, led: tuple[ItemMove, ItemState], why: str, trace: Trace
) -> None:
    wanted, to = led
    row, actor, before = item.row, item.seat.actor, item.row.state
    if wanted is ItemMove.ASK:
        row.asked_at = trace.at
    elif wanted is ItemMove.SUBMIT:
        row.submitted_by, row.submitted_at = actor.person, trace.at
        row.submitted_by_name = actor.name or actor.email
    elif wanted is ItemMove.SEND_BACK:
        row.sent_back = why
    _approve(row, actor if wanted is ItemMove.APPROVE else None, trace)
    row.state, row.version = to.value, row.version + 1
    session.flush()
    detail: Mapping[str, object] = {"why": why} if why else {}
    if wanted is ItemMove.SUBMIT:
        detail = review_writing.told(row)
    done = Done(wanted.value, before, to.value, row.version, detail)
    record(session, actor, item.card.id, item.frozen.id, done, trace)
    audited = {"move": wanted.value, "kpi": item.frozen.kpi}
    auditing.note(session, actor, Event.REVIEW_MOVED, str(item.card.id), audited, trace=trace)


def _approve(row: ReviewAnswer, actor: Actor | None, trace: Trace) -> None:
    row.approved_by = actor.person if actor else None
    row.approved_by_name = (actor.name or actor.email) if actor else ""
    row.approved_at = trace.at if actor else None


def _item(session: TenantSession, item: Held) -> Item:
    words = session.scalars(record_questions.words_of([item.frozen.id]))
    return Item(item.frozen, answer_of(item.row), tuple(word_of(row) for row in words))


def sign_off(
    session: TenantSession, actor: Actor, review_id: UUID, version: int, trace: Trace
) -> ReviewCard:
    """Sign a review off: what an annual one decided takes effect, and nothing of it changes more.

    Raises:
        DeniedError: if it is not the person's to sign, or decides what is not theirs to change.
        LackingError: if KPIs of it are not approved.
        StaleMoveError: if the review moved on since the page was drawn.
    """
    require(actor, Permission.REVIEW_SIGN)
    found = _held_review(session, actor, review_id, (ReviewMove.SIGN_OFF, version))
    if found.left:
        left = trn(
            "{count} KPI is not approved yet.", "{count} KPIs are not approved yet.", found.left
        )
        raise LackingError((left,))
    alone = [each.frozen.kpi for each in found.every if each.answer.state is not ItemState.APPROVED]
    detail: dict[str, object] = {"approved_by_nobody_else": alone} if alone else {}
    detail |= review_decisions.carry_out(session, actor, found, trace)
    return _ended(session, actor, found, (ReviewMove.SIGN_OFF, detail), trace)


def call_off(
    session: TenantSession, actor: Actor, review_id: UUID, version: int, trace: Trace
) -> ReviewCard:
    """Call a review off; what was answered stays readable, and its period may be reviewed anew.

    Raises:
        DeniedError: if the person opens no reviews.
        StaleMoveError: if the review moved on since the page was drawn.
    """
    require(actor, Permission.REVIEW_OPEN)
    found = _held_review(session, actor, review_id, (ReviewMove.CALL_OFF, version))
    return _ended(session, actor, found, (ReviewMove.CALL_OFF, {}), trace)


def _held_review(
    session: TenantSession, actor: Actor, review_id: UUID, asked: tuple[ReviewMove, int]
) -> Seen:
    wanted, version = asked
    session.scalars(questions.review_held(review_id)).one_or_none()
    found = seen(session, actor, review_id)
    if next_review_state(found.card.state, wanted, found.parts) is None:
        raise DeniedError(
            tr(
                "This is not yours to do here: the review has ended, or part of it is out of your"
                " reach."
            )
        )
    if found.card.version != version:
        raise StaleMoveError
    return found


def _ended(
    session: TenantSession,
    actor: Actor,
    found: Seen,
    done: tuple[ReviewMove, Mapping[str, object]],
    trace: Trace,
) -> ReviewCard:
    wanted, detail = done
    row = session.scalars(questions.review(found.card.id)).one()
    to = next_review_state(found.card.state, wanted, found.parts)
    assert to is not None  # noqa: S101 - the caller asked the table
    before, row.version = row.state, row.version + 1
    if wanted is ReviewMove.SIGN_OFF:
        row.signed_by, row.signed_at = actor.person, trace.at
        row.signed_by_name = actor.name or actor.email
    row.state = to.value
    session.flush()
    record(session, actor, row.id, None, Done(wanted.value, before, to, row.version, detail), trace)
    audited = {"move": wanted.value}
    auditing.note(session, actor, Event.REVIEW_MOVED, str(row.id), audited, trace=trace)
    return one(session, row.id)
