"""The administrator's pages: who uses the portal in which roles, and what was done in it."""

from dash import html
from dash.development.base_component import Component

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

_PEOPLE = (
    Column("Person"),
    Column("Roles"),
    Column("In the CRM", phone=False),
    Column("Standing"),
    Column("Change", width=400),
)
_EVENTS = (
    Column("When", width=210),
    Column("Who"),
    Column("What"),
    Column("About"),
    Column("Detail", phone=False),
    Column("From", phone=False, width=120),
)
_CRUMBS = (Choice("People", "/admin"), Choice("Audit log", "/admin/audit"))


def people(page: PeoplePage) -> Component:
    """Return everybody with the buttons that change them."""
    head = Head(
        "People",
        "Who may sign in, and what each may do. A change of roles holds at once.",
        actions=(Choice("Sign-in", "/admin/sign-in"), Choice("Audit log", "/admin/audit")),
    )
    said = [notice("check-circle", page.said)] if page.said else []
    rows = [_person(row, page.csrf) for row in page.rows]
    add = fetch(
        [icon("person-badge"), html.Span("Add a person")], "/admin/people/new", "btn btn-primary"
    )
    body = table(_PEOPLE, rows, caption="Everybody who may sign in")
    count = "1 person" if len(rows) == 1 else f"{len(rows)} people"
    return html.Div([page_head(head, add), *said, panel("Everybody", count, body)], className="pg")


def audit(page: AuditPage) -> Component:
    """Return a page of events."""
    head = Head("Audit log", "What was done, by whom and when. It can't be changed.", _CRUMBS[:1])
    body = (
        table(_EVENTS, [_event(row) for row in page.rows], caption="What was done, newest first")
        if page.rows
        else state_empty("Nothing earlier", "No event was written down before this moment.")
    )
    foot = button("Earlier events", page.older) if page.older else None
    told = panel("Events", "Newest first, times in UTC.", body, foot=foot)
    return html.Div([page_head(head), told], className="pg")


def _person(row: PersonRow, csrf: str) -> list[Cell]:
    changes = [_menu(row.switches, csrf)]
    if row.disable:
        changes.append(send(row.disable, csrf, "Open again" if row.disabled else "Shut"))
    if row.view:
        changes.append(send(row.view, csrf, "View as"))
    if row.invite:
        changes.append(send(row.invite, csrf, "Send a link"))
    if row.reset:
        changes.append(send(row.reset, csrf, "Reset sign-in"))
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
            f"Take away {switch.word}" if switch.held else f"Give {switch.word}",
            "menu-row",
        )
        for switch in switches
    ]
    return html.Details(
        [
            html.Summary([html.Span("Roles"), icon("chevron-down", "i-sm")], className="btn"),
            html.Div(rows, className="menu-list"),
        ],
        className="menu",
    )


def _event(row: AuditRow) -> list[Cell]:
    about: Cell = link(row.about, row.about) if row.about.startswith("/kpis") else row.about
    return [row.at, row.who, row.event, about, row.detail, row.origin]
