"""One's own account. What it changes is sent as plain forms."""

from collections.abc import Mapping

from dash.development.base_component import Component

from callbacks.edge import Edge
from callbacks.page import Page, Visit
from layouts.pages import account
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.services import own_account

_DONE: Mapping[str, str] = {"locale": "Numbers and dates are written this way from now on."}


def show(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw the actor's own account."""
    said = _DONE.get(visit.query.get("done", ""), "")
    who = f"{actor.name}, {actor.email}"
    locales = own_account.named_locales()
    return account.draw(who, locales, actor.locale, edge.asking.csrf(), said)


ACCOUNT = Page("/account", Permission.SELF_EDIT, "Your account", show)
