"""Review packs and minutes: a review as one document, as far as it is open to who reads it.

The pack comes before the meeting, exceptions first. The minutes come after it; until the review is
signed off they are a draft, and say so.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from kpi_engine.language import tr, trc, trn
from portal.readmodels.actions import ActionRow
from portal.readmodels.cards import Tone
from portal.readmodels.papers import Paper, PaperItem, PaperKind, PaperNote
from portal.services import actions, branding, listed, review_decisions, review_names, reviews
from portal.services.action_cards import ActionCard, open_to
from portal.services.action_words import Words
from portal.services.desks import Desk
from portal.services.paper_items import Scene, item_of
from portal.services.review_cards import Item, Note, ReviewCard
from portal.services.reviews import Seen, seen
from portal.workflow.review import ItemState, ReviewState


def called(kind: PaperKind) -> str:
    """Return what a paper is called."""
    if kind is PaperKind.PACK:
        return trc("paper of a review", "Review pack")
    return trc("paper of a review", "Minutes")


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
    name = review_names.name(card, desk.formats)
    words = Words(desk, {card.id: name})
    return Paper(
        kind=kind,
        title=f"{called(kind)}: {name}",
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
        top=branding.letterhead(desk.session),
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
    words = Words(desk, {card.id: review_names.name(card, desk.formats)})
    found: dict[tuple[str, str, str], list[ActionRow]] = {}
    for each in cards:
        place = (str(each.kpi), each.who.kind.value, each.who.id)
        found.setdefault(place, []).append(words.row(each))
    return found


_MOST_NAMED = 3
_ORDER = {Tone.BAD: 0, Tone.WATCH: 1, Tone.NEUTRAL: 2, Tone.GOOD: 3}


def _rank(item: PaperItem) -> tuple[bool, int]:
    """Return what comes first: a dispute, then by status."""
    return not any(one.disputed for one in item.said), _ORDER[item.status.tone]


def _draft(card: ReviewCard, kind: PaperKind) -> str:
    if card.state is ReviewState.SIGNED_OFF:
        return ""
    if card.state is ReviewState.CALLED_OFF:
        return tr("This review was called off.")
    if kind is PaperKind.MINUTES:
        return tr("Draft: the review is not signed off yet; answers may still change.")
    return tr("Before the meeting: answers may still come in.")


def _summary(mine: Sequence[Item], items: Sequence[PaperItem]) -> list[tuple[str, str, str]]:
    tones = [one.status.tone for one in items]
    answered = sum(one.answer.state in {ItemState.SUBMITTED, ItemState.APPROVED} for one in mine)
    disputes = sum(bool(one.disputes) for one in mine)
    told = [
        ("neutral", len(items), tr("KPI") if len(items) == 1 else tr("KPIs")),
        ("bad", tones.count(Tone.BAD), tr("off target")),
        ("watch", tones.count(Tone.WATCH), tr("to watch")),
        ("good", tones.count(Tone.GOOD), tr("on target")),
        ("neutral", answered, tr("answered")),
        ("watch" if disputes else "neutral", disputes, tr("disputed")),
    ]
    return [(tone, str(count), word) for tone, count, word in told]


def _sentence(exceptions: Sequence[PaperItem], items: Sequence[PaperItem], kind: PaperKind) -> str:
    if not items:
        return tr("Nothing of this review was frozen yet.")
    if not exceptions:
        return tr("No KPI is off target, disputed or in doubt.")
    names = listed.briefly([one.name for one in exceptions], _MOST_NAMED)
    if kind is PaperKind.MINUTES:
        return tr("Off target, disputed or in doubt: {kpis}.", kpis=names)
    return trn("{kpis} needs the meeting.", "{kpis} need the meeting.", len(exceptions), kpis=names)


def _stamps(scene: Scene, mine: Sequence[Item]) -> list[tuple[str, str]]:
    card, formats = scene.card, scene.formats
    known = [one.frozen.known_at for one in mine if one.frozen.known_at is not None]
    found = [
        (tr("Period"), formats.period(card.period)),
        (tr("Frozen"), _by(scene.moment(card.opened_at), card.opened_by or tr("nobody"))),
    ]
    if known:
        first, last = scene.moment(min(known)), scene.moment(max(known))
        span = tr("{first} to {last}", first=first, last=last)
        found.append((tr("Known at"), first if first == last else span))
    found.append((tr("Data"), _data(scene)))
    if card.signed_at is not None:
        found.append((tr("Signed"), _by(scene.moment(card.signed_at), card.signed_by)))
    else:
        day = formats.day(card.sign_off_by)
        found.append((tr("Signed"), tr("not yet; due by {day}", day=day)))
    moment, name = scene.moment(scene.desk.now), scene.desk.actor.name
    found.append((tr("Made"), tr("{moment}, for {name}", moment=moment, name=name)))
    return found


def _by(moment: str, name: str) -> str:
    return tr("{moment}, by {name}", moment=moment, name=name)


def _data(scene: Scene) -> str:
    """Return how old each source's data was when the review opened."""
    told = [_source(scene, each) for each in scene.card.sources]
    return "; ".join(told) or tr("no source was known")


def _source(scene: Scene, source: Mapping[str, Any]) -> str:
    given = str(source.get("source", ""))
    name = given.replace("_", " ").capitalize() if given else tr("A source")
    try:
        loaded = datetime.fromisoformat(str(source.get("loaded_at", "")))
    except ValueError:
        return tr("{source}, of an unknown age", source=name)
    parts = [tr("{source} loaded {moment}", source=name, moment=scene.moment(loaded))]
    if scene.card.opened_at is not None:
        hours = (scene.card.opened_at - loaded) / timedelta(hours=1)
        parts.append(
            tr("{count} h old", count=f"{max(hours, 0):.0f}")
            if hours < _DAYS
            else tr("{count} days old", count=f"{hours / 24:.0f}")
        )
    if source.get("stale"):
        parts.append(tr("stale"))
    return ", ".join(parts)


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
            names[note.item] if note.item is not None else tr("The whole review"),
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
    return trn(
        "{count} KPI of this review is not open to this reader.",
        "{count} KPIs of this review are not open to this reader.",
        left,
    )


def _foot(scene: Scene) -> str:
    return tr(
        "{company}. {paper} of the {review}, {period}. Made {moment}.",
        company=scene.desk.card.name,
        paper=called(scene.kind),
        review=review_names.name(scene.card, scene.formats),
        period=scene.formats.period(scene.card.period),
        moment=scene.moment(scene.desk.now),
    )
