"""Guardrails: the pair that moved apart is told, and noise is not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from random import Random

import pytest

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.periods import Calendar, Grain
from kpi_engine.reading import Reading, State
from kpi_engine.statistics.shift import Shift
from portal.readmodels.formats import Formats
from portal.services.guardrail_text import Pairing, evidence, question, sentence
from portal.services.guardrails import BEFORE, RECENT, moved_apart
from portal.services.numbers import Point

CATALOGUE = shipped_catalogue()
CALLS, MEETINGS = CATALOGUE["calls_made"], CATALOGUE["qualified_meetings"]
LEADS, QUALIFIED = CATALOGUE["new_leads"], CATALOGUE["qualification_rate"]
SIZE, CYCLE = CATALOGUE["average_deal_size"], CATALOGUE["sales_cycle_days"]
COST = CATALOGUE["cost_per_qualified_lead"]
CALENDAR = Calendar()
FORMATS = Formats("en", "EUR")


def points(grain: Grain, told: list[tuple[float, float | None]]) -> tuple[Point, ...]:
    """Return a series of final numbers: a value, or an upper and a lower part."""
    first = CALENDAR.shift(CALENDAR.holding(date(2026, 11, 1), grain).start, grain, -len(told))
    found = []
    for place, (over, under) in enumerate(told):
        period = CALENDAR.holding(CALENDAR.shift(first, grain, place), grain)
        value = over if under is None else over / under
        n = int(over if under is None else under)
        parts = (None, None) if under is None else (over, under)
        reading = Reading(value, State.FINAL, None, n, *parts)
        found.append(Point(period, reading, "x", 1, restated=False, first=value))
    return tuple(found)


def weeks(usual: float, late: float) -> tuple[Point, ...]:
    wobble = [0, 1, -1, 2, -2, 1, 0, -1]
    told = [usual + wobble[place % 8] for place in range(BEFORE[Grain.WEEK])]
    told += [late + wobble[place % 8] for place in range(RECENT[Grain.WEEK])]
    return points(Grain.WEEK, [(value, None) for value in told])


def test_more_calls_and_fewer_meetings_each_are_an_alarm():
    found = moved_apart(CALLS, MEETINGS, weeks(18, 26), weeks(6, 3))
    assert found is not None
    more, fewer = found
    assert more.beyond == 1
    # Meetings per 100 calls.
    assert (fewer.before, fewer.now) == pytest.approx((100 * 6 / 18, 100 * 3 / 26), rel=0.02)


def test_more_calls_and_as_many_meetings_each_are_none():
    assert moved_apart(CALLS, MEETINGS, weeks(18, 26), weeks(6, 9)) is None


def test_fewer_meetings_without_more_calls_are_none():
    assert moved_apart(CALLS, MEETINGS, weeks(18, 18), weeks(6, 3)) is None


def test_a_rate_that_fell_behind_more_leads_is_an_alarm():
    months = BEFORE[Grain.MONTH] * [(210.0, None)] + [(400.0, None), (460.0, None)]
    rates = BEFORE[Grain.MONTH] * [(75.0, 210.0)] + [(80.0, 400.0), (97.0, 460.0)]
    found = moved_apart(LEADS, QUALIFIED, points(Grain.MONTH, months), points(Grain.MONTH, rates))
    assert found is not None


def test_few_records_are_no_evidence():
    months = BEFORE[Grain.MONTH] * [(210.0, None)] + [(400.0, None), (460.0, None)]
    rates = BEFORE[Grain.MONTH] * [(3.0, 4.0)] + [(0.0, 4.0), (0.0, 4.0)]
    assert (
        moved_apart(LEADS, QUALIFIED, points(Grain.MONTH, months), points(Grain.MONTH, rates))
        is None
    )


def test_it_is_told_in_words_with_its_evidence():
    made, came = weeks(18, 26), weeks(6, 3)
    moved, guarded = moved_apart(CALLS, MEETINGS, made, came)
    late = tuple(point.period for point in made[-8:])
    pair = Pairing(CALLS, MEETINGS, moved, guarded, (late, late), per_unit=True)
    gap = "\N{NO-BREAK SPACE}"
    assert sentence(pair, FORMATS) == (
        f"In the 8 weeks to Week{gap}43, 2026 calls made rose 44{gap}% while qualified meetings"
        f" per 100 calls made fell 66{gap}%, against the weeks before."
    )
    assert question(pair, FORMATS).endswith(
        "Is calls made being chased at the cost of qualified meetings?"
    )
    first, second = evidence(pair, FORMATS)
    assert first.startswith("Calls made: 18.0 \N{RIGHTWARDS ARROW} 26 a week, ")
    assert second.startswith("Qualified meetings per 100 calls made: 33.5 ")


def _poisson(draw: Random, mean: float) -> float:
    return float(sum(draw.random() < mean / 400 for _ in range(400)))


def _noise(draw: Random, autocorrelation: float) -> Iterator[tuple[float, float]]:
    """Yield weeks of calls and meetings around steady means; a good week may follow a good one."""
    level = 0.0
    for _ in range(BEFORE[Grain.WEEK] + RECENT[Grain.WEEK]):
        level = autocorrelation * level + draw.gauss(0, 0.1)
        calls = _poisson(draw, 18 * max(1 + level, 0.1))
        yield calls, _poisson(draw, calls * 0.26)


@pytest.mark.parametrize(("autocorrelation", "most"), [(0.0, 0.01), (0.4, 0.02)])
def test_noise_alone_hardly_ever_raises_an_alarm(autocorrelation, most):
    draw, tries, told = Random(9), 500, 0
    for _ in range(tries):
        made = list(_noise(draw, autocorrelation))
        calls = points(Grain.WEEK, [(one, None) for one, _ in made])
        meetings = points(Grain.WEEK, [(one, None) for _, one in made])
        told += moved_apart(CALLS, MEETINGS, calls, meetings) is not None
    assert told / tries <= most


def _means(told: list[tuple[float, int]]) -> tuple[Point, ...]:
    found = points(Grain.MONTH, [(value, None) for value, _ in told])
    return tuple(
        replace(point, reading=replace(point.reading, n=n))
        for point, (_, n) in zip(found, told, strict=True)
    )


def test_months_of_a_mean_are_pooled_by_their_records():
    """A month of 10 deals counted as much as one of 30: 37 % more read 41 %."""
    sizes = _means([(100.0, 20), (110.0, 20)] * 6 + [(200.0, 30), (400.0, 10)])
    cycles = points(Grain.MONTH, [(20.0, None), (22.0, None)] * 6 + [(60.0, None), (60.0, None)])
    found = moved_apart(SIZE, CYCLE, sizes, cycles)
    assert found is not None
    assert (found[0].before, found[0].now) == pytest.approx((105.0, 250.0))


def test_a_quotient_is_pooled_by_its_parts():
    parts = [(1000.0, 10.0), (1100.0, 10.0)] * 6 + [(100.0, 10.0), (900.0, 90.0)]
    leads = [(200.0 + place % 2, None) for place in range(12)] + [(40.0, None), (40.0, None)]
    found = moved_apart(COST, LEADS, points(Grain.MONTH, parts), points(Grain.MONTH, leads))
    assert found is not None
    assert found[0].now == pytest.approx(10.0)


def test_neither_a_mean_nor_what_stands_at_the_end_is_so_much_a_month():
    late = tuple(point.period for point in points(Grain.MONTH, [(1.0, None)] * 2))
    moved = Shift(100.0, 250.0, 100.0, 200.0)
    for kpi, flows in ((SIZE, False), (CATALOGUE["mrr"], False), (CATALOGUE["won_revenue"], True)):
        pair = Pairing(kpi, CYCLE, moved, moved, (late, late), per_unit=False)
        assert ("a month" in evidence(pair, FORMATS)[0]) is flows
