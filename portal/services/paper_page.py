"""The page of a review's pack or minutes: the paper, what may be done with it, what was sent."""

from collections.abc import Mapping

from kpi_engine.language import tr
from portal.readmodels.papers import PaperKind, PaperPage
from portal.security.permissions import Permission
from portal.services import listed, paper_keeping
from portal.services.desks import Desk
from portal.services.papers import called, paper_of
from portal.services.review_page import id_of
from portal.services.reviews import seen
from portal.workflow.review import ReviewState

_SENT = "sent"
_MOST_NAMED = 6


def read(
    desk: Desk, review: str, kind: PaperKind, query: Mapping[str, str], csrf: str
) -> PaperPage:
    """Return the page.

    Raises:
        NoReviewError: if there is no such review, or nothing of it is open to the person.
    """
    found = seen(desk.session, desk.actor, id_of(review))
    card = found.card
    ready = card.state is ReviewState.SIGNED_OFF or (
        kind is PaperKind.PACK and card.state is ReviewState.OPEN
    )
    may_send = desk.may(Permission.REVIEW_OPEN) and ready and bool(found.items)
    people = paper_keeping.recipients(desk, found) if may_send else ()
    other = PaperKind.MINUTES if kind is PaperKind.PACK else PaperKind.PACK
    told = listed.with_more([one.name or one.email for one in people], _MOST_NAMED)
    return PaperPage(
        paper_of(desk, found, kind),
        card.href,
        (called(other), f"{card.href}/{other.value}"),
        f"/export/reviews/{card.id}/{kind.value}.pdf",
        f"/reviews/{card.id}/{kind.value}/send" if people else "",
        tr("To {names}.", names=told) if people else "",
        csrf,
        paper_keeping.sent(desk, found),
        tr("It was sent, and kept as it was sent.") if query.get("done") == _SENT else "",
    )
