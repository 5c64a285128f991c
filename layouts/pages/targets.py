"""The page of targets: what holds, who said so, and the form for one of them."""

from dash import dcc, html
from dash.development.base_component import Component

from kpi_engine.language import tr, trc
from layouts import ids
from layouts.parts.attributes import attrs
from layouts.parts.heads import page_head, share
from layouts.parts.links import link
from layouts.parts.panels import panel
from layouts.parts.states import state_empty
from layouts.parts.tables import Cell, Row, table
from portal.readmodels.tables import Column
from portal.readmodels.target_page import TargetForm, TargetPage, TargetRow

_FIGURE = 40


def draw(page: TargetPage, said: str = "") -> Component:
    """Return the page; `said` is what was just done."""
    parts: list[Component] = [page_head(page.head, share())]
    if page.empty is not None:
        empty = page.empty
        return html.Div([*parts, state_empty(empty.title, empty.why, empty.link, empty.href)])
    if page.form is not None:
        parts.append(_form(page.form, said))
    parts.append(_table(page, said if page.form is None else ""))
    return html.Div([*parts, *_hidden(page)], className="pg")


def _table(page: TargetPage, said: str) -> Component:
    columns = [
        Column(tr("KPI")),
        Column(tr("Last number"), number=True),
        Column(tr("Target"), number=True),
        Column(tr("Watch and off target")),
        Column(tr("How it came")),
        Column(tr("Set by")),
        Column(tr("Why")),
        Column(trc("give a target", "Set"), says=False),
    ]
    rows = [Row(_cells(row)) for row in page.rows]
    told = html.P(said, className="fm-said", role="status", id=ids.TARGET_SAID)
    foot = [html.Span(page.hint), *([] if page.form is not None else [told])]
    return panel(
        page.title,
        page.sub,
        table(columns, rows, caption=page.title),
        pill=_buttons(page) or None,
        foot=foot,
        anchor="targets",
    )


def _cells(row: TargetRow) -> list[Cell]:
    word, whole = (
        (tr("Change"), tr("Change the target of {kpi}", kpi=row.name))
        if row.target
        else (trc("give a target", "Set"), tr("Set the target of {kpi}", kpi=row.name))
    )
    button = link(word, row.set_href, "btn", whole)
    return [
        link(row.name, row.href, "tb-link"),
        row.value,
        html.Strong(row.target) if row.target else html.Span(tr("none set"), className="muted"),
        row.bounds,
        row.source,
        row.set_by,
        html.Span(row.note, className="muted"),
        button if row.set_href else "",
    ]


def _buttons(page: TargetPage) -> list[Component]:
    """Return both buttons; for who may not press them they are not there to be seen."""
    told = ((page.copy, ids.TARGET_COPY), (page.quota, ids.TARGET_QUOTA))
    return [html.Button(text, id=key, type="button", className="btn") for text, key in told if text]


def _hidden(page: TargetPage) -> list[Component]:
    """Return stand-ins for what the callbacks look for and this page does not show."""
    missing = [
        key
        for text, key in ((page.copy, ids.TARGET_COPY), (page.quota, ids.TARGET_QUOTA))
        if not text
    ]
    return [html.Button(id=key, type="button", hidden=True) for key in missing]


def _form(form: TargetForm, said: str) -> Component:
    fields = (
        [
            _field(_in(tr("Low"), form.unit), ids.TARGET_LOW, form.low),
            _field(_in(tr("High"), form.unit), ids.TARGET_HIGH, form.high),
            _unseen(ids.TARGET_VALUE),
        ]
        if form.is_range
        else [
            _field(_in(tr("Target"), form.unit), ids.TARGET_VALUE, form.value),
            _unseen(ids.TARGET_LOW),
            _unseen(ids.TARGET_HIGH),
        ]
    )
    fields += [
        _field(_in(tr("Watch from"), form.unit), ids.TARGET_AMBER, form.amber),
        _field(_in(tr("Off target from"), form.unit), ids.TARGET_RED, form.red),
    ]
    why = html.Label(
        [
            tr("Why"),
            dcc.Textarea(
                id=ids.TARGET_NOTE,
                value="",
                maxLength=form.longest,
                placeholder=tr("What it rests on: the plan, a quota, last year."),
            ),
        ],
        className="wide",
    )
    save = html.Button(
        tr("Save the target"), id=ids.TARGET_SAVE, type="button", className="btn btn-primary"
    )
    actions = html.Div([save, link(tr("Cancel"), form.cancel, "btn")], className="fm-acts wide")
    told = html.P(said, className="fm-said wide", id=ids.TARGET_SAID, role="status")
    body = html.Div(
        [dcc.Store(id=ids.TARGET_KPI, data=form.kpi), *fields, why, actions, told], className="fm"
    )
    history = html.Ol([html.Li(line) for line in form.history], className="fm-history")
    past = [html.Div([html.H3(tr("Said so far")), history])] if form.history else []
    sub = tr(
        "Leave watch and off target empty: watch begins at the target, off target a tenth beyond."
    )
    return panel(form.title, sub, [body, *past], anchor="form")


def _in(label: str, unit: str) -> str:
    return f"{label} ({unit})" if unit else label


def _field(label: str, key: str, value: str) -> Component:
    field = dcc.Input(id=key, type="text", value=value, maxLength=_FIGURE, autoComplete="off")
    return html.Label([label, field])


def _unseen(key: str) -> Component:
    return html.Div(
        dcc.Input(id=key, type="text", value="", maxLength=_FIGURE),
        hidden=True,
        **attrs({"aria-hidden": "true"}),
    )
