"""A rep's home: what is due today, the targets, the week's activities, and every open deal."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark, tr
from kpi_engine.periods import Grain
from portal.models.observations import ScopeKind
from portal.readmodels.cards import Head
from portal.readmodels.rep_home import RepHome
from portal.security.actor import Actor
from portal.services import (
    activities,
    confidence,
    home_cards,
    numbers,
    opportunities,
    opportunity_text,
    rep_text,
    sales_facts,
    task_text,
    tasks,
)
from portal.services.auditing import Trace
from portal.services.deals import NOTHING
from portal.services.desks import Desk, open_desk
from portal.services.engines import Workshop
from portal.services.home_card import Wish
from portal.services.numbers import Who
from portal.services.opportunities import Gap
from portal.services.rep_text import Quota
from portal.services.rosters import Member
from portal.services.sales_facts import OwnFacts
from portal.services.tasks import Task
from portal.services.working_time import Days
from portal.tenancy.session import TenantSession

_QUOTA = KpiKey("quota_attainment")
_COVERAGE = mark("Coverage")
_WISHES = (
    Wish("quota_attainment", Grain.QUARTER, mark("Quota"), open=True),
    Wish("pipeline_coverage_remaining", Grain.QUARTER, _COVERAGE, open=True),
    Wish("lead_response_hours", Grain.MONTH, mark("Lead response")),
    Wish("follow_up_on_time_rate", Grain.MONTH, mark("Follow-ups on time")),
    Wish("win_rate", Grain.QUARTER, mark("Win rate")),
    Wish("sales_cycle_days", Grain.QUARTER, mark("Sales cycle")),
    Wish("won_revenue", Grain.MONTH, mark("Won revenue")),
)
_CARDS = 5
_UNTIED = mark(
    "Your account is tied to nobody in the CRM, so there are no tasks, deals or targets to show."
    " An administrator of your company can tie it."
)


def read(
    session: TenantSession,
    workshop: Workshop,
    actor: Actor,
    now: datetime,
    query: Mapping[str, str],
) -> RepHome:
    """Return the home of a rep: of the person who asks, and of nobody else."""
    del query
    desk = open_desk(session, actor, now)
    me = own_member(desk)
    if me is None:
        return RepHome(Head(tr("Your home")), empty=tr(_UNTIED))
    today = _as_of(desk)
    facts = sales_facts.of_person(desk, workshop, me.key, today)
    marked = tasks.with_marks(session, facts.tasks)
    day = desk.calendar.instant(today)
    sorted_out = tasks.sorted_out(marked, day)
    quotas = _quotas(desk, me, today)
    gap = _gap(facts, quotas)
    by_key = {one.deal.key: one for one in facts.open}
    peers = desk.roster.members(desk.reach.median_of) if desk.reach.median_of else ()
    wishes = [replace(one, title=tr(one.title)) for one in _WISHES]
    own = Who(ScopeKind.OWNER, me.key)
    return RepHome(
        head=_head(desk, me, today),
        finding=rep_text.finding(quotas, facts, sorted_out, desk.formats),
        cards=confidence.of_cards(
            desk,
            own,
            home_cards.cards(desk, workshop, own, wishes, today, peers=[one.key for one in peers])[
                :_CARDS
            ],
        ),
        tasks=task_text.panel(sorted_out, by_key, day, desk.calendar, desk.formats),
        targets=rep_text.target_panel(quotas, facts, today, desk.formats),
        mix=rep_text.mix_panel(
            activities.mix(facts.did, me.key),
            facts,
            today,
            desk.formats,
            last=activities.tells_last(desk.calendar, today),
        ),
        deals=opportunity_text.panel(facts, gap, today, desk.formats),
    )


def own_member(desk: Desk) -> Member | None:
    """Return who the person is in the CRM, if they may see their own numbers."""
    found = desk.roster.of_crm_user(desk.actor.crm_user_id) if desk.actor.crm_user_id else None
    if found is None or not desk.spans(Who(ScopeKind.OWNER, found.key)):
        return None
    return found


def mark_task(
    session: TenantSession,
    workshop: Workshop,
    actor: Actor,
    trace: Trace,
    token: str,
    *,
    done: bool,
) -> Task:
    """Mark one of the person's own tasks as done, or take that back.

    Raises:
        BadInputError: if it is none of theirs.
    """
    desk = open_desk(session, actor, trace.at)
    me = own_member(desk)
    facts = None if me is None else sales_facts.of_person(desk, workshop, me.key, _as_of(desk))
    mine = () if facts is None else facts.tasks
    return tasks.mark(session, actor, mine, token, done, trace)


def _as_of(desk: Desk) -> date:
    """Return today, or the last day of a tenant whose data ended long ago."""
    if numbers.runs_on(desk.session, desk.calendar, Grain.QUARTER, desk.today):
        return desk.today
    last = numbers.latest(desk.session, desk.calendar, Grain.QUARTER, desk.today)
    return min(desk.today, last.end - timedelta(days=1))


def _quotas(desk: Desk, me: Member, today: date) -> tuple[Quota, ...]:
    """Return the quotas of the month and the quarter that have one."""
    found = []
    for grain in (Grain.MONTH, Grain.QUARTER):
        period = desk.calendar.holding(today, grain)
        who = Who(ScopeKind.OWNER, me.key)
        told = numbers.series(desk.session, desk.calendar, (_QUOTA,), grain, who, period, 1)
        reading = told[_QUOTA][-1].reading
        if reading.value is not None and reading.under:
            days = Days(period, today, desk.catalogue.settings)
            found.append(Quota(days, reading.over or 0.0, reading.under))
    return tuple(found)


def _gap(facts: OwnFacts, quotas: tuple[Quota, ...]) -> Gap | None:
    """Return what would fill the nearest gap: the month's, or else the quarter's."""
    for quota in quotas:
        if quota.lacks > NOTHING:
            found = opportunities.gap(facts.open, quota.lacks, quota.days.period.end)
            if found is not None and found.fillers:
                return found
    return None


def _head(desk: Desk, me: Member, today: date) -> Head:
    formats = desk.formats
    quarter = desk.calendar.holding(today, Grain.QUARTER)
    days = Days(quarter, today, desk.catalogue.settings)
    name = me.name.split()[0] if me.name else ""
    hour = desk.now.astimezone(ZoneInfo(desk.calendar.timezone)).hour
    greeting = _greeting(hour)
    told, period = formats.day(today, weekday=True), formats.period(quarter)
    if days.over:
        sub = tr("{day}. {period}, ended.", day=told, period=period)
    else:
        sub = tr(
            "{day}. {period}, {gone} of {all} working days gone.",
            day=told,
            period=period,
            gone=days.gone,
            all=days.all,
        )
    return Head(f"{greeting}, {name}" if name else greeting, sub)


def _greeting(hour: int) -> str:
    if hour < 12:  # noqa: PLR2004 - noon
        return tr("Good morning")
    return tr("Good afternoon") if hour < 18 else tr("Good evening")  # noqa: PLR2004 - six
