"""The page of owners: what is to be mended, how shared KPIs are split, who owns what."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr, trc, trn
from layouts.parts.attributes import attrs
from layouts.parts.forms import send
from layouts.parts.heads import notice, page_head
from layouts.parts.icons import icon
from layouts.parts.links import fetch, hidden, link, tabs
from layouts.parts.panels import panel
from layouts.parts.people import avatar, owners, person
from layouts.parts.pills import tag
from layouts.parts.states import state_empty
from layouts.parts.tables import Cell, table
from portal.readmodels.framework import (
    HelpRow,
    Mend,
    OwnedRow,
    OwnersPage,
    PersonOwns,
    SharedKpi,
    ShareRow,
)
from portal.readmodels.tables import Column


def draw(page: OwnersPage) -> Component:
    """Return the page."""
    over = [fetch([icon("arrow-right"), html.Span(tr("Hand over"))], page.hand_over, "btn")]
    parts: list[Component] = [
        page_head(page.head, *(over if page.hand_over else [])),
        tabs(tr("Pages of the framework"), page.tabs),
    ]
    if page.said:
        parts.append(notice("check-circle", page.said))
    parts.append(_mends(page.mends))
    if page.shared:
        shared = [_shared(one, page.csrf) for one in page.shared]
        parts.append(
            panel(tr("Shared KPIs"), tr("Each part has one owner and one responsibility."), shared)
        )
    parts.append(_everybody(page))
    return html.Div(parts, className="pg fw")


def _mends(mends: tuple[Mend, ...]) -> Component:
    if not mends:
        said = html.P(
            [icon("check-circle", "good"), " " + tr("Every KPI in use has an active owner.")]
        )
        return panel(tr("To mend"), "", said)
    rows = [
        html.Li(
            [
                icon("exclamation-triangle-fill", "watch fw-sign"),
                html.Div(
                    [html.Strong(mend.title), html.P(mend.why, className="muted"), _links(mend)],
                    className="grow",
                ),
            ]
        )
        for mend in mends
    ]
    return panel(tr("To mend"), "", html.Ul(rows, className="fw-mends"))


def _links(mend: Mend) -> Component:
    found: list[Component] = []
    for choice in mend.links:
        # A form is a page of its own, which the page's router does not know.
        draw_link = fetch if "/framework/kpis/" in choice.href else link
        found.append(html.Li(draw_link(choice.text, choice.href, "link")))
    return html.Ul(found, className="fw-links")


def _shared(one: SharedKpi, csrf: str) -> Component:
    title = html.H3([link(one.name, one.href, "tb-link"), *_scope(one.scope)])
    change = [
        fetch(
            [tr("Change"), hidden(tr(" the shares of {kpi}", kpi=one.name))], one.edit, "btn btn-sm"
        )
    ]
    head = html.Div(
        [
            html.Div(
                [title, html.P(tr("Accountable: {name}", name=one.accountable), className="sub")]
            ),
            html.Div([owners(one.rounds), *(change if one.edit else [])], className="fw-right"),
        ],
        className="fw-shared-head",
        **attrs({"id": one.key}),
    )
    rows = [_share(share, csrf) for share in one.shares]
    heads = (
        Column(tr("Component")),
        Column(tr("Owner")),
        Column(tr("Share"), number=True, width=80),
        Column(tr("Responsibility")),
        Column(tr("Answers for")),
        Column(tr("Word"), width=190),
    )
    body = table(heads, rows, caption=tr("The shares of {kpi}", kpi=one.name))
    return html.Section([head, body], className="fw-shared")


def _share(share: ShareRow, csrf: str) -> list[Cell]:
    word: list[Component | str] = [
        html.Span(
            [icon("hourglass-split" if share.waiting else "check-circle", "i-sm"), share.said],
            className="flag watch" if share.waiting else "flag",
        )
    ]
    if share.acknowledge:
        word.append(
            send(share.acknowledge, csrf, tr("This share is mine"), "btn btn-sm btn-primary")
        )
    return [
        html.Strong(share.component),
        person(share.name),
        share.percent,
        html.Q(share.responsibility, className="fw-quote"),
        link(share.input, share.input_href) if share.input else "",
        html.Span(word, className="stack fw-word"),
    ]


def _everybody(page: OwnersPage) -> Component:
    if not page.people:
        why = tr("Say who answers for a KPI: in the catalogue, open it and name its owner.")
        step = state_empty(
            tr("Nobody owns a KPI yet"), why, tr("Open the catalogue"), page.tabs[2].href
        )
        return panel(tr("Who owns what"), "", step)
    people = [_person(each, page.csrf) for each in page.people]
    count = trn("{count} person", "{count} people", len(page.people))
    return panel(tr("Who owns what"), count, html.Div(people, className="fw-people"))


def _person(each: PersonOwns, csrf: str) -> Component:
    told = html.Span(each.told, className="sub" if each.active else "sub bad")
    head = html.H3([avatar(each.name), html.Span(each.name), told], id=each.anchor)
    rows = html.Ul([_owned(row, csrf) for row in each.rows], className="fw-owns")
    return html.Section([head, rows], className="fw-person")


def _owned(row: OwnedRow, csrf: str) -> Component:
    # A shared one is pointed to where its shares stand.
    place = {} if row.shared else attrs({"id": row.key})
    notes: list[Component] = [html.Span(row.shared)] if row.shared else []
    notes += [_help(one, csrf) for one in row.helps]
    words = html.Div(
        [
            html.Div(
                [
                    link(row.name, row.href, "fw-name", tr("Since {day}", day=row.since)),
                    *_scope(row.scope),
                ],
                className="fw-top",
            ),
            *([html.Div(notes, className="sub fw-notes")] if notes else []),
        ],
        className="grow",
    )
    return html.Li([words, *_changes(row)], **place)


def _changes(row: OwnedRow) -> list[Component]:
    if not row.edit:
        return []
    owned = trc("after the word Owner", " of {name}", name=row.name)
    owner = fetch([tr("Owner"), hidden(owned)], row.edit, "link")
    word = tr("Shares") if row.shared else tr("Share")
    return [owner, fetch([word, hidden(f" {row.name}")], row.share, "link")]


def _help(one: HelpRow, csrf: str) -> Component:
    end = [send(one.end, csrf, tr("take back"), "link fw-plain")] if one.end else []
    return html.Span([html.Span(one.text), *end], className="fw-help")


def _scope(scope: str) -> list[Component]:
    return [tag(scope)] if scope else []
