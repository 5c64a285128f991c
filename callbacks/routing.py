"""From an address to a page: the same for the first HTML, Dash's layout and a click on a link."""

from dataclasses import dataclass

from dash import Dash, Input, Output, dcc, html
from dash.development.base_component import Component

from callbacks import pages
from callbacks.edge import Edge, clientside, secured
from callbacks.page import Page, Visit
from callbacks.surroundings import surroundings
from kpi_engine.errors import KpiError
from kpi_engine.language import mark, tr
from layouts import ids, shell
from layouts.headings import heading_of
from layouts.parts.states import state_denied, state_error, state_missing, state_stopped
from layouts.still import settled
from portal.errors import DeniedError, NotSignedInError, PortalError
from portal.readmodels.shell import Shell
from portal.security.actor import Actor
from portal.security.permissions import Gate
from portal.services import faults, shortages
from portal.services.addresses import read_query
from portal.services.too_slow import TooSlowError
from portal.tenancy.database import OUT_OF_REACH
from portal.tenancy.stopped import stopped

_NO_PAGE = mark("There is no page at this address, or it is not yours to see.")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page that was drawn, with what stands around it and how it went."""

    title: str
    """The whole title of the browser's window."""
    shell: Shell
    page: Component
    status: int = 200


def draw(edge: Edge, path: str, query: str) -> Drawn:
    """Draw the page at an address for who asks; what they may not see becomes a state of it.

    Raises:
        NotSignedInError: if nobody is signed in.
    """
    actor = edge.actor()
    found = pages.find(path)
    visit = Visit(path, found[1] if found else {}, read_query(query))
    with edge.drawing(actor):
        around = surroundings(edge, actor, visit)
        if found is None:
            return Drawn(
                _title(tr("Nothing here"), around), around, state_missing(tr(_NO_PAGE)), 404
            )
        page, status = _shown(edge, actor, found[0], visit)
        return Drawn(_title(_named(found[0], page), around), around, page, status)


def _title(page: str, around: Shell) -> str:
    return f"{page} · {around.brand.name}"


def _named(page: Page, drawn: Component) -> str:
    # A page about one thing of many is named by that thing: ten windows of KPIs are told apart.
    said = heading_of(drawn) if "<" in page.path else ""
    return said or tr(page.name)


def _shown(edge: Edge, actor: Actor, page: Page, visit: Visit) -> tuple[Component, int]:
    try:
        edge.demand(page.permission, visit.path)
        return page.show(edge, actor, visit), 200
    except DeniedError as error:
        return state_denied(str(error)), 403
    except (NotSignedInError, *OUT_OF_REACH):
        raise
    except TooSlowError as error:
        return state_stopped(str(error), visit.path), 503
    except (PortalError, KpiError) as error:
        return state_missing(str(error)), 404
    except Exception as error:  # the last resort: the frame stays, the page says so
        if stopped(error):
            raise
        faults.told("page failed", error)
        if short := shortages.sentence(error):
            return state_stopped(short, visit.path), 503
        return state_error(edge.asking.trace().request_id, visit.path), 500


def framed(drawn: Drawn) -> Component:
    """Return a page with what stands around it, as it goes to a browser."""
    return settled(shell.frame(drawn.shell, drawn.page))


def layout(title: str, frame: Component, path: str, query: str, href: str) -> Component:
    """Return Dash's layout with the page in it already, so that nothing is asked for twice."""
    search = f"?{query}" if query else ""
    # An address that differs from the browser's own would count as a move to another page.
    url = dcc.Location(
        id=ids.URL, refresh="callback-nav", pathname=path, search=search, href=href, hash=""
    )
    return html.Div([url, dcc.Store(id=ids.TITLE, data=title), frame])


def register(app: Dash, edge: Edge) -> None:
    """Register what happens when the address changes."""

    @secured(
        app,
        edge,
        Gate.SIGNED_IN,
        Output(ids.PAGE, "children"),
        Output(ids.SIDEBAR, "children"),
        Output(ids.TABS, "children"),
        Output(ids.TITLE, "data"),
        Output(ids.FRESH, "data-seen"),
        Input(ids.URL, "pathname"),
        Input(ids.URL, "search"),
        prevent_initial_call=True,
    )
    def on_address(path: str | None, search: str | None) -> tuple[object, ...]:
        drawn = draw(edge, path or "/", search or "")
        around = drawn.shell
        bars = shell.sidebar(around), shell.tabs(around)
        return drawn.page, *bars, drawn.title, around.version

    clientside(
        app,
        edge,
        "function (title) { document.title = title; }",
        Input(ids.TITLE, "data"),
    )
