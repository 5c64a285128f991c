"""The KPIs of the made-up company: nearly all have a number, plausible, and they tell its stories."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.engines.duckdb import open_duckdb
from kpi_engine.engines.runner import Runner
from kpi_engine.store.store import Store
from portal.demo.companies import KESTREL
from portal.demo.making import make
from portal.services.engines import Workshop
from portal.services.kpis import Wanted, values
from portal.services.office import Office
from portal.tenancy.database import Database

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
Asks = Callable[..., dict[tuple, list[float | None]]]


@pytest.fixture(scope="module")
def asks(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Asks:
    """Ask KPIs of the company: KPI and groups to the values period by period."""
    home = tmp_path_factory.mktemp("kestrel")
    store = Store(str(home / "facts"), home / "cache")
    make(Office(database, store, home, lambda: NOW), KESTREL)

    @contextmanager
    def runner(opened: Store) -> Iterator[Runner]:
        with open_duckdb(opened, home / "spill") as made:
            yield made

    def ask(
        kpis: tuple[str, ...], grain: str, start: date, end: date, by: tuple[str, ...] = ()
    ) -> dict[tuple, list[float | None]]:
        told = values(
            Workshop(database, store, runner), KESTREL.key, Wanted(kpis, grain, start, end, by), NOW
        )
        found: dict[tuple, list[float | None]] = {}
        for row in told.rows():
            key = (row["kpi"], *row["by"].values())
            found.setdefault(key, []).append(row["value"])
        return found

    return ask


def test_every_kpi_of_the_catalogue_has_a_number(asks: Asks):
    found = asks(tuple(shipped_catalogue()), "quarter", date(2025, 1, 1), date(2027, 1, 1))
    without = {key[0] for key, told in found.items() if all(value is None for value in told)}
    assert without == set()


@pytest.mark.parametrize(
    ("kpi", "low", "high"),
    [
        ("win_rate", 0.2, 0.3),
        ("sales_cycle_days", 40, 70),
        ("net_revenue_retention", 1.0, 1.12),
        ("gross_revenue_retention", 0.84, 0.96),
        ("customer_churn_rate", 0.05, 0.15),
        ("quota_attainment", 0.8, 1.2),
        ("csat", 0.8, 0.95),
        ("qualification_rate", 0.3, 0.45),
        ("lead_response_hours", 1, 6),
        ("email_bounce_rate", 0.01, 0.05),
        ("onboarding_completion_rate", 0.7, 0.95),
        ("follow_up_on_time_rate", 0.75, 0.95),
        ("lead_scoring_auc", 0.65, 0.95),
    ],
)
def test_a_year_looks_like_one_of_a_real_company(asks: Asks, kpi: str, low: float, high: float):
    (value,) = asks((kpi,), "year", date(2025, 1, 1), date(2026, 1, 1))[(kpi,)]
    assert value is not None
    assert low < value < high


def test_the_call_push_shows_in_activity_and_in_what_it_is_worth(asks: Asks):
    kpis = ("calls_made", "meetings_held")
    found = asks(kpis, "month", date(2026, 4, 1), date(2026, 11, 1), ("team",))
    calls, met = (found[kpi, "Nordics"] for kpi in kpis)
    usual = sum(calls[:5]) / 5
    assert calls[-1] > 1.3 * usual
    assert met[-1] / calls[-1] < 0.75 * sum(met[:5]) / sum(calls[:5])


def test_the_bad_campaign_shows_by_lead_source(asks: Asks):
    found = asks(
        ("qualification_rate",), "month", date(2026, 9, 1), date(2026, 10, 1), ("lead_source",)
    )
    rates = {key[1]: told[0] for key, told in found.items()}
    assert min(rates, key=rates.__getitem__) == "Content syndication"
    assert rates["Content syndication"] < 0.1


def test_slipped_deals_have_doubled_in_the_south(asks: Asks):
    found = asks(("slipped_deals",), "quarter", date(2025, 10, 1), date(2027, 1, 1), ("team",))
    *before, now = found["slipped_deals", "South"]
    assert now > 1.7 * sum(before) / len(before)


def test_the_hidden_gem_wins_more_than_anybody(asks: Asks):
    found = asks(("win_rate", "new_leads"), "year", date(2026, 1, 1), date(2027, 1, 1), ("owner",))
    rates = {key[1]: told[0] for key, told in found.items() if key[0] == "win_rate"}
    leads = {key[1]: told[0] for key, told in found.items() if key[0] == "new_leads"}
    assert max(rates, key=rates.__getitem__) == "Noor Haddad"
    assert min(leads, key=leads.__getitem__) == "Noor Haddad"


def test_the_release_shows_in_service_and_in_revenue_at_risk(asks: Asks):
    kpis = ("resolution_hours", "csat", "tickets_created", "at_risk_revenue")
    found = asks(kpis, "week", date(2026, 9, 7), date(2026, 11, 16))
    hours, content, tickets, risk = (found[(kpi,)] for kpi in kpis)
    assert min(hours[-3:]) > 2 * max(hours[:4])
    assert max(content[-3:]) < min(content[:4])
    assert min(tickets[-3:]) > 1.5 * max(tickets[:4])
    assert risk[-1] > 3 * risk[0]


def test_the_forecast_of_one_region_is_too_high_each_quarter(asks: Asks):
    found = asks(("forecast_bias",), "quarter", date(2025, 10, 1), date(2026, 10, 1), ("team",))
    assert min(found["forecast_bias", "UK & Ireland"]) > 0.14
    for region in ("DACH", "Nordics", "South"):
        assert max(abs(value) for value in found["forecast_bias", region]) < 0.1


def test_its_files_are_made_once(tmp_path: Path):
    made = KESTREL.source(tmp_path, date(2026, 11, 22))
    before = made.stat().st_mtime_ns
    assert KESTREL.source(tmp_path, date(2027, 11, 22)) == made
    assert made.stat().st_mtime_ns == before
    assert {file.suffix for file in made.parent.iterdir()} == {".csv", ".yaml"}
