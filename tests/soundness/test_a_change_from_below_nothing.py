"""Refunds make sums below nothing: no per cent is told of them, and no month stands for another."""

from datetime import date

import pytest

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Calendar, Grain
from kpi_engine.reading import Absence, Reading, State
from kpi_engine.units import Unit
from portal.readmodels.formats import Formats
from portal.services import home_absences, kpi_strip, stories, trends
from portal.services.numbers import Point
from portal.services.standings import Standing
from portal.services.statuses import judge
from portal.services.stories import Told

EUROS = Formats("en", "EUR")
WON = shipped_catalogue().kpi(KpiKey("won_revenue"))


def _reading(value: float | None) -> Reading:
    if value is None:
        return Reading(None, State.ABSENT, Absence.NO_ROWS.value, 0)
    return Reading(value, State.FINAL, None, 12)


@pytest.mark.parametrize(
    ("now", "before", "told"),
    [(84_000, -2_801, "+€87K"), (-500, -1_000, "+50.0\u00a0%"), (84_000, 22_000, "+281.8\u00a0%")],
)
def test_a_page_tells_the_difference_and_no_per_cent(now, before, told):
    """From a loss of 2,801 to 84,000 read "+3,098.9 %"."""
    found = kpi_strip.change(WON, _reading(now), _reading(before), EUROS)
    assert (found.text, found.up) == (told, True)


def test_nothing_is_so_many_per_cent_more_than_below_nothing():
    assert EUROS.change(84_000, -2_801, Unit.MONEY) == ""
    assert EUROS.change(0.1, -0.1, Unit.RATIO) == "+20.0\u00a0pp"
    told = Told(WON, _reading(84_000), _reading(-2_801), "Sep 2026")
    fact = stories.story(told, EUROS).fact
    assert "%" not in fact
    assert "rose to €84K from \u2212€2,801 in Sep 2026" in fact


def test_a_year_is_twelve_months_also_where_some_have_no_number():
    """Two months without a number made it fourteen: "up 19.6 % from 70K in August 2025"."""
    periods = Calendar("UTC").periods(Grain.MONTH, date(2025, 1, 1), date(2026, 11, 1))
    values = [float(1000 + at) for at in range(len(periods))]
    values[-3] = values[-8] = None
    points = tuple(
        Point(period, _reading(value), "f", 1, restated=False, first=None)
        for period, value in zip(periods, values, strict=True)
    )
    judged = tuple(judge(WON, point.reading, None) for point in points)
    told = Standing(WON, points, (None,) * len(points), judged)
    assert trends.summary(told, 24, EUROS).endswith("from €1,009 in October\u00a02025.")


def test_won_deals_without_an_amount_are_not_called_none():
    """A month of one won deal, whose amount nobody entered, read "no won deals in January"."""
    told = home_absences.told("won_revenue", _reading(None), "January 2026")
    assert told == "no won deals with an amount in January 2026"
