"""Drafts of definitions: kept as they were filled in, seen by nobody but who makes them."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from kpi_engine.language import tr
from portal.errors import BadInputError
from portal.models import proposals as questions
from portal.models.proposals import KpiDraft
from portal.security.permissions import Permission
from portal.services import builder_form
from portal.services.builder_form import Form
from portal.services.desks import Desk
from portal.services.granted import require
from portal.services.typed_words import an_id

MOST_DRAFTS = 20


class NoDraftError(BadInputError):
    """There is no such draft; one of somebody else is told like one that never was."""

    def __init__(self) -> None:
        super().__init__(tr("There is no such draft. It may have been proposed or thrown away."))


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it stands."""

    id: uuid.UUID
    kpi: str
    """The KPI whose next version it is; empty for a new one."""
    form: Form
    changed_at: datetime


def own(desk: Desk) -> tuple[Draft, ...]:
    """Return the person's drafts, the last changed first."""
    rows = desk.session.scalars(questions.drafts_of(desk.actor.person))
    return tuple(_draft(row) for row in rows)


def read(desk: Desk, draft: str) -> Draft:
    """Return one of the person's drafts.

    Raises:
        NoDraftError: if there is none of that id, or it is somebody else's.
    """
    return _draft(_row(desk, draft))


def begin(desk: Desk, form: Form, kpi: str = "") -> uuid.UUID:
    """Keep a new draft, for the next version of a KPI if one is named.

    Raises:
        DeniedError: if the person may propose nothing.
        BadInputError: if there are too many drafts already, or no such KPI.
    """
    require(desk.actor, Permission.DEFINITION_PROPOSE)
    if kpi and kpi not in desk.catalogue:
        raise BadInputError(tr("There is no such KPI. Choose one from the list of KPIs."))
    if (desk.session.scalar(questions.count_drafts(desk.actor.person)) or 0) >= MOST_DRAFTS:
        raise BadInputError(
            tr(
                "You have {count} drafts, which is the most. Throw one away first.",
                count=MOST_DRAFTS,
            )
        )
    row = KpiDraft(
        id=uuid.uuid4(),
        person_id=desk.actor.person,
        kpi=kpi or None,
        fields=builder_form.stored(form),
        created_at=desk.now,
        changed_at=desk.now,
    )
    desk.session.add(row)
    return row.id


def keep(desk: Desk, draft: str, form: Form) -> None:
    """Keep what a draft says now.

    Raises:
        DeniedError, NoDraftError: if the person may propose nothing, or has no such draft.
    """
    require(desk.actor, Permission.DEFINITION_PROPOSE)
    row = _row(desk, draft)
    row.fields = builder_form.stored(form)
    row.changed_at = desk.now


def throw_away(desk: Desk, draft: str) -> None:
    """Delete a draft: nobody but who made it ever saw it.

    Raises:
        NoDraftError: if the person has no such draft.
    """
    desk.session.delete(_row(desk, draft))


def _row(desk: Desk, draft: str) -> KpiDraft:
    wanted = an_id(draft, NoDraftError())
    row = desk.session.scalars(questions.draft_of(wanted, desk.actor.person)).one_or_none()
    if row is None:
        raise NoDraftError
    return row


def _draft(row: KpiDraft) -> Draft:
    return Draft(row.id, row.kpi or "", builder_form.read_stored(row.fields), row.changed_at)
