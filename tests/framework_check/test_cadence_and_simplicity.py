"""How often counts bear to be read, and how much of a KPI a reader must hold together."""

import pytest

from kpi_engine.definitions.catalogue import Catalogue, shipped_catalogue
from kpi_engine.definitions.kinds import Aggregate, Ratio, Stock
from kpi_engine.definitions.takes import Take
from kpi_engine.framework.cadence import Z80, advised, bearings
from kpi_engine.framework.described import Aim, Usual
from kpi_engine.framework.simplicity import simplicity
from kpi_engine.periods import Grain
from kpi_engine.statistics.intervals import wilson
from kpi_engine.units import Unit
from tests.framework_check.sound import a_kpi

LEADS = Aggregate(entity="lead", take=Take.COUNT)
NOTHING = Catalogue(())


def _share(*usual, aim=None):
    kpi = a_kpi("rate", measure=Ratio(LEADS, LEADS), unit=Unit.RATIO, cadence=Grain.WEEK)
    return bearings(kpi, usual, aim, NOTHING)


def test_the_shortest_grain_is_advised_whose_interval_is_narrower_than_the_gap():
    aim = Aim(0.60, Grain.MONTH, 0.54)
    found = _share(
        Usual(Grain.WEEK, 0.5, 14),
        Usual(Grain.MONTH, 0.5, 60),
        Usual(Grain.QUARTER, 0.5, 180),
        aim=aim,
    )
    assert [one.bears for one in found] == [False, True, True]
    assert advised(found, Grain.WEEK).usual.grain is Grain.MONTH


def test_the_spread_of_a_share_is_half_of_wilsons_interval():
    week = _share(Usual(Grain.WEEK, 0.5, 14))[0]
    assert week.spread == pytest.approx(wilson(7, 14, Z80).width / 2)


def test_the_gap_is_the_farthest_of_target_and_red_and_never_under_five_points():
    assert _share(Usual(Grain.WEEK, 0.5, 14), aim=Aim(0.8, Grain.MONTH))[0].gap == pytest.approx(
        0.3
    )
    assert _share(Usual(Grain.WEEK, 0.5, 14), aim=Aim(0.5, Grain.MONTH, 0.3))[0].gap == (
        pytest.approx(0.2)
    )
    assert _share(Usual(Grain.WEEK, 0.5, 14), aim=Aim(0.5, Grain.MONTH))[0].gap == 0.05


def test_a_small_share_is_asked_for_a_quarter_of_itself_and_not_for_five_points():
    assert _share(Usual(Grain.MONTH, 0.02, 400))[0].gap == pytest.approx(0.005)


def test_leads_by_week_mean_something_and_by_hour_they_would_not():
    kpi = a_kpi("leads", measure=LEADS, unit=Unit.COUNT, cadence=Grain.DAY)
    few, many = Usual(Grain.DAY, 8, 8), Usual(Grain.WEEK, 56, 56)
    found = bearings(kpi, (few, many), None, NOTHING)
    assert [one.bears for one in found] == [False, True]


def test_a_target_of_a_month_is_not_held_against_a_weeks_count():
    kpi = a_kpi("leads", measure=LEADS, unit=Unit.COUNT, cadence=Grain.WEEK)
    week = bearings(kpi, (Usual(Grain.WEEK, 56, 56),), Aim(240, Grain.MONTH), NOTHING)[0]
    assert week.gap == 14


def test_of_stocks_and_durations_nothing_is_said():
    where = LEADS.where
    stock = Stock(entity="deal", take=Take.COUNT, opened=where, closed=where)
    open_deals = a_kpi("open", measure=stock, unit=Unit.COUNT)
    days = a_kpi("days")
    for kpi in (open_deals, days):
        assert bearings(kpi, (Usual(Grain.MONTH, 5, 5),), None, NOTHING) == ()


def test_where_no_grain_bears_none_is_advised():
    assert (
        advised(_share(Usual(Grain.WEEK, 0.5, 3), Usual(Grain.MONTH, 0.5, 9)), Grain.WEEK) is None
    )


@pytest.mark.parametrize(
    ("key", "inputs", "ratios", "index"),
    [
        ("calls_made", 1, 0, 1),
        ("win_rate", 2, 1, 2),
        ("customer_lifetime_value", 4, 2, 6),
        ("customer_health", 5, 0, 5),
    ],
)
def test_a_shipped_kpi_costs_what_a_reader_must_hold_together(key, inputs, ratios, index):
    catalogue = shipped_catalogue()
    found = simplicity(catalogue.kpi(key), catalogue)
    assert (found.inputs, found.ratios, found.index) == (inputs, ratios, index)
    assert found.too_complex is (inputs > 3 or ratios > 1)
