"""What who-moved-it is told in: the parts of a change, or the reason that there are none."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.periods import Period
from kpi_engine.reading import Reading
from kpi_engine.statistics.contribution import Method
from kpi_engine.units import Unit
from portal.services.desks import Desk
from portal.services.numbers import Point, Who


class Kind(StrEnum):
    """Whose parts they are."""

    OWNERS = "owners"
    """Of the co-owners of a shared KPI."""
    INPUTS = "inputs"
    """Of the numbers that the KPI is computed from."""
    GROUPS = "groups"
    """Of the teams or people whose records it counts."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A number that explains a part, before and now: 'Leads that fit 62.1 to 59.0 %'."""

    name: str
    unit: Unit
    before: float | None
    now: float | None
    kpi: KpiKey | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one owner, input or group adds to the change.

    `amount` is in the KPI's unit, `shown` the same in whole steps of what is displayed, so that
    the shown parts add up to the shown change.
    """

    name: str
    word: str
    """What the sentence calls it: 'marketing'."""
    amount: float
    rates: tuple[Rate, ...] = ()
    person: str | None = None
    person_id: UUID | None = None
    responsibility: str = ""
    share: Decimal | None = None
    acknowledged: bool = False
    kpi: KpiKey | None = None
    """The component KPI, where it has one of its own."""

    @property
    def before(self) -> float | None:
        """The first of its rates as it was."""
        return self.rates[0].before if self.rates else None

    @property
    def now(self) -> float | None:
        """The first of its rates as it is."""
        return self.rates[0].now if self.rates else None


@dataclass(frozen=True, slots=True)
class Mix:
    """What nobody did: the weights of the segments in the whole moved."""

    name: str
    """'Mix of sources'."""
    amount: float
    note: str = ""
    """The segment whose weight moved it most."""
    of: str = ""
    """What it is the mix of: 'sources'."""


@dataclass(frozen=True, slots=True)
class Found:
    """Parts as they were worked out, before anything is said of them."""

    kind: Kind
    parts: tuple[Part, ...]
    mix: Mix | None
    method: Method


@dataclass(frozen=True, slots=True)
class NotTold:
    """Why who moved it cannot be told, in one sentence."""

    reason: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The change that is asked about: a KPI of one scope in two periods."""

    desk: Desk
    kpi: Kpi
    who: Who
    before: Period
    now: Period
    points: tuple[Point, Point]
    """Before and now; both have a value, by one definition."""

    @property
    def values(self) -> tuple[float, float]:
        """The KPI's value before and now."""
        before, now = (point.reading.value or 0.0 for point in self.points)
        return before, now

    @property
    def change(self) -> float:
        """By how much it moved."""
        return self.values[1] - self.values[0]

    @property
    def readings(self) -> tuple[Reading, Reading]:
        """Both readings, with the parts of a ratio."""
        return self.points[0].reading, self.points[1].reading


def near(one: float | None, other: float | None, scale: float = 1.0) -> bool:
    """Say whether two numbers are the same but for their last digits."""
    if one is None or other is None:
        return False
    return abs(one - other) <= _CLOSE * max(abs(one), abs(other), scale)


def adds_up(asked: Asked, amounts: Sequence[float]) -> bool:
    """Say whether parts add up to the change."""
    size = max(map(abs, asked.values), default=0.0)
    return abs(sum(amounts) - asked.change) <= _CLOSE * max(size, abs(asked.change), 1e-6)


_CLOSE = 1e-6
