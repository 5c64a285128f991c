"""A deal as it stands and as it stood: its amount and expected close over time, its stages.

Moments are naive UTC, as the facts have them. Nothing here reads anything.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Self

from kpi_engine.crm.stages import StageMap, StageRule

NOTHING = Decimal(0)
_UNMAPPED = StageRule("open")


class Left(StrEnum):
    """How a stay in a stage ended."""

    ON = "on"
    BACK = "back"
    LOST = "lost"
    STILL = "still"


@dataclass(frozen=True, slots=True)
class State:
    """What a deal was expected to bring, and by when, from a moment on."""

    since: datetime
    amount: Decimal
    due: date | None


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay of a deal in a stage. `until` is None while it is there."""

    stage: str
    since: datetime
    until: datetime | None
    left: Left

    @property
    def days(self) -> float | None:
        """How long it was, in days; None while it lasts."""
        return None if self.until is None else (self.until - self.since).total_seconds() / 86_400


@dataclass(frozen=True, slots=True)
class Deal:
    """One opportunity. `closed` is set exactly when it is won or lost with a known moment."""

    key: str
    name: str
    account: str
    owner: str
    stage: str
    rule: StageRule
    amount: Decimal
    due: date | None
    created: datetime
    closed: datetime | None
    next_step: str = ""
    touched: datetime | None = None
    """The last moment at which the record says that anything of it changed."""
    states: tuple[State, ...] = ()
    stays: tuple[Stay, ...] = ()
    """Empty where no stage change of it was recorded."""
    probability: float | None = None
    valued: bool = True
    """Whether somebody entered an amount, be it 0; without one `amount` is 0 too."""

    @property
    def weight(self) -> float | None:
        """The stage's probability, or else the deal's own."""
        return self.rule.probability if self.rule.probability is not None else self.probability

    @property
    def won(self) -> bool:
        """Whether it is won."""
        return self.rule.status == "won"

    def open_at(self, moment: datetime) -> bool:
        """Say whether it stood open just before a moment."""
        return self.created < moment and (self.closed is None or self.closed >= moment)

    def closed_in(self, start: datetime, end: datetime) -> bool:
        """Say whether it was won or lost in the half-open time."""
        return self.closed is not None and start <= self.closed < end

    def at(self, moment: datetime) -> State:
        """Return what was expected of it just before a moment; the first state held before, too."""
        place = bisect_right(self.states, moment, key=lambda state: state.since)
        if place and self.states[place - 1].since == moment:
            place -= 1
        return self.states[max(place - 1, 0)]

    def states_in(self, start: datetime, end: datetime) -> Iterable[State]:
        """Yield what was expected of it at any moment of the half-open time."""
        yield self.at(start) if self.created < start else self.states[0]
        for state in self.states:
            if start <= state.since < end:
                yield state

    def stay_at(self, moment: datetime) -> Stay | None:
        """Return the stay it was in just before a moment, where stages were recorded."""
        for stay in reversed(self.stays):
            if stay.since < moment and (stay.until is None or stay.until >= moment):
                return stay
        return None

    def as_of(self, moment: datetime, stages: StageMap) -> Self | None:
        """Return the deal as it stood just before a moment; None if it was not open then.

        What was in no recorded stage then, and has ended since, stands in a stage without a name.
        """
        if not self.open_at(moment):
            return None
        if self.closed is None and not self._moved_since(moment):
            return self
        state, stay = self.at(moment), self.stay_at(moment)
        marks = [one for one in self._marks() if one < moment]
        stood = () if stay is None else (replace(stay, until=None, left=Left.STILL),)
        stage = stay.stage if stay else "" if self.closed else self.stage
        return replace(
            self,
            stage=stage,
            rule=rule_of(stages, stage),
            amount=state.amount,
            due=state.due,
            closed=None,
            touched=max([self.created, *marks]),
            stays=stood,
        )

    def _moved_since(self, moment: datetime) -> bool:
        return any(one >= moment for one in self._marks())

    def _marks(self) -> Iterable[datetime]:
        """Yield each moment from which something else was told of it."""
        yield from (state.since for state in self.states[1:])
        yield from (stay.since for stay in self.stays[1:])


@dataclass(frozen=True, slots=True)
class StageChange:
    """One recorded change, with the amount and the date it told, if it told them."""

    moment: datetime
    before: str | None
    stage: str
    amount: Decimal | None = None
    due: date | None = None


def rule_of(stages: StageMap, stage: str) -> StageRule:
    """Return what a stage stands for; one that the map does not know counts as open."""
    return stages.get(stage, _UNMAPPED)


def states_of(
    now: State, changes: Sequence[StageChange], versions: Sequence[State], created: datetime
) -> tuple[State, ...]:
    """Return what was expected of a deal, in order of time.

    Args:
        now: What its record says; `since` is the last moment at which the record changed.
        changes: Its stage changes, oldest first: each tells from its moment on.
        versions: The versions of its record, oldest first. The first one holds from the beginning,
            unless a stage change tells what was expected then.
        created: When it began.
    """
    told = [one for one in changes if one.amount is not None or one.due is not None]
    first = versions[0] if versions else now
    amount, due = first.amount, first.due
    if told:
        amount = told[0].amount if told[0].amount is not None else amount
        due = told[0].due or due
    found = [State(created, amount, due)]
    events: list[tuple[datetime, Decimal | None, date | None]] = [
        (one.moment, one.amount, one.due) for one in told
    ]
    events += [(one.since, one.amount, one.due) for one in versions[1:]]
    for moment, next_amount, next_due in sorted(events, key=lambda event: event[0]):
        last = found[-1]
        kept = last.amount if next_amount is None else next_amount
        _add(found, State(max(moment, last.since), kept, next_due or last.due))
    last = found[-1]
    _add(found, State(max(now.since, last.since), now.amount, now.due))
    return tuple(found)


def _add(found: list[State], state: State) -> None:
    last = found[-1]
    if (state.amount, state.due) == (last.amount, last.due):
        return
    if state.since == last.since:
        found.pop()
    found.append(state)


def stays_of(
    changes: Sequence[StageChange],
    stages: StageMap,
    created: datetime,
    closed: tuple[datetime, bool] | None,
) -> tuple[Stay, ...]:
    """Return the stays in open stages that stage changes tell, oldest first.

    Args:
        changes: The deal's stage changes, oldest first.
        stages: What each stage stands for.
        created: When the deal began: the first stay begins with it where its stage is told.
        closed: When it ended and whether it was won; None while it is open.
    """
    if not changes:
        return ()
    first = changes[0]
    marks = [(one.moment, one.stage) for one in changes]
    if first.before and first.before != first.stage and created < first.moment:
        marks.insert(0, (created, first.before))
    # A change of the date or the amount alone is told as one from a stage to itself.
    marks = [mark for at, mark in enumerate(marks) if not at or marks[at - 1][1] != mark[1]]
    found = []
    for (since, stage), (until, following) in pairwise(marks):
        if rule_of(stages, stage).status == "open":
            found.append(Stay(stage, since, until, _left(stages, stage, following)))
    since, stage = marks[-1]
    if rule_of(stages, stage).status == "open":
        if closed is None:
            found.append(Stay(stage, since, None, Left.STILL))
        else:
            ended = max(closed[0], since)
            found.append(Stay(stage, since, ended, Left.ON if closed[1] else Left.LOST))
    return tuple(found)


def _left(stages: StageMap, stage: str, following: str) -> Left:
    here, there = rule_of(stages, stage), rule_of(stages, following)
    if there.status != "open":
        return Left.ON if there.status == "won" else Left.LOST
    if here.order is None or there.order is None:
        return Left.ON
    return Left.ON if there.order > here.order else Left.BACK
