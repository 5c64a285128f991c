"""What the page of data quality is asked for: whose numbers, in which month, of which KPIs.

The address says all of it: a copied link shows the same to whoever may see it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kpi_engine.definitions.described import Department
from kpi_engine.definitions.kinds import Kpi
from kpi_engine.language import tr
from kpi_engine.periods import Grain, Period
from portal.readmodels.cards import Choice, Menu
from portal.readmodels.tables import Column, Order
from portal.services import catalogue_words, company_menus, lifecycles, numbers, viewpoints
from portal.services.addresses import address, kpi_page
from portal.services.confidence_limits import Level
from portal.services.desks import Desk, View, view_of

PATH = "/quality"
LEVELS: Mapping[str, Level] = {
    "high": Level.HIGH,
    "medium": Level.MEDIUM,
    "low": Level.LOW,
    "unknown": Level.UNKNOWN,
}
"""What the address calls the levels."""
WORST_FIRST = (Level.LOW, Level.MEDIUM, Level.UNKNOWN, Level.HIGH)
_SORTED = ("name", "owner", "level")
_MONTHS = 4
"""So many closed months each refresh looks through; of older ones a page would have to wait."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, as far as the person may see it."""

    desk: Desk
    view: View
    query: Mapping[str, str]
    """The words of the address that this page knows."""
    kpis: tuple[Kpi, ...]
    """Those asked for whose numbers are open to the person."""
    hidden: int
    """How many more are asked for that are not."""
    every: bool
    """Whether all KPIs are asked for, not only those in use."""

    @property
    def level(self) -> Level | None:
        """The level that the list of KPIs is narrowed to; None for all."""
        return LEVELS.get(self.query.get("level", ""))

    @property
    def sort(self) -> str:
        """By which column the KPIs are sorted; with a minus the other way."""
        return self.query.get("sort", "level")

    def address(self, **changes: str | None) -> str:
        """Return the address of this page with some of its words changed; None takes one out."""
        return address(PATH, **{**self.query, **changes})

    def kpi(self, key: str, period: Period, **words: str) -> str:
        """Return the address of a KPI's page for the same period and scope."""
        whose = viewpoints.of_who(self.desk, self.view.who).query
        return kpi_page(key, period=period.label, **whose, **words)

    def column(self, key: str, text: str, width: int = 0) -> Column:
        """Return the head of a column that sorts; selected again, it sorts the other way."""
        order = Order.NONE
        if self.sort.removeprefix("-") == key:
            order = Order.DOWN if self.sort.startswith("-") else Order.UP
        other = f"-{key}" if order is Order.UP else key
        return Column(text, sort=self.address(sort=other) + "#kpis", order=order, width=width)


def asked(desk: Desk, query: Mapping[str, str]) -> Asked:
    """Return what the address asks for; a word that this page does not know is left out.

    Raises:
        BadInputError: if the period is none, or has not ended.
        NoReachError: if no numbers, or not those of the team, are open to the person.
    """
    view = view_of(desk, query, Grain.MONTH)
    used = lifecycles.adopted(desk.session, desk.catalogue, desk.today)
    every = query.get("of") == "all" or not used
    known = _known(query, view)
    department = known.get("department", "")
    wanted = [
        kpi
        for key, kpi in desk.catalogue.items()
        if (every or key in used) and department in {"", kpi.department.value}
    ]
    mine = tuple(kpi for kpi in wanted if desk.sees(kpi.key, view.who))
    return Asked(desk, view, known, mine, len(wanted) - len(mine), every)


def _known(query: Mapping[str, str], view: View) -> Mapping[str, str]:
    allowed: Mapping[str, Iterable[str]] = {
        "level": LEVELS,
        "department": [one.value for one in Department],
        "of": ("all",),
        "show": ("all",),
        "sort": [*_SORTED, *(f"-{name}" for name in _SORTED)],
    }
    found = {name: query[name] for name, words in allowed.items() if query.get(name, "") in words}
    # A link that is copied tells the same next month.
    period = {"period": view.last.label} if query.get("period") else {}
    return {**found, **period, **({"team": view.team} if query.get("team") else {})}


def menus(one: Asked) -> tuple[Menu, ...]:
    """Return the menus of the page: which KPIs, department, month, team."""
    return (_which(one), _departments(one), _months(one), *_teams(one))


def _which(one: Asked) -> Menu:
    choices = (
        Choice(tr("KPIs in use"), one.address(of=None, show=None), not one.every),
        Choice(tr("Every KPI that there is"), one.address(of="all", show=None), one.every),
    )
    label = tr("Every KPI") if one.every else tr("KPIs in use")
    return Menu(tr("Which KPIs"), label, "funnel", choices)


def _departments(one: Asked) -> Menu:
    chosen, known = one.query.get("department", ""), catalogue_words.departments()
    choices = [Choice(tr("All"), one.address(department=None), not chosen)]
    for value, text in known.items():
        choices.append(Choice(text, one.address(department=value), value == chosen))
    return Menu(tr("Department"), known.get(chosen, tr("Department")), "", tuple(choices))


def _months(one: Asked) -> Menu:
    desk, last = one.desk, one.view.last
    months = [numbers.latest(desk.session, desk.calendar, Grain.MONTH, desk.today)]
    while len(months) < _MONTHS:
        months.append(desk.calendar.previous(months[-1]))
    months += [] if last in months else [last]
    choices = tuple(
        Choice(desk.formats.period(month), one.address(period=month.label), month == last)
        for month in months
    )
    return Menu(tr("Month"), desk.formats.period_short(last), "calendar3", choices)


def _teams(one: Asked) -> tuple[Menu, ...]:
    words = company_menus.team_words(one.desk)
    if len(words) < 2:  # noqa: PLR2004 - a menu of one entry offers no choice
        return ()
    choices = tuple(
        Choice(name, one.address(team=team), team == one.view.team) for team, name in words.items()
    )
    return (Menu(tr("Team"), one.view.name, "people", choices),)
