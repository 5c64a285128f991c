"""Deals: where they come from, what they are worth, when they close and which are won."""

from dataclasses import dataclass

import numpy as np

from portal.demo.generated.clock import Clock
from portal.demo.generated.companies import PACE, SIZE
from portal.demo.generated.draws import Draws, Flags, Floats, Ints, in_turn
from portal.demo.generated.people import NORDICS, region_of, skill
from portal.demo.generated.stories import PUSHED_WINS, Stories

NEW, EXPANSION, RENEWAL = range(3)
KINDS = ("new", "expansion", "renewal")
PRODUCTS = ("Kestrel Core", "Kestrel Insights", "Kestrel Connect", "Kestrel Field")
PRODUCT_SHARES = (0.40, 0.27, 0.19, 0.14)
INSIGHTS = 1
_VALUE = (1.0, 1.15, 0.8, 0.9)
_AMOUNT = (41_000.0, 23_000.0, 0.0)
_CYCLE = (58.0, 44.0, 70.0)
_WON = (0.168, 0.34, 0.86)
_STILL_OPEN = 0.09
_LONG, _SOON_AFTER = 25, 9


@dataclass(frozen=True, slots=True)
class Origins:
    """What deals grow out of: one a row. Numbers below nought are nothing."""

    kind: Ints
    account: Ints
    seller: Ints
    segment: Ints
    created: Floats
    lead: Ints
    source: Ints
    campaign: Ints
    luck: Floats
    """What the chance to win is multiplied by."""
    amount: Floats
    """What it is worth where that is known from the start."""
    closes: Floats
    """When it closes, likewise."""


@dataclass(frozen=True, slots=True)
class Deals:
    """Every deal, by number. One that has not closed by today has its close all the same."""

    origin: Origins
    product: Ints
    amount: Floats
    closed: Floats
    won: Flags
    depth: Ints
    """The last open stage that it comes to, 0 to 3."""

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.amount)

    def is_open(self, end: float) -> Flags:
        """Say which are open when `end` begins."""
        found: Flags = self.closed >= end
        return found

    def bought(self, end: float) -> Flags:
        """Say which are won before `end`."""
        found: Flags = self.won & (self.closed < end)
        return found


def made_deals(name: str, origin: Origins, clock: Clock, stories: Stories) -> Deals:
    """Give each origin a deal."""
    draws, count = Draws(name), len(origin.account)
    product = draws.pick(PRODUCT_SHARES, count)
    amount = np.array(_AMOUNT)[origin.kind] * np.array(SIZE)[origin.segment]
    amount = amount * np.array(_VALUE)[product] * draws.spread(0.93, 0.38, count)
    amount = np.where(np.isnan(origin.amount), np.round(amount, -2), origin.amount)
    cycle = np.array(_CYCLE)[origin.kind] * np.array(PACE)[origin.segment]
    cycle = cycle * draws.spread(1.0, 0.42, count)
    chance = _chances(origin, origin.created + cycle, stories)
    won = in_turn(chance, origin.seller, origin.created + cycle, draws.between(0, 1, 24))
    if bool(np.all(origin.kind == RENEWAL)):
        won = origin.luck > 0
    closed = origin.created + np.where(won, cycle, cycle * draws.spread(0.76, 0.3, count))
    closed = _near_month_end(clock, closed, won & (closed - origin.created > _LONG), draws)
    closed = _stuck(clock, closed, won, draws)
    closed = np.where(np.isnan(origin.closes), closed, origin.closes)
    depth = np.where(won, 3, draws.pick((0.20, 0.36, 0.29, 0.15), count))
    return Deals(origin, product, amount, clock.in_hours(closed, draws), won, depth)


def _chances(origin: Origins, closed: Floats, stories: Stories) -> Floats:
    pushed = (region_of(origin.seller) == NORDICS) & (closed >= stories.push_from)
    chance = np.array(_WON)[origin.kind] * skill()[origin.seller] * origin.luck
    return np.asarray(np.where(pushed, chance * PUSHED_WINS, chance).clip(0, 0.95))


def _near_month_end(clock: Clock, closed: Floats, won: Flags, draws: Draws) -> Floats:
    """Move some wins to the last days of their month, where they would close soon after."""
    day = [clock.day(number) for number in closed]
    into = np.array([each.day for each in day], dtype=np.float64)
    moved = won & (into <= _SOON_AFTER) & draws.chance(0.55, len(closed))
    return np.where(moved, np.floor(closed) - into - draws.any_of(4, len(closed)), closed)


def _stuck(clock: Clock, closed: Floats, won: Flags, draws: Draws) -> Floats:
    """Leave open some that were lost in the last months: nobody has dared to close them."""
    late = ~won & (closed > clock.end - 75) & (closed < clock.end)
    stuck = late & draws.chance(_STILL_OPEN, len(closed))
    return np.where(stuck, clock.end + draws.between(8, 50, len(closed)), closed)


def joined(parts: list[Deals]) -> Deals:
    """Return all deals as one, in the order given."""
    origin = Origins(
        *(
            np.concatenate([getattr(part.origin, name) for part in parts])
            for name in Origins.__slots__
        )
    )
    names = [name for name in Deals.__slots__ if name != "origin"]
    return Deals(origin, *(np.concatenate([getattr(p, name) for p in parts]) for name in names))
