"""What people send about themselves: plain forms, then back to the page."""

from flask import Blueprint, redirect, request
from flask_login import logout_user
from werkzeug.wrappers import Response as BaseResponse

from kpi_engine.language import tr
from portal.errors import BadInputError
from portal.security.permissions import Access, Permission
from portal.services import own_account
from portal.tenancy.database import Database
from portal.web.asking import WebAsking
from portal.web.paths import SIGN_IN

ROUTES: dict[str, Access] = {
    "account.password": Permission.SELF_EDIT,
    "account.locale": Permission.SELF_EDIT,
}


def blueprint(database: Database, asking: WebAsking) -> Blueprint:
    """Return the routes by which people change their own account."""
    made = Blueprint("account", __name__)

    @made.post("/account/password")
    def password() -> BaseResponse:
        old, new = request.form.get("old", ""), request.form.get("new", "")
        if new != request.form.get("again", ""):
            raise BadInputError(
                tr("The two new passwords differ. Go back and type the same twice.")
            )
        own_account.change_password(database, asking.signed_in(), old, new, asking.trace())
        logout_user()
        return redirect(f"{SIGN_IN}?chosen=1", 303)

    @made.post("/account/locale/<locale>")
    def locale(locale: str) -> BaseResponse:
        actor = asking.signed_in()
        with database.session(actor.tenant) as session:
            own_account.change_locale(session, actor, locale, asking.trace())
        return redirect("/account?done=locale", 303)

    return made
