"""The administrator's pages: people and the audit log. What they change is sent as plain forms."""

from collections.abc import Mapping
from datetime import UTC, datetime

from dash.development.base_component import Component

from callbacks.edge import Edge
from callbacks.page import Page, Visit
from kpi_engine.language import mark, tr
from layouts.pages import administration as drawn
from layouts.pages import sign_in
from portal.errors import BadInputError
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.services import administration
from portal.services.desks import formats_of

_DONE: Mapping[str, str] = {
    "added": mark("The person was added. Send them a link to choose their password."),
    "changed": mark("It was saved. If anything changed, the person signs in again."),
    "roles": mark("The roles were changed. The person signs in again."),
    "shut": mark("The account was shut, and its sessions ended."),
    "invited": mark("A mail with a link to choose a password is on its way."),
    "open": mark("The account is open again."),
    "reset": mark("The person signs in with the password alone, and their sessions ended."),
    "factor_roles": mark("The roles were kept. Who has no second factor sets one up at the door."),
}


def show_people(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw everybody of the actor's tenant."""
    with edge.session(actor) as session:
        formats = formats_of(session, actor)
        csrf, said = edge.asking.csrf(), tr(_DONE.get(visit.query.get("done", ""), ""))
        return drawn.people(administration.read_people(session, actor, formats, csrf, said))


def show_audit(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw a page of the audit log."""
    with edge.session(actor) as session:
        formats = formats_of(session, actor)
        return drawn.audit(administration.read_audit(session, formats, _before(visit)))


def show_sign_in(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw how the people of the actor's tenant sign in."""
    csrf, said = edge.asking.csrf(), tr(_DONE.get(visit.query.get("done", ""), ""))
    with edge.session(actor) as session:
        return sign_in.draw(administration.read_sign_in(session, csrf, said))


def _before(visit: Visit) -> datetime | None:
    told = visit.query.get("before")
    if not told:
        return None
    try:
        # A plus sign in an address reads as a space.
        moment = datetime.fromisoformat(told.replace(" ", "+"))
    except ValueError as error:
        raise BadInputError(
            tr("The address names no moment. Open the audit log from People.")
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


PEOPLE = Page(
    "/admin",
    Permission.PEOPLE_EDIT,
    mark("People"),
    show_people,
    icon="gear",
    in_navigation=True,
)
SIGN_IN = Page("/admin/sign-in", Permission.SETTINGS_EDIT, mark("Sign-in"), show_sign_in)
AUDIT = Page("/admin/audit", Permission.AUDIT_READ, mark("Audit log"), show_audit)
