"""Targets: what a KPI should be, by period and scope; who set what, when and why."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

from kpi_engine.definitions.described import Better
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.language import mark, spoken, tr
from kpi_engine.periods import Calendar, Grain, Period
from portal.errors import BadInputError
from portal.models import targets as questions
from portal.models.observations import ScopeKind
from portal.models.targets import Target as Row
from portal.models.targets import TargetSource
from portal.readmodels.formats import Formats
from portal.services import inputs
from portal.services.numbers import Who
from portal.services.remembering import remembered
from portal.tenancy.session import TenantSession

_LONGEST_NOTE = 1000
BY_COMMAND = mark("the command line")
"""Who is named where no person of the portal set a target; said by `tr` where it is shown."""


@dataclass(frozen=True, slots=True)
class Target:
    """The target that holds. `value` for higher or lower is better, `low` and `high` for a range.

    `amber` is where good ends and `red` where bad begins; for a range both are distances from it.
    None: good ends at the target itself, and bad begins a tenth beyond.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    red: float | None = None
    amber: float | None = None
    set_by: str = ""
    """The name of who set it."""
    set_at: datetime | None = None
    note: str = ""
    source: str = TargetSource.SET.value


@dataclass(frozen=True, slots=True)
class Slot:
    """What a target is for: one KPI in one period for one scope."""

    kpi: KpiKey
    period: Period
    who: Who


@dataclass(frozen=True, slots=True)
class Author:
    """Who sets a target. `person` is None for a command or an import."""

    name: str
    person: UUID | None = None


@remembered
def of(
    session: TenantSession,
    calendar: Calendar,
    kpis: Collection[KpiKey],
    periods: Iterable[Period],
    who: Who,
) -> Mapping[tuple[KpiKey, date], Target]:
    """Return the targets that hold for one scope, by KPI and first day of the period.

    The periods may be of several grains, each with its own targets: a month's never stands for a
    quarter. Where two grains begin on one day, ask for them one after the other.
    """
    del calendar
    found: dict[tuple[KpiKey, date], Target] = {}
    for grain, starts in _by_grain(periods).items():
        asked = questions.current_of(kpis, grain.value, starts, who.kind, who.id)
        for row in session.scalars(asked):
            if says(row):
                found[KpiKey(row.kpi), row.period_start] = told(row)
    return found


@remembered
def across(
    session: TenantSession, kpis: Collection[KpiKey], period: Period, kind: ScopeKind
) -> Mapping[KpiKey, Mapping[str, Target]]:
    """Return the targets that hold in one period for every team or owner that has one."""
    found: dict[KpiKey, dict[str, Target]] = {kpi: {} for kpi in kpis}
    for row in session.scalars(questions.current(kpis, period.grain.value, (period.start,), kind)):
        if says(row):
            found[KpiKey(row.kpi)][row.scope_id] = told(row)
    return found


def past(session: TenantSession, slot: Slot) -> tuple[Target, ...]:
    """Return everything that was ever said of one target, the newest first."""
    rows = session.scalars(_past_of(slot))
    return tuple(told(row) for row in rows)


def put(
    session: TenantSession, kpi: Kpi, slot: Slot, target: Target, author: Author, now: datetime
) -> bool:
    """Set a target, or with no value and no range withdraw it; False if it says nothing new.

    What was said before stays, as its history.

    Raises:
        BadInputError: if the target does not fit the KPI's direction, or its bounds contradict it.
    """
    _check(kpi, target)
    note = target.note.strip()
    if len(note) > _LONGEST_NOTE:
        most = Formats(spoken()).number(_LONGEST_NOTE)
        raise BadInputError(tr("The reason is longer than {most} characters.", most=most))
    before = session.scalars(_past_of(slot).limit(1)).one_or_none()
    if _same(before, target):
        return False
    row = Row(
        id=uuid4(),
        **_series(slot),
        revision=1 if before is None else before.revision + 1,
        value=target.value,
        low=target.low,
        high=target.high,
        amber=target.amber,
        red=target.red,
        source=target.source,
        set_by=author.person,
        set_by_name=inputs.line(tr("Who sets the target"), author.name),
        set_at=now,
        note=note,
    )
    if not session.insert_new(row):
        raise BadInputError(
            tr(
                "Somebody else is setting the target of '{kpi}' for {period} at this moment."
                " Look at theirs, and set yours again.",
                kpi=slot.kpi,
                period=slot.period.label,
            )
        )
    return True


def _check(kpi: Kpi, target: Target) -> None:
    if kpi.better is Better.RANGE:
        if target.value is not None:
            raise BadInputError(
                tr("'{kpi}' is good in a range. Give its low and its high bound.", kpi=kpi.key)
            )
        if (target.low is None) != (target.high is None):
            raise BadInputError(tr("A range needs both its low and its high bound."))
        if target.low is not None and target.high is not None and target.low > target.high:
            raise BadInputError(tr("The low bound of the range is above the high one."))
        return
    if target.low is not None or target.high is not None:
        raise BadInputError(tr("'{kpi}' has one target value and no range.", kpi=kpi.key))
    sign = 1 if kpi.better is Better.HIGHER else -1
    way = [one for one in (target.red, target.amber, target.value) if one is not None]
    if any((later - earlier) * sign < 0 for earlier, later in pairwise(way)):
        raise BadInputError(tr(_HIGHER if sign > 0 else _LOWER, kpi=kpi.key))


_HIGHER = mark(
    "Higher is better for '{kpi}': give bounds that rise in the order red, amber, target."
)
_LOWER = mark("Lower is better for '{kpi}': give bounds that rise in the order target, amber, red.")


def _same(row: Row | None, target: Target) -> bool:
    if row is None:
        return target.value is None and target.low is None
    mine = (target.value, target.low, target.high, target.red, target.amber)
    return mine == (row.value, row.low, row.high, row.red, row.amber)


def says(row: Row) -> bool:
    """Say whether a kept target holds: it was not withdrawn."""
    return row.value is not None or row.low is not None


def told(row: Row) -> Target:
    """Return a kept target as it is told."""
    return Target(
        row.value,
        row.low,
        row.high,
        row.red,
        row.amber,
        row.set_by_name,
        row.set_at,
        row.note,
        row.source,
    )


def _past_of(slot: Slot) -> Any:  # noqa: ANN401 - a question of the models
    grain, start = slot.period.grain.value, slot.period.start
    return questions.past_of(slot.kpi, grain, start, slot.who.kind, slot.who.id)


def _series(slot: Slot) -> dict[str, Any]:
    return {
        "kpi": slot.kpi,
        "grain": slot.period.grain.value,
        "period_start": slot.period.start,
        "period_end": slot.period.end,
        "scope_kind": slot.who.kind.value,
        "scope_id": slot.who.id,
    }


def _by_grain(periods: Iterable[Period]) -> Mapping[Grain, list[date]]:
    found: dict[Grain, list[date]] = {}
    for period in periods:
        found.setdefault(period.grain, []).append(period.start)
    return found
