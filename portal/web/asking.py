"""The request that is being answered: who asks, when, under which id."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, Response, abort, g, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user
from flask_wtf.csrf import generate_csrf

from portal.security.actor import Actor
from portal.security.tokens import Token, read_token
from portal.services import signing_in
from portal.services.auditing import Trace
from portal.tenancy.database import Database
from portal.web.paths import FRESH, KEPT


class SignedIn(UserMixin):  # type: ignore[misc]  # flask-login is not typed
    """Who is signed in, as flask-login holds them: the id is the session's, not the person's."""

    def __init__(self, token: Token, actor: Actor) -> None:
        self.token = token
        self.actor = actor

    def get_id(self) -> str:
        """Return what the browser keeps; ending the session ends what it is good for."""
        return self.token.text


@dataclass(frozen=True, slots=True)
class WebAsking:
    """What Flask knows of the request, read once and kept for its length."""

    clock: Callable[[], datetime]

    def actor(self) -> Actor | None:
        """Return who asks, by the session's row in the database."""
        found: SignedIn | AnonymousUserMixin = current_user._get_current_object()  # noqa: SLF001 - flask-login's only way to the object
        return found.actor if isinstance(found, SignedIn) else None

    def signed_in(self) -> Actor:
        """Return who asks; a request of nobody is ended here, for routes that do not ask again."""
        return self.actor() or abort(401)

    def known_actor(self) -> Actor | None:
        """Return who asks if that was found out already: an answer asks the database nothing."""
        return self.actor() if "_login_user" in g else None

    def trace(self) -> Trace:
        """Return when this request came, its id, and the address that it came from."""
        return Trace(self.clock(), request_id(), request.remote_addr or "")

    def csrf(self) -> str:
        """Return the token that a form of this session carries."""
        made: str = generate_csrf()
        return made


class PlainSessions(SecureCookieSessionInterface):
    """Flask's signed cookie, left out of answers that browsers keep for everybody alike.

    An answer that varies by the cookie would be fetched anew after each signing in.
    """

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie where it changed, and never beside a file."""
        if response.headers.get("Cache-Control") not in KEPT:
            super().save_session(app, session, response)


def login_manager(database: Database, clock: Callable[[], datetime]) -> LoginManager:
    """Return flask-login set to look each session up in the database, and to remember nobody."""
    manager = LoginManager()
    # Its own protection compares browsers and addresses, which change; the row in the database
    # is what a session is.
    manager.session_protection = None

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(text: str) -> SignedIn | None:
        token = read_token(text)
        alone = request.path == FRESH
        actor = signing_in.resume(database, token, clock(), by_itself=alone) if token else None
        return SignedIn(token, actor) if token and actor else None

    return manager


def request_id() -> str:
    """Return the id of this request: ours, never one that was sent."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(8)
    found: str = g.request_id
    return found
