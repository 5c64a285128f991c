"""The pages of reviews, and what is saved, said and decided on them."""

from collections.abc import Mapping
from typing import Any

from dash import Dash, Input, Output, State, html, no_update
from dash.development.base_component import Component

from callbacks.company import at_desk
from callbacks.edge import Edge, secured
from callbacks.page import Page, Visit
from kpi_engine.language import mark, tr
from layouts import ids
from layouts.pages import review as review_layout
from layouts.pages import review_bar as bar_layout
from layouts.pages import review_cycle as cycle_layout
from layouts.pages import review_list as list_layout
from layouts.pages import review_parts as parts_layout
from portal.errors import PortalError
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.services import (
    review_cycle_form,
    review_list,
    review_meeting,
    review_page,
    review_saves,
    review_together,
    reviews,
)
from portal.services.addresses import read_query
from portal.services.review_saves import Asked, Standing

_LONGEST = 4000
_PATH = "/reviews/"


def show_list(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw the reviews and their cycles."""
    with at_desk(edge, actor) as desk:
        return list_layout.draw(review_list.read(desk, visit.query, edge.asking.csrf()))


def show_cycle(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw the form of a cycle."""
    with at_desk(edge, actor) as desk:
        place, csrf = visit.args["cycle"], edge.asking.csrf()
        return cycle_layout.draw(review_cycle_form.read(desk, place, visit.query, csrf))


def show_review(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw one KPI of a review."""
    said = tr(review_together.DONE.get(visit.query.get("done", ""), ""))
    return _drawn(edge, actor, visit.args["review"], visit.query, said)


def _drawn(
    edge: Edge, actor: Actor, review: str, query: Mapping[str, str], said: str = ""
) -> Component:
    with at_desk(edge, actor) as desk:
        page = review_page.read(desk, review, query, edge.asking.trace(), edge.asking.csrf())
        return review_layout.draw(page, said)


REVIEWS = Page(
    "/reviews",
    Permission.REVIEW_READ,
    mark("Reviews"),
    show_list,
    icon="calendar-check",
    in_navigation=True,
)
REVIEW = Page("/reviews/<review>", Permission.REVIEW_READ, mark("Review"), show_review)
CYCLE = Page(
    "/reviews/cycles/<cycle>", Permission.REVIEW_OPEN, mark("Cycle of reviews"), show_cycle
)


def register(app: Dash, edge: Edge) -> None:
    """Register what is saved as it is typed, the moves, and who is reading."""
    _register_saving(app, edge)
    _register_moves(app, edge)

    @secured(
        app,
        edge,
        Permission.REVIEW_READ,
        Output(ids.REVIEW_READERS, "children"),
        Input(ids.REVIEW_TICK, "n_intervals"),
        State(ids.REVIEW_BASE, "data"),
        prevent_initial_call=True,
    )
    def on_review_tick(_: int | None, base: dict | None) -> Any:  # type: ignore[type-arg]  # noqa: ANN401 - Dash's no_update
        return no_update if not base else look_again(edge, edge.actor(), base)


def _register_saving(app: Dash, edge: Edge) -> None:
    @secured(
        app,
        edge,
        Permission.REVIEW_WRITE,
        Output(ids.REVIEW_BASE, "data"),
        Output(ids.REVIEW_SAVED, "children"),
        Output(ids.REVIEW_CLASH, "children"),
        Output(ids.REVIEW_CHECKS, "children"),
        Output(ids.REVIEW_BAR, "children"),
        Input(ids.REVIEW_OUTBOX, "data"),
        State(ids.REVIEW_BASE, "data"),
        prevent_initial_call=True,
    )
    def on_review_typed(sent: dict | None, base: dict | None) -> tuple[Any, ...]:  # type: ignore[type-arg]
        if not sent or not base:
            return (no_update,) * 5
        seq = sent.get("seq") if isinstance(sent.get("seq"), int) else 0
        try:
            now = save(edge, edge.actor(), _chosen(base, sent), _texts(sent))
        except PortalError as error:
            wrong = html.Span(str(error), className="bad", **{"data-seq": str(seq)})  # type: ignore[arg-type]
            return (no_update, wrong, *(no_update,) * 3)
        kept = {**base, "version": now.version, "base": _known(base, sent, now), "seq": seq}
        word = tr("Not all of it is saved") if now.clashes else now.saved
        return (
            kept,
            html.Span(word, className="bad" if now.clashes else "", **{"data-seq": str(seq)}),  # type: ignore[arg-type]
            bar_layout.clashes(now.clashes),
            parts_layout.checks_body(now.checks, now.checks_sub),
            bar_layout.bar(now.bar),
        )


def _register_moves(app: Dash, edge: Edge) -> None:
    @secured(
        app,
        edge,
        Permission.REVIEW_WRITE,
        Output(ids.PAGE, "children", allow_duplicate=True),
        Output(ids.REVIEW_CLASH, "children", allow_duplicate=True),
        Output(ids.REVIEW_SAVED, "children", allow_duplicate=True),
        Output(ids.TOAST, "children", allow_duplicate=True),
        Input(ids.REVIEW_MOVE, "data"),
        State(ids.REVIEW_BASE, "data"),
        State(ids.URL, "search"),
        prevent_initial_call=True,
    )
    def on_review_move(sent: dict | None, base: dict | None, search: str | None) -> tuple[Any, ...]:  # type: ignore[type-arg]
        if not sent or not base:
            return (no_update,) * 4
        actor, query = edge.actor(), read_query(search or "")
        try:
            clashes = make_move(edge, actor, base, sent)
        except PortalError as error:
            # The page is left as it is: nothing that was typed is lost.
            told = html.Div(str(error), className="toast toast-bad", role="alert")
            return no_update, no_update, no_update, told
        if clashes:
            return no_update, bar_layout.clashes(clashes), tr("Not all of it is saved"), no_update
        # Without a KPI the address means the one to look at first, which has changed by now.
        page = _redrawn(edge, actor, base, query)
        return page, no_update, no_update, html.Div(tr("Done."), className="toast")


def _redrawn(
    edge: Edge, actor: Actor, base: Mapping[str, Any], query: Mapping[str, str]
) -> Component:
    review = str(base.get("review", ""))
    if not query.get("kpi"):
        with at_desk(edge, actor) as desk:
            seen = reviews.seen(desk.session, actor, review_page.id_of(review))
            mine = [one for one in seen.items if str(one.frozen.id) == base.get("item")]
            if mine:
                address = reviews.address(seen.card, mine[0].frozen)
                query = read_query(address.partition("?")[2])
    return _drawn(edge, actor, review, query)


def save(edge: Edge, actor: Actor, base: Mapping[str, Any], now: Mapping[str, str]) -> Standing:
    """Save what a page holds.

    Raises:
        PortalError: if nothing of it was saved, with the reason.
    """
    with edge.session(actor) as session:
        sent = review_saves.sent_of(base, now)
        return review_saves.save(session, actor, sent, edge.asking.trace())


def make_move(
    edge: Edge, actor: Actor, base: Mapping[str, Any], sent: Mapping[str, Any]
) -> tuple[Any, ...]:
    """Save what a page holds, then make the move that it asks for; return what clashed.

    Raises:
        PortalError: if it was not made, with the reason.
    """
    about = sent.get("about")
    names = tuple(str(one) for one in about[:3]) if isinstance(about, list) else ()
    asked = Asked(str(sent.get("move", "")), str(sent.get("text") or "")[: _LONGEST + 1], names)
    with edge.session(actor) as session:
        told = review_saves.sent_of(_chosen(base, sent), _texts(sent))
        return review_saves.make_move(session, actor, told, asked, edge.asking.trace())


def look_again(edge: Edge, actor: Actor, base: Mapping[str, Any]) -> list[Component]:
    """Return who else is reading the page now, and whether somebody saved since it was drawn."""
    trace = edge.asking.trace()
    with edge.session(actor) as session:
        seen = reviews.seen(session, actor, review_page.id_of(str(base.get("review", ""))))
        mine = [one for one in seen.items if str(one.frozen.id) == base.get("item")]
        if not mine:
            return []
        item = mine[0]
        review_meeting.look(session, seen, item.frozen.id, trace)
        found = review_meeting.readers(session, seen, trace)
        names = tuple(one.name for one in found if one.item == item.frozen.id)
    told = review_layout.readers(names)
    version = base.get("version")
    if isinstance(version, int) and item.answer.version > version:
        by = item.answer.saved_by or tr("Somebody")
        words = tr(
            "{name} changed this KPI since; reload to see version {version}.",
            name=by,
            version=item.answer.version,
        )
        told.append(html.P(words, className="rv-reader watch"))
    return told


def _known(base: Mapping[str, Any], sent: Mapping[str, Any], now: Standing) -> dict[str, str]:
    """Return what the page knows of each field: what stands there, if that is what it holds.

    What somebody else wrote meanwhile it has not seen; for such a field it stays as it began, so
    that writing there shows both texts.
    """
    began, held = _chosen(base, sent)["base"], _texts(sent)
    return {
        name: stands if held.get(name, stands) == stands else str(began.get(name, ""))
        for name, stands in now.base.items()
    }


def _chosen(base: Mapping[str, Any], sent: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the page began with, and instead of it what the person has chosen over."""
    began, chosen = base.get("base"), sent.get("chosen")
    if not isinstance(began, Mapping) or not isinstance(chosen, Mapping):
        return base
    return {**base, "base": {**began, **chosen}}


def _texts(sent: Mapping[str, Any]) -> Mapping[str, str]:
    now = sent.get("now")
    return now if isinstance(now, Mapping) else {}
