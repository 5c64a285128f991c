"""How far the number of each KPI may be trusted, for all KPIs of a page at once.

What is told is what each KPI's own page tells of the same period: the kept counts of the last
refresh are read in one go for all, and only what it did not look at is looked through now, as that
page would.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kpi_engine.definitions.fingerprint import fingerprints
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.periods import Grain, Period
from portal.services import (
    confidence,
    confidence_evidence,
    confidence_rules,
    kpi_trend,
    numbers,
    source_ages,
)
from portal.services.confidence import Told
from portal.services.confidence_evidence import Seen
from portal.services.confidence_limits import Level
from portal.services.confidence_rules import Ground
from portal.services.desks import Desk
from portal.services.engines import Workshop
from portal.services.kpi_sights import COARSER
from portal.services.numbers import Who
from portal.services.record_gaps import Kind


@dataclass(frozen=True, slots=True)
class Line:
    """One KPI in one period: its level, and what it was told from, the worst first."""

    kpi: Kpi
    period: Period
    level: Level
    grounds: tuple[Ground, ...]

    @property
    def worst(self) -> Ground:
        """What decides the level."""
        return self.grounds[0]


def lines(
    workshop: Workshop, desk: Desk, kpis: Sequence[Kpi], who: Who, month: Period
) -> tuple[Line, ...]:
    """Return how far the number of each KPI may be trusted, in the order of `kpis`.

    Args:
        workshop: To look through records that the last refresh did not.
        desk: Who asks; that they may see each KPI in the scope, the caller has checked.
        kpis: Of which KPIs.
        who: Whose numbers.
        month: The month of the page; what is told by the quarter or year is of the one that the
            month lies in, or of the last that has ended.
    """
    found: dict[KpiKey, Line] = {}
    asking = _Asking(workshop, desk, who, fingerprints(desk.catalogue))
    for period, some in by_period(desk, kpis, month):
        found |= {line.kpi.key: line for line in asking.lines(some, period)}
    return tuple(found[kpi.key] for kpi in kpis)


def by_period(
    desk: Desk, kpis: Sequence[Kpi], month: Period
) -> Iterator[tuple[Period, Sequence[Kpi]]]:
    """Yield the KPIs that are told by the month, the quarter and the year, each with its period."""
    for grain in (Grain.MONTH, Grain.QUARTER, Grain.YEAR):
        some = [kpi for kpi in kpis if max(kpi.cadence, Grain.MONTH, key=COARSER.index) is grain]
        if some:
            latest = numbers.latest(desk.session, desk.calendar, grain, desk.today)
            holding = desk.calendar.holding(month.start, grain)
            yield min(latest, holding, key=lambda period: period.start), some


@dataclass(frozen=True, slots=True)
class _Asking:
    """Whose numbers are asked for, by which definitions."""

    workshop: Workshop
    desk: Desk
    who: Who
    named: Mapping[KpiKey, str]

    def lines(self, kpis: Sequence[Kpi], period: Period) -> Iterator[Line]:
        """Yield the KPIs of one period."""
        desk, keys = self.desk, tuple(kpi.key for kpi in kpis)
        count = kpi_trend.SHOWN + 1
        series = numbers.series(
            desk.session, desk.calendar, keys, period.grain, self.who, period, count
        )
        counted = [key for key in keys if series[key][-1].reading.value is not None]
        seen = self._seen(counted, period)
        ages = source_ages.sources(desk.session, desk.now)
        for kpi in kpis:
            known = confidence_evidence.evidence(desk.session, ages, seen.get(kpi.key), self.who)
            points = kpi_trend.reasoned(desk, kpi.key, self.who, series[kpi.key])
            found = confidence.grounds(desk, Told(kpi, points), known)
            yield Line(kpi, period, confidence_rules.level_of(found), found)

    def _seen(self, keys: Sequence[KpiKey], period: Period) -> Mapping[KpiKey, tuple[Seen, ...]]:
        """Return what is seen of the records; what could not be looked at in time is missing."""
        session = self.desk.session
        kept = confidence_evidence.of_kept(session, keys, period, self.who)
        found = {key: seen for key, (made_by, seen) in kept.items() if made_by == self.named[key]}
        missing = [key for key in keys if key not in found]
        looked: Mapping[KpiKey, tuple[Kind, ...]] = {}
        if missing:
            looked = confidence_evidence.looked(self.workshop, self.desk, missing, period) or {}
        return found | {
            key: confidence_evidence.seen_by(session, kinds, self.who)
            for key, kinds in looked.items()
        }
