"""A review's pack and minutes as files, and their way to the people of the review."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, redirect
from werkzeug.wrappers import Response as BaseResponse

from kpi_engine.language import tr
from portal.errors import PortalError
from portal.readmodels.papers import PaperKind
from portal.security.permissions import Access, Permission
from portal.services import auditing, paper_keeping, papers
from portal.services.auditing import Event
from portal.services.desks import open_desk
from portal.services.mailing import Post
from portal.services.paper_keeping import Sending
from portal.services.reviews import one
from portal.tenancy.database import Database
from portal.web.asking import WebAsking
from portal.web.paper_printing import paper_pdf

ROUTES: Mapping[str, Access] = {
    "papers.file": Permission.REVIEW_READ,
    "papers.as_sent": Permission.REVIEW_READ,
    "papers.send": Permission.REVIEW_OPEN,
}


def blueprint(database: Database, asking: WebAsking, post: Post, url: str) -> Blueprint:
    """Return the routes of packs and minutes."""
    made = Blueprint("papers", __name__)

    @made.get("/export/reviews/<uuid:review>/<kind>.pdf")
    def file(review: UUID, kind: str) -> Response:
        actor, now = asking.signed_in(), asking.clock()
        with database.session(actor.tenant) as session:
            desk = open_desk(session, actor, now)
            paper = papers.paper(desk, review, _kind(kind))
            body = paper_pdf(paper, desk.formats.locale.replace("_", "-"))
            what = {"kind": paper.kind.value}
            auditing.note(
                session, actor, Event.EXPORTED, f"review {review}", what, trace=asking.trace()
            )
            label = one(session, review).period.label
        return _pdf(body, paper_keeping.file_name(paper.kind, label))

    @made.get("/export/reviews/<uuid:review>/sent/<uuid:paper>.pdf")
    def as_sent(review: UUID, paper: UUID) -> Response:
        actor, now = asking.signed_in(), asking.clock()
        with database.session(actor.tenant) as session:
            row = paper_keeping.as_sent(open_desk(session, actor, now), review, paper)
            body, kind = row.file, PaperKind(row.kind)
            label = one(session, review).period.label
        return _pdf(body, paper_keeping.file_name(kind, label))

    @made.post("/reviews/<uuid:review>/<kind>/send")
    def send(review: UUID, kind: str) -> BaseResponse:
        actor, now = asking.signed_in(), asking.clock()
        sending = Sending(review, _kind(kind), paper_pdf, url)
        with database.session(actor.tenant) as session:
            desk = open_desk(session, actor, now)
            letters = paper_keeping.send(desk, sending, asking.trace())
            # Not sent is not kept: the transaction ends only after the post has taken them.
            try:
                post.send(letters)
            except OSError as error:
                raise UnsentError from error
        return redirect(f"/reviews/{review}/{sending.kind.value}?done=sent", 303)

    return made


class UnsentError(PortalError):
    """The post did not take the letters."""

    def __init__(self) -> None:
        super().__init__(tr("The mail server did not take it. Nothing was kept; try again later."))


def _kind(text: str) -> PaperKind:
    try:
        return PaperKind(text)
    except ValueError:
        abort(404)


def _pdf(body: bytes, name: str) -> Response:
    response = make_response(body)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
