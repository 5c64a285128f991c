"""The homes: which one a person gets by their roles, and what is done on a rep's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dash import MATCH, Dash, Input, Output, ctx, no_update
from dash.development.base_component import Component

from callbacks import company
from callbacks.administration import AUDIT, PEOPLE, SIGN_IN
from callbacks.appearance import APPEARANCE
from callbacks.edge import Edge, secured
from callbacks.imports import IMPORTS
from callbacks.page import Page, Visit
from kpi_engine.language import mark, tr
from layouts import ids
from layouts.pages import leader_home as leader_page
from layouts.pages import rep_home as rep_page
from layouts.parts.action_rows import overdue_line
from layouts.parts.states import state_elsewhere
from portal.errors import BadInputError
from portal.security.actor import Actor
from portal.security.permissions import Allowed, Permission, may
from portal.security.roles import Role
from portal.services import action_panels, leader_home, rep_home, task_text
from portal.services.desks import open_desk

Show = Callable[[Edge, Actor, Visit], Component]


@dataclass(frozen=True, slots=True)
class Home:
    """One home: the word that `?home=` has for it, its name, and whose it is."""

    key: str
    name: str
    roles: frozenset[Role]
    show: Show


def show_rep(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw the home of a rep."""
    with edge.session(actor) as session:
        home = rep_home.read(session, edge.workshop, actor, edge.now(), visit.query)
    return rep_page.draw(home)


def show_leader(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw the home of a sales leader."""
    with edge.session(actor) as session:
        home = leader_home.read(session, edge.workshop, actor, edge.now(), visit.query)
    return leader_page.draw(home)


_COMPANY = frozenset({Role.EXECUTIVE, Role.ANALYST})
_HEADS = frozenset({Role.LEADER}) | _COMPANY
_DEPARTMENTS = frozenset({Role.OWNER}) | _HEADS
"""An owner's KPIs are on the home of their department; the others of it are not shown to them."""
HOMES: tuple[Home, ...] = (
    Home("executive", mark("Company"), _COMPANY, company.show_executive),
    Home("leader", mark("Team home"), _HEADS, show_leader),
    Home("rep", mark("My home"), frozenset({Role.REP}), show_rep),
    Home("owner", mark("My KPIs"), frozenset({Role.OWNER}), company.show_owner),
    Home("marketing", mark("Marketing"), _DEPARTMENTS, company.show_department("marketing")),
    Home("service", mark("Customer service"), _DEPARTMENTS, company.show_department("service")),
    Home("success", mark("Customer success"), _DEPARTMENTS, company.show_department("success")),
)
"""In the order in which they are taken where the address names none."""


def homes_of(actor: Actor) -> tuple[Home, ...]:
    """Return the homes of a person, the one they get by themselves first."""
    return tuple(home for home in HOMES if home.roles & actor.roles)


def show(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw the home that the address names, or the person's first.

    Raises:
        BadInputError: if the address names none of theirs.
    """
    mine = homes_of(actor)
    asked = visit.query.get("home", "")
    if not mine:
        return _without_numbers(actor)
    chosen = next((home for home in mine if home.key == asked), None)
    if asked and chosen is None:
        raise BadInputError(tr("There is no home of that name for you."))
    drawn = (chosen or _own(edge, actor, mine)).show(edge, actor, visit)
    return _with_late(edge, actor, drawn)


def _without_numbers(actor: Actor) -> Component:
    """Draw the home of who has no numbers: the pages that are theirs."""
    pages = (PEOPLE, APPEARANCE, SIGN_IN, AUDIT, IMPORTS)
    steps = [
        (tr(page.name), page.path)
        for page in pages
        if isinstance(may(actor, page.permission), Allowed)
    ]
    return state_elsewhere(
        tr("You look after the portal"),
        tr("Your roles come with no numbers of the company; these pages are yours."),
        steps,
    )


def _with_late(edge: Edge, actor: Actor, drawn: Component) -> Component:
    """Put what is overdue of the person's actions below the head of their home."""
    with company.at_desk(edge, actor) as desk:
        late = action_panels.overdue(desk) if desk.may(Permission.ACTION_READ) else None
    if late is not None and isinstance(drawn.children, list):
        drawn.children.insert(1, overdue_line(late))
    return drawn


def _own(edge: Edge, actor: Actor, mine: tuple[Home, ...]) -> Home:
    """Return the home that a person gets by themselves: a department's for who answers for it."""
    if not actor.roles & {Role.LEADER, Role.OWNER} or actor.roles & _COMPANY:
        return mine[0]
    department = company.department_of(edge, actor)
    found = next((home for home in mine if home.key == department), mine[0])
    if found is mine[0] or Role.LEADER in actor.roles:
        return found
    return replace(found, show=company.show_own(department))


HOME = Page("/", Permission.HOME_READ, mark("Home"), show, icon="house-door", in_navigation=True)


def register(app: Dash, edge: Edge) -> None:
    """Register what is done on a rep's home."""

    @secured(
        app,
        edge,
        Permission.TASK_COMPLETE,
        Output({"type": ids.TASK, "token": MATCH}, "children"),
        Input({"type": ids.TASK_DONE, "token": MATCH}, "n_clicks"),
        Input({"type": ids.TASK_UNDONE, "token": MATCH}, "n_clicks"),
        prevent_initial_call=True,
    )
    def on_task(done: int | None, undone: int | None) -> Any:  # noqa: ANN401 - Dash's no_update
        pressed = ctx.triggered_id
        # A row that comes into the page tells its clicks too, of which there are none yet.
        if not isinstance(pressed, Mapping) or not (done or undone):
            return no_update
        actor = edge.actor()
        is_done = pressed.get("type") == ids.TASK_DONE
        with edge.session(actor) as session:
            task = rep_home.mark_task(
                session,
                edge.workshop,
                actor,
                edge.asking.trace(),
                str(pressed.get("token", "")),
                done=is_done,
            )
            desk = open_desk(session, actor, edge.now())
            day = desk.calendar.instant(desk.today)
            row = task_text.row(task, day, desk.calendar, desk.formats)
        return rep_page.task_row(row)
