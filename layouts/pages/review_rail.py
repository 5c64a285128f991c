"""The rail of a review and the frozen number at its top."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.charts.template import drawn
from layouts.charts.trends import xmr
from layouts.parts.attributes import attrs
from layouts.parts.bullets import bullet, mini
from layouts.parts.icons import icon
from layouts.parts.links import hidden, link
from layouts.parts.panels import panel
from layouts.parts.people import owners
from layouts.parts.pills import confidence, status_pill
from layouts.parts.states import absence
from layouts.parts.stepper import stepper
from layouts.parts.tables import view_as_table
from portal.readmodels.cards import Tone
from portal.readmodels.reviews import FactLine, FrozenNumber, Rail, RailGroup, RailRow
from portal.readmodels.tables import Column

_HEIGHT = 236
_MOST_STEPS = 12


def rail_panel(rail: Rail) -> Component:
    """Return the person's KPIs by what is needed next, and how far the whole review is."""
    part = rail.whole_done / rail.whole_total if rail.whole_total else 0.0
    told = tr("{done} of {total} KPIs", done=rail.whole_done, total=rail.whole_total)
    return html.Nav(
        [
            html.Div(
                [html.H2(rail.title), html.Span(_done(rail.done, rail.total))],
                className="rv-rail-head",
            ),
            _progress(rail.done, rail.total),
            *[_group(group) for group in rail.groups],
            html.Div(
                [
                    html.Div(
                        [html.Strong(tr("Whole review")), html.Span(told)], className="rv-rail-head"
                    ),
                    mini(part, None, told),
                    html.P(rail.foot, className="sub"),
                ],
                className="rv-whole",
            ),
        ],
        className="card rv-rail",
        **attrs({"aria-label": tr("KPIs of this review")}),
    )


def _done(done: int, total: int) -> str:
    return tr("{done} of {total} done", done=done, total=total)


def _progress(done: int, total: int) -> Component:
    if total > _MOST_STEPS:
        return mini(done / total, None, _done(done, total))
    return html.Div(stepper(done, total), className="rv-steps")


def _group(group: RailGroup) -> Component:
    head = html.Div([html.H3(group.title), html.Span(str(len(group.rows)))], className="rv-group")
    return html.Div([head, html.Ul([html.Li(_row(row)) for row in group.rows])])


def _row(row: RailRow) -> Component:
    tone = "" if row.tone is Tone.NEUTRAL else row.tone
    words = [html.Span(row.name, className="rv-name"), html.Span(row.sub, className="sub")]
    inside = [
        icon(row.icon, f"rv-sign {tone}".rstrip()),
        html.Span(
            [*words, *([hidden(tr("this one"))] if row.chosen else [])], className="stack grow"
        ),
        html.Span(row.value, className="rv-figure"),
    ]
    return link(inside, row.href, "rv-row on" if row.chosen else "rv-row")


def number_panel(number: FrozenNumber, *, named: bool = False) -> Component:
    """Return the frozen number: value and target, chart, and what it is against.

    Where the page is `named` after the KPI, the panel begins with its question.
    """
    more = [link(tr("KPI page") + " \N{RIGHTWARDS ARROW}", number.href)] if number.href else []
    body = html.Div(
        [
            html.Div(_value(number), className="rv-value"),
            html.Div(_chart(number), className="rv-chart"),
            html.Dl([part for fact in number.facts for part in _fact(fact)], className="rv-facts"),
        ],
        className="rv-number",
    )
    foot: list[Component] = [html.Span(number.stamp, className="grow")]
    if number.chart is not None:
        columns = [Column(tr("Period")), Column(tr("Value"), number=True)]
        names = zip(number.chart.names, number.chart.texts, strict=True)
        rows = [[name, text] for name, text in reversed(list(names))]
        foot.append(view_as_table(columns, rows, tr("The periods as frozen, the newest first")))
    pill = [status_pill(number.status), *more]
    words = (number.question, "") if named and number.question else (number.title, number.question)
    return panel(*words, body, pill=pill, foot=foot, anchor="number")


def _value(number: FrozenNumber) -> list[Component]:
    found: list[Component] = []
    if number.absence:
        found.append(absence(number.absence))
    else:
        found.append(html.Div(number.value, className="rv-large"))
    if number.beside:
        found.append(html.P(number.beside, className="sub"))
    if number.target:
        words = [html.Strong(number.target), html.Span(number.attained)]
        found.append(html.Div(words, className="rv-target"))
    if number.bullet is not None:
        found.append(bullet(number.bullet))
    if number.owners:
        found.append(html.Div(owners(number.owners), className="rv-owners"))
    if number.confidence is not None:
        sure = [confidence(*number.confidence, whole=True)]
        if number.doubt:
            sure.append(html.P(number.doubt, className="sub"))
        found.append(html.Div(sure, className="rv-sure"))
    return found


def _chart(number: FrozenNumber) -> list[Component]:
    if number.chart is None:
        return []
    return [
        drawn(xmr(number.chart, height=_HEIGHT), number.summary, height=_HEIGHT),
        html.P(number.chart_sub, className="sub"),
    ]


def _fact(fact: FactLine) -> list[Component]:
    tone = "" if fact.tone is Tone.NEUTRAL else fact.tone
    return [html.Dt(fact.name), html.Dd(fact.text, className=str(tone))]
