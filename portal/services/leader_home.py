"""A sales leader's home: the numbers of the team, its pipeline, its forecast and its people."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark, tr, trn
from kpi_engine.periods import Grain, Period
from portal.errors import BadInputError
from portal.models.observations import ScopeKind
from portal.readmodels.cards import Choice, Head, Menu
from portal.readmodels.formats import Formats
from portal.readmodels.leader_home import LeaderHome
from portal.security.actor import Actor
from portal.services import (
    confidence,
    forecast_text,
    home_cards,
    leader_findings,
    numbers,
    pipeline_funnel,
    pipeline_text,
    sales_facts,
    team_grid,
    team_table,
)
from portal.services.addresses import address
from portal.services.deal_book import EVERYBODY, Whose
from portal.services.desks import Desk, NoReachError, open_desk
from portal.services.engines import Workshop
from portal.services.home_card import Wish
from portal.services.leader_findings import Case
from portal.services.numbers import TENANT, Who
from portal.services.periods import period_of
from portal.services.sales_facts import PeriodView
from portal.services.team_table import Around
from portal.services.viewpoints import of_who
from portal.services.working_time import Days
from portal.tenancy.session import TenantSession

_PERIODS = 6
_QUOTA = KpiKey("quota_attainment")
_COVERAGE = mark("Coverage")
_WISHES = (
    Wish("quota_attainment", Grain.QUARTER, mark("Quota"), open=True),
    Wish("pipeline_coverage_remaining", Grain.QUARTER, _COVERAGE, open=True),
    Wish("forecast_accuracy", Grain.QUARTER, mark("Forecast accuracy")),
    Wish("pipeline_created", Grain.MONTH, mark("Pipeline built")),
    Wish("win_rate", Grain.QUARTER, mark("Win rate")),
    Wish("sales_cycle_days", Grain.QUARTER, mark("Sales cycle")),
)
_CARDS = 5


def read(
    session: TenantSession,
    workshop: Workshop,
    actor: Actor,
    now: datetime,
    query: Mapping[str, str],
) -> LeaderHome:
    """Return the home of a sales leader.

    Raises:
        BadInputError: if the address names a period or team that there is not, or is not open.
    """
    desk = open_desk(session, actor, now)
    try:
        around = around_of(desk, query.get("team", ""))
    except NoReachError as error:
        if query.get("team"):
            raise
        return LeaderHome(Head(tr("Team home")), empty=str(error))
    seen = seen_of(desk, query.get("period", ""))
    everybody = around.whole == TENANT
    whose = EVERYBODY if everybody else Whose(frozenset(around.owners))
    facts = sales_facts.of_team(desk, workshop, whose, seen)
    grid = team_grid.read_grid(desk, around.whole, around.owners, around.teams, seen)
    formats = desk.formats
    quota = grid.cells.get((around.whole, _QUOTA))
    money = None if quota is None else quota.reading.under or None
    won = None if quota is None else quota.reading.over
    part = Days(seen.period, seen.today, desk.catalogue.settings).part
    kept = {name: value for name in ("period", "team", "home") if (value := query.get(name))}
    order = team_table.sorting(dict(kept), query.get("sort", ""), grid)
    case = Case(
        facts,
        seen,
        formats,
        around.owners,
        desk.roster.name,
        _team_of(desk, around),
        money,
        won,
        part,
        of_who(desk, around.whole).query,
    )
    wishes = [replace(one, title=tr(one.title)) for one in _WISHES]
    return LeaderHome(
        head=_head(desk, around, seen, kept),
        finding=leader_findings.finding(case),
        cards=confidence.of_cards(
            desk,
            around.whole,
            home_cards.cards(desk, workshop, around.whole, wishes, seen.today)[:_CARDS],
        ),
        fall=pipeline_text.fall_panel(facts, seen, formats),
        funnel=pipeline_funnel.funnel_panel(facts, seen, formats),
        forecast=forecast_text.forecast_panel(facts, seen, formats, money, case.team_of),
        team=team_table.team_panel(desk, around, grid, facts, order),
    )


def _team_of(desk: Desk, around: Around) -> Callable[[str], str]:
    """Return what names a person's territory, where there are several."""

    def name(owner: str) -> str:
        member = desk.roster.people.get(owner)
        return desk.roster.name(member.team) if around.teams and member and member.team else ""

    return name


def around_of(desk: Desk, team_id: str) -> Around:
    """Return whose home it is: a team that is open to the person, or the widest that is.

    Raises:
        NoReachError: if there is none.
    """
    if team_id:
        team = desk.roster.of_team(team_id)
        # A team that is not the person's is told like one that there is not.
        if team is None or not desk.spans(Who(ScopeKind.TEAM, team.key)):
            raise NoReachError(tr("There is no team of that name whose numbers are open to you."))
        return _around_team(desk, team.key)
    if desk.spans(TENANT):
        roots = [one.key for one in desk.roster.teams.values() if one.parent is None]
        people = tuple(sorted(desk.roster.people))
        return Around(TENANT, desk.card.name, people, _shown(desk, roots))
    tops = [
        key
        for key in desk.reach.teams
        if key in desk.roster.teams and desk.roster.teams[key].parent not in desk.reach.teams
    ]
    if not tops:
        raise NoReachError(
            tr(
                "Your account is tied to no team of the CRM, so there is no team to show. Ask an"
                " administrator of your company to tie it. Your reviews, your actions and your"
                " inbox are open to you until then: you find them in the menu."
            )
        )
    return _around_team(desk, min(tops))


def _around_team(desk: Desk, key: str) -> Around:
    children = [one.key for one in desk.roster.teams.values() if one.parent == key]
    people = [one.key for one in desk.roster.members(key)]
    owners = tuple(one for one in people if desk.spans(Who(ScopeKind.OWNER, one)))
    return Around(Who(ScopeKind.TEAM, key), desk.roster.name(key), owners, _shown(desk, children))


def _shown(desk: Desk, teams: list[str]) -> tuple[str, ...]:
    """The teams with people in them that are open to the person, by name."""
    found = [
        key for key in teams if desk.spans(Who(ScopeKind.TEAM, key)) and desk.roster.members(key)
    ]
    return tuple(sorted(found, key=desk.roster.name)) if len(found) > 1 else ()


def seen_of(desk: Desk, label: str) -> PeriodView:
    """Return the quarter that the address names, or else the one that now runs.

    Where a tenant's data ended long ago it is the last quarter that has numbers.

    Raises:
        BadInputError: if it is no period, or has not begun.
    """
    running = desk.calendar.holding(desk.today, Grain.QUARTER)
    if not label:
        runs = numbers.runs_on(desk.session, desk.calendar, Grain.QUARTER, desk.today)
        period = (
            running
            if runs
            else numbers.latest(desk.session, desk.calendar, Grain.QUARTER, desk.today)
        )
    else:
        named = period_of(label, desk.calendar)
        period = desk.calendar.holding(named.start, Grain.QUARTER)
    if period.start > desk.today:
        raise BadInputError(tr("{period} has not begun.", period=desk.formats.period(period)))
    return PeriodView(period, _last_day(period, desk.today))


def _last_day(period: Period, today: date) -> date:
    return min(today, period.end - timedelta(days=1))


def _head(desk: Desk, around: Around, seen: PeriodView, kept: dict[str, str]) -> Head:
    formats = desk.formats
    days = Days(seen.period, seen.today, desk.catalogue.settings)
    period = formats.period(seen.period)
    if days.over:
        told = tr("{period}, ended.", period=period)
    else:
        told = tr(
            "{period} to {day}, {gone} of {all} working days gone.",
            period=period,
            day=formats.day(seen.today),
            gone=days.gone,
            all=days.all,
        )
    return Head(
        around.name,
        f"{_people(around)} {told}",
        menus=(_periods(desk, seen, kept), *_territories(desk, around, kept)),
    )


def _people(around: Around) -> str:
    people = len(around.owners)
    if not around.teams:
        return trn("{count} person.", "{count} people.", people)
    return trn(
        "{count} person in {territories} territories.",
        "{count} people in {territories} territories.",
        people,
        territories=len(around.teams),
    )


def _periods(desk: Desk, seen: PeriodView, kept: dict[str, str]) -> Menu:
    running = desk.calendar.holding(desk.today, Grain.QUARTER)
    found = [running]
    while len(found) < _PERIODS:
        found.append(desk.calendar.previous(found[-1]))
    if seen.period not in found:
        found.append(seen.period)
    choices = tuple(
        Choice(
            _named(desk.formats, one, running),
            address("/", **{**kept, "period": one.label}),
            chosen=one == seen.period,
        )
        for one in found
    )
    return Menu(tr("Period"), _named(desk.formats, seen.period, running), "calendar3", choices)


def _named(formats: Formats, period: Period, running: Period) -> str:
    told = formats.period(period)
    return tr("{period}, so far", period=told) if period == running else told


def _territories(desk: Desk, around: Around, kept: dict[str, str]) -> tuple[Menu, ...]:
    """A menu of the teams that are open to the person, where there are several."""
    teams = [
        team for key, team in desk.roster.teams.items() if desk.spans(Who(ScopeKind.TEAM, key))
    ]
    if len(teams) < 2:  # noqa: PLR2004 - nothing to choose from
        return ()
    rest: dict[str, str | None] = {name: text for name, text in kept.items() if name != "team"}
    choices = [Choice(tr("All that are yours"), address("/", **rest), chosen="team" not in kept)]
    for team in sorted(teams, key=lambda one: one.name):
        href = address("/", **{**rest, "team": team.id})
        choices.append(Choice(team.name, href, chosen=around.whole.id == team.key))
    label = around.name if kept.get("team") else tr("All territories")
    return (Menu(tr("Team"), label, "funnel", tuple(choices)),)
