"""Maven's pipeline gives the figures that its CSV files give when they are counted line by line."""

import csv
from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median

import pytest

DATA = Path(__file__).parents[3] / "shared" / "data" / "maven_crm"
SOURCE = Path(__file__).parents[1] / "sources" / "maven.yaml"
QUARTERS = [date(2016, 10, 1), date(2017, 1, 1), date(2017, 4, 1), date(2017, 7, 1)]
QUARTERS += [date(2017, 10, 1), date(2018, 1, 1)]
WHOLE = ("--grain", "year", "--from", "2017-01-01", "--to", "2018-01-01", "--today", "2018-02-01")
BY_QUARTER = ("--grain", "quarter", "--from", "2016-10-01", "--to", "2018-01-01")
BY_QUARTER += ("--today", "2018-02-01")
SPLITS = {"team": "manager", "owner": "sales_agent", "product": "product"}

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="Maven's files are not beside the repo")


@pytest.fixture(scope="module")
def maven(desk):
    """A tenant with Maven's pipeline."""
    tenant = desk.tenant()
    report = desk.json("import", "--tenant", tenant, SOURCE, "--data", DATA)
    # Nothing is lost to the pipeline's "GTXPro", which the products call "GTX Pro".
    assert (report["rejected_rows"], report["unknown_references"]) == (0, [])
    assert report["entities"]["opportunity"]["inserted"] == 8800
    return tenant


@pytest.fixture(scope="module")
def deals():
    """The deals as the files tell them, with the agent's manager."""
    with (DATA / "sales_teams.csv").open() as file:
        managers = {row["sales_agent"]: row["manager"] for row in csv.DictReader(file)}
    with (DATA / "sales_pipeline.csv").open() as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["manager"] = managers[row["sales_agent"]]
        row["product"] = row["product"].replace("GTXPro", "GTX Pro")
        for name in ("engage_date", "close_date"):
            row[name] = date.fromisoformat(row[name]) if row[name] else None
    return rows


def asked(desk, tenant, kpi, *words):
    """Return the value of each period and group."""
    rows = desk.values(tenant, "--kpi", kpi, *words)
    return {(row["period"], *row["by"].values()): row["value"] for row in rows}


def quarter_of(day):
    """Return the label of the quarter that holds a day."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def closed(deals, *stages):
    """Yield the deals that closed in one of the stages, each with its quarter."""
    return ((quarter_of(row["close_date"]), row) for row in deals if row["deal_stage"] in stages)


def by_group(deals, column, stages, made):
    """Return what `made` makes of the deals of each quarter and group."""
    found = defaultdict(list)
    for quarter, row in closed(deals, *stages):
        found[quarter, row[column]].append(row)
    return {place: made(rows) for place, rows in found.items()}


def test_the_figures_of_the_year(desk, maven):
    def of(kpi):
        (value,) = asked(desk, maven, kpi, *WHOLE).values()
        return value

    assert round(of("win_rate"), 4) == 0.6315
    assert of("won_revenue") == 10_005_534
    assert round(of("average_deal_size"), 2) == 2360.91
    assert round(of("sales_cycle_mean_days"), 1) == 51.8
    assert of("sales_cycle_days") == 57


def test_the_win_rate_of_each_quarter(desk, maven):
    found = asked(desk, maven, "win_rate", *BY_QUARTER)
    assert [value and round(value, 3) for value in found.values()] == [
        None,
        0.821,
        0.617,
        0.614,
        0.603,
    ]


def test_the_open_deals_at_each_quarters_end_and_those_without_a_date(desk, maven):
    rows = desk.values(maven, "--kpi", "open_opportunities", *BY_QUARTER)
    assert [row["value"] for row in rows] == [358, 1330, 1686, 2409, 1589]
    assert {row["beside"]["undated"] for row in rows} == {500}


@pytest.mark.parametrize(("dimension", "column"), list(SPLITS.items()))
def test_every_group_has_its_own_win_rate(desk, maven, deals, dimension, column):
    found = asked(desk, maven, "win_rate", *BY_QUARTER, "--by", dimension)
    counted = by_group(
        deals,
        column,
        ("Won", "Lost"),
        lambda rows: sum(row["deal_stage"] == "Won" for row in rows) / len(rows),
    )
    assert {place: value for place, value in found.items() if value is not None} == counted


@pytest.mark.parametrize(("dimension", "column"), list(SPLITS.items()))
@pytest.mark.parametrize(
    ("kpi", "made"),
    [
        ("won_revenue", lambda rows: sum(int(row["close_value"]) for row in rows)),
        ("won_deals", len),
        ("average_deal_size", lambda rows: fmean(int(row["close_value"]) for row in rows)),
        ("sales_cycle_mean_days", lambda rows: fmean(map(cycle, rows))),
        ("sales_cycle_days", lambda rows: median(map(cycle, rows))),
    ],
)
def test_every_group_has_its_own_won_deals(desk, maven, deals, dimension, column, kpi, made):
    found = asked(desk, maven, kpi, *BY_QUARTER, "--by", dimension)
    counted = by_group(deals, column, ("Won",), made)
    told = {place: value for place, value in found.items() if value is not None}
    assert told == pytest.approx(counted)


def cycle(row):
    """Return the days from engagement to close."""
    return (row["close_date"] - row["engage_date"]).days


@pytest.mark.parametrize(("dimension", "column"), list(SPLITS.items()))
def test_every_group_has_its_own_open_deals(desk, maven, deals, dimension, column):
    found = asked(desk, maven, "open_opportunities", *BY_QUARTER, "--by", dimension)
    counted = Counter()
    for start, end in pairwise(QUARTERS):
        for row in deals:
            begun = row["engage_date"] is not None and row["engage_date"] < end
            if begun and (row["close_date"] is None or row["close_date"] >= end):
                counted[quarter_of(start), row[column]] += 1
    assert {place: value for place, value in found.items() if value} == counted


def test_groups_add_up_to_the_whole(desk, maven):
    whole = asked(desk, maven, "won_revenue", *BY_QUARTER)
    for dimension in SPLITS:
        parts = Counter()
        for (period, _), value in asked(
            desk, maven, "won_revenue", *BY_QUARTER, "--by", dimension
        ).items():
            parts[period,] += value or 0
        assert {place: value or None for place, value in parts.items()} == whole
