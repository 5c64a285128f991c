"""The rules by which the confidence of a KPI is told: each looks at one thing, the worst decides.

Nothing is guessed: without a number, without a record that could count or without anything known of
how its records came, the level cannot be told. The thresholds stand in `confidence_limits`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from kpi_engine.compiler.gaps import SAME_BY
from kpi_engine.definitions.kinds import Kpi
from kpi_engine.reading import Reading, State
from kpi_engine.units import SHARES, Unit
from portal.services import confidence_evidence, split_figures, why_none
from portal.services.awaited import HAPPENED, PLANNED, awaited
from portal.services.builder_fields import column_of
from portal.services.confidence_bands import Band
from portal.services.confidence_evidence import Evidence, Seen
from portal.services.confidence_limits import (
    FEW,
    LEAST_PERIODS,
    LIMITS,
    MANY,
    MOVED,
    PERIODS,
    Check,
    Level,
)
from portal.services.data_needs import behind
from portal.services.numbers import Point
from portal.services.source_ages import SourceAge

_TYPICAL = {Unit.SCORE, Unit.DAYS, Unit.HOURS, Unit.MINUTES}
"""Told of a typical record, so of few they tell of chance. Money and counts are sums: exact of few,
too, but each of their records moves them much."""
_STAGED = {"status", "stage", "stage_order", "stage_probability", "stage_is_mapped"}
_MADE_AHEAD = {("activity", "created_at"), ("forecast", "period_start_on")}
"""Moments that may well lie ahead: an activity is written down when it is planned."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One thing that was looked at: its level and the figures of its sentence."""

    check: Check
    level: Level
    amiss: float = 0.0
    count: int = 0
    total: int = 0
    entity: str = ""
    column: str = ""
    source: SourceAge | None = None
    why: str = ""
    span: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Trust:
    """How far a number may be trusted: its level, and what it was told from, the worst first."""

    level: Level
    grounds: tuple[Ground, ...]
    band: Band | None = None
    """How far it could move; None where nobody can tell."""


@dataclass(frozen=True, slots=True)
class Case:
    """One KPI in the last of its points, with what is known of its records."""

    kpi: Kpi
    points: tuple[Point, ...]
    known: Evidence
    ended: datetime | None
    """When the period ended, in UTC; None while it runs."""

    @property
    def reading(self) -> Reading:
        """The number that is shown."""
        return self.points[-1].reading


def grounds(case: Case) -> tuple[Ground, ...]:
    """Return everything that speaks for or against a number, the worst first."""
    missing = _missing(case)
    if missing is not None:
        return (missing,)
    found = [*_of_records(case), *_of_sources(case), *_of_number(case)]
    return tuple(sorted(found, key=lambda one: (one.level, -one.amiss)))


def level_of(found: tuple[Ground, ...]) -> Level:
    """Return the level of the weakest ground; without any it cannot be told."""
    return min((one.level for one in found), default=Level.UNKNOWN)


def entity_behind(ground: Ground) -> str:
    """Return the records whose own column a ground tells of: `account` for `account.segment`."""
    found = column_of(ground.entity, ground.column) if ground.column else None
    entity = found[0] if found is not None else ground.entity
    return confidence_evidence.STEPS.get(entity, entity)


def _missing(case: Case) -> Ground | None:
    """Return why nothing can be told; None where there is something to tell it from."""
    known = case.known
    if case.reading.value is None:
        return _no_number(case.reading)
    if known.seen is None:
        return Ground(Check.LOOKED, Level.UNKNOWN, why="slow")
    if not known.seen:
        return Ground(Check.LOOKED, Level.UNKNOWN, why="weighed")
    absent = next((one for one in known.seen if not one.kind.loaded), None)
    if absent is not None:
        return Ground(Check.LOADED, Level.UNKNOWN, entity=absent.entity)
    if not any(one.mine.n for one in known.seen):
        return Ground(Check.LOOKED, Level.UNKNOWN, why="none")
    return None if known.sources else Ground(Check.FRESH, Level.UNKNOWN)


def _no_number(reading: Reading) -> Ground:
    never = why_none.never_loaded(reading)
    if never:
        return Ground(Check.LOADED, Level.UNKNOWN, entity=never)
    return Ground(Check.NUMBER, Level.UNKNOWN, why=reading.reason or "")


def _of_records(case: Case) -> Iterator[Ground]:
    checks = [_filled, _placed, _mapped, _ahead, _late, _twice]
    # The whole has the records of nobody too; to a team or a person some of them may belong.
    for check in checks if case.known.whole else [*checks, _owned]:
        found = [ground for one in case.known.seen or () for ground in check(one)]
        if check is _placed:
            found = _of_most(found)
        yield from sorted(found, key=lambda one: (one.level, -one.amiss, -one.total))[:1]


def _of_most(found: list[Ground]) -> list[Ground]:
    """Return for each kind of record what is told of most: won deals are some of the closed ones.

    What some of them lack is told of all; of their own few it would be the larger share.
    """
    most = {
        (one.entity, one.column): one
        for one in sorted(found, key=lambda one: (one.total, one.amiss))
    }
    return list(most.values())


def _told(
    check: Check, count: int, total: int, entity: str, column: str = "", amiss: float | None = None
) -> Ground:
    share = count / total if amiss is None else amiss
    return Ground(check, LIMITS[check].level(share), share, count, total, entity, column)


def _filled(one: Seen) -> Iterator[Ground]:
    tally, entity = one.mine, one.entity
    for column, filled in zip(one.kind.columns, tally.filled, strict=False):
        if tally.n and not awaited(entity, column):
            amiss, name = (tally.n - filled) / tally.n, behind(entity, column)
            yield _told(Check.FILLED, filled, tally.n, entity, name, amiss)


def _placed(one: Seen) -> Iterator[Ground]:
    placed, tally, entity = one.kind.placed, one.mine, one.entity
    total = tally.dated + tally.undated
    if not placed or not total:
        return
    proof = {HAPPENED.get((entity, column)) for column in placed}
    proved = bool(proof.intersection(one.kind.filtered))
    far = any("." in column for column in placed)
    if far or (not proved and any(awaited(entity, column) for column in placed)):
        return
    yield _told(Check.PLACED, tally.undated, total, entity, placed[0])


def _mapped(one: Seen) -> Iterator[Ground]:
    tally = one.mine
    staged = any(name in _STAGED for name in one.kind.filtered)
    total = tally.dated + tally.undated + tally.unmapped
    if one.entity == "opportunity" and staged and total:
        yield _told(Check.MAPPED, tally.unmapped, total, "opportunity")


def _ahead(one: Seen) -> Iterator[Ground]:
    names, tally, entity = one.kind.placed, one.mine, one.entity
    if not names or not tally.dated:
        return
    planned = any(name in PLANNED or (entity, name) in _MADE_AHEAD for name in names)
    if not planned and not any("." in name for name in names) and entity != "quota":
        yield _told(Check.AHEAD, tally.ahead, tally.dated, entity, names[0])


def _late(one: Seen) -> Iterator[Ground]:
    tally = one.mine
    if one.kind.stands and tally.n:
        yield _told(Check.LATE, tally.late, tally.n, "opportunity")


def _twice(one: Seen) -> Iterator[Ground]:
    tally = one.mine
    if one.entity in SAME_BY and tally.n:
        yield _told(Check.TWICE, tally.twice, tally.n, one.entity, SAME_BY[one.entity])


def _owned(one: Seen) -> Iterator[Ground]:
    every = one.kind.every.n
    if every and one.kind.own:
        yield _told(Check.OWNED, one.kind.nobodys.n, every, one.entity)


def _of_sources(case: Case) -> Iterator[Ground]:
    worst = max(case.known.sources, key=lambda one: (one.failed, one.age))
    if case.ended is not None and worst.loaded_at < case.ended:
        yield Ground(Check.COVERED, Level.LOW, 1.0, source=worst)
    else:
        level = LIMITS[Check.FRESH].level(worst.age / timedelta(hours=1))
        # A period that had ended before the load is there; only what came late may be missing.
        level = max(level, Level.MEDIUM) if case.ended is not None else level
        level = min(level, Level.MEDIUM) if worst.failed else level
        yield Ground(Check.FRESH, level, source=worst)
    yield from sorted(_lost(case), key=lambda one: -one.amiss)[:1]


def _lost(case: Case) -> Iterator[Ground]:
    """Yield the share of rows that could not be read; a small load is told of all its records."""
    known: dict[str, int] = {}
    for one in case.known.seen or ():
        every = one.kind.every
        most = max(every.n, every.dated + every.undated)
        known[one.entity] = max(known.get(one.entity, 0), most)
    for lost in case.known.rejected:
        total = max(lost.rows, known.get(lost.entity, 0) + lost.rejected)
        if total:
            share = lost.rejected / total
            level = LIMITS[Check.READ].level(share)
            yield Ground(Check.READ, level, share, lost.rejected, total, lost.entity)


def _of_number(case: Case) -> Iterator[Ground]:
    reading, kpi = case.reading, case.kpi
    if reading.state is State.SO_FAR:
        yield Ground(Check.SETTLED, Level.MEDIUM, why="so far")
    elif reading.state is not State.FINAL:
        yield Ground(Check.SETTLED, Level.LOW, why="immature")
    yield from _of_chance(kpi, reading)
    told = [one for one in case.points if one.reading.state is State.FINAL][-PERIODS:]
    if len(told) >= LEAST_PERIODS:
        moved = sum(_moved(one) for one in told)
        share = moved / len(told)
        yield Ground(Check.RESTATED, LIMITS[Check.RESTATED].level(share), share, moved, len(told))


def _of_chance(kpi: Kpi, reading: Reading) -> Iterator[Ground]:
    """Yield what the number of records tells; of fewer than ten no number is of high trust."""
    share = kpi.unit is Unit.RATIO and reading.under == reading.n
    if reading.n < FEW:
        level = Level.LOW if share or kpi.unit in _TYPICAL else Level.MEDIUM
        why = "under" if kpi.unit in SHARES and not share else ""
        yield Ground(Check.COUNT, level, 1 - reading.n / FEW, reading.n, why=why)
    elif share:
        interval = split_figures.interval_of(kpi, reading)
        if interval is not None:
            level = LIMITS[Check.CHANCE].level(interval.width)
            span = (interval.low, interval.high)
            yield Ground(Check.CHANCE, level, interval.width, reading.n, span=span)
    elif kpi.unit in _TYPICAL:
        level = Level.HIGH if reading.n >= MANY else Level.MEDIUM
        yield Ground(Check.COUNT, level, 0.0, reading.n)


def _moved(point: Point) -> bool:
    """Say whether a number became another than was first known, by more than a trifle."""
    value, first = point.reading.value, point.first
    if value is None or first is None or value == first:
        return False
    return abs(value - first) > MOVED * max(abs(first), abs(value))
