"""The door: a question of a CRM, answered record by record."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kpi_engine.crm.stages import StageMap
from kpi_engine.definitions.expressions import Expression
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.periods import Grain
from kpi_engine.questions import Question, Split
from kpi_engine.reading import Absence, State
from tests.oracle.days import Days, label, periods
from tests.oracle.dimensions import shown_name
from tests.oracle.lens import Group, Lens, Outcome, Window
from tests.oracle.measures import Evaluator
from tests.oracle.records import Crm, Rules, World, version_known_at

Key = tuple[str, str, str, tuple[tuple[str, Any], ...]]
"""KPI, grain, period label, and the value of each dimension of the split."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the oracle says of one KPI in one period for one group."""

    start: date
    end: date
    state: State
    outcome: Outcome
    labels: tuple[str | None, ...]
    """How the group is shown."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything an answer depends on."""

    crm: Crm
    kpis: Mapping[KpiKey, Kpi]
    stages: StageMap
    rules: Rules
    question: Question
    known_at: datetime | None = None
    where: Expression | None = None


def answer(asked: Asked) -> dict[Key, Told]:
    """Return every reading that the question asks for, by the values of its group."""
    world = _world(asked)
    return {
        key: told
        for kpi in asked.question.kpis
        for grain in asked.question.grains
        for split in asked.question.splits
        for key, told in _answer_one(asked, world, asked.kpis[kpi], grain, split)
    }


def sources_of(asked: Asked) -> tuple[str, ...]:
    """Return the sources that have records at the version asked."""
    return _world(asked).sources()


def _world(asked: Asked) -> World:
    seq = version_known_at(asked.crm, asked.known_at)
    question = asked.question
    return World(asked.crm, asked.stages, asked.rules, question.calendar, question.today, seq)


def _answer_one(
    asked: Asked, world: World, kpi: Kpi, grain: Grain, split: Split
) -> Iterator[tuple[Key, Told]]:
    question = asked.question
    lens = Lens(world, question.today, grain, question.scope, asked.where, split)
    spans = periods(grain, question.start, question.end, question.calendar)
    evaluate = Evaluator(asked.kpis)
    for group in _groups(world, lens) if split else [()]:
        outcomes = [_outcome(evaluate, lens.of_group(group), kpi, period) for period in spans]
        if split and not any(outcome.seen for outcome in outcomes):
            continue
        by = tuple((each.value, value) for each, value in zip(split, group, strict=True))
        names = tuple(
            shown_name(world, each, value) for each, value in zip(split, group, strict=True)
        )
        for period, outcome in zip(spans, outcomes, strict=True):
            key = (kpi.key, grain.value, label(period, grain, question.calendar), by)
            state = _state(outcome, period, question.today)
            yield key, Told(period.start, period.end, state, outcome, names)


def _groups(world: World, lens: Lens) -> list[Group]:
    """Return every group that some record of some entity belongs to."""
    found: dict[Group, None] = {}
    for entity in (*world.crm, "onboarding"):
        found.update(dict.fromkeys(group for _, group in lens.grouped(entity)))
    return list(found)


def _outcome(evaluate: Evaluator, lens: Lens, kpi: Kpi, period: Days) -> Outcome:
    window = Window(period, period, lens.today, (period,))
    outcome = evaluate(lens, kpi.measure, window, kpi.unit)
    if period.start > lens.today:
        return Outcome(why=Absence.NOT_BEGUN, seen=outcome.seen)
    return outcome


def _state(outcome: Outcome, period: Days, today: date) -> State:
    if outcome.why is Absence.IMMATURE:
        return State.IMMATURE
    if outcome.why is not None:
        return State.ABSENT
    return State.FINAL if period.end <= today else State.SO_FAR
