"""A framework of KPIs as the rules read it: nothing here asks a database or a clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.described import KpiClass, Stage
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.periods import Grain


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who is accountable for a KPI."""

    name: str
    active: bool = True
    left_on: date | None = None
    cover: str = ""
    """Who stands in for them today; empty for nobody."""


@dataclass(frozen=True, slots=True)
class Split:
    """The shares of a KPI that several people answer for."""

    people: tuple[str, ...]
    waiting: tuple[str, ...] = ()
    """Those who have not said yes to their share."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What one period of a grain usually holds."""

    grain: Grain
    value: float
    n: float
    """Records a period: for a share those of its denominator."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What a KPI should be, and where it is told to be off target."""

    value: float
    grain: Grain
    """Of which period it is the target."""
    red: float | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One adopted KPI with what is known of its life in the framework."""

    kpi: Kpi
    fingerprint: str
    goals: tuple[str, ...] = ()
    keeper: Keeper | None = None
    helpers: tuple[str, ...] = ()
    """Who else keeps it up to date."""
    split: Split | None = None
    aim: Aim | None = None
    """Its newest target with one value."""
    has_target: bool = False
    grain: Grain = Grain.MONTH
    """How long the periods of its history are: months, or its cadence where that is longer."""
    history: tuple[float | None, ...] = ()
    """The numbers of its last periods, the oldest first."""
    statuses: tuple[str, ...] = ()
    """'good', 'watch' or 'bad' of the last judged periods, the oldest first."""
    usual: tuple[Usual, ...] = ()
    """What its periods hold, the shortest grain first."""
    actions: int | None = None
    """How many actions were ever taken on it; None where that is not known."""
    viewers: int | None = None
    """How many people looked in 90 days; None where it was not kept for so long."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A strategic goal and the KPIs that serve it."""

    key: str
    name: str
    owner: str
    kpis: tuple[KpiKey, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A KPI of the catalogue that is not adopted."""

    kpi: Kpi
    measured: bool
    """Whether the tenant's data gives it a number."""


@dataclass(frozen=True, slots=True)
class Framework:
    """What the rules are asked about."""

    members: tuple[Member, ...]
    catalogue: Catalogue
    goals: tuple[Goal, ...] = ()
    offers: tuple[Offer, ...] = ()

    def member(self, key: KpiKey) -> Member | None:
        """Return an adopted KPI."""
        return next((one for one in self.members if one.kpi.key == key), None)

    def names(self, keys: Iterable[KpiKey]) -> tuple[str, ...]:
        """Return the names of those of some KPIs that are adopted."""
        known = self.by_key()
        return tuple(known[key].kpi.name for key in keys if key in known)

    def by_key(self) -> Mapping[KpiKey, Member]:
        """Return the adopted KPIs by their keys."""
        return {one.kpi.key: one for one in self.members}

    def of_class(self, kpi_class: KpiClass) -> tuple[Member, ...]:
        """Return the KPIs of a class."""
        return tuple(one for one in self.members if one.kpi.kpi_class is kpi_class)

    def at(self, stage: Stage, kpi_class: KpiClass | None = None) -> tuple[Member, ...]:
        """Return the KPIs of a stage, perhaps of one class only."""
        return tuple(
            one
            for one in self.members
            if one.kpi.stage is stage and kpi_class in {None, one.kpi.kpi_class}
        )

    def offer(self, stage: Stage, kpi_class: KpiClass | None = None) -> Offer | None:
        """Return the KPI to adopt at a place: the first with a number, else the first."""
        there = [
            one
            for one in self.offers
            if one.kpi.stage is stage and kpi_class in {None, one.kpi.kpi_class}
        ]
        return next((one for one in there if one.measured), there[0] if there else None)


JOURNEY = (
    Stage.AWARENESS,
    Stage.LEAD_GENERATION,
    Stage.QUALIFICATION,
    Stage.SALES,
    Stage.ONBOARDING,
    Stage.RETENTION,
    Stage.SERVICE,
)
"""The stages that a framework covers: the customer's journey and the service that carries it."""
