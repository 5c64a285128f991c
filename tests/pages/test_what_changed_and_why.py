"""A sentence on a change tells the numbers, the usual range and who moved it, and nothing more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.reading import Reading, State
from portal.readmodels.cards import Tone
from portal.readmodels.formats import Formats
from portal.services import stories
from portal.services.parts_of_change import Pair, contributions
from portal.services.stories import Told, Usual

FORMATS = Formats("en", "EUR")
KPIS = shipped_catalogue()
SPACE = "\u00a0"


def rate(over: float, under: float) -> Reading:
    return Reading(over / under, State.FINAL, None, round(under), over, under)


def figure(value: float | None, n: int = 20) -> Reading:
    if value is None:
        return Reading(None, State.ABSENT, "no rows", 0)
    return Reading(value, State.FINAL, None, n)


def told(key: str, now: Reading, before: Reading, **more) -> str:
    made = Told(KPIS.kpi(key), now, before, "Q2 2026", **more)
    return stories.story(made, FORMATS).text.replace(SPACE, " ")


def test_a_rate_names_the_group_that_explains_its_fall():
    groups = {
        "n": Pair(rate(12, 100), rate(24, 100)),
        "s": Pair(rate(28, 77), rate(26, 74)),
    }
    said = told("win_rate", rate(40, 177), rate(50, 174), groups=groups, names={"n": "North"})
    assert said.startswith("Win rate fell 6.1 pp to 22.6 % against Q2 2026.")
    assert "North explains all of the fall: 12.0 %, before 24.0 %." in said


def test_a_sum_names_the_group_and_its_share():
    groups = {
        "a": Pair(figure(60_000), figure(100_000)),
        "b": Pair(figure(90_000), figure(100_000)),
    }
    said = told(
        "won_revenue",
        figure(150_000),
        figure(200_000),
        groups=groups,
        names={"a": "South", "b": "West"},
    )
    assert "fell 25.0 % to €150K" in said
    assert "South explains 80 % of the fall: €60K, before €100K." in said


def test_a_median_is_never_shared_out_it_names_who_moved_furthest_the_same_way():
    groups = {
        "a": Pair(figure(90), figure(50)),
        "b": Pair(figure(40), figure(45)),
        "c": Pair(figure(400, n=2), figure(10, n=2)),
    }
    said = told(
        "sales_cycle_days", figure(70), figure(60), groups=groups, names={"a": "A", "c": "C"}
    )
    assert "Furthest the same way: A, 90 days, before 50 days." in said
    assert "explains" not in said


def test_what_lies_outside_its_usual_range_is_a_signal_and_what_lies_within_is_not():
    inside = Told(KPIS.kpi("csat"), figure(0.8), figure(0.82), "Q2", usual=Usual(0.7, 0.9))
    outside = Told(KPIS.kpi("csat"), figure(0.6), figure(0.82), "Q2", usual=Usual(0.7, 0.9))
    assert not stories.story(inside, FORMATS).signal
    assert "within its usual range" in stories.story(inside, FORMATS).fact
    assert stories.story(outside, FORMATS).signal
    assert "below its usual range" in stories.story(outside, FORMATS).fact


@pytest.mark.parametrize(
    ("key", "now", "before", "tone"),
    [
        ("win_rate", 0.3, 0.2, Tone.GOOD),
        ("win_rate", 0.2, 0.3, Tone.BAD),
        ("customer_churn_rate", 0.3, 0.2, Tone.BAD),
        ("forecast_bias", 0.3, 0.2, Tone.NEUTRAL),
    ],
)
def test_whether_a_change_is_good_follows_the_kpi_and_not_the_sign(key, now, before, tone):
    made = Told(KPIS.kpi(key), figure(now), figure(before), "Q2")
    assert stories.story(made, FORMATS).tone is tone


def test_a_number_that_is_not_there_tells_its_reason_and_no_change():
    assert told("csat", figure(None), figure(0.8)) == "Customer satisfaction: no records."
    said = told("csat", figure(0.8), figure(None))
    assert "Q2 2026 has nothing to compare with (no records)" in said


def test_a_rise_from_nothing_has_no_percentage():
    said = told("won_deals", figure(5), figure(0))
    assert said == "Won deals rose to 5 from 0 in Q2 2026."


def test_what_reads_the_same_has_not_moved():
    assert "held at 27.0 %" in told("win_rate", figure(0.27), figure(0.27004))


parts = st.lists(st.tuples(*[st.integers(0, 500), st.integers(1, 500)] * 2), min_size=1, max_size=6)


@given(parts)
def test_the_parts_of_a_rates_change_add_up_to_it(groups):
    pairs = {
        str(at): Pair(rate(min(a, b), b), rate(min(c, d), d))
        for at, (a, b, c, d) in enumerate(groups)
    }
    whole = Pair(
        rate(
            sum(one.now.over for one in pairs.values()),
            sum(one.now.under for one in pairs.values()),
        ),
        rate(
            sum(one.before.over for one in pairs.values()),
            sum(one.before.under for one in pairs.values()),
        ),
    )
    found = contributions(KPIS.kpi("win_rate"), whole, pairs)
    if found:
        assert sum(one.points for one in found) == pytest.approx(
            whole.now.value - whole.before.value
        )
        assert sum(one.share for one in found) == pytest.approx(1)


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=6))
def test_records_of_nobody_are_a_part_of_their_own(groups):
    pairs = {str(at): Pair(figure(now), figure(was)) for at, (now, was) in enumerate(groups)}
    whole = Pair(figure(sum(now for now, _ in groups) + 100), figure(sum(was for _, was in groups)))
    found = contributions(KPIS.kpi("won_revenue"), whole, pairs)
    if found:
        assert sum(one.points for one in found) == pytest.approx(
            whole.now.value - whole.before.value
        )
        assert "" in {one.key for one in found}


def test_an_accuracy_is_not_taken_apart_as_if_it_were_a_rate():
    now, before = (
        Reading(1 - over / 100, State.FINAL, None, 5, over, 100.0) for over in (30.0, 10.0)
    )
    assert contributions(KPIS.kpi("forecast_accuracy"), Pair(now, before), {}) == ()
