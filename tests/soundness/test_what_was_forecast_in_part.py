"""Who forecasts by the quarter has promised a quarter of a year on its first day, and not a year.

An annual review read "Forecast accuracy 25 %, bias -75 %" of people whose quarters came within a
quarter of what they had promised each time.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Calendar, Grain
from kpi_engine.reading import Absence, State
from portal.services import numbers, refreshing, whole_forecasts
from portal.services.forecasting import Submission
from portal.services.numbers import TENANT
from portal.services.whole_forecasts import partly_promised
from portal.tenancy.keys import TenantKey
from tests.homes.company import STAGES
from tests.kpis.desk import a_deal, a_person, a_team
from tests.kpis.place import desk, workshop

__all__ = ["desk", "workshop"]

CALENDAR = Calendar()
ACCURACY, BIAS = KpiKey("forecast_accuracy"), KpiKey("forecast_bias")
NOW = datetime(2018, 2, 1, 12, tzinfo=UTC)
JANUARY = date(2017, 1, 1)
YEAR, Q1, Q2 = (
    CALENDAR.holding(JANUARY, Grain.YEAR),
    CALENDAR.holding(JANUARY, Grain.QUARTER),
    CALENDAR.holding(date(2017, 4, 1), Grain.QUARTER),
)


def said(start: str, grain: str, on: str, owner: str = "ann") -> Submission:
    moment = datetime.fromisoformat(on)
    return Submission(owner, date.fromisoformat(start), grain, Decimal(1), moment)


QUARTERS = [
    said(f"2017-{month:02}-01", "quarter", f"2017-{month:02}-01") for month in (1, 4, 7, 10)
]
AHEAD = [said(f"2017-{month:02}-01", "quarter", "2016-12-20") for month in (1, 4, 7, 10)]
MONTHS = [said(f"2017-{month:02}-01", "month", "2017-01-01") for month in (1, 2)]


@pytest.mark.parametrize(
    ("submissions", "lacking"),
    [
        ([], set()),
        (QUARTERS, {YEAR}),
        (AHEAD, set()),
        (AHEAD[:-1], {YEAR}),
        ([*QUARTERS, said("2017-01-01", "year", "2017-01-01")], set()),
        # Too late to be the year's forecast, and yet the grain that is theirs: they are left out.
        ([*AHEAD, said("2017-01-01", "year", "2017-01-09")], set()),
        (MONTHS, {YEAR, Q1}),
        ([*MONTHS, said("2017-03-01", "month", "2017-01-01")], {YEAR}),
        ([*AHEAD, said("2017-01-01", "month", "2017-01-01", "bob")], {YEAR, Q1}),
        ([said("2017-01-09", "quarter", "2017-01-09")], set()),
    ],
)
def test_a_period_is_whole_only_when_all_of_it_was_promised_at_its_start(submissions, lacking):
    assert partly_promised(submissions, CALENDAR, (YEAR, Q1, Q2)) == lacking


def test_it_is_asked_of_what_judges_forecasts_only():
    catalogue = shipped_catalogue()
    assert whole_forecasts.judging(catalogue, catalogue) == {ACCURACY, BIAS}


def _forecast(owner: str, month: int, amount: int) -> dict:
    start = f"2017-{month:02}-01"
    told = {"period_start_on": start, "period_grain": "quarter", "submitted_at": start}
    return {"id": f"{owner}{month}", "owner_id": owner, "amount": amount, **told}


@pytest.fixture
def company(desk, workshop):
    """Make Ann's company of some won deals of 80 and some forecasts, as it is at a moment."""

    def made(days: Sequence[str], forecasts: Sequence[dict], now: datetime) -> TenantKey:
        tenant = desk.tenant("--currency", "EUR")
        tables = {
            "team": [a_team("north")],
            "user": [a_person("ann", "north")],
            "opportunity": [a_deal(f"d{day}", "ann", "Won", 80, day) for day in days],
            "forecast": list(forecasts),
        }
        desk.bring(tenant, tables, "--as-of", f"{now:%Y-%m-%d}T10:00:00Z", stages=STAGES)
        refreshing.refresh(workshop, TenantKey(tenant), now, back=15)
        return TenantKey(tenant)

    return made


def test_pages_tell_the_quarters_and_no_year(database, company):
    months = (1, 4, 7, 10)
    promised = [_forecast("ann", month, 100) for month in months]
    tenant = company([f"2017-{month:02}-20" for month in months], promised, NOW)
    with database.session(tenant) as session:
        last = CALENDAR.holding(date(2017, 10, 1), Grain.QUARTER)
        keys = (ACCURACY, BIAS)
        by_quarter = numbers.series(session, CALENDAR, keys, Grain.QUARTER, TENANT, last, 4)
        (year,) = numbers.series(session, CALENDAR, (BIAS,), Grain.YEAR, TENANT, YEAR, 1)[BIAS]
    assert [one.reading.value for one in by_quarter[ACCURACY]] == pytest.approx([0.75] * 4)
    assert [one.reading.value for one in by_quarter[BIAS]] == pytest.approx([0.25] * 4)
    assert (year.reading.value, year.reading.state) == (None, State.ABSENT)
    assert year.reading.reason == Absence.PROMISED_IN_PART.value


EARLY = datetime(2018, 1, 3, 12, tzinfo=UTC)
IN_2018 = {"id": "ann18", "period_start_on": "2018-01-01", "submitted_at": "2018-01-01"}


def test_pages_hold_no_forecast_of_a_quarter_against_what_is_won_so_far(database, company):
    """On its second day a bias read 300 % over: three quarters' worth was still to be won."""
    promised = [_forecast("ann", 10, 100), {**_forecast("ann", 1, 320), **IN_2018}]
    tenant = company(["2017-10-02", "2018-01-02"], promised, EARLY)
    with database.session(tenant) as session:
        last = CALENDAR.holding(date(2018, 1, 1), Grain.QUARTER)
        keys = (ACCURACY, BIAS)
        told = numbers.series(session, CALENDAR, keys, Grain.QUARTER, TENANT, last, 2)
    for key, value in ((ACCURACY, 0.75), (BIAS, 0.25)):
        ended, runs = (one.reading for one in told[key])
        assert ended.value == pytest.approx(value)
        assert (runs.value, runs.reason) == (None, Absence.FORECAST_RUNS.value)
