"""What was said: the last review's answers and actions, and each owner's word to a shared KPI."""

from portal.models import review_items as item_questions
from portal.models import review_records as record_questions
from portal.readmodels.cards import Status, Tone
from portal.readmodels.reviews import ActionLine, LastReview, WordCard, Words
from portal.services import actions
from portal.services.action_cards import ActionCard, open_to
from portal.services.desks import Desk
from portal.services.review_cards import Frozen, Item, ReviewCard, ShareHeld, Word
from portal.services.review_glance import local
from portal.services.review_rail import ASSESSED
from portal.services.review_rows import card_of, item_of, word_of
from portal.workflow.action import UNFINISHED, ActionState
from portal.workflow.review import ItemMove, ItemState

_CONFIDENCE = {"low": "low", "medium": "medium", "high": "high"}
_VERDICTS = {
    "as_expected": "Moved as expected",
    "not_shown": "Not shown",
    "worse": "Worse",
    "cannot_tell": "Cannot tell",
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
        title=f"From the {before.name}",
        sub=_told(desk, item),
        pill=f"{done} of {len(told)} actions done" if told else "No action",
        actions=tuple(line(desk, one, carry=_carry(desk, one, card)) for one in told),
        disputed="; ".join(_disputed(item, one) for one in against),
    )


def _told(desk: Desk, item: Item) -> str:
    answer = item.answer
    if not answer.submitted_by_name:
        return "It was not answered."
    assessed = ASSESSED.get(answer.assessment, "Answered")
    sure = f", {answer.confidence} confidence" if answer.confidence else ""
    words = (
        f" \N{LEFT DOUBLE QUOTATION MARK}{answer.words}\N{RIGHT DOUBLE QUOTATION MARK}"
        if (answer.words)
        else ""
    )
    when = f", {desk.formats.day(answer.submitted_at.date())}" if answer.submitted_at else ""
    return f"{assessed}{sure}.{words} {answer.submitted_by_name}{when}"


def _disputed(item: Item, word: Word) -> str:
    settled = next(
        (one for one in item.said if one.kind == "settled" and one.of_word == word.id), None
    )
    about = " and ".join(word.about)
    how = f" Settled by {settled.name}: {settled.text}" if settled else " Not settled."
    return f"{word.name} disagreed about the {about}: {word.text}{how}"


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
        state = Status(Tone.BAD, f"{days} day{'' if days == 1 else 's'} over")
    elif card.state is ActionState.DONE:
        state = Status(Tone.GOOD, "Done")
    else:
        state = Status(Tone.NEUTRAL, card.state.value.replace("_", " ").capitalize())
    when = f"Due {formats.day(card.due, year=False)}"
    if card.done_on is not None:
        when = f"Done {formats.day(card.done_on, year=False)}"
    verdict = _VERDICTS.get(card.verdict.value, "") if card.verdict is not None else ""
    if not verdict and card.state is ActionState.DONE:
        verdict = f"Too early, {formats.day(card.shows_from, year=False)}"
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
    by = ""
    if told.size is not None and kpi is not None:
        by = f" by {desk.formats.difference(told.size, 0.0, kpi.unit).lstrip('+')}"
    weeks = told.lag_weeks
    lag = f", shows after {weeks} week{'' if weeks == 1 else 's'}" if weeks else ""
    return f"{told.direction.value.capitalize()}{by}{lag}"


def words(desk: Desk, item: Item, moves: tuple[ItemMove, ...], me: object) -> Words | None:
    """Return each owner's word to a shared KPI; None where one owns it."""
    frozen = item.frozen
    if not frozen.shared:
        return None
    mine = [one for one in frozen.shares if one.person == frozen.accountable][:1]
    cards = [_of_accountable(desk, item, mine[0] if mine else None)]
    cards += [_of_co_owner(desk, item, one) for one in frozen.co_owners]
    count = len(item.disputes)
    pill = f"{count} disagreement{'' if count == 1 else 's'}" if count else ""
    said = [one for one in item.said if one.kind in {"reply", "settled"}]
    title = "Both owners' word" if len(frozen.co_owners) == 1 else "Each owner's word"
    return Words(
        title=title,
        sub="Each owner signs for the whole number. A disagreement stays on record and goes into"
        " the minutes.",
        pill=pill,
        cards=tuple(cards),
        replies=tuple((_who(desk, one), one.text) for one in said),
        speaks=ItemMove.SPEAK in moves and me in {one.person for one in frozen.co_owners},
        replying=ItemMove.REPLY in moves and count > 0,
        settling=ItemMove.SETTLE in moves and count > 0,
    )


def _who(desk: Desk, word: Word) -> str:
    verb = "settled it" if word.kind == "settled" else "replied"
    return f"{word.name} {verb}, {local(desk, word.said_at)}"


def _line_of(share: ShareHeld | None) -> str:
    return "" if share is None else f"{share.component}: {share.responsibility}"


def _of_accountable(desk: Desk, item: Item, share: ShareHeld | None) -> WordCard:
    answer, frozen = item.answer, item.frozen
    given = answer.state in {ItemState.SUBMITTED, ItemState.APPROVED}
    foot = "Your word is given when you submit"
    if given and answer.submitted_at is not None:
        foot = local(desk, answer.submitted_at)
    elif desk.actor.person != frozen.accountable:
        foot = "Given when they submit"
    return WordCard(
        frozen.accountable_name or "Nobody",
        f"{share.percent:g} %, accountable" if share is not None else "accountable",
        _line_of(share),
        ASSESSED.get(answer.assessment, "Not assessed yet"),
        foot,
        Status(Tone.GOOD, "Submitted") if given else Status(Tone.NEUTRAL, "Draft", "pencil"),
    )


def _of_co_owner(desk: Desk, item: Item, share: ShareHeld) -> WordCard:
    word = item.words.get(share.person)
    told = f"{share.percent:g} %"
    if word is None:
        asked = item.answer.asked_at
        foot = f"Asked {local(desk, asked)}" if asked is not None else "Not asked yet"
        status = Status(Tone.NEUTRAL, "No word yet", "hourglass-split")
        return WordCard(share.name, told, _line_of(share), "", foot, status)
    when = local(desk, word.said_at)
    stale = "" if word.to_version >= item.answer.version else "; the answer was edited since"
    if word.kind == "agrees":
        status = Status(Tone.GOOD, "Agrees")
        return WordCard(share.name, told, _line_of(share), word.text, f"{when}{stale}", status)
    others = [one for one in ("number", "split", "reason") if one not in word.about]
    accepted = f" Accepts the {' and the '.join(others)}." if others else ""
    status = Status(Tone.WATCH, f"Disagrees: {', '.join(word.about)}")
    foot = f"{when}{stale}.{accepted}"
    return WordCard(share.name, told, _line_of(share), word.text, foot, status, disputed=True)
