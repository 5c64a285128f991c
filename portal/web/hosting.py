"""The Flask server that everything is mounted on, shut and set before anything is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, request
from flask_wtf.csrf import CSRFProtect, generate_csrf
from werkzeug.middleware.proxy_fix import ProxyFix

from kpi_engine import language
from portal.config import LOOPBACK, Config, Mode
from portal.security.registry import Registry
from portal.security.sealing import Seal
from portal.services.mailing import Post
from portal.services.provider_meeting import Meeting
from portal.services.workshops import duckdb_workshop
from portal.tenancy.database import Database
from portal.web import (
    account,
    administration,
    branding,
    bridges,
    builder,
    export,
    factor,
    framework,
    framework_check,
    guard,
    health,
    inbox,
    login,
    papers,
    passwords,
    provider,
)
from portal.web.asking import PlainSessions, WebAsking, login_manager
from portal.web.bodies import guard_bodies
from portal.web.errors import add_errors
from portal.web.headers import add_headers
from portal.web.logs import log_requests
from portal.web.origins import refuse_other_sites
from portal.web.packing import pack_answers
from portal.web.paths import PAGE_ENDPOINTS
from portal.web.proving import Proof, prove_first
from portal.web.secret import secret_key
from portal.web.speaking import speak_as_asked

LARGEST_BODY = 1_000_000


class Host(Protocol):
    """Dash, as far as the server asks it."""

    @property
    def callback_map(self) -> Mapping[str, Mapping[str, Any]]:
        """Every callback as it was registered."""

    def sheets(self) -> Sequence[str]:
        """The addresses of the styles."""

    @property
    def icon(self) -> str:
        """The address of the icon."""

    @property
    def content_security(self) -> str:
        """The rule of what its pages may load and run."""


def is_https(config: Config) -> bool:
    """Say whether people reach the portal by https: anywhere but on one's own machine."""
    return urlsplit(config.url).scheme == "https"


def csrf_cookie(config: Config) -> str:
    """Return the name of the cookie that Dash's script reads its token from."""
    return "__Host-csrf" if is_https(config) else "csrf"


def make_server(
    config: Config,
    database: Database,
    registry: Registry,
    asking: WebAsking,
    host: Callable[[], Host],
) -> Flask:
    """Return the server with its guard, headers, errors, sign-in and health; no page yet."""
    server = Flask("portal.web", static_folder=None)
    server.config.update(_settings(config))
    server.session_interface = PlainSessions()
    server.json.sort_keys = False  # type: ignore[attr-defined]  # of Flask's own provider
    if config.proxies:
        hops = config.proxies
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]  # as its documentation does it
    server.context_processor(
        lambda: {**_words(host()), "brand": lambda: branding.around(database, asking)}
    )
    server.jinja_env.globals.update(tr=language.tr, trn=language.trn, trc=language.trc)
    log_requests(server, asking)
    guard.declare_routes(
        registry,
        {
            **guard.ROUTES,
            **health.ROUTES,
            **login.ROUTES,
            **export.ROUTES,
            **administration.ROUTES,
            **passwords.ROUTES,
            **account.ROUTES,
            **inbox.ROUTES,
            **factor.ROUTES,
            **framework.ROUTES,
            **bridges.ROUTES,
            **framework_check.ROUTES,
            **papers.ROUTES,
            **provider.ROUTES,
            **builder.ROUTES,
            **branding.ROUTES,
        },
    )
    # Without its word in templates: an error's page asks the database nothing.
    login_manager(database, asking.clock).init_app(server, add_context_processor=False)
    speak_as_asked(server)
    # The order is the order of the request: who may come in, then whether the form is ours.
    guard.guard(server, registry, asking, database)
    refuse_other_sites(server, config)
    CSRFProtect(server)
    prove_first(server, administration.DANGEROUS | factor.DANGEROUS, Proof(database, asking))
    guard_bodies(server, lambda: host().callback_map)
    add_headers(server, lambda: host().content_security, https=is_https(config))
    _hand_out_csrf(server, config, asking)
    pack_answers(server)
    add_errors(server)
    _add_doors(server, config, database, asking)
    for each in _rooms(config, database, asking):
        server.register_blueprint(each)
    return server


def _add_doors(server: Flask, config: Config, database: Database, asking: WebAsking) -> None:
    """Give the server the ways in, and what people change of their own."""
    seal = Seal.of(str(server.config["SECRET_KEY"]))
    door = login.Door(database, asking, seal)
    meeting = Meeting(seal, config.url, loopback=config.mode is Mode.DEMO)
    server.register_blueprint(login.blueprint(door))
    server.register_blueprint(provider.blueprint(door, meeting))
    server.register_blueprint(factor.blueprint(database, asking, seal))


def _rooms(config: Config, database: Database, asking: WebAsking) -> Iterator[Blueprint]:
    """Yield the routes that are not pages: a room a file. Add yours here."""
    post = Post.of(config)
    yield health.blueprint(config, database)
    yield inbox.blueprint(database, asking)
    yield export.blueprint(database, asking)
    yield framework.blueprint(database, asking)
    yield papers.blueprint(database, asking, post, config.url)
    yield bridges.blueprint(database, asking)
    yield framework_check.blueprint(database, asking)
    yield _bench(config, database, asking)
    yield administration.blueprint(database, asking, post, config.url)
    yield account.blueprint(database, asking)
    yield branding.blueprint(database, asking)
    yield passwords.blueprint(database, asking, post, config.url)


def _bench(config: Config, database: Database, asking: WebAsking) -> Blueprint:
    """Return the routes of definitions, which bring up the numbers of what is activated."""
    return builder.blueprint(database, asking, duckdb_workshop(config, database, None))


def _words(host: Host) -> dict[str, object]:
    """What every template may say."""
    dark = request.cookies.get("theme") == "dark"
    return {
        "sheets": host.sheets(),
        "icon": host.icon,
        "theme": "dark" if dark else "light",
        "spoken": language.spoken(),
    }


def _settings(config: Config) -> dict[str, object]:
    https = is_https(config)
    host = urlsplit(config.url).hostname or ""
    return {
        "SECRET_KEY": secret_key(config),
        "SESSION_COOKIE_NAME": "__Host-portal" if https else "portal",
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "SESSION_COOKIE_DOMAIN": None,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "MAX_CONTENT_LENGTH": LARGEST_BODY,
        "MAX_FORM_MEMORY_SIZE": LARGEST_BODY // 10,
        "MAX_FORM_PARTS": 100,
        "TRUSTED_HOSTS": [*{host, *config.trusted_hosts, *LOOPBACK} - {"", "::1"}, "[::1]"],
        # A form's token ends with its session, not before: nothing typed is lost to a clock.
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": True,
        "PROPAGATE_EXCEPTIONS": False,
        "TRAP_HTTP_EXCEPTIONS": False,
    }


def _hand_out_csrf(server: Flask, config: Config, asking: WebAsking) -> None:
    """Give each page the token that Dash's script sends back with every callback."""
    name, https = csrf_cookie(config), is_https(config)

    @server.after_request
    def hand_out(response: Response) -> Response:
        is_page = request.endpoint in PAGE_ENDPOINTS and response.mimetype == "text/html"
        if is_page and asking.known_actor() is not None:
            response.set_cookie(name, generate_csrf(), secure=https, samesite="Strict", path="/")
        return response
