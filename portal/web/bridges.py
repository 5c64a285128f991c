"""A replaced KPI's bridge, stored before its end by a plain form; and a stored one as a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from portal.errors import BadInputError
from portal.security.permissions import Access, Permission
from portal.services import (
    auditing,
    bridge_figures,
    bridge_keeping,
    bridge_panels,
    bridges,
)
from portal.services.auditing import Event
from portal.services.desks import open_desk
from portal.services.framework_tabs import REPLACED
from portal.services.sheets import csv_bytes
from portal.services.typed_words import NotThereError
from portal.tenancy.database import Database
from portal.web.asking import WebAsking
from portal.web.fields import field

ROUTES: Mapping[str, Access] = {
    "bridges.store": Permission.FRAMEWORK_EDIT,
    "bridges.export": Permission.EXPORT_MAKE,
}
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Office:
    """The routes of bridges. Whose tenant it is, the session says."""

    database: Database
    asking: WebAsking

    def store(self, kpi: str) -> BaseResponse:
        """Show what would be stored, or store it."""
        if request.method == "GET":
            return self._form(kpi)
        try:
            actor = self.asking.signed_in()
            with self.database.session(actor.tenant) as session:
                desk = open_desk(session, actor, self.asking.clock())
                bridge_keeping.store_now(desk, kpi, field("reason", _LONGEST), self.asking.trace())
        except NotThereError:
            abort(404)
        except BadInputError as error:
            return self._form(kpi, str(error))
        return redirect(f"{REPLACED}?done=bridge", 303)

    def export(self, bridge: UUID) -> Response:
        """Return a stored bridge as a file, for whom the company's numbers are open."""
        actor = self.asking.signed_in()
        with self.database.session(actor.tenant) as session:
            desk = open_desk(session, actor, self.asking.clock())
            found = next(
                (
                    one
                    for one in bridges.stored(session)
                    if one.stored is not None and one.stored.id == bridge
                ),
                None,
            )
            if found is None or not bridge_panels.is_open(desk, found.run):
                abort(404)
            body = csv_bytes(bridge_figures.sheet(desk, found))
            name = f"bridge-{found.run.kpi}-{found.run.successor}.csv"
            auditing.note(session, actor, Event.EXPORTED, name, {}, trace=self.asking.trace())
        response = make_response(body)
        response.headers["Content-Type"] = "text/csv; charset=utf-8"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def _form(self, kpi: str, error: str = "") -> Response:
        """Show the form; after a refusal with what was typed and why."""
        actor = self.asking.signed_in()
        try:
            with self.database.session(actor.tenant) as session:
                form = bridge_panels.form(open_desk(session, actor, self.asking.clock()), kpi)
        except NotThereError:
            abort(404)
        typed = field("reason", _LONGEST)
        page = render_template("framework_bridge.html", form=form, error=error, reason=typed)
        return make_response(page, 400 if error else 200)


def blueprint(database: Database, asking: WebAsking) -> Blueprint:
    """Return the routes of bridges."""
    office, made = Office(database, asking), Blueprint("bridges", __name__)
    made.add_url_rule(
        "/framework/kpis/<kpi>/bridge", "store", office.store, methods=["GET", "POST"]
    )
    made.add_url_rule(f"{REPLACED}/<uuid:bridge>.csv", "export", office.export)
    return made
