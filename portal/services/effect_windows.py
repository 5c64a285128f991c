"""Which periods an action is judged by, and which other actions were done meanwhile.

Months, or the KPI's own periods where it is told more coarsely: it has no number of a month then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

from kpi_engine.definitions.kinds import Kpi
from kpi_engine.periods import Calendar, Grain, Period
from portal.models.observations import ScopeKind
from portal.services.action_cards import ActionCard
from portal.services.numbers import TENANT, Who
from portal.services.rosters import Roster
from portal.workflow.action import ActionState

GRAIN = Grain.MONTH
"""The finest period by which an action is judged."""
BEFORE: Mapping[Grain, int] = {Grain.MONTH: 24, Grain.QUARTER: 12, Grain.YEAR: 8}
"""So many periods before an action say what was to be expected."""
CHECKS: Mapping[Grain, tuple[int, ...]] = {
    Grain.MONTH: (1, 3, 6),
    Grain.QUARTER: (1, 2, 4),
    Grain.YEAR: (1, 2),
}
"""After so many periods in which it shows, an action is looked at; the newest look holds."""
_SETTLED: Mapping[Grain, int] = {Grain.MONTH: 3, Grain.QUARTER: 1, Grain.YEAR: 1}
"""What began to show in the last so many periods before an action is not yet part of its past."""
_MOSTLY = 0.75
"""A period shows an action if so much of it lies after the day from which it is to show."""


@dataclass(frozen=True, slots=True)
class Window:
    """The periods of one look at an action: before it, not yet, and when it is to show."""

    before: tuple[Period, ...]
    between: tuple[Period, ...]
    after: tuple[Period, ...]

    @property
    def periods(self) -> tuple[Period, ...]:
        """All of them, the oldest first."""
        return (*self.before, *self.between, *self.after)


def grain_of(kpi: Kpi | None) -> Grain:
    """Return by which periods a KPI is judged: months, but never finer than it is told."""
    return kpi.cadence if kpi is not None and kpi.cadence in _COARSE else GRAIN


_COARSE = frozenset({Grain.QUARTER, Grain.YEAR})


def shifted(day: date, days: int) -> date:
    """Return the day from which something done on a day is to show."""
    return day + timedelta(days=days)


def first_shown(calendar: Calendar, shows_from: date, grain: Grain) -> Period:
    """Return the first period that shows what is to show from a day on."""
    period = calendar.holding(shows_from, grain)
    late = (period.end - shows_from).days < _MOSTLY * period.days
    return calendar.holding(period.end, grain) if late else period


def first_check(calendar: Calendar, shows_from: date, grain: Grain) -> date:
    """Return the day on which an action is looked at first: its first period has closed."""
    return first_shown(calendar, shows_from, grain).end


def next_check(calendar: Calendar, span: tuple[date, Grain], until: date) -> date | None:
    """Return the day of the look that follows one up to `until`; None after the last.

    Args:
        calendar: The tenant's.
        span: The day from which the action is to show, and by which periods it is judged.
        until: How far the look before went.
    """
    grain = span[1]
    first = first_shown(calendar, *span).start
    ends = (calendar.shift(first, grain, many) for many in CHECKS[grain])
    return next((day for day in ends if day > until), None)


def window(calendar: Calendar, card: ActionCard, last: Period) -> Window:
    """Return the periods of an action that is done, up to the last that has closed."""
    grain = last.grain
    first = first_shown(calendar, card.shows_from, grain)
    start = calendar.holding(done(card), grain).start
    before = calendar.periods(grain, calendar.shift(start, grain, -BEFORE[grain]), start)
    between = calendar.periods(grain, start, first.start)
    after = calendar.periods(grain, first.start, last.end)[: CHECKS[grain][-1]]
    return Window(before, between, after)


def guarded(
    calendar: Calendar, card: ActionCard, last: Period, found: Window
) -> tuple[Period, ...]:
    """Return the periods of a guardrail that a look reaches: its own, up to the last closed one.

    A guardrail may be told more coarsely than the KPI that it guards: the look reaches the quarter
    that holds its last month. Told more finely it is held against its limit by its own periods,
    for a quarter's count is no month's.
    """
    if not found.after:
        return ()
    first = first_shown(calendar, card.shows_from, last.grain)
    holding = calendar.holding(found.after[-1].end - timedelta(days=1), last.grain)
    end = min(max(holding.end, first.end), last.end)
    return tuple(one for one in calendar.periods(last.grain, first.start, end) if one.end <= end)


def checked(grain: Grain, many: int) -> int:
    """Return how many periods are looked at, of so many that have closed; 0 for none yet."""
    return max((check for check in CHECKS[grain] if check <= many), default=0)


def others(
    cards: Iterable[ActionCard], card: ActionCard, who: Who, roster: Roster
) -> tuple[ActionCard, ...]:
    """Return the other actions that are done on the same KPI and touch the numbers of a scope."""
    return tuple(
        one
        for one in cards
        if one.id != card.id
        and one.kpi == card.kpi
        and one.state is ActionState.DONE
        and touches(one.who, who, roster)
    )


def touches(one: Who, other: Who, roster: Roster) -> bool:
    """Say whether two scopes share numbers: the same, or one within the other."""
    return one == other or _holds(one, other, roster) or _holds(other, one, roster)


def _holds(outer: Who, inner: Who, roster: Roster) -> bool:
    if outer == TENANT:
        return True
    if outer.kind is not ScopeKind.TEAM:
        return False
    if inner.kind is ScopeKind.TEAM:
        return inner.id in roster.below(outer.id)
    return inner.kind is ScopeKind.OWNER and inner.id in {
        member.key for member in roster.members(outer.id)
    }


def in_the_way(found: Window, rivals: Iterable[ActionCard]) -> tuple[ActionCard, ...]:
    """Return the other actions that may have moved the number at the same time."""
    if not found.after:
        return ()
    since, end = unsettled(found), found.after[0].end
    return tuple(one for one in rivals if done(one) < end and one.shows_from >= since)


def unsettled(found: Window) -> date:
    """Return the day from which on an effect is too new to be part of what was to be expected."""
    last = found.before[-_SETTLED[found.before[-1].grain] :] if found.before else ()
    return last[0].start if last else found.periods[0].start


def cut(found: Window, rivals: Iterable[ActionCard]) -> Window:
    """Return the window up to the next other action: what comes later is not this one's alone."""
    if not found.after:
        return found
    later = [done(one) for one in rivals if done(one) >= found.after[0].end]
    end = min(later, default=date.max)
    kept = tuple(takewhile(lambda period: period.end - timedelta(days=1) < end, found.after))
    return Window(found.before, found.between, kept)


def done(card: ActionCard) -> date:
    """Return the day since which an action is in force."""
    return card.done_on or card.due


def siblings(who: Who, roster: Roster) -> tuple[Who, ...]:
    """Return the scopes beside one: teams under the same team, or the others of a person's team."""
    if who.kind is ScopeKind.TEAM and who.id in roster.teams:
        parent = roster.teams[who.id].parent
        keys = [one.key for one in roster.teams.values() if parent and one.parent == parent]
    elif who.kind is ScopeKind.OWNER and who.id in roster.people:
        team = roster.people[who.id].team
        members = roster.members(team, below=False) if team else ()
        keys = [one.key for one in members if one.active]
    else:
        keys = []
    return tuple(Who(who.kind, key) for key in sorted(keys) if key != who.id)
