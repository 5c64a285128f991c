"""What the portal knows of the four questions of a review, before the owner answers them.

Is it still relevant, is it used, does it drive action, is any behaviour unhealthy: evidence first,
then the owner's own answer. Nothing is answered here.
"""

from collections.abc import Callable, Mapping, Sequence

from kpi_engine.language import mark, tr
from kpi_engine.periods import Grain
from kpi_engine.statistics.effect import Verdict
from portal.readmodels.reviews import Evidence, Pick, Question
from portal.security.roles import Role
from portal.services import (
    actions,
    goals,
    guardrails,
    inbox,
    kpi_views,
    lifecycles,
    listed,
)
from portal.services.action_cards import ActionCard, open_to
from portal.services.desks import Desk
from portal.services.lifecycles import LifeState
from portal.services.review_cards import QUESTIONS, Frozen, Item, ReviewCard
from portal.workflow.action import ActionState

_TITLES = {
    "relevant": mark("Is it still relevant?"),
    "used": mark("Are people using it?"),
    "acting": mark("Does it drive action?"),
    "unhealthy": mark("Any unhealthy behaviour?"),
}
_ANSWERS = (("yes", mark("Yes")), ("partly", mark("Partly")), ("no", mark("No")))
_ROLES = {
    Role.REP: mark("Reps"),
    Role.LEADER: mark("Leaders"),
    Role.EXECUTIVE: mark("Executives"),
    Role.OWNER: mark("Owners"),
    Role.ANALYST: mark("Analysts"),
    Role.ADMIN: mark("Admins"),
}
_STRONG = "\0"
"""Stands in a sentence for its part in bold."""


def questions(desk: Desk, card: ReviewCard, item: Item) -> tuple[Question, ...]:
    """Return the four questions with their evidence and what was answered."""
    told: Mapping[str, Callable[[Desk, ReviewCard, Item], list[Evidence]]] = {
        "relevant": _relevant,
        "used": _used,
        "acting": _acting,
        "unhealthy": _unhealthy,
    }
    return tuple(
        _question(key, item, told[key](desk, card, item), _seen_by(desk, card, item, key))
        for key in QUESTIONS
    )


def _question(
    key: str, item: Item, found: Sequence[Evidence], seen: tuple[tuple[str, int, int], ...]
) -> Question:
    chosen = item.answer.replies.get(key, "")
    return Question(
        key,
        tr(_TITLES[key]),
        tuple(Pick(value, tr(text), chosen=value == chosen) for value, text in _ANSWERS),
        item.answer.reply_words.get(key, ""),
        tuple(found),
        seen,
        any(one.warns for one in found),
    )


def _plain(text: str, *, warns: bool = False) -> Evidence:
    return Evidence(((text, False),), warns)


def _strong(text: str, bold: str, *, warns: bool = False) -> Evidence:
    """Return a sentence with one part of it in bold."""
    before, _, after = text.partition(_STRONG)
    parts = ((before, False), (bold, True), (after, False))
    return Evidence(tuple(part for part in parts if part[0]), warns)


def _of(count: int, total: int) -> str:
    return tr("{count} of {total}", count=count, total=total)


def _relevant(desk: Desk, card: ReviewCard, item: Item) -> list[Evidence]:
    kpi = item.frozen.kpi
    last = card.period.end.fromordinal(card.period.end.toordinal() - 1)
    serving = [
        goal
        for goal in goals.goals(desk.session, desk.catalogue, last)
        if kpi in {one.kpi for one in goal.supports}
    ]
    found = []
    if serving:
        names = listed.anded(goal.name for goal in serving)
        weight = max(one.weight for goal in serving for one in goal.supports if one.kpi == kpi)
        told = tr("Serves {goals}, weight {weight}", goals=_STRONG, weight=weight)
        found.append(_strong(told, names))
    else:
        found.append(_plain(tr("Serves no goal of the framework")))
    found.append(_signals(item.frozen))
    life = lifecycles.lives(desk.session).get(kpi)
    if life is not None and life.state in _SINCE:
        since = tr(_SINCE[life.state], day=desk.formats.day(life.since))
        found.append(_plain(since))
    if item.frozen.target is None:
        found.append(_plain(tr("Has no target for this period")))
    return found


_SINCE = {
    LifeState.UNDER_REVIEW: mark("Under review since {day}"),
    LifeState.RETIRED: mark("Retired since {day}"),
}


def _signals(frozen: Frozen) -> Evidence:
    if frozen.usual is None:
        return _plain(tr("Too few periods to tell a real change from the usual"))
    signals, count = sum(bool(one.signal) for one in frozen.trend), len(frozen.trend)
    word = _of(signals, count) if signals else tr("None of {total}", total=count)
    return _strong(tr("{part} periods signalled a real change", part=_STRONG), word)


def _views(desk: Desk, card: ReviewCard, item: Item) -> Mapping[str, tuple[int, int]]:
    """Return per role how many looked from the period's first day to the review's end."""
    last = card.signed_at.date() if card.signed_at is not None else desk.today
    until = last.fromordinal(last.toordinal() + 1)
    told = kpi_views.views(desk.session, [item.frozen.kpi], card.period.start, until)
    return {tr(_ROLES[role]): counts for role, counts in told[item.frozen.kpi].items()}


def _used(desk: Desk, card: ReviewCard, item: Item) -> list[Evidence]:
    views = _views(desk, card, item)
    looked = [name for name, (seen, _) in views.items() if seen]
    if not views:
        return [_plain(tr("Nobody has access to it"))]
    since = kpi_views.kept_since(desk.session)
    if since is None:
        return [_plain(tr("Views are counted from the first one on; there is none yet"))]
    part = _of(len(looked), len(views))
    found = [_strong(tr("{part} roles looked at it", part=_STRONG), part)]
    if since > card.period.start:
        found.append(_plain(tr("Views are counted since {day}", day=desk.formats.day(since))))
    return found


def _seen_by(
    desk: Desk, card: ReviewCard, item: Item, key: str
) -> tuple[tuple[str, int, int], ...]:
    if key != "used":
        return ()
    return tuple((name, seen, of) for name, (seen, of) in _views(desk, card, item).items())


def _acting(desk: Desk, card: ReviewCard, item: Item) -> list[Evidence]:
    frozen = item.frozen
    found = actions.of_kpi(desk.session, frozen.kpi, frozen.who)
    cards = open_to(found, desk.actor, desk.reach)
    first = desk.calendar.shift(card.period.end, Grain.YEAR, -1)
    recent = [one for one in cards if (one.done_on or one.due) >= first]
    told = [_counted(desk, recent)] if recent else [_plain(tr("No action on it in a year"))]
    acknowledged, alerts = inbox.acted_on(
        desk.session, frozen.kpi, card.period.start, card.period.end
    )
    if alerts:
        words = tr("{part} alerts acknowledged", part=_STRONG)
        told.append(_strong(words, _of(acknowledged, alerts)))
    judged = [one for one in recent if one.verdict is not None]
    if judged:
        moved = sum(one.verdict is Verdict.AS_EXPECTED for one in judged)
        words = tr("{part} judged actions moved it as expected", part=_STRONG)
        told.append(_strong(words, _of(moved, len(judged))))
    return told


def _counted(desk: Desk, cards: Sequence[ActionCard]) -> Evidence:
    done = sum(one.state is ActionState.DONE for one in cards)
    late = sum(one.is_overdue(desk.today) for one in cards)
    words = (
        tr("{part} actions done, {late} overdue", part=_STRONG, late=late)
        if late
        else tr("{part} actions done", part=_STRONG)
    )
    return _strong(words, _of(done, len(cards)))


def _unhealthy(desk: Desk, card: ReviewCard, item: Item) -> list[Evidence]:
    frozen = item.frozen
    found = guardrails.alarms(desk, [frozen.kpi], frozen.who, card.period).get(frozen.kpi, ())
    told = []
    for alarm in found:
        told.append(_strong(f"{_STRONG} {alarm.sentence}", tr("Guardrail"), warns=True))
        told += [_plain(line) for line in alarm.evidence]
    return told or [_plain(tr("No guardrail of it broke"))]
