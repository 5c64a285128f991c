"""Files of what is on a page: the same address, the same person, the same reach, written down."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, abort, make_response, request

from portal.readmodels.scorecard import Scorecard
from portal.security.permissions import Access, Permission
from portal.services import auditing, branding, exports, scorecards, sheets
from portal.services.addresses import LONGEST, read_query
from portal.services.auditing import Event
from portal.services.desks import Desk, open_desk
from portal.tenancy.database import Database
from portal.web import printing
from portal.web.asking import WebAsking

ROUTES: Mapping[str, Access] = {"export.scorecard": Permission.EXPORT_MAKE}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Make = Callable[[Scorecard, Desk], bytes]


def _csv(card: Scorecard, desk: Desk) -> bytes:
    return sheets.csv_bytes(exports.sheet_of(card, desk.card.name))


def _xlsx(card: Scorecard, desk: Desk) -> bytes:
    return sheets.xlsx_bytes(exports.sheet_of(card, desk.card.name))


def _pdf(card: Scorecard, desk: Desk) -> bytes:
    lang = desk.formats.locale.replace("_", "-")
    top = branding.letterhead(desk.session)
    return printing.scorecard_pdf(card, desk.card.name, desk.now, lang, top)


_KINDS: Mapping[str, tuple[str, Make]] = {
    "csv": ("text/csv; charset=utf-8", _csv),
    "xlsx": (_XLSX, _xlsx),
    "pdf": ("application/pdf", _pdf),
}


def blueprint(database: Database, asking: WebAsking) -> Blueprint:
    """Return the routes of files."""
    made = Blueprint("export", __name__)

    @made.get("/export/scorecard.<kind>")
    def scorecard(kind: str) -> Response:
        if kind not in _KINDS:
            abort(404)
        actor, now = asking.signed_in(), asking.clock()
        content_type, make = _KINDS[kind]
        with database.session(actor.tenant) as session:
            desk = open_desk(session, actor, now)
            asked = request.query_string.decode("latin-1")
            card = scorecards.read(desk, read_query(asked))
            body = make(card, desk)
            what = {"query": asked[:LONGEST]}
            auditing.note(
                session, actor, Event.EXPORTED, f"scorecard.{kind}", what, trace=asking.trace()
            )
        return _file(body, content_type, _name(card, kind))

    return made


def _name(card: Scorecard, kind: str) -> str:
    """Return the name of a file: plain letters, so that no header is broken by it."""
    closed = [column.key for column in card.columns if not column.open]
    period = closed[-1] if closed else "none"
    kept = "".join(
        letter for letter in period if (letter.isascii() and letter.isalnum()) or letter == "-"
    )
    return f"scorecard-{kept}.{kind}"


def _file(body: bytes, content_type: str, name: str) -> Response:
    response = make_response(body)
    response.headers["Content-Type"] = content_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
