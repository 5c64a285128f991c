"""What a definition gives while it is built: number, trend, opinions, data, records, YAML."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr, trc
from layouts.parts.attributes import attrs
from layouts.parts.bullets import per_cent
from layouts.parts.icons import icon
from layouts.parts.links import link, outward
from layouts.parts.menus import menu
from layouts.parts.panels import facts, panel
from layouts.parts.pills import change, status_word
from layouts.parts.states import state_empty
from layouts.parts.tables import Cell, Row, table, two_lines, view_as_table
from portal.readmodels.builder import (
    BuilderPage,
    Impact,
    NeedRow,
    Note,
    Sample,
    Trial,
    TrialBar,
)
from portal.readmodels.cards import Choice, Menu
from portal.readmodels.tables import Column


def trial_panel(page: BuilderPage) -> Component:
    """Return the number and its trend, or what is still needed for them."""
    trial = page.trial
    if trial is None:
        empty = state_empty(tr("No number yet"), page.trial_absence)
        return panel(tr("Preview"), "", empty, anchor="preview")
    scopes = (
        menu(
            Menu(
                tr("Whose"), next(c.text for c in trial.scopes if c.chosen), "funnel", trial.scopes
            )
        )
        if any(one.chosen for one in trial.scopes)
        else None
    )
    return panel(tr("Preview"), trial.sub, trial_body(trial), pill=scopes, anchor="preview")


def trial_body(trial: Trial) -> list[Component]:
    """Return value, change, bars and formula."""
    figure = (
        html.Span(trial.value, className="kc-value")
        if trial.value
        else html.Span(trial.absence, className="absence")
    )
    head = html.Div(
        [
            html.Div(trial.title, className="sub"),
            html.Div(
                [figure, *([change(trial.change)] if trial.change else [])], className="kb-figure"
            ),
        ]
    )
    formula = html.Div(
        [html.Span(tr("Formula"), className="sub"), html.P(trial.formula, className="kb-formula")]
    )
    return [head, bars(trial.bars, trial.summary), as_table(trial.bars), formula]


def bars(listed: Sequence[TrialBar], summary: str) -> Component:
    """Return a bar for each period; beside it, pale, what it is by the definition that holds."""
    drawn = [_bar(one) for one in listed]
    return html.Div(drawn, className="kb-bars", role="img", **attrs({"aria-label": summary}))


def _bar(one: TrialBar) -> Component:
    both: list[Component] = []
    if one.old:
        both.append(_column(one.old_filled, "kb-bar kb-old"))
    both.append(_column(one.filled, "kb-bar"))
    title = (
        tr("{period}: {old} before, {new} now", period=one.period, old=one.old, new=one.value)
        if one.old
        else f"{one.period}: {one.value}"
    )
    return html.Div(
        [html.Div(both, className="kb-pair"), html.Span(one.label, className="kb-tick")],
        className="kb-col",
        title=title,
    )


def _column(filled: float | None, classes: str) -> Component:
    if filled is None:
        return html.Span(className=f"{classes} kb-none")
    return html.Span(className=classes, style={"height": per_cent(max(filled, 0.01))})


def as_table(listed: Sequence[TrialBar]) -> Component:
    """Return the bars as a table below them."""
    if any(one.old for one in listed):
        columns = (
            Column(tr("Period")),
            Column(tr("Before"), number=True),
            Column(tr("After"), number=True),
            Column(trc("how far a number moved", "Change"), number=True),
            Column(tr("Status")),
        )
        rows: list[list[Cell]] = [
            [one.period, one.old, one.value, one.change, one.crossed] for one in reversed(listed)
        ]
        return view_as_table(columns, rows, tr("Before and after, newest first"))
    plain = (Column(tr("Period")), Column(tr("Value"), number=True), Column(tr("n"), number=True))
    told: list[list[Cell]] = [[one.period, one.value, one.n] for one in reversed(listed)]
    return view_as_table(plain, told, tr("Values, newest first"))


def notes_panel(notes: Sequence[Note]) -> Component:
    """Return what is missing, wrong or unwise."""
    rows = [
        html.Li([status_word(one.status), html.Span(one.text)], className="kb-note")
        for one in notes
    ]
    return panel(
        tr("Check"), tr("Missing, wrong, or worth a thought."), html.Ul(rows, className="kb-notes")
    )


def data_panel(needs: Sequence[NeedRow]) -> Component:
    """Return the columns that the KPI stands on."""
    rows = [
        [
            two_lines(one.column, f"{one.records}{', ' if one.fresh else ''}{one.fresh}"),
            html.Strong(one.share),
            status_word(one.status) if one.status else "",
        ]
        for one in needs
    ]
    heads = (Column(tr("Column")), Column(tr("Filled"), number=True), Column("", says=False))
    body = table(heads, rows, caption=tr("The data it needs"), classes="tb-plain")
    return panel(tr("Data that it needs"), tr("How many of the records have each column."), body)


def sample_panel(sample: Sample) -> Component:
    """Return the first records behind the last period."""
    if sample.empty:
        return panel(sample.title, sample.sub, state_empty(tr("No records"), sample.empty))
    columns = [
        *(
            Column(text, number=place in sample.numbers)
            for place, text in enumerate(sample.columns)
        ),
        Column(tr("CRM record"), number=True),
    ]
    rows = [
        Row(
            [
                row.cells[0] or row.key,
                *row.cells[1:],
                outward(row.key, row.href) if row.href else row.key,
            ]
        )
        for row in sample.rows
    ]
    return panel(sample.title, sample.sub, table(columns, rows, caption=sample.title))


def yaml_panel(text: str, title: str = "") -> Component:
    """Return the YAML under a heading that opens it."""
    head = title or tr("For analysts: the definition as YAML")
    copy = html.Button(
        [
            icon("link-45deg"),
            html.Span(tr("Copy"), className="not-done"),
            html.Span(tr("Copied"), className="done"),
        ],
        type="button",
        className="btn btn-sm",
        **attrs({"data-copy-from": "kb-yaml"}),
    )
    code = html.Pre(text, id="kb-yaml", className="kp-sql kb-yaml", tabIndex=0)
    inside = [html.Summary(html.Span(head, className="link")), html.Div([copy, code])]
    return html.Details(inside, className="card pn kb-details")


def impact_panel(impact: Impact) -> Component:
    """Return what a change would move."""
    rows = [
        (
            name,
            [
                *(part for at, one in enumerate(links) for part in _named(one, at)),
                *([words] if words else []),
            ],
        )
        for name, links, words in impact.facts
    ]
    drawn = [bars(impact.bars, impact.finding), as_table(impact.bars)] if impact.bars else []
    foot = [
        html.Span(
            tr(
                "To tell old and new side by side until a day, build the change as a KPI of its own"
                " and retire the old one with it as successor."
            ),
            className="grow",
        ),
        link(tr("See the catalogue"), "/framework/catalogue"),
    ]
    told = html.P(html.Strong(impact.finding), className="kb-finding")
    return panel(
        tr("What this changes"),
        impact.sub,
        [told, *drawn, facts(*rows)],
        foot=foot,
        anchor="impact",
    )


def _named(one: Choice, at: int) -> list[Component | str]:
    comma: list[Component | str] = [", "] if at else []
    return [*comma, link(one.text, one.href)]
