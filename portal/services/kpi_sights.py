"""What the page of a KPI looks at: which KPI, in which period, for whom, as the address says."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kpi_engine.definitions.kinds import Kpi
from kpi_engine.errors import UnknownKpiError
from kpi_engine.language import mark, tr
from kpi_engine.periods import Grain, Period
from kpi_engine.reading import Reading
from portal.errors import BadInputError
from portal.services import absences, addresses, numbers, why_none
from portal.services.desks import Desk
from portal.services.periods import period_of
from portal.services.viewpoints import Viewpoint, viewpoint

COARSER = (Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)
"""From fine to coarse."""
KEPT = ("period", "team", "owner", "split", "group", "records", "part", "definition")
"""What the address of the page may say; a page of records is told apart."""
ADJECTIVES = {
    Grain.DAY: mark("daily"),
    Grain.WEEK: mark("weekly"),
    Grain.MONTH: mark("monthly"),
    Grain.QUARTER: mark("quarterly"),
    Grain.YEAR: mark("yearly"),
}


@dataclass(frozen=True, slots=True)
class Sight:
    """One KPI as a page looks at it."""

    desk: Desk
    kpi: Kpi
    period: Period
    latest: Period
    """The last closed period that has numbers."""
    view: Viewpoint
    query: Mapping[str, str]

    @property
    def before(self) -> Period:
        """The period before."""
        return self.desk.calendar.previous(self.period)

    @property
    def last_year(self) -> Period:
        """The same period a year ago."""
        return self.desk.calendar.last_year(self.period)

    @property
    def grain(self) -> Grain:
        """How long the periods are."""
        return self.period.grain

    def address(self, **changes: str | None) -> str:
        """Return the address of this page with some of its words changed; None takes one out."""
        words = {name: self.query.get(name) for name in KEPT} | dict(changes)
        return addresses.kpi_page(self.kpi.key, **words)

    def absence(self, reading: Reading, period: Period) -> str:
        """Return in words why there is no number; empty where there is one."""
        desk = self.desk
        if reading.value is not None:
            return ""
        told = absences.in_words(desk.catalogue, self.kpi, reading, period, desk.formats)
        return why_none.told(told)

    def export(self, what: str, kind: str) -> str:
        """Return the address of what is shown, as a file."""
        words = {name: self.query.get(name) for name in KEPT}
        return addresses.address(f"/export/kpis/{self.kpi.key}/{what}.{kind}", **words)


def sight_of(desk: Desk, key: str, query: Mapping[str, str]) -> Sight:
    """Return what the address asks to look at.

    Raises:
        UnknownKpiError: if there is no such KPI.
        BadInputError: if the period is none, lies ahead or is finer than the KPI is told.
        NoReachError: if no number of it is open to the person.
    """
    if key not in desk.catalogue:
        raise UnknownKpiError(key, desk.catalogue)
    kpi = desk.catalogue.kpi(key)
    view = viewpoint(desk, query, key)
    words = {name: value for name, value in query.items() if name in KEPT and value}
    words = {name: value for name, value in words.items() if name not in {"team", "owner"}}
    label = query.get("period", "")
    period = period_of(label, desk.calendar) if label else None
    grain = kpi.cadence if period is None else period.grain
    latest = numbers.latest(desk.session, desk.calendar, grain, desk.today)
    found = Sight(desk, kpi, period or latest, latest, view, {**words, **view.query})
    return replace(found, period=_checked(found))


def _checked(sight: Sight) -> Period:
    period, kpi, formats = sight.period, sight.kpi, sight.desk.formats
    if COARSER.index(period.grain) < COARSER.index(kpi.cadence):
        raise BadInputError(
            tr(
                "{kpi} is told {cadence}; {period} is finer than it means anything.",
                kpi=kpi.name,
                cadence=tr(ADJECTIVES[kpi.cadence]),
                period=formats.period(period),
            )
        )
    if period.start > sight.desk.today:
        raise BadInputError(tr("{period} has not begun yet.", period=formats.period(period)))
    return period
