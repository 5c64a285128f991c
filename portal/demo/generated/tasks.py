"""Tasks and follow-ups, done and due; meetings ahead; and who keeps in touch with customers."""

import numpy as np

from portal.demo.generated.clock import Clock
from portal.demo.generated.contact import events
from portal.demo.generated.customers import Customers
from portal.demo.generated.deals import Deals
from portal.demo.generated.draws import Draws, Floats, Ints
from portal.demo.generated.people import MANAGERS, SELLERS, manager_id
from portal.demo.generated.tables import Table

_TASKS = 1.25
_ON_TIME = 0.85
_A_SELLER_TODAY, _A_SELLER_LATE = 3, 2
_DAYS_BETWEEN = 52.0
_SUBJECTS = (
    "Send the revised offer",
    "Call back about the budget",
    "Send the security answers",
    "Confirm the meeting with operations",
    "Share the reference of a customer",
    "Follow up on the demo",
    "Ask legal for the contract",
)


def _named(kinds: tuple[str, str], deals: Deals, deal: Ints, due: Floats, draws: Draws) -> Table:
    count = len(deal)
    subject = draws.any_of(len(_SUBJECTS), count)
    table = events(
        kinds[0],
        deals.origin.seller[deal],
        np.maximum(due - draws.between(2, 8, count), deals.origin.created[deal]),
        deal=deal,
        account=deals.origin.account[deal],
        due=due,
        completed=np.full(count, np.nan),
        subject=[_SUBJECTS[n] for n in subject],
    )
    table["created"] = np.minimum(table["created"], due - 0.2)
    table["kind"] = np.where(draws.chance(0.5, count), kinds[0], kinds[1]).tolist()
    return table


def done_tasks(deals: Deals, clock: Clock) -> Table:
    """What was to be done and is done, most of it in time."""
    draws = Draws("tasks that are done")
    until = np.minimum(deals.closed, clock.end)
    lasts = until - deals.origin.created
    mean = _TASKS * np.minimum(lasts / 50, 1.3)
    deal = np.repeat(np.arange(deals.count), draws.counts(mean, deals.count))
    at = deals.origin.created[deal] + lasts[deal] * draws.between(0.1, 0.95, len(deal))
    due = np.floor(clock.in_hours(at, draws)) + 15.5 / 24
    deal, due = deal[due < clock.end - 3], due[due < clock.end - 3]
    table = _named(("follow_up", "task"), deals, deal, due, draws)
    in_time = draws.chance(_ON_TIME, len(deal))
    early = np.maximum(due - draws.between(0.02, 1.2, len(deal)), table["created"] + 0.05)
    late = clock.working(due + draws.between(0.7, 2.4, len(deal)), draws)
    done = np.where(in_time, np.minimum(early, due), late)
    table["completed"] = np.where(done < clock.end - 0.3, done, due)
    return table


def open_tasks(deals: Deals, clock: Clock) -> Table:
    """What is due today, what is overdue, and what comes in the next days, for each seller."""
    draws = Draws("tasks that are open")
    mine = deals.is_open(clock.end)
    chosen, due = [], []
    for seller in range(len(SELLERS)):
        open_ = draws.some_of(np.flatnonzero(mine & (deals.origin.seller == seller)), 99)
        today = _A_SELLER_TODAY + int(draws.any_of(3, 1)[0])
        late = _A_SELLER_LATE + int(draws.any_of(3, 1)[0])
        days = [0.0] * today + [-1.0 - float(n) for n in draws.any_of(9, late)]
        days += [1.0 + float(n) for n in draws.any_of(12, max(4, len(open_) // 2))]
        chosen.append(np.resize(open_, len(days)))
        due.append(clock.end + np.array(days) + draws.between(8, 15, len(days)) / 24)
    deal, when = np.concatenate(chosen), np.concatenate(due)
    table = _named(("task", "follow_up"), deals, deal, when, draws)
    table["created"] = np.minimum(
        np.maximum(when - draws.between(2, 8, len(deal)), deals.origin.created[deal]),
        np.minimum(clock.end - 0.5, when - 0.3),
    )
    return table


def meetings_ahead(deals: Deals, clock: Clock) -> Table:
    """Meetings that are booked and not held yet."""
    draws = Draws("meetings ahead")
    deal = np.flatnonzero(deals.is_open(clock.end) & draws.chance(0.22, deals.count))
    at = clock.in_hours(clock.end + draws.between(0, 13, len(deal)), draws)
    return events(
        "meeting",
        deals.origin.seller[deal],
        clock.end - draws.between(0.5, 5, len(deal)),
        deal=deal,
        account=deals.origin.account[deal],
        due=at,
        completed=np.full(len(deal), np.nan),
        subject=["Meeting with the customer"] * len(deal),
    )


def customer_contacts(customers: Customers, clock: Clock) -> Table:
    """Calls, mails and meetings of customer success with each customer."""
    draws = Draws("contacts with customers")
    begins = np.maximum(customers.start, -60)
    lasts = np.maximum(customers.until(clock.end) - begins, 0)
    who = np.repeat(
        np.arange(customers.count), draws.counts(lasts / _DAYS_BETWEEN, customers.count)
    )
    at = clock.in_hours(begins[who] + lasts[who] * draws.between(0, 1, len(who)), draws)
    who, at = who[at < clock.end - 0.3], at[at < clock.end - 0.3]
    kind = draws.pick((0.25, 0.45, 0.30), len(who))
    table = events("email", np.full(len(who), -1), at, account=customers.account[who])
    table["kind"] = [("call", "email", "meeting")[n] for n in kind]
    table["direction"] = [("outbound", "outbound", None)[n] for n in kind]
    good = draws.chance(0.33, len(who))
    table["outcome"] = [
        (("no_answer", "connected"), ("delivered", "replied"), ("held", "held"))[n][int(yes)]
        for n, yes in zip(kind, good, strict=True)
    ]
    table["owner_id"] = [manager_id(int(n) % len(MANAGERS)) for n in who]
    return table
