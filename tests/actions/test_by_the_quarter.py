"""A KPI that is told by the quarter: its actions are judged by quarters, or it is said when."""

from datetime import date

import pytest

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Calendar, Grain
from kpi_engine.statistics.effect import Verdict, Way, Why
from portal.services import action_page
from portal.services.actions import Expected
from portal.services.desks import open_desk
from portal.services.effect_text import outlook
from portal.services.effect_windows import first_check, grain_of, next_check
from portal.services.numbers import TENANT
from tests.actions.house import NOW
from tests.actions.test_judging import judge, numbers, verdicts

BIAS = KpiKey("forecast_bias")
SPRING = date(2026, 3, 31)
UP = Expected(Way.UP, 0.05, 0)


def _page(house, actor, action):
    with house.session() as session:
        desk = open_desk(session, actor, NOW)
        return action_page.read(desk, str(action), {}, "")


def _outlook(house, actor, size=None):
    with house.session() as session:
        desk = open_desk(session, actor, NOW)
        kpi = desk.catalogue.kpi(BIAS)
        assert grain_of(kpi) is Grain.QUARTER
        return outlook(desk, (kpi, TENANT), size, (date(2026, 12, 7), 28))


@pytest.mark.parametrize(
    ("step", "verdict"),
    [(0.1, Verdict.AS_EXPECTED), (-0.1, Verdict.WORSE), (0.0, Verdict.NOT_SHOWN)],
)
def test_a_planted_effect_is_found_by_the_quarter(house, chief, step, verdict):
    house.observe(BIAS, TENANT, numbers(many=14, step=step, after=2), grain=Grain.QUARTER)
    made = house.done(chief, kpi=BIAS, day=SPRING, expected=UP)
    assert judge(house) == 1
    assert house.card(chief, made).verdict is verdict
    row = verdicts(house, made)[0]
    # The quarter in which it was done is neither before nor after.
    assert (row.n_before, row.n_after, row.until) == (11, 2, date(2026, 10, 1))
    assert {one["grain"] for one in row.points} == {"quarter"}
    shown = _page(house, chief, made).verdict
    assert "2 quarters after it, up to Q3\u00a02026" in shown.sub
    assert "11 quarters before" in shown.sub
    assert shown.points[0][0] == "Q3\u00a02026"


def test_months_of_a_kpi_that_is_told_by_the_quarter_are_not_looked_at(house, chief):
    house.observe(BIAS, TENANT, numbers(step=0.1))
    made = house.done(chief, kpi=BIAS, day=SPRING, expected=UP)
    judge(house)
    assert house.card(chief, made).judgement.why is not None
    assert verdicts(house, made)[0].n_before == 0


def test_where_too_few_quarters_are_known_it_is_told_from_when_on_it_can_be_judged(house, chief):
    house.observe(BIAS, TENANT, numbers(many=5, step=0.1, after=2), grain=Grain.QUARTER)
    made = house.done(chief, kpi=BIAS, day=SPRING, expected=UP)
    judge(house)
    assert house.card(chief, made).judgement.why is Why.FEW_BEFORE
    told = _page(house, chief, made).verdict.sentence
    assert "fewer than 6 quarters with a number before it" in told
    assert "done from 1 Jan 2027 on can be judged" in told.replace("\u00a0", " ")
    assert "done from 1 Jan 2027 on can be judged" in _outlook(house, chief).replace("\u00a0", " ")


def test_the_editor_tells_what_a_quarter_shows(house, chief):
    house.observe(BIAS, TENANT, numbers(many=12), grain=Grain.QUARTER)
    assert "First check on 1\u00a0Apr\u00a02027" in _outlook(house, chief)
    assert "1 quarter shows" in _outlook(house, chief)
    assert "Large enough to be seen in 1 quarter." in _outlook(house, chief, 0.9)


def test_a_quarter_shows_an_action_if_most_of_it_comes_after():
    calendar, quarter = Calendar(), Grain.QUARTER
    assert first_check(calendar, date(2026, 4, 20), quarter) == date(2026, 7, 1)
    assert first_check(calendar, date(2026, 5, 20), quarter) == date(2026, 10, 1)
    span = date(2026, 4, 1), quarter
    ends = [date(2026, 4, 1), *(next_check(calendar, span, until) for until in _UNTIL)]
    assert ends == [date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1), date(2027, 4, 1), None]


_UNTIL = (date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1), date(2027, 4, 1))
