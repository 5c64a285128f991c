"""What the company's pages share: menus of months and teams, and the page without numbers."""

from collections.abc import Mapping
from types import MappingProxyType

from kpi_engine.language import tr
from kpi_engine.periods import Grain
from portal.models.observations import ScopeKind
from portal.readmodels.cards import Choice, Menu
from portal.readmodels.scorecard import Empty
from portal.security.permissions import Permission
from portal.services import freshness, loads, numbers
from portal.services.addresses import address
from portal.services.desks import WHOLE, Desk, View
from portal.services.numbers import TENANT, Who

_PERIODS_IN_MENU = 13


def teams(
    desk: Desk, view: View, path: str, query: Mapping[str, str] = MappingProxyType({})
) -> tuple[Menu, ...]:
    """Return the menu of the teams that a person sees; none where there is no choice."""
    words = team_words(desk)
    if len(words) < 2:  # noqa: PLR2004 - a menu of one entry offers no choice
        return ()
    choices = tuple(
        Choice(
            name,
            address(path, **{**query, "period": view.last.label, "team": team}),
            chosen=team == view.team,
        )
        for team, name in words.items()
    )
    return (Menu(tr("Team"), view.name, "people", choices),)


def team_words(desk: Desk) -> Mapping[str, str]:
    """Return by their ids the teams that a page of several KPIs offers; '' is the whole company.

    They are those of the person's roles; who has only KPIs of their own is offered those of these.
    """
    roles = any(map(desk.spans, (TENANT, *_teams(desk))))
    offered = desk.spans if roles else desk.touches
    words = {"": tr(WHOLE)} if offered(TENANT) else {}
    seen = [desk.roster.teams[who.id] for who in _teams(desk) if offered(who)]
    return words | {team.id: team.name for team in sorted(seen, key=lambda team: team.name)}


def _teams(desk: Desk) -> list[Who]:
    return [Who(ScopeKind.TEAM, key) for key in desk.roster.teams]


def months(desk: Desk, view: View, path: str, query: Mapping[str, str]) -> tuple[Menu, ...]:
    """Return the menu of months of a page."""
    latest = numbers.latest(desk.session, desk.calendar, Grain.MONTH, desk.today)
    periods = [latest]
    while len(periods) < _PERIODS_IN_MENU:
        periods.append(desk.calendar.previous(periods[-1]))
    choices = tuple(
        Choice(
            desk.formats.period(period),
            address(path, **{**query, "period": period.label, "team": view.team or None}),
            chosen=period == view.last,
        )
        for period in periods
    )
    return (Menu(tr("Month"), desk.formats.period_short(view.last), "calendar3", choices),)


def nothing(desk: Desk) -> Empty:
    """Return why a page of several KPIs has no number, and the next step.

    Nothing was loaded; or it is loaded and not counted yet; or it gives no number for this page.
    """
    if loads.last_landed(desk.session) is None:
        return _not_loaded(desk)
    if not freshness.newest(desk.session):
        return Empty(
            tr("No numbers yet"),
            tr(
                "What was loaded is not counted yet. This page fills by itself as soon as it is: on"
                " the scheduler's next round, or after `portal refresh`."
            ),
        )
    return Empty(
        tr("No numbers here"),
        tr(
            "None of this page's KPIs has a number: the records that they count were not loaded, or"
            " none falls in this time. The list of KPIs says why of each."
        ),
        tr("Show all KPIs"),
        "/kpis",
    )


def _not_loaded(desk: Desk) -> Empty:
    if desk.may(Permission.SETTINGS_EDIT):
        return Empty(
            tr("No numbers yet"),
            tr(
                "Nothing of a CRM has been loaded, so no KPI could be counted. Load your CRM's"
                " files with `portal import`; the pages fill by themselves after it."
            ),
            tr("How data comes in"),
            "/imports",
        )
    return Empty(
        tr("No numbers yet"),
        tr(
            "Nothing of a CRM has been loaded, so no KPI could be counted. Ask an administrator of"
            " your company to load it; this page fills by itself after that."
        ),
    )
