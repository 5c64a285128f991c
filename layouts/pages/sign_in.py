"""How a company's people sign in: who needs a second factor, and who else vouches for them."""

from dash import html
from dash.development.base_component import Component

from layouts.parts.forms import send
from layouts.parts.heads import notice, page_head
from layouts.parts.panels import columns, facts, panel
from layouts.parts.states import state_empty
from portal.readmodels.administration import RoleSwitch, SignInPage
from portal.readmodels.cards import Choice, Head

_CRUMBS = (Choice("People", "/admin"),)


def draw(page: SignInPage) -> Component:
    """Return the page."""
    head = page_head(Head("Sign-in", "What proves that people are who they say.", _CRUMBS))
    said = [notice("check-circle", page.said)] if page.said else []
    return html.Div([head, *said, columns(_roles(page), _provider(page))], className="pg")


def _roles(page: SignInPage) -> Component:
    rows = [_role(switch, page.csrf) for switch in page.roles]
    told = f"A code from a telephone besides the password. {page.held}"
    return panel("Second factor by role", told, html.Ul(rows, className="ad-roles"))


def _role(switch: RoleSwitch, csrf: str) -> Component:
    word = "needs a second factor" if switch.held else "may have one"
    text = f"Spare the role {switch.word}" if switch.held else f"Ask the role {switch.word} for it"
    name = html.Span([html.B(switch.word), html.Span(f" {word}", className="sub")])
    return html.Li([name, send(switch.action, csrf, text)])


def _provider(page: SignInPage) -> Component:
    title, told = "Your company's provider", "People whom it knows need no password here."
    if not page.issuer:
        body = state_empty(
            "None is set",
            "Whoever runs the portal sets one with the command portal tenant oidc.",
        )
        return panel(title, told, body)
    return panel(
        title,
        told,
        facts(
            ("Issuer", page.issuer),
            ("Key to type", page.key),
            ("Link for your people", f"/login/provider?company={page.key}"),
        ),
    )
