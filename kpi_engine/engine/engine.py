"""The door: ask a question of one tenant's facts at one version, get numbers or reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from kpi_engine.compiler.clocks import window_start
from kpi_engine.compiler.dimensions import key_sql
from kpi_engine.compiler.filters import Filters
from kpi_engine.compiler.jobs import PLAIN, Job
from kpi_engine.compiler.needs import Needs, entity_of, needs_of, splits_that_fit
from kpi_engine.compiler.origin import Origin
from kpi_engine.compiler.plan import jobs_of
from kpi_engine.compiler.scene import Scene, scene_of
from kpi_engine.compiler.world import World
from kpi_engine.crm.entities import ColumnType
from kpi_engine.crm.stages import StageMap
from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.expressions import Expression, parse
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.definitions.settings import Settings
from kpi_engine.engine.answer import Answer, Block
from kpi_engine.engine.cells import Notes
from kpi_engine.engine.directory import Directory
from kpi_engine.engine.evaluate import Evaluator
from kpi_engine.engine.frames import Frames
from kpi_engine.engine.probes import Prober
from kpi_engine.engine.reader import Reader
from kpi_engine.engines.runner import Runner
from kpi_engine.errors import BadQuestionError, UnknownKpiError
from kpi_engine.periods import Calendar
from kpi_engine.questions import Dimension, Question, ScopeKind, Split
from kpi_engine.store.pins import EntityFacts

_MOST_CELLS = 50_000_000
_MOST_PERIODS = 20_000
_MOST_DIMENSIONS = 2


@dataclass(slots=True)
class Engine:
    """Answers questions of one tenant's facts at one pinned version."""

    catalogue: Catalogue
    settings: Settings
    stages: StageMap
    facts: Mapping[str, EntityFacts]
    runner: Runner
    version: int = 0
    known_at: datetime | None = None
    _plans: dict[Question, "_Plan"] = field(default_factory=dict)
    _directories: dict[Calendar, Directory] = field(default_factory=dict)

    def ask(self, question: Question) -> Answer:
        """Return every KPI of the question at every grain and split.

        Raises:
            UnknownKpiError: if the catalogue does not hold a KPI.
            BadQuestionError: if it cannot be asked so; the text says what to change.
        """
        plan = self._plan(question)
        frames = Frames(plan.scene, plan.directory.team_of)
        tables = self.runner.columns_of_all([job.sql for job in plan.jobs])
        for job, table in zip(plan.jobs, tables, strict=True):
            frames.add(job, table)
        notes = Notes()
        blocks = []
        for grain in plan.scene.asked:
            for split in plan.scene.splits:
                groups = tuple(frames.groups(split))
                self._bounded(len(groups), len(plan.scene.asked[grain]))
                labels = plan.directory.labels(split, groups)
                loaded = plan.prober.world.has
                reader = Reader(frames, notes, plan.prober.why, grain, split, loaded)
                evaluator = Evaluator(reader, self.catalogue)
                for key in plan.kpis_at(split):
                    kpi = self.catalogue[key]
                    cells = evaluator.part(kpi.measure, PLAIN, kpi.unit)
                    periods = plan.scene.asked[grain]
                    block = Block(
                        key, grain, split, periods, groups, labels, cells, notes, question.today
                    )
                    blocks.append(block)
        return Answer(tuple(blocks), self.version, question.known_at or self.known_at)

    def statements(self, question: Question) -> tuple[str, ...]:
        """Return the statements that answer the question, in the runner's dialect."""
        return tuple(job.sql for job in self._plan(question).jobs)

    def _plan(self, question: Question) -> "_Plan":
        if question not in self._plans:
            self._plans[question] = self._planned(question)
        return self._plans[question]

    def _planned(self, question: Question) -> "_Plan":
        staged = self.staged(question)
        jobs = tuple(jobs_of(staged.world, staged.scene, staged.needs))
        prober = Prober(staged.world, self.runner.run)
        return _Plan(staged.scene, self._splits(question), jobs, staged.directory, prober)

    def staged(self, question: Question) -> "Staged":
        """Return what the statements of a question stand on, checked as when it is asked."""
        self._checked(question)
        where = _filter(question.where)
        needs = needs_of(self._splits(question), self.catalogue)
        rough = scene_of(question, Filters())
        world = self._world(question, rough, needs)
        directory = self._directory(question.calendar, world)
        filters = Filters(where=where)
        if question.scope.kind is not ScopeKind.ALL:
            owners, teams = directory.owners_in(question.scope)
            filters = Filters(owners, teams, where)
        if any(entity_of(leaf) == "quota" for leaf in needs.leaves):
            world = replace(world, team_chain=directory.chain())
        _splits_fit(world, needs)
        return Staged(world, scene_of(question, filters), needs, directory)

    def _splits(self, question: Question) -> dict[KpiKey, list[Split]]:
        """The splits at which each KPI is answered."""
        splits = list(dict.fromkeys(question.splits))
        if not question.lenient:
            return dict.fromkeys(question.kpis, splits)
        return {key: splits_that_fit(key, self.catalogue, splits) for key in question.kpis}

    def _checked(self, question: Question) -> None:
        for key in question.kpis:
            if key not in self.catalogue:
                raise UnknownKpiError(key, self.catalogue)
        for split in question.splits:
            if len(split) > _MOST_DIMENSIONS or len(set(split)) < len(split):
                raise BadQuestionError("Split by one dimension, or by two different ones.")
        _days_fit(question)

    def _bounded(self, groups: int, periods: int) -> None:
        if groups * periods > _MOST_CELLS:
            raise BadQuestionError(
                f"That is {groups:,} groups in {periods:,} periods. Ask for a coarser grain,"
                " fewer periods or one dimension less."
            )

    def _world(self, question: Question, scene: Scene, needs: Needs) -> World:
        calendar = question.calendar
        starts = [
            window_start(calendar, periods[0], leaf.window)
            for periods in scene.asked.values()
            for leaf in needs.leaves
        ]
        return World(
            self.runner.dialect,
            calendar,
            self.stages,
            self.settings,
            self.facts,
            self.runner,
            self.runner.sources(self.facts),
            (),
            min([scene.start, *starts]),
            scene.end,
            question.today,
        )

    def _directory(self, calendar: Calendar, world: World) -> Directory:
        if calendar not in self._directories:
            self._directories[calendar] = Directory(world, self.runner.run)
        return self._directories[calendar]


@dataclass(frozen=True, slots=True)
class Staged:
    """What the statements of a question stand on: facts, periods and filters, measures, names."""

    world: World
    scene: Scene
    needs: Needs
    directory: Directory


@dataclass(frozen=True, slots=True)
class _Plan:
    scene: Scene
    asked: Mapping[KpiKey, Sequence[Split]]
    jobs: tuple[Job, ...]
    directory: Directory
    prober: Prober

    def kpis_at(self, split: Split) -> list[KpiKey]:
        """The KPIs that are answered at a split."""
        return [key for key, splits in self.asked.items() if split in splits]


_FIRST, _LAST = date(1900, 1, 1), date(2200, 1, 1)
_DAYS = {"day": 1, "week": 7, "month": 28, "quarter": 90, "year": 365}


def _days_fit(question: Question) -> None:
    if question.start >= question.end:
        raise BadQuestionError(
            f"The question ends on {question.end}, but starts on {question.start}."
            " Give an end after the start."
        )
    if question.start < _FIRST or question.end > _LAST:
        raise BadQuestionError(f"Ask for days between {_FIRST} and {_LAST}.")
    for grain in question.grains:
        count = (question.end - question.start).days / _DAYS[grain.value]
        if count > _MOST_PERIODS:
            raise BadQuestionError(
                f"That is {count:,.0f} {grain.value}s. Ask for at most {_MOST_PERIODS:,}."
            )


def _filter(text: str | None) -> Expression | None:
    if text is None or not text.strip():
        return None
    names = {dimension.value: ColumnType.TEXT for dimension in Dimension}
    return parse(text, names, wants=ColumnType.BOOLEAN)


def _splits_fit(world: World, needs: Needs) -> None:
    """Refuse a split that a KPI's records have no way to, before anything is read."""
    for leaf, splits in needs.leaves.items():
        origin = Origin(world, entity_of(leaf))
        for split in splits:
            for dimension in split:
                key_sql(origin, dimension)
