"""How customers get going and what they use: onboarding steps, and use by day."""

import numpy as np

from portal.demo.generated.clock import Clock
from portal.demo.generated.customers import Customers
from portal.demo.generated.draws import Draws, Flags, Floats, Ints
from portal.demo.generated.stories import Stories
from portal.demo.generated.tables import Table, ids

_STEPS = ("Kick-off", "Data connected", "Users invited", "Training held", "First report live")
_REQUIRED = (True, True, True, False, True)
_PACE = (4.0, 7.0, 4.0, 9.0, 8.0)
_FEATURES = ("Dashboards", "Planning board", "Alerts", "Exports", "Mobile app")
_FROM = -120
_DAYS = 0.36
_LESS_AFTER_RELEASE, _LESS_BEFORE_LEAVING = 0.42, 0.5
_SETTLED = 6


def onboarding_steps(customers: Customers, clock: Clock) -> Table:
    """Five steps a customer that came within the history."""
    draws = Draws("onboarding")
    new = np.flatnonzero(customers.start >= 0)
    slow = draws.spread(1.0, 0.5, len(new))
    rows: dict[str, list[object]] = {"account": [], "step": [], "begun": [], "done": [], "due": []}
    for customer, factor in zip(new, slow, strict=True):
        at = float(customers.start[customer])
        for step, days in enumerate(_PACE):
            lasts = float(days * factor * draws.spread(1, 0.35, 1)[0])
            stopped = bool(draws.chance(0.013, 1)[0])
            if at >= clock.end - 0.5:
                break
            done = np.nan if stopped or at + lasts >= clock.end - 0.4 else at + lasts
            due = customers.start[customer] + sum(_PACE[: step + 1]) * 1.8
            for name, value in zip(rows, (customer, step, at, done, due), strict=True):
                rows[name].append(value)
            at += lasts
    account, number = np.array(rows["account"], np.int64), np.array(rows["step"], np.int64)
    begun = clock.in_hours(np.array(rows["begun"], np.float64), draws)
    done_at = np.array(rows["done"], np.float64)
    begun = np.minimum(begun, clock.end - 0.35)
    begun = np.where(begun > done_at, done_at - 0.1, begun)
    return {
        "id": ids("N", np.arange(len(account))),
        "account_id": ids("A", customers.account[account]),
        "step": [_STEPS[n] for n in number],
        "required": [_REQUIRED[n] for n in number],
        "started_at": clock.moments(begun),
        "completed_at": clock.moments(done_at),
        "due_at": clock.moments(np.array(rows["due"], np.float64) + 0.6),
    }


def usage(customers: Customers, insights: Flags, stories: Stories) -> Table:
    """Days on which customers used something, each with what they used most."""
    clock, draws = stories.clock, Draws("usage")
    who, day = _days_of_use(customers, insights, stories, draws)
    feature = draws.pick((0.34, 0.26, 0.16, 0.13, 0.11), len(who))
    users = 1 + draws.counts(np.sqrt(customers.mrr[who] / 120), len(who))
    return {
        "id": ids("V", np.arange(len(who))),
        "account_id": ids("A", customers.account[who]),
        "feature": [_FEATURES[n] for n in feature],
        "occurred_on": clock.days(day),
        "events": users * 4 + draws.counts(9, len(who)),
        "active_users": users,
    }


def _days_of_use(
    customers: Customers, insights: Flags, stories: Stories, draws: Draws
) -> tuple[Ints, Floats]:
    begins = np.maximum(customers.start + np.ceil(draws.spread(6, 0.7, customers.count)), _FROM)
    keen = (_DAYS * draws.spread(1, 0.3, customers.count)).clip(0.05, 0.85)
    keen = np.where(draws.chance(0.06, customers.count), keen * 0.3, keen)
    until = customers.until(stories.clock.end)
    found, days = [], []
    for customer in range(customers.count):
        day = np.arange(begins[customer], until[customer])
        share = np.where(stories.clock.weekend(day), 0.25, 1.3) * keen[customer]
        if insights[customer]:
            share[day >= stories.release + _SETTLED] *= _LESS_AFTER_RELEASE
        if not np.isnan(customers.left[customer]):
            share[day >= until[customer] - 75] *= _LESS_BEFORE_LEAVING
        used = day[draws.chance(share, len(day))]
        # The day on which a customer begins is a day of use.
        used = np.union1d(used, day[:1])
        found.append(np.full(len(used), customer))
        days.append(used)
    return np.concatenate(found), np.concatenate(days)
