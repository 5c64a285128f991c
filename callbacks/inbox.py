"""The inbox. What people do with an item is sent as plain forms."""

from dash.development.base_component import Component

from callbacks.edge import Edge
from callbacks.page import Page, Visit
from kpi_engine.language import mark
from layouts.pages import inbox as drawn
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.services import inbox_page


def show(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw what the actor was told."""
    with edge.session(actor) as session:
        page = inbox_page.read(session, actor, edge.now(), visit.query, edge.asking.csrf())
    return drawn.draw(page)


INBOX = Page(inbox_page.PATH, Permission.INBOX_READ, mark("Inbox"), show, icon="bell")
