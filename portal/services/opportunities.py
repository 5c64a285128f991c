"""A person's open deals, those that need attention first, and which of them would fill a gap."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from kpi_engine.crm.stages import StageMap
from portal.services.deals import NOTHING, Deal

STALLED_FROM = 2
"""A deal is stalled from so many times its stage's usual days."""


class Flag(StrEnum):
    """Why a deal needs attention, the most urgent first."""

    STALLED = "stalled"
    PAST_DUE = "past_due"
    NO_NEXT_STEP = "no_next_step"
    FILLS_GAP = "fills_gap"
    NONE = "none"


RISKS = (Flag.STALLED, Flag.PAST_DUE)
_URGENCY = {flag: place for place, flag in enumerate(Flag)}


@dataclass(frozen=True, slots=True)
class OpenDeal:
    """One open deal as its owner should see it."""

    deal: Deal
    step: int
    """Which of the open stages it is in, from 1; 0 where the stage map gives no order."""
    steps: int
    age: float
    """Days in the stage, or since it began where no stage change was recorded."""
    usual: float | None
    late: int
    """Days past its expected close; 0 while that lies ahead."""
    flag: Flag

    @property
    def weighted(self) -> Decimal | None:
        """The amount by its probability; None where nobody said one."""
        weight = self.deal.weight
        return None if weight is None else self.deal.amount * Decimal(str(weight))


@dataclass(frozen=True, slots=True)
class Gap:
    """What a target still lacks, and the open deals that would fill it, soonest due first."""

    lacks: Decimal
    fillers: tuple[OpenDeal, ...]

    @property
    def worth(self) -> Decimal:
        """What the fillers are worth by their probabilities."""
        return sum((one.weighted or NOTHING for one in self.fillers), NOTHING)


@dataclass(frozen=True, slots=True)
class Watch:
    """What open deals are held against."""

    today: date
    moment: datetime
    """The end of the day they are looked at, naive UTC: today's, or that of a past period."""
    usual: Mapping[str, float]
    """The usual days in each stage."""
    stages: StageMap
    stale_days: int
    """Where a stage has no usual time, a deal untouched for so long is stalled."""


def open_deals(deals: Iterable[Deal], watch: Watch) -> tuple[OpenDeal, ...]:
    """Return the deals open at the moment, as they then stood: flagged first, then by close."""
    order = sorted(
        rule.order
        for rule in watch.stages.values()
        if rule.status == "open" and rule.order is not None
    )
    found = [
        _open(deal, watch, order)
        for one in deals
        if (deal := one.as_of(watch.moment, watch.stages)) is not None
    ]
    return tuple(sorted(found, key=_place))


def _place(one: OpenDeal) -> tuple[int, date, str]:
    return _URGENCY[one.flag], one.deal.due or date.max, one.deal.key


def _open(deal: Deal, watch: Watch, order: Sequence[int]) -> OpenDeal:
    stay = deal.stays[-1] if deal.stays and deal.stays[-1].until is None else None
    since = stay.since if stay else deal.created
    age = max((watch.moment - since).total_seconds() / 86_400, 0.0)
    usual = watch.usual.get(deal.stage) if stay else None
    late = max((watch.today - deal.due).days, 0) if deal.due else 0
    place = deal.rule.order
    step = order.index(place) + 1 if place in order else 0
    flag = _flag(deal, watch, late, stalled=_stalled(deal, watch, age, usual))
    return OpenDeal(deal, step, len(order), age, usual, late, flag)


def _flag(deal: Deal, watch: Watch, late: int, *, stalled: bool) -> Flag:
    del watch
    if stalled:
        return Flag.STALLED
    if late:
        return Flag.PAST_DUE
    return Flag.NONE if deal.next_step else Flag.NO_NEXT_STEP


def _stalled(deal: Deal, watch: Watch, age: float, usual: float | None) -> bool:
    if usual is not None:
        return age >= STALLED_FROM * max(usual, 1.0)
    touched = max([deal.created, *([deal.touched] if deal.touched else [])])
    return (watch.moment - touched).days >= watch.stale_days


def gap(found: Sequence[OpenDeal], lacks: Decimal, until: date) -> Gap | None:
    """Return the deals due before a day that would fill a gap; None where nothing is lacking.

    Those nearest to their close come first, and no more of them than the gap needs.
    """
    if lacks <= 0:
        return None
    due = [
        one
        for one in found
        if one.deal.due and one.deal.due < until and one.flag not in RISKS and one.weighted
    ]
    due.sort(key=lambda one: (-(one.deal.weight or 0.0), -one.deal.amount, one.deal.key))
    fillers: list[OpenDeal] = []
    worth = NOTHING
    for one in due:
        if worth >= lacks:
            break
        fillers.append(one)
        worth += one.weighted or NOTHING
    return Gap(lacks, tuple(fillers))


def at_risk(found: Iterable[OpenDeal]) -> tuple[OpenDeal, ...]:
    """Return the deals that are stalled or past their expected close."""
    return tuple(one for one in found if one.flag in RISKS)
