"""The page of one action: facts, moves, whether it worked, what happened."""

from dash import dcc, html
from dash.development.base_component import Component

from kpi_engine.language import tr, trn
from layouts.charts.effects import effects
from layouts.charts.template import drawn
from layouts.parts.action_editor import action_editor
from layouts.parts.forms import press
from layouts.parts.heads import notice, page_head
from layouts.parts.icons import icon
from layouts.parts.links import button, link
from layouts.parts.panels import columns, facts, panel, stacked
from layouts.parts.pills import status_pill
from layouts.parts.states import state_empty
from layouts.parts.tables import Cell, table, view_as_table
from portal.readmodels.actions import ActionPage, Happening, MoveForm, VerdictPanel
from portal.readmodels.tables import Column

_HEIGHT = 300
_LONGEST, _DAY = 1000, 10


def draw(page: ActionPage) -> Component:
    """Return the page."""
    told = [notice("lock-fill", page.notice)] if page.notice else []
    edit = [button(tr("Change"), page.edit, "pencil")] if page.edit else []
    form = [panel(page.form.name, "", action_editor(page.form), anchor="edit")] if page.form else []
    body = columns(
        stacked(_verdict(page), _history(page.history)),
        stacked(_about(page), *_moves(page)),
        shape="2-1",
    )
    return html.Div([page_head(page.head, *edit), *told, *form, body], className="pg")


def _about(page: ActionPage) -> Component:
    rows = [(name, link(text, href) if href else text) for name, text, href in page.facts]
    return panel(tr("The action"), "", facts(*rows), pill=status_pill(page.state))


def _moves(page: ActionPage) -> list[Component]:
    if not page.moves:
        return []
    forms = [_move(move, page.csrf) for move in page.moves]
    return [panel(tr("What next"), "", html.Div(forms, className="ac-moves"), anchor="moves")]


def _move(move: MoveForm, csrf: str) -> Component:
    kept = [dcc.Input(type="hidden", name=name, value=value) for name, value in move.kept]
    send = press(move.text, csrf, "btn btn-primary" if move.primary else "btn")
    fields: list[Component] = []
    if move.error:
        wrong = [icon("exclamation-triangle-fill"), html.Span(move.error)]
        fields.append(html.P(wrong, className="ac-error", role="alert"))
    if move.day:
        day = dcc.Input(
            type="text", name="day", value=move.day_value, maxLength=_DAY, required=True,
            autoComplete="off",
        )  # fmt: skip
        fields.append(_labelled(move.day, day))
    if move.reason:
        why = dcc.Input(
            type="text", name="note", value=move.note, maxLength=_LONGEST, required=True,
            placeholder=tr("Why"), autoComplete="off",
        )  # fmt: skip
        fields.append(_labelled(tr("Why"), why))
    return html.Form([*kept, *fields, send], action=move.sends, method="POST", className="ac-move")


def _labelled(label: str, field: Component) -> Component:
    return html.Label([html.Span(label, className="ac-label"), field], className="ac-field")


def _verdict(page: ActionPage) -> Component:
    found = page.verdict
    if found is None:
        early = state_empty(tr("No verdict yet"), page.early)
        return panel(tr("Did it work?"), "", early, anchor="verdict")
    body = [
        html.P(found.sentence, className="ac-sentence"),
        *_chart(found),
        facts(*found.facts),
    ]
    foot = [html.Span(found.foot, className="grow"), *_looks(found), _points(found)]
    return panel(
        tr("Did it work?"),
        found.sub,
        body,
        pill=status_pill(found.pill),
        foot=foot,
        anchor="verdict",
    )


def _chart(found: VerdictPanel) -> list[Component]:
    if found.chart is None:
        return []
    return [drawn(effects(found.chart, height=_HEIGHT), found.chart.summary, height=_HEIGHT)]


def _points(found: VerdictPanel) -> Component:
    heads = [
        Column(tr("Month")),
        Column(tr("Value"), number=True),
        Column(tr("Expected (95\u00a0%)"), number=True),
        Column(tr("Time")),
    ]
    rows: list[list[Cell]] = [list(one) for one in found.points]
    return view_as_table(heads, rows, tr("The number and what was expected, the newest first"))


def _looks(found: VerdictPanel) -> list[Component]:
    """Return every look so far, where there was more than one."""
    if len(found.checks) < 2:  # noqa: PLR2004 - one look is the panel itself
        return []
    heads = [Column(tr("Looked at")), Column(tr("Verdict")), Column(tr("Measured"), number=True)]
    rows: list[list[Cell]] = [list(one) for one in found.checks]
    summary = html.Summary(
        html.Span(trn("{count} look", "{count} looks", len(rows)), className="link")
    )
    inside = table(heads, rows, caption=tr("Every look so far"), classes="tb-plain")
    return [html.Details([summary, inside], className="as-table")]


def _history(events: tuple[Happening, ...]) -> Component:
    rows = [_event(one) for one in events]
    return panel(tr("What happened"), "", html.Ol(rows, className="ac-history"))


def _event(one: Happening) -> Component:
    said = [html.P(one.note, className="ac-note")] if one.note else []
    words = [
        html.Strong(one.who),
        html.Span(f" {one.what}"),
        html.Span(one.when, className="sub"),
    ]
    return html.Li([icon("circle", "i-sm"), html.Div([html.P(words), *said])])
