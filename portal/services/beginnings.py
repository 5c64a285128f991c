"""Quarters and years in which a KPI's records begin: they tell of a part of their days only.

Data that begin in May make of their first year eight months. Its number stands, and is named with
the month from which there are records; nothing is called good or bad for being more than it, and no
usual range is told from it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import tr
from kpi_engine.periods import Grain, Period
from portal.models import open_readings
from portal.models import series as questions
from portal.models.observations import ScopeKind
from portal.readmodels.formats import Formats
from portal.services.causes import measures_of
from portal.services.numbers import Point, Who
from portal.services.remembering import remembered
from portal.tenancy.session import TenantSession

_OF_A_MOMENT = {"Stock", "Balance", "Health", "RankAccuracy", "Rolling", "ToDate"}
"""Measures that look at a moment, or at days of their own: a period is no part of them."""
_COARSE = (Grain.QUARTER, Grain.YEAR)


class Books(Protocol):
    """What is asked: a tenant's numbers, and what they are made of."""

    @property
    def session(self) -> TenantSession:
        """Where the numbers are."""

    @property
    def catalogue(self) -> Catalogue:
        """What they are made of."""


def marked(books: Books, who: Who, points: Sequence[Point], kpi: KpiKey) -> tuple[Point, ...]:
    """Return the points of a KPI; that in which its records begin says from which month."""
    return all_marked(books, who, {kpi: tuple(points)})[kpi]


def all_marked(
    books: Books, who: Who, series: Mapping[KpiKey, tuple[Point, ...]]
) -> Mapping[KpiKey, tuple[Point, ...]]:
    """Return the points of several KPIs for one scope, marked like those of one.

    None is marked where it is not known when the records began, as that lies before what is kept,
    and of a KPI that tells of a moment: a period is no part of it.
    """
    if not any(points and points[0].period.grain in _COARSE for points in series.values()):
        return series
    found = _first_months(books.session, _counting(books.catalogue, series), who.kind, who.id)
    return {kpi: marked_by(points, found.get((kpi, who.id))) for kpi, points in series.items()}


def across(
    books: Books, kpis: Collection[KpiKey], kind: ScopeKind, grain: Grain
) -> Mapping[tuple[KpiKey, str], date]:
    """Return the first months of several KPIs for every scope of a kind, by KPI and scope.

    Nothing for a grain whose periods no month can begin within.
    """
    if grain not in _COARSE:
        return {}
    return _first_months(books.session, _counting(books.catalogue, kpis), kind, None)


def marked_by(points: Sequence[Point], first: date | None) -> tuple[Point, ...]:
    """Return points of quarters or years, marked by the first month with records."""
    if first is None:
        return tuple(points)
    return tuple(
        replace(point, begins=first) if point.period.start < first < point.period.end else point
        for point in points
    )


def named(point: Point, formats: Formats) -> str:
    """Return a period as one to compare with: '2024', '2024 (records from May 2024 on)'."""
    return labelled(point.period, point.begins, formats)


def labelled(period: Period, begins: date | None, formats: Formats) -> str:
    """Return the same of a period and the month in which its records begin, None for the whole."""
    label = formats.period(period)
    if begins is None:
        return label
    first = formats.month(begins)
    return tr("{period} (records from {month} on)", period=label, month=first)


def _counting(catalogue: Catalogue, kpis: Collection[KpiKey]) -> tuple[KpiKey, ...]:
    told = (kpi for kpi in kpis if kpi in catalogue)
    return tuple(kpi for kpi in told if not measures_of(catalogue, kpi) & _OF_A_MOMENT)


@remembered
def _first_months(
    session: TenantSession, kpis: tuple[KpiKey, ...], kind: ScopeKind, scope_id: str | None
) -> Mapping[tuple[KpiKey, str], date]:
    known = session.scalars(open_readings.refreshed()).one_or_none()
    earliest = session.scalar(questions.first_observed())
    if known is None or known.first_on is None or earliest is None:
        return {}
    found = session.execute(questions.first_months(kpis, kind, scope_id))
    # Where more happened before the first month that is kept, its records need not be the first.
    cut = known.first_on < earliest
    return {
        (KpiKey(kpi), scope): first
        for kpi, scope, first in found
        if not (cut and first == earliest)
    }
