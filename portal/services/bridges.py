"""Bridges from a replaced KPI to its successor: what both read side by side, period by period.

A bridge tells the company's number. While old and new run in parallel it is read live; once stored,
it is read as it was known then, and nothing of it is computed again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.fingerprint import fingerprints
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Calendar, Grain, Period
from kpi_engine.reading import Reading, State
from kpi_engine.units import Unit
from portal.models import bridges as questions
from portal.models import lifecycles as lives
from portal.models.bridges import KpiBridge, KpiBridgePoint
from portal.models.lifecycles import KpiLife
from portal.models.observations import Observation
from portal.services.kpi_sights import COARSER
from portal.services.numbers import NEVER_TAKEN
from portal.services.refreshing import last_refresh
from portal.tenancy.session import TenantSession

BEFORE = 6
"""So many periods before the parallel run are told with it: one sees where both came from."""
_DAY = timedelta(days=1)
_NO_REASON = "no number"


@dataclass(frozen=True, slots=True)
class Side:
    """The old KPI or the new one, by the name and unit that it had."""

    key: KpiKey
    name: str
    unit: Unit
    definition: str
    """The fingerprint of its definition."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one of the two read: a value or why there is none, and what made it."""

    reading: Reading
    definition: str
    version: int
    known_at: datetime | None

    @property
    def final(self) -> float | None:
        """The value, if it is final."""
        return self.reading.value if self.reading.state is State.FINAL else None


@dataclass(frozen=True, slots=True)
class Step:
    """One period of both."""

    period: Period
    shared: bool
    """Whether it ended while both were told."""
    old: Told
    new: Told

    @property
    def both(self) -> tuple[float, float] | None:
        """Old and new, where both have a final value."""
        old, new = self.old.final, self.new.final
        return None if old is None or new is None else (old, new)


@dataclass(frozen=True, slots=True)
class Stored:
    """That a bridge was stored: when, by whom, and why before the end."""

    id: UUID
    at: datetime
    by: str
    """Empty where the portal stored it when the run ended."""
    why: str


@dataclass(frozen=True, slots=True)
class Run:
    """A replacement: which KPI by which, from when until when both are told, and why."""

    kpi: KpiKey
    successor: KpiKey
    revision: int
    from_day: date
    until_day: date
    reason: str
    by: str
    current: bool
    """Whether the old KPI still stands retired by this very move."""


@dataclass(frozen=True, slots=True)
class Bridge:
    """Both series around one replacement. `through` is the last day that it tells of."""

    run: Run
    old: Side
    new: Side
    grain: Grain
    through: date
    steps: tuple[Step, ...]
    stored: Stored | None

    @property
    def shared(self) -> tuple[Step, ...]:
        """The periods that ended while both were told."""
        return tuple(one for one in self.steps if one.shared)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a live bridge is read from."""

    session: TenantSession
    catalogue: Catalogue
    calendar: Calendar
    today: date


def runs(session: TenantSession) -> tuple[Run, ...]:
    """Return every replacement with a parallel run, the newest first; those taken back as well."""
    rows = list(session.scalars(questions.replaced()))
    if not rows:
        return ()
    newest = {row.kpi: row.revision for row in session.scalars(lives.now())}
    return tuple(
        _run(row, row.parallel_until, current=newest[row.kpi] == row.revision)
        for row in rows
        if row.parallel_until is not None
    )


def told_until(on: Ground, run: Run) -> date | None:
    """Return the last day of the run that the numbers tell of; None before the first refresh."""
    last = last_refresh(on.session)
    if last is None:
        return None
    return min(run.until_day, min(last.read_on, on.today) - _DAY)


def live(on: Ground, run: Run) -> Bridge | None:
    """Return the bridge as now known; None if a KPI is not in the catalogue, or nothing is told."""
    through = told_until(on, run)
    if run.kpi not in on.catalogue or run.successor not in on.catalogue or through is None:
        return None
    made = fingerprints(on.catalogue)
    old, new = (
        Side(kpi.key, kpi.name, kpi.unit, made[kpi.key])
        for kpi in (on.catalogue[run.kpi], on.catalogue[run.successor])
    )
    cadences = (on.catalogue[run.kpi].cadence, on.catalogue[run.successor].cadence)
    grain = max(cadences, key=COARSER.index)
    steps = tuple(_steps(on, run, grain, through))
    return Bridge(run, old, new, grain, through, steps, None)


def _steps(on: Ground, run: Run, grain: Grain, through: date) -> Iterator[Step]:
    first = on.calendar.shift(on.calendar.holding(run.from_day, grain).start, grain, -BEFORE)
    periods = [
        one
        for one in on.calendar.periods(grain, first, through + _DAY)
        if one.end <= through + _DAY
    ]
    if not periods:
        return
    keys = (run.kpi, run.successor)
    rows = on.session.scalars(
        questions.readings(keys, grain.value, periods[0].start, periods[-1].end)
    )
    known = {(row.kpi, row.period_start): _observed(row) for row in rows}
    for one in periods:
        old, new = (known.get((key, one.start), _NOTHING) for key in keys)
        yield Step(one, one.end > run.from_day, old, new)


_NOTHING = Told(Reading(None, State.ABSENT, NEVER_TAKEN, 0), "", 0, None)


def _observed(row: Observation) -> Told:
    return Told(_reading(row), row.definition, row.version, row.known_at)


def _reading(row: Observation | KpiBridgePoint) -> Reading:
    return Reading(row.value, State(row.state), row.reason, row.n, row.over_value, row.under_value)


def _run(row: KpiLife, until: date, *, current: bool) -> Run:
    return Run(
        KpiKey(row.kpi),
        KpiKey(row.successor or ""),
        row.revision,
        row.since,
        until,
        row.reason,
        row.set_by_name,
        current,
    )


def stored(session: TenantSession, kpi: KpiKey | None = None) -> tuple[Bridge, ...]:
    """Return the stored bridges, the newest first; of one KPI those from it and to it."""
    asked = questions.stored() if kpi is None else questions.of_kpi(kpi)
    rows = list(session.scalars(asked))
    points: dict[UUID, list[KpiBridgePoint]] = {}
    for point in session.scalars(questions.points_of([row.id for row in rows])) if rows else ():
        points.setdefault(point.bridge_id, []).append(point)
    newest = {row.kpi: row.revision for row in session.scalars(lives.now())}
    return tuple(_bridge(row, points.get(row.id, ()), newest) for row in rows)


def _bridge(row: KpiBridge, points: Sequence[KpiBridgePoint], newest: Mapping[str, int]) -> Bridge:
    grain = Grain(row.grain)
    run = Run(
        *(KpiKey(row.kpi), KpiKey(row.successor), row.life_revision, row.from_day, row.until_day),
        row.reason,
        row.replaced_by_name,
        current=newest.get(row.kpi) == row.life_revision,
    )
    return Bridge(
        run,
        Side(run.kpi, row.kpi_name, Unit(row.kpi_unit), row.kpi_definition),
        Side(run.successor, row.successor_name, Unit(row.successor_unit), row.successor_definition),
        grain,
        row.through,
        tuple(_kept(points, grain)),
        Stored(row.id, row.stored_at, row.stored_by_name, row.why),
    )


def _kept(points: Iterable[KpiBridgePoint], grain: Grain) -> Iterator[Step]:
    by_start: dict[date, dict[str, KpiBridgePoint]] = {}
    for point in points:
        by_start.setdefault(point.period_start, {})[point.side] = point
    for start, sides in by_start.items():
        old, new = sides["old"], sides["new"]
        period = Period(start, old.period_end, grain, old.period)
        yield Step(period, old.shared, *(_told(one) for one in (old, new)))


def _told(point: KpiBridgePoint) -> Told:
    return Told(_reading(point), point.definition, point.version, point.known_at)


def complete(session: TenantSession) -> frozenset[tuple[KpiKey, int]]:
    """Return the replacements whose whole parallel run is stored: the old KPI and its move."""
    rows = session.scalars(questions.stored())
    return frozenset(
        (KpiKey(row.kpi), row.life_revision) for row in rows if row.through == row.until_day
    )


def reason_of(reading: Reading) -> str | None:
    """Return why there is no value, as it is stored; None where there is one."""
    return None if reading.value is not None else reading.reason or _NO_REASON
