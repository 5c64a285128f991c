"""A finding names the usual range that the card beside it names, also where it looks further back."""

from datetime import date
from random import Random
from types import SimpleNamespace

import pytest

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Calendar, Grain
from kpi_engine.reading import Reading, State
from portal.readmodels.formats import Formats
from portal.services import kpi_trend, score_lines, standings, statuses, usual_ranges
from portal.services.department_finding import since_usual
from portal.services.numbers import Point
from portal.services.standings import Asked, Standing

CALENDAR = Calendar("UTC")
FORMATS = Formats("en", "EUR")
HOURS = (200.0, 230.0, 190.0, 240.0, 210.0, 330.0, 420.0, 440.0, 430.0, 450.0, 440.0, 590.0)


def _standing() -> Standing:
    kpi = shipped_catalogue().kpi(KpiKey("resolution_hours"))
    periods = Calendar("UTC").periods(Grain.MONTH, date(2013, 1, 1), date(2014, 1, 1))
    points = tuple(
        Point(period, Reading(value, State.FINAL, None, 40), "f", 1, restated=False, first=None)
        for period, value in zip(periods, HOURS, strict=True)
    )
    judged = tuple(statuses.judge(kpi, point.reading, None) for point in points)
    return Standing(kpi, points, (None,) * len(points), judged)


def test_a_finding_that_looks_back_names_the_range_of_the_card():
    standing = _standing()
    card = standings.usual(standing.points, standing.kpi)
    back = since_usual(standing)
    assert card.low <= back.before.value <= card.high < HOURS[-1]
    alone = standings.usual(back.points, standing.kpi)
    assert alone != card, "the periods that are left out would give another range"
    story = score_lines.story_of(back, {}, {}, FORMATS, judged_by=standing)
    assert FORMATS.range(card.low, card.high, standing.kpi.unit) in story.fact


@pytest.mark.parametrize("count", [2, 8, 13, 14, 25, 36])
def test_what_is_usual_is_told_alike_however_much_a_page_shows(monkeypatch, count):
    """A card of 13 months read "usual 69 to 1,390 K", and the page it leads to "166 to 1,310 K"."""
    kpi = shipped_catalogue().kpi(KpiKey("resolution_hours"))
    chance = Random(5)
    periods = CALENDAR.periods(Grain.MONTH, date(2010, 1, 1), date(2014, 1, 1))
    points = tuple(
        Point(one, Reading(chance.uniform(1, 9), State.FINAL, None, 40), "f", 1, restated=False,
              first=None)
        for one in periods
    )  # fmt: skip
    monkeypatch.setattr(standings.numbers, "series", lambda *a: {kpi.key: points[-a[-1] :]})
    monkeypatch.setattr(standings.targets, "of", lambda *_: {})
    monkeypatch.setattr(standings.beginnings, "all_marked", lambda _desk, _who, told: told)
    desk = SimpleNamespace(calendar=CALENDAR, session=None, sees=lambda *_: True)
    found = standings.standings(desk, [kpi], Asked(None, periods[-1], count))[kpi.key]
    assert len(found.points) == len(found.targets) == len(found.judged) == count
    page = usual_ranges.of_points(kpi, points[-kpi_trend.SHOWN - 1 :])
    card = standings.usual(found.known, kpi)
    assert (card.low, card.high) == (page.lower, page.upper)
    # A card of the month before, beside one that runs.
    before = usual_ranges.of_points(kpi, points[-kpi_trend.SHOWN - 2 : -1])
    assert standings.usual(found.known[:-1], kpi).high == before.upper
