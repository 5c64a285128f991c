"""Writes down what was done in a review: one row a move, never changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from portal.models import review_records as questions
from portal.models.review_records import ReviewEvent
from portal.security.actor import Actor
from portal.services.auditing import Trace
from portal.tenancy.session import TenantSession


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: which move, from where to where, to which version."""

    move: str
    before: str
    after: str
    version: int
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recorded:
    """One thing that was done, by whom and when."""

    at: datetime
    name: str
    item: UUID | None
    done: Done


def record(
    session: TenantSession,
    actor: Actor,
    review: UUID,
    item: UUID | None,
    done: Done,
    trace: Trace,
) -> None:
    """Write one move down, in the transaction that makes it."""
    session.add(
        ReviewEvent(
            id=uuid4(),
            review_id=review,
            item_id=item,
            at=trace.at,
            person=actor.person,
            person_name=actor.name or actor.email,
            move=done.move,
            from_state=done.before,
            to_state=done.after,
            version=done.version,
            detail=dict(done.detail),
        )
    )


def records(session: TenantSession, review: UUID, item: UUID | None = None) -> Sequence[Recorded]:
    """Return what was done in a review, or to one item of it, the newest first."""
    rows = session.scalars(questions.events_of(review, item))
    return [
        Recorded(
            row.at,
            row.person_name,
            row.item_id,
            Done(row.move, row.from_state, row.to_state, row.version, row.detail),
        )
        for row in rows
    ]
