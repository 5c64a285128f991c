"""The page of one KPI of a review: all that is known first, then what its owner answers."""

from collections.abc import Mapping
from uuid import UUID

from kpi_engine.language import tr
from portal.errors import BadInputError
from portal.readmodels.actions import EditorForm
from portal.readmodels.cards import Choice, Head
from portal.readmodels.reviews import ActionLine, NextTarget, ReviewPage
from portal.security.permissions import Permission
from portal.services import (
    action_editor,
    actions,
    goals,
    review_assessment,
    review_bar,
    review_decisions,
    review_evidence,
    review_meeting,
    review_names,
    review_number,
    review_rail,
    review_said,
    review_together,
    review_writing,
    targets,
)
from portal.services.action_cards import open_to
from portal.services.action_editor import Sending, Subject
from portal.services.addresses import address
from portal.services.auditing import Trace
from portal.services.desks import Desk
from portal.services.kpi_strip import target_text
from portal.services.review_cards import PATH, QUESTIONS, Item, ReviewCard, ReviewKind
from portal.services.review_glance import local
from portal.services.reviews import NoReviewError, Seen, seen
from portal.services.reviews import address as place_of
from portal.services.typed_words import an_id
from portal.workflow.review import (
    ItemMove,
    ReviewMove,
    ReviewState,
    lacking,
    moves_for,
    review_moves,
)


def read(desk: Desk, review: str, query: Mapping[str, str], trace: Trace, csrf: str) -> ReviewPage:
    """Return the page of the KPI that the address names, or else of the one that needs the person.

    Raises:
        NoReviewError: if there is no such review or KPI that is open to the person.
        BadInputError: if nothing of the review was frozen yet.
    """
    found = seen(desk.session, desk.actor, id_of(review))
    if not found.items:
        raise BadInputError(not_frozen(desk, found.card))
    item = chosen(found, query)
    review_meeting.look(desk.session, found, item.frozen.id, trace)
    review_writing.mark_read(desk.session, found.seat, found.card, item, trace)
    return _page(desk, found, item, trace, csrf)


def not_frozen(desk: Desk, card: ReviewCard) -> str:
    """Say that a review was only announced."""
    name = review_names.name(card, desk.formats)
    return tr("The {review} is planned; nothing of it is frozen yet.", review=name)


def id_of(text: str) -> UUID:
    """Return the id that an address holds.

    Raises:
        NoReviewError: if it is none.
    """
    return an_id(text, NoReviewError())


def chosen(found: Seen, query: Mapping[str, str]) -> Item:
    """Return the item that an address names, or else the one to look at first.

    Raises:
        NoReviewError: if the review has no such item, or none that is open to the person.
    """
    if not query.get("kpi"):
        return review_rail.first(found)
    scope = query.get("team", "") or query.get("owner", "")
    for item in found.items:
        if item.frozen.kpi == query["kpi"] and item.frozen.who.id == scope:
            return item
    raise NoReviewError


def _page(desk: Desk, found: Seen, item: Item, trace: Trace, csrf: str) -> ReviewPage:
    card, frozen, answer = found.card, item.frozen, item.answer
    parts = found.seat.parts(card, frozen)
    moves = moves_for(card.state, answer.state, parts, shared=frozen.shared)
    facts = item.facts(desk.actor.person, card.kind)
    reasons = lacking(ItemMove.SUBMIT, facts)
    told = _actions(desk, found, item)
    writes = ItemMove.SAVE in moves
    return ReviewPage(
        head=_head(desk, card),
        review=str(card.id),
        item=str(frozen.id),
        version=answer.version,
        base=base_of(item),
        may_write=writes,
        rail=review_rail.rail(desk, found, item),
        checks_sub=review_rail.checks_sub(item, reasons),
        checks=review_rail.checks(card, item, len(told)),
        readers=tuple(
            one.name
            for one in review_meeting.readers(desk.session, found, trace)
            if one.item == frozen.id
        ),
        number=review_number.number(desk, card, frozen),
        last=review_said.last(desk, card, frozen),
        assessment=review_assessment.assessment(
            card, item, writes=writes, became=review_decisions.outcomes(desk.session, card)
        ),
        questions=review_evidence.questions(desk, card, item),
        next_target=_next_target(desk, card, item),
        actions=told,
        form=_form(desk, card, item, csrf),
        words=review_said.words(desk, item, moves, desk.actor.person),
        bar=review_bar.bar(desk, card, item, moves, review_bar.whole(desk, found)),
        notice=_notice(desk, found, item),
        csrf=csrf,
        call_off=_call_off(found),
        together=review_together.listed(desk, found),
        reader=str(desk.actor.person),
    )


def _call_off(found: Seen) -> str:
    may = ReviewMove.CALL_OFF in review_moves(found.card.state, found.parts)
    return str(found.card.version) if may else ""


def base_of(item: Item) -> dict[str, str]:
    """Return what a page begins with in each field, by the names that saving knows.

    An empty note begins with the finding, which is nobody's word until somebody edits it.
    """
    answer = item.answer
    return {
        "assessment": answer.assessment,
        "confidence": answer.confidence,
        "decision": answer.decision,
        "words": answer.words or item.frozen.finding,
        "decision_words": answer.decision_words,
        **{name: answer.replies.get(name, "") for name in QUESTIONS},
        **{f"{name}_words": words for name, words in answer.reply_words.items()},
    }


def _head(desk: Desk, card: ReviewCard) -> Head:
    formats = desk.formats
    tags: tuple[str, ...] = ()
    if card.opened_at is not None:
        tags = (tr("Values frozen {moment}", moment=local(desk, card.opened_at)),)
    sub = tr(
        "Answers are due on {due}; sign-off on {sign}.",
        due=formats.day(card.due, weekday=True),
        sign=formats.day(card.sign_off_by),
    )
    if card.state is ReviewState.SIGNED_OFF and card.signed_at is not None:
        sub = tr(
            "Signed off by {name} on {day}. Nothing of it changes any more.",
            name=card.signed_by,
            day=desk.day_of(card.signed_at),
        )
    elif card.state is ReviewState.CALLED_OFF:
        sub = tr("Called off. What was answered stays readable.")
    return Head(
        review_names.name(card, formats),
        sub,
        crumbs=(Choice(tr("Reviews"), PATH), Choice(review_names.kind(card.kind), PATH)),
        tags=tags,
    )


def _actions(desk: Desk, found: Seen, item: Item) -> tuple[ActionLine, ...]:
    frozen = item.frozen
    cards = open_to(actions.of_review(desk.session, found.card.id), desk.actor, desk.reach)
    return tuple(
        review_said.line(desk, one)
        for one in cards
        if one.kpi == frozen.kpi and one.who == frozen.who
    )


def _form(desk: Desk, card: ReviewCard, item: Item, csrf: str) -> EditorForm | None:
    """Return the editor of one more action, where the person may ask for one here."""
    frozen = item.frozen
    ready = card.state is ReviewState.OPEN and desk.may(Permission.ACTION_EDIT)
    if not ready or frozen.kpi not in desk.catalogue:
        return None
    if not desk.sees(frozen.kpi, frozen.who):
        return None
    kpi = desk.catalogue[frozen.kpi]
    scope = {} if not frozen.who.id else {frozen.who.kind.value: frozen.who.id}
    back = f"{place_of(card, frozen)}#actions"
    kept = {"kpi": frozen.kpi, "review": str(card.id), "back": back, **scope}
    subject = Subject(kpi, frozen.who, frozen.scope_name, scope)
    sending = Sending("review", "/actions/create", csrf, tr("Add action"), kept)
    return action_editor.form(desk, subject, action_editor.blank(desk, kpi), sending)


def _next_target(desk: Desk, card: ReviewCard, item: Item) -> NextTarget | None:
    """Return the target of the next quarter, which a quarterly review looks at."""
    frozen = item.frozen
    if card.kind is not ReviewKind.QUARTERLY or frozen.kpi not in desk.catalogue:
        return None
    following = desk.calendar.holding(card.period.end, card.period.grain)
    held = targets.of(desk.session, desk.calendar, [frozen.kpi], [following], frozen.who)
    target = held.get((frozen.kpi, following.start))
    name, kpi = desk.formats.period(following), desk.catalogue[frozen.kpi]
    told = tr("No target is set for {period}.", period=name)
    if target is not None:
        told = f"{name}: {target_text(kpi, target, desk.formats)}"
    serving = [
        f"{goal.name}: {goal.question}"
        for goal in goals.goals(desk.session, desk.catalogue, desk.today)
        if frozen.kpi in {one.kpi for one in goal.supports}
    ]
    href = ""
    if desk.may(Permission.TARGET_EDIT):
        href = address("/targets", period=following.label, kpi=frozen.kpi)
    by = ""
    if target is not None:
        by = " ".join([tr("Set by {name}.", name=tr(target.set_by)), target.note])
    return NextTarget(told, by.strip(), href, tuple(serving))


def _notice(desk: Desk, found: Seen, item: Item) -> str:
    if desk.actor.viewed_by is not None:
        return tr("You are looking as somebody else: nothing can be answered.")
    if item.answer.sent_back and item.answer.state.value == "sent_back":
        return tr("Sent back: {why}", why=item.answer.sent_back)
    return tr(found.card.instructions) if found.card.state is ReviewState.OPEN else ""
