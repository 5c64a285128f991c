"""What the page of a KPI looks at: which KPI, in which period, for whom, as the address says."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kpi_engine.compiler.needs import splits_that_fit
from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.definitions.outlook import looks_forward
from kpi_engine.errors import UnknownKpiError
from kpi_engine.language import mark, tr
from kpi_engine.periods import Grain, Period
from kpi_engine.questions import Dimension
from kpi_engine.reading import Reading, State
from portal.errors import BadInputError
from portal.models.observations import ScopeKind
from portal.services import absences, addresses, coverage, numbers, why_none
from portal.services.desks import Desk
from portal.services.numbers import Who
from portal.services.periods import period_of
from portal.services.viewpoints import Viewpoint, viewpoint

COARSER = (Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)
"""From fine to coarse."""
KEPT = ("period", "team", "owner", "split", "group", "records", "part", "definition")
"""What the address of the page may say; a page of records is told apart."""
_SPLITS = {ScopeKind.TEAM: (Dimension.TEAM,), ScopeKind.OWNER: (Dimension.OWNER,)}
_LOOKED_BACK = 12
"""How many periods before the last closed one may still be waiting for their cohorts."""
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
    """The last closed period that has numbers; of what looks forward, the one that runs."""
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

    @property
    def runs(self) -> bool:
        """Whether the period has not ended: it is compared with as many days of others only."""
        return self.period.end > self.desk.today

    @property
    def forward(self) -> bool:
        """Whether the KPI tells what is still to come: of a period that is over, nothing."""
        return looks_forward(self.kpi.measure, self.desk.catalogue)

    @property
    def company_only(self) -> bool:
        """Whether it is a team or a person that is looked at, and the KPI has no numbers of such.

        Some of what it counts, as a campaign, belongs to no person.
        """
        return company_only(self.desk.catalogue, self.kpi.key, self.view.who)

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


def company_only(catalogue: Catalogue, key: KpiKey, who: Who) -> bool:
    """Say whether a KPI has no numbers of a team or person, which are asked for."""
    split = _SPLITS.get(who.kind)
    return split is not None and not splits_that_fit(key, catalogue, [split])


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
    latest = coverage.last(desk, kpi.key, grain)
    shown = period or _last_ripe(desk, kpi.key, view.who, latest)
    found = Sight(desk, kpi, shown, latest, view, {**words, **view.query})
    return replace(found, period=_checked(found))


def _last_ripe(desk: Desk, kpi: KpiKey, who: Who, latest: Period) -> Period:
    """Return the last period whose number may be told: a cohort's comes when its time is over."""
    points = numbers.series(
        desk.session, desk.calendar, (kpi,), latest.grain, who, latest, _LOOKED_BACK
    )[kpi]
    if points[-1].reading.state is not State.IMMATURE:
        return latest
    ripe = (one.period for one in reversed(points) if one.reading.value is not None)
    return next(ripe, latest)


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
