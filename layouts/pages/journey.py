"""The customer's journey as a map: chevrons for stages, what goes on between them, tiles below."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr, trc
from layouts.pages.framework_check import at_the_foot
from layouts.parts.attributes import attrs
from layouts.parts.heads import finding, page_head, share
from layouts.parts.heat import BAD_LEVELS, heat_legend
from layouts.parts.icons import class_icon, icon
from layouts.parts.links import fetch, hidden, link
from layouts.parts.panels import panel
from layouts.parts.pills import ICONS, change
from layouts.parts.sparks import sparkline
from layouts.parts.states import state_empty
from layouts.still import drawn_once
from portal.readmodels.cards import Status
from portal.readmodels.journey import Column, Journey, Lane, Passage, Tile, Weakest

_SPARK_HEIGHT = 30


def draw(journey: Journey) -> Component:
    """Return the page."""
    parts: list[Component] = [page_head(journey.head, share())]
    if journey.empty is not None:
        empty = journey.empty
        parts.append(state_empty(empty.title, empty.why, empty.link, empty.href))
        return html.Div(parts, className="pg")
    if journey.finding is not None:
        parts.append(finding(journey.finding))
    parts.append(
        panel(
            tr("From first visit to loyal customer"),
            journey.sub,
            [_map(journey), _below(journey)],
            pill=heat_legend(tr("> 105 % of targets")),
            anchor="map",
        )
    )
    if journey.check is not None:
        parts.append(at_the_foot(journey.check))
    return html.Div(parts, className="pg")


def _map(journey: Journey) -> Component:
    columns = [_column(one, at) for at, one in enumerate(journey.columns)]
    between = [_passage(one, at) for at, one in enumerate(journey.passages)]
    return html.Div(
        html.Div([*columns, *between], className="jr", style={"--n": len(journey.columns)}),
        className="jr-wrap",
        tabIndex=0,
        role="region",
        **attrs({"aria-label": tr("The journey, stage by stage")}),
    )


@drawn_once
def _column(column: Column, at: int) -> Component:
    more = [link(column.more, column.more_href, "link")] if column.more else []
    weak = [html.Span([icon("geo-alt-fill"), tr("Weakest stage")], className="jr-pin bad")]
    foot = html.Div([*more, *(weak if column.weakest else [])], className="jr-foot")
    return html.Section(
        [_chevron(column), html.Div(className="jr-gap"), *map(_tile, column.tiles), foot],
        className="jr-col weak" if column.weakest else "jr-col",
        style={"gridColumn": f"{at + 1}"},
        **attrs({"aria-label": column.name}),
    )


def _chevron(column: Column) -> Component:
    heat = "heat-none" if column.level is None else f"heat-{column.level}"
    down = column.level is not None and column.level < BAD_LEVELS
    mark = [html.Span("▾ ", **attrs({"aria-hidden": "true"}))] if down else []
    said = [hidden(tr(", the weakest stage"))] if column.weakest else []
    inside = html.Div(
        [
            html.H3([column.name, *said]),
            html.Span(column.volume, className="jr-volume"),
            html.Span([*mark, html.Strong(column.attained)], className="jr-share"),
        ],
        className=f"jr-chev-in {heat}",
    )
    return html.Div(inside, className="jr-chev")


def _passage(passage: Passage, at: int) -> Component:
    moved = [change(passage.change)] if passage.change is not None else []
    figure = html.Span([html.Strong(passage.value), *moved], className="jr-pill")
    words = html.Span(passage.words, className="jr-words")
    inside: list[Component | str] = [figure, words]
    drawn = (
        link(inside, passage.href, "jr-pass-in", passage.title)
        if passage.href
        else html.Span(inside, className="jr-pass-in", title=passage.title)
    )
    return html.Div(
        drawn,
        className="jr-pass weak" if passage.weak else "jr-pass",
        style={"gridColumn": f"{at + 1} / span 2"},
    )


@drawn_once
def _tile(tile: Tile) -> Component:
    if not tile.name:
        fix = [fetch(tile.fix, tile.fix_href, "link")] if tile.fix_href else []
        waived = [html.Span(tile.waived)] if tile.waived else []
        return html.Div([html.Span(tile.gap), *fix, *waived], className="jr-tile jr-empty")
    kind = html.Span([class_icon(tile.kind), html.Span(tile.kind)], className="jr-kind")
    head = html.Span([kind, *_word(tile.status)], className="jr-tile-head")
    value = (
        html.Span(tile.value, className="jr-value")
        if tile.value
        else html.Span(tile.absence, className="absence")
    )
    line = [sparkline(tile.spark, height=_SPARK_HEIGHT)] if tile.spark and tile.value else []
    return link(
        [
            head,
            html.Span(tile.name, className="jr-name"),
            html.Span([value, *line], className="jr-figure"),
            html.Span(tile.target or tr("No target"), className="sub"),
        ],
        tile.href,
        "jr-tile",
    )


def _word(status: Status | None) -> list[Component]:
    """Return a status in the least words: a tile has no room for 'On target'."""
    word = tr(status.word) if status is not None else ""
    if status is None or word == tr("No target"):
        return []
    short = {
        tr("On target"): trc("on target, in the least words", "On"),
        tr("Off target"): trc("off target, in the least words", "Off"),
    }
    mark = icon(status.icon or ICONS[status.tone])
    return [html.Span([mark, html.Span(short.get(word, word))], className=f"flag {status.tone}")]


def _below(journey: Journey) -> Component:
    if journey.weakest is not None:
        left = _weakest(journey.weakest)
    else:
        more = [link(tr("Set targets"), journey.hint_href, "link")] if journey.hint_href else []
        left = html.Section([html.P([journey.hint, " ", *more])], className="jr-weak jr-hint")
    return html.Div([left, _lane(journey.lane)], className="jr-below")


def _weakest(weakest: Weakest) -> Component:
    pairs = [
        html.Div(
            [
                link(one.name, one.href, "tb-link sub"),
                html.Span(
                    [
                        html.Span(f"{one.before} → " if one.before else "", className="muted"),
                        html.Strong(one.now),
                    ]
                ),
            ],
            className="stack",
        )
        for one in weakest.moved
    ]
    return html.Section(
        [
            html.Div(
                [
                    icon("geo-alt-fill", "bad"),
                    html.H3(weakest.title, className="grow"),
                    link(tr("Open the KPI"), weakest.href, "link"),
                ],
                className="jr-weak-head",
            ),
            html.P(weakest.text, className="muted"),
            html.Div(pairs, className="jr-moved"),
        ],
        className="jr-weak",
    )


@drawn_once
def _lane(lane: Lane) -> Component:
    heat = "heat-none" if lane.level is None else f"heat-{lane.level}"
    share_ = [html.Span(lane.attained, className=f"jr-lane-share {heat}")] if lane.attained else []
    tiles = [_tile(one) for one in lane.tiles]
    if not tiles:
        why = tr("Not yours to see") if lane.hidden else tr("No service KPI has a number here")
        tiles = [html.Div(why, className="jr-tile jr-empty")]
    return html.Section(
        [
            html.Div(
                [html.H3(lane.name), html.Span(lane.sub, className="sub grow"), *share_],
                className="jr-lane-head",
            ),
            html.Div(tiles, className="jr-lane-tiles"),
        ],
        className="jr-lane",
        **attrs({"aria-label": tr("Service")}),
    )
