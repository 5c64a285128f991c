"""A number is the same whether its period is asked alone, among others, or beside other grains."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kpi_engine.periods import Grain
from tests.soundness.asking import LATER, Asking, at, made, on

ALONE = (on("2017-03-01"), on("2017-04-01"))
AMONG = (on("2016-06-01"), on("2017-06-01"))
MARCH = "2017-03"


@pytest.mark.parametrize("last", ["2017-03-20", "2016-12-02", "2016-12-01", "2016-11-30", None])
def test_the_last_contact_counts_however_long_ago(last: str | None):
    """Older contacts than the score looks at are only known to be there: never, if forgotten."""
    asked = Asking("customer_health", days=ALONE)
    crm = {
        "account": [made(1, name="A"), made(2, name="B")],
        "subscription": [
            made(1, account_id="1", started_on=on("2016-01-01"), mrr=100),
            made(2, account_id="2", started_on=on("2016-01-01"), mrr=100),
        ],
        "ticket": [made(1, account_id="2", created_at=at("2017-03-05"))],
        "activity": [made(2, kind="call", account_id="2", created_at=at("2017-03-30 12:00"))],
    }
    if last:
        moment = at(last) + timedelta(hours=23)
        crm["activity"].append(made(1, kind="call", account_id="1", created_at=moment))
    alone = asked.values(**crm)
    assert alone[MARCH] is not None
    assert replace(asked, days=AMONG).values(**crm)[MARCH] == pytest.approx(alone[MARCH], abs=1e-9)


def test_a_date_that_stands_in_for_another_does_so_in_short_and_long_questions():
    """A call counts when it was completed, else when it was made, and once."""
    crm = {
        "activity": [
            made(1, kind="call", created_at=at("2017-02-01"), completed_at=at("2017-03-02")),
            made(2, kind="call", created_at=at("2017-03-03")),
            made(3, kind="call", created_at=at("2017-03-04"), completed_at=at("2017-04-01")),
            made(4, kind="call", created_at=at("2017-03-05"), completed_at=at("2017-03-06")),
        ]
    }
    asked = Asking("calls_made", days=ALONE, today=LATER)
    assert asked.values(**crm) == {MARCH: 3}
    assert replace(asked, days=AMONG).values(**crm)[MARCH] == 3
    assert replace(asked, grain=Grain.QUARTER).values(**crm) == {"2017-Q1": 3}
