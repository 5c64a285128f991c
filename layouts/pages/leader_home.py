"""A sales leader's home: a finding, cards, the pipeline, the stages, the forecast, the team."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import mark, tr, trc
from layouts.charts.bars import funnel, waterfall
from layouts.pages.forecast_chart import forecast_chart
from layouts.parts.bullets import mini
from layouts.parts.cards import card_row
from layouts.parts.heads import finding, page_head, share
from layouts.parts.heat import heat_legend
from layouts.parts.links import link
from layouts.parts.panels import columns, panel
from layouts.parts.people import person
from layouts.parts.pills import status_pill, status_word
from layouts.parts.sparks import sparkline
from layouts.parts.states import state_empty
from layouts.parts.tables import Cell, Row, table, two_lines, view_as_table
from layouts.still import drawn_once
from portal.readmodels.cards import Tone
from portal.readmodels.leader_home import (
    FallPanel,
    ForecastPanel,
    FunnelPanel,
    JudgedRow,
    LeaderHome,
    TeamPanel,
    TeamRow,
)
from portal.readmodels.tables import Column, Kind

_FALL = (mark("Deals"), mark("Amount"), mark("Usual"))
_FUNNEL = (
    mark("Entered"),
    mark("Moved on"),
    mark("Usual"),
    mark("Days"),
    mark("Usual days"),
    mark("Now in it"),
)


def draw(home: LeaderHome) -> Component:
    """Return the page."""
    head = page_head(home.head, share())
    if home.empty:
        return html.Div([head, state_empty(tr("No team to show"), home.empty)], className="pg")
    parts: list[Component] = [head]
    if home.finding is not None:
        parts.append(finding(home.finding))
    if home.cards:
        parts.append(card_row(home.cards))
    if home.fall is not None and home.funnel is not None:
        parts.append(columns(_fall(home.fall), _funnel(home.funnel)))
    if home.forecast is not None:
        parts.append(_forecast(home.forecast))
    if home.team is not None:
        parts.append(_team(home.team))
    return html.Div(parts, className="pg")


@drawn_once
def _fall(said: FallPanel) -> Component:
    if said.chart is None:
        body = state_empty(tr("No pipeline to follow"), said.empty)
        return panel(said.title, "", body, anchor="pipeline")
    return panel(
        said.title,
        said.sub,
        waterfall(said.chart),
        foot=[
            _verdict(said.fact, said.rest),
            view_as_table(_figures(tr("Movement"), _FALL), said.table, said.title),
        ],
        anchor="pipeline",
    )


@drawn_once
def _funnel(said: FunnelPanel) -> Component:
    if said.chart is None:
        body = state_empty(tr("No stages to follow"), said.empty)
        return panel(tr("Stage funnel"), "", body, anchor="funnel")
    return panel(
        tr("Stage funnel"),
        said.sub,
        funnel(said.chart),
        foot=[
            _verdict(said.fact, said.rest),
            view_as_table(
                _figures(trc("stage of a deal", "Stage"), _FUNNEL), said.table, tr("Stage funnel")
            ),
        ],
        anchor="funnel",
    )


def _figures(first: str, others: tuple[str, ...]) -> list[Column]:
    return [Column(first), *(Column(tr(text), number=True) for text in others)]


def _verdict(fact: str, rest: str) -> Component:
    return html.Span([html.Strong(fact), f" {rest}"])


@drawn_once
def _forecast(said: ForecastPanel) -> Component:
    if said.empty:
        body = state_empty(tr("Nothing to forecast"), said.empty)
        return panel(said.title, "", body, anchor="forecast")
    chart: Component = (
        state_empty(
            tr("Nothing won or promised yet"), tr("The line begins with the first won deal.")
        )
        if said.chart is None
        else forecast_chart(said.chart)
    )
    left = html.Div([html.H3(tr("Won, submitted and expected")), chart], className="fc-side")
    right = html.Div([html.H3(tr("How good were earlier forecasts?")), *_judged(said)])
    return panel(
        said.title,
        said.sub,
        html.Div([left, right], className="fc-cols"),
        pill=status_pill(said.pill) if said.pill is not None else None,
        foot=[_verdict(said.fact, said.rest), html.Span(said.plain)],
        anchor="forecast",
    )


def _judged(said: ForecastPanel) -> list[Component]:
    if not said.rows:
        why = tr("It takes a closed quarter with forecasts, and deals won in it.")
        return [state_empty(tr("No earlier forecast to compare"), why)]
    rows = [_judged_row(row) for row in said.rows]
    heads = (
        Column(tr("Before the end")),
        Column(tr("Accuracy")),
        Column(tr("Model"), number=True, phone=False),
        Column(tr("Bias"), number=True),
    )
    drawn = table(heads, rows, caption=tr("Accuracy of earlier forecasts"), classes="tb-plain")
    return [html.P(said.judged, className="sub"), drawn]


def _judged_row(row: JudgedRow) -> tuple[Cell, ...]:
    tick = None if row.tick is None else row.tick / 100
    bar = mini(
        row.width / 100,
        tick,
        tr("{accuracy}, model {model}", accuracy=row.accuracy, model=row.model),
    )
    tone = "" if row.tone is Tone.NEUTRAL else f"flag {row.tone}"
    return (
        row.before,
        html.Span([bar, html.Strong(f" {row.accuracy}")], className="fc-acc"),
        row.model,
        html.Span(row.bias, className=tone),
    )


@drawn_once
def _team(said: TeamPanel) -> Component:
    if said.empty:
        return panel(
            tr("Team performance"), "", state_empty(tr("No team yet"), said.empty), anchor="team"
        )
    rows = [_team_row(row) for row in said.rows]
    drawn = table(said.columns, rows, caption=tr("Team performance"), classes="tb-scroll")
    return panel(tr("Team performance"), said.sub, drawn, pill=heat_legend(), anchor="team")


def _team_row(row: TeamRow) -> Row:
    if row.kind is Kind.GROUP:
        return Row((row.name,), row.kind)
    name: Cell
    if row.person:
        name = person(row.name, row.sub)
    elif row.href:
        name = two_lines(link(row.name, row.href, "tb-link"), row.sub)
    else:
        name = two_lines(row.name, row.sub) if row.sub else row.name
    spark = sparkline(row.spark, height=26, filled=False) if row.spark is not None else ""
    flag = status_word(row.flag) if row.flag is not None else ""
    return Row((name, *row.cells, spark, flag), row.kind)
