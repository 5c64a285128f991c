"""What the portal knows of the four questions of a review, before the owner answers them.

Is it still relevant, is it used, does it drive action, is any behaviour unhealthy: evidence first,
then the owner's own answer. Nothing is answered here.
"""

from collections.abc import Callable, Mapping, Sequence

from kpi_engine.periods import Grain
from kpi_engine.statistics.effect import Verdict
from portal.readmodels.reviews import Evidence, Pick, Question
from portal.services import actions, goals, guardrails, inbox, kpi_views, lifecycles
from portal.services.action_cards import ActionCard, open_to
from portal.services.desks import Desk
from portal.services.lifecycles import LifeState
from portal.services.review_cards import QUESTIONS, Item, ReviewCard
from portal.workflow.action import ActionState

_TITLES = {
    "relevant": "Is it still relevant?",
    "used": "Are people using it?",
    "acting": "Does it drive action?",
    "unhealthy": "Any unhealthy behaviour?",
}
_ANSWERS = (("yes", "Yes"), ("partly", "Partly"), ("no", "No"))


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
        _TITLES[key],
        tuple(Pick(value, text, chosen=value == chosen) for value, text in _ANSWERS),
        item.answer.reply_words.get(key, ""),
        tuple(found),
        seen,
        any(one.warns for one in found),
    )


def _plain(text: str, *, warns: bool = False) -> Evidence:
    return Evidence(((text, False),), warns)


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
        names = " and ".join(goal.name for goal in serving)
        weight = max(one.weight for goal in serving for one in goal.supports if one.kpi == kpi)
        found.append(Evidence((("Serves ", False), (names, True), (f", weight {weight}", False))))
    else:
        found.append(_plain("Serves no goal of the framework"))
    signals = sum(bool(one.signal) for one in item.frozen.series)
    count = len(item.frozen.series)
    word = f"{signals} of {count}" if signals else f"None of {count}"
    found.append(Evidence(((word, True), (" periods signalled a real change", False))))
    life = lifecycles.lives(desk.session).get(kpi)
    if life is not None and life.state in {LifeState.UNDER_REVIEW, LifeState.RETIRED}:
        found.append(_plain(f"{life.state.word} since {desk.formats.day(life.since)}"))
    if item.frozen.target is None:
        found.append(_plain("Has no target for this period"))
    return found


def _views(desk: Desk, card: ReviewCard, item: Item) -> Mapping[str, tuple[int, int]]:
    """Return per role how many looked from the period's first day to the review's end."""
    last = card.signed_at.date() if card.signed_at is not None else desk.today
    until = last.fromordinal(last.toordinal() + 1)
    told = kpi_views.views(desk.session, [item.frozen.kpi], card.period.start, until)
    return {f"{role.value.capitalize()}s": counts for role, counts in told[item.frozen.kpi].items()}


def _used(desk: Desk, card: ReviewCard, item: Item) -> list[Evidence]:
    views = _views(desk, card, item)
    looked = [name for name, (seen, _) in views.items() if seen]
    if not views:
        return [_plain("Nobody has access to it")]
    since = kpi_views.kept_since(desk.session)
    if since is None:
        return [_plain("Views are counted from the first one on; there is none yet")]
    found = [Evidence(((f"{len(looked)} of {len(views)}", True), (" roles looked at it", False)))]
    if since > card.period.start:
        found.append(_plain(f"Views are counted since {desk.formats.day(since)}"))
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
    told = [_counted(desk, recent)] if recent else [_plain("No action on it in a year")]
    acknowledged, alerts = inbox.acted_on(
        desk.session, frozen.kpi, card.period.start, card.period.end
    )
    if alerts:
        words = ((f"{acknowledged} of {alerts}", True), (" alerts acknowledged", False))
        told.append(Evidence(words))
    judged = [one for one in recent if one.verdict is not None]
    if judged:
        moved = sum(one.verdict is Verdict.AS_EXPECTED for one in judged)
        words = (
            (f"{moved} of {len(judged)}", True),
            (" judged actions moved it as expected", False),
        )
        told.append(Evidence(words))
    return told


def _counted(desk: Desk, cards: Sequence[ActionCard]) -> Evidence:
    done = sum(one.state is ActionState.DONE for one in cards)
    late = sum(one.is_overdue(desk.today) for one in cards)
    more = f", {late} overdue" if late else ""
    return Evidence(((f"{done} of {len(cards)}", True), (f" actions done{more}", False)))


def _unhealthy(desk: Desk, card: ReviewCard, item: Item) -> list[Evidence]:
    frozen = item.frozen
    found = guardrails.alarms(desk, [frozen.kpi], frozen.who, card.period).get(frozen.kpi, ())
    told = []
    for alarm in found:
        told.append(Evidence((("Guardrail", True), (f" {alarm.sentence}", False)), warns=True))
        told += [_plain(line) for line in alarm.evidence]
    return told or [_plain("No guardrail of it broke")]
