"""The KPI builder: a form on the left, and on the right what it gives while it is filled in.

It is one plain form: every button sends all of it, so that nothing typed is lost, with or without
script.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.pages.builder_preview import (
    data_panel,
    impact_panel,
    notes_panel,
    sample_panel,
    trial_panel,
    yaml_panel,
)
from layouts.parts.attributes import attrs
from layouts.parts.heads import notice, page_head, refusal
from layouts.parts.icons import icon
from layouts.parts.links import hidden, link
from layouts.parts.panels import panel, stacked
from portal.readmodels.builder import (
    BuilderPage,
    ConditionRow,
    Conditions,
    Field,
    KindCard,
    Option,
    Section,
)

_REASON = 1000
_ENTER = "kb-enter"


def draw(page: BuilderPage, csrf: str) -> Component:
    """Return the page; every button of its form carries the token."""
    told = [notice("check-circle", page.said)] if page.said else []
    if page.refused:
        told.append(refusal(page.refused))
    form = html.Form(
        [
            # The first button is what the Enter key presses: it saves and moves nothing.
            _step(page, csrf, "save", tr("Update"), _ENTER),
            _kinds(page, csrf),
            *(_section(page, section, csrf) for section in page.sections),
            _end(page, csrf),
        ],
        action=f"{page.action}/save",
        method="POST",
        className="stacked kb-form",
        **attrs({"data-kb": "", "aria-label": tr("Definition")}),
    )
    beside: list[Component] = [trial_panel(page), notes_panel(page.notes)]
    if page.needs:
        beside.append(data_panel(page.needs))
    below: list[Component] = []
    if page.impact is not None:
        below.append(impact_panel(page.impact))
    if page.sample is not None:
        below.append(sample_panel(page.sample))
    if page.yaml:
        below.append(yaml_panel(page.yaml))
    body = html.Div([form, html.Div(stacked(*beside), className="kb-side")], className="kb")
    return html.Div([page_head(page.head, *_drafts(page)), *told, body, *below], className="pg")


def _drafts(page: BuilderPage) -> list[Component]:
    if not page.drafts:
        return []
    count = len(page.drafts)
    rows = [link(one.text, one.href, "menu-row") for one in page.drafts]
    button = html.Summary(
        [
            icon("pencil"),
            html.Span(tr("Your draft") if count == 1 else tr("Your {count} drafts", count=count)),
            icon("chevron-down", "i-sm"),
        ],
        className="btn",
    )
    menu = html.Details([button, html.Div(rows, className="menu-list")], className="menu")
    return [menu]


def _step(page: BuilderPage, csrf: str, step: str, inside: Any, classes: str) -> Component:  # noqa: ANN401 - whatever stands in a button
    # What Enter presses is seen by nobody, so the keyboard does not stop there.
    more = attrs({"tabIndex": -1}) if classes == _ENTER else {}
    if step.startswith("kind-"):
        more = attrs({"aria-pressed": "true" if classes.endswith(" on") else "false"})
    return html.Button(
        inside,
        type="submit",
        name="csrf_token",
        value=csrf,
        formAction=f"{page.action}/{step}",
        className=classes,
        **more,
    )


def _kinds(page: BuilderPage, csrf: str) -> Component:
    cards = [_kind(page, card, csrf) for card in page.kinds]
    field = dcc.Input(
        type="hidden", name="kind", value=next((c.step[5:] for c in page.kinds if c.chosen), "")
    )
    body = html.Div([field, html.Div(cards, className="kb-kinds", role="group")])
    return panel(tr("What do you want to know?"), tr("The kind of number."), body)


def _kind(page: BuilderPage, card: KindCard, csrf: str) -> Component:
    inside = [
        html.Span(
            [icon("check-circle-fill", "i-sm")] if card.chosen else [icon("circle", "i-sm")],
            className="kb-mark",
        ),
        html.Span(
            [
                html.Strong(card.name),
                html.Span(card.says, className="sub"),
                *([hidden(tr(", chosen"))] if card.chosen else []),
            ],
            className="stack",
        ),
    ]
    return _step(page, csrf, card.step, inside, "kb-kind on" if card.chosen else "kb-kind")


def _section(page: BuilderPage, section: Section, csrf: str) -> Component:
    fields = html.Div([field(one) for one in section.fields], className="kb-fields")
    rows = [_conditions(page, one, csrf) for one in section.conditions]
    return panel(section.title, section.sub, [fields, *rows])


def field(one: Field) -> Component:
    """Return a field with its label, its hint, and what is wrong with it."""
    name = f"kb-{one.name}"
    under: list[Component] = []
    if one.error:
        under.append(
            html.Span(
                [icon("exclamation-circle-fill", "i-sm"), html.Span(one.error)],
                className="kb-error",
                id=f"{name}-error",
            )
        )
    elif one.hint:
        under.append(html.Span(one.hint, className="kb-hint"))
    inside = [html.Label(one.label, htmlFor=name), control(one), *under]
    classes = " ".join(
        word
        for word, on in (("kb-field", True), ("kb-wide", one.wide), ("kb-bad", bool(one.error)))
        if on
    )
    return html.Div(inside, className=classes)


def control(one: Field, label: str = "") -> Component:
    """Return what is filled in: a choice, a line, or an area of text."""
    said = {"aria-label": label} if label else {}
    told: dict[str, Any] = {"id": f"kb-{one.name}", "name": one.name}
    if one.options:
        more = {"data-kb-submits": ""} if one.submits else {}
        return html.Select(_options(one.options), **told, **attrs({**said, **more}))
    if one.area:
        return html.Textarea(one.value, rows=4, maxLength=str(one.longest), **told, **attrs(said))
    if one.fixed:
        hidden_field = dcc.Input(type="hidden", name=one.name, value=one.value)
        return html.Div([html.Code(one.value), hidden_field], className="kb-fixed", id=told["id"])
    return dcc.Input(
        type="text", value=one.value, maxLength=one.longest, autoComplete="off", **told
    )


def _options(options: Sequence[Option]) -> list[Component]:
    drawn: list[Component] = []
    for group, listed in groupby(options, key=lambda one: one.group):
        rows = [html.Option(one.text, value=one.value, selected=one.chosen) for one in listed]
        drawn += [html.Optgroup(rows, label=group)] if group else rows
    return drawn


def _conditions(page: BuilderPage, one: Conditions, csrf: str) -> Component:
    rows = [_condition(page, row, csrf) for row in one.rows]
    add = [icon("plus-lg", "i-sm"), html.Span(tr("Add a condition"))]
    button = [_step(page, csrf, one.add, add, "btn btn-sm")] if one.add else []
    error = [html.Span(one.error, className="kb-error")] if one.error else []
    empty = tr("Every record counts.") if one.optional else tr("Nothing is asked yet.")
    none = [] if rows else [html.P(empty, className="kb-hint")]
    return html.Fieldset(
        [html.Legend(one.title), *rows, *none, *error, *button], className="kb-conditions"
    )


def _condition(page: BuilderPage, row: ConditionRow, csrf: str) -> Component:
    cells: list[Component] = [control(row.column, row.column.label)]
    if row.ask is not None:
        cells.append(control(row.ask, row.ask.label))
    cells += [_value(value) for value in row.values]
    drop = [icon("x-lg", "i-sm"), hidden(tr("Take this condition out"))]
    cells.append(_step(page, csrf, row.drop, drop, "btn btn-sm kb-drop"))
    under = [html.Span(row.error, className="kb-error")] if row.error else []
    hints = [html.Span(one.hint, className="kb-hint") for one in row.values if one.hint]
    return html.Div([html.Div(cells, className="kb-row"), *(under or hints)])


def _value(one: Field) -> Component:
    return html.Div(
        [html.Label(one.label, htmlFor=f"kb-{one.name}", className="sr"), control(one)],
        className="kb-value",
    )


def _end(page: BuilderPage, csrf: str) -> Component:
    buttons = [_step(page, csrf, "save", tr("Save and update"), "btn")]
    if page.proposes:
        buttons.insert(0, _step(page, csrf, "propose", tr("Propose it"), "btn btn-primary"))
        buttons.append(_step(page, csrf, "discard", tr("Throw away"), "btn"))
    if page.forks:
        buttons.append(_step(page, csrf, "fork", tr("Make it a KPI of its own"), "btn"))
    reason = [
        html.Label(tr("Why it is needed"), htmlFor="kb-reason"),
        html.Textarea(page.reason, id="kb-reason", name="reason", rows=3, maxLength=str(_REASON)),
    ]
    sub = tr("An analyst looks at what you propose, and activates it or says why not.")
    body = html.Div(
        [
            html.Div(reason, className="kb-field kb-wide"),
            html.Div(buttons, className="kb-buttons"),
        ]
    )
    return panel(tr("Propose"), sub, body)
