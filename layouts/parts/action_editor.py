"""The editor of an action: a form that the browser sends by itself, for every page that has one."""

from dash import dcc, html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.parts.attributes import attrs
from layouts.parts.forms import press
from layouts.parts.icons import icon
from layouts.parts.links import link
from layouts.parts.panels import facts
from portal.readmodels.actions import EditorForm, Option

_FIGURE, _DAY = 40, 10


def action_editor(form: EditorForm) -> Component:
    """Return the editor: what, who and when; what is expected; what the data can show."""
    kept = [dcc.Input(type="hidden", name=name, value=value) for name, value in form.kept]
    error = (
        [html.P([icon("exclamation-triangle-fill"), html.Span(form.error)], className="ac-error",
                role="alert")]
        if form.error
        else []
    )  # fmt: skip
    cancel = [link(tr("Cancel"), form.cancel, "btn")] if form.cancel else []
    foot = html.Div(
        [
            html.P([icon("info-circle"), html.Span(form.shows)], className="ac-shows grow"),
            *cancel,
            press(form.button, form.csrf, "btn btn-primary"),
        ],
        className="ac-foot",
    )
    return html.Form(
        [*kept, *error, *_theirs(form), _first(form), _second(form), foot],
        action=form.sends,
        method="POST",
        className="ac-form",
        **attrs({"aria-label": form.name}),
    )


def _theirs(form: EditorForm) -> list[Component]:
    """Return what somebody else wrote meanwhile."""
    if not form.theirs:
        return []
    told = [(name, text) for name, text in form.theirs]
    return [html.Div([html.H3(tr("What now stands")), facts(*told)], className="ac-theirs")]


def _first(form: EditorForm) -> Component:
    title = dcc.Input(
        type="text",
        name="title",
        value=form.title,
        maxLength=form.longest,
        required=True,
        placeholder=tr("What is to be done"),
        autoComplete="off",
    )
    return html.Div(
        [
            _field(tr("Action"), title, "ac-wide"),
            _field(tr("Owner"), _select("person", form.owners)),
            _field(tr("Due"), _text("due", form.due, _DAY, "2026-11-30", required=True)),
        ],
        className="ac-row",
    )


def _second(form: EditorForm) -> Component:
    unit = tr("Size, {unit}", unit=form.unit) if form.unit else tr("Size")
    guard = html.Div(
        [
            _select("guardrail", form.guardrails, tr("Guardrail")),
            _select("side", form.sides, tr("At least or at most")),
            _text("limit", form.limit, _FIGURE, tr("limit"), said=tr("Limit of the guardrail")),
        ],
        className="ac-guard",
    )
    return html.Div(
        [
            _field(tr("Kind"), _select("kind", form.kinds)),
            _field(tr("Expected direction"), _select("direction", form.directions)),
            _field(unit, _text("size", form.size, _FIGURE, tr("how far at least"))),
            _field(tr("Shows after"), _select("lag", form.lags)),
            html.Div(
                [html.Span(tr("Guardrail: stop if this breaks"), className="ac-label"), guard],
                className="ac-field ac-wide",
            ),
        ],
        className="ac-row",
    )


def _field(label: str, field: Component, classes: str = "") -> Component:
    return html.Label(
        [html.Span(label, className="ac-label"), field], className=f"ac-field {classes}".rstrip()
    )


def _text(
    name: str, value: str, longest: int, hint: str, *, required: bool = False, said: str = ""
) -> Component:
    field = dcc.Input(
        type="text",
        name=name,
        value=value,
        maxLength=longest,
        placeholder=hint,
        required=required,
        autoComplete="off",
    )
    if not said:
        return field
    return html.Label([html.Span(said, className="sr"), field], className="ac-limit")


def _select(name: str, options: tuple[Option, ...], said: str = "") -> Component:
    rows = [html.Option(one.text, value=one.value, selected=one.chosen) for one in options]
    return html.Select(rows, name=name, **attrs({"aria-label": said} if said else {}))
