"""The words of co-owners: agreed, disagreed about the reason, number or split, replied, settled.

A disagreement is recorded and not hidden: it stays in the minutes also when it was settled.
"""

from dataclasses import dataclass
from uuid import UUID, uuid4

from kpi_engine.language import tr
from portal.errors import BadInputError
from portal.models import review_records as questions
from portal.models.review_records import ReviewWord
from portal.security.permissions import Permission
from portal.services import auditing
from portal.services.auditing import Event, Trace
from portal.services.granted import require
from portal.services.review_cards import Item
from portal.services.review_parts import Seat
from portal.services.review_records import Done, record
from portal.services.review_rows import answer_of, word_of
from portal.services.review_writing import LONGEST, Held, TooLongError, held
from portal.tenancy.session import TenantSession
from portal.workflow.review import ItemMove, ItemState, after_words

ABOUT = ("reason", "number", "split")
"""What a co-owner may disagree about."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a co-owner says; about nothing: they agree."""

    about: tuple[str, ...] = ()
    text: str = ""
    seen: int = 0
    """The version of the answer that they read."""


class StaleWordError(BadInputError):
    """The answer was changed since the co-owner read it; their word was not taken."""

    def __init__(self) -> None:
        super().__init__(
            tr(
                "The answer was changed while you were reading. Nothing of yours is lost: read it"
                " anew, then give your word."
            )
        )


def speak(
    session: TenantSession, seat: Seat, place: tuple[UUID, UUID], spoken: Spoken, trace: Trace
) -> Item:
    """Take a co-owner's word to the whole number. Who says another word later, says it anew.

    Raises:
        DeniedError: if the person owns no part of it, or it cannot be said now.
        StaleWordError: if the answer was changed since they read it.
        BadInputError: if they disagree and don't say about what, or why.
    """
    require(seat.actor, Permission.REVIEW_WRITE)
    about, text = _checked(spoken)
    item = held(session, seat, *place)
    item.leads(ItemMove.SPEAK)
    if item.row.version != spoken.seen:
        raise StaleWordError
    _add(session, item, ("disagrees" if about else "agrees", about, text, None), trace)
    now = _item(session, item)
    state = after_words(ItemState(item.row.state), len(now.missing))
    _moved(session, item, ItemMove.SPEAK, state, trace)
    return _item(session, item)


def reply(
    session: TenantSession, seat: Seat, place: tuple[UUID, UUID], text: str, trace: Trace
) -> Item:
    """Answer the disagreements that stand.

    Raises:
        DeniedError: if it is not theirs to answer.
        BadInputError: if nothing is said, or there is no disagreement.
    """
    return _to_dispute(session, seat, place, (ItemMove.REPLY, "reply", text), trace)


def settle(
    session: TenantSession, seat: Seat, place: tuple[UUID, UUID], text: str, trace: Trace
) -> Item:
    """Say how the disagreements that stand were settled; they stay on record.

    Raises:
        DeniedError: if the person does not sign.
        BadInputError: if nothing is said, or there is no disagreement.
    """
    return _to_dispute(session, seat, place, (ItemMove.SETTLE, "settled", text), trace)


def _to_dispute(
    session: TenantSession,
    seat: Seat,
    place: tuple[UUID, UUID],
    said: tuple[ItemMove, str, str],
    trace: Trace,
) -> Item:
    move, kind, text = said
    require(seat.actor, Permission.REVIEW_WRITE)
    plain = _plain(text)
    if not plain:
        raise BadInputError(tr("Say it in a sentence: whoever reads the minutes was not there."))
    item = held(session, seat, *place)
    to = item.leads(move)
    disputes = _item(session, item).disputes
    if not disputes:
        raise BadInputError(tr("There is no disagreement left to speak to."))
    for each in disputes:
        _add(session, item, (kind, (), plain, each.id), trace)
    _moved(session, item, move, to, trace)
    return _item(session, item)


def _checked(spoken: Spoken) -> tuple[tuple[str, ...], str]:
    about = tuple(one for one in ABOUT if one in spoken.about)
    if len(about) != len(set(spoken.about)):
        raise BadInputError(tr("Disagree about the reason, the number or the split."))
    text = _plain(spoken.text)
    if about and not text:
        raise BadInputError(tr("Say what you see differently, and why."))
    return about, text


def _plain(text: str) -> str:
    found = text.replace("\x00", "").strip()
    if len(found) > LONGEST:
        raise TooLongError
    return found


def _add(
    session: TenantSession,
    item: Held,
    said: tuple[str, tuple[str, ...], str, UUID | None],
    trace: Trace,
) -> None:
    kind, about, text, of_word = said
    actor = item.seat.actor
    session.add(
        ReviewWord(
            id=uuid4(),
            review_id=item.card.id,
            item_id=item.frozen.id,
            person=actor.person,
            person_name=actor.name or actor.email,
            kind=kind,
            about=list(about),
            body=text,
            of_word=of_word,
            to_version=item.row.version,
            said_at=trace.at,
        )
    )
    session.flush()


def _item(session: TenantSession, item: Held) -> Item:
    words = session.scalars(questions.words_of([item.frozen.id]))
    return Item(item.frozen, answer_of(item.row), tuple(word_of(one) for one in words))


def _moved(session: TenantSession, item: Held, move: ItemMove, to: ItemState, trace: Trace) -> None:
    before = item.row.state
    if before != to:
        item.row.state, item.row.version = to.value, item.row.version + 1
        session.flush()
    done = Done(move.value, before, to.value, item.row.version)
    record(session, item.seat.actor, item.card.id, item.frozen.id, done, trace)
    detail = {"move": move.value, "kpi": item.frozen.kpi}
    auditing.note(
        session, item.seat.actor, Event.REVIEW_MOVED, str(item.card.id), detail, trace=trace
    )
