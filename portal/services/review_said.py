"""What was said: the last review's answers and actions, and each owner's word to a shared KPI."""

from kpi_engine.language import mark, tr, trc, trn
from kpi_engine.statistics.effect import Way
from portal.models import review_items as item_questions
from portal.models import review_records as record_questions
from portal.readmodels.cards import Status, Tone
from portal.readmodels.reviews import ActionLine, LastReview, WordCard, Words
from portal.services import actions, effect_windows, listed, review_names
from portal.services.action_cards import ActionCard, open_to
from portal.services.desks import Desk
from portal.services.review_cards import Frozen, Item, ReviewCard, ShareHeld, Word
from portal.services.review_glance import local
from portal.services.review_rail import whose_word
from portal.services.review_rows import card_of, item_of, word_of
from portal.workflow.action import UNFINISHED, ActionState
from portal.workflow.review import ItemMove, ItemState

_CONFIDENCE = {
    "low": mark("low confidence"),
    "medium": mark("medium confidence"),
    "high": mark("high confidence"),
}
_VERDICTS = {
    "as_expected": mark("Moved as expected"),
    "not_shown": mark("Not shown"),
    "worse": mark("Worse"),
    "cannot_tell": mark("Cannot tell"),
}
_STATES = {
    ActionState.PROPOSED: mark("Proposed"),
    ActionState.ACCEPTED: mark("Accepted"),
    ActionState.DONE: mark("Done"),
    ActionState.DROPPED: mark("Dropped"),
    ActionState.CARRIED_OVER: mark("Carried over"),
}
_WAYS = {
    Way.UP: (mark("Up"), mark("Up by {size}")),
    Way.DOWN: (mark("Down"), mark("Down by {size}")),
}


def earlier(desk: Desk, card: ReviewCard, frozen: Frozen) -> tuple[ReviewCard, Item] | None:
    """Return the last review's item of the same KPI and scope; None where there was none."""
    asked = item_questions.earlier(
        frozen.kpi, card.kind.value, (frozen.who.kind.value, frozen.who.id), card.period.start
    ).limit(1)
    row = desk.session.execute(asked).one_or_none()
    if row is None:
        return None
    words = desk.session.scalars(record_questions.words_of([row[0].id]))
    item = item_of(row[0], row[1], tuple(word_of(one) for one in words))
    return card_of(row[2], desk.calendar), item


def last(desk: Desk, card: ReviewCard, frozen: Frozen) -> LastReview | None:
    """Return what the last review said of the KPI, its actions with what became of them."""
    found = earlier(desk, card, frozen)
    if found is None:
        return None
    before, item = found
    told = [
        one
        for one in open_to(actions.of_review(desk.session, before.id), desk.actor, desk.reach)
        if one.kpi == frozen.kpi and one.who == frozen.who
    ]
    done = sum(one.state is ActionState.DONE for one in told)
    against = [one for one in item.words.values() if one.kind == "disagrees"]
    return LastReview(
        title=tr("From the {review}", review=review_names.name(before, desk.formats)),
        sub=_told(desk, item),
        pill=tr("{count} of {total} actions done", count=done, total=len(told))
        if told
        else tr("No action"),
        actions=tuple(line(desk, one, carry=_carry(desk, one, card)) for one in told),
        disputed="; ".join(_disputed(item, one) for one in against),
    )


def _told(desk: Desk, item: Item) -> str:
    answer = item.answer
    if not answer.submitted_by_name:
        return tr("It was not answered.")
    heading = [review_names.assessed(answer.assessment, tr("Answered"))]
    if answer.confidence in _CONFIDENCE:
        heading.append(tr(_CONFIDENCE[answer.confidence]))
    told = [f"{', '.join(heading)}."]
    if answer.words:
        told.append(
            tr(
                "\N{LEFT DOUBLE QUOTATION MARK}{words}\N{RIGHT DOUBLE QUOTATION MARK}",
                words=answer.words,
            )
        )
    when = f", {desk.day_of(answer.submitted_at)}" if answer.submitted_at else ""
    return " ".join([*told, f"{answer.submitted_by_name}{when}"])


def _disputed(item: Item, word: Word) -> str:
    settled = next(
        (one for one in item.said if one.kind == "settled" and one.of_word == word.id), None
    )
    told = tr(
        "{name} disagreed about the {about}: {text}",
        name=word.name,
        about=listed.anded(review_names.disputed(one) for one in word.about),
        text=word.text,
    )
    how = tr("Not settled.")
    if settled:
        how = tr("Settled by {name}: {text}", name=settled.name, text=settled.text)
    return f"{told} {how}"


def _carry(desk: Desk, card: ActionCard, review: ReviewCard) -> str:
    if card.state not in UNFINISHED or not _may_carry(desk, card):
        return ""
    del review
    return f"/actions/{card.id}/carry"


def _may_carry(desk: Desk, card: ActionCard) -> bool:
    return desk.actor.person in {card.owner.id, card.created_by} and desk.actor.viewed_by is None


def line(desk: Desk, card: ActionCard, carry: str = "") -> ActionLine:
    """Return an action as a row says it."""
    formats = desk.formats
    late = card.is_overdue(desk.today)
    days = (desk.today - card.due).days
    if late:
        state = Status(Tone.BAD, trn("{count} day over", "{count} days over", days))
    elif card.state is ActionState.OPEN:
        state = Status(Tone.NEUTRAL, trc("state of an action", "Open"))
    else:
        tone = Tone.GOOD if card.state is ActionState.DONE else Tone.NEUTRAL
        state = Status(tone, tr(_STATES[card.state]))
    when = tr("Due {day}", day=formats.day(card.due, year=False))
    if card.done_on is not None:
        when = tr("Done {day}", day=formats.day(card.done_on, year=False))
    verdict = tr(_VERDICTS.get(card.verdict.value, "")) if card.verdict is not None else ""
    if not verdict and card.state is ActionState.DONE:
        grain = effect_windows.grain_of(desk.catalogue.get(card.kpi))
        day = effect_windows.first_check(desk.calendar, card.shows_from, grain)
        verdict = tr("Too early, {day}", day=formats.day(day, year=day.year != desk.today.year))
    return ActionLine(
        card.title,
        f"/actions/{card.id}",
        card.owner.name,
        when,
        state,
        verdict,
        expected(desk, card),
        carry,
        card.version,
    )


def expected(desk: Desk, card: ActionCard) -> str:
    """Say what an action is to do: 'Up by 0.8 pp, shows after 4 weeks'."""
    kpi = desk.catalogue.get(card.kpi)
    told = card.expected
    plain, sized = _WAYS[told.direction]
    way = tr(plain)
    if told.size is not None and kpi is not None:
        size = desk.formats.difference(told.size, 0.0, kpi.unit).lstrip("+")
        way = tr(sized, size=size)
    weeks = told.lag_weeks
    if not weeks:
        return way
    lag = trn("shows after {count} week", "shows after {count} weeks", weeks)
    return f"{way}, {lag}"


def words(desk: Desk, item: Item, moves: tuple[ItemMove, ...], me: object) -> Words | None:
    """Return each owner's word to a shared KPI; None where one owns it."""
    frozen = item.frozen
    if not frozen.shared:
        return None
    mine = [one for one in frozen.shares if one.person == frozen.accountable][:1]
    cards = [_of_accountable(desk, item, mine[0] if mine else None)]
    cards += [_of_co_owner(desk, item, one) for one in frozen.co_owners]
    count = len(item.disputes)
    pill = trn("{count} disagreement", "{count} disagreements", count) if count else ""
    said = [one for one in item.said if one.kind in {"reply", "settled"}]
    return Words(
        title=whose_word(item),
        sub=tr(
            "Each owner signs for the whole number. A disagreement stays on record and goes into"
            " the minutes."
        ),
        pill=pill,
        cards=tuple(cards),
        replies=tuple((_who(desk, one), one.text) for one in said),
        speaks=ItemMove.SPEAK in moves and me in {one.person for one in frozen.co_owners},
        replying=ItemMove.REPLY in moves and count > 0,
        settling=ItemMove.SETTLE in moves and count > 0,
    )


def _who(desk: Desk, word: Word) -> str:
    when = local(desk, word.said_at)
    if word.kind == "settled":
        return tr("{name} settled it, {moment}", name=word.name, moment=when)
    return tr("{name} replied, {moment}", name=word.name, moment=when)


def _line_of(share: ShareHeld | None) -> str:
    return "" if share is None else f"{share.component}: {share.responsibility}"


def _of_accountable(desk: Desk, item: Item, share: ShareHeld | None) -> WordCard:
    answer, frozen = item.answer, item.frozen
    given = answer.state in {ItemState.SUBMITTED, ItemState.APPROVED}
    foot = tr("Your word is given when you submit")
    if given and answer.submitted_at is not None:
        foot = local(desk, answer.submitted_at)
    elif desk.actor.person != frozen.accountable:
        foot = tr("Given when they submit")
    return WordCard(
        frozen.accountable_name or tr("Nobody"),
        tr("{percent} %, accountable", percent=f"{share.percent:g}")
        if share is not None
        else tr("accountable"),
        _line_of(share),
        review_names.assessed(answer.assessment, tr("Not assessed yet")),
        foot,
        Status(Tone.GOOD, tr("Submitted"))
        if given
        else Status(Tone.NEUTRAL, tr("Draft"), "pencil"),
    )


def _accepted(word: Word) -> list[str]:
    """Return the sentence of what a co-owner accepts who disagrees about the rest."""
    others = [
        review_names.disputed(one) for one in ("number", "split", "reason") if one not in word.about
    ]
    match others:
        case [one]:
            return [tr("Accepts the {one}.", one=one)]
        case [one, other]:
            return [tr("Accepts the {one} and the {other}.", one=one, other=other)]
        case _:
            return []


def _of_co_owner(desk: Desk, item: Item, share: ShareHeld) -> WordCard:
    word = item.words.get(share.person)
    told = f"{share.percent:g} %"
    if word is None:
        asked = item.answer.asked_at
        foot = tr("Not asked yet")
        if asked is not None:
            foot = tr("Asked {moment}", moment=local(desk, asked))
        status = Status(Tone.NEUTRAL, tr("No word yet"), "hourglass-split")
        return WordCard(share.name, told, _line_of(share), "", foot, status)
    when = local(desk, word.said_at)
    # A move alone, as their own word may be, is a new version and no other answer.
    if item.answer.saved_at is not None and item.answer.saved_at > word.said_at:
        when = tr("{moment}; the answer was edited since", moment=when)
    if word.kind == "agrees":
        status = Status(Tone.GOOD, tr("Agrees"))
        return WordCard(share.name, told, _line_of(share), word.text, when, status)
    about = ", ".join(review_names.disputed(one) for one in word.about)
    status = Status(Tone.WATCH, tr("Disagrees: {about}", about=about))
    foot = " ".join([f"{when}.", *_accepted(word)])
    return WordCard(share.name, told, _line_of(share), word.text, foot, status, disputed=True)
