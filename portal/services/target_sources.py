"""Targets that nobody need type: from the quotas of the CRM, and copied from another period."""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.described import Better
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.definitions.yaml_file import read_draft
from kpi_engine.language import tr
from kpi_engine.periods import Grain, Period
from portal.errors import BadInputError
from portal.models import targets as questions
from portal.models.targets import Target as Row
from portal.models.targets import TargetSource
from portal.services import loads, moments
from portal.services.engines import Opened, Workshop, open_engine
from portal.services.observing import Look, look
from portal.services.targets import BY_COMMAND, Author, says
from portal.tenancy.keys import TenantKey
from portal.tenancy.session import TenantSession

_GRAINS = ((Grain.WEEK,), (Grain.MONTH, Grain.QUARTER, Grain.YEAR))
_OWN = "quota_as_target"
_QUOTA = """
- key: {key}
  name: Quota
  question: What should be reached?
  class: outcome
  stage: sales
  department: sales
  timing: lagging
  unit: money
  better: higher
  cadence: week
  measure:
    sum: quota.amount
    where: "in_force = true and coalesce(kpi, 'won_revenue') = '{kpi}'"
    on: period_start_on
"""
"""A quota that names no KPI is one of won revenue, as quota attainment takes it."""
_SAME = 1e-9


@dataclass(slots=True)
class Imported:
    """What came of taking targets over."""

    set: int = 0
    unchanged: int = 0
    kept: int = 0
    """Targets that a person had set, which stay."""
    unknown: tuple[str, ...] = ()
    """What quotas name that is no KPI with one target value."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A target to be: its series, and its figures."""

    kpi: str
    period: Period
    kind: str
    scope_id: str
    figures: Mapping[str, float | None]

    @property
    def series(self) -> "_Series":
        return self.kpi, self.period.grain.value, self.kind, self.scope_id, self.period.start


_Series = tuple[str, str, str, str, date]
_FIGURES = ("value", "low", "high", "amber", "red")


def import_quotas(workshop: Workshop, tenant: TenantKey, now: datetime) -> Imported:
    """Make a target of every quota in force, for the KPI that it names.

    A person's, a team's and the tenant's follow the rules of quota attainment: a quota of a finer
    grain is added up, a coarser one never split, and above the people a team's own stands for
    theirs. What a person of the portal has set stays.
    """
    with open_engine(workshop, tenant) as opened:
        named, days = _quotas(opened)
        fit = [kpi for kpi in named if _takes_value(opened.engine.catalogue, kpi)]
        wanted = list(_in_force(opened, fit, days, now)) if fit and days else []
        unknown = tuple(kpi for kpi in named if kpi not in fit)
    with loads.writing(workshop.database, tenant), workshop.database.session(tenant) as session:
        made = _Entry(TargetSource.QUOTA, Author(BY_COMMAND), now, "")
        done = _put_all(session, wanted, made)
    return replace(done, unknown=unknown)


@dataclass(frozen=True, slots=True)
class Forward:
    """From which period targets are copied into which. Each figure is multiplied by `factor`."""

    source: Period
    into: Period
    factor: float = 1.0
    note: str = ""


def copy_forward(
    session: TenantSession, kpis: Iterable[Kpi], copied: Forward, author: Author, now: datetime
) -> Imported:
    """Set the targets of one period for another of the same grain, for every scope that has one.

    What is set there already stays.

    Raises:
        BadInputError: if the grains differ, or the factor is not above 0.
    """
    source, into, factor = copied.source, copied.into, copied.factor
    if source.grain is not into.grain or source == into:
        raise BadInputError(
            tr("Targets are copied from a period to another one of the same length.")
        )
    if not 0 < factor < math.inf:
        raise BadInputError(
            tr(
                "Targets cannot be multiplied by {factor}. Give a number above 0.",
                factor=f"{factor:g}",
            )
        )
    keys = {kpi.key for kpi in kpis}
    wanted = [
        _Wanted(
            row.kpi,
            into,
            row.scope_kind,
            row.scope_id,
            {name: _times(getattr(row, name), factor) for name in _FIGURES},
        )
        for row in session.scalars(questions.all_current(source.grain.value))
        if row.period_start == source.start and row.kpi in keys and says(row)
    ]
    made = _Entry(TargetSource.COPIED, author, now, copied.note or f"Copied from {source.label}.")
    return _put_all(session, wanted, made)


@dataclass(frozen=True, slots=True)
class _Entry:
    """What all rows of one go say besides their figures."""

    source: TargetSource
    author: Author
    now: datetime
    note: str


def _put_all(session: TenantSession, wanted: Collection[_Wanted], entry: _Entry) -> Imported:
    """Add what is new. What somebody set stays; what came the same way before is brought up."""
    known: dict[_Series, Row] = {}
    for row in session.scalars(questions.all_current()):
        known[row.kpi, row.grain, row.scope_kind, row.scope_id, row.period_start] = row
    done, rows = Imported(), []
    for one in wanted:
        before = known.get(one.series)
        if before is not None and _equal(before, one.figures):
            done.unchanged += 1
        elif before is not None and says(before) and not _may_follow(before, entry):
            done.kept += 1
        else:
            rows.append(_row(one, entry, before))
            done.set += 1
    session.add_rows(Row, rows)
    return done


def _may_follow(before: Row, entry: _Entry) -> bool:
    """Only a quota takes the place of a quota."""
    return before.source == entry.source == TargetSource.QUOTA


def _row(one: _Wanted, entry: _Entry, before: Row | None) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "kpi": one.kpi,
        "grain": one.period.grain.value,
        "period_start": one.period.start,
        "period_end": one.period.end,
        "scope_kind": one.kind,
        "scope_id": one.scope_id,
        "revision": 1 if before is None else before.revision + 1,
        **one.figures,
        "source": entry.source.value,
        "set_by": entry.author.person,
        "set_by_name": entry.author.name,
        "set_at": entry.now,
        "note": entry.note,
    }


def _quotas(opened: Opened) -> tuple[list[str], tuple[date, date] | None]:
    """Return the KPIs that quotas name, and the days that they begin on, half-open."""
    engine = opened.engine
    if "quota" not in engine.facts:
        return [], None
    records = engine.runner.now(engine.facts["quota"], ["kpi", "period_start_on"])
    rows = engine.runner.run(
        "SELECT coalesce(r.kpi, 'won_revenue') AS kpi, min(r.period_start_on) AS first,"
        f" max(r.period_start_on) AS last FROM {records} AS r GROUP BY 1 ORDER BY 1"
    ).to_pylist()
    if not rows:
        return [], None
    first, last = min(row["first"] for row in rows), max(row["last"] for row in rows)
    return [row["kpi"] for row in rows], (first, opened.calendar.shift(last, Grain.DAY, 1))


def _takes_value(catalogue: Catalogue, key: str) -> bool:
    return key in catalogue and catalogue.kpi(key).better is not Better.RANGE


def _in_force(
    opened: Opened, kpis: Iterable[str], days: tuple[date, date], now: datetime
) -> Iterator[_Wanted]:
    today = max(days[1], opened.calendar.local_date(moments.naive(now)))
    for number, kpi in enumerate(kpis):
        own = KpiKey(f"{_OWN}_{number}")
        text = _QUOTA.format(key=own, kpi=kpi)
        (definition,) = read_draft(text, opened.engine.catalogue.settings).kpis
        engine = replace(opened.engine, catalogue=opened.engine.catalogue.with_own((definition,)))
        for together in _GRAINS:
            periods = [
                period for grain in together for period in opened.calendar.periods(grain, *days)
            ]
            asked = Look((own,), periods, today)
            for one in look(replace(opened, engine=engine), asked).found(periods):
                if one.reading.value is not None:
                    yield _Wanted(
                        kpi,
                        one.period,
                        one.series.scope.value,
                        one.series.scope_id,
                        {**dict.fromkeys(_FIGURES), "value": one.reading.value},
                    )


def _equal(row: Row, figures: Mapping[str, float | None]) -> bool:
    return all(_alike(getattr(row, name), figures[name]) for name in _FIGURES)


def _alike(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= _SAME * max(1.0, abs(one), abs(other))


def _times(figure: float | None, factor: float) -> float | None:
    return None if figure is None else figure * factor
