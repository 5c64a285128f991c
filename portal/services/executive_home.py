"""The executive's home: revenue, customers, retention, and the goals with what is off and why."""

from collections.abc import Mapping, Sequence

from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.language import mark, tr
from kpi_engine.periods import Grain
from portal.readmodels.cards import Choice, Head, KpiCard
from portal.readmodels.company import CompanyHome
from portal.services import (
    confidence,
    goal_panels,
    guard_notices,
    numbers,
    owner_words,
    scorecards,
    standings,
)
from portal.services.addresses import address, kpi_page
from portal.services.company_menus import months, nothing
from portal.services.desks import Desk, View, view_of
from portal.services.kpi_cards import card
from portal.services.score_views import PATH as SCORECARD
from portal.services.standings import Asked, Standing
from portal.services.trends import Drawn, trend

_MONTHS = 24
_BACK = _MONTHS + 12
"""As far as the line of a year before needs it."""
_CARDS = 4
_ON_CARDS = (
    *("won_revenue", "mrr", "active_customers", "net_revenue_retention"),
    *("new_customers", "gross_revenue_retention", "renewal_rate"),
)
"""At most seven; the first four that have numbers stand on cards."""
_TRENDS = (
    Drawn("revenue", mark("Revenue"), "won_revenue", instead="mrr"),
    Drawn("customers", mark("Customers"), "active_customers", instead="new_customers"),
    Drawn(
        "retention", mark("Retention"), "net_revenue_retention", beside="gross_revenue_retention"
    ),
)


def read(desk: Desk, query: Mapping[str, str]) -> CompanyHome:
    """Return the executive's home.

    Raises:
        BadInputError: if the address names what there is not, or what this person may not see.
    """
    view = view_of(desk, query, Grain.MONTH)
    asked = Asked(view.who, view.last, _BACK)
    found = standings.standings(desk, _kpis(desk), asked)
    if not any(one.measured for one in found.values()):
        return CompanyHome(_head(desk, view), None, (), empty=nothing(desk))
    quarter = _quarter(desk, view)
    told = {"period": quarter, "team": view.team or None}
    scored = scorecards.read(desk, {name: value for name, value in told.items() if value})
    href = address(SCORECARD, **told)
    return CompanyHome(
        head=_head(desk, view),
        finding=goal_panels.lead(scored),
        cards=cards(found, _ON_CARDS, view, desk),
        trends=tuple(trend(one, found, _MONTHS, desk.formats) for one in _TRENDS),
        goals=goal_panels.panels(scored, href),
        goals_title=tr("Strategic goals"),
        goals_sub=f"{scored.told} {' '.join(scored.notes[:1])}",
        goals_href=href,
        guarded=guard_notices.of_company(desk, view),
    )


def _kpis(desk: Desk) -> list[Kpi]:
    return [desk.catalogue[KpiKey(key)] for key in _ON_CARDS if key in desk.catalogue]


def _quarter(desk: Desk, view: View) -> str:
    """Return the last closed quarter that begins no later than the month that is looked at."""
    latest = numbers.latest(desk.session, desk.calendar, Grain.QUARTER, desk.today)
    holding = desk.calendar.holding(view.last.start, Grain.QUARTER)
    return min(latest, holding, key=lambda period: period.start).label


def cards(
    found: Mapping[KpiKey, Standing], order: Sequence[str], view: View, desk: Desk
) -> tuple[KpiCard, ...]:
    """Return cards of the first KPIs that have numbers; of the first ones where too few have."""
    there = [KpiKey(key) for key in order if KpiKey(key) in found]
    told = [key for key in there if found[key].now.value is not None]
    rest = [key for key in there if key not in told]
    chosen = (told + rest)[:_CARDS] if len(told) < _CARDS else told[:_CARDS]
    chosen.sort(key=there.index)
    query = {"period": view.last.label, "team": view.team or None}
    owners = owner_words.known(desk, chosen, view.who)
    ripe = {key: standings.ripe(found[key]) for key in chosen}
    made = [
        (
            card(
                one,
                desk.formats,
                kpi_page(key, **query),
                late=len(one.points) < len(found[key].points),
                owners=owners.get(key, ()),
            ),
            confidence.Told(one.kpi, one.points),
        )
        for key, one in ripe.items()
    ]
    return confidence.of_cards(desk, view.who, made)


def _head(desk: Desk, view: View) -> Head:
    period = desk.formats.period(view.last)
    return Head(
        tr("Company"),
        tr(
            "{period}, {name}. Closed and compared with the month before.",
            period=period,
            name=view.name,
        ),
        menus=months(desk, view, "/", {"home": "executive"}),
        actions=(
            Choice(tr("Scorecard"), SCORECARD),
            Choice(tr("Journey"), "/journey"),
            Choice(tr("Data quality"), "/quality"),
        ),
    )
