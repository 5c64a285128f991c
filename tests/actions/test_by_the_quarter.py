"""A KPI that is told by the quarter: its actions are judged by quarters, or it is said when."""

from datetime import date

import pytest

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Calendar, Grain
from kpi_engine.statistics.effect import Verdict, Way, Why
from portal.services import action_page
from portal.services.action_cards import Guardrail
from portal.services.actions import Expected
from portal.services.desks import open_desk
from portal.services.effect_text import outlook
from portal.services.effect_windows import first_check, grain_of, next_check
from portal.services.numbers import TENANT
from tests.actions.house import NOW, WIN_RATE
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


def _fact(house, actor, action):
    return dict(_page(house, actor, action).verdict.facts)["Guardrail"].replace("\u00a0", " ")


@pytest.mark.parametrize(("limit", "said"), [(-0.1, "held"), (0.2, "broken")])
def test_a_quarterly_guardrail_of_a_monthly_action_is_judged_by_its_quarters(
    house, chief, limit, said
):
    house.observe(WIN_RATE, TENANT, numbers(step=0.1))
    house.observe(BIAS, TENANT, [-0.5, 0.3, 0.1], grain=Grain.QUARTER)
    guard = Guardrail(BIAS, least=True, limit=limit)
    made = house.done(chief, expected=Expected(Way.UP, 0.05, 0), limit=guard)
    judge(house)
    (row,) = verdicts(house, made)
    # Done at the end of May: the third quarter shows it whole, the second hardly, the first not.
    assert (row.guardrail, row.guardrail_value) == (said, 0.1)
    assert _fact(house, chief, made).endswith(f"{said}, at worst 10 %, by the quarter") or (
        _fact(house, chief, made).endswith(f"{said}, at worst 10.0 %, by the quarter")
    )


def test_a_quarterly_guardrail_whose_quarter_has_not_ended_tells_when_its_next_number_comes(
    house, chief
):
    house.observe(WIN_RATE, TENANT, numbers(step=0.1, after=1))
    house.observe(BIAS, TENANT, [0.3, 0.2, 0.1], grain=Grain.QUARTER)
    guard = Guardrail(BIAS, least=True, limit=0.0)
    made = house.done(chief, day=date(2026, 9, 30), expected=Expected(Way.UP, 0.05, 0), limit=guard)
    judge(house)
    assert house.card(chief, made).judgement.guardrail == "not_known"
    assert _fact(house, chief, made).endswith("told by the quarter, next number on 1 Jan 2027")


def test_a_guardrail_without_a_number_is_looked_at_again_once_it_has_one_and_only_then(
    house, chief
):
    house.observe(WIN_RATE, TENANT, numbers(step=0.1))
    guard = Guardrail(BIAS, least=True, limit=0.2)
    made = house.done(chief, expected=Expected(Way.UP, 0.05, 0), limit=guard)
    assert (judge(house), judge(house)) == (1, 0)
    house.observe(BIAS, TENANT, [0.3, 0.1], grain=Grain.QUARTER)
    assert (judge(house), judge(house)) == (1, 0)
    looks = verdicts(house, made)
    assert [row.guardrail for row in looks] == ["broken", "not_known"]
    assert len({row.until for row in looks}) == 1


def test_a_quarterly_guardrail_that_has_no_number_when_it_should_says_so(house, chief):
    house.observe(WIN_RATE, TENANT, numbers(step=0.1))
    guard = Guardrail(BIAS, least=True, limit=0.0)
    made = house.done(chief, expected=Expected(Way.UP, 0.05, 0), limit=guard)
    judge(house)
    assert _fact(house, chief, made).endswith(": no number")
