"""Signing in by a company's own provider: there with a question, back with an answer to it.

The browser leaves by a link and not by a form, because no form of this portal leads elsewhere.
"""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, redirect, render_template, request, session
from werkzeug.wrappers import Response as BaseResponse

from kpi_engine.language import tr
from portal.errors import SignInFailedError, TooManyTriesError
from portal.security.permissions import Access, Gate
from portal.services.provider_errors import ProviderDownError
from portal.services.provider_meeting import BACK, Meeting, Try
from portal.web.login import Door, waiting
from portal.web.paths import SIGN_IN, own_path

ROUTES: dict[str, Access] = {
    "provider.leave": Gate.EVERYBODY,
    "provider.back": Gate.EVERYBODY,
}
PATH = f"{SIGN_IN}/provider"
_NAME = "provider"
_LASTS = timedelta(minutes=10)
_LONGEST, _KEY = 4_000, 40


@dataclass(frozen=True, slots=True)
class Ways:
    """The two routes: to the provider, and back from it."""

    door: Door
    meeting: Meeting

    def leave(self) -> BaseResponse:
        """Ask for the company's key, lead on to its provider, or go there."""
        if request.method == "POST":
            company = request.form.get("company", "").strip().lower()[:_KEY]
            wanted = own_path(request.form.get("next"))
            onward = f"{PATH}?{urlencode({'company': company, 'next': wanted})}"
            return _page(company=company, onward=onward)
        company = request.args.get("company", "")
        if not company:
            return _page(next=own_path(request.args.get("next")))
        # What speaks with providers is 6 MB in each worker, and few companies have one.
        from portal.services import provider_sign_in  # noqa: PLC0415

        trace, again = self.door.asking.trace(), request.args.get("again") == "1"
        try:
            tried, address = provider_sign_in.begin(
                self.door.database, company[:_KEY], self.meeting, trace, again=again
            )
        except TooManyTriesError as error:
            return waiting(error, _page(str(error), 429))
        except SignInFailedError as error:
            return _page(str(error), 400)
        except ProviderDownError as error:
            return _page(str(error), 503)
        session[_NAME] = {
            **asdict(tried),
            "until": (trace.at + _LASTS).timestamp(),
            "next": own_path(request.args.get("next")),
        }
        return redirect(address, 302)

    def back(self) -> BaseResponse:
        """Take the provider's answer, once."""
        trace, found = self.door.asking.trace(), session.pop(_NAME, None)
        if found is None or datetime.fromtimestamp(found.pop("until"), UTC) < trace.at:
            return _page(tr("This took too long, or was done already. Start again."), 401)
        wanted = found.pop("next")
        answer = {name: text[:_LONGEST] for name, text in request.args.items()}
        from portal.services import provider_sign_in  # noqa: PLC0415 - as above

        try:
            arrived = provider_sign_in.finish(
                self.door.database, Try(**found), answer, self.meeting, trace
            )
        except SignInFailedError as error:
            return _page(str(error), 401)
        except ProviderDownError as error:
            return _page(str(error), 503)
        return self.door.go_on([arrived.account], arrived.proven_at, wanted)


def blueprint(door: Door, meeting: Meeting) -> Blueprint:
    """Return the routes."""
    ways, made = Ways(door, meeting), Blueprint("provider", __name__)
    made.add_url_rule(PATH, "leave", ways.leave, methods=["GET", "POST"])
    made.add_url_rule(BACK, "back", ways.back)
    return made


def _page(error: str = "", status: int = 200, **given: object) -> Response:
    return make_response(render_template("provider.html", error=error, **given), status)
