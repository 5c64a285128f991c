"""Counting what records lack for many periods at once counts what looking at each alone does."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kpi_engine.compiler.clocks import raw_bounds, window_start
from kpi_engine.compiler.dialect import day
from kpi_engine.compiler.dimensions import owner_key, owner_ways
from kpi_engine.compiler.gaps import SAME_BY, Could
from kpi_engine.compiler.origin import Origin
from kpi_engine.compiler.relations import rows
from kpi_engine.compiler.world import World
from kpi_engine.definitions.catalogue import read_own, shipped_catalogue
from kpi_engine.definitions.expressions import Expression
from kpi_engine.engine.gaps import Looked, Tally, gaps_of
from kpi_engine.periods import Grain, Period
from kpi_engine.questions import Question
from tests.oracle.adapter import engine, rules_of
from tests.oracle.crms import STAGES, crms, settings_of_place
from tests.oracle.oracle import Asked
from tests.oracle.records import Crm
from tests.oracle.scenarios import SETTINGS

pytestmark = pytest.mark.slow

SIZES = {
    "account": 3,
    "activity": 6,
    "campaign": 3,
    "lead": 6,
    "onboarding_step": 4,
    "opportunity": 9,
    "quota": 3,
    "renewal": 5,
    "subscription": 5,
    "ticket": 6,
    "touch": 5,
    "usage": 4,
    "user": 3,
}
GRAINS = (Grain.MONTH, Grain.QUARTER, Grain.YEAR)
OWN = """
- key: own_trailing
  name: Own trailing
  question: How much lately?
  class: outcome
  stage: sales
  department: sales
  unit: money
  better: higher
  cadence: month
  measure: {rolling: {measure: won_revenue, over: 12 months}}
"""


def counted_alone(world: World, one: Could, period: Period) -> str:
    """Write, as plainly as it can be said, what is counted of one kind in one period."""
    origin = Origin(world, one.entity)
    where, *beside = (_filter(origin, each) for each in (one.where, *one.beside))
    mine, placed = f"coalesce({where}, TRUE)", _inside(origin, one, period)
    whole = " OR ".join([mine, *(f"coalesce({each}, TRUE)" for each in beside)])
    every, inside = f"({whole}) AND {placed}", f"{mine} AND {placed}"
    counts = {"n": every, **_twice(origin, one, every)} | dict(
        _others(origin, one, f"coalesce({where}, FALSE)", inside)
    )
    cells = [f"count(*) FILTER (WHERE {told}) AS {name}" for name, told in counts.items()]
    for place, column in enumerate(one.columns):
        lacks = f"{mine} AND {origin(column)} IS NULL"
        cells.append(f"count(*) FILTER (WHERE {every} AND NOT ({lacks})) AS c{place}")
    owner = owner_key(origin) if owner_ways(one.entity) else "CAST(NULL AS VARCHAR)"
    return f"SELECT {owner} AS owner, {', '.join(cells)} {origin.sql()} GROUP BY 1"


def _filter(origin: Origin, where: Expression | None) -> str:
    return f"({origin.expression(where)})" if where is not None else "TRUE"


def _twice(origin: Origin, one: Could, every: str) -> Mapping[str, str]:
    """Those of which there is another of the same address, or domain, that was made before."""
    column = SAME_BY.get(one.entity)
    if column is None:
        return {}
    told = rows(origin.world, one.entity, {"source", "id", "created_at", column})
    same, made = f"lower(trim({{}}.{column}))", "coalesce({}.created_at, TIMESTAMP '9999-01-01')"
    if one.entity == "account":
        same = f"regexp_replace({same}, '^www\\.', '')"
    found = (
        f"SELECT concat(a.source, '|', a.id) FROM {told} AS a JOIN {told} AS b"
        f" ON {same.format('a')} = {same.format('b')} AND {same.format('a')} <> ''"
        f" AND ({made.format('b')}, b.source, b.id) < ({made.format('a')}, a.source, a.id)"
    )
    mine = f"concat({origin('source')}, '|', {origin('id')})"
    return {"twice": f"({every}) AND {mine} IN ({found})"}


def _others(origin: Origin, one: Could, sure: str, inside: str) -> Iterator[tuple[str, str]]:
    today = origin.world.today
    if one.placed is not None:
        moment = origin.expression(one.placed)
        yield "dated", f"{sure} AND {moment} IS NOT NULL"
        yield "undated", f"{sure} AND {moment} IS NULL"
        yield "ahead", f"{sure} AND {_from(origin, one.placed, today + timedelta(days=1))}"
    if one.entity == "opportunity":
        late = f"{origin('expected_close_on')} < {day(today)}"
        yield "late", f"{inside} AND {origin('status')} = 'open' AND {late}"
        yield "unmapped", f"NOT {origin('stage_is_mapped')}"


def _inside(origin: Origin, one: Could, period: Period) -> str:
    if one.placed is None:
        return "TRUE"
    if one.closed is None:
        first = window_start(origin.world.calendar, period, one.window)
        return " AND ".join(raw_bounds(origin, one.placed, first, period.end))
    end = min(period.end, origin.world.today + timedelta(days=1))
    begun = f"NOT ({_from(origin, one.placed, end)})"
    closed = origin.expression(one.closed)
    return f"{begun} AND ({closed} IS NULL OR {_from(origin, one.closed, end)})"


def _from(origin: Origin, moment: Expression, first: date) -> str:
    bounds = raw_bounds(origin, moment, first, first + timedelta(days=1))
    return bounds[0]


def tallies(rows: list[dict[str, int]], one: Could) -> Mapping[str | None, Tally]:
    """Return what was counted by owner."""
    found = {}
    for row in rows:
        owner = row.pop("owner")
        filled = tuple(row.pop(f"c{place}") for place in range(len(one.columns)))
        found[owner] = Tally(filled=filled, **row)
    return found


def kinds(found: Iterable[tuple[Looked, ...]]) -> list[Looked]:
    """Return what was looked at for some KPIs, each kind of record once, where there are any."""
    each = {looked.could: looked for several in found for looked in several}
    return [looked for looked in each.values() if looked.loaded]


def told(looked: Looked) -> Mapping[str | None, Tally]:
    """Return what was found by owner; nobody's under None."""
    return {**looked.by_owner, None: looked.nobodys}


def periods_of(question: Question) -> list[Period]:
    """Return months, quarters and years that overlap, in no order of time."""
    found = [
        period
        for grain in GRAINS
        for period in question.calendar.periods(grain, question.start, question.end)
    ]
    return found[::-1]


@st.composite
def companies(draw: st.DrawFn) -> tuple[Crm, Question]:
    """Draw a company and the days that are looked at."""
    place = draw(settings_of_place())
    around = place.days[0]
    today = around + timedelta(days=draw(st.sampled_from((0, 40, 500))))
    catalogue = read_own(OWN, shipped_catalogue(SETTINGS))[0]
    start = around - timedelta(days=100)
    question = Question(
        tuple(catalogue), GRAINS, start, around + timedelta(days=50), today, place.calendar
    )
    return draw(crms(SIZES, place)), question


def test_many_periods_at_once_are_each_period_alone():
    seen: list[int] = []

    @settings(
        max_examples=2,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(companies())
    def check(company: tuple[Crm, Question]) -> None:
        crm, question = company
        catalogue = read_own(OWN, shipped_catalogue(SETTINGS))[0]
        asked = Asked(crm, catalogue, STAGES, rules_of(SETTINGS), question)
        periods = periods_of(question)
        with engine(asked, SETTINGS) as one:
            world = one.staged(question).world
            found = gaps_of(one, question, periods)
            for period in periods:
                for looked in kinds(found[period].values()):
                    rows = one.runner.run(counted_alone(world, looked.could, period)).to_pylist()
                    alone = tallies(rows, looked.could)
                    assert told(looked) == {None: Tally()} | alone, (period, looked.could)
                    seen.append(looked.every.n)

    check()
    assert sum(map(bool, seen)) > len(seen) / 8
