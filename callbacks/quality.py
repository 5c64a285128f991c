"""The page of data quality."""

from dash.development.base_component import Component

from callbacks.company import at_desk
from callbacks.edge import Edge
from callbacks.page import Page, Visit
from kpi_engine.language import mark, tr
from layouts.pages import quality as layout
from layouts.parts.states import state_missing
from portal.errors import BadInputError
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.services import quality_page


def show(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw the page; what the address cannot mean becomes a state of the page."""
    try:
        with at_desk(edge, actor) as desk:
            page = quality_page.read(edge.workshop, desk, visit.query)
    except BadInputError as error:
        return state_missing(str(error), visit.path, tr("Show the latest period"))
    return layout.draw(page)


QUALITY = Page(
    "/quality",
    Permission.KPI_READ,
    mark("Data quality"),
    show,
    icon="shield-check",
    in_navigation=True,
)
