"""A trend panel: the sentence, the lines, and the figures as a table."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.charts.template import drawn
from layouts.charts.trends import lines
from layouts.parts.links import link
from layouts.parts.panels import panel
from layouts.parts.states import absence
from layouts.parts.tables import Row, view_as_table
from portal.readmodels.charts import LineChart
from portal.readmodels.company import Trend
from portal.readmodels.tables import Column

_HEIGHT = 240


def trend_panel(trend: Trend) -> Component:
    """Return the panel; without numbers it says why there is nothing to draw."""
    if trend.chart is None:
        return panel(trend.title, "", absence(trend.absence), anchor=trend.key)
    figure = drawn(lines(trend.chart, height=_HEIGHT), trend.summary, height=_HEIGHT)
    said = html.P(trend.summary, className="pn-said")
    return panel(
        trend.title,
        trend.sub,
        [said, figure, _figures(trend.chart, trend.title)],
        pill=link(tr("Open the KPI"), trend.href, "link"),
        anchor=trend.key,
    )


def _figures(chart: LineChart, caption: str) -> Component:
    columns = [Column(tr("Month")), *(Column(one.name, number=True) for one in chart.series)]
    rows = [
        Row([name, *(one.texts[at] for one in chart.series)]) for at, name in enumerate(chart.names)
    ]
    return view_as_table(columns, [row.cells for row in rows], caption)
