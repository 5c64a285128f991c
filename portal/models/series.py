"""What pages read of the observations: plain columns of few series, first and newest together."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from kpi_engine.periods import Grain
from portal.models.loads import Load
from portal.models.observations import Observation, ScopeKind

_TOLD = (
    Observation.kpi,
    Observation.scope_id,
    Observation.period_start,
    Observation.revision,
    Observation.value,
    Observation.over_value,
    Observation.under_value,
    Observation.n,
    Observation.state,
    Observation.reason,
    Observation.definition,
    Observation.version,
)


def told_of(
    kpis: Collection[str], grain: str, who: tuple[ScopeKind, str], start: date, end: date
) -> Select[*tuple[Any, ...]]:
    """Every observation of some KPIs for one scope in the periods that begin in [start, end)."""
    kind, scope_id = who
    return (
        select(*_TOLD)
        .where(
            Observation.kpi.in_(kpis),
            Observation.grain == grain,
            Observation.scope_kind == kind,
            Observation.scope_id == scope_id,
            Observation.period_start >= start,
            Observation.period_start < end,
        )
        .order_by(Observation.kpi, Observation.period_start, Observation.revision)
    )


def told_across(
    kpis: Collection[str], grain: str, kind: ScopeKind, start: date, end: date
) -> Select[*tuple[Any, ...]]:
    """The same for every team or every owner."""
    return (
        select(*_TOLD)
        .where(
            Observation.kpi.in_(kpis),
            Observation.grain == grain,
            Observation.scope_kind == kind,
            Observation.period_start >= start,
            Observation.period_start < end,
        )
        .order_by(
            Observation.kpi, Observation.scope_id, Observation.period_start, Observation.revision
        )
    )


def known_across(
    kpis: Collection[str], grain: str, kind: ScopeKind, start: date
) -> Select[*tuple[str, str, datetime]]:
    """When the facts of the newest number of one period became known, for every scope of a kind."""
    told = (Observation.kpi, Observation.scope_id)
    return (
        select(*told, Observation.known_at)
        .where(
            Observation.kpi.in_(kpis),
            Observation.grain == grain,
            Observation.scope_kind == kind,
            Observation.period_start == start,
        )
        .ext(distinct_on(*told))
        .order_by(*told, Observation.revision.desc())
    )


def first_months(
    kpis: Collection[str], kind: ScopeKind, scope_id: str | None
) -> Select[*tuple[str, str, date]]:
    """The first month in which a KPI had any record, for one scope or every one of a kind."""
    told = (Observation.kpi, Observation.scope_id)
    asked = select(*told, func.min(Observation.period_start)).where(
        Observation.kpi.in_(kpis),
        Observation.grain == Grain.MONTH.value,
        Observation.scope_kind == kind,
        Observation.n > 0,
    )
    if scope_id is not None:
        asked = asked.where(Observation.scope_id == scope_id)
    return asked.group_by(*told)


def first_observed() -> Select[*tuple[date | None]]:
    """The first month that was observed at all."""
    return select(func.min(Observation.period_start)).where(
        Observation.grain == Grain.MONTH.value, Observation.scope_kind == ScopeKind.TENANT
    )


def ended_loads() -> Select[*tuple[Any, ...]]:
    """Every load that has ended, the newest first, with what its report says."""
    return (
        select(Load.source, Load.state, Load.seq, Load.loaded_at, Load.finished_at, _OUTCOME)
        .where(Load.finished_at.is_not(None))
        .order_by(Load.seq.desc())
    )


_OUTCOME = Load.report["outcome"].astext.label("outcome")
