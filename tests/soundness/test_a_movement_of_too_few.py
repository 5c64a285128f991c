"""A rate of a few records moves by chance: its movement is shown, and never called good or bad."""

from datetime import date

import pytest

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.periods import Grain, Period
from kpi_engine.reading import Reading, State
from portal.readmodels.cards import Tone
from portal.readmodels.formats import Formats
from portal.services import score_lines, statuses
from portal.services.numbers import Point
from portal.services.standings import Standing
from portal.services.targets import Target


def _standing(before: int, now: int) -> Standing:
    kpi = shipped_catalogue().kpi("win_rate")
    readings = (
        Reading(0.20, State.FINAL, None, before, over=0.2 * before, under=float(before)),
        Reading(0.50, State.FINAL, None, now, over=0.5 * now, under=float(now)),
    )
    periods = (
        Period(date(2026, 4, 1), date(2026, 7, 1), Grain.QUARTER, "2026-Q2"),
        Period(date(2026, 7, 1), date(2026, 10, 1), Grain.QUARTER, "2026-Q3"),
    )
    points = tuple(
        Point(period, reading, "f", 1, restated=False, first=None)
        for period, reading in zip(periods, readings, strict=True)
    )
    target = Target(0.25)
    judged = tuple(statuses.judge(kpi, reading, target) for reading in readings)
    return Standing(kpi, points, (target, target), judged)


@pytest.mark.parametrize(
    ("before", "now", "tone"),
    [
        (40, 40, Tone.GOOD),
        (10, 10, Tone.GOOD),
        (40, 9, Tone.NEUTRAL),
        (9, 40, Tone.NEUTRAL),
        (1, 1, Tone.NEUTRAL),
    ],
)
def test_a_movement_from_or_to_fewer_than_ten_records_has_no_colour(before, now, tone):
    told = score_lines.change(_standing(before, now), Formats("en", "EUR"))
    assert told is not None
    assert (told.tone, told.up) == (tone, True)
