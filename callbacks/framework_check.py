"""The page of the framework check."""

from dash.development.base_component import Component

from callbacks.company import at_desk
from callbacks.edge import Edge
from callbacks.page import Page, Visit
from kpi_engine.language import mark, tr
from layouts.pages import framework_check as layout
from layouts.parts.states import state_missing
from portal.errors import BadInputError
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.services import framework_check, framework_lines

_SAID = {
    "waived": mark("Waived. It comes back by itself when the waiver ends."),
    "taken-back": mark("The waiver is taken back."),
}


def show(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw the page."""
    try:
        with at_desk(edge, actor) as desk:
            page = framework_check.read(desk, visit.query)
    except BadInputError as error:
        return state_missing(str(error), framework_lines.PATH, tr("Show the framework check"))
    said = tr(_SAID.get(visit.query.get("done", ""), ""))
    return layout.draw(page, edge.asking.csrf(), said)


CHECK = Page(framework_lines.PATH, Permission.FRAMEWORK_READ, mark("Framework check"), show)
