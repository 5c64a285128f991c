"""A team's people over some KPIs: each with its target, its step of heat, or why there is none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.language import mark
from kpi_engine.periods import Grain, Period
from kpi_engine.reading import Reading
from kpi_engine.units import MEANS
from portal.models.observations import ScopeKind
from portal.services import numbers, statuses, targets
from portal.services.desks import Desk
from portal.services.numbers import Who
from portal.services.sales_facts import PeriodView
from portal.services.targets import Target
from portal.services.working_time import Days, is_early

_STANDARDS = MEANS
"""Units of which a team's target holds for each of its people too: a share, a time."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One column: a KPI, at which grain, and whether its open period is what matters."""

    key: KpiKey
    title: str
    grain: Grain
    open: bool = False
    paced: bool = False
    """Whether it grows from nothing over its period, so that it is held against its pace."""


MEASURES = (
    Measure(KpiKey("quota_attainment"), mark("Quota"), Grain.QUARTER, open=True, paced=True),
    Measure(KpiKey("pipeline_coverage_remaining"), mark("Coverage"), Grain.QUARTER, open=True),
    Measure(KpiKey("pipeline_created"), mark("Built"), Grain.QUARTER, open=True, paced=True),
    Measure(KpiKey("win_rate"), mark("Win rate"), Grain.QUARTER),
    Measure(KpiKey("lead_response_hours"), mark("Response"), Grain.QUARTER),
    Measure(KpiKey("call_connect_rate"), mark("Connects"), Grain.QUARTER),
    Measure(KpiKey("follow_up_on_time_rate"), mark("Follow-ups"), Grain.QUARTER),
)
VOLUMES = (KpiKey("new_leads"), KpiKey("opportunities_created"))
"""What people are given to work on; the first that the tenant has is looked at."""


@dataclass(frozen=True, slots=True)
class GridCell:
    """One KPI of one person or team."""

    reading: Reading
    target: Target | None
    level: int | None
    too_few: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """All cells, and what each column is of."""

    kpis: Mapping[KpiKey, Kpi]
    periods: Mapping[KpiKey, Period]
    part: float
    """The part of the open quarter's working days that is gone."""
    cells: Mapping[tuple[Who, KpiKey], GridCell]
    targets: Mapping[KpiKey, Target]
    """The team's own targets, or the company's."""
    volume: Mapping[str, float]
    """What each person was given in the last whole quarter."""

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The columns in which somebody has a number."""
        told = {key for (_, key), cell in self.cells.items() if cell.reading.value is not None}
        return tuple(one for one in MEASURES if one.key in told)

    def value(self, who: Who, key: KpiKey) -> float | None:
        """Return a number, or None."""
        cell = self.cells.get((who, key))
        return None if cell is None else cell.reading.value


def read_grid(
    desk: Desk, team: Who, owners: Iterable[str], teams: Iterable[str], seen: PeriodView
) -> Grid:
    """Read the cells of a team, of its people, and of the teams below it.

    Args:
        desk: Who asks; only keys that their reach allows may be handed in.
        team: The whole.
        owners: The keys of its people.
        teams: The keys of the teams that are shown under it.
        seen: The quarter, and the day that has ended.
    """
    known = [one for one in MEASURES if one.key in desk.catalogue]
    periods = {one.key: _period(desk, one, seen) for one in known}
    wanted = {ScopeKind.OWNER: frozenset(owners), ScopeKind.TEAM: frozenset(teams)}
    wanted[team.kind] = wanted.get(team.kind, frozenset()) | {team.id}
    part = Days(seen.period, seen.today, desk.catalogue.settings).part
    kpis = {one.key: desk.catalogue[one.key] for one in known}
    goals = _goals(desk, team, periods)
    cells: dict[tuple[Who, KpiKey], GridCell] = {}
    for period in dict.fromkeys(periods.values()):
        columns = [one for one in known if periods[one.key] == period]
        keys = [one.key for one in columns]
        for kind, ids in wanted.items():
            if not ids:
                continue
            told = numbers.across(desk.session, desk.calendar, keys, period, kind)
            own = targets.across(desk.session, keys, period, kind)
            for one in columns:
                for scope_id in ids & told[one.key].keys():
                    target = own[one.key].get(scope_id)
                    if target is None and kpis[one.key].unit in _STANDARDS:
                        target = goals.get(one.key)
                    reading = told[one.key][scope_id].reading
                    who = Who(kind, scope_id)
                    cells[who, one.key] = _cell(kpis[one.key], one, reading, target, part)
    volume = _volume(desk, wanted[ScopeKind.OWNER], seen)
    return Grid(kpis, periods, part, cells, goals, volume)


def _period(desk: Desk, measure: Measure, seen: PeriodView) -> Period:
    running = desk.calendar.holding(seen.today, measure.grain)
    ended = seen.today + timedelta(days=1) >= running.end
    return running if measure.open or ended else desk.calendar.previous(running)


def _goals(desk: Desk, team: Who, periods: Mapping[KpiKey, Period]) -> Mapping[KpiKey, Target]:
    found: dict[KpiKey, Target] = {}
    for period in dict.fromkeys(periods.values()):
        keys = [key for key, one in periods.items() if one == period]
        for who in (numbers.TENANT, team):
            told = targets.of(desk.session, desk.calendar, keys, (period,), who)
            for (key, _), target in told.items():
                if who == team or desk.catalogue[key].unit in _STANDARDS:
                    found[key] = target
    return found


def _cell(
    kpi: Kpi, measure: Measure, reading: Reading, target: Target | None, part: float
) -> GridCell:
    judged = statuses.judge(kpi, reading, target)
    few = statuses.too_few(kpi, reading)
    if reading.value is None or few:
        return GridCell(reading, target, None, few)
    level = judged.level
    if measure.key == MEASURES[0].key:
        level = _paced_level(round(reading.value, 2), part)
    elif judged.attained is not None and level is None:
        level = statuses.level_of(judged.attained)
        if measure.paced and part:
            level = _paced_level(judged.attained, part)
    return GridCell(reading, target, level, too_few=False)


def _paced_level(value: float, part: float) -> int | None:
    """Return the heat of what should grow evenly; none where it is too early to be behind."""
    if not part or (value < part and is_early(part)):
        return None
    return statuses.level_of(value / part)


def _volume(desk: Desk, owners: frozenset[str], seen: PeriodView) -> Mapping[str, float]:
    running = desk.calendar.holding(seen.today, Grain.QUARTER)
    last = desk.calendar.previous(running)
    for key in VOLUMES:
        if key in desk.catalogue:
            told = numbers.across(desk.session, desk.calendar, (key,), last, ScopeKind.OWNER)[key]
            found = {
                owner: point.reading.value
                for owner, point in told.items()
                if owner in owners and point.reading.value is not None
            }
            if found:
                return found
    return {}
