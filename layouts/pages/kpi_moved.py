"""Who moved a KPI: a bar as wide as the points, and under it each owner's word and rates."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import mark, tr
from layouts.parts.attributes import attrs
from layouts.parts.links import link
from layouts.parts.panels import panel
from layouts.parts.people import TINTS, avatar, tint
from layouts.parts.pills import tag
from layouts.parts.states import state_empty
from portal.readmodels.moved import Moved, MovedPart, MovedRate

_TITLE = mark("Who moved it")


def moved_panel(moved: Moved) -> Component:
    """Return the panel; where it cannot be told it says why."""
    if moved.empty:
        return panel(tr(_TITLE), "", state_empty(tr("Not told"), moved.empty), anchor="moved")
    foot: list[Component] = [html.Span(moved.foot, className="grow")]
    if moved.href:
        foot.append(link(moved.link, moved.href))
    kinds = _kinds(moved.parts)
    rows = [_row(part, kind) for part, kind in zip(moved.parts, kinds, strict=True)]
    body = [_ends(moved), _bar(moved, kinds), html.Ul(rows, className="mv-rows")]
    return panel(tr(_TITLE), moved.sentence, body, foot=foot, anchor="moved")


def _kinds(parts: tuple[MovedPart, ...]) -> list[str]:
    """Return the colour of each part: a person's own tint, others by their order, mix hatched."""
    found, place = [], 0
    for part in parts:
        if part.nobodys:
            found.append("mv-nobody")
        elif part.person:
            found.append(f"av-{tint(part.person)}")
        else:
            found.append(f"av-{place % TINTS}")
            place += 1
    return found


def _ends(moved: Moved) -> Component:
    sides = [
        html.Span([f"{name} ", html.Strong(value)]) for name, value in (moved.before, moved.now)
    ]
    return html.Div(sides, className="mv-ends")


def _bar(moved: Moved, kinds: list[str]) -> Component:
    """Return the bar: parts that went the way of the whole, a gap, then those against it."""
    drawn = [(part, kind) for part, kind in zip(moved.parts, kinds, strict=True) if part.width > 0]
    drawn.sort(key=lambda one: one[0].against)
    pieces = [_piece(part, kind) for part, kind in drawn]
    return html.Div(pieces, className="mv-bar", role="img", **attrs({"aria-label": moved.summary}))


def _piece(part: MovedPart, kind: str) -> Component:
    label = [html.Span(part.label, className="mv-label")] if part.label else []
    caption = tr("Mix") if part.nobodys else part.name
    named = [html.Span(caption, className="mv-caption")] if part.label else []
    return html.Span(
        [html.Span(label, className=f"mv-piece {kind}"), *named],
        className=f"mv-part{' mv-against' if part.against else ''}",
        style={"flexGrow": round(part.width, 4)},
        title=f"{part.name} {part.amount}",
    )


def _row(part: MovedPart, kind: str) -> Component:
    inside = [_mark(part, kind), html.Div(_told(part), className="grow"), html.Strong(part.amount)]
    return html.Li(inside, className="mv-row")


def _mark(part: MovedPart, kind: str) -> Component:
    if part.person:
        return avatar(part.person)
    return html.Span(className=f"mv-swatch {kind}", **attrs({"aria-hidden": "true"}))


def _told(part: MovedPart) -> list[Component]:
    own = [tag(tr("You"))] if part.own else []
    found: list[Component] = [
        html.Div([html.Span(part.person or part.name, className="mv-name"), *own])
    ]
    if part.role:
        found.append(html.Div(part.role, className="mv-sub"))
    if part.words:
        quoted = tr(
            "\N{LEFT DOUBLE QUOTATION MARK}{words}\N{RIGHT DOUBLE QUOTATION MARK}",
            words=part.words,
        )
        found.append(html.P(quoted, className="mv-words"))
    if part.note:
        found.append(html.Div(part.note, className="mv-sub"))
    if part.rates:
        found.append(html.Div([_rate(one) for one in part.rates], className="mv-rates"))
    return found


def _rate(rate: MovedRate) -> Component:
    name: Component | str = link(rate.name, rate.href) if rate.href else rate.name
    return html.Span([name, " ", html.Strong(rate.ends)])
