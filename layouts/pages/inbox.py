"""The inbox: what changed and what is asked for, by day; each item with what can be done about it.

Everything is a link or a form, so it works before any script has come.
"""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.parts.forms import send
from layouts.parts.heads import page_head
from layouts.parts.icons import icon
from layouts.parts.links import fetch, hidden, segments
from layouts.parts.panels import panel
from layouts.parts.pills import ICONS, tag
from layouts.parts.states import state_empty
from portal.readmodels.cards import Head
from portal.readmodels.inbox import DayOfItems, InboxPage, ItemRow, Later

SETTINGS = "/account#digest"


def draw(page: InboxPage) -> Component:
    """Return the page."""
    head = Head(tr("Inbox"), page.sub, menus=(page.kinds,))
    tools = [fetch([icon("envelope"), html.Span(tr("Mail settings"))], SETTINGS)]
    if page.read_all:
        tools.append(
            send(page.read_all, page.csrf, [icon("check-lg"), html.Span(tr("Mark all as read"))])
        )
    body: list[Component] = [_day(day, page.csrf) for day in page.days]
    if page.empty:
        body = [
            html.Section(state_empty(tr("Nothing here"), page.empty), className="card pn ib-none")
        ]
    more = [html.P(page.more, className="sub")] if page.more else []
    return html.Div(
        [page_head(head, *tools), segments(tr("Which items"), page.shows), *body, *more],
        className="pg ib-pg",
    )


def _day(day: DayOfItems, csrf: str) -> Component:
    rows = html.Ul([html.Li(_item(row, csrf), className="ib-row") for row in day.items])
    return panel(day.name, "", rows)


def _item(row: ItemRow, csrf: str) -> list[Component]:
    tone = row.mark.tone
    sign = icon(row.mark.icon or ICONS[tone], f"ib-sign {tone}", tr(row.mark.word))
    return [sign, html.Div(_words(row), className="ib-words"), *_deeds(row, csrf)]


def _words(row: ItemRow) -> list[Component]:
    # A whole address and no move within the page: the server marks it as read on the way.
    title: list[Component | str] = [row.subject]
    if row.unread:
        title.append(hidden(tr(", unread")))
    classes = "ib-title unread" if row.unread else "ib-title"
    meta: list[Component | str] = [tag(row.kind, row.icon), html.Span(row.when)]
    if row.standing:
        meta.append(html.Span(row.standing, className="ib-standing"))
    return [
        html.H3(fetch(title, row.href, classes)),
        *([html.P(row.text, className="ib-text")] if row.text else []),
        html.Div(meta, className="ib-meta"),
    ]


def _deeds(row: ItemRow, csrf: str) -> list[Component]:
    deeds: list[Component] = []
    if row.later:
        deeds.append(_put_off(row, csrf))
    if row.acknowledge:
        inside = [icon("check-lg"), html.Span([tr("Acknowledge"), hidden(f" {row.subject}")])]
        deeds.append(send(row.acknowledge, csrf, inside))
    return [html.Div(deeds, className="ib-deeds")] if deeds else []


def _put_off(row: ItemRow, csrf: str) -> Component:
    words = html.Span([tr("Later"), hidden(f" {row.subject}")])
    summary = html.Summary([icon("clock"), words, icon("chevron-down", "i-sm")], className="btn")
    rows = html.Div([_later(later, csrf) for later in row.later], className="menu-list menu-right")
    return html.Details([summary, rows], className="menu")


def _later(later: Later, csrf: str) -> Component:
    inside = [html.Span(later.text, className="grow"), html.Span(later.when, className="sub")]
    return send(later.action, csrf, inside, "menu-row ib-later")
