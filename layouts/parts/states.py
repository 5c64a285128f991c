"""What a panel or a page says when it has nothing to show, or may not, or could not."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.parts.icons import icon
from layouts.parts.links import link
from layouts.parts.phrases import phrase
from layouts.parts.pills import status_pill
from portal.readmodels.cards import Status, Tone

Why = str | list[Component | str]


def state_empty(title: str, why: str, step: str = "", href: str = "") -> Component:
    """Return that there is nothing yet, why, and the next step."""
    return _state("columns-gap", title, why, _step(step, href))


def state_denied(why: str = "", href: str = "/", *, whole: bool = True) -> Component:
    """Return that the reader may not see this, and the way back; `whole` if it is all of a page."""
    told = why or tr("Your role does not include it. An administrator can change that.")
    drawn = _page if whole else _state
    return drawn("lock-fill", tr("No access"), told, _step(tr("Go to your home"), href))


def state_missing(what: str, href: str = "/", step: str = "") -> Component:
    """Return that an address leads to nothing, and where to go instead."""
    return _page(
        "signpost-split", tr("Not found"), what, _step(step or tr("Go to your home"), href)
    )


def state_elsewhere(title: str, why: str, steps: Sequence[tuple[str, str]]) -> Component:
    """Return a page that has nothing of its own, and where its reader's work is instead."""
    links = html.Div([_step(text, href)[0] for text, href in steps], className="state-links")
    return _page("house-door", title, why, [links])


def state_error(reference: str, retry: str, *, whole: bool = True) -> Component:
    """Return that something failed on our side: what to do, and a reference to name."""
    why = phrase(
        tr(
            "This part could not be drawn. Nothing was lost. Try again; if it stays, tell your "
            "administrator {reference}."
        ),
        reference=html.Code(reference),
    )
    drawn = _page if whole else _state
    return drawn(
        "exclamation-triangle-fill", tr("Something went wrong"), why, _step(tr("Try again"), retry)
    )


def state_stopped(why: str, retry: str) -> Component:
    """Return that a page took too long, or too much: what was short, and the way to ask again."""
    return _page("clock-history", tr("Not now"), why, _step(tr("Try again"), retry))


def state_loading(lines: int = 3, height: int = 0) -> Component:
    """Return the grey shape of what is on its way."""
    bars = [html.Span(className="sk") for _ in range(lines)]
    box = [html.Span(className="sk", style={"height": height})] if height else bars
    return html.Div(
        [*box, html.Span(tr("Loading"), className="sr")], className="sks", role="status"
    )


def stale(age: str) -> Component:
    """Return the badge of data that is older than it should be: 'CRM 26 h old'."""
    return status_pill(Status(Tone.WATCH, age, "clock-history"))


def absence(why: str) -> Component:
    """Return in a figure's place why there is none."""
    return html.Span(why, className="absence")


def _step(text: str, href: str) -> list[Component]:
    return [link(text, href, "btn")] if text and href else []


def _state(name: str, title: str, why: Why, step: list[Component]) -> Component:
    return _drawn(name, html.Strong(title), why, step)


def _page(name: str, title: str, why: Why, step: list[Component]) -> Component:
    """Return a state that is all of a page, whose title is the page's heading."""
    drawn = _drawn(name, html.H1(title, className="state-title"), why, step)
    return html.Section(drawn, className="card state-page")


def _drawn(name: str, title: Component, why: Why, step: list[Component]) -> Component:
    words = html.Div([title, html.P(why, className="muted")], className="state-words")
    return html.Div([icon(name, "state-icon"), words, *step], className="state")
