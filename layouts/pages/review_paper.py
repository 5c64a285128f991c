"""A review's pack or minutes as a page: the same text as the file, and the way to the people."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr, trn
from layouts.parts.forms import send
from layouts.parts.heads import notice, page_head
from layouts.parts.icons import icon
from layouts.parts.links import button, fetch, link
from layouts.parts.panels import facts, panel
from layouts.parts.pills import status_pill, status_word
from layouts.parts.sparks import sparkline
from layouts.parts.states import state_empty
from layouts.parts.tables import Cell, Row, table, two_lines
from portal.readmodels.actions import ActionRow
from portal.readmodels.cards import Choice, Head
from portal.readmodels.papers import Paper, PaperItem, PaperKind, PaperPage, Reply, Said, Sent
from portal.readmodels.tables import Column

_LINE = 44


def draw(page: PaperPage) -> Component:
    """Return the page."""
    paper = page.paper
    said = [notice("check-circle-fill", page.notice)] if page.notice else []
    return html.Div(
        [
            page_head(_head(page), *_tools(page)),
            *said,
            *([notice("hourglass-split", paper.draft)] if paper.draft else []),
            _top(paper),
            *_body(paper),
            *([_sent(page.sent)] if page.sent else []),
        ],
        className="pg pp",
    )


def _head(page: PaperPage) -> Head:
    paper = page.paper
    crumbs = (
        Choice(tr("Reviews"), "/reviews"),
        Choice(paper.title.partition(": ")[2], page.review),
    )
    return Head(
        paper.title,
        f"{paper.company}. {paper.period}.",
        crumbs=crumbs,
        tags=(),
        menus=(),
        actions=(),
    )


def _tools(page: PaperPage) -> list[Component]:
    found = [
        button(page.other[0], page.other[1]),
        fetch([icon("file-earmark-pdf"), html.Span(tr("PDF"))], page.file, "btn"),
    ]
    if page.send:
        inside = [icon("envelope"), html.Span(tr("Send to participants"))]
        found.append(
            html.Div(
                [
                    send(page.send, page.csrf, inside, "btn btn-primary"),
                    html.P(page.recipients, className="pp-to"),
                ],
                className="pp-send",
            )
        )
    return found


def _top(paper: Paper) -> Component:
    cells = [
        html.Div(
            [
                html.Strong(count, className=f"{tone if count != '0' else ''}"),
                html.Span(word, className="muted"),
            ],
            className="pp-count",
        )
        for tone, count, word in paper.summary
    ]
    left = [html.P(paper.left_out, className="muted")] if paper.left_out else []
    body = [html.Div(cells, className="pp-counts"), facts(*paper.stamps), *left]
    return panel(tr("In short"), paper.sentence, body)


def _body(paper: Paper) -> list[Component]:
    minutes = paper.kind is PaperKind.MINUTES
    acts = [_actions(paper)] if paper.actions else []
    items: list[Component] = []
    if paper.exceptions:
        items.append(html.H2(tr("Exceptions"), className="pp-part"))
        items += [_item(one) for one in paper.exceptions]
    if paper.others:
        items.append(html.H2(tr("The other KPIs"), className="pp-part"))
        items += [_item(one) for one in paper.others]
    if not paper.items:
        items = [panel(tr("KPIs"), "", state_empty(tr("Nothing to read"), paper.sentence))]
    notes = [_notes(paper)] if paper.notes else []
    return [*acts, *items, *notes] if minutes else [*items, *acts, *notes]


def _item(item: PaperItem) -> Component:
    body: list[Component] = [_numbers(item)]
    if item.moved:
        body.append(html.P(item.moved))
    if item.finding and not item.words:
        body.append(html.P(item.finding, className="muted"))
    if item.words:
        body.append(html.Blockquote(item.words, className="pp-words"))
    if item.silence:
        body.append(html.P(item.silence, className="muted"))
    body += _signed(item)
    if item.replies:
        body.append(html.Div([_reply(one) for one in item.replies], className="pp-replies"))
    body += [_said(one) for one in item.said]
    if item.actions:
        body.append(_action_table(item.actions, tr("Actions on {kpi}", kpi=item.name), wide=False))
    return panel(
        item.name,
        f"{item.scope}. {item.owner}",
        body,
        pill=status_pill(item.status),
        foot=[html.Span(item.stamp, className="grow"), link(tr("Open it"), item.href)],
    )


def _signed(item: PaperItem) -> list[Component]:
    found: list[Component] = []
    if item.assessment or item.author:
        strong = [html.Strong(f"{item.assessment}. ")] if item.assessment else []
        found.append(html.P([*strong, html.Span(item.author, className="muted")]))
    if item.decision:
        found.append(html.P([html.Strong(tr("Decision:") + " "), item.decision]))
    return found


def _numbers(item: PaperItem) -> Component:
    value: list[Component] = [html.Span(tr("Value"), className="pp-label")]
    if item.value:
        value.append(html.Span(item.value, className="pp-value"))
        value.append(html.Span(item.stands_on, className="pp-label"))
    else:
        value.append(html.Span(tr("No number: {why}", why=item.absence)))
    pairs = [
        (tr("Target"), item.target or tr("none set")),
        *item.changes,
        (tr("Usual"), item.usual),
    ]
    cells = [
        html.Div([html.Span(name, className="pp-label"), html.Span(text, className="pp-figure")])
        for name, text in pairs
    ]
    line = [html.Div(sparkline(item.spark, height=_LINE), className="pp-line")]
    drawn = line if sum(point is not None for point in item.spark.points) > 1 else []
    return html.Div([html.Div(value), *cells, *drawn], className="pp-numbers")


def _reply(reply: Reply) -> Component:
    inside = [
        html.Span(reply.question, className="pp-label"),
        html.Strong(reply.answer),
        html.Span(reply.words),
    ]
    return html.Div(inside)


def _said(said: Said) -> Component:
    inside = [
        html.Strong(f"{said.name}. {said.what}. "),
        html.Span(said.text),
        html.Span(f" {said.when}", className="muted"),
    ]
    return html.P(inside, className=f"pp-said{' disputed' if said.disputed else ''}")


def _actions(paper: Paper) -> Component:
    body = _action_table(paper.actions, tr("Actions of this review"), wide=True)
    sub = trn("One agreed in this review.", "{count} agreed in this review.", len(paper.actions))
    return panel(tr("Actions"), sub, body)


def _action_table(rows: tuple[ActionRow, ...], caption: str, *, wide: bool) -> Component:
    columns = [Column(tr("Action")), *([Column(tr("KPI"), phone=False)] if wide else [])]
    columns += [
        Column(tr("Owner")),
        Column(tr("When")),
        Column(tr("Expected"), phone=False),
        Column(tr("State")),
    ]
    return table(columns, [Row(_action(row, wide=wide)) for row in rows], caption=caption)


def _action(row: ActionRow, *, wide: bool) -> list[Cell]:
    kpi: list[Cell] = [two_lines(row.kpi, row.whose)] if wide else []
    when: Cell = two_lines(row.when, row.late) if row.late else row.when
    state = status_word(row.verdict or row.state)
    return [link(row.title, row.href), *kpi, row.owner, when, row.expected, state]


def _notes(paper: Paper) -> Component:
    columns = [Column(tr("About")), Column(tr("Note")), Column(tr("By")), Column(tr("When"))]
    rows = [Row([one.about, one.text, one.name, one.when]) for one in paper.notes]
    body = table(columns, rows, caption=tr("Notes of the meeting"))
    return panel(tr("Notes of the meeting"), "", body)


def _sent(sent: tuple[Sent, ...]) -> Component:
    columns = [Column(tr("Sent")), Column(tr("To")), Column(tr("SHA-256 of the file"), phone=False)]
    rows = [
        Row(
            [
                html.Span(
                    [
                        fetch(one.title, one.href, "link"),
                        html.Span(tr("by {name}", name=one.by), className="sub"),
                    ],
                    className="stack",
                ),
                one.to,
                html.Code(one.sha256, className="pp-hash"),
            ]
        )
        for one in sent
    ]
    body = table(columns, rows, caption=tr("What was sent"))
    return panel(tr("Sent"), tr("Kept as it was sent; nothing of it is ever changed."), body)
