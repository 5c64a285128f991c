"""A number reads alike wherever it stands: on homes, on its own page, in a table and in a file.

Coverage read 2.2 times on homes and "222 %" on the page that they lead to. The target of a KPI that
is good in a range was drawn and exported as the middle of the range, which is nobody's target. The
parts of a small group read "1.2346e+06 of 2.5e+06".
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.definitions.fingerprint import fingerprint
from kpi_engine.periods import Calendar, Grain
from kpi_engine.reading import Reading, State
from kpi_engine.units import Unit, shown
from portal.cli import figures as told_in_terminal
from portal.readmodels.figures import scale_of
from portal.readmodels.formats import Formats
from portal.services import kpi_split, kpi_strip, pipeline_text, statuses
from portal.services.exports import sheet_of
from portal.services.goal_panels import _exceptional
from portal.services.goal_scores import Weighed, roll_up
from portal.services.home_card import Card, Wish
from portal.services.numbers import Point
from portal.services.sheets import Figure
from portal.services.standings import Standing
from portal.services.targets import Target
from portal.services.team_grid import _STANDARDS
from portal.services.typed_figures import figure
from portal.services.working_time import Days
from tests.exports.made import card, line

KPIS = shipped_catalogue()
EN, DE = Formats("en", "EUR"), Formats("de", "EUR")
COVERAGES = ("pipeline_coverage", "pipeline_coverage_remaining", "pipeline_coverage_weighted")
QUARTER = Calendar().holding(date(2026, 8, 1), Grain.QUARTER)
SPACE = "\u00a0"


def plain(text: str) -> str:
    return text.replace(SPACE, " ")


@pytest.mark.parametrize("key", COVERAGES)
def test_coverage_is_a_multiple_on_a_home_and_on_its_page(key):
    kpi = KPIS.kpi(key)
    reading = Reading(2.2222, State.FINAL, None, 40, 4_000_000.0, 1_800_000.0)
    point = Point(QUARTER, reading, "", 1, restated=False, first=2.2222)
    standing = Standing(kpi, (point,), (None,), (statuses.judge(kpi, reading, None),))
    days = Days(QUARTER, date(2026, 9, 30), KPIS.settings)
    wish = Wish(key, Grain.QUARTER, "Coverage")
    home = Card(_Desk(), wish, standing, QUARTER, days, ())  # type: ignore[arg-type]
    scale = scale_of((2.2222,), kpi.unit, EN)
    everywhere = {
        home.text(2.2222),
        EN.short(2.2222, kpi.unit),
        EN.value(2.2222, kpi.unit),
        shown(2.2222, kpi.unit),
        told_in_terminal.short(2.2222, kpi.unit),
        scale.text(2.2222) + scale.unit,
    }
    assert everywhere == {"2.2×"}


class _Desk:
    formats = EN


def test_a_multiple_reads_so_in_every_form():
    unit = Unit.TIMES
    assert DE.short(2.25, unit) == "2,3×"
    assert EN.range(1.9, 5.16, unit) == "1.9–5.2×"
    assert EN.target(3, unit) == "3.0×"
    assert EN.change(1.64, 2.25, unit) == "−0.7×"
    assert EN.difference(3.0, 2.0, unit) == "+1.0×"
    assert {word[-1] for _, word in EN.ticks((1.0, 3.0), unit)} == {"×"}
    assert figure("Target", "3.5", unit, "en") == figure("Target", "3.5×", unit, "en") == 3.5


def test_to_read_it_as_a_multiple_makes_no_other_number_of_it():
    """What was observed of it holds: nothing is restated."""
    for key in COVERAGES:
        kpi = KPIS.kpi(key)
        share = replace(kpi, unit=Unit.RATIO)
        assert fingerprint(kpi, KPIS) == fingerprint(share, KPIS.with_own([share]))


def test_a_multiple_is_judged_on_its_page_as_it_is_on_a_home():
    """Money over money: seven deals are as good as forty. Its page said "Too few"."""
    kpi = KPIS.kpi("pipeline_coverage_remaining")
    reading = Reading(2.0, State.FINAL, None, 7, 200.0, 100.0)
    assert statuses.judge(kpi, reading, Target(3.0)).status == statuses.OFF_TARGET
    assert kpi.unit in _STANDARDS


def test_a_quota_of_three_records_is_judged_on_its_page_as_in_a_teams_table():
    """The table of a team said 152; the page that it leads to said "n too small"."""
    of_three = Reading(1.52, State.FINAL, None, 3, 152.0, 100.0)
    quota, wins = KPIS.kpi("quota_attainment"), KPIS.kpi("win_rate")
    assert not statuses.too_few(quota, of_three)
    assert statuses.judge(quota, of_three, Target(1.0)).status == statuses.ON_TARGET
    assert statuses.too_few(wins, replace(of_three, value=0.5))


BIAS = KPIS.kpi("forecast_bias")
RANGE = Target(None, -0.08, 0.08)


def test_a_range_is_drawn_at_both_its_ends():
    levels = kpi_strip.goal_levels(RANGE, BIAS.unit, EN)
    assert {name: one.value for name, one in levels.items()} == {"floor": -0.08, "target": 0.08}
    assert {plain(one.text) for one in levels.values()} == {"Target −8.0 %", "Target 8.0 %"}
    assert kpi_strip.goal_levels(Target(0.3), BIAS.unit, EN).keys() == {"target"}
    assert kpi_strip.goal_levels(None, BIAS.unit, EN) == {}


def test_a_file_tells_a_range_and_no_middle_of_it():
    made = sheet_of(
        card(line(aimed=None, target="1.20 to 1.50", goal="€1.20M–€1.50M", counted="€")), "Kestrel"
    )
    told = dict(zip(made.columns, made.rows[0], strict=True))
    assert told["Target"] == "€1.20M–€1.50M"


@pytest.mark.parametrize("far", [0.1, 0.16, 0.5])
def test_a_range_round_nought_is_attained_as_much_below_as_above(far):
    ends = [Reading(value, State.FINAL, None, 24) for value in (far, -far)]
    above, below = (statuses.judge(BIAS, one, RANGE) for one in ends)
    assert above == below
    assert above.attained == pytest.approx(0.08 / far)


def test_a_target_is_told_with_its_unit_as_the_number_beside_it():
    one = _exceptional(line(target="45", unit="€K", goal="€45K"))
    assert one.target == "€45K"


def test_the_parts_of_a_small_group_are_read_as_numbers():
    few = Reading(1_234_567 / 2_500_000, State.FINAL, None, 6, 1_234_567.0, 2_500_000.0)
    assert plain(kpi_split._note(few, EN, few=True)) == "1,234,567 of 2,500,000; n too small"
    assert plain(kpi_split._note(few, DE, few=True)).startswith("1.234.567 ")


def test_a_score_has_the_same_tenth_in_a_file_as_on_the_page():
    for scored in (6.25, 6.35, 6.45, 2.65):
        made = sheet_of(card(line(score=EN.number(scored, 1), scored=scored)), "Kestrel")
        (found,) = (
            cell
            for head, cell in zip(made.columns, made.rows[0], strict=True)
            if head == "Score" and isinstance(cell, Figure)
        )
        assert EN.number(found.value, 1) == EN.number(scored, 1)


def test_halves_are_rounded_up_in_a_waterfall_and_in_a_weight():
    scale = pipeline_text._Scale(EN, "EUR thousand", 1000)
    assert [scale.whole(Decimal(one)) for one in (1_514_500, 1_515_500, -2_500)] == [
        1515,
        1516,
        -3,
    ]
    parts = [Weighed(5.0, 5), Weighed(None, 3)]
    assert roll_up(parts).weight == 63
    assert roll_up([Weighed(None, 1), Weighed(7.0, 7)]).weight == 88
