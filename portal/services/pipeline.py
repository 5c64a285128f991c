"""What became of the pipeline since a period began: a waterfall that adds up to the last cent.

In it stand the deals that were open and expected to close in the period. Each movement is that of
whole deals: what enters with an amount leaves with the same, and only a deal that stood there at
the start can change its amount. So the rows add up by themselves, and a test holds them to it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from statistics import median

from kpi_engine.periods import Calendar, Period
from portal.services.deals import NOTHING, Deal

_FEW = 4
"""With fewer earlier periods nothing is called usual."""
_FAR = 1.25


class Step(StrEnum):
    """A row of the waterfall, in its order."""

    START = "start"
    NEW = "new"
    PULLED_IN = "pulled_in"
    SLIPPED = "slipped"
    WON = "won"
    LOST = "lost"
    CHANGED = "changed"
    NOW = "now"


MOVEMENTS = (Step.NEW, Step.PULLED_IN, Step.SLIPPED, Step.WON, Step.LOST, Step.CHANGED)


@dataclass(frozen=True, slots=True)
class Move:
    """What one deal added to a row, or took away."""

    step: Step
    deal: Deal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The rows of one period up to a moment."""

    period: Period
    moves: tuple[Move, ...]
    _sums: Mapping[Step, Decimal] = field(default_factory=dict)

    def amount(self, step: Step) -> Decimal:
        """Return a row's amount, with its sign."""
        return self._sums.get(step, NOTHING)

    def of(self, step: Step) -> tuple[Move, ...]:
        """Return the deals of a row, the largest first."""
        found = [move for move in self.moves if move.step is step]
        return tuple(sorted(found, key=lambda move: (-abs(move.amount), move.deal.key)))

    def count(self, step: Step) -> int:
        """Return how many deals a row has."""
        return sum(move.step is step for move in self.moves)


@dataclass(frozen=True, slots=True)
class Usual:
    """What a row came to by the same day of earlier periods."""

    low: Decimal
    middle: Decimal
    high: Decimal
    count: int

    def beyond(self, amount: Decimal) -> bool:
        """Say whether an amount lies outside all earlier ones, and far from their middle."""
        if self.low <= amount <= self.high:
            return False
        return abs(amount - self.middle) > abs(self.middle) * Decimal(_FAR - 1)


def waterfall(deals: Iterable[Deal], calendar: Calendar, period: Period, until: date) -> Waterfall:
    """Return what moved in a period before the day `until`, which may be the period's end."""
    span = _Span(period, calendar.instant(period.start), calendar.instant(min(until, period.end)))
    moves = tuple(move for deal in deals for move in _moves(deal, span))
    sums: dict[Step, Decimal] = {}
    for move in moves:
        sums[move.step] = sums.get(move.step, NOTHING) + move.amount
    return Waterfall(period, moves, sums)


def usual(
    deals: Sequence[Deal], calendar: Calendar, period: Period, until: date, back: int
) -> Mapping[Step, Usual]:
    """Return what each movement came to by the same day of the periods before.

    Periods without any pipeline are left out; with fewer than four, nothing is usual.
    """
    elapsed = (min(until, period.end) - period.start).days
    earlier = []
    for _ in range(back):
        period = calendar.previous(period)
        stop = min(period.start + timedelta(days=elapsed), period.end)
        found = waterfall(deals, calendar, period, stop)
        if found.amount(Step.START) > 0:
            earlier.append(found)
    if len(earlier) < _FEW:
        return {}
    return {step: _usual([one.amount(step) for one in earlier]) for step in MOVEMENTS}


def _usual(amounts: list[Decimal]) -> Usual:
    return Usual(min(amounts), median(amounts), max(amounts), len(amounts))


@dataclass(frozen=True, slots=True)
class _Span:
    period: Period
    start: datetime
    end: datetime

    def holds(self, due: date | None) -> bool:
        """Say whether a deal due on that day is of the period."""
        return due is not None and self.period.start <= due < self.period.end


def _moves(deal: Deal, span: _Span) -> Iterator[Move]:
    if deal.created >= span.end or (deal.closed is not None and deal.closed < span.start):
        return
    if deal.open_at(span.start) and span.holds(deal.at(span.start).due):
        yield from _of_one_that_stood_there(deal, span)
    else:
        yield from _of_one_that_came(deal, span)


def _of_one_that_stood_there(deal: Deal, span: _Span) -> Iterator[Move]:
    before = deal.at(span.start).amount
    yield Move(Step.START, deal, before)
    if deal.closed_in(span.start, span.end):
        if not deal.won:
            # A CRM may empty the amount of what is lost: it leaves with what it came with.
            yield Move(Step.LOST, deal, -before)
            return
        yield from _changed(deal, deal.amount - before)
        yield Move(Step.WON, deal, -deal.amount)
        return
    state = deal.at(span.end)
    if not span.holds(state.due):
        yield Move(Step.SLIPPED, deal, -before)
        return
    yield from _changed(deal, state.amount - before)
    yield Move(Step.NOW, deal, state.amount)


def _changed(deal: Deal, by: Decimal) -> Iterator[Move]:
    if by:
        yield Move(Step.CHANGED, deal, by)


def _of_one_that_came(deal: Deal, span: _Span) -> Iterator[Move]:
    entered = Step.NEW if deal.created >= span.start else Step.PULLED_IN
    if deal.closed_in(span.start, span.end):
        if deal.won:
            yield Move(entered, deal, deal.amount)
            yield Move(Step.WON, deal, -deal.amount)
        elif (seen := _seen(deal, span)) is not None:
            yield Move(entered, deal, seen)
            yield Move(Step.LOST, deal, -seen)
        return
    state = deal.at(span.end)
    if span.holds(state.due):
        yield Move(entered, deal, state.amount)
        yield Move(Step.NOW, deal, state.amount)
    elif (seen := _seen(deal, span)) is not None:
        yield Move(entered, deal, seen)
        yield Move(Step.SLIPPED, deal, -seen)


def _seen(deal: Deal, span: _Span) -> Decimal | None:
    """The amount with which it first stood in the period, if it ever did."""
    for state in deal.states_in(span.start, span.end):
        if span.holds(state.due):
            return state.amount
    return None
