"""How far a KPI's number may be trusted: the level, and each reason with its figure."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.parts.bullets import range_bar
from layouts.parts.links import link
from layouts.parts.panels import panel
from layouts.parts.pills import confidence, status_word
from portal.readmodels.confidence import Confidence, Ground


def confidence_panel(told: Confidence) -> Component:
    """Return the panel; the worst reason stands first."""
    return panel(
        tr("Data confidence"),
        _sub(told),
        html.Div(_said(told)),
        pill=confidence(told.bars, told.word, whole=True),
        foot=link(tr("Data quality of all KPIs"), "/quality"),
        anchor="confidence",
    )


def _said(told: Confidence) -> list[Component]:
    grounds = html.Ul([_ground(one) for one in told.grounds], className="cf-list")
    drawn = [] if told.bar is None else [html.Div(range_bar(told.bar), className="cf-range")]
    words = [html.P(told.band, className="sub cf-band")] if told.band else []
    return [grounds, *drawn, *words]


def _sub(told: Confidence) -> str:
    if not told.bars:
        return tr("What is missing to tell it")
    return tr("How far the data behind this number can be trusted; the weakest line decides")


def _ground(one: Ground) -> Component:
    words: list[Component] = [html.Span(one.text)]
    if one.href:
        words.append(link(one.link, one.href))
    return html.Li([status_word(one.status), html.Div(words, className="cf-said")])
