"""The form of a cycle of reviews: a plain form, sent by the browser."""

from dash import dcc, html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.parts.forms import press, send
from layouts.parts.heads import page_head
from layouts.parts.icons import icon
from layouts.parts.links import link
from layouts.parts.panels import panel
from portal.readmodels.actions import Option
from portal.readmodels.cards import Choice, Head
from portal.readmodels.review_list import CycleForm

_DAYS = 3


def draw(form: CycleForm) -> Component:
    """Return the page."""
    head = Head(
        form.title,
        tr("A change holds for reviews that open from now on."),
        crumbs=(Choice(tr("Reviews"), "/reviews"),),
    )
    ends = [send(form.ends, form.csrf, tr("End this cycle"))] if form.ends else []
    why = [
        html.P([icon("exclamation-triangle-fill"), form.why], className="ac-error", role="alert")
    ]
    kept = dcc.Input(type="hidden", name="version", value=str(form.version))
    days = html.Div(
        [
            _field(tr("Opens, days after the period"), _number("open_after", form.open_after)),
            _field(tr("Days to answer"), _number("answer_days", form.answer_days)),
            _field(tr("Days from then to the sign-off"), _number("sign_days", form.sign_days)),
        ],
        className="rv-three",
    )
    first = html.Div(
        [
            _field(tr("Name"), _text("name", form.name)),
            _field(tr("How often"), _select("kind", form.kinds)),
            _field(tr("Whose numbers"), _select("scope", form.scopes)),
        ],
        className="rv-three",
    )
    words = dcc.Textarea(
        name="instructions", value=form.instructions, rows=2, maxLength=4000, className="rv-area"
    )
    body = html.Form(
        [
            kept,
            *(why if form.why else []),
            first,
            days,
            _field(tr("Who signs off"), _select("signer", form.signers)),
            _field(tr("Instructions for who answers"), words),
            _kpis(form.kpis),
            _people(form.participants),
            html.Div(
                [press(tr("Keep the cycle"), form.csrf, "btn btn-primary"),
                 link(tr("Cancel"), "/reviews", "btn")],
                className="rv-acts",
            ),
        ],
        action=form.sends,
        method="POST",
        className="ac-form rv-form",
    )  # fmt: skip
    return html.Div(
        [page_head(head, *ends), panel(tr("How this cycle reviews"), "", body)], className="pg"
    )


def _kpis(options: tuple[Option, ...]) -> Component:
    chosen = sum(one.chosen for one in options)
    label = (
        tr("KPIs ({count} chosen); choose none for every adopted one", count=chosen)
        if chosen
        else tr(
            "KPIs (every KPI that is adopted when a review opens);"
            " choose none for every adopted one"
        )
    )
    return _field(label, _many("kpi", options))


def _people(options: tuple[Option, ...]) -> Component:
    """Return the picker of participants, sent by the browser itself."""
    chosen = sum(one.chosen for one in options)
    label = (
        tr(
            "Participants besides who answers for a KPI or signs ({count} chosen);"
            " they get the pack too",
            count=chosen,
        )
        if chosen
        else tr(
            "Participants besides who answers for a KPI or signs (nobody else);"
            " they get the pack too"
        )
    )
    return _field(label, _many("participant", options))


def _many(name: str, options: tuple[Option, ...]) -> Component:
    return html.Select(
        [html.Option(one.text, value=one.value, selected=one.chosen) for one in options],
        name=name,
        multiple=True,
        size="8",
        className="rv-many",
    )


def _field(label: str, field: Component) -> Component:
    return html.Label([html.Span(label, className="ac-label"), field], className="ac-field")


def _text(name: str, value: str) -> Component:
    return dcc.Input(
        type="text", name=name, value=value, maxLength=120, required=True, autoComplete="off"
    )


def _number(name: str, value: str) -> Component:
    return dcc.Input(
        type="text", name=name, value=value, maxLength=_DAYS, required=True, autoComplete="off"
    )


def _select(name: str, options: tuple[Option, ...]) -> Component:
    rows = [html.Option(one.text, value=one.value, selected=one.chosen) for one in options]
    return html.Select(rows, name=name)
