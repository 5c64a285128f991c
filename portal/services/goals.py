"""The goals of a tenant: its own statements where it made any, else the default framework."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark, tr
from portal.models import goals as questions
from portal.models.goals import GoalStatement
from portal.services import framework, ownership
from portal.services.framework import Support
from portal.services.ownership import Person
from portal.tenancy.session import TenantSession

TOLD = mark("The company's own goals and weights.")
"""What a page says of where its goals come from, where the tenant made them."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A strategic goal with its KPIs, the weightiest first."""

    id: UUID | None
    """None for a goal of the default framework, which is nobody's own."""
    key: str
    name: str
    question: str
    owner: Person | None
    start: date | None
    end: date | None
    """The first day on which it is no goal any more; None where it has no end."""
    supports: tuple[Support, ...]
    default: bool
    revision: int = 0
    """How often it was stated; what a change is made from."""

    def holds(self, day: date) -> bool:
        """Say whether it is a goal on a day."""
        begun = self.start is None or self.start <= day
        return begun and (self.end is None or day < self.end)


def goals(
    session: TenantSession, known: Container[KpiKey], today: date | None = None
) -> tuple[Goal, ...]:
    """Return the goals with those of their KPIs that the catalogue knows.

    A tenant's own, those that hold on `today` (without a day, all that were ever made); the default
    framework where it never made any. A goal whose KPIs are all unknown is left out.
    """
    own = own_goals(session)
    if not own:
        return default_goals(known)
    held = (goal for goal in own if today is None or goal.holds(today))
    kept = (_known(goal, known) for goal in held)
    return tuple(goal for goal in kept if goal.supports)


def own_goals(session: TenantSession) -> tuple[Goal, ...]:
    """Return every goal that the tenant ever made, as it was last stated, in their order."""
    rows = list(session.scalars(questions.newest()))
    if not rows:
        return ()
    people = ownership.everybody(session)
    supports: dict[UUID, tuple[Support, ...]] = {}
    for one in session.scalars(questions.supports_of([row.id for row in rows])):
        told = Support(KpiKey(one.kpi), one.weight)
        supports[one.statement] = (*supports.get(one.statement, ()), told)
    rows.sort(key=lambda row: (row.position, row.name))
    return tuple(_goal(row, people, supports.get(row.id, ())) for row in rows)


def default_goals(known: Container[KpiKey]) -> tuple[Goal, ...]:
    """Return the goals of the default framework, in the reader's language."""
    return tuple(
        Goal(
            id=None,
            key=one.key,
            name=tr(one.name),
            question=tr(one.question),
            owner=None,
            start=None,
            end=None,
            supports=one.supports,
            default=True,
        )
        for one in framework.goals(known)
    )


def source(told: tuple[Goal, ...]) -> str:
    """Say where goals come from."""
    return tr(framework.TOLD if any(one.default for one in told) else TOLD)


def _known(goal: Goal, known: Container[KpiKey]) -> Goal:
    kept = tuple(one for one in goal.supports if one.kpi in known)
    return Goal(
        goal.id,
        goal.key,
        goal.name,
        goal.question,
        goal.owner,
        goal.start,
        goal.end,
        kept,
        goal.default,
        goal.revision,
    )


def _goal(row: GoalStatement, people: Mapping[UUID, Person], supports: tuple[Support, ...]) -> Goal:
    return Goal(
        id=row.goal,
        key=row.key,
        name=row.name,
        question=row.question,
        owner=None if row.owner is None else people[row.owner],
        start=row.start_day,
        end=row.end_day,
        supports=supports,
        default=False,
        revision=row.revision,
    )
