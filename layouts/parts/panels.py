"""Panels and how they stand beside each other."""

from collections.abc import Sequence
from typing import Literal

from dash import html
from dash.development.base_component import Component

from layouts.parts.attributes import attrs
from layouts.parts.links import Inside

Body = Component | Sequence[Component]
Shape = Literal["1", "1-1", "2-1", "1-2", "3-2", "2-3", "1-1-1"]


def panel(
    title: str,
    sub: Inside,
    body: Body,
    *,
    pill: Component | list[Component] | None = None,
    foot: Body | None = None,
    anchor: str = "",
) -> Component:
    """Return a panel: heading, a line under it, what it shows, a foot under a rule.

    `pill` stands at the right of the heading: pills, a legend, segments, buttons. `anchor` is the
    id that an address may point to.
    """
    words = [html.H2(title), *([html.P(sub, className="pn-sub")] if sub else [])]
    right = [] if pill is None else [html.Div(pill, className="pn-right")]
    inside = [
        html.Div([html.Div(words, className="grow"), *right], className="pn-head"),
        html.Div(body, className="pn-body"),
    ]
    if foot is not None:
        inside.append(html.Div(foot, className="pn-foot"))
    return html.Section(inside, className="card pn", **attrs({"id": anchor} if anchor else {}))


def columns(*panels: Component, shape: Shape = "1-1") -> Component:
    """Return panels side by side in the parts of `shape`; below 1180 pixels they stack."""
    return html.Div(list(panels), className=f"cols cols-{shape}")


def stacked(*panels: Component) -> Component:
    """Return panels one under the other, as one column of `columns`."""
    return html.Div(list(panels), className="stacked")


def legend(*entries: tuple[str, str]) -> Component:
    """Return what colours mean: pairs of a swatch's class ('heat-0') and a word."""
    return html.Ul(
        [html.Li([html.Span(className=f"sw {kind}"), html.Span(word)]) for kind, word in entries],
        className="legend",
    )


def facts(*pairs: tuple[str, Inside]) -> Component:
    """Return pairs of a name and what it is, in two columns."""
    rows: list[Component] = []
    for name, value in pairs:
        rows += [html.Dt(name), html.Dd(value)]
    return html.Dl(rows, className="facts")
