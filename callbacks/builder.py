"""The pages of definitions that are on their way: the builder, proposals, history, data needed."""

from collections.abc import Callable

from dash.development.base_component import Component

from callbacks.company import at_desk
from callbacks.edge import Edge
from callbacks.page import Page, Visit
from kpi_engine.language import mark
from layouts.pages import builder as builder_layout
from layouts.pages import data_needed as data_layout
from layouts.pages import definition_history as history_layout
from layouts.pages import proposals as proposals_layout
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.services import builder_page, data_page, definition_history, proposal_page
from portal.services.builder_page import Visited
from portal.services.desks import Desk


def _show(visited: Callable[[Desk, Visit], Visited]) -> Callable[[Edge, Actor, Visit], Component]:
    """Return what draws the builder with the form that an address names."""

    def show(edge: Edge, actor: Actor, visit: Visit) -> Component:
        with at_desk(edge, actor) as desk:
            page = builder_page.read(edge.workshop, desk, visited(desk, visit), visit.query)
        return builder_layout.draw(page, edge.asking.csrf())

    return show


BUILDER = Page(
    "/kpis/new",
    Permission.DEFINITION_PROPOSE,
    mark("Build a KPI"),
    _show(lambda _desk, _visit: builder_page.visit_new()),
)
DRAFT = Page(
    "/kpis/new/<draft>",
    Permission.DEFINITION_PROPOSE,
    mark("Build a KPI"),
    _show(lambda desk, visit: builder_page.visit_draft(desk, visit.args["draft"])),
)
CHANGE = Page(
    "/kpis/<key>/edit",
    Permission.DEFINITION_PROPOSE,
    mark("Change a KPI"),
    _show(lambda desk, visit: builder_page.visit_kpi(desk, visit.args["key"])),
)


def show_proposals(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw the list of proposals."""
    with at_desk(edge, actor) as desk:
        return proposals_layout.draw_all(proposal_page.read_all(desk, visit.query))


def show_proposal(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw one proposal."""
    with at_desk(edge, actor) as desk:
        proposal = visit.args["proposal"]
        page = proposal_page.read_one(edge.workshop, desk, proposal, visit.query)
    return proposals_layout.draw_one(page, edge.asking.csrf())


def show_history(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw the history of a definition."""
    with at_desk(edge, actor) as desk:
        page = definition_history.read(desk, visit.args["key"], visit.query)
    return history_layout.draw_history(page)


def show_data(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw the data that the chosen KPIs need."""
    with at_desk(edge, actor) as desk:
        return data_layout.draw(data_page.read(edge.workshop, desk, visit.query))


PROPOSALS = Page(
    "/kpis/proposals", Permission.DEFINITION_PROPOSE, mark("Proposals"), show_proposals
)
PROPOSAL = Page(
    "/kpis/proposals/<proposal>", Permission.DEFINITION_PROPOSE, mark("Proposal"), show_proposal
)
HISTORY = Page("/kpis/<key>/history", Permission.KPI_READ, mark("History"), show_history)
DATA = Page("/kpis/data", Permission.FRAMEWORK_READ, mark("Data needed"), show_data)
