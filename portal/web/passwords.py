"""Choosing a password: asking for a link, and the form that a link leads to."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from kpi_engine.language import mark, tr
from portal.errors import BadInputError, LinkSpentError, TooManyTriesError
from portal.security.permissions import Access, Gate
from portal.services import faults, password_links, signing_in
from portal.services.auditing import Trace
from portal.services.mailing import Post
from portal.tenancy.database import Database
from portal.web.afterwards import AFTERWARDS
from portal.web.asking import WebAsking
from portal.web.paths import SIGN_IN

ROUTES: dict[str, Access] = {
    "passwords.forgotten": Gate.EVERYBODY,
    "passwords.choose": Gate.EVERYBODY,
}
_LONGEST = 320
_TOKEN = 200
_SENT = mark(
    "If the address has an account, a mail with a link is on its way. It works for 30 minutes."
)


@dataclass(frozen=True, slots=True)
class Desk:
    """The two forms. Both say the same whether or not an address is known."""

    database: Database
    asking: WebAsking
    post: Post
    url: str

    def forgotten(self) -> BaseResponse:
        """Show the form that asks for a link, or send one."""
        if request.method == "GET":
            return _page("forgotten.html")
        email, trace = request.form.get("email", "")[:_LONGEST].strip(), self.asking.trace()
        try:
            signing_in.count_try(self.database, email, trace)
        except TooManyTriesError as error:
            answer = _page("forgotten.html", 429, error=str(error), email=email)
            answer.headers["Retry-After"] = str(error.seconds)
            return answer
        # Whom it is for is looked up when the answer is made: that it takes longer for an address
        # that is known, and as long as the mail server likes, tells nobody anything.
        AFTERWARDS.do(lambda: self._mail(email, trace))
        return _page("forgotten.html", said=tr(_SENT))

    def _mail(self, email: str, trace: Trace) -> None:
        letters = password_links.forgotten(self.database, email, self.url, trace)
        try:
            self.post.send(letters)
        except OSError as error:
            # Said to the log only: whether a mail failed would tell whether there is an account.
            faults.told("mail failed", error)

    def choose(self) -> BaseResponse:
        """Show the form for a new password, or take it; the link's secret stays in the browser."""
        if request.method == "GET":
            return _page("password.html")
        token, password = request.form.get("link", "")[:_TOKEN], request.form.get("password", "")
        if password != request.form.get("again", ""):
            told = tr("The two passwords differ. Type the same one twice.")
            return _page("password.html", 400, error=told, link=token)
        try:
            password_links.choose(self.database, token, password, self.asking.trace())
        except (BadInputError, LinkSpentError) as error:
            return _page("password.html", 400, error=str(error), link=token)
        return redirect(f"{SIGN_IN}?chosen=1", 303)


def blueprint(database: Database, asking: WebAsking, post: Post, url: str) -> Blueprint:
    """Return the routes of choosing a password."""
    desk, made = Desk(database, asking, post, url), Blueprint("passwords", __name__)
    views: dict[str, Callable[[], BaseResponse]] = {
        f"{SIGN_IN}/forgotten": desk.forgotten,
        password_links.PATH: desk.choose,
    }
    for (rule, view), name in zip(views.items(), ("forgotten", "choose"), strict=True):
        made.add_url_rule(rule, name, view, methods=["GET", "POST"])
    return made


def _page(template: str, status: int = 200, **given: object) -> Response:
    return make_response(render_template(template, **given), status)
