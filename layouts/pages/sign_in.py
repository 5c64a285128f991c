"""How a company's people sign in: who needs a second factor, and who else vouches for them."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.parts.forms import send
from layouts.parts.heads import notice, page_head
from layouts.parts.panels import columns, facts, panel
from layouts.parts.states import state_empty
from portal.readmodels.administration import RoleSwitch, SignInPage
from portal.readmodels.cards import Choice, Head


def draw(page: SignInPage) -> Component:
    """Return the page."""
    crumbs = (Choice(tr("People"), "/admin"),)
    head = page_head(Head(tr("Sign-in"), tr("What proves that people are who they say."), crumbs))
    said = [notice("check-circle", page.said)] if page.said else []
    return html.Div([head, *said, columns(_roles(page), _provider(page))], className="pg")


def _roles(page: SignInPage) -> Component:
    rows = [_role(switch, page.csrf) for switch in page.roles]
    told = tr("A code from a telephone besides the password.") + f" {page.held}"
    return panel(tr("Second factor by role"), told, html.Ul(rows, className="ad-roles"))


def _role(switch: RoleSwitch, csrf: str) -> Component:
    word = tr("needs a second factor") if switch.held else tr("may have one")
    text = (
        tr("Spare the role {role}", role=switch.word)
        if switch.held
        else tr("Ask the role {role} for it", role=switch.word)
    )
    name = html.Span([html.B(switch.word), html.Span(f" {word}", className="sub")])
    return html.Li([name, send(switch.action, csrf, text)])


def _provider(page: SignInPage) -> Component:
    title, told = tr("Your company's provider"), tr("People whom it knows need no password here.")
    if not page.issuer:
        body = state_empty(
            tr("None is set"),
            tr("Whoever runs the portal sets one with the command portal tenant oidc."),
        )
        return panel(title, told, body)
    return panel(
        title,
        told,
        facts(
            (tr("Issuer"), page.issuer),
            (tr("Key to type"), page.key),
            (tr("Link for your people"), f"/login/provider?company={page.key}"),
        ),
    )
