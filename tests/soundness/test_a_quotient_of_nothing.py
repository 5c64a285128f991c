"""A cost per lead of no campaign is 0, and that is no saving: pages say what there was none of."""

from dataclasses import replace

import pytest

from kpi_engine.periods import Grain
from kpi_engine.reading import Reading, State
from kpi_engine.statistics import xmr
from kpi_engine.units import Unit
from layouts.html_text import html
from layouts.pages import kpi_panels
from portal.models.observations import ScopeKind
from portal.readmodels.cards import Tone
from portal.readmodels.kpi_page import TrendRow
from portal.security.roles import Role
from portal.services import (
    kpi_strip,
    kpi_trend,
    score_lines,
    statuses,
    stories,
    usual_ranges,
    weak_stage,
)
from portal.services.attribution_parts import Asked
from portal.services.attributions import untold
from portal.services.desks import open_desk, view_of
from portal.services.empty_tops import Tops
from portal.services.kpi_sights import company_only, sight_of
from portal.services.numbers import TENANT, Point, Who
from portal.services.quotients import comparable, of_nothing
from portal.services.standings import Standing
from portal.services.statuses import Judged
from portal.services.targets import Target
from tests.kpi_page.conftest import NOW, desk, place, workshop

__all__ = ["desk", "place", "workshop"]

COST = "cost_per_qualified_lead"


def reading(value: float, over: float, n: int = 50) -> Reading:
    return Reading(value, State.FINAL, None, n, over, float(n))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


class Said(Tops):
    """What stood above the line, without a look at records: none in September."""

    def _looked(self, period):
        return "campaigns" if period.start.month == self.sight.period.start.month else ""


@pytest.fixture
def sight(place):
    actor = place.actor(Role.EXECUTIVE)
    with place.database.session(actor.tenant) as session:
        yield sight_of(open_desk(session, actor, NOW), COST, {"period": "2017-04"})


def points(sight, before: Reading, now: Reading):
    return tuple(
        Point(period, one, "0" * 12, 1, restated=False, first=one.value)
        for period, one in ((sight.before, before), (sight.period, now))
    )


def test_a_quotient_without_anything_above_its_line_is_no_fall(sight, workshop):
    told = points(sight, reading(941.0, 64_000.0), reading(0.0, 0.0))
    tops = Said(workshop, sight)
    assert plain(tops.fact(told)) == (
        "Cost per qualified lead is \u20ac0: there were no campaigns in April 2017."
    )
    value, against, *_ = kpi_strip.cells(tops, told, None, None)
    assert value.value == "\u20ac0"
    assert "There were no campaigns in April 2017." in [plain(note) for note in value.notes]
    assert against.change is None
    assert against.absence == "nothing to compare"
    assert tuple(map(plain, against.notes)) == ("\u20ac941 in Mar 2017",)


def test_what_follows_a_quotient_of_nothing_is_no_rise(sight, workshop):
    class Before(Said):
        def _looked(self, period):
            return "campaigns" if period == self.sight.before else ""

    told = points(sight, reading(0.0, 0.0), reading(566.0, 45_000.0))
    tops = Before(workshop, sight)
    assert "there were no campaigns in March 2017" in plain(tops.fact(told))
    _, against, *_ = kpi_strip.cells(tops, told, None, None)
    assert against.change is None
    assert tuple(map(plain, against.notes)) == (
        "\u20ac0 in Mar 2017, when there were no campaigns",
    )


def test_a_quotient_of_something_is_compared_as_ever(sight, workshop):
    told = points(sight, reading(941.0, 64_000.0), reading(500.0, 25_000.0))
    tops = Tops(workshop, sight)
    assert tops.fact(told) == ""
    _, against, *_ = kpi_strip.cells(tops, told, None, None)
    assert against.change is not None
    assert against.change.tone is Tone.GOOD


def test_what_stood_above_the_line_is_looked_up_in_the_records(sight, workshop):
    """The small company has no campaign at all; its deals are counted as they are."""
    assert Tops(workshop, sight).missing(reading(0.0, 0.0), sight.period) == "campaigns"


def test_a_share_of_none_is_told_by_both_its_parts_and_by_nothing_more(place, workshop):
    actor = place.actor(Role.EXECUTIVE)
    with place.database.session(actor.tenant) as session:
        found = sight_of(open_desk(session, actor, NOW), "win_rate", {"period": "2017-04"})
        assert found.kpi.unit is Unit.RATIO
        assert not Tops(workshop, found).bare(reading(0.0, 0.0))


def test_a_cost_of_nothing_is_told_as_no_fall_and_no_rise_follows_it(sight):
    nothing, something = reading(0.0, 0.0), reading(941.0, 64_000.0)
    formats = sight.desk.formats
    fell = stories.story(stories.Told(sight.kpi, nothing, something, "August 2026"), formats)
    assert plain(fell.fact) == (
        "Cost per qualified lead is \u20ac0: nothing was spent, so it is compared with nothing."
    )
    rose = stories.story(stories.Told(sight.kpi, something, nothing, "August 2026"), formats)
    assert plain(rose.fact) == (
        "Cost per qualified lead is \u20ac941; August 2026 has nothing to compare with"
        " (nothing was spent)."
    )
    assert fell.tone is rose.tone is Tone.NEUTRAL


def test_a_cost_of_nothing_has_no_status_and_no_score_on_any_page(sight):
    judged = statuses.judge(sight.kpi, reading(0.0, 0.0), Target(500.0, None, None, None, None))
    assert judged == Judged(statuses.NOTHING_SPENT, None, None, None)
    frozen = Reading(0.0, State.FINAL, None, 50)
    assert statuses.judge(sight.kpi, frozen, None).status == statuses.NOTHING_SPENT
    spent = statuses.judge(
        sight.kpi, reading(450.0, 9_000.0), Target(500.0, None, None, None, None)
    )
    assert spent.status == statuses.ON_TARGET


def test_lines_of_the_scorecard_and_the_list_compare_nothing_with_a_cost_of_nothing(sight):
    kpi, formats = sight.kpi, sight.desk.formats
    for pair in ((0.0, 941.0), (941.0, 0.0)):
        before, now = (reading(each, each * 50) for each in pair)
        told = points(sight, before, now)
        judged = tuple(statuses.judge(kpi, one.reading, None) for one in told)
        assert score_lines.change(Standing(kpi, told, (None, None), judged), formats) is None
        assert kpi_strip.change(kpi, now, before, formats) is None


def test_none_of_what_is_counted_for_each_is_a_number_like_any_other(sight):
    days = next(one for one in sight.desk.catalogue.values() if one.key == "product_usage_days")
    assert not of_nothing(days, reading(0.0, 0.0))
    assert comparable(days, reading(0.0, 0.0), reading(2.0, 100.0))


def test_a_kpi_of_what_belongs_to_nobody_is_told_for_the_company_only(place):
    actor = place.actor(Role.REP, "ann", "north")
    found = place.page(actor, COST)
    assert found.cells[0].absence == "it is told for the whole company only"
    assert found.split.empty == "This KPI is told for the whole company only."
    assert found.moved.empty == "This KPI is told for the whole company only."
    assert "no leads" not in str(found)


def test_a_month_of_no_spending_makes_no_usual_range(sight):
    """A cost of 566 lay "within its usual range of 0 to 1,713", of which half the months were 0."""
    period, told = sight.period, []
    for at in range(25):
        cost = reading(0.0, 0.0) if at % 2 else reading(600.0 + at % 3, 30_000.0)
        told.append(Point(period, cost, "0" * 12, 1, restated=False, first=cost.value))
        period = sight.desk.calendar.previous(period)
    assert usual_ranges.of_points(sight.kpi, told[::-1]) is None
    spent = [one for one in told if one.reading.value]
    assert usual_ranges.of_points(sight.kpi, spent[::-1]).lower > 500


def test_most_kpis_are_told_for_everybody(place):
    actor = place.actor(Role.EXECUTIVE)
    with place.database.session(actor.tenant) as session:
        catalogue = open_desk(session, actor, NOW).catalogue
        ann = Who(ScopeKind.OWNER, "ann")
        assert not company_only(catalogue, "win_rate", ann)
        assert company_only(catalogue, COST, ann)
        assert not company_only(catalogue, COST, TENANT)


def test_the_weakest_stage_says_that_nothing_was_spent_before(sight):
    """Its panel read "€0 → €566", as if leads had been had for nothing."""
    told = points(sight, reading(0.0, 0.0), reading(566.0, 28_300.0))
    standing = Standing(
        sight.kpi, told, (None, None), (Judged(statuses.NO_TARGET, *[None] * 3),) * 2
    )
    view = replace(view_of(sight.desk, {}, Grain.MONTH), last=sight.period)
    moved = weak_stage._moved(standing, sight.desk, view)
    assert (moved.before, moved.now) == ("nothing spent", "\u20ac566")


def test_who_moved_a_cost_is_not_told_from_a_month_in_which_nothing_was_spent(sight):
    before, now = points(sight, reading(0.0, 0.0), reading(566.0, 28_300.0))
    asked = Asked(sight.desk, sight.kpi, TENANT, before.period, now.period, (before, now))
    assert plain(untold(asked)) == (
        "Nothing was spent in March 2017, so there is nothing to compare with."
    )
    spent, less = points(sight, reading(941.0, 64_000.0), reading(566.0, 28_300.0))
    asked = replace(asked, points=(spent, less))
    assert untold(asked) == ""


def test_a_trend_calls_usual_only_what_is_held_against_the_usual(sight):
    """It read "usual" beside months without a number, and where nothing is usual yet."""
    limits = xmr.chart([500.0, 520.0, 480.0, 510.0, 505.0, 495.0, 515.0, 485.0, 500.0])
    spent, _ = points(sight, reading(500.0, 25_000.0), reading(0.0, 0.0))
    shown = kpi_trend.Shown(sight, (spent,), 0, limits, {})
    running = replace(spent, reading=replace(spent.reading, state=State.SO_FAR))
    none = replace(spent, reading=Reading(None, State.ABSENT, "no rows", 0))
    nothing = replace(spent, reading=reading(0.0, 0.0))
    partly = replace(spent, begins=spent.period.start)
    held = [kpi_trend._held(shown, one) for one in (spent, running, none, nothing, partly)]
    assert held == [True, False, False, False, False]
    assert not kpi_trend._held(replace(shown, limits=None), spent)
    assert kpi_trend._held(replace(shown, note="Each by its day."), running)
    row = TrendRow("March", "no number", "", "", "", "/x", held=False)
    assert "usual" not in html(kpi_panels._periods((row,)))
    assert "usual" in html(kpi_panels._periods((replace(row, held=True),)))
