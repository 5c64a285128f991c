"""Gives the demo what a company does to move its numbers: nine months of actions, most done.

Each is asked for, accepted and finished by the services that the pages use, on the days on which
it would have been. What became of it is not written here: the demo's own numbers judge it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.statistics.effect import Way
from portal.demo.companies import KESTREL, Company
from portal.demo.framework_goals import (
    ANALYST,
    CHIEF,
    DACH,
    MARKETING,
    NORDICS,
    SERVICE,
    SOUTH,
    SUCCESS,
    UKI,
)
from portal.models import people as people_questions
from portal.models.observations import ScopeKind
from portal.security.actor import Actor
from portal.services import action_judging, actions, moments, rosters, tenants
from portal.services.actions import Draft, Expected, Further, Guardrail, Moving, NewAction
from portal.services.auditing import Trace
from portal.services.engines import calendar_of, catalogue_of
from portal.services.numbers import TENANT, Who
from portal.services.office import Office
from portal.services.signing_in import actor_of
from portal.tenancy.session import TenantSession
from portal.workflow.action import Move

_UP, _DOWN = Way.UP, Way.DOWN
_NOON = time(11, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Said:
    """One action as it is seeded. Days are counted back from today; negative ones lie ahead."""

    title: str
    kpi: str
    asker: str
    owner: str
    asked: int
    due: int
    way: Way
    size: float | None
    lag: int
    kind: str
    team: str = ""
    person: str = ""
    limit: tuple[str, bool, float] | None = None
    ends: tuple[Move, ...] = ()
    done: int | None = None
    note: str = ""


_DONE = (Move.ACCEPT, Move.FINISH)
_TAKEN = (Move.ACCEPT,)
_ACTIONS: tuple[_Said, ...] = (
    _Said(
        "Call every open account twice a week", "calls_made", CHIEF, NORDICS, 75, 62,
        _UP, 20.0, 0, "process", team="team-nordics",
        limit=("win_rate", True, 0.2), ends=_DONE, done=62,
    ),
    _Said(
        "Run “Autumn content syndication” with two publishers", "new_leads", CHIEF, MARKETING,
        130, 112, _UP, 80.0, 0, "campaign",
        limit=("qualification_rate", True, 0.3), ends=_DONE, done=112,
    ),
    _Said(
        "Let syndicated leads through to sales without a call", "lead_to_opportunity_rate",
        MARKETING, MARKETING, 125, 111, _UP, 0.02, 0, "process", ends=_DONE, done=111,
    ),
    _Said(
        "Discovery calls in pairs, with a checklist", "win_rate", CHIEF, DACH, 215, 190,
        _UP, 0.05, 42, "coaching", team="team-dach", ends=_DONE, done=186,
    ),
    _Said(
        "Answer templates for the ten most asked questions", "first_response_hours", SERVICE,
        SERVICE, 250, 235, _DOWN, 0.5, 14, "process", ends=_DONE, done=236,
    ),
    _Said(
        "Route website leads to whoever is free", "lead_response_hours", CHIEF, DACH, 180, 165,
        _DOWN, 2.0, 14, "process", ends=_DONE, done=168,
    ),
    _Said(
        "Lunch cover for new leads", "lead_response_hours", CHIEF, MARKETING, 170, 158,
        _DOWN, 1.0, 0, "process", ends=_DONE, done=160,
    ),
    _Said(
        "A second line for Insights tickets", "resolution_hours", SERVICE, SERVICE, 30, 18,
        _DOWN, 20.0, 14, "process", limit=("csat", True, 0.8), ends=_DONE, done=17,
    ),
    _Said(
        "Weekly review of deals that stand still", "sales_cycle_days", CHIEF, UKI,
        240, 220, _DOWN, 5.0, 56, "coaching", team="team-uki", ends=_DONE, done=222,
    ),
    _Said(
        "Health calls with every customer on the old plan", "customer_health", SUCCESS, SUCCESS,
        265, 245, _UP, 3.0, 56, "process", ends=_DONE, done=243,
    ),
    _Said(
        "Hand leads over by language", "lead_to_opportunity_rate", CHIEF, MARKETING, 260, 245,
        _UP, 0.03, 28, "process", ends=_DONE, done=244,
    ),
    _Said(
        "Stop paying for leads without a phone number", "lead_to_opportunity_rate", MARKETING,
        MARKETING, 15, -8, _UP, 0.04, 28, "campaign",
        limit=("new_leads", True, 150.0), ends=_TAKEN,
    ),
    _Said(
        "Score the fit of syndicated leads before they are counted", "qualification_rate",
        CHIEF, MARKETING, 24, -8, _UP, 0.08, 28, "data",
        limit=("qualified_leads", True, 120.0), ends=_TAKEN,
    ),
    _Said(
        "Replace the call target by meetings held with fitting leads", "win_rate", CHIEF,
        NORDICS, 34, 6, _UP, 0.06, 42, "strategy", team="team-nordics", ends=_TAKEN,
    ),
    _Said(
        "Clean the close dates of deals that were pushed twice", "slipped_deals", CHIEF, SOUTH,
        45, 16, _DOWN, 4.0, 28, "data", team="team-south", ends=_TAKEN,
    ),
    _Said(
        "Call customers with Insights before their renewal", "at_risk_revenue", CHIEF, SUCCESS,
        12, -19, _DOWN, 20000.0, 42, "process",
    ),
    _Said(
        "Give Noor Haddad the same share of new leads as her colleagues", "won_deals", ANALYST,
        DACH, 9, -22, _UP, 2.0, 56, "strategy", team="team-dach",
    ),
    _Said(
        "Buy a list of trade-fair contacts", "new_leads", MARKETING, MARKETING, 150, 120,
        _UP, 100.0, 14, "campaign", ends=(Move.ACCEPT, Move.DROP), done=131,
        note="The list held no consent, and the autumn campaign brings more.",
    ),
)  # fmt: skip
_CARRIED = _Said(
    "Fill the two vacant seats in support", "first_response_hours", CHIEF, SERVICE, 110, 50,
    _DOWN, 1.0, 56, "strategy", ends=(Move.ACCEPT, Move.CARRY_OVER), done=48,
    note="One of the two signed; the other begins in January.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Seed:
    session: TenantSession
    people: Mapping[str, Actor]
    teams: Mapping[str, Who]
    known: frozenset[str]
    today: date

    def day(self, back: int) -> date:
        return self.today - timedelta(days=back)

    def trace(self, back: int) -> Trace:
        return Trace(datetime.combine(self.day(back), _NOON))


def set_actions(office: Office, company: Company) -> None:
    """Let the demo's company act on its numbers, and judge what is ripe; not where somebody did."""
    if company is not KESTREL:
        return
    now = office.now()
    with office.database.session(company.key) as session:
        seed = _seed(session, now)
        if actions.is_any(session):
            return
        for said in (*_ACTIONS, _CARRIED):
            if said.kpi in seed.known:
                _act(seed, said)
    with office.database.session(company.key) as session:
        action_judging.judge_ripe(session, now)


def _seed(session: TenantSession, now: datetime) -> _Seed:
    card = tenants.get(session)
    rows = session.scalars(people_questions.everybody()).all()
    teams = rosters.roster(session).teams.values()
    return _Seed(
        session,
        {row.name: actor_of(session.tenant, row) for row in rows},
        {one.id: Who(ScopeKind.TEAM, one.key) for one in teams},
        frozenset(catalogue_of(session, card)),
        calendar_of(card).local_date(moments.naive(now)),
    )


def _act(seed: _Seed, said: _Said) -> None:
    """Ask for an action, and let its owner move it on."""
    who = seed.teams[said.team] if said.team else TENANT
    limit = None
    if said.limit is not None:
        kpi, least, at = said.limit
        limit = Guardrail(KpiKey(kpi), least, at)
    draft = Draft(
        said.title,
        said.kind,
        seed.people[said.owner].person,
        seed.day(said.due),
        Expected(said.way, said.size, said.lag),
        limit,
    )
    new = NewAction(KpiKey(said.kpi), who, draft)
    made = actions.create(seed.session, seed.people[said.asker], new, seed.trace(said.asked))
    owner = seed.people[said.owner]
    for move in said.ends:
        card = actions.one(seed.session, owner, made, seed.day(0))
        if move is Move.ACCEPT and card.state.value == "accepted":
            continue
        back = said.asked - 2 if move is Move.ACCEPT else said.done or 0
        if move is Move.CARRY_OVER:
            further = Further(card.version, seed.day(-40), note=said.note)
            actions.carry_over(seed.session, owner, made, further, seed.trace(back))
            continue
        note = said.note if move is Move.DROP else ""
        day = seed.day(back) if move is Move.FINISH else None
        moving = Moving(move, card.version, note, day)
        actions.move(seed.session, owner, made, moving, seed.trace(back))
