"""What the periods that still run are so far, beside the same elapsed part of earlier ones."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.elapsed import elapsed
from kpi_engine.periods import Grain, Period
from portal.models import open_readings as questions
from portal.models.open_readings import Compare, OpenReading
from portal.services.causes import entities_of
from portal.services.engines import Opened
from portal.services.numbers import still_runs
from portal.services.observing import Found, Look, look
from portal.tenancy.session import TenantSession

OPEN_GRAINS = (Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)
_FINENESS = tuple(Grain)
_AT_ONCE = ((Grain.WEEK,), (Grain.MONTH, Grain.QUARTER, Grain.YEAR))
_PLANS = {"forecast", "quota"}
"""A plan is for a whole period: so much of it against a part of the work compares nothing."""


@dataclass(frozen=True, slots=True)
class Reopened:
    """Open readings of some KPIs, ready to be kept."""

    kpis: tuple[KpiKey, ...]
    rows: Sequence[dict[str, Any]]


def reopen(
    opened: Opened, kpis: Iterable[KpiKey], today: date, last_on: date | None, now: datetime
) -> Reopened:
    """Read the open week, month, quarter and year of some KPIs, for tenant, teams and owners.

    A KPI is told at its cadence and coarser. Where the facts ended long ago there is nothing open.
    """
    asked = tuple(kpis)
    reader = _Reader(opened, today, now)
    running = [
        period
        for grain in OPEN_GRAINS
        if still_runs(last_on, period := opened.calendar.holding(today, grain), today)
    ]
    rows = [row for together in _AT_ONCE for row in reader.open(asked, running, together)]
    told = {(row["grain"], row["kpi"]) for row in rows if row["n"] or row["value"] is not None}
    for period in running:
        fit = tuple(
            kpi for kpi in asked if (period.grain.value, kpi) in told and not _by_plan(opened, kpi)
        )
        before = list(reader.part(fit, period, opened.calendar.previous(period), Compare.PREVIOUS))
        year_ago = opened.calendar.last_year(period)
        if year_ago == opened.calendar.previous(period):
            again = [{**row, "compare": Compare.LAST_YEAR.value} for row in before]
        else:
            again = list(reader.part(fit, period, year_ago, Compare.LAST_YEAR))
        rows += before + again
    return Reopened(asked, rows)


def keep(session: TenantSession, reopened: Reopened, known: Iterable[KpiKey]) -> None:
    """Put the readings in the place of those that were kept; KPIs no longer known lose theirs."""
    session.execute(questions.forget_open(reopened.kpis))
    session.execute(questions.forget_others(tuple(known)))
    session.add_rows(OpenReading, reopened.rows)


@dataclass(frozen=True, slots=True)
class _Reader:
    opened: Opened
    today: date
    now: datetime

    def open(
        self, kpis: Sequence[KpiKey], running: Iterable[Period], grains: Sequence[Grain]
    ) -> Iterator[dict[str, Any]]:
        """Yield what the open periods of some grains are so far."""
        periods = [period for period in running if period.grain in grains]
        if not periods or not kpis:
            return
        found = look(self.opened, Look(tuple(kpis), periods, self.today)).found(periods)
        for one in found:
            if self._shown(one.series.kpi, one.period.grain):
                yield self._row(one, Compare.SO_FAR)

    def part(
        self, kpis: Sequence[KpiKey], period: Period, other: Period, compare: Compare
    ) -> Iterator[dict[str, Any]]:
        """Yield what an earlier period was when as many of its days had passed."""
        if not kpis:
            return
        start, until = self.opened.calendar.same_elapsed(period, self.today, other)
        calendar = elapsed(self.opened.calendar, until)
        cut = replace(other, start=start, end=until)
        there = replace(self.opened, calendar=calendar)
        asked = Look(tuple(kpis), [cut], until - timedelta(days=1))
        for one in look(there, asked).found([cut]):
            yield self._row(one, compare)

    def _shown(self, kpi: str, grain: Grain) -> bool:
        cadence = self.opened.engine.catalogue[KpiKey(kpi)].cadence
        return _FINENESS.index(grain) >= _FINENESS.index(cadence)

    def _row(self, found: Found, compare: Compare) -> dict[str, Any]:
        series, reading = found.series, found.reading
        engine = self.opened.engine
        return {
            "grain": found.period.grain.value,
            "scope_kind": series.scope.value,
            "scope_id": series.scope_id,
            "kpi": series.kpi,
            "compare": compare.value,
            "period_start": found.period.start,
            "period_end": found.period.end,
            "value": reading.value,
            "over_value": reading.over,
            "under_value": reading.under,
            "n": reading.n,
            "state": reading.state.value,
            "reason": reading.reason,
            "definition": self.opened.fingerprints[KpiKey(series.kpi)],
            "version": engine.version,
            "known_at": engine.known_at or self.now,
            "read_on": self.today,
        }


def _by_plan(opened: Opened, kpi: KpiKey) -> bool:
    closure = opened.engine.catalogue.closure([kpi])
    return any(_PLANS & entities_of(each.measure) for each in closure)
