"""Files of what is on the page of a KPI: the same address, the same person, the same reach."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, Flask, Response, abort, make_response, request

from portal.errors import BadInputError
from portal.security.permissions import Access, Permission
from portal.security.registry import Registry
from portal.services import auditing, kpi_sheets, sheets
from portal.services.addresses import LONGEST, read_query
from portal.services.auditing import Event
from portal.services.desks import open_desk
from portal.services.engines import Workshop
from portal.services.sheets import Sheet
from portal.web import guard
from portal.web.asking import WebAsking

ROUTES: Mapping[str, Access] = {"kpi_files.part": Permission.EXPORT_MAKE}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KINDS: Mapping[str, tuple[str, Callable[[Sheet], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", sheets.csv_bytes),
    "xlsx": (_XLSX, sheets.xlsx_bytes),
}


@dataclass(frozen=True, slots=True)
class Files:
    """What the files are made with."""

    workshop: Workshop
    asking: WebAsking


def join(server: Flask, registry: Registry, files: Files) -> None:
    """Give the server the routes of these files."""
    guard.declare_routes(registry, ROUTES)
    server.register_blueprint(blueprint(files))


def blueprint(files: Files) -> Blueprint:
    """Return the routes."""
    made = Blueprint("kpi_files", __name__)

    @made.get("/export/kpis/<key>/<what>.<kind>")
    def part(key: str, what: str, kind: str) -> Response:
        if kind not in _KINDS:
            abort(404)
        return _file(files, (key, what, kind))

    return made


def _file(files: Files, named: tuple[str, str, str]) -> Response:
    key, what, kind = named
    actor = files.asking.signed_in()
    content_type, make = _KINDS[kind]
    asked = request.query_string.decode("latin-1")
    with files.workshop.database.session(actor.tenant) as session:
        desk = open_desk(session, actor, files.asking.clock())
        try:
            made = kpi_sheets.sheet(files.workshop, desk, key, what, read_query(asked))
        except BadInputError:
            abort(404)
        detail = {"query": asked[:LONGEST]}
        trace = files.asking.trace()
        auditing.note(session, actor, Event.EXPORTED, f"{key}/{what}.{kind}", detail, trace=trace)
    response = make_response(make(made))
    response.headers["Content-Type"] = content_type
    # Both are words of ours by now: a key of the catalogue and a part that there is.
    response.headers["Content-Disposition"] = f'attachment; filename="{key}-{what}.{kind}"'
    return response
