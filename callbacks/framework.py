"""The framework's pages: goals, owners, the catalogue. What changes them is sent as plain forms."""

from collections.abc import Mapping

from dash.development.base_component import Component

from callbacks.company import at_desk
from callbacks.edge import Edge
from callbacks.page import Page, Visit
from kpi_engine.language import mark, tr
from layouts.pages import framework as goals_drawn
from layouts.pages import framework_catalogue as catalogue_drawn
from layouts.pages import framework_owners as owners_drawn
from layouts.pages import framework_replaced as replaced_drawn
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.services import bridge_panels, framework_catalogue, framework_owners, framework_page

_DONE: Mapping[str, str] = {
    "acknowledged": mark("Your word was kept: the share is yours."),
    "bridge": mark("The bridge was stored as it stands. It never changes."),
    "default": mark("The goals are the company's own now."),
    "goal": mark("The goal was saved. What it was before is kept."),
    "ended": mark("The goal has ended."),
    "help": mark("It was saved."),
    "life": mark("The KPI was moved."),
    "over": mark("Everything was handed over. Whoever took a share over acknowledges it anew."),
    "owner": mark("The owner was saved."),
    "shares": mark("The shares were saved. Whose share changed acknowledges it anew."),
    "unchanged": mark("That says nothing new, so nothing was changed."),
}


def show_goals(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw the goals as trees."""
    with at_desk(edge, actor) as desk:
        page = framework_page.read(desk, edge.asking.csrf(), _said(visit))
        return goals_drawn.draw(page)


def show_owners(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw who owns what."""
    with at_desk(edge, actor) as desk:
        page = framework_owners.read(desk, edge.asking.csrf(), _said(visit))
        return owners_drawn.draw(page)


def show_catalogue(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw the catalogue."""
    with at_desk(edge, actor) as desk:
        page = framework_catalogue.read(desk, visit.query, _said(visit))
        return catalogue_drawn.draw(page)


def show_replaced(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw the ledger of replaced KPIs."""
    with at_desk(edge, actor) as desk:
        return replaced_drawn.draw(bridge_panels.page(desk, _said(visit)))


def _said(visit: Visit) -> str:
    return tr(_DONE.get(visit.query.get("done", ""), ""))


FRAMEWORK = Page(
    "/framework",
    Permission.FRAMEWORK_READ,
    mark("Framework"),
    show_goals,
    icon="journal-text",
    in_navigation=True,
)
OWNERS = Page("/framework/owners", Permission.FRAMEWORK_READ, mark("Owners"), show_owners)
CATALOGUE = Page(
    "/framework/catalogue", Permission.FRAMEWORK_READ, mark("Catalogue"), show_catalogue
)
REPLACED = Page(
    "/framework/replaced", Permission.FRAMEWORK_READ, mark("Replaced KPIs"), show_replaced
)
