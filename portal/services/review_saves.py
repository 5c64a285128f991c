"""What a page sends while somebody types, and what it is told back: all that changed, no more."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from kpi_engine.language import mark, tr
from portal.errors import BadInputError
from portal.models import actions as action_questions
from portal.models import review_records as questions
from portal.readmodels.reviews import Bar, Check, ClashText
from portal.security.actor import Actor
from portal.services import (
    review_bar,
    review_moves,
    review_page,
    review_rail,
    review_words,
    review_writing,
    reviews,
)
from portal.services.auditing import Trace
from portal.services.review_cards import Item
from portal.services.review_glance import glance
from portal.services.review_parts import Seat, seat_of
from portal.services.review_rows import word_of
from portal.services.review_words import Spoken
from portal.services.review_writing import Clash, Saved, Typed
from portal.services.rosters import roster
from portal.tenancy.session import TenantSession
from portal.workflow.review import ItemMove, ReviewMove, lacking, moves_for

_NAMES = {
    "words": mark("What happened and why"),
    "assessment": mark("Where it is heading"),
    "confidence": mark("How sure you are"),
    "decision": mark("Keep, change or retire"),
    "decision_words": mark("Why"),
    "relevant": mark("Is it still relevant?"),
    "used": mark("Are people using it?"),
    "acting": mark("Does it drive action?"),
    "unhealthy": mark("Any unhealthy behaviour?"),
}


@dataclass(frozen=True, slots=True)
class Sent:
    """What a page sends: which item, what it began with, what stands in it now."""

    review: UUID
    item: UUID
    typed: Typed

    @property
    def place(self) -> tuple[UUID, UUID]:
        """The review's id and the item's."""
        return self.review, self.item


@dataclass(frozen=True, slots=True)
class Asked:
    """A move that a page asks for, with what was typed for it."""

    move: str
    text: str = ""
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How one KPI stands after something was saved."""

    version: int
    base: Mapping[str, str]
    saved: str
    clashes: tuple[ClashText, ...]
    checks: tuple[Check, ...]
    checks_sub: str
    bar: Bar


def sent_of(base: Mapping[str, object], now: Mapping[str, object]) -> Sent:
    """Return what a page sent, checked for its form.

    Raises:
        BadInputError: if it has another form.
    """
    version, held_base = base.get("version"), base.get("base")
    if not isinstance(version, int) or not isinstance(held_base, Mapping):
        raise BadInputError(tr(_FORM))
    for texts in (held_base, now):
        if not all(isinstance(one, str) for pair in texts.items() for one in pair):
            raise BadInputError(tr(_FORM))
    typed = Typed(version, {str(k): str(v) for k, v in held_base.items()},
                  {str(k): str(v) for k, v in now.items()})  # fmt: skip
    review, item = (review_page.id_of(str(base.get(name, ""))) for name in ("review", "item"))
    return Sent(review, item, typed)


_FORM = mark("What was sent is not what this page sends.")


def save(session: TenantSession, actor: Actor, sent: Sent, trace: Trace) -> Standing:
    """Save what was typed, and return how the KPI stands now.

    Raises:
        DeniedError: if it is not theirs to answer, or not at this moment.
        BadInputError: if a value is none that can be answered.
    """
    seat = seat_of(actor, roster(session))
    found = review_writing.save(session, seat, sent.place, sent.typed, trace)
    return _standing(session, found)


def make_move(
    session: TenantSession, actor: Actor, sent: Sent, asked: Asked, trace: Trace
) -> tuple[ClashText, ...]:
    """Save what was typed, then make a move; return what clashed, in which case none was made.

    Raises:
        DeniedError: if there is no such move for the person.
        BadInputError: if something stands against it.
    """
    seat = seat_of(actor, roster(session))
    version = sent.typed.version
    if sent.typed.now:
        found = review_writing.save(session, seat, sent.place, sent.typed, trace)
        if found.clashes:
            return _texts(found.clashes)
        version = found.answer.version if version != found.answer.version else version
    _make(session, seat, sent, (asked, version), trace)
    return ()


def _make(
    session: TenantSession, seat: Seat, sent: Sent, asked: tuple[Asked, int], trace: Trace
) -> None:
    told, version = asked
    if told.move in {"agree", "disagree"}:
        about = told.about if told.move == "disagree" else ()
        if told.move == "disagree" and not about:
            raise BadInputError(
                tr("Say what you disagree about: the reason, the number or the split.")
            )
        review_words.speak(session, seat, sent.place, Spoken(about, told.text, version), trace)
    elif told.move == ItemMove.REPLY:
        review_words.reply(session, seat, sent.place, told.text, trace)
    elif told.move == ItemMove.SETTLE:
        review_words.settle(session, seat, sent.place, told.text, trace)
    elif told.move == ReviewMove.SIGN_OFF:
        whole = reviews.seen(session, seat.actor, sent.review).card.version
        review_moves.sign_off(session, seat.actor, sent.review, whole, trace)
    elif told.move in {one.value for one in review_moves.MOVES}:
        wanted = (ItemMove(told.move), version)
        review_moves.move(session, seat, sent.place, wanted, trace, told.text)
    else:
        raise BadInputError(tr(_FORM))


def _standing(session: TenantSession, found: Saved) -> Standing:
    now, answer = found.item, found.answer
    words = session.scalars(questions.words_of([now.frozen.id]))
    item = Item(now.frozen, answer, tuple(word_of(row) for row in words))
    actor, card = now.seat.actor, now.card
    moves = moves_for(
        card.state, answer.state, now.seat.parts(card, now.frozen), shared=now.frozen.shared
    )
    asked = (
        (row.kpi, row.scope_kind, row.scope_id)
        for row in session.scalars(action_questions.of_review(card.id))
    )
    subject = (now.frozen.kpi, now.frozen.who.kind.value, now.frozen.who.id)
    reader = glance(session, actor)
    reasons = lacking(ItemMove.SUBMIT, item.facts(actor.person, card.kind))
    return Standing(
        answer.version,
        review_page.base_of(item),
        review_bar.saved(reader, item),
        _texts(found.clashes),
        review_rail.checks(card, item, list(asked).count(subject)),
        review_rail.checks_sub(item, reasons),
        review_bar.bar(reader, card, item, moves),
    )


def _texts(found: tuple[Clash, ...]) -> tuple[ClashText, ...]:
    return tuple(ClashText(one.field, _name(one.field), one.theirs, one.mine) for one in found)


def _name(field: str) -> str:
    return tr(_NAMES.get(field) or _NAMES.get(field.removesuffix("_words"), field))
