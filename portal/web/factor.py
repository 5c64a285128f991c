"""One's own second factor: set up, confirmed by a first code, renewed, turned off. Plain forms."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from portal.errors import SignInFailedError, TooManyTriesError
from portal.security.permissions import Access, Permission
from portal.security.sealing import Seal
from portal.services import second_factor
from portal.services.signing_in import Account
from portal.tenancy.database import Database
from portal.web.asking import WebAsking
from portal.web.login import waiting

_NAMES = ("offer", "confirm", "off", "codes")
ROUTES: dict[str, Access] = {f"factor.{name}": Permission.SELF_EDIT for name in _NAMES}
DANGEROUS = frozenset({"factor.offer", "factor.off", "factor.codes"})
"""What asks for a fresh proof of who one is."""
HOME = "/account/factor"
_CODE = 64


@dataclass(frozen=True, slots=True)
class OwnFactor:
    """The routes by which people change their second factor; each is a POST, none takes a name."""

    database: Database
    asking: WebAsking
    seal: Seal

    def offer(self) -> BaseResponse:
        """Make a secret and show it, until a first code confirms it."""
        actor = self.asking.signed_in()
        with self.database.session(actor.tenant) as session:
            second_factor.offer(session, actor.person, self.seal, self.asking.trace())
        return self._show()

    def confirm(self) -> BaseResponse:
        """Take the first code; show the recovery codes, this once."""
        actor, code = self.asking.signed_in(), request.form.get("code", "")[:_CODE]
        account = Account(actor.tenant, "", actor.person)
        trace = self.asking.trace()
        try:
            made = second_factor.confirm(self.database, account, code, self.seal, trace)
        except TooManyTriesError as error:
            return waiting(error, self._show(str(error), 429))
        except SignInFailedError as error:
            return self._show(str(error), 400)
        return _codes(made)

    def off(self) -> BaseResponse:
        """Turn the second factor off."""
        actor = self.asking.signed_in()
        with self.database.session(actor.tenant) as session:
            second_factor.turn_off(session, actor, self.asking.trace())
        return redirect("/account?done=factor_off", 303)

    def codes(self) -> BaseResponse:
        """Make new recovery codes; show them, this once."""
        actor = self.asking.signed_in()
        with self.database.session(actor.tenant) as session:
            made = second_factor.renew_codes(session, actor, self.asking.trace())
        return _codes(made)

    def _show(self, error: str = "", status: int = 200) -> Response:
        actor = self.asking.signed_in()
        with self.database.session(actor.tenant) as session:
            offered = second_factor.offered(session, actor.person, self.seal)
        page = render_template(
            "factor.html", offer=offered, error=error, action=f"{HOME}/confirm", next="/account"
        )
        return make_response(page, status)


def blueprint(database: Database, asking: WebAsking, seal: Seal) -> Blueprint:
    """Return the routes."""
    own, made = OwnFactor(database, asking, seal), Blueprint("factor", __name__)
    for name in _NAMES:
        rule = HOME if name == "offer" else f"{HOME}/{name}"
        made.add_url_rule(rule, name, getattr(own, name), methods=["POST"])
    return made


def _codes(made: Sequence[str]) -> Response:
    page = render_template("recovery_codes.html", codes=made, next="/account?done=factor")
    return make_response(page, 200)
