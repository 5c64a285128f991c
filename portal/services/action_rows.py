"""Rows of actions: made of what somebody says, checked, compared, and their events written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import isfinite
from typing import Any
from uuid import UUID, uuid4

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import tr
from portal.errors import BadInputError
from portal.models import people as people_questions
from portal.models.actions import KINDS, LONGEST_LAG, LONGEST_TITLE, Action, ActionEvent
from portal.security.actor import Actor
from portal.services import action_kinds
from portal.services.action_cards import Expected, Guardrail
from portal.services.numbers import Who
from portal.tenancy.session import TenantSession
from portal.workflow.action import ActionState

_FARTHEST = timedelta(days=3 * 366)
_LONGEST_PAST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Draft:
    """What an action says, as far as it may be changed later."""

    title: str
    kind: str
    owner: UUID
    due: date
    expected: Expected
    limit: Guardrail | None = None


@dataclass(frozen=True, slots=True)
class NewAction:
    """An action that somebody asks for."""

    kpi: KpiKey
    who: Who
    draft: Draft
    review: UUID | None = None
    carried_from: UUID | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of an action, before it is written."""

    kind: str
    move: str | None = None
    note: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)


def check(session: TenantSession, draft: Draft, today: date) -> None:
    """Do nothing if an action may say this.

    Raises:
        BadInputError: with what to change.
    """
    if not draft.title or len(draft.title) > LONGEST_TITLE or not draft.title.isprintable():
        raise BadInputError(
            tr("The action needs a title of at most {most} characters.", most=LONGEST_TITLE)
        )
    if draft.kind not in KINDS:
        kinds = ", ".join(map(action_kinds.plain, KINDS))
        raise BadInputError(tr("An action is one of {kinds}.", kinds=kinds))
    if abs(draft.due - today) > _FARTHEST:
        raise BadInputError(tr("The action is due too far from today. Choose a nearer day."))
    size, lag = draft.expected.size, draft.expected.lag_days
    if size is not None and not (isfinite(size) and size > 0):
        raise BadInputError(tr("The size is how far the KPI is to move: more than 0, or left out."))
    if not 0 <= lag <= LONGEST_LAG:
        raise BadInputError(tr("An action shows after a year at the latest."))
    if draft.limit is not None and not isfinite(draft.limit.limit):
        raise BadInputError(tr("The guardrail's limit is no number."))
    owner = session.scalars(people_questions.by_id(draft.owner)).one_or_none()
    if owner is None or owner.disabled_at is not None:
        raise BadInputError(tr("Nobody of that name uses the portal. Choose another owner."))


def done_day(said: date | None, created: date, today: date) -> date:
    """Return since when an action is in force.

    Raises:
        BadInputError: if that day has not come, or is long before the action.
    """
    if said is None:
        return today
    if said > today:
        raise BadInputError(tr("What is done is done today at the latest. Choose an earlier day."))
    if said < created - _LONGEST_PAST:
        raise BadInputError(tr("The day lies more than a year before the action was asked for."))
    return said


def made(new: NewAction, actor: Actor, now: datetime) -> Action:
    """Return the row of a new action; its state is still to be said."""
    return Action(
        id=uuid4(),
        kpi=new.kpi,
        scope_kind=new.who.kind.value,
        scope_id=new.who.id,
        state=ActionState.PROPOSED.value,
        done_on=None,
        review_id=new.review,
        carried_from=new.carried_from,
        created_by=actor.person,
        created_by_name=actor.name or actor.email,
        created_at=now,
        changed_at=now,
        version=1,
        **values(new.draft),
    )


def values(draft: Draft) -> dict[str, Any]:
    """Return the cells of a row that hold what an action says."""
    limit = draft.limit
    return {
        "title": draft.title,
        "kind": draft.kind,
        "owner": draft.owner,
        "due_on": draft.due,
        "direction": draft.expected.direction.value,
        "size": draft.expected.size,
        "lag_days": draft.expected.lag_days,
        "guardrail": None if limit is None else limit.kpi,
        "guardrail_side": None if limit is None else ("least" if limit.least else "most"),
        "guardrail_limit": None if limit is None else limit.limit,
    }


def replaced(row: Action, draft: Draft) -> dict[str, list[Any]]:
    """Let a row say something else; return what differs, before and after, as JSON holds it."""
    found: dict[str, list[Any]] = {}
    for name, value in values(draft).items():
        before = getattr(row, name)
        if before != value:
            found[name] = [_plain(before), _plain(value)]
            setattr(row, name, value)
    return found


def record(
    session: TenantSession, actor: Actor, row: Action, happened: Happened, now: datetime
) -> None:
    """Write down what happened, as the version of the action that it made."""
    session.add(
        ActionEvent(
            id=uuid4(),
            action_id=row.id,
            version=row.version,
            kind=happened.kind,
            move=happened.move,
            state=row.state,
            done_on=row.done_on,
            note=happened.note,
            changes=dict(happened.changes),
            person_id=actor.person,
            person_name=actor.name or actor.email,
            at=now,
        )
    )
    session.flush()


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, int | float | str) else str(value)
