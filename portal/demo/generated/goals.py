"""What sellers are to reach and what they promise: quotas by month, forecasts by quarter."""

import numpy as np

from portal.demo.generated.clock import Clock, month_start
from portal.demo.generated.deals import Deals
from portal.demo.generated.draws import Draws, Floats
from portal.demo.generated.people import REGIONS, SELLERS, UKI, leader_id, region_of, seller_id
from portal.demo.generated.stories import OVERSTATED
from portal.demo.generated.tables import Table

_STRETCH = 1.08
_GROWTH = 0.06
_WEIGHT = (0.92, 0.95, 1.13)
"""Of the three months of a quarter."""
_BEST = 1.27
_NOISE = ((75, 0.20), (45, 0.14), (25, 0.08), (0, 0.03))
_BIAS = (0.01, -0.03, 0.0, 0.02)
_SELLERS_OWN = 0.6


def won_by(deals: Deals, start: float, end: float) -> Floats:
    """Return what each seller wins from one moment to another, also in time to come."""
    within = deals.won & (deals.closed >= start) & (deals.closed < end)
    found = np.zeros(len(SELLERS))
    np.add.at(found, deals.origin.seller[within], deals.amount[within])
    return found


def quotas(deals: Deals, clock: Clock) -> Table:
    """A quota a seller and month, to the end of the quarter after the present one."""
    history = won_by(deals, 0, clock.end)
    months = clock.end / 30.44
    usual = history.sum() / months / len(SELLERS)
    own = 0.55 + 0.45 * (history / history.mean())
    rows = []
    last = clock.quarters[-1][1]
    month = clock.first
    while clock.at(month) < last:
        growth = 1 + _GROWTH * (clock.at(month) - clock.end / 2) / 365
        asked = usual * _STRETCH * growth * own * _WEIGHT[(month.month - 1) % 3]
        rows += [
            (f"Q-{month:%Y%m}-{n:02d}", seller_id(n), month, float(np.round(asked[n], -2)))
            for n in range(len(SELLERS))
        ]
        month = month_start(month, 1)
    made, owner, start, amount = zip(*rows, strict=True)
    return {
        "id": list(made),
        "owner_id": list(owner),
        "kpi": ["won_revenue"] * len(made),
        "period_start_on": np.array(start, dtype="datetime64[D]"),
        "period_grain": ["month"] * len(made),
        "amount": np.array(amount),
    }


def forecasts(deals: Deals, clock: Clock) -> Table:
    """What each seller promises for each quarter, week by week, as their leader hands it in."""
    rows = []
    for start, end in clock.quarters[:-1]:
        draws = Draws(f"forecast {start}")
        result = _result(deals, clock, start, end)
        at = start - 1
        while at < min(end, clock.end - 0.5):
            amount = _promised(result, end - at, draws)
            rows += _handed_in(clock, (start, at), amount)
            at = at + 1 if at < start else at + 7
    names = ("id", "owner_id", "period_start_on", "period_grain", "category", "amount")
    columns = list(zip(*rows, strict=True))
    table: Table = dict(zip(names, map(list, columns[:6]), strict=True))
    table["period_start_on"] = np.array(columns[2], dtype="datetime64[D]")
    table["amount"] = np.array(columns[5])
    table["submitted_at"] = clock.moments(np.array(columns[6], dtype=np.float64))
    table["submitted_by"] = list(columns[7])
    return table


def _result(deals: Deals, clock: Clock, start: float, end: float) -> Floats:
    """What the quarter comes to: also the rest of one that still runs, with what is yet to come."""
    won = won_by(deals, start, end)
    if start < 0:
        won = won * (end - start) / (end - max(start, 0))
    missing = max(0.0, end - clock.end - 20) / (end - start)
    usual = won_by(deals, clock.end - 365, clock.end) / 4
    return won + usual * missing * 0.5


def _promised(result: Floats, left: float, draws: Draws) -> Floats:
    """Return what each seller promises with so many days to go.

    Sellers guess; what a region promises in all is as far off as its leader is.
    """
    region = region_of(np.arange(len(SELLERS)))
    usual = np.array([result[region == each].mean() for each in range(len(REGIONS))])
    guess = _SELLERS_OWN * result + (1 - _SELLERS_OWN) * usual[region]
    noise = next(sigma for days, sigma in _NOISE if left >= days)
    guess = guess * draws.spread(1, noise, len(SELLERS))
    off = np.array(_BIAS) + draws.normal(len(REGIONS)) * noise * 0.12
    off[UKI] += next(share for days, share in OVERSTATED if left >= days)
    for each in range(len(REGIONS)):
        mine = region == each
        guess[mine] *= result[mine].sum() * (1 + off[each]) / guess[mine].sum()
    return np.asarray(np.round(guess, -2))


def _handed_in(clock: Clock, when: tuple[float, float], amount: Floats) -> list[tuple[object, ...]]:
    start, at = when
    day = clock.day(start)
    return [
        (
            f"F-{day:%Y%m}-{int(at - start) + 1:02d}-{seller:02d}-{category}",
            seller_id(seller),
            day,
            "quarter",
            category,
            float(np.round(amount[seller] * factor, -2)),
            at + 0.6,
            leader_id(seller // 6),
        )
        for seller in range(len(SELLERS))
        for category, factor in (("commit", 1.0), ("best_case", _BEST))
    ]
