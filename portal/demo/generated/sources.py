"""What deals grow out of: leads, calls out of the blue, customers that want more or renew."""

import numpy as np

from portal.demo.generated.campaigns import SOURCES
from portal.demo.generated.clock import Clock
from portal.demo.generated.companies import Companies
from portal.demo.generated.customers import RENEWED, Customers, Renewals
from portal.demo.generated.deals import EXPANSION, NEW, RENEWAL, Origins
from portal.demo.generated.draws import Draws, Floats, Ints
from portal.demo.generated.leads import Leads
from portal.demo.generated.people import HIDDEN_GEM, SELLERS, lead_share

_BEFORE = 120
_A_DAY = 0.5
_MORE_A_YEAR = 0.8
_ENTERPRISE = 2
_AHEAD_OF_RENEWAL = 80
_FIRST_WORKED_ON = -60
_SOURCE_LUCK = {"Referral": 1.3, "Partner": 1.15, "Content syndication": 0.3}


def first_customers(count: int) -> tuple[Ints, Floats]:
    """Return seller and first day of the customers that were there before the history."""
    draws = Draws("first customers")
    return draws.any_of(len(SELLERS), count), np.floor(draws.between(-1_000, -4, count))


def new_deals(clock: Clock, made: Leads) -> tuple[Ints, Floats, Ints]:
    """Return seller, moment and lead of each new deal, in the order of time.

    Leads that converted have one each; the others were found without a lead, with number -1.
    """
    draws = Draws("found without a lead")
    lead = np.flatnonzero(~np.isnan(made.converted))
    # Before the first lead there was the same business, from leads that are not in this CRM.
    early = np.sort(draws.between(-_BEFORE, 25, int((_BEFORE + 25) * 1.45)))
    later = np.sort(draws.between(0, clock.end - 0.3, int(clock.end * _A_DAY)))
    found = np.concatenate([early, later])
    weights = lead_share() ** 0.5
    seller = np.concatenate([made.seller[lead], draws.pick(weights, len(found))])
    when = np.concatenate([made.converted[lead], clock.in_hours(found, draws)])
    when = when.clip(max=clock.end - 0.35)
    lead = np.concatenate([lead, np.full(len(found), -1)])
    order = np.argsort(when, kind="stable")
    return seller[order], when[order], lead[order]


def origins_of_new(
    sellers: Ints, when: Floats, lead: Ints, made: Leads, firms: Companies, first: int
) -> Origins:
    """Return the origins of new deals; their companies begin at number `first`."""
    count = len(when)
    source = np.where(lead >= 0, made.source[lead], -1)
    account = first + np.arange(count)
    luck = np.ones(count)
    for name, factor in _SOURCE_LUCK.items():
        luck[source == SOURCES.index(name)] = factor
    luck *= np.where(sellers == HIDDEN_GEM, 1.1, 1.0)
    return Origins(
        np.full(count, NEW),
        account,
        sellers,
        firms.segment[account],
        when,
        lead,
        source,
        np.where(lead >= 0, made.campaign[lead], -1),
        luck,
        np.full(count, np.nan),
        np.full(count, np.nan),
    )


def origins_of_more(clock: Clock, customers: Customers, firms: Companies) -> Origins:
    """Return the origins of deals with customers that may buy more."""
    draws = Draws("wanting more")
    begins = np.maximum(customers.start + 60, _FIRST_WORKED_ON)
    # Who is about to leave wants nothing more.
    until = np.where(np.isnan(customers.left), clock.end - 0.5, customers.left - 30)
    lasts = np.maximum(until - begins, 0)
    which = np.repeat(
        np.arange(customers.count), draws.counts(lasts / 365 * _MORE_A_YEAR, customers.count)
    )
    when = begins[which] + lasts[which] * draws.between(0, 1, len(which))
    when = clock.in_hours(when, draws).clip(max=clock.end - 0.4)
    return _with_customers(EXPANSION, customers.account[which], firms, when, np.ones(len(when)))


def origins_of_renewals(
    clock: Clock, customers: Customers, renewals: Renewals, firms: Companies
) -> Origins:
    """Return the origins of deals for renewals that are large enough to be worked on."""
    draws = Draws("deals of renewals")
    account = customers.account[renewals.customer]
    begins = renewals.due - _AHEAD_OF_RENEWAL
    large = (
        (firms.segment[account] == _ENTERPRISE)
        & (begins < clock.end - 2)
        & (begins > _FIRST_WORKED_ON)
    )
    rows = np.flatnonzero(large)
    when = clock.in_hours(begins[rows], draws).clip(max=clock.end - 0.4)
    found = _with_customers(
        RENEWAL, account[rows], firms, when, (renewals.fate[rows] == RENEWED).astype(np.float64)
    )
    amount = np.round(customers.mrr[renewals.customer[rows]] * 12 * renewals.factor[rows], -2)
    # Not decided yet is open, also where the day has just passed.
    closes = np.where(
        renewals.open(clock)[rows],
        np.maximum(renewals.due[rows], clock.end + 6),
        renewals.due[rows] - draws.between(2, 24, len(rows)),
    )
    found.amount[:], found.closes[:] = amount, closes
    return found


def _with_customers(
    kind: int, account: Ints, firms: Companies, when: Floats, luck: Floats
) -> Origins:
    count = len(account)
    nobody = np.full(count, -1)
    return Origins(
        np.full(count, kind),
        account,
        firms.seller[account],
        firms.segment[account],
        when,
        nobody,
        nobody,
        nobody,
        luck,
        np.full(count, np.nan),
        np.full(count, np.nan),
    )
