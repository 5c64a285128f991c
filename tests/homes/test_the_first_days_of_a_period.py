"""On the second day of a quarter nobody is behind: one deal more or less is the whole pace."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from kpi_engine.definitions.settings import Settings
from kpi_engine.periods import Calendar, Grain
from portal.readmodels.cards import Tone
from portal.readmodels.formats import Formats
from portal.services import activities, rep_text, working_time
from portal.services.activities import Doing
from portal.services.rep_text import Quota
from portal.services.sales_facts import OwnFacts
from portal.services.tasks import Tasks
from portal.services.team_grid import _paced_level
from portal.services.working_time import Days

EUROS = Formats("en", "EUR")
FACTS = OwnFacts((), True, True, (), {}, {Grain.MONTH: Decimal(0), Grain.QUARTER: Decimal(0)}, None)
NOTHING = Tasks((), (), (), None)


def days(today: date) -> Days:
    return Days(Calendar().holding(today, Grain.QUARTER), today, Settings())


def quota(today: date, won: float = 0.0) -> Quota:
    return Quota(days(today), won, 100_000.0)


def test_a_tenth_of_the_working_days_has_to_be_gone():
    assert days(date(2027, 1, 4)).early
    assert days(date(2027, 1, 8)).early
    assert not days(date(2027, 1, 11)).early
    assert not days(date(2027, 3, 31)).early


@pytest.mark.parametrize(
    ("part", "early", "told"),
    [(0.0, True, "Too early"), (0.0, False, "Behind pace"), (1.0, True, "On pace")],
)
def test_who_has_nothing_yet_is_not_called_behind(part, early, told):
    assert working_time.pace_status(part, over=False, early=early).word == told


def test_a_rep_is_not_met_by_a_gap_of_two_days():
    early, late = quota(date(2027, 1, 4)), quota(date(2027, 2, 15))
    assert rep_text.finding((early,), FACTS, NOTHING, EUROS) == rep_text.finding(
        (), FACTS, NOTHING, EUROS
    )
    assert "behind pace" in rep_text.finding((late,), FACTS, NOTHING, EUROS).fact
    ahead = rep_text.finding((quota(date(2027, 1, 4), 20_000.0),), FACTS, NOTHING, EUROS)
    assert "ahead of pace" in ahead.fact
    (bar,) = rep_text.target_panel((early,), FACTS, date(2027, 1, 4), EUROS).bars
    assert (bar.verdict.tone, bar.verdict.word) == (Tone.NEUTRAL, "Too early to tell the pace.")


def test_a_team_is_not_red_from_the_first_day():
    assert _paced_level(0.0, 0.03) is None
    assert _paced_level(0.05, 0.03) is not None
    assert _paced_level(0.0, 0.5) == 0


def test_on_a_monday_it_is_last_week_that_is_told():
    """A week of one morning read "0 calls, usual 1" to everybody."""
    calendar = Calendar()
    monday, tuesday = date(2027, 2, 15), date(2027, 2, 16)
    assert activities.tells_last(calendar, monday)
    first, second, *_, last = activities.weeks(calendar, monday)
    assert first == (date(2027, 2, 8), monday)
    assert second == (date(2027, 2, 1), date(2027, 2, 8))
    assert last == (date(2026, 12, 14), date(2026, 12, 21))
    assert not activities.tells_last(calendar, tuesday)
    assert activities.weeks(calendar, tuesday)[0] == (monday, date(2027, 2, 17))
    did = {("ann", Doing.CALLS): (4, *[2] * 8)}
    told = rep_text.mix_panel(
        activities.mix(did, "ann"), replace(FACTS, did=did), monday, EUROS, last=True
    )
    assert told.sub == "Last week, against your usual week."
