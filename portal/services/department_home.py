"""The home of marketing, service or success: from the same parts as the executive's."""

from collections.abc import Mapping

from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.language import tr
from kpi_engine.periods import Grain, Period
from portal.errors import UnknownNameError
from portal.readmodels.cards import Choice, Head
from portal.readmodels.company import CompanyHome, Listing
from portal.services import breakdowns, department_finding, not_theirs, numbers, renewals_due
from portal.services.addresses import address
from portal.services.breakdowns import Breakdown
from portal.services.company_menus import months, nothing
from portal.services.departments import PLANS, Plan, narrowed
from portal.services.desks import Desk, View, view_of
from portal.services.engines import Workshop
from portal.services.executive_home import cards
from portal.services.score_views import PATH as SCORECARD
from portal.services.standings import Asked, standings
from portal.services.trends import trend

_MONTHS = 24
_BACK = _MONTHS + 12


def read(desk: Desk, workshop: Workshop, department: str, query: Mapping[str, str]) -> CompanyHome:
    """Return the home of a department.

    Raises:
        BadInputError: if the address names what there is not, or what this person may not see.
    """
    if department not in PLANS:
        raise UnknownNameError(tr("department's home"), department, list(PLANS))
    plan = PLANS[department]
    view = view_of(desk, query, Grain.MONTH)
    mine = narrowed(plan, lambda kpi: desk.sees(kpi, view.who))
    found = standings(desk, _kpis(desk, mine), Asked(view.who, view.last, _BACK))
    head = _head(desk, view, plan)
    if not (found or mine.tables or mine.renewals):
        return CompanyHome(head, None, (), empty=not_theirs.page(view.name))
    if not any(one.measured for one in found.values()):
        return CompanyHome(head, None, (), empty=nothing(desk))
    return CompanyHome(
        head=head,
        finding=department_finding.finding(desk, workshop, view, plan, found),
        cards=cards(found, mine.cards, view, desk),
        trends=tuple(trend(one, found, _MONTHS, desk.formats) for one in mine.trends),
        listings=_listings(desk, workshop, view, mine),
    )


def is_open(desk: Desk, department: str) -> bool:
    """Say whether the person answers for any KPI of a department's home."""
    plan = PLANS.get(department)
    return plan is not None and any(kpi.key in desk.reach.answers for kpi in _kpis(desk, plan))


def _kpis(desk: Desk, plan: Plan) -> list[Kpi]:
    keys = [*plan.cards]
    for drawn in plan.trends:
        keys += [drawn.kpi, *([drawn.beside] if drawn.beside else [])]
    return [desk.catalogue[KpiKey(key)] for key in dict.fromkeys(keys) if key in desk.catalogue]


def _head(desk: Desk, view: View, plan: Plan) -> Head:
    home = plan.department.value
    period = desk.formats.period(view.last)
    return Head(
        tr(plan.title),
        tr("{period}, {name}. {more}", period=period, name=view.name, more=tr(plan.sub)),
        menus=months(desk, view, "/", {"home": home}),
        actions=(Choice(tr("Scorecard"), address(SCORECARD, show=home)),),
    )


def _period(desk: Desk, view: View, told: Breakdown) -> Period:
    """Return the period of a table: the last quarter that ended, in which cohorts are ripe."""
    holding = desk.calendar.holding(view.last.start, told.grain)
    if told.grain is Grain.YEAR:
        return holding
    latest = numbers.latest(desk.session, desk.calendar, told.grain, desk.today)
    return min(latest, holding, key=lambda period: period.start)


def _said(desk: Desk, told: Breakdown, period: Period) -> Breakdown:
    span = desk.formats.period(period)
    return breakdowns.within(told, span, is_open=period.end > desk.today)


def _listings(desk: Desk, workshop: Workshop, view: View, plan: Plan) -> tuple[Listing, ...]:
    asked = [(one, _period(desk, view, one)) for one in plan.tables]
    found = breakdowns.groups(workshop, desk, view, asked)
    tables = [
        breakdowns.listing(_said(desk, one, period), groups, desk.catalogue, desk.formats)
        for (one, period), groups in zip(asked, found, strict=True)
    ]
    due = [renewals_due.listing(desk, workshop, view)] if plan.renewals else []
    return (*due, *tables)
