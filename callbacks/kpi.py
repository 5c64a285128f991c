"""The pages of KPIs, and the note that somebody adds to a time line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dash import Dash, Input, Output, State, html, no_update
from dash.development.base_component import Component

from callbacks.edge import Edge, secured
from callbacks.page import Page, Visit
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.errors import KpiError
from kpi_engine.language import mark, tr
from layouts import ids
from layouts.pages import kpi as kpi_layout
from layouts.pages import kpis as kpis_layout
from layouts.parts.states import state_missing
from portal.errors import BadInputError
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.services import annotations, auditing, kpi_list, kpi_page, kpi_views
from portal.services.addresses import read_query
from portal.services.annotations import NewNote
from portal.services.auditing import Event
from portal.services.desks import open_desk
from portal.services.kpi_sights import sight_of

_PATH = "/kpis/"


def show_list(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw the list of KPIs."""
    with edge.session(actor) as session:
        desk = open_desk(session, actor, edge.now())
        return kpis_layout.draw(kpi_list.read(desk, visit.query))


def show_kpi(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw the page of one KPI; what the address cannot mean becomes a state of the page."""
    key = visit.args["key"]
    try:
        return _drawn(edge, actor, key, visit.query)
    except BadInputError as error:
        href, step = (visit.path, tr("Show the latest period")) if visit.query else ("/", "")
        return state_missing(str(error), href, step)
    except KpiError as error:
        return state_missing(str(error), "/kpis", tr("Show all KPIs"))


def _drawn(edge: Edge, actor: Actor, key: str, query: Mapping[str, str]) -> Component:
    with edge.session(actor) as session:
        desk = open_desk(session, actor, edge.now())
        page = kpi_page.read(edge.workshop, desk, key, query)
        kpi_views.note(session, actor, KpiKey(key), desk.today)
    return kpi_layout.draw(page)


KPIS = Page(
    "/kpis", Permission.KPI_READ, mark("KPIs"), show_list, icon="graph-up", in_navigation=True
)
KPI = Page("/kpis/<key>", Permission.KPI_READ, mark("KPI"), show_kpi)


def register(app: Dash, edge: Edge) -> None:
    """Register what happens when somebody adds a note."""

    @secured(
        app,
        edge,
        Permission.NOTE_ADD,
        Output(ids.PAGE, "children", allow_duplicate=True),
        Output(ids.NOTE_SAID, "children"),
        Input(ids.NOTE_ADD, "n_clicks"),
        State(ids.NOTE_DAY, "value"),
        State(ids.NOTE_TEXT, "value"),
        State(ids.URL, "pathname"),
        State(ids.URL, "search"),
        prevent_initial_call=True,
    )
    def on_add_note(
        clicks: int | None, day: str | None, text: str | None, path: str | None, search: str | None
    ) -> tuple[Any, Any]:
        if not clicks:
            return no_update, no_update
        key, query = (path or "").removeprefix(_PATH), read_query(search or "")
        try:
            add_note(edge, edge.actor(), NoteTyped(key, query, day or "", text or ""))
        except (BadInputError, KpiError) as error:
            # The page is left as it is: nothing that was typed is lost.
            return no_update, html.Span(str(error), className="bad")
        return _drawn(edge, edge.actor(), key, query), tr("Noted.")


@dataclass(frozen=True, slots=True)
class NoteTyped:
    """A note as somebody typed it, on the page of a KPI."""

    key: str
    query: Mapping[str, str]
    day: str
    text: str


def add_note(edge: Edge, actor: Actor, typed: NoteTyped) -> None:
    """Keep a note for those whose numbers the page shows.

    Raises:
        BadInputError: if its day or its text cannot be used.
        KpiError: if there is no such KPI.
    """
    with edge.session(actor) as session:
        desk = open_desk(session, actor, edge.now())
        sight = sight_of(desk, typed.key, typed.query)
        new = NewNote(sight.kpi.key, sight.view.who, typed.day, typed.text)
        note = annotations.add(session, actor, new, edge.now())
        detail = {"day": note.day.isoformat()}
        auditing.note(
            session, actor, Event.NOTE_CHANGED, sight.kpi.key, detail, trace=edge.asking.trace()
        )
