"""What comes later changes nothing of how a customer was: health is told from what there was then.

An account whose use began to be recorded in July had "0 days of use" in June, and tickets that
nobody recorded before July were "none": the health of all customers jumped from 43 to 89 in the
month in which records begin, and a third of the revenue was at risk before it.
"""

from datetime import date, datetime

import pytest

from tests.soundness import golden_crms as crms
from tests.soundness.test_golden_vectors import of_june, readings

LATER = datetime.fromisoformat("2017-07-10 12:00")
RATED = {"id": "n", "account_id": "1", "created_at": LATER, "satisfaction": 1}


def customer(**more) -> crms.Crm:
    """A customer since January of whom is known what is told, besides a renewal in June."""
    known = {
        "account": [{"id": "1", "name": "One"}],
        "subscription": [crms.subscription(1, 1, 100)],
    }
    renewed = {"due_on": date(2017, 6, 1), "decided_on": date(2017, 6, 1), "outcome": "renewed"}
    return {**known, "renewal": [{"id": "1", "account_id": "1", **renewed}], **more}


def used(*days: date):
    return [{"id": str(at), "account_id": "1", "occurred_on": day} for at, day in enumerate(days)]


@pytest.mark.parametrize(
    "later",
    [
        {"usage": used(date(2017, 7, 3))},
        {"ticket": [RATED]},
        {"usage": used(date(2017, 7, 3)), "ticket": [RATED, {**RATED, "account_id": "2"}]},
        {"activity": [{"id": "a", "kind": "call", "account_id": "1", "created_at": LATER}]},
    ],
)
def test_june_is_the_same_whatever_july_brings(later):
    plain, told = (
        of_june(customer(), "customer_health"),
        of_june(customer(**later), "customer_health"),
    )
    assert (told.value, told.beside) == (plain.value, plain.beside)
    assert told.value == pytest.approx(100)


def test_from_its_first_use_on_an_account_that_stops_has_none():
    reading = of_june(customer(usage=used(date(2017, 4, 2))), "customer_health")
    assert reading.value == pytest.approx(3 * 100 / 10)


def test_once_anybody_had_a_ticket_an_account_without_any_has_none():
    early = {"id": "n", "account_id": "2", "created_at": datetime.fromisoformat("2017-02-01 09:00")}
    (coverage,) = of_june(customer(ticket=[early]), "customer_health").beside
    assert coverage == ("coverage", pytest.approx((3 + 5) / 28))


def test_each_of_several_periods_knows_its_own_past():
    crm = customer(usage=used(date(2017, 7, 3)))
    days = (date(2017, 5, 1), date(2017, 9, 1))
    found = [one.value for one in readings(crm, "customer_health", days=days).values()]
    # In July one day of 12; in August none any more.
    assert found[1:] == pytest.approx([100, (7 * 100 / 12 + 300) / 10, 300 / 10])
