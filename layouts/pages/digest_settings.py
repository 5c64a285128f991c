"""How one wants to be told by mail: a panel of one's account, a form that works without script."""

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.parts.forms import press
from layouts.parts.panels import panel
from portal.readmodels.inbox import DigestForm, Option

ANCHOR = "digest"
ACTION = "/account/digest"
_ZONE = 64


def draw(form: DigestForm, csrf: str) -> Component:
    """Return the panel."""
    fields = [
        _choice("rhythm", tr("How often"), form.rhythms, "dg-wide"),
        _choice("weekday", tr("Weekly on"), form.weekdays),
        _choice("hour", tr("Not before"), form.hours),
        _choice("quiet_from", tr("Quiet from"), form.quiet_from),
        _choice("quiet_until", tr("Quiet until"), form.quiet_until),
        _zone(form),
        html.Div(press(tr("Save"), csrf, "btn btn-primary"), className="dg-wide"),
    ]
    drawn = html.Form(fields, action=ACTION, method="POST", className="dg-form")
    return panel(tr("Mail about what is new"), form.sub, drawn, anchor=ANCHOR)


def _choice(name: str, label: str, options: Sequence[Option], classes: str = "") -> Component:
    known = f"digest-{name}"
    rows = [html.Option(one.text, value=one.value, selected=one.chosen) for one in options]
    return html.Div(
        [html.Label(label, htmlFor=known), html.Select(rows, id=known, name=name)],
        className=classes,
    )


def _zone(form: DigestForm) -> Component:
    return html.Div(
        [
            html.Label(tr("Time zone"), htmlFor="digest-timezone"),
            dcc.Input(
                id="digest-timezone",
                name="timezone",
                type="text",
                value=form.timezone,
                placeholder=tr("{zone}, as your company", zone=form.tenant_zone),
                maxLength=_ZONE,
                autoComplete="off",
                className="ad-input",
            ),
        ],
        className="dg-wide",
    )
