"""Review packs and minutes: a review as one document, as far as it is open to who reads it.

The pack comes before the meeting, exceptions first. The minutes come after it; until the review is
signed off they are a draft, and say so.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portal.readmodels.actions import ActionRow
from portal.readmodels.cards import Tone
from portal.readmodels.papers import Paper, PaperItem, PaperKind, PaperNote
from portal.services import actions, review_decisions, reviews
from portal.services.action_cards import ActionCard, open_to
from portal.services.action_words import Words
from portal.services.desks import Desk
from portal.services.paper_items import Scene, item_of
from portal.services.review_cards import Item, Note, ReviewCard
from portal.services.reviews import Seen, seen
from portal.workflow.review import ItemState, ReviewState

TITLES: Mapping[PaperKind, str] = {
    PaperKind.PACK: "Review pack",
    PaperKind.MINUTES: "Minutes",
}


def paper(desk: Desk, review: UUID, kind: PaperKind) -> Paper:
    """Return a pack or minutes as the desk's person may read it.

    Raises:
        NoReviewError: if there is no such review, or nothing of it is open to them.
    """
    return paper_of(desk, seen(desk.session, desk.actor, review), kind)


def paper_of(desk: Desk, found: Seen, kind: PaperKind) -> Paper:
    """Return a pack or minutes of a review that was read already."""
    card, mine = found.card, found.items
    cards = _actions(desk, card, mine)
    became = review_decisions.outcomes(desk.session, card)
    scene = Scene(desk, card, kind, _by_place(desk, card, cards), became)
    items = [item_of(scene, item) for item in mine]
    exceptions = tuple(sorted((one for one in items if one.exception), key=_rank))
    others = tuple(one for one in items if not one.exception)
    words = Words(desk, {card.id: card.name})
    return Paper(
        kind=kind,
        title=f"{TITLES[kind]}: {card.name}",
        company=desk.card.name,
        period=desk.formats.period(card.period),
        draft=_draft(card, kind),
        summary=tuple(_summary(mine, items)),
        sentence=_sentence(exceptions, items, kind),
        stamps=tuple(_stamps(scene, mine)),
        exceptions=exceptions,
        others=others,
        actions=tuple(words.row(each) for each in cards),
        notes=tuple(_notes(scene, found)),
        left_out=_left_out(found),
        foot=_foot(scene),
    )


def _actions(desk: Desk, card: ReviewCard, mine: Sequence[Item]) -> list[ActionCard]:
    """Return the actions of the review on what the person sees of it."""
    places = {(one.frozen.kpi, one.frozen.who) for one in mine}
    found = actions.of_review(desk.session, card.id, desk.reach)
    told = [one for one in found if (one.kpi, one.who) in places]
    told += [one for one in open_to(found, desk.actor, desk.reach) if one not in told]
    return sorted(told, key=lambda one: (one.due, one.title))


def _by_place(
    desk: Desk, card: ReviewCard, cards: Sequence[ActionCard]
) -> Mapping[tuple[str, str, str], Sequence[ActionRow]]:
    words = Words(desk, {card.id: card.name})
    found: dict[tuple[str, str, str], list[ActionRow]] = {}
    for each in cards:
        place = (str(each.kpi), each.who.kind.value, each.who.id)
        found.setdefault(place, []).append(words.row(each))
    return found


_ORDER = {Tone.BAD: 0, Tone.WATCH: 1, Tone.NEUTRAL: 2, Tone.GOOD: 3}


def _rank(item: PaperItem) -> tuple[bool, int]:
    """Return what comes first: a dispute, then by status."""
    return not any(one.disputed for one in item.said), _ORDER[item.status.tone]


def _draft(card: ReviewCard, kind: PaperKind) -> str:
    if card.state is ReviewState.SIGNED_OFF:
        return ""
    if card.state is ReviewState.CALLED_OFF:
        return "This review was called off."
    if kind is PaperKind.MINUTES:
        return "Draft: the review is not signed off yet; answers may still change."
    return "Before the meeting: answers may still come in."


def _summary(mine: Sequence[Item], items: Sequence[PaperItem]) -> list[tuple[str, str, str]]:
    tones = [one.status.tone for one in items]
    answered = sum(one.answer.state in {ItemState.SUBMITTED, ItemState.APPROVED} for one in mine)
    disputes = sum(bool(one.disputes) for one in mine)
    told = [
        ("neutral", len(items), "KPI" if len(items) == 1 else "KPIs"),
        ("bad", tones.count(Tone.BAD), "off target"),
        ("watch", tones.count(Tone.WATCH), "to watch"),
        ("good", tones.count(Tone.GOOD), "on target"),
        ("neutral", answered, "answered"),
        ("watch" if disputes else "neutral", disputes, "disputed"),
    ]
    return [(tone, str(count), word) for tone, count, word in told]


def _sentence(exceptions: Sequence[PaperItem], items: Sequence[PaperItem], kind: PaperKind) -> str:
    if not items:
        return "Nothing of this review was frozen yet."
    if not exceptions:
        return "No KPI is off target, disputed or in doubt."
    named = [one.name for one in exceptions[:3]]
    more = len(exceptions) - len(named)
    tail = f" and {more} more" if more else ""
    if not more and len(named) > 1:
        named = [*named[:-2], f"{named[-2]} and {named[-1]}"]
    if kind is PaperKind.MINUTES:
        return f"Off target, disputed or in doubt: {', '.join(named)}{tail}."
    verb = "needs" if len(exceptions) == 1 else "need"
    return f"{', '.join(named)}{tail} {verb} the meeting."


def _stamps(scene: Scene, mine: Sequence[Item]) -> list[tuple[str, str]]:
    card, formats = scene.card, scene.formats
    known = [one.frozen.known_at for one in mine if one.frozen.known_at is not None]
    found = [
        ("Period", formats.period(card.period)),
        ("Frozen", f"{scene.moment(card.opened_at)}, by {card.opened_by or 'nobody'}"),
    ]
    if known:
        first, last = scene.moment(min(known)), scene.moment(max(known))
        found.append(("Known at", first if first == last else f"{first} to {last}"))
    found.append(("Data", _data(scene)))
    if card.signed_at is not None:
        found.append(("Signed", f"{scene.moment(card.signed_at)}, by {card.signed_by}"))
    else:
        found.append(("Signed", f"not yet; due by {formats.day(card.sign_off_by)}"))
    found.append(("Made", f"{scene.moment(scene.desk.now)}, for {scene.desk.actor.name}"))
    return found


def _data(scene: Scene) -> str:
    """Return how old each source's data was when the review opened."""
    told = [_source(scene, each) for each in scene.card.sources]
    return "; ".join(told) or "no source was known"


def _source(scene: Scene, source: Mapping[str, Any]) -> str:
    name = str(source.get("source", "a source")).replace("_", " ").capitalize()
    try:
        loaded = datetime.fromisoformat(str(source.get("loaded_at", "")))
    except ValueError:
        return f"{name}, of an unknown age"
    age = ""
    if scene.card.opened_at is not None:
        hours = (scene.card.opened_at - loaded) / timedelta(hours=1)
        age = f", {max(hours, 0):.0f} h old" if hours < _DAYS else f", {hours / 24:.0f} days old"
    return f"{name} loaded {scene.moment(loaded)}{age}{', stale' if source.get('stale') else ''}"


_DAYS = 72


def _notes(scene: Scene, found: Seen) -> list[PaperNote]:
    names = {one.frozen.id: one.frozen.kpi_name for one in found.items}
    kept: list[Note] = [
        note
        for note in reviews.whole(scene.desk.session, found.card.id).notes
        if note.item is None or note.item in names
    ]
    return [
        PaperNote(
            names[note.item] if note.item is not None else "The whole review",
            note.name,
            note.text,
            scene.moment(note.at),
        )
        for note in kept
    ]


def _left_out(found: Seen) -> str:
    left = len(found.every) - len(found.items)
    if not left:
        return ""
    many = "KPI of this review is" if left == 1 else "KPIs of this review are"
    return f"{left} {many} not open to this reader."


def _foot(scene: Scene) -> str:
    return (
        f"{scene.desk.card.name}. {TITLES[scene.kind]} of the {scene.card.name},"
        f" {scene.formats.period(scene.card.period)}. Made {scene.moment(scene.desk.now)}."
    )
