"""Sends packs and minutes to a review's people, and keeps the very bytes that they got.

Who sees the same of a review gets the same file. What was sent is never changed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import UUID, uuid4

from kpi_engine.language import speaking, tr, trn
from portal.errors import BadInputError, DeniedError
from portal.models import people as people_questions
from portal.models import review_papers as questions
from portal.models.people import Person
from portal.models.review_papers import ReviewPaper, ReviewPaperCopy
from portal.readmodels.formats import Formats
from portal.readmodels.papers import Paper, PaperKind, Sent
from portal.security.permissions import Allowed, Permission, may
from portal.services import auditing, moments, reaches, review_names
from portal.services.auditing import Event, Trace
from portal.services.desks import Desk
from portal.services.granted import require
from portal.services.letters import Attached, Letter
from portal.services.papers import called, paper_of
from portal.services.review_parts import seat_of
from portal.services.reviews import Seen, seen
from portal.services.signing_in import actor_of
from portal.workflow.review import ReviewState

Print = Callable[[Paper, str], bytes]
"""Makes a PDF of a paper, for a language."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What is sent: which paper of which review, made by whom, and where its pages are."""

    review: UUID
    kind: PaperKind
    print: Print
    url: str
    """The portal's own address."""


def recipients(desk: Desk, found: Seen) -> tuple[Person, ...]:
    """Return who gets a review's papers: its participants, owners and signer who may still sign in.

    Who sees nothing of it gets nothing.
    """
    named = set(found.card.participants)
    for item in found.every:
        frozen = item.frozen
        named |= {*frozen.writers, *(share.person for share in frozen.shares)}
        named |= {frozen.accountable} if frozen.accountable is not None else set()
    named |= {found.card.signer} if found.card.signer is not None else set()
    rows = desk.session.scalars(people_questions.everybody())
    there = (row for row in rows if row.id in named and row.disabled_at is None)
    return tuple(row for row in there if _sees(desk, found, row).items)


def _sees(desk: Desk, found: Seen, person: Person) -> Seen:
    """Return the review as one of its people sees it; nothing of it for who may read none."""
    actor = actor_of(desk.actor.tenant, person)
    if not isinstance(may(actor, Permission.REVIEW_READ), Allowed):
        return Seen(found.card, (), seat_of(actor, desk.roster))
    return Seen(found.card, found.every, seat_of(actor, desk.roster))


def send(desk: Desk, sending: Sending, trace: Trace) -> tuple[Letter, ...]:
    """Keep the papers of a review and return the letters that carry them.

    Raises:
        DeniedError: if the person opens no reviews.
        NoReviewError: if there is no such review.
        BadInputError: if minutes are asked for before the review is signed off, or of a review
            that was called off, or nobody of it may get them.
    """
    require(desk.actor, Permission.REVIEW_OPEN)
    found = seen(desk.session, desk.actor, sending.review)
    _check(desk, found, sending.kind)
    groups = _groups(desk, found)
    if not groups:
        raise BadInputError(tr("Nobody of this review may get it: add participants to its cycle."))
    letters: list[Letter] = []
    for people in groups:
        with speaking(people[0].locale):
            letters += _to_group(desk, found, sending, people, trace)
    detail = {"kind": sending.kind.value, "copies": len(letters), "files": len(groups)}
    name = str(sending.review)
    auditing.note(desk.session, desk.actor, Event.REVIEW_PAPER_SENT, name, detail, trace=trace)
    return tuple(letters)


def _check(desk: Desk, found: Seen, kind: PaperKind) -> None:
    state = found.card.state
    if state in {ReviewState.PLANNED, ReviewState.CALLED_OFF}:
        name = review_names.name(found.card, desk.formats)
        raise BadInputError(tr("The {review} has nothing to send.", review=name))
    if kind is PaperKind.MINUTES and state is not ReviewState.SIGNED_OFF:
        raise BadInputError(tr("Minutes are sent when the review is signed off."))


def _groups(desk: Desk, found: Seen) -> list[list[Person]]:
    """Return people by what they see and the language they read; each group gets one file."""
    groups: dict[tuple[frozenset[UUID], str], list[Person]] = {}
    for person in recipients(desk, found):
        mine = frozenset(item.frozen.id for item in _sees(desk, found, person).items)
        groups.setdefault((mine, person.locale), []).append(person)
    return list(groups.values())


def _to_group(
    desk: Desk, found: Seen, sending: Sending, people: Sequence[Person], trace: Trace
) -> list[Letter]:
    first = people[0]
    view = _sees(desk, found, first)
    actor = actor_of(desk.actor.tenant, first)
    theirs = replace(
        desk,
        # The paper says for whom it was made; one file for several is the company's.
        actor=replace(actor, name=desk.card.name if len(people) > 1 else actor.name),
        reach=reaches.reach(desk.session, actor, desk.today, desk.roster),
        formats=Formats(first.locale, desk.card.currency),
    )
    paper = paper_of(theirs, view, sending.kind)
    body = sending.print(paper, first.locale.replace("_", "-"))
    digest = sha256(body).hexdigest()
    row = ReviewPaper(
        id=uuid4(),
        review_id=found.card.id,
        kind=sending.kind.value,
        review_state=found.card.state.value,
        items=[item.frozen.id for item in view.items],
        file=body,
        sha256=digest,
        made_at=trace.at,
        made_by=desk.actor.person,
        made_by_name=desk.actor.name or desk.actor.email,
    )
    desk.session.add(row)
    desk.session.flush()
    for person in people:
        desk.session.add(
            ReviewPaperCopy(
                paper_id=row.id,
                person_id=person.id,
                name=person.name or person.email,
                email=person.email,
                sent_at=trace.at,
            )
        )
    file = Attached(file_name(sending.kind, found.card.period.label), body)
    return [_letter(paper, person, file, (sending, digest)) for person in people]


def file_name(kind: PaperKind, label: str) -> str:
    """Return the name of a file: plain letters, so that no header is broken by it."""
    return f"review-{kind.value}-{label}.pdf"


def _letter(paper: Paper, person: Person, file: Attached, made: tuple[Sending, str]) -> Letter:
    sending, digest = made
    lines = [
        f"{paper.title}, {paper.period}.",
        paper.draft,
        paper.sentence,
        "",
        *(f"{name}: {text}" for name, text in paper.stamps),
        "",
        _attached(sending.kind, len(paper.items)),
        tr("To read it in the portal: {address}", address=_address(sending)),
        tr("SHA-256 of the file: {digest}", digest=digest),
    ]
    text = "\n".join(line for at, line in enumerate(lines) if line or at > 2)  # noqa: PLR2004
    return Letter(
        person.email,
        f"{paper.title}, {paper.period}",
        f"{text}\n",
        person.name or "",
        files=(file,),
    )


def _attached(kind: PaperKind, count: int) -> str:
    if kind is PaperKind.PACK:
        return trn(
            "The review pack is attached, {count} KPI.",
            "The review pack is attached, {count} KPIs.",
            count,
        )
    return trn(
        "The minutes are attached, {count} KPI.", "The minutes are attached, {count} KPIs.", count
    )


def _address(sending: Sending) -> str:
    return f"{sending.url}/reviews/{sending.review}/{sending.kind.value}"


def sent(desk: Desk, found: Seen) -> tuple[Sent, ...]:
    """Return the papers of a review that were sent and that the person may read, newest first."""
    mine = {item.frozen.id for item in found.items}
    rows = [
        row
        for row in desk.session.scalars(questions.papers_of(found.card.id))
        if set(row.items) <= mine
    ]
    copies: dict[UUID, list[str]] = {}
    for copy in desk.session.scalars(questions.copies_of([row.id for row in rows])):
        copies.setdefault(copy.paper_id, []).append(copy.name)
    return tuple(_sent(desk, row, copies.get(row.id, [])) for row in rows)


def _sent(desk: Desk, row: ReviewPaper, names: Sequence[str]) -> Sent:
    when = desk.formats.day(desk.calendar.local_date(moments.naive(row.made_at)))
    title = called(PaperKind(row.kind))
    return Sent(
        f"{title}, {when}",
        row.made_by_name,
        ", ".join(names),
        row.sha256,
        f"/export/reviews/{row.review_id}/sent/{row.id}.pdf",
    )


def as_sent(desk: Desk, review: UUID, wanted: UUID) -> ReviewPaper:
    """Return a paper as it was sent.

    Raises:
        DeniedError: if there is none, or it tells of what is not open to the person: one text.
    """
    found = seen(desk.session, desk.actor, review)
    row = desk.session.scalars(questions.paper(wanted)).one_or_none()
    mine = {item.frozen.id for item in found.items}
    if row is None or row.review_id != review or not set(row.items) <= mine:
        raise DeniedError(tr("There is no such file, or it is not yours to see."))
    return row
