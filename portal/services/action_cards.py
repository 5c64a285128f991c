"""Actions as others read them: what is to be done, what was expected of it, what became of it.

Whoever sees a scope's numbers sees its actions. Who is to do one, or asked for it, sees it too, but
not what the numbers say of it unless they are open to them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark, tr
from kpi_engine.statistics.effect import Verdict, Way, Why
from portal.models import actions as questions
from portal.models.actions import Action, ActionVerdict
from portal.models.observations import ScopeKind
from portal.security.actor import Actor
from portal.security.reach import Reach
from portal.security.roles import Role
from portal.services.numbers import Who
from portal.services.ownership import Person, everybody
from portal.tenancy.session import TenantSession
from portal.workflow.action import UNFINISHED, ActionState, Party

_DAYS = 7
ANOTHER = mark("an action that is not open to you")
_ANSWERING = frozenset({Role.EXECUTIVE, Role.LEADER, Role.OWNER})


@dataclass(frozen=True, slots=True)
class Expected:
    """What an action is to do to its KPI: which way, how far at least, and after how long."""

    direction: Way
    size: float | None
    """In the KPI's unit, a ratio's as 0-1; None where nobody said."""
    lag_days: int

    @property
    def lag_weeks(self) -> int:
        """The whole weeks until it shows."""
        return round(self.lag_days / _DAYS)

    @property
    def signed(self) -> float | None:
        """The size with its sign."""
        if self.size is None:
            return None
        return self.size if self.direction is Way.UP else -self.size


@dataclass(frozen=True, slots=True)
class Guardrail:
    """A KPI that must not break meanwhile: at least, or at most, a limit in its own unit."""

    kpi: KpiKey
    least: bool
    limit: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """The newest verdict on an action."""

    verdict: Verdict
    why: Why | None
    measured: tuple[float, float, float] | None
    """Estimate, and its limits of 95 %."""
    confounders: tuple[str, ...]
    """The titles of other actions in the window."""
    guardrail: str | None
    """'held', 'broken' or 'not_known'; None where there is none."""
    until: date
    judged_at: datetime


@dataclass(frozen=True, slots=True)
class ActionCard:
    """One action as it stands."""

    id: UUID
    kpi: KpiKey
    who: Who
    title: str
    kind: str
    owner: Person
    due: date
    state: ActionState
    done_on: date | None
    expected: Expected
    limit: Guardrail | None
    review: UUID | None
    carried_from: UUID | None
    created_by: UUID
    created_by_name: str
    created_at: datetime
    changed_at: datetime
    version: int
    judgement: Judgement | None
    open: bool = True
    """Whether the reader may see what the numbers say of it."""

    @property
    def guardrail(self) -> KpiKey | None:
        """The KPI that must not break meanwhile."""
        return None if self.limit is None else self.limit.kpi

    @property
    def verdict(self) -> Verdict | None:
        """What the numbers say; None where they were not asked, or are not open."""
        return None if self.judgement is None else self.judgement.verdict

    @property
    def measured(self) -> tuple[float, float, float] | None:
        """How far the KPI moved, with limits of 95 %."""
        return None if self.judgement is None else self.judgement.measured

    @property
    def confounders(self) -> tuple[str, ...]:
        """The titles of other actions in the window."""
        return () if self.judgement is None else self.judgement.confounders

    @property
    def shows_from(self) -> date:
        """The first day on which it is to show."""
        return (self.done_on or self.due) + timedelta(days=self.expected.lag_days)

    def is_overdue(self, today: date) -> bool:
        """Say whether it should have been done by now."""
        return self.state in UNFINISHED and self.due < today

    def days_over(self, today: date) -> int:
        """Return by how many days it is overdue."""
        return (today - self.due).days


def parties(actor: Actor, card: ActionCard, reach: Reach) -> frozenset[Party]:
    """Return what somebody is to an action: who leads a team, not who answers for a KPI of it."""
    sees = reach.spans(card.who.kind, card.who.id)
    said = {
        Party.OWNER: card.owner.id == actor.person,
        Party.CREATOR: card.created_by == actor.person,
        Party.LEADER: sees and Role.LEADER in actor.roles,
        Party.EXECUTIVE: sees and Role.EXECUTIVE in actor.roles,
    }
    return frozenset(party for party, holds in said.items() if holds)


def answers(actor: Actor) -> bool:
    """Say whether somebody answers for KPIs, so that what they ask of others is open at once."""
    return bool(actor.roles & _ANSWERING)


def open_to(cards: Iterable[ActionCard], actor: Actor, reach: Reach) -> tuple[ActionCard, ...]:
    """Return the actions that a person sees, without the figures that they don't."""
    return tuple(_shown(card, reach) for card in cards if _is_seen(card, actor, reach))


def read(
    session: TenantSession, rows: Iterable[Action], reach: Reach | None = None
) -> tuple[ActionCard, ...]:
    """Return rows as cards, each with its newest verdict.

    Args:
        session: Of the tenant.
        rows: The actions.
        reach: The reader's, by which other actions are named; None names none of them.
    """
    told = list(rows)
    if not told:
        return ()
    people = everybody(session)
    asked = questions.newest_verdicts([row.id for row in told])
    verdicts = {row.action_id: row for row in session.scalars(asked)}
    return tuple(_card(row, people, verdicts.get(row.id), reach) for row in told)


def _is_seen(card: ActionCard, actor: Actor, reach: Reach) -> bool:
    mine = actor.person in {card.owner.id, card.created_by}
    return mine or _open(card, reach)


def _open(card: ActionCard, reach: Reach) -> bool:
    return reach.sees(card.kpi, card.who.kind, card.who.id)


def _shown(card: ActionCard, reach: Reach) -> ActionCard:
    if _open(card, reach):
        return card
    return replace(card, judgement=None, open=False)


def _card(
    row: Action, people: Mapping[UUID, Person], found: ActionVerdict | None, reach: Reach | None
) -> ActionCard:
    return ActionCard(
        id=row.id,
        kpi=KpiKey(row.kpi),
        who=Who(ScopeKind(row.scope_kind), row.scope_id),
        title=row.title,
        kind=row.kind,
        owner=people[row.owner],
        due=row.due_on,
        state=ActionState(row.state),
        done_on=row.done_on,
        expected=Expected(Way(row.direction), row.size, row.lag_days),
        limit=_limit(row),
        review=row.review_id,
        carried_from=row.carried_from,
        created_by=row.created_by,
        created_by_name=row.created_by_name,
        created_at=row.created_at,
        changed_at=row.changed_at,
        version=row.version,
        judgement=_judgement(row, found, reach),
    )


def _limit(row: Action) -> Guardrail | None:
    if row.guardrail is None or row.guardrail_limit is None:
        return None
    return Guardrail(KpiKey(row.guardrail), row.guardrail_side == "least", row.guardrail_limit)


def _judgement(row: Action, found: ActionVerdict | None, reach: Reach | None) -> Judgement | None:
    """Return the verdict that holds: one on a day that was since changed says nothing."""
    if found is None or row.done_on != found.done_on:
        return None
    return judgement(found, reach, row.kpi)


def judgement(found: ActionVerdict, reach: Reach | None, kpi: str) -> Judgement:
    """Return a verdict as stored; other actions that the reader may not see lose their names.

    Args:
        found: As it was stored.
        reach: The reader's; None names no other action.
        kpi: Whose number it is about: other actions in its window are on that one too.
    """
    measured = None
    if found.estimate is not None and found.low is not None and found.high is not None:
        measured = (found.estimate, found.low, found.high)
    return Judgement(
        Verdict(found.verdict),
        None if found.why is None else Why(found.why),
        measured,
        tuple(_named(one, reach, kpi) for one in found.confounders),
        found.guardrail,
        found.until,
        found.judged_at,
    )


def _named(told: Mapping[str, Any], reach: Reach | None, kpi: str) -> str:
    seen = reach is not None and reach.sees(kpi, told["scope_kind"], told["scope_id"])
    return str(told["title"]) if seen else tr(ANOTHER)
