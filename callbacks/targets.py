"""The page of targets, and what is done on it: set one, copy a period's, take quotas over."""

from collections.abc import Callable, Mapping
from typing import Any

from dash import Dash, Input, Output, State, html, no_update
from dash.development.base_component import Component

from callbacks.company import at_desk
from callbacks.edge import Edge, secured
from callbacks.page import Page, Visit
from kpi_engine.errors import KpiError
from kpi_engine.language import mark
from layouts import ids
from layouts.pages import targets as targets_layout
from portal.errors import PortalError
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.services import auditing, target_page, target_takeover
from portal.services.addresses import read_query
from portal.services.auditing import Event
from portal.services.target_page import Typed

_LONGEST = 2000
_NOTHING = (no_update, no_update)

Answer = tuple[Any, Any]
"""The page drawn anew, and what is said of a target that was not set."""
Heard = Callable[..., Answer]


def show(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw the page."""
    return _drawn(edge, actor, visit.query)


def _drawn(edge: Edge, actor: Actor, query: Mapping[str, str], said: str = "") -> Component:
    with at_desk(edge, actor) as desk:
        return targets_layout.draw(target_page.read(desk, query), said)


def set_target(edge: Edge, actor: Actor, query: Mapping[str, str], typed: Typed) -> str:
    """Set one target and say what was done.

    Raises:
        PortalError: if it cannot be set; nothing is changed then.
    """
    with at_desk(edge, actor) as desk:
        said = target_page.put(desk, query, typed)
        detail = {"query": dict(query)}
        auditing.note(
            desk.session,
            actor,
            Event.TARGET_CHANGED,
            typed.kpi,
            detail,
            trace=edge.asking.trace(),
        )
    return said


def copy_targets(edge: Edge, actor: Actor, query: Mapping[str, str]) -> str:
    """Copy the targets of the period before, and say how many.

    Raises:
        PortalError: if the person may not.
    """
    with at_desk(edge, actor) as desk:
        said = target_takeover.copy_before(desk, query)
        auditing.note(
            desk.session, actor, Event.TARGET_CHANGED, "copied", {}, trace=edge.asking.trace()
        )
    return said


def take_quotas(edge: Edge, actor: Actor) -> str:
    """Take the quotas of the CRM over as targets, and say how many.

    Raises:
        PortalError: if the person may not.
    """
    with at_desk(edge, actor) as desk:
        target_takeover.refuse_part(desk)
        auditing.note(
            desk.session, actor, Event.TARGET_CHANGED, "quotas", {}, trace=edge.asking.trace()
        )
    return target_takeover.quotas(edge.workshop, actor, edge.now())


TARGETS = Page(
    "/targets",
    Permission.SCORECARD_READ,
    mark("Targets"),
    show,
    icon="flag",
    in_navigation=True,
)


def register(app: Dash, edge: Edge) -> None:
    """Register what is done on the page."""

    @_pressed(
        app,
        edge,
        ids.TARGET_SAVE,
        State(ids.TARGET_KPI, "data"),
        State(ids.TARGET_VALUE, "value"),
        State(ids.TARGET_LOW, "value"),
        State(ids.TARGET_HIGH, "value"),
        State(ids.TARGET_AMBER, "value"),
        State(ids.TARGET_RED, "value"),
        State(ids.TARGET_NOTE, "value"),
    )
    def on_set_target(clicks: int | None, *typed: object) -> Answer:
        if not clicks:
            return _NOTHING
        *fields, search = (str(one or "")[:_LONGEST] for one in typed)
        query = read_query(search)
        return _done(edge, query, lambda: set_target(edge, edge.actor(), query, Typed(*fields)))

    @_pressed(app, edge, ids.TARGET_COPY)
    def on_copy_targets(clicks: int | None, search: str | None) -> Answer:
        if not clicks:
            return _NOTHING
        query = read_query(search or "")
        return _done(edge, query, lambda: copy_targets(edge, edge.actor(), query))

    @_pressed(app, edge, ids.TARGET_QUOTA)
    def on_take_quotas(clicks: int | None, search: str | None) -> Answer:
        if not clicks:
            return _NOTHING
        return _done(edge, read_query(search or ""), lambda: take_quotas(edge, edge.actor()))


def _pressed(app: Dash, edge: Edge, button: str, *states: State) -> Callable[[Heard], Heard]:
    """Register what a button of the page does: it redraws the page, or says why it cannot."""
    return secured(
        app,
        edge,
        Permission.TARGET_EDIT,
        Output(ids.PAGE, "children", allow_duplicate=True),
        Output(ids.TARGET_SAID, "children", allow_duplicate=True),
        Input(button, "n_clicks"),
        *states,
        State(ids.URL, "search"),
        prevent_initial_call=True,
    )


def _done(edge: Edge, query: Mapping[str, str], do: Callable[[], str]) -> Answer:
    try:
        said = do()
    except (PortalError, KpiError) as error:
        # The page is left as it is: nothing that was typed is lost.
        return no_update, html.Span(str(error), className="bad")
    kept = {name: value for name, value in query.items() if name != "kpi"}
    return _drawn(edge, edge.actor(), kept, said), no_update
