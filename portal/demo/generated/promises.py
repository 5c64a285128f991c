"""When each deal was expected to close, and how often that was put off."""

from dataclasses import dataclass

import numpy as np

from portal.demo.generated.clock import Clock
from portal.demo.generated.deals import Deals
from portal.demo.generated.draws import Draws, Floats, Ints
from portal.demo.generated.people import REGIONS, SOUTH, region_of
from portal.demo.generated.stories import PATIENT_SLIPS, USUAL_SLIPS, Stories

_PUT_OFF = 0.10
_FORGOTTEN = 0.06
_LONG = 24


@dataclass(frozen=True, slots=True)
class Delay:
    """One time that a deal was put off."""

    deal: int
    at: float
    """When somebody did it."""
    before: float
    """The day that was expected until then."""


def delays(deals: Deals, stories: Stories) -> list[Delay]:
    """Return what was put off, by deal and time: a little always, much in the story's region."""
    found = [*_usual(deals, stories.clock), *_at_quarter_ends(deals, stories)]
    found.sort(key=lambda each: (each.deal, each.at))
    kept: list[Delay] = []
    for each in found:
        # One at a time: the next comes after the day that the last one was put off to.
        if not kept or kept[-1].deal != each.deal or each.at > kept[-1].before + 12:
            kept.append(each)
    return kept


def _usual(deals: Deals, clock: Clock) -> list[Delay]:
    draws = Draws("delays")
    until = np.minimum(deals.closed, clock.end)
    lasts = until - deals.origin.created
    late = draws.chance(_PUT_OFF, deals.count) & (lasts > _LONG)
    at = deals.origin.created + lasts * draws.between(0.4, 0.8, deals.count)
    at = np.minimum(clock.in_hours(at, draws), until - 1)
    before = np.floor(at + draws.between(1, 6, deals.count))
    return [Delay(int(n), float(at[n]), float(before[n])) for n in np.flatnonzero(late)]


def _at_quarter_ends(deals: Deals, stories: Stories) -> list[Delay]:
    found: list[Delay] = []
    for region in range(len(REGIONS)):
        usual = USUAL_SLIPS if region == SOUTH else PATIENT_SLIPS
        for start, end in stories.clock.quarters:
            doubled = region == SOUTH and not stories.usual_of(start)
            if start < stories.clock.end:
                count = 2 * usual + 3 if doubled else usual
                found += _over_end(deals, stories.clock, region, (start, end), count)
    return found


def _over_end(
    deals: Deals, clock: Clock, region: int, quarter: tuple[float, float], count: int
) -> list[Delay]:
    """Put off so many deals of a region from the quarter into the next."""
    start, end = quarter
    draws = Draws(f"slips {region} {start}")
    known = min(end, clock.end)
    running = end > clock.end
    mine = region_of(deals.origin.seller) == region
    # What is still open may close later than planned; what has closed did when it did.
    later = deals.is_open(clock.end) if running else deals.closed > end + 4
    fits = mine & later & (deals.origin.created < known - 22)
    chosen = draws.some_of(np.flatnonzero(fits), count)
    if running:
        put_to = end + draws.between(6, 40, len(chosen))
        deals.closed[chosen] = np.maximum(deals.closed[chosen], put_to)
    # In a quarter that still runs it happens over its length, else in its last days.
    soonest = np.maximum(deals.origin.created[chosen] + 14, start + 5 if running else end - 8)
    at = draws.between(soonest, np.maximum(known - 1.5, soonest + 0.2), len(chosen))
    at = np.minimum(clock.in_hours(at, draws), known - 0.4)
    before = np.minimum(np.floor(at) + draws.any_of(9, len(chosen)), end - 1)
    return [
        Delay(int(n), float(when), float(day))
        for n, when, day in zip(chosen, at, before, strict=True)
    ]


def last_expected(deals: Deals, clock: Clock, put_off: Ints) -> Floats:
    """Return when each deal is expected to close in the end: a few are past and forgotten.

    What was put off at least once is not forgotten.
    """
    draws = Draws("expected")
    guess = np.floor(deals.closed + np.round(2 * draws.normal(deals.count)))
    open_ = deals.is_open(clock.end)
    ahead = np.maximum(guess, clock.end + draws.any_of(12, deals.count))
    old = draws.chance(_FORGOTTEN, deals.count) & (deals.origin.created < clock.end - 45)
    old &= put_off == 0
    past = clock.end - 2 - draws.any_of(20, deals.count)
    found = np.where(open_, np.where(old, past, ahead), np.floor(deals.closed))
    return np.asarray(found, dtype=np.float64)


def by_deal(found: list[Delay], count: int) -> list[list[Delay]]:
    """Return the delays of each deal."""
    sorted_: list[list[Delay]] = [[] for _ in range(count)]
    for each in found:
        sorted_[each.deal].append(each)
    return sorted_


def counted(found: list[Delay], count: int) -> Ints:
    """Return how often each deal was put off."""
    return np.bincount([each.deal for each in found], minlength=count).astype(np.int64)
