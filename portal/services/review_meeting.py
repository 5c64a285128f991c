"""A review's meeting: notes that several people take at once, and who is looking at what."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from kpi_engine.language import spoken, tr
from portal.errors import BadInputError
from portal.models import review_records as questions
from portal.models.review_records import LONGEST_NOTE, ReviewNote, ReviewReader
from portal.readmodels.formats import Formats
from portal.security.permissions import Permission
from portal.services.auditing import Trace
from portal.services.granted import require
from portal.services.review_cards import Note
from portal.services.review_rows import note_of
from portal.services.reviews import NoReviewError, Seen
from portal.tenancy.session import TenantSession
from portal.workflow.review import ReviewState

PRESENT = timedelta(seconds=40)
"""Whoever was seen within so long is looking now."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is looking at a review, and at which KPI of it."""

    person: UUID
    name: str
    item: UUID | None


def add_note(
    session: TenantSession, seen: Seen, item: UUID | None, text: str, trace: Trace
) -> Note:
    """Add a note to a KPI, or to the whole review; nobody's note replaces another's.

    Raises:
        DeniedError: if the person adds no notes.
        NoReviewError: if the KPI is not open to them.
        BadInputError: if nothing was written, too much, or the review has ended.
    """
    require(seen.seat.actor, Permission.NOTE_ADD)
    if seen.card.state is not ReviewState.OPEN:
        raise BadInputError(tr("The review has ended: its notes stay as they are."))
    if item is not None and item not in {one.frozen.id for one in seen.items}:
        raise NoReviewError
    plain = text.replace("\x00", "").strip()
    if not plain:
        raise BadInputError(tr("Write the note first."))
    if len(plain) > LONGEST_NOTE:
        most = Formats(spoken()).number(LONGEST_NOTE)
        raise BadInputError(tr("A note is at most {most} characters long.", most=most))
    actor = seen.seat.actor
    row = ReviewNote(
        id=uuid4(),
        review_id=seen.card.id,
        item_id=item,
        person=actor.person,
        person_name=actor.name or actor.email,
        body=plain,
        written_at=trace.at,
    )
    session.add(row)
    session.flush()
    return note_of(row)


def notes(session: TenantSession, seen: Seen) -> tuple[Note, ...]:
    """Return the notes of a review that the person sees, the earliest first."""
    mine = {one.frozen.id for one in seen.items}
    found = (note_of(row) for row in session.scalars(questions.notes_of(seen.card.id)))
    return tuple(one for one in found if one.item is None or one.item in mine)


def look(session: TenantSession, seen: Seen, item: UUID | None, trace: Trace) -> None:
    """Keep that a person is looking at a KPI of a review; not while an admin looks as them."""
    actor = seen.seat.actor
    if actor.viewed_by is not None:
        return
    row = session.scalars(questions.reader(seen.card.id, actor.person)).one_or_none()
    if row is not None:
        row.item_id, row.seen_at = item, trace.at
        return
    session.insert_new(
        ReviewReader(
            review_id=seen.card.id,
            person=actor.person,
            person_name=actor.name or actor.email,
            item_id=item,
            seen_at=trace.at,
        )
    )


def readers(session: TenantSession, seen: Seen, trace: Trace) -> tuple[Reader, ...]:
    """Return who else is looking at the review now."""
    rows = session.scalars(questions.readers_of(seen.card.id, trace.at - PRESENT))
    return tuple(
        Reader(row.person, row.person_name, row.item_id)
        for row in rows
        if row.person != seen.seat.actor.person
    )
