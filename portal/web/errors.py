"""What goes wrong, said to a person with the request's id; to a script as JSON. Never a trace."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from kpi_engine.errors import KpiError
from kpi_engine.language import mark, tr
from portal.errors import DeniedError, NotSignedInError, PortalError
from portal.readmodels.brand import Brand
from portal.services import faults, shortages
from portal.services.too_slow import TooSlowError
from portal.tenancy.database import OUT_OF_REACH
from portal.tenancy.stopped import Stopped, stopped
from portal.web.asking import request_id

_SENTENCES = {
    400: (mark("That can't be read"), mark("What was sent is not what this page sends.")),
    401: (mark("Sign in again"), mark("Your session has ended. Nothing is lost that was saved.")),
    403: (mark("This is not for you"), mark("Your roles do not include this.")),
    404: (
        mark("Nothing here"),
        mark("There is no page at this address, or it is not yours to see."),
    ),
    405: (mark("That can't be done"), mark("This address does not take that.")),
    413: (mark("Too large"), mark("What was sent is larger than anything this page sends.")),
    415: (
        mark("That can't be read"),
        mark("What was sent is not in a form that this address takes."),
    ),
    429: (mark("Too many tries"), mark("Wait a little, then try again.")),
    503: (mark("Not now"), mark("The portal's database does not answer. Try again in a minute.")),
}
_FALLBACK = (
    mark("Something went wrong"),
    mark("It is on our side. Try again; if it stays, name the request."),
)


def add_errors(server: Flask) -> None:
    """Answer every error of `server` in its own words."""
    for kind, handle in _HANDLERS.items():
        server.register_error_handler(kind, handle)


def _of_http(error: HTTPException) -> Response:
    return answer(error.code or 500)


def _of_form(_: CSRFError) -> Response:
    return answer(400, tr("The form is too old. Go back, load the page again and repeat it."))


def _of_session(error: NotSignedInError) -> Response:
    return answer(401, str(error))


def _of_permission(error: DeniedError) -> Response:
    return answer(403, str(error))


def _of_database(error: Exception) -> Response:
    return _stopped(error) or _later(shortages.sentence(error) or "")


def _stopped(error: Exception) -> Response | None:
    """Answer what the database ended of its own accord; None where it was something else."""
    why = stopped(error)
    if why is None:
        return None
    # It is not out of reach: whoever looks after the portal is told where this happened.
    faults.told("transaction ended", error, why=why.value)
    return _later(tr(_STOPPED[why]))


def _of_slowness(error: TooSlowError) -> Response:
    return _later(str(error))


def _later(sentence: str) -> Response:
    found = answer(503, sentence)
    found.headers["Retry-After"] = "5"
    return found


_STOPPED = {
    Stopped.OVERTAKEN: mark(
        "Somebody else was changing the same thing at this moment, so nothing of yours was saved."
        " Try again."
    ),
    Stopped.ALTERED: mark(
        "The portal is being brought to another release, so nothing was saved. Try again in a"
        " minute."
    ),
    Stopped.TOO_LONG: mark(
        "This took longer than the portal waits for its database, so it was stopped and nothing"
        " was saved. Ask for less at a time, or try again later."
    ),
}


def _of_house(error: PortalError | KpiError) -> Response:
    return answer(400, str(error))


def _of_anything(error: Exception) -> Response:
    if answered := _stopped(error):
        return answered
    faults.told("request failed", error)
    short = shortages.sentence(error)
    return _later(short) if short else answer(500)


_HANDLERS: Mapping[type[Exception], Callable[[Any], Response]] = {
    HTTPException: _of_http,
    CSRFError: _of_form,
    NotSignedInError: _of_session,
    DeniedError: _of_permission,
    **dict.fromkeys(OUT_OF_REACH, _of_database),
    TooSlowError: _of_slowness,
    PortalError: _of_house,
    KpiError: _of_house,
    Exception: _of_anything,
}
"""The handler of each error; of several that fit, Flask takes the nearest."""


def answer(status: int, sentence: str = "") -> Response:
    """Return an error as a page, or as JSON where a script asked."""
    name, usual = _SENTENCES.get(status, _FALLBACK)
    told = {"name": tr(name), "sentence": sentence or tr(usual), "request_id": request_id()}
    if request.path.startswith("/_dash-"):
        return make_response(jsonify(told), status)
    # An error's page asks the database nothing: it may be what failed.
    return make_response(render_template("error.html", brand=Brand, **told), status)
