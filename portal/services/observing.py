"""What is there to be observed: every KPI of closed periods, for the tenant, teams and owners."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kpi_engine.compiler.relations import KEY_SEPARATOR
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.definitions.outlook import looks_forward
from kpi_engine.engine.answer import Answer, Block
from kpi_engine.periods import Period
from kpi_engine.questions import Dimension, Question, Scope, Split
from kpi_engine.questions import ScopeKind as Reach
from kpi_engine.reading import Absence, Reading, State
from portal.models.observations import ScopeKind
from portal.services import whole_forecasts
from portal.services.engines import Opened

_SPLITS: Mapping[ScopeKind, Split] = {
    ScopeKind.TENANT: (),
    ScopeKind.TEAM: (Dimension.TEAM,),
    ScopeKind.OWNER: (Dimension.OWNER,),
}
_SCOPES = {split: scope for scope, split in _SPLITS.items()}
NOTHING = Reading(None, State.ABSENT, Absence.NO_ROWS.value, 0)
"""What is known of a team or owner without any records, whatever the kind of KPI."""
_OVER = Reading(None, State.ABSENT, Absence.OVER.value, 0)
_RUNS = Reading(None, State.ABSENT, Absence.FORECAST_RUNS.value, 0)
_IN_PART = Reading(None, State.ABSENT, Absence.PROMISED_IN_PART.value, 0)


@dataclass(frozen=True, slots=True)
class Series:
    """What tells one observation from another; its grain is told beside.

    `scope_id` is empty for the tenant. For a team or owner it is its source and its id, also while
    there is one source only: with a second one the series goes on.
    """

    kpi: str
    scope: ScopeKind
    scope_id: str
    start: date


@dataclass(frozen=True, slots=True)
class Found:
    """One reading of one series. `label` is the name of the team or owner."""

    series: Series
    period: Period
    reading: Reading
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked at, on which day. The periods may be of several grains."""

    kpis: tuple[KpiKey, ...]
    periods: Sequence[Period]
    today: date
    scopes: tuple[ScopeKind, ...] = tuple(ScopeKind)


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found, as grids: readings are made of them when they are asked for."""

    answer: Answer
    of_teams: Sequence[tuple["_Above", Answer]]
    """The teams with teams below them, which a split by team would tell without those."""
    source: str
    """The source of every record, where there is only one."""
    forward: frozenset[KpiKey]
    """The KPIs that tell what is still to come: of a period that is over they tell nothing."""
    judging: frozenset[KpiKey]
    """Those that judge forecasts: of one that was forecast in part, or runs, they tell nothing."""
    in_part: frozenset[Period]
    today: date

    def found(self, periods: Iterable[Period]) -> Iterator[Found]:
        """Yield a reading for the tenant, and for each team and owner with records behind it.

        Records of nobody are in the tenant's number; nobody is no scope of its own.
        """
        wanted = frozenset(periods)
        above = {team.key for team, _ in self.of_teams}
        for block in self.answer.blocks:
            yield from self._of_block(block, wanted, above)
        for team, answer in self.of_teams:
            for block in answer.blocks:
                yield from self._of_team(block, wanted, team)

    def _of_block(
        self, block: Block, wanted: frozenset[Period], above: set[str]
    ) -> Iterator[Found]:
        scope = _SCOPES[block.split]
        for group in block.shown():
            key = block.groups[group][0] if block.split else None
            if block.split and (key is None or (scope is ScopeKind.TEAM and key in above)):
                continue
            label = block.labels[group][0] if block.split else None
            for period, reading in self._readings(block, group, wanted):
                if key is None:
                    yield Found(Series(block.kpi, scope, "", period.start), period, reading)
                else:
                    series = Series(block.kpi, scope, self._named(key), period.start)
                    yield Found(series, period, _settled(reading), label)

    def _of_team(self, block: Block, wanted: frozenset[Period], team: "_Above") -> Iterator[Found]:
        for period, reading in self._readings(block, 0, wanted):
            series = Series(block.kpi, ScopeKind.TEAM, self._named(team.key), period.start)
            yield Found(series, period, _settled(reading), team.name)

    def _readings(
        self, block: Block, group: int, wanted: frozenset[Period]
    ) -> Iterator[tuple[Period, Reading]]:
        for number, period in enumerate(block.periods):
            if period in wanted:
                yield period, self._told(block, period, block.reading(group, number))

    def _told(self, block: Block, period: Period, reading: Reading) -> Reading:
        """Return a reading, or why pages tell none of its value."""
        if reading.value is None:
            return reading
        if period.end <= self.today and block.kpi in self.forward:
            return _OVER
        if block.kpi in self.judging:
            if period in self.in_part:
                return _IN_PART
            # Beside what is won so far, a forecast of the whole period reads as far too much.
            return _RUNS if period.end > self.today else reading
        return reading

    def _named(self, key: str) -> str:
        """Name a team or owner by source and id, for one source as for several."""
        return f"{self.source}{KEY_SEPARATOR}{key}" if self.source else key


def look(opened: Opened, asked: Look) -> Looked:
    """Ask for every KPI; a team's reading counts the records of the teams below it, too.

    All periods are asked in one question, so they had better lie near one another.
    """
    splits = tuple(_SPLITS[scope] for scope in asked.scopes)
    answer = opened.engine.ask(_question(opened, asked, splits))
    by_team = tuple({one.kpi: None for one in answer.blocks if one.split == (Dimension.TEAM,)})
    question = _question(opened, replace(asked, kpis=by_team), ((),))
    of_teams = [
        (team, opened.engine.ask(replace(question, scope=Scope(Reach.TEAM, (team.id,)))))
        for team in (_teams_above(opened) if by_team else ())
    ]
    sources = opened.engine.runner.sources(opened.engine.facts)
    catalogue = opened.engine.catalogue
    forward = frozenset(
        key for key in asked.kpis if looks_forward(catalogue[key].measure, catalogue)
    )
    judging = whole_forecasts.judging(catalogue, asked.kpis)
    in_part = whole_forecasts.in_part(opened, judging, asked.periods)
    source = sources[0] if len(sources) == 1 else ""
    return Looked(answer, of_teams, source, forward, judging, in_part, asked.today)


def _question(opened: Opened, asked: Look, splits: tuple[Split, ...]) -> Question:
    return Question(
        asked.kpis,
        tuple(dict.fromkeys(period.grain for period in asked.periods)),
        min(period.start for period in asked.periods),
        max(period.end for period in asked.periods),
        asked.today,
        opened.calendar,
        splits,
        lenient=True,
    )


def _settled(reading: Reading) -> Reading:
    """A team or owner without records reads the same whichever periods are asked together."""
    empty = reading.value is None and not reading.n and not reading.over and not reading.under
    return NOTHING if empty and reading not in (_OVER, _IN_PART, _RUNS) else reading


@dataclass(frozen=True, slots=True)
class _Above:
    """A team that has teams below it."""

    id: str
    key: str
    name: str


def _teams_above(opened: Opened) -> list[_Above]:
    """Return the teams that have teams below them.

    An id that several sources use is left out: a scope could not tell them apart.
    """
    engine = opened.engine
    if "team" not in engine.facts:
        return []
    records = engine.runner.now(engine.facts["team"], ["id", "name", "parent_id", "source"])
    told = "r.id, r.name, r.parent_id, r.source"
    rows = engine.runner.run(f"SELECT {told} FROM {records} AS r").to_pylist()
    often = Counter(row["id"] for row in rows)
    parents = {row["parent_id"] for row in rows}
    several = len(engine.runner.sources(engine.facts)) > 1
    found = []
    for row in sorted(rows, key=lambda row: str(row["id"])):
        if row["id"] in parents and often[row["id"]] == 1:
            key = f"{row['source']}{KEY_SEPARATOR}{row['id']}" if several else str(row["id"])
            found.append(_Above(str(row["id"]), key, str(row["name"] or row["id"])))
    return found
