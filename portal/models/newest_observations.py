"""What snapshots read in bulk of the observations: plain columns, since there are many rows."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import distinct_on

from portal.models.observations import Observation, ScopeKind

COLUMNS = (
    Observation.kpi,
    Observation.scope_kind,
    Observation.scope_id,
    Observation.period_start,
    Observation.id,
    Observation.revision,
    Observation.value,
    Observation.over_value,
    Observation.under_value,
    Observation.n,
    Observation.state,
    Observation.reason,
    Observation.definition,
    Observation.version,
    Observation.known_at,
    Observation.observed_at,
)
"""Which series, then what was last known of it."""


def newest(kpis: Collection[str], grain: str, start: date, end: date) -> Select[*tuple[Any, ...]]:
    """The newest observation of every series of some KPIs, for the periods in [start, end)."""
    identity = COLUMNS[:4]
    return (
        select(*COLUMNS)
        .where(Observation.grain == grain, Observation.kpi.in_(kpis))
        .where(Observation.period_start >= start, Observation.period_start < end)
        .ext(distinct_on(*identity))
        .order_by(*identity, Observation.revision.desc())
    )


def scope_ids(kpi: str, grain: str, kind: ScopeKind) -> Select[str]:
    """Whose values of a KPI were ever observed: ids as they are kept, sorted."""
    return (
        select(Observation.scope_id)
        .where(Observation.kpi == kpi, Observation.grain == grain, Observation.scope_kind == kind)
        .distinct()
        .order_by(Observation.scope_id)
    )
