"""What customers pay: subscriptions, their movements and renewals."""

from dataclasses import dataclass

import numpy as np

from portal.demo.generated.clock import Clock
from portal.demo.generated.companies import Companies
from portal.demo.generated.customers import CHURNED, RENEWED, Customers, Renewals
from portal.demo.generated.deals import EXPANSION, INSIGHTS, Deals
from portal.demo.generated.draws import Draws, Flags, Floats, Ints
from portal.demo.generated.people import seller_id
from portal.demo.generated.tables import Table, ids, words

_PLANS = ("Team", "Business", "Enterprise")
_OUTCOMES = ("renewed", "churned", "pending")
_SEAT = 42.0
_PRICES_FROM, _RENEWALS_FROM = -400, -200


@dataclass(frozen=True, slots=True)
class Contracts:
    """Every subscription, by number."""

    customer: Ints
    product: Ints
    start: Floats
    end: Floats
    """The first day without; nothing for those that run."""
    mrr: Floats
    opens: Ints
    """What its start was: an index of `MOVES`."""
    first: Flags
    """Whether it is what the customer bought first, at its present price or an earlier one."""


MOVES = ("new", "expansion", "contraction")


def contracts(customers: Customers, renewals: Renewals, deals: Deals, clock: Clock) -> Contracts:
    """Return what each customer has and had: first purchases by price, and what came on top."""
    parts = [_first(customers, renewals, clock), _on_top(customers, deals, clock)]
    return Contracts(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in Contracts.__slots__)
    )


def _first(customers: Customers, renewals: Renewals, clock: Clock) -> Contracts:
    rows: list[tuple[int, float, float, float, int]] = []
    pending = renewals.open(clock)
    moved = (renewals.factor != 1.0) & (renewals.fate == RENEWED) & ~pending
    # Changes of the price long before the history are in the first price already.
    moved &= renewals.due > _PRICES_FROM
    by_customer: dict[int, list[int]] = {}
    for number in np.flatnonzero(moved).tolist():
        by_customer.setdefault(int(renewals.customer[number]), []).append(number)
    for customer in range(customers.count):
        opens: int = 0
        start, mrr = float(customers.start[customer]), float(customers.mrr[customer])
        for number in by_customer.get(customer, ()):
            due, factor = float(renewals.due[number]), float(renewals.factor[number])
            rows.append((customer, start, due, mrr, opens))
            start, mrr, opens = due, round(mrr * factor, 2), 1 if factor > 1 else 2
        rows.append((customer, start, float(customers.left[customer]), mrr, opens))
    who, begins, ends, worth, how = (np.array(part) for part in zip(*rows, strict=True))
    who = who.astype(np.int64)
    first = np.ones(len(who), dtype=np.bool_)
    return Contracts(who, customers.product[who], begins, ends, worth, how.astype(np.int64), first)


def _on_top(customers: Customers, deals: Deals, clock: Clock) -> Contracts:
    draws = Draws("start of what is bought on top")
    bought = np.flatnonzero(deals.bought(clock.end) & (deals.origin.kind == EXPANSION))
    place = {int(account): n for n, account in enumerate(customers.account)}
    who = np.array([place[int(n)] for n in deals.origin.account[bought]], dtype=np.int64)
    start = np.asarray(
        np.floor(deals.closed[bought]) + 1 + draws.any_of(5, len(bought)), np.float64
    )
    fits = (start < clock.end) & ~(start >= customers.left[who])
    who, start, bought = who[fits], start[fits], bought[fits]
    return Contracts(
        who,
        deals.product[bought],
        start,
        customers.left[who],
        np.asarray(np.round(deals.amount[bought] / 12, 2), np.float64),
        np.ones(len(who), dtype=np.int64),
        np.zeros(len(who), dtype=np.bool_),
    )


def uses_insights(made: Contracts, count: int) -> Flags:
    """Say which customers have the product of the release."""
    found = np.zeros(count, dtype=np.bool_)
    found[made.customer[(made.product == INSIGHTS) & np.isnan(made.end)]] = True
    return found


def subscriptions(made: Contracts, customers: Customers, firms: Companies, clock: Clock) -> Table:
    """The subscriptions as records."""
    account = customers.account[made.customer]
    years = np.ceil(np.maximum(clock.end - customers.start[made.customer], 1) / 365)
    due = customers.start[made.customer] + 365 * years
    ended = ~np.isnan(made.end)
    return {
        "id": ids("B", np.arange(len(made.customer))),
        "account_id": ids("A", account),
        "product_id": ids("P", made.product),
        "plan": words(_PLANS, firms.segment[account]),
        "owner_id": [seller_id(n) for n in firms.seller[account]],
        "started_on": clock.days(made.start),
        "ended_on": clock.days(made.end),
        "renewal_due_on": clock.days(np.where(ended, np.nan, due)),
        "mrr": made.mrr,
        "seats": np.maximum(3, np.round(made.mrr / _SEAT)).astype(np.int64),
        "is_trial": [False] * len(account),
        "status": np.where(ended, "ended", "active").tolist(),
    }


def movements(made: Contracts, customers: Customers, clock: Clock) -> Table:
    """What changed in recurring revenue: a record each time that something began or ended."""
    before = _price_before(made)
    left = np.floor(customers.left[made.customer]) == made.end
    ends = np.flatnonzero(left)
    rows = np.concatenate([np.arange(len(made.customer)), ends])
    is_end = np.arange(len(rows)) >= len(made.customer)
    when = np.where(is_end, made.end[rows], made.start[rows])
    amount = np.where(is_end, -made.mrr[rows], made.mrr[rows] - before[rows])
    kind = np.where(is_end, "churn", np.array(MOVES)[made.opens[rows]])
    order = np.argsort(when, kind="stable")
    rows, when, amount, kind = rows[order], when[order], amount[order], kind[order]
    return {
        "id": ids("M", np.arange(len(rows))),
        "subscription_id": ids("B", rows),
        "account_id": ids("A", customers.account[made.customer[rows]]),
        "occurred_on": clock.days(when),
        "kind": kind.tolist(),
        "amount": np.round(amount, 2),
    }


def _price_before(made: Contracts) -> Floats:
    """What the same thing cost until then; nought where it is new."""
    found = np.zeros(len(made.mrr))
    for number in range(1, len(made.mrr)):
        if made.first[number] and made.customer[number] == made.customer[number - 1]:
            found[number] = made.mrr[number - 1]
    return found


def renewals_as_records(
    made: Contracts, renewals: Renewals, customers: Customers, clock: Clock
) -> Table:
    """The renewals that are told: those of the history, and those ahead."""
    told = np.flatnonzero(renewals.due > _RENEWALS_FROM)
    customer, due = renewals.customer[told], renewals.due[told]
    amount = 12 * np.array(
        [_running(made, int(n), float(day) - 1) for n, day in zip(customer, due, strict=True)]
    )
    open_ = renewals.open(clock)[told]
    fate = np.where(open_, 2, renewals.fate[told])
    renewed = (fate != CHURNED) & ~open_
    decided = renewals.decided(clock, Draws("decisions"))[told]
    number = {int(made.customer[n]): n for n in np.flatnonzero(made.first)[::-1]}
    return {
        "id": ids("R", np.arange(len(told))),
        "subscription_id": ids("B", [number[int(who)] for who in customer]),
        "account_id": ids("A", customers.account[customer]),
        "due_on": clock.days(due),
        "outcome": [_OUTCOMES[n] for n in fate],
        "decided_on": clock.days(decided),
        "amount_due": np.round(amount, 2),
        "amount_renewed": np.round(
            np.where(renewed, amount * renewals.factor[told], np.where(open_, np.nan, 0.0)), 2
        ),
    }


def _running(made: Contracts, customer: int, day: float) -> float:
    """Return what a customer pays on a day."""
    mine = (made.customer == customer) & (made.start <= day)
    return float(made.mrr[mine & ~(made.end <= day)].sum())
