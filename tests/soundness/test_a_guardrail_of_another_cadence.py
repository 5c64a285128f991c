"""A guardrail is held against its limit in its own periods: a quarter's count is no month's."""

from datetime import date

import pytest

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Grain
from kpi_engine.statistics.effect import Way
from portal.services.action_cards import Guardrail
from portal.services.actions import Expected
from portal.services.numbers import TENANT
from tests.actions.conftest import chief, house
from tests.actions.house import LEADS
from tests.actions.test_judging import judge, numbers, verdicts

__all__ = ["chief", "house"]

BIAS = KpiKey("forecast_bias")


@pytest.mark.parametrize(
    ("months", "said", "worst"),
    [
        ([100.0, 100.0, 40.0], "broken", 40.0),
        ([100.0, 100.0, 90.0], "held", 90.0),
    ],
)
def test_a_monthly_limit_is_not_held_by_the_sum_of_a_quarter(house, chief, months, said, worst):
    house.observe(BIAS, TENANT, numbers(many=14, step=0.1, after=1), grain=Grain.QUARTER)
    house.observe(LEADS, TENANT, [sum(months)], grain=Grain.QUARTER)
    house.observe(LEADS, TENANT, [*months, 500.0])
    guard = Guardrail(LEADS, least=True, limit=80.0)
    made = house.done(
        chief, kpi=BIAS, day=date(2026, 6, 30), expected=Expected(Way.UP, 0.05, 0), limit=guard
    )
    assert judge(house) == 1
    row = verdicts(house, made)[0]
    assert (row.guardrail, row.guardrail_value) == (said, worst)
