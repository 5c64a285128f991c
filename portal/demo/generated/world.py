"""The whole CRM of Kestrel Systems: every entity as a table, for a given today."""

from dataclasses import replace
from datetime import date

import numpy as np

from portal.demo.generated.activities import activities
from portal.demo.generated.adoption import onboarding_steps, usage
from portal.demo.generated.campaigns import campaigns, made_campaigns
from portal.demo.generated.clock import Clock
from portal.demo.generated.companies import Companies, accounts, companies_of, contacts
from portal.demo.generated.customers import Customers, Renewals, with_renewals
from portal.demo.generated.deals import PRODUCT_SHARES, PRODUCTS, Deals, joined, made_deals
from portal.demo.generated.draws import Draws, Ints
from portal.demo.generated.goals import forecasts, quotas
from portal.demo.generated.lapses import without_a_day, without_replies
from portal.demo.generated.leads import Leads, leads, made_leads
from portal.demo.generated.outreach import touches
from portal.demo.generated.people import teams, users
from portal.demo.generated.revenue import (
    contracts,
    movements,
    renewals_as_records,
    subscriptions,
    uses_insights,
)
from portal.demo.generated.sources import (
    first_customers,
    new_deals,
    origins_of_more,
    origins_of_new,
    origins_of_renewals,
)
from portal.demo.generated.stages import walks
from portal.demo.generated.stories import Stories
from portal.demo.generated.support import tickets
from portal.demo.generated.tables import Table, ids

_AT_FIRST = 190
_FIRST_MRR = 2_350.0
_SIZE = (0.5, 1.0, 2.1)
_PRICES = (2_900.0, 3_400.0, 2_300.0, 2_600.0)


def made_world(today: date) -> dict[str, Table]:
    """Make every table; the same day gives the same tables."""
    clock = Clock(today)
    stories = Stories(clock)
    chosen = made_campaigns(clock, stories)
    asked = made_leads(clock, stories, chosen)
    firms, fresh = _first_business(clock, stories, asked)
    customers, renewals = _customers(firms, fresh, stories)
    more = made_deals("more", origins_of_more(clock, customers, firms), clock, stories)
    again = origins_of_renewals(clock, customers, renewals, firms)
    deals = _in_order(joined([fresh, more, made_deals("renewals", again, clock, stories)]))
    held = contracts(customers, renewals, deals, clock)
    firms.is_customer[customers.account] = customers.start
    firms.left[customers.account] = customers.left
    insights = uses_insights(held, customers.count)
    walked = walks(deals, stories)
    return {
        "team": teams(),
        "user": users(),
        "product": _products(),
        "campaign": campaigns(chosen, clock),
        "account": accounts(firms, clock),
        "contact": contacts(firms, clock),
        "lead": leads(asked, clock, *_became(asked, deals)),
        "touch": touches(clock, chosen, asked),
        "opportunity": without_a_day(walked.records, clock),
        "stage_change": walked.steps,
        "activity": activities(asked, deals, customers, firms, stories),
        "subscription": subscriptions(held, customers, firms, clock),
        "mrr_movement": movements(held, customers, clock),
        "renewal": renewals_as_records(held, renewals, customers, clock),
        "onboarding_step": onboarding_steps(customers, clock),
        "usage": usage(customers, insights, stories),
        "ticket": without_replies(tickets(customers, insights, stories), clock),
        "quota": quotas(deals, clock),
        "forecast": forecasts(deals, clock),
    }


def _first_business(clock: Clock, stories: Stories, asked: Leads) -> tuple[Companies, Deals]:
    """Return all companies, and the deals with those that are new."""
    sellers, since = first_customers(_AT_FIRST)
    who, when, lead = new_deals(clock, asked)
    known = Draws("companies").spread(25, 0.8, len(who))
    firms = companies_of(
        np.concatenate([sellers, who]), np.concatenate([since - 70, when - known.clip(max=300)])
    )
    origins = origins_of_new(who, when, lead, asked, firms, _AT_FIRST)
    return firms, made_deals("new", origins, clock, stories)


def _customers(firms: Companies, fresh: Deals, stories: Stories) -> tuple[Customers, Renewals]:
    """Return the customers of before the history, and those won in it."""
    clock, draws = stories.clock, Draws("customers")
    _, since = first_customers(_AT_FIRST)
    product = draws.pick(PRODUCT_SHARES, _AT_FIRST)
    mrr = _FIRST_MRR * np.array(_SIZE)[firms.segment[:_AT_FIRST]]
    mrr = np.round(mrr * draws.spread(1, 0.4, _AT_FIRST), 2)
    won = np.flatnonzero(fresh.bought(clock.end))
    start = np.floor(fresh.closed[won]) + 2 + draws.any_of(12, len(won))
    won, start = won[start < clock.end], start[start < clock.end]
    return with_renewals(
        np.concatenate([np.arange(_AT_FIRST), fresh.origin.account[won]]),
        np.concatenate([product, fresh.product[won]]),
        np.concatenate([since, start]),
        np.concatenate([mrr, np.round(fresh.amount[won] / 12, 2)]),
        stories,
    )


def _in_order(deals: Deals) -> Deals:
    """Number the deals in the order in which they were opened."""
    order = np.argsort(deals.origin.created, kind="stable")
    origin = replace(
        deals.origin,
        **{name: getattr(deals.origin, name)[order] for name in deals.origin.__slots__},
    )
    own = [name for name in deals.__slots__ if name != "origin"]
    return replace(deals, origin=origin, **{name: getattr(deals, name)[order] for name in own})


def _became(asked: Leads, deals: Deals) -> tuple[Ints, Ints]:
    """Return deal and account of each lead, -1 where it became none."""
    deal, account = np.full(asked.count, -1), np.full(asked.count, -1)
    rows = np.flatnonzero(deals.origin.lead >= 0)
    deal[deals.origin.lead[rows]] = rows
    account[deals.origin.lead[rows]] = deals.origin.account[rows]
    return deal, account


def _products() -> Table:
    return {
        "id": ids("P", np.arange(len(PRODUCTS))),
        "name": list(PRODUCTS),
        "list_price": np.array(_PRICES),
    }
