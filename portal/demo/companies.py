"""The companies of the demo: where their data lies, whose it is, and what it cannot tell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

from kpi_engine.definitions.kinds import KpiKey
from portal.demo.generated.files import write_files
from portal.services.tenants import Profile
from portal.tenancy.keys import TenantKey

_HERE = Path(__file__).parent
_NAME = "source.yaml"


@dataclass(frozen=True, slots=True)
class Company:
    """One demo tenant."""

    key: TenantKey
    profile: Profile
    about: str
    credit: str
    folder: Path | None = None
    """Where its source file and its data lie; None for one that is made up here."""
    write: Callable[[Path, date], Path] | None = None
    """Writes its data into a folder, for a today, and returns the source file."""
    start: date | None = None
    """The first day of the quarters that the terminal shows."""
    end: date | None = None
    """The day after their last."""
    withheld: Mapping[KpiKey, str] = field(default_factory=dict)
    """KPIs that would give a number which this set cannot bear, each with the reason."""

    def source(self, home: Path, today: date) -> Path:
        """Return its source file; where it is not there it is made, below `home`."""
        if self.folder is not None:
            return self.folder / _NAME
        made = home / "demo" / self.key
        if self.write is None or (made / _NAME).exists():
            return made / _NAME
        return self.write(made, today)

    @property
    def own_kpis(self) -> Path | None:
        """The definitions of its own, if it has any."""
        found = self.folder / "kpis.yaml" if self.folder is not None else None
        return found if found is not None and found.exists() else None


KESTREL = Company(
    key=TenantKey("kestrel"),
    profile=Profile("Kestrel Systems", timezone="Europe/Berlin", currency="EUR"),
    about="an invented software company: a whole CRM, 24 sellers in four regions",
    credit="Made up by the model in portal/demo/generated; nobody in it is real.",
    write=write_files,
)
RAVENSTACK = Company(
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
)
ADVENTUREWORKS = Company(
    key=TenantKey("adventureworks"),
    profile=Profile("AdventureWorks"),
    folder=_HERE / "adventureworks",
    about="a maker of bicycles: the quotas of its sellers, and three KPIs of its own",
    credit="Fictitious data by Microsoft, MIT licence.",
    start=date(2012, 10, 1),
    end=date(2013, 10, 1),
)

COMPANIES: tuple[Company, ...] = (KESTREL, RAVENSTACK)
"""The tenants of the demo in a browser."""
IN_TERMINAL: tuple[Company, ...] = (RAVENSTACK, ADVENTUREWORKS)
"""Those whose scorecard a terminal shows, in the order in which they are shown."""
