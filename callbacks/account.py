"""One's own account. What it changes is sent as plain forms."""

from collections.abc import Mapping

from dash.development.base_component import Component

from callbacks.edge import Edge
from callbacks.page import Page, Visit
from kpi_engine.language import mark, tr
from layouts.pages import account, digest_settings
from layouts.pages.account_factor import factor
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.services import digest_form, own_account, second_factor

_DONE: Mapping[str, str] = {
    "digest": mark("That is how you are told from now on."),
    "factor": mark("Your second factor is on. You are asked for a code when you next sign in."),
    "factor_off": mark("Your second factor is off, and your other sessions ended."),
    "locale": mark("Numbers and dates are written this way from now on."),
}


def show(edge: Edge, actor: Actor, visit: Visit) -> Component:
    """Draw the actor's own account."""
    said = tr(_DONE.get(visit.query.get("done", ""), ""))
    who = f"{actor.name}, {actor.email}"
    locales = own_account.named_locales()
    with edge.session(actor) as session:
        own = second_factor.standing(session, actor)
        mail = digest_form.read(session, actor)
    csrf = edge.asking.csrf()
    panel = factor(held=own.held, needed=own.needed, codes_left=own.codes_left, csrf=csrf)
    return account.draw(
        who, locales, actor.locale, csrf, said, [panel, digest_settings.draw(mail, csrf)]
    )


ACCOUNT = Page("/account", Permission.SELF_EDIT, mark("Your account"), show)
