"""Signing in and out: plain forms, which work before any script and without."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, make_response, redirect, render_template, request, session
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response as BaseResponse

from kpi_engine.language import mark, tr
from portal.errors import SignInFailedError, TooManyTriesError
from portal.security.permissions import Access, Gate
from portal.security.sealing import Seal
from portal.services import second_factor, signing_in
from portal.services.signing_in import Account
from portal.tenancy.database import Database
from portal.web import pending
from portal.web.asking import SignedIn, WebAsking
from portal.web.paths import SIGN_IN, SIGN_OUT, own_path
from portal.web.pending import Pending, Step

ROUTES: dict[str, Access] = {
    "door.sign_in": Gate.EVERYBODY,
    "door.choose": Gate.EVERYBODY,
    "door.sign_out": Gate.SIGNED_IN,
}
_LONGEST, _CODE = 320, 64
_LATE = mark("This took too long. Sign in again.")


@dataclass(frozen=True, slots=True)
class Door:
    """The steps of signing in: a first proof, the company, the second factor."""

    database: Database
    asking: WebAsking
    seal: Seal

    def sign_in(self) -> BaseResponse:
        """Show the form, or take what was typed into it: address and password, then the code."""
        if request.method == "GET":
            if self.asking.actor() is not None:
                return redirect(own_path(request.args.get("next")))
            return form()
        if "password" not in request.form and "code" in request.form:
            return self._second_step()
        email = request.form.get("email", "")[:_LONGEST].strip()
        password = request.form.get("password", "")
        trace = self.asking.trace()
        try:
            accounts = signing_in.check(self.database, email, password, trace)
        except SignInFailedError as error:
            return form(str(error), email, 401)
        except TooManyTriesError as error:
            return waiting(error, form(str(error), email, 429))
        return self.go_on(accounts, trace.at, _next())

    def choose(self) -> BaseResponse:
        """Take the choice between companies of somebody who is in several."""
        found = pending.kept(self.asking.clock())
        accounts = found.accounts if found is not None and found.step is Step.COMPANY else ()
        chosen = [each for each in accounts if each.tenant == request.form.get("tenant")]
        if found is None or not chosen:
            return form(tr(_LATE), status=401)
        return self.go_on(chosen, found.proven_at, _next())

    def sign_out(self) -> BaseResponse:
        """End the session for every process at once, and clear what the browser keeps."""
        actor = self.asking.actor()
        if actor is not None:
            signing_in.end(self.database, actor, self.asking.trace())
        logout_user()
        session.clear()
        answer = redirect(SIGN_IN, 303)
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        return answer

    def go_on(
        self, accounts: Sequence[Account], proven_at: datetime | None, wanted: str
    ) -> BaseResponse:
        """Go on from a first proof: to the choice of a company, to the second factor, or in."""
        now = self.asking.clock()
        if len(accounts) > 1:
            pending.keep(Pending(Step.COMPANY, accounts, proven_at), now)
            return _answer("choose.html", 200, accounts=accounts, next=wanted)
        (account,) = accounts
        try:
            asked = second_factor.asked(self.database, account)
        except SignInFailedError as error:
            return form(str(error), status=401)
        if not (asked.held or asked.needed):
            return self._enter(Pending(Step.CODE, accounts, proven_at), wanted)
        found = Pending(Step.CODE if asked.held else Step.SETUP, accounts, proven_at)
        pending.keep(found, now)
        if asked.held and request.form.get("code"):
            return self._second_step()
        if not asked.held:
            with self.database.session(account.tenant) as opened:
                second_factor.offer(opened, account.person, self.seal, self.asking.trace())
        return self._ask_code(found, wanted)

    def _second_step(self) -> BaseResponse:
        """Take the code of the second factor, or the first code of one that is set up now."""
        found = pending.kept(self.asking.clock())
        if found is None or found.step is Step.COMPANY:
            return form(tr(_LATE), status=401)
        (account,), wanted = found.accounts, _next()
        code = request.form.get("code", "")[:_CODE]
        given = (self.database, account, code, self.seal, self.asking.trace())
        recovery: Sequence[str] = ()
        try:
            if found.step is Step.SETUP:
                recovery = second_factor.confirm(*given)
            else:
                second_factor.check(*given)
        except TooManyTriesError as error:
            return waiting(error, self._ask_code(found, wanted, str(error), 429))
        except SignInFailedError as error:
            return self._ask_code(found, wanted, str(error), 401)
        return self._enter(found, wanted, recovery)

    def _ask_code(
        self, found: Pending, wanted: str, error: str = "", status: int = 200
    ) -> Response:
        (account,), given = found.accounts, {"error": error, "next": wanted, "action": SIGN_IN}
        if found.step is Step.CODE:
            return _answer("code.html", status, **given)
        with self.database.session(account.tenant) as opened:
            offer = second_factor.offered(opened, account.person, self.seal)
        return _answer("factor.html", status, offer=offer, at_door=True, **given)

    def _enter(self, found: Pending, wanted: str, recovery: Sequence[str] = ()) -> BaseResponse:
        """Begin a session; whatever stood in the browser's before is gone, also its CSRF token."""
        (account,), trace = found.accounts, self.asking.trace()
        try:
            token = signing_in.begin(self.database, account, trace, found.proven_at)
        except SignInFailedError as error:
            return form(str(error), status=401)
        session.clear()
        actor = signing_in.resume(self.database, token, trace.at)
        if actor is None:
            return form(str(SignInFailedError()), status=401)
        login_user(SignedIn(token, actor))
        if recovery:
            return _answer("recovery_codes.html", 200, codes=recovery, next=wanted)
        return redirect(wanted, 303)


def blueprint(door: Door) -> Blueprint:
    """Return the routes of signing in and out."""
    made = Blueprint("door", __name__)
    made.add_url_rule(SIGN_IN, "sign_in", door.sign_in, methods=["GET", "POST"])
    made.add_url_rule(f"{SIGN_IN}/company", "choose", door.choose, methods=["POST"])
    made.add_url_rule(SIGN_OUT, "sign_out", door.sign_out, methods=["POST"])
    return made


def form(error: str = "", email: str = "", status: int = 200) -> Response:
    """Return the form of the first step, with what went wrong and what was typed."""
    return _answer("sign_in.html", status, error=error, email=email, next=_next(), chosen=_chosen())


def waiting(error: TooManyTriesError, answer: Response) -> Response:
    """Say on an answer how long to wait."""
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


def _next() -> str:
    return own_path(request.form.get("next") or request.args.get("next"))


def _chosen() -> bool:
    return request.method == "GET" and request.args.get("chosen") == "1"


def _answer(template: str, status: int, **given: object) -> Response:
    return make_response(render_template(template, **given), status)
