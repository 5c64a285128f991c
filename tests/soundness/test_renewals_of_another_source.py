"""Contracts and use told by another source than the accounts are those accounts' all the same."""

from datetime import date

import pytest

from portal.services.deal_book import EVERYBODY, Whose
from portal.services.engines import open_engine
from portal.services.renewals_due import Due, read
from portal.tenancy.keys import TenantKey
from tests.kpis.desk import a_person
from tests.kpis.place import desk, workshop

__all__ = ["desk", "workshop"]

START, END = date(2017, 6, 1), date(2017, 8, 30)
CRM = {
    "user": [a_person("ann", "north")],
    "account": [
        {"id": "a1", "name": "Acme", "owner_id": "ann"},
        {"id": "a2", "name": "Boll", "owner_id": "bob"},
    ],
}
BILLING = {
    "renewal": [
        {"id": "r1", "account_id": "a1", "due_on": "2017-06-20", "amount_due": 900},
        {"id": "r2", "account_id": "nobody", "due_on": "2017-06-21", "amount_due": 50},
    ]
}
USE = {
    "usage": [
        {"id": f"u{day}", "account_id": "a1", "occurred_on": f"2017-05-{day}", "events": 1}
        for day in (10, 11, 30)
    ],
    "ticket": [
        {"id": "t1", "account_id": "a1", "created_at": "2017-05-31 20:00:00"},
        {"id": "t2", "account_id": "a1", "created_at": "2017-06-01 03:00:00"},
        {"id": "t3", "account_id": "a1", "created_at": "2017-06-01 05:00:00"},
    ],
}


@pytest.fixture
def opened(desk, workshop):
    tenant = desk.tenant("--timezone", "America/New_York")
    desk.bring(tenant, CRM)
    desk.bring(tenant, BILLING, source="billing")
    desk.bring(tenant, USE, source="product")
    with open_engine(workshop, TenantKey(tenant)) as found:
        yield found


def test_what_billing_says_is_listed_under_the_account(opened):
    """No renewal of another source was listed, and its use read as "not in use"."""
    first, second = read(opened, EVERYBODY, START, END)
    assert first == Due("Acme", "Ann", date(2017, 6, 20), 900.0, 3, 0, 2)
    assert (second.account, second.owner, second.used) == ("nobody", None, 0)


def test_a_rep_is_told_of_their_accounts(opened):
    (own,) = read(opened, Whose(frozenset({"crm\x1fann"})), START, END)
    assert own.account == "Acme"


def test_a_day_begins_where_the_company_is(opened):
    """Tickets of the evening before, west of Greenwich, were not counted as open."""
    assert read(opened, EVERYBODY, START, END)[0].tickets == 2
