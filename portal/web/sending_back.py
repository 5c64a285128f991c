"""A form that cannot be taken goes back to its page as it was filled in, with the reason."""

from collections.abc import Iterable

from flask import redirect, request
from werkzeug.wrappers import Response

from portal.errors import PortalError
from portal.services import addresses, kept_forms
from portal.services.kept_forms import Kept
from portal.tenancy.database import Database
from portal.web.asking import WebAsking

_LONGEST, _MOST = 20_000, 1000
"""So long a field and so many choices are kept; our own pages send less."""


def send_back(
    database: Database,
    asking: WebAsking,
    form: tuple[str, Iterable[str]],
    to: str,
    error: PortalError,
    **more: str,
) -> Response:
    """Keep what was filled in, and lead back to the page that shows it again.

    Args:
        database: Where it is kept, in a transaction of its own: that of the change is undone.
        asking: Who sent it.
        form: The form's place, and the names of its fields.
        to: The address of its page.
        error: Why it could not be taken.
        more: What else the address of the page says.
    """
    place, names = form
    actor = asking.signed_in()
    fields = {
        name: [one[:_LONGEST] for one in request.form.getlist(name)[:_MOST]] for name in names
    }
    with database.session(actor.tenant) as session:
        kept_forms.keep(session, actor, place, Kept(fields, str(error)), asking.clock())
    return redirect(addresses.address(to, **{kept_forms.KEPT: "1"}, **more), 303)
