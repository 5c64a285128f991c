"""The page of what a company shows of itself; the accent is shown while it is chosen."""

from collections.abc import Mapping

from dash import Dash, Input, Output
from dash.development.base_component import Component

from callbacks.edge import Edge, secured
from callbacks.page import Page, Visit
from kpi_engine.language import mark, tr
from layouts import ids
from layouts.pages import appearance as drawn
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.services import appearance

_DONE: Mapping[str, str] = {
    "saved": mark("It was saved. Your people see it with their next page."),
    "dropped": mark("The logo was removed."),
    "cleared": mark("The name, colour and logo are Meridian's again."),
}
_LONGEST = 40


def show(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw the page."""
    said = tr(_DONE.get(visit.query.get("done", ""), ""))
    with edge.session(actor) as session:
        page = appearance.read(session, actor, visit.query, edge.now(), edge.asking.csrf())
    return drawn.draw(page, said)


def register(app: Dash, edge: Edge) -> None:
    """Register what shows the accent while it is chosen."""

    @secured(
        app,
        edge,
        Permission.SETTINGS_EDIT,
        Output(ids.BRAND_SAMPLES, "children"),
        Input(ids.BRAND_ACCENT, "value"),
        prevent_initial_call=True,
    )
    def on_accent(accent: str | None) -> list[Component]:
        return drawn.samples(appearance.samples((accent or "")[:_LONGEST]))


APPEARANCE = Page(appearance.PATH, Permission.SETTINGS_EDIT, mark("Appearance"), show)
