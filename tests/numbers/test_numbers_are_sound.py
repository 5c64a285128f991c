"""What pages read is what the engine answers: each to its owner, each period no longer than told."""

from datetime import date

import pytest

from kpi_engine.elapsed import elapsed
from kpi_engine.periods import Calendar, Grain
from portal.models.observations import ScopeKind
from portal.models.open_readings import Compare, OpenReading
from portal.services import numbers
from portal.services.numbers import TENANT
from tests.numbers.places import owner, team

TODAY = date(2017, 4, 12)
FLOWS = ("won_revenue", "won_deals", "lost_deals", "pipeline_created")
STOCKS = ("pipeline_value", "open_opportunities", "weighted_pipeline")
PEOPLE = ("ann", "bob", "cid")


def _same(one, other):
    return one == other or (
        one is not None and other is not None and one == pytest.approx(other, rel=1e-9)
    )


@pytest.mark.parametrize("grain", [Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR])
def test_an_elapsed_part_of_a_flow_is_the_sum_of_its_days(desk, company, session, calendar, grain):
    told = numbers.to_date(session, calendar, FLOWS, grain, TENANT, TODAY)
    for kpi in FLOWS:
        found = told[kpi]
        for reading, (start, end) in (
            (found.previous, found.previous_days),
            (found.last_year, found.last_year_days),
        ):
            if found.so_far.value is None and found.so_far.n == 0:
                continue
            days = desk.values(
                company,
                "--kpi",
                kpi,
                "--grain",
                "day",
                "--from",
                start,
                "--to",
                end,
                "--today",
                TODAY,
            )
            assert _same(reading.value or 0, sum(row["value"] or 0 for row in days)), (kpi, start)


@pytest.mark.parametrize("grain", [Grain.MONTH, Grain.QUARTER])
def test_an_elapsed_part_of_a_stock_is_what_stood_on_its_last_day(
    desk, company, session, calendar, grain
):
    told = numbers.to_date(session, calendar, STOCKS, grain, TENANT, TODAY)
    for kpi in STOCKS:
        found = told[kpi]
        last = calendar.shift(found.previous_days[1], Grain.DAY, -1)
        (row,) = desk.values(
            company,
            "--kpi",
            kpi,
            "--grain",
            "day",
            "--from",
            last,
            "--to",
            found.previous_days[1],
            "--today",
            last,
        )
        assert _same(found.previous.value, row["value"]), kpi


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("grain", ["month", "quarter"])
def test_a_persons_numbers_are_theirs_and_nobody_elses(
    desk, company, session, calendar, who, grain
):
    keys = _told(session, who)
    last = calendar.holding(TODAY, Grain(grain))
    found = numbers.series(session, calendar, keys, Grain(grain), owner(who), last, 5)
    first = found[keys[0]][0].period.start
    asked = [word for key in keys for word in ("--kpi", key)]
    rows = desk.values(
        company,
        *asked,
        "--grain",
        grain,
        "--owner",
        who,
        "--from",
        first,
        "--to",
        last.end,
        "--today",
        TODAY,
    )
    theirs = {(row["kpi"], row["start"]): row["value"] for row in rows}
    for kpi, points in found.items():
        for point in points:
            expected = theirs[kpi, point.period.start.isoformat()]
            assert _same(point.reading.value, expected), (kpi, point.period.label)


def test_a_teams_numbers_are_those_of_the_people_below_it(desk, company, session, calendar):
    march = calendar.holding(date(2017, 3, 1), Grain.MONTH)
    keys = _told(session, "ann")
    found = numbers.series(session, calendar, keys, Grain.MONTH, team("north"), march, 3)
    asked = [word for key in keys for word in ("--kpi", key)]
    rows = desk.values(
        company,
        *asked,
        "--team",
        "north",
        "--from",
        "2017-01-01",
        "--to",
        "2017-04-01",
        "--today",
        TODAY,
    )
    theirs = {(row["kpi"], row["start"]): row["value"] for row in rows}
    for kpi, points in found.items():
        for point in points:
            assert _same(point.reading.value, theirs[kpi, point.period.start.isoformat()]), kpi


def test_no_open_reading_reaches_past_the_day_it_was_read_on(session):
    for row in session.query(OpenReading).all():
        if row.compare == Compare.SO_FAR:
            assert row.period_start <= row.read_on < row.period_end
            assert row.state != "final"
        else:
            assert row.period_end <= row.read_on


def test_nobodys_records_are_in_the_tenants_number_and_in_no_persons(session, calendar):
    march = calendar.holding(date(2017, 3, 1), Grain.MONTH)
    (whole,) = numbers.series(session, calendar, ["won_revenue"], Grain.MONTH, TENANT, march, 1)[
        "won_revenue"
    ]
    people = numbers.across(session, calendar, ["won_revenue"], march, ScopeKind.OWNER)[
        "won_revenue"
    ]
    assert sum(point.reading.value or 0 for point in people.values()) == whole.reading.value


def test_a_cut_calendar_ends_every_grain_on_the_same_day():
    whole, until = Calendar("Europe/Paris"), date(2017, 2, 20)
    cut = elapsed(whole, until)
    for grain in Grain:
        found = cut.periods(grain, date(2017, 1, 1), date(2017, 6, 1))
        assert found[-1].end == until
        assert [one.start for one in found] == [
            one.start for one in whole.periods(grain, date(2017, 1, 1), until)
        ]
        assert found[:-1] == whole.periods(grain, date(2017, 1, 1), until)[:-1]


def _told(session, who):
    """The KPIs that a person has an open number of."""
    rows = session.query(OpenReading).filter_by(
        scope_id=f"crm\x1f{who}", grain="month", compare="so_far"
    )
    return sorted(row.kpi for row in rows)
