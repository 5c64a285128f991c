"""A forecast's range holds what comes as often as it says, and no miss is told as none."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pytest

from kpi_engine.periods import Calendar, Grain
from portal.readmodels.formats import Formats
from portal.services.deal_book import DealBook
from portal.services.deals import Deal
from portal.services.forecast_verdict import verdict
from portal.services.forecasting import Judged, Submission, expected, judged
from tests.homes.makers import STAGES, at, deal

EUROS = Formats("en", "EUR")
CALENDAR = Calendar()
SEEN = SimpleNamespace(
    period=CALENDAR.holding(date(2017, 5, 1), Grain.QUARTER), until=date(2017, 6, 1)
)
"""Thirty days before the quarter's end."""


def _quarter(number: int, start: date, end: date, part: float) -> list[Deal]:
    """A deal of 1,000,000 due in the quarter, of which a part is won on its last day."""
    worth = round(part * 1_000_000)
    told = {"due": end.isoformat(), "created": start.isoformat(), "closed": end.isoformat()}
    return [
        deal(f"w{number}", worth, stage="Won", **told),
        deal(f"l{number}", 1_000_000 - worth, stage="Lost", **told),
    ]


@pytest.mark.parametrize("earlier", [4, 6, 8])
def test_a_range_of_80_per_cent_holds_four_of_five(earlier):
    """It lay between the tenths of the earlier quarters and held 52 to 64 % of what came."""
    chance, held, tries = np.random.default_rng(earlier), 0, 400
    for _ in range(tries):
        period, deals = CALENDAR.holding(date(2017, 5, 1), Grain.QUARTER), []
        *parts, now = chance.beta(9, 11, earlier + 1)
        due = deal("now", 1_000_000, "2017-06-30", "2017-04-01")
        for number, part in enumerate(parts):
            period = CALENDAR.previous(period)
            last = date.fromordinal(period.end.toordinal() - 1)
            deals += _quarter(number, period.start, last, part)
        found = expected([*deals, due], CALENDAR, SEEN.period, date(2017, 6, 1))
        assert found is not None
        assert found.periods == earlier
        assert 0 <= found.low <= found.middle <= found.high
        held += found.low <= Decimal(float(now) * 1_000_000) <= found.high
    assert held / tries == pytest.approx(0.8, abs=0.06)


def _told(accuracy: float, bias: float, said: int | None = 100_000) -> tuple[str, str]:
    judged = tuple(Judged(days, accuracy, bias, None, 4) for days in (90, 60, 30, 0))
    facts = SimpleNamespace(judged=judged)
    return verdict(facts, SEEN, EUROS, None if said is None else Decimal(said))


def test_misses_both_ways_are_no_fairness():
    """A fifth too much and then a fifth too little read "fair: missed by less than 5 %"."""
    fact, rest = _told(0.80, 0.0)
    assert "fair" not in fact
    assert "missed by 20\u00a0%" in rest


def test_what_is_near_and_leans_nowhere_is_fair():
    assert _told(0.97, 0.03) == (
        "Forecasts were fair:",
        "30 days before the end they missed by less than 5\u00a0%.",
    )


def test_earlier_promises_of_nothing_tell_nothing_of_this_one():
    """Dividing by what remained of them, nothing, took the whole page away."""
    fact, rest = _told(0.0, -1.0)
    assert fact == "Earlier forecasts were off:"
    assert "100\u00a0% under" in rest


SAID = [Submission("ann", date(2017, 1, 1), "quarter", Decimal(500_000), at("2017-01-01"))]


def _past(*more: Deal) -> tuple[Deal, ...]:
    period, deals = SEEN.period, list(more)
    for number in range(6):
        period = CALENDAR.previous(period)
        last = date.fromordinal(period.end.toordinal() - 1)
        deals += _quarter(number, period.start, last, 0.5)
    return tuple(deals)


def _book(*deals: Deal, has_dates: bool = True) -> DealBook:
    ended = tuple(one for one in deals if one.closed)
    return DealBook(deals, STAGES, has_stages=True, has_dates=has_dates, ended=ended)


def _modelled(book: DealBook) -> float | None:
    return judged(book, SAID, CALENDAR, SEEN.period)[2].model


def test_a_model_is_judged_with_what_stood_open_then():
    """It was judged without the deals that never ended: nobody knew then which those would be."""
    assert _modelled(_book(*_past())) == pytest.approx(1.0)
    never = deal("never", 1_000_000, "2017-03-20", "2017-01-02")
    assert _modelled(_book(*_past(never))) < 0.95


def test_no_model_is_judged_by_dates_that_nobody_followed():
    """It read "no model: close dates were not followed", and above it "model 52 %"."""
    assert _modelled(_book(*_past(), has_dates=False)) is None


def test_what_was_won_without_a_beginning_is_in_what_the_model_expects():
    """The model expected less than was won already: it left out deals that lack their beginning."""
    unborn = deal("u", 700_000, None, "2017-05-02", "2017-05-02", "Won")
    book = DealBook(_past(), STAGES, has_stages=True, has_dates=True, ended=(*_past(), unborn))
    found = expected(book.every, CALENDAR, SEEN.period, SEEN.until)
    assert found is not None
    assert found.low >= unborn.amount
