"""Numbers in few letters say the same as in many, and which way is good."""

import dataclasses

import pytest

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.definitions.described import Better
from kpi_engine.definitions.kinds import Kpi
from kpi_engine.reading import Absence
from kpi_engine.units import Unit
from portal.cli.figures import moved, short
from portal.demo.scorecard import change_between, plain_reason


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.632, Unit.RATIO, "63.2 %"),
        (9_876.4, Unit.MONEY, "9,876"),
        (10_000, Unit.MONEY, "10 k"),
        (776_458, Unit.MONEY, "776.5 k"),
        (-776_458, Unit.MONEY, "-776.5 k"),
        (10_159_608, Unit.MONEY, "10.16 M"),
        (2_500_000_000, Unit.MONEY, "2.5 G"),
        (12_300, Unit.MONEY_PER_DAY, "12.3 k/day"),
        (1_576, Unit.COUNT, "1,576"),
        (2.25, Unit.COUNT, "2.2"),
        (57, Unit.DAYS, "57.0 d"),
        (1.44, Unit.HOURS, "1.4 h"),
        (86, Unit.MINUTES, "86.0 min"),
        (3.986, Unit.SCORE, "3.99"),
    ],
)
def test_a_value_in_few_letters(value: float, unit: Unit, text: str):
    assert short(value, unit) == text
    assert len(text) <= 10


def _kpi(unit: Unit, better: Better) -> Kpi:
    return dataclasses.replace(shipped_catalogue().kpi("win_rate"), unit=unit, better=better)


@pytest.mark.parametrize(
    ("unit", "better", "before", "after", "text", "verdict"),
    [
        (Unit.RATIO, Better.HIGHER, 0.617, 0.63, "+1.3 pt", "better"),
        (Unit.RATIO, Better.LOWER, 0.617, 0.63, "+1.3 pt", "worse"),
        (Unit.DAYS, Better.LOWER, 100, 90, "-10.0 %", "better"),
        (Unit.MONEY, Better.HIGHER, 100, 90, "-10.0 %", "worse"),
        (Unit.COUNT, Better.RANGE, 100, 110, "+10.0 %", "higher"),
        (Unit.COUNT, Better.RANGE, 100, 90, "-10.0 %", "lower"),
        (Unit.MONEY, Better.HIGHER, -100, -50, "+50.0 %", "better"),
        (Unit.COUNT, Better.HIGHER, 0, 10, "+10", "better"),
        (Unit.COUNT, Better.HIGHER, 0, -10, "-10", "worse"),
        (Unit.RATIO, Better.HIGHER, 0.5, 0.5, "", "same"),
    ],
)
def test_a_change_tells_its_size_and_whether_it_is_good(unit, better, before, after, text, verdict):
    kpi = _kpi(unit, better)
    change = change_between(before, after, kpi)
    assert (moved(change, unit), change.verdict.value) == (text, verdict)


@pytest.mark.parametrize(("before", "after"), [(None, 1), (1, None), (None, None)])
def test_there_is_no_change_from_or_to_nothing(before, after):
    assert change_between(before, after, _kpi(Unit.COUNT, Better.HIGHER)) is None


def test_a_reason_is_told_without_the_part_that_it_struck():
    inner = f"{Absence.MISSING_PART.value} (quota: {Absence.NOT_LOADED.value})"
    assert plain_reason(inner) == Absence.NOT_LOADED.value
    assert plain_reason(Absence.NO_ROWS.value) == Absence.NO_ROWS.value
    assert plain_reason("a reason of its own") == "a reason of its own"
