"""Pages of the company's numbers: the scorecard, the journey, the homes of executive and others."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dash.development.base_component import Component

from callbacks.edge import Edge
from callbacks.page import Page, Visit
from kpi_engine.language import mark
from layouts.pages import company as company_page
from layouts.pages import journey as journey_page
from layouts.pages import scorecard as scorecard_page
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.services import (
    department_home,
    departments,
    executive_home,
    journey,
    owner_home,
    scorecards,
)
from portal.services.desks import Desk, open_desk
from portal.services.rosters import roster


@contextmanager
def at_desk(edge: Edge, actor: Actor) -> Iterator[Desk]:
    """Open one transaction, with all that a page of numbers is read with."""
    with edge.session(actor) as session:
        yield open_desk(session, actor, edge.now())


def show_scorecard(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw the scorecard."""
    with at_desk(edge, actor) as desk:
        return scorecard_page.draw(scorecards.read(desk, visit.query))


def show_journey(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw the journey."""
    with at_desk(edge, actor) as desk:
        return journey_page.draw(journey.read(desk, visit.query))


def show_executive(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw the executive's home."""
    with at_desk(edge, actor) as desk:
        return company_page.draw(executive_home.read(desk, visit.query))


def show_owner(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw the home of who answers for KPIs."""
    with at_desk(edge, actor) as desk:
        return company_page.draw(owner_home.read(desk, visit.query))


def show_department(department: str) -> Callable[[Edge, Actor, Visit], Component]:
    """Return what draws the home of a department."""

    def show(edge: Edge, actor: Actor, visit: Visit) -> Component:
        with at_desk(edge, actor) as desk:
            home = department_home.read(desk, edge.workshop, department, visit.query)
            return company_page.draw(home)

    return show


def show_own(department: str) -> Callable[[Edge, Actor, Visit], Component]:
    """Return what draws a department's home, or an owner's where none of its KPIs is theirs."""

    def show(edge: Edge, actor: Actor, visit: Visit) -> Component:
        with at_desk(edge, actor) as desk:
            if not department_home.is_open(desk, department):
                return company_page.draw(owner_home.read(desk, visit.query))
            home = department_home.read(desk, edge.workshop, department, visit.query)
            return company_page.draw(home)

    return show


def department_of(edge: Edge, actor: Actor) -> str:
    """Return the department that a person's team is by its name; empty for any other team.

    The team is the one said of the person, also one that the CRM does not know; or else theirs
    in the CRM.
    """
    with edge.session(actor) as session:
        known = roster(session)
    if actor.team_id:
        said = known.of_team(actor.team_id)
        return departments.of_team(said.name if said is not None else actor.team_id)
    me = known.of_crm_user(actor.crm_user_id) if actor.crm_user_id else None
    return departments.of_team(known.name(me.team)) if me and me.team else ""


SCORECARD = Page(
    "/scorecard",
    Permission.SCORECARD_READ,
    mark("Scorecard"),
    show_scorecard,
    icon="columns-gap",
    in_navigation=True,
)
JOURNEY = Page(
    "/journey",
    Permission.JOURNEY_READ,
    mark("Journey"),
    show_journey,
    icon="signpost-split",
    in_navigation=True,
)
