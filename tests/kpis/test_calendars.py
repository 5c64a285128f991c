"""Periods are cut by the tenant's own calendar: zone, fiscal year and week."""

import pytest

from tests.kpis.desk import a_deal


def periods(desk, tenant, grain, start, end):
    """Return the label and the won amount of each period that has one."""
    words = ("--kpi", "won_revenue", "--grain", grain, "--from", start, "--to", end)
    rows = desk.values(tenant, *words, "--today", "2019-01-01")
    return {row["period"]: row["value"] for row in rows if row["value"] is not None}


@pytest.fixture(scope="module")
def paris(desk):
    """A tenant whose fiscal year begins in April, and its week on Sunday."""
    words = ("--timezone", "Europe/Paris", "--fiscal-start", "4", "--week-start", "sunday")
    tenant = desk.tenant(*words)
    desk.bring(
        tenant,
        {
            "opportunity": [
                # Paris is an hour ahead in winter, two in summer: 1 and 10 are March there,
                # 100 and 1000 April.
                a_deal("a", amount=1, closed="2017-02-28 23:00:00"),
                a_deal("b", amount=10, closed="2017-03-31 21:59:59"),
                a_deal("c", amount=100, closed="2017-03-31 22:00:00"),
                a_deal("d", amount=1000, closed="2017-04-30 21:59:59"),
            ]
        },
    )
    return tenant


def test_a_day_begins_at_midnight_where_the_tenant_is(desk, paris):
    assert periods(desk, paris, "month", "2017-02-01", "2017-06-01") == {
        "2017-03": 11,
        "2017-04": 1100,
    }
    assert periods(desk, paris, "day", "2017-03-01", "2017-05-01") == {
        "2017-03-01": 1,
        "2017-03-31": 10,
        "2017-04-01": 100,
        "2017-04-30": 1000,
    }


def test_a_fiscal_year_is_named_by_the_year_it_ends_in(desk, paris):
    assert periods(desk, paris, "quarter", "2017-01-01", "2017-07-01") == {
        "FY2017-Q4": 11,
        "FY2018-Q1": 1100,
    }
    assert periods(desk, paris, "year", "2017-01-01", "2017-07-01") == {
        "FY2017": 11,
        "FY2018": 1100,
    }


def test_a_week_begins_on_the_tenants_day(desk, paris):
    # 1 March 2017 is a Wednesday, 31 March a Friday, 30 April a Sunday: a week of its own.
    assert periods(desk, paris, "week", "2017-02-26", "2017-05-07") == {
        "2017-W09": 1,
        "2017-W13": 110,
        "2017-W18": 1000,
    }


def test_a_day_is_known_up_to_its_end_where_the_tenant_is(desk):
    tenant = desk.tenant("--timezone", "Pacific/Auckland")
    # 11 o'clock in the morning of 30 April in London is 11 o'clock in the evening in Auckland.
    desk.bring(tenant, {"opportunity": [a_deal("a", amount=1)]}, "--as-of", "2017-04-30T11:00:00Z")
    desk.bring(tenant, {"opportunity": [a_deal("b", amount=10)]}, "--as-of", "2017-04-30T13:00:00Z")
    year = ("--kpi", "won_revenue", "--grain", "year", "--from", "2017-01-01", "--to", "2018-01-01")
    (row,) = desk.values(tenant, *year, "--known-at", "2017-04-30")
    assert (row["value"], row["known_at"], row["version"]) == (1, "2017-04-30T11:59:59.999999Z", 1)
    (row,) = desk.values(tenant, *year, "--known-at", "2017-05-01")
    assert (row["value"], row["version"]) == (11, 2)
