"""A KPI's past: as first known, as now known, and why the two differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from kpi_engine.periods import Calendar, Grain
from portal.errors import BadInputError, UnknownNameError
from portal.models.observations import Observation, ScopeKind, series
from portal.services.kpis import plain
from portal.tenancy.session import TenantSession


@dataclass(frozen=True, slots=True)
class PastPeriod:
    """One period of a KPI's past, the first value before every restatement."""

    label: str
    observations: tuple[Observation, ...]

    def plain(self) -> dict[str, Any]:
        """Return it in the form of docs/kpis.md."""
        first, last = self.observations[0], self.observations[-1]
        return {
            "kpi": first.kpi,
            "period": self.label,
            "start": first.period_start.isoformat(),
            "end": first.period_end.isoformat(),
            "first_known": _plain(first),
            "now_known": _plain(last),
            "restatements": [{**_plain(one), "cause": one.cause} for one in self.observations[1:]],
        }


def history(
    session: TenantSession, calendar: Calendar, kpi: str, grain: Grain, scope: tuple[ScopeKind, str]
) -> Sequence[PastPeriod]:
    """Return the observed periods of a KPI for one scope, oldest first.

    Raises:
        BadInputError: if it was never observed so; says how to.
    """
    rows = session.scalars(series(kpi, grain.value, *scope)).all()
    if not rows:
        raise BadInputError(
            f"No {grain.value} of '{kpi}' was observed yet. Take one with: portal snapshot"
        )
    return [
        PastPeriod(calendar.holding(start, grain).label, tuple(found))
        for start, found in groupby(rows, key=lambda row: row.period_start)
    ]


def _plain(row: Observation) -> dict[str, Any]:
    return {
        "value": plain(row.value),
        "over": plain(row.over_value),
        "under": plain(row.under_value),
        "n": row.n,
        "state": row.state,
        "reason": row.reason,
        "definition": row.definition,
        "version": row.version,
        "known_at": row.known_at.isoformat().replace("+00:00", "Z"),
        "observed_at": row.observed_at.isoformat().replace("+00:00", "Z"),
    }


def scope_of(team: str | None, owner: str | None) -> tuple[ScopeKind, str]:
    """Return the scope that a person named: a team, an owner, or the whole tenant.

    Raises:
        BadInputError: if both are named.
    """
    if team is not None and owner is not None:
        raise BadInputError("Name a team or an owner, not both.")
    if team is not None:
        return ScopeKind.TEAM, team
    return (ScopeKind.OWNER, owner) if owner is not None else (ScopeKind.TENANT, "")


def grain_of(word: str) -> Grain:
    """Return the grain of that name.

    Raises:
        UnknownNameError: if there is none.
    """
    names = [grain.value for grain in Grain]
    if word not in names:
        raise UnknownNameError("grain", word, names)
    return Grain(word)
