"""The meeting of a review: one KPI on the screen, notes that several people take at once."""

from collections.abc import Mapping
from typing import Any

from dash import Dash, Input, Output, State, html, no_update
from dash.development.base_component import Component

from callbacks.company import at_desk
from callbacks.edge import Edge, secured
from callbacks.page import Page, Visit
from kpi_engine.language import mark, tr
from layouts import ids
from layouts.pages import review_meeting as layout
from portal.errors import PortalError
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.services import review_meeting, review_meeting_page, review_page, reviews
from portal.services.review_glance import glance

_LONGEST = 2001


def show(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw the screen of one KPI."""
    with at_desk(edge, actor) as desk:
        review, trace = visit.args["review"], edge.asking.trace()
        return layout.draw(review_meeting_page.read(desk, review, visit.query, trace))


MEETING = Page("/reviews/<review>/meeting", Permission.REVIEW_READ, mark("Review meeting"), show)


def register(app: Dash, edge: Edge) -> None:
    """Register what brings the notes of others, and what adds one's own."""

    @secured(
        app,
        edge,
        Permission.REVIEW_READ,
        Output(ids.MEETING_NOTES, "children"),
        Input(ids.MEETING_TICK, "n_intervals"),
        State(ids.MEETING_STORE, "data"),
        prevent_initial_call=True,
    )
    def on_meeting_tick(_: int | None, place: dict | None) -> Any:  # type: ignore[type-arg]  # noqa: ANN401 - Dash's no_update
        return no_update if not place else told(edge, edge.actor(), place)

    @secured(
        app,
        edge,
        Permission.NOTE_ADD,
        Output(ids.MEETING_NOTES, "children", allow_duplicate=True),
        Output(ids.MEETING_NOTE, "value"),
        Output(ids.MEETING_SAID, "children"),
        Input(ids.MEETING_SEND, "n_clicks"),
        State(ids.MEETING_NOTE, "value"),
        State(ids.MEETING_STORE, "data"),
        prevent_initial_call=True,
    )
    def on_meeting_note(
        clicks: int | None,
        text: str | None,
        place: dict | None,  # type: ignore[type-arg]
    ) -> tuple[Any, ...]:
        if not clicks or not place:
            return no_update, no_update, no_update
        actor = edge.actor()
        try:
            add(edge, actor, place, (text or "")[:_LONGEST])
        except PortalError as error:
            # What was typed stays where it is.
            return no_update, no_update, html.Span(str(error), className="bad")
        return told(edge, actor, place), "", tr("Noted.")


def add(edge: Edge, actor: Actor, place: Mapping[str, Any], text: str) -> None:
    """Keep a note to the KPI on the screen.

    Raises:
        PortalError: if it cannot be kept, with the reason.
    """
    trace = edge.asking.trace()
    with edge.session(actor) as session:
        seen = reviews.seen(session, actor, review_page.id_of(str(place.get("review", ""))))
        item = review_page.id_of(str(place.get("item", "")))
        review_meeting.add_note(session, seen, item, text, trace)


def told(edge: Edge, actor: Actor, place: Mapping[str, Any]) -> list[Component]:
    """Return the notes to the KPI on the screen, and who else is here."""
    trace = edge.asking.trace()
    with edge.session(actor) as session:
        seen = reviews.seen(session, actor, review_page.id_of(str(place.get("review", ""))))
        item = review_page.id_of(str(place.get("item", "")))
        if item not in {one.frozen.id for one in seen.items}:
            raise reviews.NoReviewError
        review_meeting.look(session, seen, item, trace)
        notes = review_meeting_page.notes_of(session, glance(session, actor), seen, item)
        here = review_meeting_page.who_reads(seen, review_meeting.readers(session, seen, trace))
    return layout.notes(notes, here)
