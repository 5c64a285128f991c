"""The audit log: what was done, by whom, to what and when, in the transaction that did it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from portal.models.audit import AuditEvent, newest
from portal.security.actor import Actor
from portal.tenancy.session import TenantSession

_LONGEST = 300
_PAGE = 200


class Event(StrEnum):
    """What is written down, in alphabetical order."""

    ACTION_CHANGED = "action.changed"
    ACTION_CREATED = "action.created"
    BRAND_CHANGED = "brand.changed"
    BRIDGE_STORED = "bridge.stored"
    DEFINITION_ACTIVATED = "definition.activated"
    DEFINITION_CALLED_BACK = "definition.called_back"
    DEFINITION_CHANGED = "definition.changed"
    DEFINITION_DECLINED = "definition.declined"
    DEFINITION_LAPSED = "definition.lapsed"
    DEFINITION_PLANNED = "definition.planned"
    DEFINITION_PROPOSED = "definition.proposed"
    DEFINITION_WITHDRAWN = "definition.withdrawn"
    DENIED = "denied"
    EXPORTED = "exported"
    FACTOR_FAILED = "factor.failed"
    FACTOR_REMOVED = "factor.removed"
    FACTOR_RESET = "factor.reset"
    FACTOR_SET = "factor.set"
    GOAL_CHANGED = "goal.changed"
    HANDED_OVER = "handed.over"
    IMPORTED = "imported"
    LIFE_CHANGED = "life.changed"
    NOTE_CHANGED = "note.changed"
    OWNER_CHANGED = "owner.changed"
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 - the name of an event
    PERSON_ADDED = "person.added"
    PERSON_CHANGED = "person.changed"
    PERSON_DISABLED = "person.disabled"
    PROVEN = "proven"
    RECOVERY_CODE_USED = "recovery_code.used"
    RECOVERY_CODES_MADE = "recovery_codes.made"
    RESTORED = "restored"
    REVIEW_CYCLE_CHANGED = "review.cycle_changed"
    REVIEW_MOVED = "review.moved"
    REVIEW_PAPER_SENT = "review.paper_sent"
    ROLES_CHANGED = "roles.changed"
    SETTINGS_CHANGED = "settings.changed"
    SHARE_ACKNOWLEDGED = "share.acknowledged"
    SHARES_CHANGED = "shares.changed"
    SIGN_IN_FAILED = "sign_in.failed"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    TARGET_CHANGED = "target.changed"
    TASK_COMPLETED = "task.completed"
    THROTTLED = "throttled"
    VIEWING_ENDED = "viewing.ended"
    VIEWING_STARTED = "viewing.started"
    WAIVER_CHANGED = "waiver.changed"


@dataclass(frozen=True, slots=True)
class Trace:
    """The request, job or command that something was done in."""

    at: datetime
    request_id: str = ""
    ip: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as it was written down."""

    at: datetime
    event: str
    person: uuid.UUID | None
    viewed_by: uuid.UUID | None
    object: str
    detail: Mapping[str, Any]
    request_id: str
    ip: str


def note(
    session: TenantSession,
    actor: Actor | None,
    event: Event,
    object: str = "",  # noqa: A002 - what grammar calls it
    detail: Mapping[str, Any] | None = None,
    *,
    trace: Trace,
) -> None:
    """Write one event down. `detail` says how it was done; no figures, no secrets."""
    session.add(
        AuditEvent(
            id=uuid.uuid4(),
            at=trace.at,
            event=event.value,
            person_id=actor.person if actor else None,
            viewed_by=actor.viewed_by if actor else None,
            object=_plain(object),
            detail=dict(detail or {}),
            request_id=trace.request_id,
            ip=trace.ip,
        )
    )


def read(session: TenantSession, before: datetime | None = None) -> tuple[Entry, ...]:
    """Return a page of events, newest first."""
    return tuple(_entry(row) for row in session.scalars(newest(_PAGE, before)))


def _entry(row: AuditEvent) -> Entry:
    return Entry(
        at=row.at,
        event=row.event,
        person=row.person_id,
        viewed_by=row.viewed_by,
        object=row.object,
        detail=row.detail,
        request_id=row.request_id,
        ip=row.ip,
    )


def _plain(text: str) -> str:
    """One short line: what people send may be long and hold what PostgreSQL does not take."""
    return "".join(each if each.isprintable() else "�" for each in text[:_LONGEST])
