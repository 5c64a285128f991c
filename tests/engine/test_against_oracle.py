"""The engine says what reading the records one by one says, for every kind of measure.

`HYPOTHESIS_PROFILE=deep` looks further, at random; without it the same examples run every time.
"""

import os
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.definitions.expressions import parse
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Calendar, Grain, Weekday
from kpi_engine.questions import Dimension
from tests.oracle.adapter import rules_of, through_the_store
from tests.oracle.comparison import compared, differences
from tests.oracle.crms import STAGES, ZONES, crms, settings_of_place
from tests.oracle.days import Days, holding, label, midnight, months_later, periods
from tests.oracle.definitions import KINDS, a_kpi, entities_of
from tests.oracle.oracle import Asked, answer
from tests.oracle.reduction import reduced, told
from tests.oracle.scenarios import (
    OTHER_SETTINGS,
    SETTINGS,
    WHERES,
    Scenario,
    dimensions_of,
    narrowed,
    plain,
    questions,
    splits_of,
)

pytestmark = pytest.mark.slow

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"


def looking_at(quick: int) -> settings:
    """Settings that look at so many examples, the same ones each time; many more when deep.

    A failing example is made small by `reduced`, which knows what a CRM is.
    """
    return settings(
        max_examples=quick * 40 if DEEP else quick,
        deadline=None,
        derandomize=not DEEP,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )


def hold(scenario: Scenario) -> None:
    """Fail with a small example where the engine and the oracle differ."""
    found = differences(scenario.asked, scenario.settings, scenario.base)
    if found:
        small = reduced(
            scenario.asked, lambda asked: bool(differences(asked, scenario.settings, scenario.base))
        )
        found = differences(small, scenario.settings, scenario.base)
        pytest.fail(
            "\n".join([told(small), f"compacted to {scenario.base}", *found]), pytrace=False
        )


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_kpi_of_everybody_is_what_its_records_say(kind: str):
    @looking_at(8)
    @given(plain(kind))
    def check(scenario: Scenario) -> None:
        hold(scenario)

    check()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_kpi_split_scoped_and_known_earlier_is_what_its_records_said(kind: str):
    @looking_at(10)
    @given(narrowed(kind))
    def check(scenario: Scenario) -> None:
        hold(scenario)

    check()


@st.composite
def crowded(draw: st.DrawFn) -> Scenario:
    """Several KPIs at several grains and splits in one question, which share what is read."""
    kinds = draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=2, max_size=4))
    measures = [draw(KINDS[kind]) for kind in kinds]
    place = draw(settings_of_place())
    sizes: dict[str, int] = {}
    for measure in measures:
        sizes = {**entities_of(measure), **sizes}
    kpis = {KpiKey(f"k{n}"): a_kpi(one, key=f"k{n}") for n, one in enumerate(measures)}
    common = set(dimensions_of(*measures))
    question = draw(questions(place, kpis))
    grains = draw(st.sampled_from([(Grain.MONTH, Grain.QUARTER), (Grain.QUARTER, Grain.MONTH)]))
    wanted = [(Dimension.OWNER,), (Dimension.TEAM,), (Dimension.TEAM, Dimension.REGION)]
    splits = ((), *(split for split in wanted if set(split) <= common))
    question = replace(question, grains=grains, splits=splits)
    crm = draw(crms({name: min(size, 5) for name, size in sizes.items()}, place))
    return Scenario(Asked(crm, kpis, STAGES, rules_of(SETTINGS), question), draw(st.integers(0, 2)))


@looking_at(8)
@given(crowded())
def test_kpis_asked_together_are_what_they_are_alone(scenario: Scenario):
    hold(scenario)


@st.composite
def filtered(draw: st.DrawFn) -> Scenario:
    """A KPI with a filter over the names of the dimensions."""
    kind = draw(st.sampled_from(["aggregate", "cohort", "stock", "duration"]))
    found = draw(narrowed(kind))
    where = draw(st.sampled_from(WHERES))
    names = {each.value: ColumnType.TEXT for each in Dimension}
    question = replace(found.asked.question, where=where)
    read = parse(where, names, wants=ColumnType.BOOLEAN)
    return replace(found, asked=replace(found.asked, question=question, where=read))


@looking_at(12)
@given(filtered())
def test_a_question_with_a_filter_sees_only_what_passes(scenario: Scenario):
    has = dimensions_of(next(iter(scenario.asked.kpis.values())).measure)
    if {Dimension.OWNER, Dimension.TEAM, Dimension.REGION} <= set(has):
        hold(scenario)


@st.composite
def shipped(draw: st.DrawFn) -> Scenario:
    """A KPI that ships, with the KPIs that it is made of, on a CRM of all that it reads."""
    told = draw(st.sampled_from((SETTINGS, OTHER_SETTINGS)))
    catalogue = shipped_catalogue(told)
    kpi = catalogue[draw(st.sampled_from(sorted(catalogue)))]
    place = draw(settings_of_place())
    parts = [part.measure for part in catalogue.closure([kpi.key])]
    sizes: dict[str, int] = {}
    for part in parts:
        sizes = {**entities_of(part), **sizes}
    crm = draw(crms({name: min(size, 6) for name, size in sizes.items()}, place))
    question = draw(questions(place, {kpi.key: kpi}, draw(splits_of(*parts))))
    question = replace(question, grains=(draw(st.sampled_from([Grain.MONTH, Grain.QUARTER])),))
    asked = Asked(crm, catalogue, STAGES, rules_of(told), question)
    return Scenario(asked, draw(st.integers(0, 2)), told)


@looking_at(40)
@given(shipped())
def test_a_shipped_kpi_is_what_its_records_say(scenario: Scenario):
    hold(scenario)


@st.composite
def stored(draw: st.DrawFn) -> Scenario:
    """A KPI over a CRM of one source, as loads bring it in."""
    kind = draw(st.sampled_from(["aggregate", "stock", "balance", "slipped", "ratio"]))
    found = draw(narrowed(kind))
    crm = {
        name: [row for row in rows if row["source"] == "a"]
        for name, rows in found.asked.crm.items()
    }
    return replace(found, asked=replace(found.asked, crm=crm))


@looking_at(6)
@given(scenario=stored())
def test_what_the_store_kept_is_what_was_loaded(
    scenario: Scenario, tmp_path_factory: pytest.TempPathFactory
):
    folder: Path = tmp_path_factory.mktemp("store")
    theirs = through_the_store(scenario.asked, scenario.settings, folder, scenario.base)
    found = compared(scenario.asked, theirs)
    assert not found, "\n".join(found)


days = st.dates(date(2008, 1, 1), date(2024, 12, 31))
calendars = st.builds(
    Calendar,
    st.sampled_from((*ZONES, "Africa/Cairo", "America/Havana", "Asia/Beirut")),
    st.integers(1, 12),
    st.sampled_from(Weekday),
)


@looking_at(150)
@given(days, st.sampled_from(Grain), calendars)
def test_a_period_is_found_by_walking_to_its_ends(day: date, grain: Grain, calendar: Calendar):
    theirs, mine = calendar.holding(day, grain), holding(day, grain, calendar)
    assert (theirs.start, theirs.end) == (mine.start, mine.end)
    assert theirs.label == label(mine, grain, calendar)


@looking_at(60)
@given(days, st.integers(0, 400), st.sampled_from(Grain), calendars)
def test_periods_follow_without_gap(day: date, count: int, grain: Grain, calendar: Calendar):
    end = day + timedelta(days=count)
    theirs = [Days(one.start, one.end) for one in calendar.periods(grain, day, end)]
    assert theirs == periods(grain, day, end, calendar)


@looking_at(150)
@given(days, calendars)
def test_a_day_begins_at_its_first_instant(day: date, calendar: Calendar):
    assert calendar.instant(day) == midnight(day, calendar.timezone)


@looking_at(150)
@given(days, st.integers(-40, 40))
def test_a_month_later_is_the_same_day_or_the_last(day: date, months: int):
    assert Calendar().shift(day, Grain.MONTH, months) == months_later(day, months)


def test_the_oracle_is_not_silent():
    """Most examples must compare numbers, or nothing would be shown by them."""
    seen: list[bool] = []

    @looking_at(60)
    @given(plain("aggregate"))
    def look(scenario: Scenario) -> None:
        values = [one.outcome.value for one in answer(scenario.asked).values()]
        seen.append(any(value is not None for value in values))

    look()
    assert sum(seen) >= len(seen) // 4
