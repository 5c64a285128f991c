"""What sellers do: answering leads, working on deals, and the push of calls in one region."""

from itertools import compress

import numpy as np

from portal.demo.generated.clock import Clock
from portal.demo.generated.companies import Companies
from portal.demo.generated.deals import Deals
from portal.demo.generated.draws import Draws, Flags, Floats, Ints
from portal.demo.generated.leads import Leads
from portal.demo.generated.people import HIDDEN_GEM, NORDICS, REGIONS, region_of, seller_id
from portal.demo.generated.stories import (
    CALL_PUSH,
    PUSHED_CONNECTS,
    PUSHED_MEETINGS,
    Stories,
)
from portal.demo.generated.tables import Table

_REPLIES, _GEM_REPLIES = 0.215, 0.36
_CONNECTS, _GEM_CONNECTS = 0.31, 0.42
_SHOWS = 0.87
_CHASES = 0.9
_CALLS, _MAILS, _MEETINGS = 2.3, 2.5, (1.0, 2.1)
_USUAL_DAYS = 180.0
_FIRST = -90
_HOURS, _HOURS_DAYS = 1.05, 30


def events(kind: str, sellers: Ints, at: Floats, **told: object) -> Table:
    """Return activities of one kind that are done; what is not told is nothing."""
    count = len(at)
    nobody, never = np.full(count, -1), np.full(count, np.nan)
    found: Table = {
        "kind": [kind] * count,
        "direction": ["outbound" if kind in {"call", "email"} else None] * count,
        "owner_id": [seller_id(n) for n in sellers],
        "seller": sellers,
        "lead": nobody,
        "account": nobody,
        "deal": nobody,
        "created": at,
        "due": never,
        "completed": at,
        "outcome": [None] * count,
        "subject": [None] * count,
        "automated": [False] * count,
    }
    return {**found, **told}


def lead_contacts(made: Leads, clock: Clock) -> list[Table]:
    """The first answer to each lead, a machine's thanks, and what was tried after."""
    draws = Draws("contacts with leads")
    known = np.flatnonzero(~np.isnan(made.answered))
    by_call = draws.chance(np.where(made.bad[known], 0.03, 0.42), len(known))
    more = np.repeat(known, draws.counts(np.where(made.bad[known], 0.05, _CHASES), len(known)))
    later = clock.in_hours(made.answered[more] + draws.between(1, 9, len(more)), draws)
    more, later = more[later < clock.end - 0.3], later[later < clock.end - 0.3]
    again = draws.chance(0.55, len(more))
    thanked = np.flatnonzero(draws.chance(0.25, made.count))
    thanks = events("email", made.seller[thanked], made.created[thanked] + 0.001, lead=thanked)
    thanks["automated"] = [True] * len(thanked)
    thanks["outcome"] = ["delivered"] * len(thanked)
    called = known[by_call]
    mailed = np.concatenate([known[~by_call], more[~again]])
    mails = np.concatenate([made.answered[known[~by_call]], later[~again]])
    return [
        thanks,
        _calls(made.seller[called], made.answered[called], draws, lead=called),
        _steady(_calls(made.seller[more[again]], later[again], draws, lead=more[again]), clock),
        _mails(made.seller[mailed], mails, draws, lead=mailed),
    ]


def deal_contacts(deals: Deals, stories: Stories) -> list[Table]:
    """Calls, mails and meetings about deals."""
    clock, draws = stories.clock, Draws("contacts about deals")
    found = []
    for kind, mean in (("call", _CALLS), ("email", _MAILS)):
        deal, at = _moments(deals, np.full(deals.count, mean), clock, draws)
        told = {"deal": deal, "account": deals.origin.account[deal]}
        make = _calls if kind == "call" else _mails
        table = make(deals.origin.seller[deal], at, draws, **told)
        found.append(_steady(table, clock) if kind == "call" else table)
    mean_ = np.where(deals.won, _MEETINGS[1], _MEETINGS[0])
    deal, at = _moments(deals, mean_, clock, draws)
    pushed = (region_of(deals.origin.seller[deal]) == NORDICS) & (at >= stories.push_from)
    kept = ~pushed | draws.chance(PUSHED_MEETINGS, len(at))
    return [*found, _meetings(deals, deal[kept], at[kept], draws)]


def _moments(deals: Deals, mean: Floats, clock: Clock, draws: Draws) -> tuple[Ints, Floats]:
    """Return deals and moments of what happens `mean` times while each deal is open."""
    until = np.minimum(deals.closed, clock.end)
    lasts = until - deals.origin.created
    # Of what happens in a deal's whole life, as much has happened as has passed of it.
    mean = mean * lasts / np.maximum(deals.closed - deals.origin.created, 1)
    deal = np.repeat(np.arange(deals.count), draws.counts(mean, deals.count))
    at = deals.origin.created[deal] + lasts[deal] * draws.between(0, 1, len(deal)) ** 0.8
    at = clock.in_hours(at, draws)
    known = (at < clock.end - 0.3) & (at > _FIRST)
    return deal[known], at[known]


def _calls(sellers: Ints, at: Floats, draws: Draws, **told: object) -> Table:
    share = np.where(sellers == HIDDEN_GEM, _GEM_CONNECTS, _CONNECTS)
    return _with_outcome(
        events("call", sellers, at, **told), draws.chance(share, len(at)), "connected", "no_answer"
    )


def _steady(table: Table, clock: Clock) -> Table:
    """Leave out what is more in a month than a region has the hours for."""
    draws = Draws("hours of a region")
    block = np.floor((clock.end - table["created"]) / _HOURS_DAYS).astype(np.int64)
    of_ = region_of(table["seller"])
    place = block - block.min() + 1_000 * of_
    kept = np.ones(len(block), dtype=np.bool_)
    for region in range(len(REGIONS)):
        mine = of_ == region
        usual = np.count_nonzero(mine) / len(np.unique(block[mine]))
        for each in np.unique(place[mine]):
            rows = np.flatnonzero(place == each)
            kept[draws.some_of(rows, len(rows))[round(usual * _HOURS) :]] = False
    return {
        name: column[kept] if isinstance(column, np.ndarray) else list(compress(column, kept))
        for name, column in table.items()
    }


def _mails(sellers: Ints, at: Floats, draws: Draws, **told: object) -> Table:
    share = np.where(sellers == HIDDEN_GEM, _GEM_REPLIES, _REPLIES)
    return _with_outcome(
        events("email", sellers, at, **told), draws.chance(share, len(at)), "replied", "delivered"
    )


def _with_outcome(table: Table, good: Flags, yes: str, no: str) -> Table:
    table["outcome"] = np.where(good, yes, no).tolist()
    return table


def _meetings(deals: Deals, deal: Ints, at: Floats, draws: Draws) -> Table:
    """Meetings were booked some days before; some nobody came to, every fourth is a demo."""
    came = draws.chance(_SHOWS, len(at))
    booked = np.maximum(at - draws.spread(4, 0.5, len(at)), deals.origin.created[deal])
    table = events(
        "meeting",
        deals.origin.seller[deal],
        np.minimum(booked, at),
        deal=deal,
        account=deals.origin.account[deal],
        due=at,
        completed=np.where(came, at, np.nan),
    )
    table["kind"] = np.where(draws.chance(0.26, len(at)), "demo", "meeting").tolist()
    table["outcome"] = np.where(came, "held", "no_show").tolist()
    return table


def pushed_calls(done: list[Table], firms: Companies, stories: Stories) -> Table:
    """What one region calls on top for two months: many calls, few that reach anybody."""
    clock, draws = stories.clock, Draws("pushed calls")
    mine = [
        table["created"][(region_of(table["seller"]) == NORDICS)]
        for table in done
        if table["kind"][:1] == ["call"]
    ]
    at = np.concatenate(mine)
    since = stories.push_from
    before = np.count_nonzero((at < since) & (at >= since - _USUAL_DAYS)) / _USUAL_DAYS
    have = np.count_nonzero(at >= since)
    count = max(0, round(before * (clock.end - since) * CALL_PUSH - have))
    sellers = NORDICS * (24 // len(REGIONS)) + draws.any_of(6, count)
    when = clock.in_hours(draws.between(since, clock.end - 0.5, count), draws)
    # What would fall on a day to come was done in the days before.
    when = np.where(when >= clock.end - 0.3, when - 4, when)
    prospects = np.flatnonzero((region_of(firms.seller) == NORDICS) & np.isnan(firms.is_customer))
    table = events("call", sellers, when, account=prospects[draws.any_of(len(prospects), count)])
    return _with_outcome(table, draws.chance(PUSHED_CONNECTS, count), "connected", "no_answer")
