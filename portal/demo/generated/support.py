"""Requests for help: how many, how soon they are answered and solved, and what people say."""

from dataclasses import dataclass

import numpy as np

from portal.demo.generated.clock import Clock
from portal.demo.generated.customers import Customers
from portal.demo.generated.deals import INSIGHTS, PRODUCT_SHARES
from portal.demo.generated.draws import Draws, Flags, Floats, Ints
from portal.demo.generated.people import AGENTS, agent_id
from portal.demo.generated.stories import RELEASE, Stories
from portal.demo.generated.tables import Table, ids, where

_A_DAY = 0.0105
_AFTER_RELEASE = ((0, 12, 5.2), (12, 24, 4.4), (24, 60, 3.6))
"""From day to day after the release: how many more tickets its product makes."""
_PRIORITIES = ("urgent", "high", "normal", "low")
_PROMISED = ((60.0, 480.0), (120.0, 1_440.0), (480.0, 2_880.0), (1_440.0, 7_200.0))
"""Minutes to the first answer and to the solution, by priority."""
_FASTER = (0.35, 0.6, 1.0, 1.7)
_CATEGORIES = ("How to", "Defect", "Access", "Data import", "Billing")
_CHANNELS = ("portal", "email", "chat", "phone")


@dataclass(frozen=True, slots=True)
class _Asked:
    """Every ticket as it comes in."""

    customer: Ints
    created: Floats
    of_release: Flags
    """Whether it is about the release."""
    crowded: Flags
    """Whether it came in since the release, when everybody waits."""

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.customer)


def tickets(customers: Customers, insights: Flags, stories: Stories) -> Table:
    """The tickets as records."""
    clock, draws = stories.clock, Draws("tickets")
    asked = _asked(customers, insights, stories, draws)
    priority = draws.pick((0.07, 0.23, 0.55, 0.15), asked.count)
    answered, solved = _times(asked, priority, clock, draws)
    known_answer, known_end = answered < clock.end - 0.3, solved < clock.end - 0.3
    reopened = draws.counts(np.where(asked.of_release, 0.20, 0.06), asked.count)
    replies = 1 + draws.counts(np.where(asked.crowded, 1.9, 0.85), asked.count)
    closed = solved + draws.between(0.5, 4, asked.count)
    shut = closed < clock.end - 0.3
    product = np.where(asked.of_release, INSIGHTS, draws.pick(PRODUCT_SHARES, asked.count))
    category = draws.any_of(len(_CATEGORIES), asked.count)
    promised = np.array(_PROMISED)[priority]
    return {
        "id": ids("T", np.arange(asked.count)),
        "account_id": ids("A", customers.account[asked.customer]),
        "contact_id": ids("C", customers.account[asked.customer]),
        "owner_id": [agent_id(n) for n in draws.any_of(len(AGENTS), asked.count)],
        "product_id": ids("P", product),
        "category": [
            f"Release {RELEASE}" if new else _CATEGORIES[n]
            for n, new in zip(category, asked.of_release, strict=True)
        ],
        "priority": [_PRIORITIES[n] for n in priority],
        "channel": [_CHANNELS[n] for n in draws.pick((0.4, 0.35, 0.17, 0.08), asked.count)],
        "status": np.where(shut, "closed", np.where(known_end, "solved", "open")).tolist(),
        "is_complaint": draws.chance(np.where(asked.of_release, 0.13, 0.035), asked.count).tolist(),
        "created_at": clock.moments(asked.created),
        "first_response_at": clock.moments(where(known_answer, answered)),
        "resolved_at": clock.moments(where(known_end, solved)),
        "closed_at": clock.moments(where(shut, closed)),
        "reopened_count": np.where(known_end, reopened, 0),
        "agent_replies": np.where(known_answer, replies, 0),
        "sla_first_response_minutes": promised[:, 0],
        "sla_resolution_minutes": promised[:, 1],
        "satisfaction": _ratings(asked, known_end, draws),
    }


def _asked(customers: Customers, insights: Flags, stories: Stories, draws: Draws) -> _Asked:
    clock = stories.clock
    day = np.arange(int(clock.end))
    who, when, news = [], [], []
    calm = np.where(clock.weekend(day.astype(np.float64)), 0.14, 1.34)
    until = customers.until(clock.end)
    needy = draws.spread(0.9, 0.45, customers.count)
    for customer in range(customers.count):
        here = (day >= customers.start[customer]) & (day < until[customer])
        mean = _A_DAY * needy[customer] * calm * here
        usual = np.repeat(day, draws.counts(mean, len(day)))
        more = np.repeat(day, draws.counts(mean * _more(day, stories), len(day)))
        more = more if insights[customer] else more[:0]
        who.append(np.full(len(usual) + len(more), customer))
        when += [usual, more]
        news.append(np.arange(len(usual) + len(more)) >= len(usual))
    customer_, of_release = np.concatenate(who), np.concatenate(news)
    created = np.concatenate(when) + draws.between(6.3, 16.5, len(customer_)) / 24
    order = np.argsort(created, kind="stable")
    created = created[order]
    return _Asked(customer_[order], created, of_release[order], created >= stories.release + 1)


def _more(day: Ints, stories: Stories) -> Floats:
    """How many more tickets a customer with the release's product has on each day."""
    since = day - stories.release
    found = np.zeros(len(day))
    for start, end, factor in _AFTER_RELEASE:
        found[(since >= start) & (since < end)] = factor
    return found


def _times(asked: _Asked, priority: Ints, clock: Clock, draws: Draws) -> tuple[Floats, Floats]:
    """Return when each ticket is answered and when it is solved, also if that is still ahead."""
    fast = np.array(_FASTER)[priority]
    begins = clock.working(asked.created, draws)
    wait = draws.spread(0.75, 0.8, asked.count) * fast * np.where(asked.crowded, 3.6, 1.0)
    answered = np.maximum(clock.working(begins + wait / 24, draws), asked.created + 0.004)
    slow = np.where(asked.of_release, 4.6, np.where(asked.crowded, 2.1, 1.0))
    work = draws.spread(9.0, 0.9, asked.count) * fast * slow
    solved = np.maximum(clock.working(answered + work / 24, draws), answered + 0.006)
    return answered, solved


def _ratings(asked: _Asked, solved: Flags, draws: Draws) -> Floats:
    """Return what people said of the help, 1 to 5, where they said something."""
    said = solved & draws.chance(0.44, asked.count)
    good = draws.chance(
        np.where(asked.of_release, 0.52, np.where(asked.crowded, 0.76, 0.89)), asked.count
    )
    high = 4 + draws.chance(0.62, asked.count)
    low = 1 + draws.pick((0.25, 0.35, 0.4), asked.count)
    return where(said, np.where(good, high, low).astype(np.float64))
