"""The administrator's pages: who uses the portal in which roles, and what was done in it."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr, trc, trn
from layouts.parts.forms import send
from layouts.parts.heads import notice, page_head
from layouts.parts.icons import icon
from layouts.parts.links import button, fetch, link
from layouts.parts.panels import panel
from layouts.parts.states import state_empty
from layouts.parts.tables import Cell, table, two_lines
from portal.readmodels.administration import AuditPage, AuditRow, PeoplePage, PersonRow, RoleSwitch
from portal.readmodels.cards import Choice, Head
from portal.readmodels.tables import Column


def _of_people() -> tuple[Column, ...]:
    return (
        Column(tr("Person")),
        Column(tr("Roles")),
        Column(tr("In the CRM"), phone=False),
        Column(tr("Standing")),
        Column(tr("Change"), width=400),
    )


def _of_events() -> tuple[Column, ...]:
    return (
        Column(tr("When"), width=210),
        Column(tr("Who")),
        Column(tr("What")),
        Column(tr("About")),
        Column(tr("Detail"), phone=False),
        Column(trc("where an event came from", "From"), phone=False, width=120),
    )


def people(page: PeoplePage) -> Component:
    """Return everybody with the buttons that change them."""
    head = Head(
        tr("People"),
        tr("Who may sign in, and what each may do. A change of roles holds at once."),
        actions=(
            Choice(tr("Appearance"), "/admin/company"),
            Choice(tr("Sign-in"), "/admin/sign-in"),
            Choice(tr("Audit log"), "/admin/audit"),
        ),
    )
    said = [notice("check-circle", page.said)] if page.said else []
    rows = [_person(row, page.csrf) for row in page.rows]
    add = fetch(
        [icon("person-badge"), html.Span(tr("Add a person"))],
        "/admin/people/new",
        "btn btn-primary",
    )
    body = table(_of_people(), rows, caption=tr("Everybody who may sign in"))
    count = trn("{count} person", "{count} people", len(rows))
    return html.Div(
        [page_head(head, add), *said, panel(tr("Everybody"), count, body)], className="pg"
    )


def audit(page: AuditPage) -> Component:
    """Return a page of events."""
    crumbs = (Choice(tr("People"), "/admin"),)
    head = Head(
        tr("Audit log"), tr("What was done, by whom and when. It can't be changed."), crumbs
    )
    body = (
        table(
            _of_events(),
            [_event(row) for row in page.rows],
            caption=tr("What was done, newest first"),
        )
        if page.rows
        else state_empty(tr("Nothing earlier"), tr("No event was written down before this moment."))
    )
    foot = button(tr("Earlier events"), page.older) if page.older else None
    told = panel(tr("Events"), tr("Newest first, times in UTC."), body, foot=foot)
    return html.Div([page_head(head), told], className="pg")


def _person(row: PersonRow, csrf: str) -> list[Cell]:
    changes = [_menu(row.switches, csrf), fetch(tr("Edit"), row.edit, "btn")]
    if row.disable:
        changes.append(send(row.disable, csrf, tr("Open again") if row.disabled else tr("Shut")))
    if row.view:
        changes.append(send(row.view, csrf, tr("View as")))
    if row.invite:
        changes.append(send(row.invite, csrf, tr("Send a link")))
    if row.reset:
        changes.append(send(row.reset, csrf, tr("Reset sign-in")))
    return [
        two_lines(row.name, row.email),
        row.roles,
        row.crm,
        row.standing,
        html.Div(changes, className="ad-changes"),
    ]


def _menu(switches: tuple[RoleSwitch, ...], csrf: str) -> Component:
    rows = [
        send(
            switch.action,
            csrf,
            tr("Take away {role}", role=switch.word)
            if switch.held
            else tr("Give {role}", role=switch.word),
            "menu-row",
        )
        for switch in switches
    ]
    return html.Details(
        [
            html.Summary([html.Span(tr("Roles")), icon("chevron-down", "i-sm")], className="btn"),
            html.Div(rows, className="menu-list"),
        ],
        className="menu",
    )


def _event(row: AuditRow) -> list[Cell]:
    about: Cell = link(row.about, row.about) if row.about.startswith("/kpis") else row.about
    return [row.at, row.who, row.event, about, row.detail, row.origin]
