"""The pages of a review's pack and minutes. What sends them is a plain form."""

from collections.abc import Callable

from dash.development.base_component import Component

from callbacks.edge import Edge
from callbacks.page import Page, Visit
from kpi_engine.language import mark
from layouts.pages import review_paper as drawn
from portal.readmodels.papers import PaperKind
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.services import paper_page
from portal.services.desks import open_desk


def _shown(kind: PaperKind) -> Callable[[Edge, Actor, Visit], Component]:
    def show(edge: Edge, actor: Actor, visit: Visit) -> Component:
        csrf = edge.asking.csrf()
        with edge.session(actor) as session:
            desk = open_desk(session, actor, edge.now())
            return drawn.draw(paper_page.read(desk, visit.args["review"], kind, visit.query, csrf))

    return show


PACK = Page(
    "/reviews/<review>/pack", Permission.REVIEW_READ, mark("Review pack"), _shown(PaperKind.PACK)
)
MINUTES = Page(
    "/reviews/<review>/minutes", Permission.REVIEW_READ, mark("Minutes"), _shown(PaperKind.MINUTES)
)
