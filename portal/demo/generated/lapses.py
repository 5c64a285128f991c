"""What people forgot to write down: a few gaps, so that pages tell how far numbers could move."""

import numpy as np

from portal.demo.generated.clock import Clock
from portal.demo.generated.draws import Draws
from portal.demo.generated.people import SELLERS, UKI, seller_id
from portal.demo.generated.stages import LOST
from portal.demo.generated.tables import Table

PHONE = "phone"
LOST_WITHOUT_A_DAY = 4
"""Lost deals of one region, of the last full months, of which nobody said when they were lost."""
_A_REGION = len(SELLERS) // 4
_RECENT_MONTHS = 3


def without_a_day(deals: Table, clock: Clock) -> Table:
    """Return deals of which some lost ones of the UK and Ireland lack the day that they closed.

    Only lost ones: a won one would take its revenue with it.
    """
    sellers = {seller_id(number) for number in range(UKI * _A_REGION, (UKI + 1) * _A_REGION)}
    since, until = clock.moments(np.array([clock.month(-_RECENT_MONTHS), clock.month(0)]))
    closed = deals["closed_at"]
    lost = np.array(
        [
            stage == LOST and owner in sellers
            for stage, owner in zip(deals["stage"], deals["owner_id"], strict=True)
        ]
    )
    recent = np.flatnonzero(lost & (closed >= since) & (closed < until))
    closed = closed.copy()
    closed[Draws("lapses").some_of(recent, LOST_WITHOUT_A_DAY)] = np.datetime64("NaT")
    return {**deals, "closed_at": closed}


def without_replies(tickets: Table, clock: Clock) -> Table:
    """Return tickets of which those by phone lack their replies since the line moved.

    It moved when the last full months began; the new one does not count what is said.
    """
    (since,) = clock.moments(np.array([clock.month(-_RECENT_MONTHS)]))
    spoken = np.array([channel == PHONE for channel in tickets["channel"]])
    lacks = spoken & (tickets["created_at"] >= since)
    return {**tickets, "agent_replies": np.where(lacks, np.nan, tickets["agent_replies"])}
