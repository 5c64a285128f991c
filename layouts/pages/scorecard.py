"""The scorecard: goals with their KPIs, a cell of heat for each period, exceptions first."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr, trc, trn
from layouts.parts.guards import guard_notices
from layouts.parts.heads import finding, page_head, share
from layouts.parts.heat import heat_legend
from layouts.parts.icons import icon
from layouts.parts.links import fetch, link
from layouts.parts.panels import panel
from layouts.parts.people import owners
from layouts.parts.pills import change, status_pill, status_word, tag
from layouts.parts.sparks import sparkline
from layouts.parts.states import state_empty
from layouts.parts.tables import Cell, Row, table, two_lines
from layouts.still import drawn_once
from portal.readmodels.cards import Tone
from portal.readmodels.scorecard import Downloads, Line, Scorecard, Section
from portal.readmodels.tables import Column

_NEWEST = 3
"""So many of the newest periods stay on a phone."""
_MOST_WITH_LINE = 9
"""With more periods than this the cells themselves are the line."""
_SPARK_HEIGHT = 28
_EXCEPTIONAL = (Tone.BAD, Tone.WATCH)


def draw(card: Scorecard) -> Component:
    """Return the page."""
    top = [page_head(card.head, *_exports(card.downloads), share())]
    if card.finding is not None:
        top.append(finding(card.finding))
    top += guard_notices(card.guarded)
    if card.empty is not None:
        empty = card.empty
        body = [state_empty(empty.title, empty.why, empty.link, empty.href)]
    else:
        body = [_section(section, card, first=at == 0) for at, section in enumerate(card.sections)]
    return html.Div([*top, *body, *_foot(card)], className="pg")


def _exports(downloads: Downloads) -> list[Component]:
    """Return the menu of files. A file is no page: its links are followed by the browser."""
    told = (
        (tr("PDF, to print"), downloads.pdf),
        (tr("Excel workbook"), downloads.xlsx),
        (tr("CSV"), downloads.csv),
    )
    rows = [fetch(text, href, "menu-row") for text, href in told if href]
    if not rows:
        return []
    button = html.Summary(
        [icon("download"), html.Span(tr("Export")), icon("chevron-down", "i-sm")], className="btn"
    )
    return [html.Details([button, html.Div(rows, className="menu-list")], className="menu")]


def _section(section: Section, card: Scorecard, *, first: bool) -> Component:
    exceptions = [line for line in section.lines if line.status.tone in _EXCEPTIONAL]
    right = _score(section)
    if first:
        right = [heat_legend(), *right]
    foot = html.Ul([_exception(line) for line in exceptions], className="ex-list")
    return panel(
        section.name,
        " · ".join(part for part in (section.question, section.standing) if part),
        _lines(section, card),
        pill=right,
        foot=foot if exceptions else None,
        anchor=section.key,
    )


def _score(section: Section) -> list[Component]:
    if section.status is None:
        return [html.Span(tr("No score"), className="muted")]
    part = [tag(section.covered, "info-circle")] if section.covered else []
    figure = html.Span(
        [html.Strong(section.score), html.Span(" " + tr("of 10"), className="muted")],
        className="sc-score",
    )
    return [figure, *part, status_pill(section.status)]


@drawn_once
def _lines(section: Section, card: Scorecard) -> Component:
    """Return the table of a section, and under it what is opened."""
    caption = tr("{goal}: KPIs by period, {scope}", goal=section.name, scope=card.scope)
    parts: list[Component] = []
    if section.shown:
        parts.append(_table(section.shown, card, caption))
    if section.folds:
        rest = _table(section.folded, card, f"{caption}, {section.folds}")
        parts.append(html.Details([_opens(section.folds), rest], className="sc-missing"))
    return html.Div(parts)


def _opens(text: str) -> Component:
    return html.Summary([html.Span(text), icon("chevron-down", "i-sm")])


def _table(lines: Sequence[Line], card: Scorecard, caption: str) -> Component:
    with_line = len(card.columns) <= _MOST_WITH_LINE
    rows = [Row(_cells(line, with_line=with_line)) for line in lines]
    columns = _columns(card, with_line=with_line)
    return table(columns, rows, caption=caption, classes="tb-scroll sc-table")


def _columns(card: Scorecard, *, with_line: bool) -> list[Column]:
    oldest = len(card.columns) - _NEWEST
    return [
        Column(tr("KPI")),
        Column(tr("Owner"), phone=False, width=98),
        Column(tr("Target"), number=True, phone=False, width=66),
        *(
            Column(one.label, one.sub, number=True, phone=at >= oldest, width=56)
            for at, one in enumerate(card.columns)
        ),
        *(_with_line() if with_line else []),
        Column(tr("Status"), width=94),
        Column(tr("Score"), number=True, phone=False, width=46),
    ]


def _with_line() -> list[Column]:
    return [
        Column(tr("Trend"), phone=False, width=70),
        Column(trc("how far a number moved", "Change"), number=True, phone=False, width=86),
    ]


def _cells(line: Line, *, with_line: bool) -> list[Cell]:
    return [
        _name(line),
        owners(line.owners) if line.owners else html.Span(line.owner, className="muted"),
        line.target or html.Span(tr("none set"), className="muted"),
        *line.cells,
        *(_line_cells(line) if with_line else []),
        status_word(line.status),
        line.score or html.Span(tr("none"), className="muted"),
    ]


def _line_cells(line: Line) -> list[Cell]:
    moved = (
        change(line.change) if line.change is not None else html.Span(tr("none"), className="muted")
    )
    return [sparkline(line.spark, height=_SPARK_HEIGHT), moved]


def _name(line: Line) -> Component:
    name = link(
        [html.Strong(line.name), html.Span(f"\N{NO-BREAK SPACE}{line.unit}", className="sub")],
        line.href,
        "tb-link",
    )
    below = [tr("weight {weight}", weight=line.weight)] if line.weight else []
    below += [tr("restated, {moved}", moved=line.restated)] if line.restated else []
    return two_lines(name, "; ".join(below)) if below else name


def _exception(line: Line) -> Component:
    words: list[Component | str] = [html.Strong(line.fact)]
    if line.cause:
        words.append(f" {line.cause}")
    more = link(tr("See the KPI"), line.href, "link", tr("See {name}", name=line.name))
    return html.Li([status_word(line.status), html.Span(words, className="grow"), more])


def _foot(card: Scorecard) -> list[Component]:
    said: list[Component | str] = [*card.notes]
    if card.coarser:
        said.append(tr("Not told at so fine a grain: {kpis}.", kpis=_listed(card.coarser)))
    lines: list[Component] = [html.P(text) for text in said]
    if card.missing:
        rows = [html.Li([html.Strong(name), f": {why}"]) for name, why in card.missing]
        summary = html.Summary(
            trn(
                "{count} KPI without a number in these periods",
                "{count} KPIs without a number in these periods",
                len(card.missing),
            )
        )
        lines.append(html.Details([summary, html.Ul(rows)], className="sc-missing"))
    return [html.Div(lines, className="pg-notes")] if lines else []


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)
