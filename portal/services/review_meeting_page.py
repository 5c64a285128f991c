"""The page of a review's meeting: one KPI on the screen, its answer, and the notes taken to it."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode
from uuid import UUID

from kpi_engine.language import tr, trc
from portal.errors import BadInputError
from portal.models.review_records import LONGEST_NOTE
from portal.readmodels.cards import Status, Tone
from portal.readmodels.review_list import Meeting, MeetingNote
from portal.security.permissions import Permission
from portal.services import (
    actions,
    review_meeting,
    review_names,
    review_number,
    review_page,
    review_rail,
)
from portal.services.action_cards import open_to
from portal.services.auditing import Trace
from portal.services.desks import Desk
from portal.services.review_cards import PATH, Item
from portal.services.review_glance import Reads, local
from portal.services.review_meeting import Reader
from portal.services.review_said import line
from portal.services.reviews import Seen, address, seen
from portal.tenancy.session import TenantSession
from portal.workflow.review import ReviewState

_TONES = {"on_track": Tone.GOOD, "at_risk": Tone.WATCH, "off_track": Tone.BAD}


def read(desk: Desk, review: str, query: Mapping[str, str], trace: Trace) -> Meeting:
    """Return the screen of one KPI: that of the address, else the first exception.

    Raises:
        NoReviewError: if there is no such review or KPI that is open to the person.
        BadInputError: if nothing of the review was frozen yet.
    """
    found = seen(desk.session, desk.actor, review_page.id_of(review))
    order = review_rail.in_order(found)
    if not order:
        raise BadInputError(review_page.not_frozen(desk, found.card))
    item = review_page.chosen(found, query) if query.get("kpi") else order[0]
    at = order.index(item)
    review_meeting.look(desk.session, found, item.frozen.id, trace)
    return Meeting(
        title=review_names.name(found.card, desk.formats),
        review=str(found.card.id),
        item=str(item.frozen.id),
        place=at + 1,
        of=len(order),
        number=review_number.number(desk, found.card, item.frozen),
        assessed=_assessed(item),
        confidence=item.answer.confidence,
        words=item.answer.words or tr("Not answered yet."),
        by=item.answer.submitted_by_name or item.frozen.accountable_name,
        disputed=tuple((one.name, one.text) for one in item.said if one.kind != "agrees"),
        actions=_actions(desk, found, item),
        notes=notes_of(desk.session, desk, found, item.frozen.id),
        readers=who_reads(found, review_meeting.readers(desk.session, found, trace)),
        before=_place(found, order, at - 1),
        after=_place(found, order, at + 1),
        back=address(found.card, item.frozen),
        may_note=found.card.state is ReviewState.OPEN and desk.may(Permission.NOTE_ADD),
        longest=LONGEST_NOTE,
    )


def _place(found: Seen, order: Sequence[Item], at: int) -> str:
    if not 0 <= at < len(order):
        return ""
    query = address(found.card, order[at].frozen).partition("?")[2]
    return f"{PATH}/{found.card.id}/meeting?{query}" if query else urlencode({})


def _assessed(item: Item) -> Status:
    word = review_names.assessed(item.answer.assessment)
    if word:
        return Status(_TONES[item.answer.assessment], word)
    return Status(Tone.NEUTRAL, trc("state of an answer", "Open"))


def _actions(desk: Desk, found: Seen, item: Item) -> tuple[tuple[str, str], ...]:
    cards = open_to(actions.of_review(desk.session, found.card.id), desk.actor, desk.reach)
    mine = [one for one in cards if one.kpi == item.frozen.kpi and one.who == item.frozen.who]
    told = (line(desk, one) for one in mine)
    return tuple((one.title, f"{one.owner}, {one.when[:1].lower()}{one.when[1:]}") for one in told)


def notes_of(
    session: TenantSession, reader: Reads, found: Seen, item: UUID
) -> tuple[MeetingNote, ...]:
    """Return the notes to one KPI, the newest first."""
    told = [one for one in review_meeting.notes(session, found) if one.item == item]
    return tuple(
        MeetingNote(one.name, local(reader, one.at).rpartition(", ")[2], one.text)
        for one in reversed(told)
    )


def who_reads(found: Seen, readers: Sequence[Reader]) -> tuple[str, ...]:
    """Return who else is in the meeting, each with the KPI that they look at."""
    names = {one.frozen.id: one.frozen.kpi_name for one in found.items}
    return tuple(
        tr("{name} is reading {kpi}", name=one.name.split()[0], kpi=names[one.item])
        if one.item in names
        else tr("{name} is here", name=one.name.split()[0])
        for one in readers
        if one.name.split()
    )
