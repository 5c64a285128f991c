"""Dangerous acts ask again who one is: the form that was sent waits in the page that asks.

Which acts these are is one list, held against the routes at the start.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Flask, Response, make_response, render_template, request

from portal.errors import BadInputError, TooManyTriesError
from portal.services import proving
from portal.tenancy.database import Database
from portal.web.asking import WebAsking
from portal.web.login import waiting
from portal.web.provider import PATH

_FIELD, _LONGEST = "proof", 128
_OURS = {_FIELD, "csrf_token"}
_MOST = 50


@dataclass(frozen=True, slots=True)
class Proof:
    """Asks for the password before a dangerous act, where the last proof is old."""

    database: Database
    asking: WebAsking

    def ask(self) -> Response | None:
        """Return the page that asks, or None where the act may go on."""
        actor, trace = self.asking.signed_in(), self.asking.trace()
        with self.database.session(actor.tenant) as session:
            fresh = proving.is_fresh(session, actor, trace.at)
            able = proving.has_password(session, actor)
        if fresh:
            return None
        if _FIELD not in request.form:
            return self._page(able=able)
        try:
            proving.prove(self.database, actor, request.form[_FIELD][:_LONGEST], trace)
        except TooManyTriesError as error:
            return waiting(error, self._page(str(error), 429, able=able))
        except BadInputError as error:
            return self._page(str(error), able=able)
        return None

    def _page(self, error: str = "", status: int = 401, *, able: bool) -> Response:
        sent = [pair for pair in request.form.items(multi=True) if pair[0] not in _OURS][:_MOST]
        actor = self.asking.signed_in()
        again = urlencode({"company": actor.tenant, "again": 1, "next": _place()})
        page = render_template(
            "proof.html",
            error=error,
            action=request.path,
            fields=sent,
            has_password=able,
            provider=f"{PATH}?{again}",
        )
        return make_response(page, status)


def prove_first(server: Flask, dangerous: AbstractSet[str], proof: Proof) -> None:
    """Ask before each of these endpoints, where it changes something."""

    @server.before_request
    def ask() -> Response | None:
        if request.endpoint not in dangerous or request.method in {"GET", "HEAD", "OPTIONS"}:
            return None
        return proof.ask()


def _place() -> str:
    """Return the page that a form stands on."""
    return "/account" if request.path.startswith("/account") else "/admin"
