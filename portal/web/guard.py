"""The door is shut unless listed, Dash's own routes too."""

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Flask, abort, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from kpi_engine import language
from portal.errors import DeniedError
from portal.security.permissions import Access, Denied, Gate, may
from portal.security.registry import Kind, Registry
from portal.services.signing_in import note_denied
from portal.tenancy.database import Database
from portal.web.asking import WebAsking
from portal.web.paths import SIGN_IN, own_path

ROUTES: Mapping[str, Access] = {
    "/": Gate.SIGNED_IN,
    "/<path:path>": Gate.SIGNED_IN,
    "/_dash-layout": Gate.SIGNED_IN,
    "/_dash-dependencies": Gate.SIGNED_IN,
    "/_dash-update-component": Gate.SIGNED_IN,
    "/_reload-hash": Gate.OPERATOR,
    "/_favicon.ico": Gate.EVERYBODY,
    "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>": Gate.EVERYBODY,
    "_dash_assets.static": Gate.EVERYBODY,
}
"""Dash's own routes. Which page may be opened, each page says; what may be called, a callback."""


def declare_routes(registry: Registry, routes: Mapping[str, Access]) -> None:
    """Say what each route asks for."""
    for endpoint, access in routes.items():
        registry.declare(Kind.ROUTE, endpoint, access)


def refuse_gaps(registry: Registry, server: Flask) -> None:
    """Hold the declared routes against the URL map.

    Raises:
        UndeclaredError: if they differ.
    """
    registry.refuse_gaps(Kind.ROUTE, {rule.endpoint for rule in server.url_map.iter_rules()})


def guard(server: Flask, registry: Registry, asking: WebAsking, database: Database) -> None:
    """Let a request in only where its route says so; ask Dash's callbacks for their own besides."""

    @server.before_request
    def admit() -> BaseResponse | None:
        if request.routing_exception is not None:
            # A wrong host or method is told so whoever asks, before anybody is looked up.
            raise request.routing_exception
        access = registry.access(Kind.ROUTE, request.endpoint or "")
        if access is Gate.EVERYBODY:
            return None
        actor = asking.actor()
        if actor is None:
            return _sign_in_first()
        language.speak(actor.locale)
        if access is None or access is Gate.OPERATOR:
            abort(404)
        answer = may(actor, access)
        if isinstance(answer, Denied):
            note_denied(database, actor, request.endpoint or "", asking.trace())
            raise DeniedError(answer.reason)
        return None


def _sign_in_first() -> BaseResponse:
    """Send a person to the form; tell a script."""
    if request.path.startswith("/_dash-") or request.method != "GET":
        abort(401)
    wanted = own_path(request.full_path.removesuffix("?"))
    return redirect(f"{SIGN_IN}?{urlencode({'next': wanted})}" if wanted != "/" else SIGN_IN)
