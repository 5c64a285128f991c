"""Signing in and out: plain forms, which work before any script and without."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, make_response, redirect, render_template, request, session
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response as BaseResponse

from portal.errors import SignInFailedError, TooManyTriesError
from portal.security.permissions import Access, Gate
from portal.services import signing_in
from portal.services.signing_in import Account
from portal.tenancy.database import Database
from portal.web.asking import SignedIn, WebAsking
from portal.web.paths import SIGN_IN, SIGN_OUT, own_path

ROUTES: dict[str, Access] = {
    "door.sign_in": Gate.EVERYBODY,
    "door.choose": Gate.EVERYBODY,
    "door.sign_out": Gate.SIGNED_IN,
}
_PENDING = "pending"
_PENDING_FOR = timedelta(minutes=5)
_LONGEST = 320


class Door:
    """The steps of signing in. A further step, a second factor, stands between check and enter."""

    def __init__(self, database: Database, asking: WebAsking) -> None:
        self._database = database
        self._asking = asking

    def sign_in(self) -> BaseResponse:
        """Show the form, or take what was typed into it."""
        if request.method == "GET":
            if self._asking.actor() is not None:
                return redirect(own_path(request.args.get("next")))
            return _form()
        email = request.form.get("email", "")[:_LONGEST].strip()
        password = request.form.get("password", "")
        try:
            accounts = signing_in.check(self._database, email, password, self._asking.trace())
        except SignInFailedError as error:
            return _form(str(error), email, 401)
        except TooManyTriesError as error:
            return _wait(error, email)
        return self._go_on(accounts)

    def choose(self) -> BaseResponse:
        """Take the choice between companies of somebody who is in several."""
        accounts = _pending(self._asking.trace().at)
        chosen = [each for each in accounts if each.tenant == request.form.get("tenant")]
        if not chosen:
            return _form("This took too long. Sign in again.", status=401)
        return self._enter(chosen[0])

    def sign_out(self) -> BaseResponse:
        """End the session for every process at once, and clear what the browser keeps."""
        actor = self._asking.actor()
        if actor is not None:
            signing_in.end(self._database, actor, self._asking.trace())
        logout_user()
        session.clear()
        answer = redirect(SIGN_IN, 303)
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        return answer

    def _go_on(self, accounts: Sequence[Account]) -> BaseResponse:
        if len(accounts) == 1:
            return self._enter(accounts[0])
        _keep_pending(accounts, self._asking.trace().at)
        return _answer("choose.html", 200, accounts=accounts, next=_next())

    def _enter(self, account: Account) -> BaseResponse:
        """Begin a session; whatever stood in the browser's before is gone, also its CSRF token."""
        wanted = _next()
        try:
            token = signing_in.begin(self._database, account, self._asking.trace())
        except SignInFailedError as error:
            return _form(str(error), status=401)
        session.clear()
        actor = signing_in.resume(self._database, token, self._asking.trace().at)
        if actor is None:
            return _form(str(SignInFailedError()), status=401)
        login_user(SignedIn(token, actor))
        return redirect(wanted, 303)


def blueprint(database: Database, asking: WebAsking) -> Blueprint:
    """Return the routes of signing in and out."""
    door, made = Door(database, asking), Blueprint("door", __name__)
    made.add_url_rule(SIGN_IN, "sign_in", door.sign_in, methods=["GET", "POST"])
    made.add_url_rule(f"{SIGN_IN}/company", "choose", door.choose, methods=["POST"])
    made.add_url_rule(SIGN_OUT, "sign_out", door.sign_out, methods=["POST"])
    return made


def _next() -> str:
    return own_path(request.form.get("next") or request.args.get("next"))


def _form(error: str = "", email: str = "", status: int = 200) -> Response:
    return _answer("sign_in.html", status, error=error, email=email, next=_next(), chosen=_chosen())


def _chosen() -> bool:
    return request.method == "GET" and request.args.get("chosen") == "1"


def _wait(error: TooManyTriesError, email: str) -> Response:
    answer = _form(str(error), email, 429)
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


def _answer(template: str, status: int, **given: object) -> Response:
    return make_response(render_template(template, **given), status)


def _keep_pending(accounts: Sequence[Account], now: datetime) -> None:
    """Keep, signed, between which accounts to choose; the password is not asked for again."""
    session.clear()
    session[_PENDING] = {
        "until": (now + _PENDING_FOR).timestamp(),
        "accounts": [[one.tenant, one.tenant_name, str(one.person)] for one in accounts],
    }


def _pending(now: datetime) -> list[Account]:
    kept = session.get(_PENDING)
    if kept is None or datetime.fromtimestamp(kept["until"], UTC) < now:
        return []
    return [signing_in.account(*parts) for parts in kept["accounts"]]
