"""The command palette: letters in, links out; only to what the person may open and see."""

from dash import Dash, Input, Output
from dash.development.base_component import Component

from callbacks.edge import Edge, secured
from callbacks.pages import PAGES
from kpi_engine.language import tr
from layouts import ids
from layouts import palette as palette_layout
from portal.errors import PortalError
from portal.security.actor import Actor
from portal.security.permissions import Allowed, Gate, may
from portal.services import palette
from portal.services.desks import open_desk
from portal.services.palette import Place


def register(app: Dash, edge: Edge) -> None:
    """Register what happens when somebody types into the palette."""

    @secured(
        app,
        edge,
        Gate.SIGNED_IN,
        Output(ids.PALETTE_RESULTS, "children"),
        Input(ids.PALETTE_INPUT, "value"),
        prevent_initial_call=True,
    )
    def on_typed(typed: str | None) -> list[Component]:
        return results(edge, edge.actor(), typed or "")


def results(edge: Edge, actor: Actor, typed: str) -> list[Component]:
    """Return the rows of what fits."""
    try:
        with edge.session(actor) as session:
            desk = open_desk(session, actor, edge.now())
            hits = palette.find(desk, typed, places_of(actor))
    except PortalError:
        hits = ()
    return palette_layout.results(hits, typed)


def places_of(actor: Actor) -> list[Place]:
    """Return the pages of the navigation that the person may open."""
    return [
        Place(tr(page.name), page.path, page.icon)
        for page in PAGES
        if page.in_navigation
        and page.roles & actor.roles
        and isinstance(may(actor, page.permission), Allowed)
    ]
