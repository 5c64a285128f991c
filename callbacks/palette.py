"""The command palette: letters in, links out; only to what the person may open and see."""

from dash import Dash, Input, Output
from dash.development.base_component import Component

from callbacks.edge import Edge, secured
from callbacks.homes import HOME, homes_of
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
    """Return what the person may open by its name alone: pages, and each of their homes.

    A page about one thing of many, as of one review, is reached from there.
    """
    pages = [
        Place(tr(page.name), page.path, page.icon or _ICON)
        for page in PAGES
        if "<" not in page.path
        and page.roles & actor.roles
        and isinstance(may(actor, page.permission), Allowed)
    ]
    homes = [Place(tr(home.name), f"/?home={home.key}", HOME.icon) for home in homes_of(actor)]
    return [*pages, *homes]


_ICON = "arrow-right"
