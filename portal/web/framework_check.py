"""Waivers as plain forms, and the framework check as a file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect
from werkzeug.wrappers import Response as BaseResponse

from portal.security.permissions import Access, Permission
from portal.services import (
    auditing,
    check_sheet,
    framework_check,
    framework_lines,
    framework_scores,
    linting,
    waivers,
)
from portal.services.auditing import Event
from portal.services.desks import Desk, open_desk
from portal.services.sheets import csv_bytes
from portal.services.waivers import NewWaiver
from portal.tenancy.database import Database
from portal.web.asking import WebAsking
from portal.web.fields import field

ROUTES: Mapping[str, Access] = {
    "framework_check.waive": Permission.FRAMEWORK_EDIT,
    "framework_check.take_back": Permission.FRAMEWORK_EDIT,
    "framework_check.export": Permission.EXPORT_MAKE,
}
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Office:
    """The routes of the framework check."""

    database: Database
    asking: WebAsking

    def waive(self) -> BaseResponse:
        """Let a finding stand."""
        new = NewWaiver(*(field(name, _LONGEST) for name in ("rule", "place", "reason", "until")))

        def change(desk: Desk) -> None:
            trace = self.asking.trace()
            waivers.waive(desk.session, desk.actor, new, desk.today, trace)

        return self._done("waived", change)

    def take_back(self) -> BaseResponse:
        """End a waiver."""
        place = (field("rule", _LONGEST), field("place", _LONGEST))

        def change(desk: Desk) -> None:
            waivers.take_back(desk.session, desk.actor, place, self.asking.trace())

        return self._done("taken-back", change)

    def export(self) -> Response:
        """Return the findings as a file."""
        actor = self.asking.signed_in()
        with self.database.session(actor.tenant) as session:
            desk = open_desk(session, actor, self.asking.clock())
            body = csv_bytes(check_sheet.sheet_of(desk))
            trace = self.asking.trace()
            auditing.note(session, actor, Event.EXPORTED, "framework-check.csv", {}, trace=trace)
        response = make_response(body)
        response.headers["Content-Type"] = "text/csv; charset=utf-8"
        name = f"framework-check-{desk.today.isoformat()}.csv"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def _done(self, done: str, change: Callable[[Desk], None]) -> BaseResponse:
        """Make a change and keep the score that it leaves, in one transaction; then go back."""
        actor = self.asking.signed_in()
        with self.database.session(actor.tenant) as session:
            desk = open_desk(session, actor, self.asking.clock())
            change(desk)
            found = linting.check(session, desk, desk.today)
            framework_scores.keep(session, found, desk.today, desk.now)
        return redirect(f"{framework_lines.PATH}?done={done}#waived", 303)


def blueprint(database: Database, asking: WebAsking) -> Blueprint:
    """Return the routes of the framework check."""
    office, made = Office(database, asking), Blueprint("framework_check", __name__)
    place = framework_lines.PATH
    made.add_url_rule(f"{place}/waive", "waive", office.waive, methods=["POST"])
    made.add_url_rule(f"{place}/take-back", "take_back", office.take_back, methods=["POST"])
    made.add_url_rule(framework_check.EXPORT, "export", office.export)
    return made
