"""The page of goals: each a tree, from its own KPIs to what bears on those."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.parts.attributes import attrs
from layouts.parts.forms import send
from layouts.parts.heads import notice, page_head
from layouts.parts.icons import icon
from layouts.parts.links import fetch, hidden, link, tabs
from layouts.parts.panels import panel
from layouts.parts.people import owners
from layouts.parts.pills import status_pill, tag
from layouts.parts.states import state_empty
from portal.readmodels.framework import FrameworkPage, GoalTree, Node, PastGoal


def draw(page: FrameworkPage) -> Component:
    """Return the page."""
    add = [fetch([icon("plus-lg"), html.Span(tr("Add a goal"))], page.add, "btn btn-primary")]
    parts: list[Component] = [
        page_head(page.head, *(add if page.add else [])),
        tabs(tr("Pages of the framework"), page.tabs),
    ]
    if page.said:
        parts.append(notice("check-circle", page.said))
    if page.take:
        parts.append(_take(page))
    if not page.goals:
        parts.append(_none(page))
    parts += [_goal(goal) for goal in page.goals]
    if page.past:
        parts.append(_past(page.past))
    return html.Div(parts, className="pg fw")


def _take(page: FrameworkPage) -> Component:
    own = tr("Make them your own to change names, owners, KPIs and weights.")
    words = f"{page.source} {own}"
    button = send(page.take, page.csrf, tr("Make them our own"), "btn btn-primary")
    return notice("info-circle", words, button)


def _none(page: FrameworkPage) -> Component:
    why = tr("A goal says what the company wants to reach and which few KPIs tell whether it does.")
    step = tr("Add the first one.") if page.add else tr("Whoever runs the framework can add one.")
    return panel(tr("Goals"), "", state_empty(tr("No goal at present"), f"{why} {step}"))


def _goal(goal: GoalTree) -> Component:
    right: list[Component] = []
    if goal.owners:
        right.append(owners(goal.owners))
    if goal.edit:
        right.append(
            fetch([icon("pencil"), tr("Change"), hidden(f" {goal.name}")], goal.edit, "btn btn-sm")
        )
    told = [html.Span(goal.told), html.Span(goal.period)]
    return panel(
        goal.name,
        goal.question,
        _tree(goal.nodes),
        pill=right or None,
        foot=told,
        anchor=goal.key,
    )


def _tree(nodes: tuple[Node, ...]) -> list[Component]:
    """Return the KPIs that something bears on, each with it; then those that stand alone."""
    driven = [node for node in nodes if node.inner]
    alone = [node for node in nodes if not node.inner]
    parts: list[Component] = []
    if driven:
        parts.append(_legend(deep=any(one.inner for node in driven for one in node.inner)))
        parts.append(html.Ul([_node(node) for node in driven], className="fw-tree"))
    if alone:
        said = tr("No KPI in use bears on these") if driven else tr("Tell whether it is reached")
        parts.append(html.P(said, className="fw-alone-head"))
        parts.append(html.Ul([_node(node) for node in alone], className="fw-alone"))
    return parts


def _legend(*, deep: bool) -> Component:
    words = [tr("Tell whether it is reached"), tr("What bears on those")]
    words += [tr("What bears on that")] if deep else []
    return html.Div(
        [html.Span(word) for word in words], className="fw-legend", **attrs({"aria-hidden": "true"})
    )


def _node(node: Node) -> Component:
    inside: list[Component] = [_box(node)]
    if node.inner:
        said = hidden(tr("What bears on {name}:", name=node.name))
        inside += [said, html.Ul([_node(one) for one in node.inner], className="fw-inner")]
    parts = {"part of", tr("part of")}
    return html.Li(inside, className="fw-node fw-part" if node.how in parts else "fw-node")


def _box(node: Node) -> Component:
    marks: list[Component] = []
    if node.weight:
        marks.append(tag(tr("weight {weight}", weight=node.weight)))
    if node.life is not None:
        marks.append(status_pill(node.life))
    who = owners(node.owners) if node.owners else html.Span(tr("no owner"), className="fw-nobody")
    how = [html.Span(node.how, className="fw-how")] if node.how else []
    words = html.Div(
        [
            html.Div([link(node.name, node.href, "fw-name"), *marks], className="fw-top"),
            html.Div([*how, html.Span(node.about)], className="sub"),
        ],
        className="grow",
    )
    return html.Div(
        [words, html.Div(who, className="fw-who")],
        className="fw-box fw-own" if node.weight else "fw-box",
    )


def _past(past: tuple[PastGoal, ...]) -> Component:
    rows = [
        html.Li(
            [
                html.Strong(goal.name),
                html.Span(f" {goal.period}", className="muted"),
                *([fetch(tr("Change"), goal.edit, "link")] if goal.edit else []),
            ]
        )
        for goal in past
    ]
    return panel(tr("Past and coming goals"), "", html.Ul(rows, className="fw-past"))
