"""The framework's pages: goals, owners, the catalogue. What changes them is sent as plain forms."""

from collections.abc import Mapping

from dash.development.base_component import Component

from callbacks.company import at_desk
from callbacks.edge import Edge
from callbacks.page import Page, Visit
from layouts.pages import framework as goals_drawn
from layouts.pages import framework_catalogue as catalogue_drawn
from layouts.pages import framework_owners as owners_drawn
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.services import framework_catalogue, framework_owners, framework_page

_DONE: Mapping[str, str] = {
    "acknowledged": "Your word was kept: the share is yours.",
    "default": "The goals are the company's own now.",
    "goal": "The goal was saved. What it was before is kept.",
    "ended": "The goal has ended.",
    "help": "It was saved.",
    "life": "The KPI was moved.",
    "over": "Everything was handed over. Whoever took a share over acknowledges it anew.",
    "owner": "The owner was saved.",
    "shares": "The shares were saved. Whose share changed acknowledges it anew.",
    "unchanged": "That says nothing new, so nothing was changed.",
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


def _said(visit: Visit) -> str:
    return _DONE.get(visit.query.get("done", ""), "")


FRAMEWORK = Page(
    "/framework",
    Permission.FRAMEWORK_READ,
    "Framework",
    show_goals,
    icon="journal-text",
    in_navigation=True,
)
OWNERS = Page("/framework/owners", Permission.FRAMEWORK_READ, "Owners", show_owners)
CATALOGUE = Page("/framework/catalogue", Permission.FRAMEWORK_READ, "Catalogue", show_catalogue)
