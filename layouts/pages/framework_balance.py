"""The top of the framework check: the score, the balance of classes, the matrix of coverage."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import mark, tr
from layouts.parts.attributes import attrs
from layouts.parts.icons import class_icon, icon
from layouts.parts.links import hidden
from layouts.parts.sparks import sparkline
from portal.readmodels.framework_check import ClassBar, CoverCell, CoverRow, FrameworkCheck

_OUTSIDE = {"above": mark(", above the band"), "below": mark(", below the band")}
_SPARK_HEIGHT = 40
_GAPS = {"asked": "fc-cell fc-asked", "waived": "fc-cell fc-let"}


def score(page: FrameworkCheck) -> Component:
    """Return the score with its line and how far it moved."""
    figure = html.P(
        [
            html.Strong(page.score, className="fc-score"),
            html.Span(" " + tr("of 100"), className="sub"),
        ]
    )
    arrow = {True: "arrow-up-right", False: "arrow-down-right"}
    sign = [icon(arrow[page.rose])] if page.rose is not None else []
    moved = html.P([*sign, html.Strong(page.change), f"; {page.possible}"], className="fc-moved")
    return html.Section(
        [
            html.H3(tr("Framework score"), className="fc-h"),
            figure,
            sparkline(page.spark, height=_SPARK_HEIGHT),
            moved,
        ]
    )


def balance(page: FrameworkCheck) -> Component:
    """Return the classes as bars, with the band that each should end in."""
    low, high = page.band
    ends = [f"{end:.0%}".replace("%", "\N{NO-BREAK SPACE}%") for end in (low, high)]
    words = tr("Dashed: {low} to {high} each.", low=ends[0], high=ends[1]) + " "
    warned = (
        [icon("exclamation-triangle-fill", "watch"), html.Strong(page.balance_note)]
        if page.balance_note
        else []
    )
    return html.Section(
        [
            html.H3(page.balance_title, className="fc-h"),
            html.Div([_bar(one, page.band) for one in page.bars], className="fc-bars"),
            html.P([words, *warned], className="fc-note"),
        ]
    )


def _bar(one: ClassBar, band: tuple[float, float]) -> Component:
    low, high = band
    fill = html.Span(
        className="fc-fill out" if one.outside else "fc-fill",
        style={"width": f"{one.filled * 100:.1f}%"},
    )
    place = {"left": f"{low * 100:.0f}%", "width": f"{(high - low) * 100:.0f}%"}
    told = tr(_OUTSIDE.get(one.outside, ""))
    return html.Div(
        [
            html.Span([class_icon(one.name), html.Span(one.name)], className="fc-class"),
            html.Span(
                [fill, html.Span(className="fc-band", style=place)],
                className="fc-track",
                **attrs({"aria-hidden": "true"}),
            ),
            html.Strong(one.count, className="fc-n"),
            html.Span([one.share, hidden(told)], className="sub fc-n"),
        ],
        className="fc-bar",
    )


def coverage(page: FrameworkCheck) -> Component:
    """Return how many KPIs each stage has of each class."""
    head = html.Tr(
        [html.Td(), *(html.Th(stage, scope="col", className="sub") for stage in page.stages)]
    )
    drawn = html.Table(
        [
            html.Caption(tr("KPIs of each class in each stage"), className="sr"),
            html.Thead(head),
            html.Tbody([_row(row) for row in page.rows]),
        ],
        className="fc-matrix",
    )
    note = (
        [icon("exclamation-triangle-fill", "watch"), html.Span(page.cover_note)]
        if page.cover_note
        else [tr("No cell is empty.")]
    )
    return html.Section(
        [
            html.Div(
                [
                    html.H3(tr("Coverage of stages, KPIs in each"), className="fc-h grow"),
                    html.Span(page.goals_note, className="sub"),
                ],
                className="fc-head-2",
            ),
            html.Div(
                drawn,
                className="fc-matrix-in",
                tabIndex=0,
                role="region",
                **attrs({"aria-label": tr("Coverage, stage by stage")}),
            ),
            html.P(note, className="fc-note"),
        ]
    )


def _row(row: CoverRow) -> Component:
    name = html.Th(row.name, scope="row", className="sub")
    return html.Tr([name, *(html.Td(_cell(one)) for one in row.cells)])


def _cell(one: CoverCell) -> Component:
    classes = _GAPS.get(one.gap, f"fc-cell fc-deep-{one.level}")
    mark = [html.Strong("! ", **attrs({"aria-hidden": "true"}))] if one.gap == "asked" else []
    return html.Span([*mark, one.text], className=classes, title=one.title)
