"""The page on imports."""

from dash.development.base_component import Component

from callbacks.edge import Edge
from callbacks.page import Page, Visit
from kpi_engine.language import mark
from layouts.pages import imports as drawn
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.services import import_list
from portal.services.desks import formats_of


def show(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw the loads of the actor's tenant."""
    del visit
    with edge.session(actor) as session:
        return drawn.draw(import_list.read(session, formats_of(session, actor)))


IMPORTS = Page(
    "/imports",
    Permission.IMPORT_READ,
    mark("Imports"),
    show,
    icon="database-check",
    in_navigation=True,
)
