"""A question: which KPIs, at which grain, over which time, split how, within which scope."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Calendar, Grain


class Dimension(StrEnum):
    """What a KPI can be split by, where its entity has it."""

    OWNER = "owner"
    TEAM = "team"
    REGION = "region"
    PRODUCT = "product"
    LEAD_SOURCE = "lead_source"
    SEGMENT = "segment"
    INDUSTRY = "industry"
    CAMPAIGN = "campaign"
    PRIORITY = "priority"
    KIND = "kind"


Split = tuple[Dimension, ...]
"""Up to two dimensions; empty for the whole scope."""


class ScopeKind(StrEnum):
    """Whose records count."""

    ALL = "all"
    TEAM = "team"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Scope:
    """All records, those of some teams and the teams below them, or those of some owners.

    `ids` are ids of `team` or `user` records, each alone or as a key that says its source, too; an
    empty `ids` with TEAM or OWN sees nothing.
    """

    kind: ScopeKind = ScopeKind.ALL
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the engine. All KPIs, grains and splits are answered in one plan.

    `start` and `end` are days in the tenant's zone, half-open; the periods answered are those of
    each grain that begin at or after the start of the period holding `start`, before `end`.
    `where` is a filter in the expression language over the dimensions' columns. `today` decides
    which periods are unfinished and which cohorts are immature. The moment of `known at` is chosen
    by the facts that the question is asked of, and is carried here only for the answer.
    """

    kpis: tuple[KpiKey, ...]
    grains: tuple[Grain, ...]
    start: date
    end: date
    today: date
    calendar: Calendar = field(default_factory=Calendar)
    splits: tuple[Split, ...] = ((),)
    scope: Scope = Scope()
    where: str | None = None
    known_at: datetime | None = None
    lenient: bool = False
    """Leave out a KPI at a split that its records have no way to, in place of refusing."""
