"""Actions beside each other: as rows of a table, as cards of a board, as lines of a home."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.parts.heads import notice
from layouts.parts.icons import icon
from layouts.parts.links import button, link
from layouts.parts.panels import panel
from layouts.parts.people import person
from layouts.parts.pills import status_pill, status_word
from layouts.parts.states import state_empty
from layouts.parts.tables import Cell, table, two_lines
from portal.readmodels.actions import ActionRow, ActionsPanel, OverduePanel
from portal.readmodels.cards import Status, Tone
from portal.readmodels.tables import Column


def action_columns() -> tuple[Column, ...]:
    """Return the columns of actions that were judged or may be."""
    return (
        Column(tr("Action")),
        Column(tr("Owner")),
        Column(tr("Done or due")),
        Column(tr("Expected"), number=True),
        Column(tr("Measured (95\u00a0%)"), number=True),
        Column(tr("Verdict")),
    )


def actions_panel(told: ActionsPanel) -> Component:
    """Return the actions on one KPI: what was done to move it, and whether it did."""
    new = [button(tr("New action"), told.new_href, "plus-lg")] if told.new_href else None
    if not told.rows:
        none = state_empty(
            tr("No action yet"), tr("Nobody has asked for an action on this number.")
        )
        return panel(tr("Actions"), told.sub, none, pill=new, anchor="actions")
    rows = [_cells(row) for row in told.rows]
    body = roomy(table(action_columns(), rows, caption=tr("Actions on this number")))
    foot = [html.Span(told.foot, className="grow"), link(tr("All actions"), told.all_href)]
    return panel(tr("Actions"), told.sub, body, pill=new, foot=foot, anchor="actions")


def _cells(row: ActionRow) -> list[Cell]:
    return [
        two_lines(link(row.title, row.href, "tb-link"), row.source or row.whose),
        person(row.owner),
        when(row),
        row.expected,
        row.measured,
        verdict(row),
    ]


def overdue_line(told: OverduePanel) -> Component:
    """Return what should have been done by now, as a line of a home."""
    words: list[Component | str] = [html.Strong(told.sub)]
    for at, row in enumerate(told.rows):
        words += ["; " if at else " ", link(row.title, row.href), f" ({row.owner}, {row.late})"]
    all_of = link(tr("See them"), told.all_href, "link fi-more")
    return notice("exclamation-circle-fill", html.Span(words), all_of)


def when(row: ActionRow) -> Component:
    """Return when an action was done or is due, and by how much it is late."""
    return html.Span([html.Span(row.when), *([late(row)] if row.late else [])], className="ac-when")


def late(row: ActionRow) -> Component:
    """Return by how much an action is late."""
    return status_word(Status(Tone.BAD, row.late, "exclamation-circle-fill"))


def verdict(row: ActionRow) -> Component:
    """Return the verdict; where an action is not done, where it stands."""
    found = status_pill(row.verdict) if row.verdict else status_word(row.state)
    broken = [status_word(row.guard)] if row.guard else []
    return html.Span([found, *broken], className="ac-verdict")


def roomy(body: Component) -> Component:
    """Return a table with room between rows of several lines."""
    return html.Div(body, className="ac-table")


def cards(rows: Sequence[ActionRow]) -> Component:
    """Return actions as cards, one under the other."""
    return html.Ul([html.Li(_card(row)) for row in rows], className="ac-cards")


def _card(row: ActionRow) -> Component:
    result = [html.Span(row.measured, className="ac-measured")] if row.measured else []
    found = [verdict(row)] if row.verdict else []
    return html.Article(
        [
            html.H3(link(row.title, row.href, "tb-link")),
            html.P(
                [link(row.kpi, row.kpi_href) if row.kpi_href else row.kpi, f", {row.whose}"],
                className="ac-of",
            ),
            html.P(
                [
                    icon("bullseye", "i-sm"),
                    html.Span(" " + tr("Expected {effect}", effect=row.expected)),
                ],
                className="ac-of",
            ),
            html.Div([person(row.owner), when(row)], className="ac-by"),
            *([html.Div([*found, *result], className="ac-result")] if found or result else []),
        ],
        className="ac-card",
    )
