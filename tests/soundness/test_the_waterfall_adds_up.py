"""What moved in the pipeline adds up from the start to now, whatever became of each deal."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kpi_engine.periods import Calendar, Grain
from portal.services.deals import Deal, State
from portal.services.forecasting import due_in, won_in
from portal.services.pipeline import MOVEMENTS, Step, waterfall
from tests.homes.makers import STAGES, at, deal, on, step

CALENDAR = Calendar()
QUARTER = CALENDAR.holding(date(2017, 5, 1), Grain.QUARTER)
_FIRST = datetime(2016, 10, 1)
_MOMENTS = some.integers(0, 400 * 24).map(lambda hour: _FIRST + timedelta(hours=hour))
_DAYS = some.none() | some.integers(0, 500).map(lambda n: _FIRST.date() + timedelta(days=n))
_AMOUNTS = some.decimals(0, 10_000, places=2)


@some.composite
def _deals(draw) -> Deal:
    created = draw(_MOMENTS)
    later = draw(some.lists(_MOMENTS.filter(lambda one: one > created), max_size=4, unique=True))
    since = [created, *sorted(later)]
    states = tuple(State(one, draw(_AMOUNTS), draw(_DAYS)) for one in since)
    stage = draw(some.sampled_from(["Talk", "Won", "Lost"]))
    closed = None if stage == "Talk" else max(draw(_MOMENTS), created)
    # A CRM may change or empty the amount of what is closed.
    amount = states[-1].amount if closed is None else draw(_AMOUNTS)
    return Deal(
        *("d", "D", "", "ann", stage, STAGES[stage], amount, states[-1].due, created, closed),
        states=states,
    )


@given(some.lists(_deals(), max_size=12), some.integers(1, 91))
def test_the_rows_lead_from_the_start_to_now(deals: list[Deal], gone: int):
    """A deal that entered by no row, or left by two, made the end differ from what stood open."""
    until = QUARTER.start + timedelta(days=gone)
    found = waterfall(deals, CALENDAR, QUARTER, until)
    assert found.amount(Step.START) + sum(found.amount(step) for step in MOVEMENTS) == found.amount(
        Step.NOW
    )


@given(some.lists(_deals(), max_size=12), some.integers(1, 91))
def test_both_ends_are_what_stood_open_and_was_due(deals: list[Deal], gone: int):
    """Start and now were made of the movements, so a movement too many was never seen."""
    until = QUARTER.start + timedelta(days=gone)
    found = waterfall(deals, CALENDAR, QUARTER, until)
    starts, ends = CALENDAR.instant(QUARTER.start), CALENDAR.instant(until)
    assert found.amount(Step.START) == due_in(deals, QUARTER, starts)
    assert found.amount(Step.NOW) == due_in(deals, QUARTER, ends)
    assert -found.amount(Step.WON) == won_in(deals, starts, ends)


def _rows(*deals: Deal, until: str = "2017-06-01") -> dict[Step, int]:
    found = waterfall(deals, CALENDAR, QUARTER, on(until))
    return {step: int(found.amount(step)) for step in Step if found.count(step)}


@pytest.mark.parametrize(
    ("made", "rows"),
    [
        ({}, {Step.START: 100, Step.NOW: 100}),
        ({"due": "2017-08-01"}, {}),
        ({"due": None}, {}),
        (
            {"stage": "Won", "closed": "2017-04-20"},
            {Step.START: 100, Step.WON: -100},
        ),
        (
            {"stage": "Lost", "closed": "2017-04-20", "amount": 0,
             "steps": (step("2017-01-10", "Talk", 100, "2017-05-15"),)},
            {Step.START: 100, Step.LOST: -100},
        ),
        (
            {"created": "2017-04-10"},
            {Step.NEW: 100, Step.NOW: 100},
        ),
        (
            {"created": "2017-04-10", "stage": "Won", "closed": "2017-04-20", "due": None},
            {Step.NEW: 100, Step.WON: -100},
        ),
        (
            {"steps": (step("2017-01-10", "Talk", 100, "2017-05-15"),
                       step("2017-05-02", "Talk", 100, "2017-08-01")), "due": "2017-08-01"},
            {Step.START: 100, Step.SLIPPED: -100},
        ),
        (
            {"steps": (step("2017-01-10", "Talk", 100, "2017-08-01"),
                       step("2017-05-02", "Talk", 100, "2017-05-20")), "due": "2017-05-20"},
            {Step.PULLED_IN: 100, Step.NOW: 100},
        ),
        (
            {"created": "2017-04-10",
             "steps": (step("2017-04-10", "Talk", 100, "2017-05-15"),
                       step("2017-05-02", "Talk", 100, "2017-08-01")), "due": "2017-08-01"},
            {Step.NEW: 100, Step.SLIPPED: -100},
        ),
        (
            {"steps": (step("2017-01-10", "Talk", 100, "2017-05-15"),
                       step("2017-05-02", "Talk", 130, "2017-05-15")), "amount": 130},
            {Step.START: 100, Step.CHANGED: 30, Step.NOW: 130},
        ),
    ],
    ids=["stays", "due later", "no date", "won", "lost and emptied", "new", "new and won",
         "slipped", "pulled in", "came and slipped", "grew"],
)  # fmt: skip
def test_each_fate_has_its_row(made: dict, rows: dict[Step, int]):
    """An emptied amount of a lost deal was told as a change of amount, and nothing as lost."""
    assert _rows(deal(**made)) == rows


def test_what_happens_after_the_day_looked_at_is_not_seen():
    """An earlier quarter was compared with what was known of it only at its end."""
    late = deal(stage="Won", closed="2017-06-20")
    assert _rows(late) == {Step.START: 100, Step.NOW: 100}
    assert _rows(late, until="2017-07-01") == {Step.START: 100, Step.WON: -100}


def test_the_periods_edges_belong_to_one_side():
    """A deal won in the quarter's first instant counted for the quarter before as well."""
    first = deal(stage="Won", closed="2017-04-01 00:00")
    last = deal(stage="Won", closed="2017-07-01 00:00")
    assert _rows(first)[Step.WON] == -100
    assert Step.WON not in _rows(last, until="2017-07-01")


def test_money_is_added_without_loss():
    """Cents were added as floats, and the rows missed the total by a millionth."""
    deals = [deal(f"d{n}", created="2017-04-02") for n in range(3)]
    deals = [
        Deal(one.key, "", "", "ann", "Talk", STAGES["Talk"], Decimal("0.1"), one.due, one.created,
             None, states=(State(at("2017-04-02"), Decimal("0.1"), one.due),))
        for one in deals
    ]  # fmt: skip
    found = waterfall(deals, CALENDAR, QUARTER, on("2017-06-01"))
    assert found.amount(Step.NOW) == Decimal("0.3")
