"""The homes of the company and its departments: a finding, cards, trends, goals, tables."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.pages.trends import trend_panel
from layouts.parts.bullets import mini
from layouts.parts.cards import card_row
from layouts.parts.guards import guard_notices
from layouts.parts.heads import finding, page_head, share
from layouts.parts.icons import icon
from layouts.parts.links import link
from layouts.parts.panels import columns, panel
from layouts.parts.pills import status_pill, status_word
from layouts.parts.states import absence, state_empty
from layouts.parts.tables import Row, table
from layouts.still import drawn_once
from portal.readmodels.company import Cell, CompanyHome, Exceptional, GoalPanel, Listing
from portal.readmodels.tables import Column


def draw(home: CompanyHome) -> Component:
    """Return the page."""
    parts: list[Component] = [page_head(home.head, share())]
    if home.empty is not None:
        empty = home.empty
        parts.append(state_empty(empty.title, empty.why, empty.link, empty.href))
        return html.Div(parts, className="pg")
    if home.finding is not None:
        parts.append(finding(home.finding))
    parts += guard_notices(home.guarded)
    parts.append(card_row(home.cards))
    if home.goals:
        parts.append(_goals(home))
    parts += _pairs([trend_panel(one) for one in home.trends])
    parts += [listing(one) for one in home.listings]
    return html.Div(parts, className="pg")


def _pairs(panels: list[Component]) -> list[Component]:
    """Return panels with the first over the whole width where their number is odd."""
    if not panels:
        return []
    if len(panels) % 2:
        head, rest = [panels[0]], panels[1:]
    else:
        head, rest = [], panels
    pairs = [columns(rest[at], rest[at + 1]) for at in range(0, len(rest), 2)]
    return [*head, *pairs]


def _goals(home: CompanyHome) -> Component:
    return panel(
        home.goals_title,
        home.goals_sub,
        html.Div([_goal(one) for one in home.goals], className="gl-list"),
        pill=link(tr("Open the scorecard"), home.goals_href, "link"),
        anchor="goals",
    )


@drawn_once
def _goal(goal: GoalPanel) -> Component:
    pills = [status_pill(goal.status)] if goal.status is not None else []
    score = (
        [html.Span(goal.score, className="gl-score"), html.Span(tr("of 10"), className="sub")]
        if goal.score
        else [html.Span(tr("No score"), className="muted")]
    )
    filled = goal.filled if goal.filled is not None else 0.0
    tone = goal.status.tone.value if goal.status is not None else "data"
    told = tr("{goal}: {score} of 10; on target from 6.7", goal=goal.name, score=goal.score)
    bar = [mini(filled, 2 / 3, told, tone)] if goal.filled is not None else []
    head = html.Div(
        [
            html.H3(link(goal.name, goal.href, "tb-link")),
            html.P(goal.question, className="sub"),
            html.Div([*score, *pills], className="gl-row"),
            *bar,
            _standing(goal),
        ],
        className="gl-head",
    )
    rows = [_exceptional(one) for one in goal.exceptions]
    if goal.calm:
        rows.append(html.Li(html.Span(goal.calm, className="muted")))
    if goal.nearest is not None:
        rows.append(_exceptional(goal.nearest))
    return html.Div([head, html.Ul(rows, className="ex-list grow")], className="gl")


def _standing(goal: GoalPanel) -> Component:
    """Return what the score stands on: in ink and with a mark where that is not all of it."""
    if not goal.partial:
        return html.P(goal.standing, className="sub")
    return html.P([icon("info-circle", "i-sm"), goal.standing], className="gl-part")


@drawn_once
def _exceptional(one: Exceptional) -> Component:
    words: list[Component | str] = [html.Strong(one.fact)]
    if one.cause:
        words.append(f" {one.cause}")
    target = " " + tr("Target {target}.", target=one.target) if one.target else ""
    words.append(html.Span(target, className="muted"))
    see = link(tr("See the KPI"), one.href, "link", tr("See {name}", name=one.name))
    return html.Li([status_word(one.status), html.Span(words, className="grow"), see])


@drawn_once
def listing(told: Listing) -> Component:
    """Return a table panel; without rows it says why."""
    if told.absence:
        return panel(told.title, told.sub, absence(told.absence), anchor=told.key)
    heads = [
        Column(name, number=at > 0 and _is_number(told, at)) for at, name in enumerate(told.columns)
    ]
    rows = [Row([_cell(cell) for cell in row]) for row in told.rows]
    foot = html.Span(told.more, className="muted") if told.more else None
    return panel(
        told.title, told.sub, table(heads, rows, caption=told.title), foot=foot, anchor=told.key
    )


def _is_number(told: Listing, at: int) -> bool:
    return all(row[at].number for row in told.rows)


def _cell(cell: Cell) -> Component | str:
    text: Component | str = link(cell.text, cell.href, "tb-link") if cell.href else cell.text
    if cell.share is not None:
        text = html.Span([text, mini(cell.share, None, cell.text)], className="bar-cell")
    if cell.note:
        return html.Span(
            [html.Span(text), html.Span(cell.note, className="sub")], className="stack"
        )
    return text
