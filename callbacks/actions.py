"""The pages of actions. What is changed on them is sent as plain forms (`portal.web.actions`)."""

from dash.development.base_component import Component

from callbacks.company import at_desk
from callbacks.edge import Edge
from callbacks.page import Page, Visit
from kpi_engine.language import mark
from layouts.pages import action as action_layout
from layouts.pages import actions as actions_layout
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.services import action_asking, action_board, action_library, action_page


def show_board(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw all actions that the person sees."""
    with at_desk(edge, actor) as desk:
        return actions_layout.board(action_board.read(desk, visit.query))


def show_new(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw the form of a new action."""
    with at_desk(edge, actor) as desk:
        return actions_layout.new(action_asking.new(desk, visit.query, edge.asking.csrf()))


def show_library(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw what worked so far."""
    with at_desk(edge, actor) as desk:
        return actions_layout.library(action_library.read(desk, visit.query))


def show_action(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw one action."""
    with at_desk(edge, actor) as desk:
        page = action_page.read(desk, visit.args["action"], visit.query, edge.asking.csrf())
        return action_layout.draw(page)


ACTIONS = Page(
    "/actions",
    Permission.ACTION_READ,
    mark("Actions"),
    show_board,
    icon="check2-square",
    in_navigation=True,
)
NEW_ACTION = Page("/actions/new", Permission.ACTION_EDIT, mark("New action"), show_new)
LIBRARY = Page("/actions/library", Permission.ACTION_READ, mark("What worked"), show_library)
ACTION = Page("/actions/<action>", Permission.ACTION_READ, mark("Action"), show_action)
