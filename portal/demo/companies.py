"""The companies of the demo: where their data lies, whose it is, and what it cannot tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

from kpi_engine.definitions.kinds import KpiKey
from portal.services.tenants import Profile
from portal.tenancy.keys import TenantKey

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Company:
    """One demo tenant."""

    key: TenantKey
    profile: Profile
    folder: Path
    """Where its source file and its data lie."""
    about: str
    credit: str
    start: date
    """The first day of the quarters that are shown."""
    end: date
    """The day after their last."""
    withheld: Mapping[KpiKey, str] = field(default_factory=dict)
    """KPIs that would give a number which this set cannot bear, each with the reason."""

    @property
    def source(self) -> Path:
        """Its source file."""
        return self.folder / "source.yaml"

    @property
    def own_kpis(self) -> Path | None:
        """The definitions of its own, if it has any."""
        found = self.folder / "kpis.yaml"
        return found if found.exists() else None


COMPANIES: tuple[Company, ...] = (
    Company(
        key=TenantKey("ravenstack"),
        profile=Profile("RavenStack"),
        folder=_HERE / "ravenstack",
        about="a software company with 500 accounts: subscriptions, use and support",
        credit="Synthetic data by River @ Rivalytics, MIT licence.",
        start=date(2024, 1, 1),
        end=date(2025, 1, 1),
        withheld=MappingProxyType(
            {
                KpiKey("first_response_business_hours"): "the set has days without a time of day",
            }
        ),
    ),
    Company(
        key=TenantKey("adventureworks"),
        profile=Profile("AdventureWorks"),
        folder=_HERE / "adventureworks",
        about="a maker of bicycles: the quotas of its sellers, and three KPIs of its own",
        credit="Fictitious data by Microsoft, MIT licence.",
        start=date(2012, 10, 1),
        end=date(2013, 10, 1),
    ),
)
"""In the order in which they are shown."""
