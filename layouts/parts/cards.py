"""A KPI's card: the whole card is one link, read from the title to how sure the number is."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.parts.bullets import bullet
from layouts.parts.links import link
from layouts.parts.people import owners
from layouts.parts.pills import change, confidence, status_pill
from layouts.parts.sparks import sparkline
from layouts.still import drawn_once
from portal.readmodels.cards import KpiCard


@drawn_once
def kpi_card(card: KpiCard) -> Component:
    """Return one KPI as a card."""
    inside = [_head(card), _figure(card)]
    if card.note:
        inside.append(html.Div(card.note, className="kc-note"))
    if card.spark:
        inside.append(sparkline(card.spark))
    inside += _target(card)
    if card.bullet:
        inside.append(bullet(card.bullet))
    inside += _foot(card)
    return link(inside, card.href, "card kc")


def card_row(cards: Sequence[KpiCard]) -> Component:
    """Return four or five cards side by side; on a phone they are swiped."""
    return html.Div(
        [kpi_card(card) for card in cards],
        className="cards",
        style={"--n": len(cards)},
    )


def _head(card: KpiCard) -> Component:
    pill = [status_pill(card.status)] if card.status else []
    return html.Div([html.H2(card.title, className="kc-title"), *pill], className="kc-head")


def _figure(card: KpiCard) -> Component:
    if not card.value:
        return html.Div(card.absence, className="kc-absence")
    moved = [change(card.change)] if card.change else []
    return html.Div(
        [html.Span(_valued(card.value), className="kc-value"), *moved], className="kc-figure"
    )


def _valued(value: str) -> list[Component | str]:
    """Return a value with its word of a unit smaller: '16 min' has a large 16."""
    figure, space, unit = value.rpartition("\N{NO-BREAK SPACE}")
    if not space or not unit.isalpha():
        return [value]
    return [figure, html.Span(f"{space}{unit}", className="kc-unit")]


def _target(card: KpiCard) -> list[Component]:
    if not card.target and not card.attained:
        return []
    # The first word names what the figure is; the figure itself is what one looks for.
    word, space, figure = card.target.partition(" ")
    said = html.Span([f"{word}{space}", html.Strong(figure)])
    return [html.Div([said, html.Span(card.attained)], className="kc-target")]


def _foot(card: KpiCard) -> list[Component]:
    """Return who answers for the KPI, or what the number is compared with, above how sure it is."""
    if card.owners or (card.owners is not None and not card.foot):
        left = owners(card.owners) if card.owners else html.Span(tr("no owner"), className="muted")
        right = [_sure(card)] if card.confidence else _beside(card)
        return [html.Div([left, *right], className="kc-foot")]
    found: list[Component] = []
    if card.foot:
        pairs = [
            html.Span([html.Span(name, className="sub"), html.Strong(value)], className="stack")
            for name, value in card.foot
        ]
        found.append(html.Div(pairs, className="kc-foot kc-pairs"))
    if card.confidence:
        found.append(html.Div(_sure(card, whole=True), className="kc-sure"))
    return found


def _sure(card: KpiCard, *, whole: bool = False) -> Component:
    """Return the level; the worst that speaks against the number is read out, and on hovering."""
    told = confidence(*(card.confidence or (0, "")), whole=whole)
    if not card.doubt:
        return told
    return html.Span([told, html.Span(f" {card.doubt}", className="sr")], title=card.doubt)


def _beside(card: KpiCard) -> list[Component]:
    """Beside the owners there is room for the first of the pairs, in one line."""
    return [
        html.Span(
            [html.Span(f"{name} ", className="muted"), html.Strong(value)], className="kc-one"
        )
        for name, value in card.foot[:1]
    ]
