"""Approves in one press what needs no second look; whatever stands out keeps a page of its own."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from kpi_engine.language import mark, tr, trn
from portal.errors import BadInputError
from portal.readmodels.cards import Tone
from portal.readmodels.review_together import Together, TogetherRow
from portal.services import review_moves, reviews
from portal.services.auditing import Trace
from portal.services.desks import Desk
from portal.services.review_cards import Item
from portal.services.review_decisions import KEEP
from portal.services.review_number import name_of, value_of
from portal.services.review_owed import Owed, owed_of
from portal.services.reviews import Seen, address
from portal.workflow.review import ItemMove

FEWEST = 2
"""One alone is approved on its page."""
DONE = {"approved": mark("Approved. What is left stands first.")}
_STANDS_OUT = frozenset({Tone.BAD, Tone.WATCH})


class NotTogetherError(BadInputError):
    """Something that was chosen stands out, or was changed since the list was drawn."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(
            tr(
                "Nothing was approved: {names} changed while you were reading. Go back, reload the"
                " page and look again.",
                names=", ".join(names) or tr("a KPI"),
            )
        )


def calm(seen: Seen) -> tuple[Item, ...]:
    """Return what waits for the person's approval and has nothing that stands out.

    There is a number, not off target nor near it, its owner says that it is on track and sees no
    unhealthy behaviour, nobody disagrees, and an annual review keeps it.
    """
    return tuple(one for one in seen.items if _owed(seen, one) and not _stands_out(one))


def _owed(seen: Seen, item: Item) -> bool:
    parts = seen.seat.parts(seen.card, item.frozen)
    return owed_of(seen.card, item, parts, seen.seat.actor) is Owed.APPROVE


def _stands_out(item: Item) -> bool:
    answer = item.answer
    return (
        item.frozen.status.tone in _STANDS_OUT
        or item.frozen.reading.value is None
        or answer.assessment != "on_track"
        or answer.replies.get("unhealthy") != "no"
        or answer.decision not in {"", KEEP}
        or bool(item.disputes)
    )


def listed(desk: Desk, seen: Seen) -> Together | None:
    """Return what can be approved together; None where it is too little to be worth a list."""
    found = calm(seen)
    if len(found) < FEWEST:
        return None
    rows = tuple(
        TogetherRow(
            f"{one.frozen.id}.{one.answer.version}",
            name_of(one.frozen),
            value_of(desk, one.frozen),
            one.frozen.accountable_name,
            address(seen.card, one.frozen),
        )
        for one in found
    )
    return Together(
        trn("{count} is on track", "{count} are on track", len(rows)),
        tr("Not off target, and nobody disagrees or sees unhealthy behaviour."),
        trn("Approve this one", "Approve these {count}", len(rows)),
        rows,
    )


def approve(desk: Desk, review: UUID, chosen: Mapping[UUID, int], trace: Trace) -> int:
    """Approve several KPIs of a review, all or none; return how many.

    Args:
        desk: Of who approves.
        review: The review's id.
        chosen: The version of each item that the person saw.
        trace: In which request.

    Raises:
        NoReviewError: if nothing of the review is open to the person.
        NotTogetherError: if none was chosen, or one of them was changed since or stands out.
        DeniedError: if one is not theirs to approve.
    """
    seen = reviews.seen(desk.session, desk.actor, review)
    if not chosen:
        raise NotTogetherError(())
    standing = {one.frozen.id: one for one in calm(seen)}
    names = {one.frozen.id: name_of(one.frozen) for one in seen.items}
    moved = [
        item
        for item, version in chosen.items()
        if item not in standing or standing[item].answer.version != version
    ]
    if moved:
        raise NotTogetherError(names[item] for item in moved if item in names)
    # Always in one order: two people who approve the same ones wait, and do not block each other.
    for item in sorted(chosen):
        wanted = (ItemMove.APPROVE, chosen[item])
        review_moves.move(desk.session, seen.seat, (review, item), wanted, trace)
    return len(chosen)
