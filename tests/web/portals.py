"""A portal in this process with pages and callbacks of its own, and browsers that ask it."""

import gzip
import hashlib
import json
import re
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import brotli
from dash import ALL, MATCH, Input, Output, State, html
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from callbacks import pages
from callbacks.edge import Edge, secured
from callbacks.page import Page, Visit
from portal.app import Joined, join
from portal.config import Config
from portal.errors import UnknownNameError
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.security.roles import Role
from portal.services import people, tenants
from portal.services.people import NewPerson
from portal.tenancy.database import Database
from portal.tenancy.keys import TenantKey
from portal.web.afterwards import AFTERWARDS

BASE = "http://127.0.0.1:8050"
PASSWORD = "a correct horse and a battery"
START = datetime(2026, 11, 22, 8, tzinfo=UTC)
UPDATE = "/_dash-update-component"


@dataclass
class Clock:
    """A clock that a test moves."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass
class Browser:
    """Keeps cookies, fills in forms and posts callbacks, as a browser does."""

    client: FlaskClient
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> TestResponse:
        sent = {**self.headers, **{name.replace("_", "-"): text for name, text in headers.items()}}
        return self.client.get(path, base_url=BASE, headers=sent)

    def post(self, path: str, fields: dict[str, str], page: str = "/login") -> TestResponse:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(page).text)
        data = {**({"csrf_token": found[1]} if found else {}), **fields}
        answer = self.client.post(path, base_url=BASE, data=data, headers=self.headers)
        # What nobody waits for is done before a test goes on.
        AFTERWARDS.wait()
        return answer

    def sign_in(self, email: str, password: str = PASSWORD, **more: str) -> TestResponse:
        return self.post("/login", {"email": email, "password": password, **more})

    def sign_out(self) -> TestResponse:
        token = self.client.get_cookie("csrf", domain="127.0.0.1")
        data = {"csrf_token": token.decoded_value if token else ""}
        return self.client.post("/logout", base_url=BASE, data=data)

    def call(self, body: object, **options) -> TestResponse:
        """Post a callback's body as Dash's script does, with the token of the page's cookie."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        token = self.client.get_cookie("csrf", domain="127.0.0.1")
        headers = {"X-CSRFToken": token.decoded_value} if token else {}
        headers |= options.pop("headers", {})
        kind = options.pop("content_type", "application/json")
        path = options.pop("path", UPDATE)
        return self.client.post(
            path, base_url=BASE, data=raw, content_type=kind, headers=headers, **options
        )


def _show(edge: Edge, actor, visit: Visit):
    if visit.args["name"] == "missing":
        raise UnknownNameError("thing", "missing", ["here"])
    if visit.args["name"] == "broken":
        raise ZeroDivisionError("CANARY-VALUE")
    return html.H1(f"This is {visit.args['name']} of {actor.email}")


THING = Page("/things/<name>", Permission.KPI_READ, "Thing", _show)
LOCKED = Page("/locked", Permission.SETTINGS_EDIT, "Locked", lambda *_: html.H1("Open"))


def with_pages(monkeypatch) -> None:
    """Let the portal have two pages more, for this test."""
    listed = (*pages.PAGES, THING, LOCKED)
    monkeypatch.setattr(pages, "PAGES", listed)
    monkeypatch.setattr(pages, "_RULES", pages.rules(listed))


def register(joined: Joined) -> None:
    """Add callbacks of three shapes: plain, by MATCH, and several outputs with ALL."""

    @secured(
        joined.dash,
        joined.edge,
        Permission.KPI_READ,
        Output("out", "children"),
        Input("in", "value"),
        State("kept", "data"),
    )
    def plain(value, kept):
        return f"{value} {kept}"

    @secured(
        joined.dash,
        joined.edge,
        Permission.KPI_READ,
        Output({"type": "out", "row": MATCH}, "children"),
        Input({"type": "in", "row": MATCH}, "n_clicks"),
    )
    def matched(clicks):
        return clicks

    @secured(
        joined.dash,
        joined.edge,
        Permission.KPI_READ,
        Output("out", "children", allow_duplicate=True),
        Input("other", "value"),
        prevent_initial_call=True,
    )
    def second(value):
        return value

    @secured(
        joined.dash,
        joined.edge,
        Permission.SETTINGS_EDIT,
        Output("one", "children"),
        Output("two", "children"),
        Input({"type": "cell", "row": ALL}, "value"),
    )
    def several(values):
        return len(values), sum(values)


def make(database: Database, home, clock: Clock, **settings: object) -> Joined:
    """Return a portal over `database` with callbacks to try."""
    config = Config(
        home=home, store=str(home / "facts"), secret_key="0123456789abcdef" * 4, **settings
    )
    joined = join(config, clock, database)
    register(joined)
    return joined


def add_person(database: Database, tenant: TenantKey, email: str, *roles: str) -> None:
    """Add a person with the tests' password."""
    new = NewPerson(email, roles or ("rep",), password=PASSWORD)
    with database.session(tenant) as session:
        people.add(session, new, START)


def rename(database: Database, tenant: TenantKey, name: str) -> None:
    """Give a tenant a name."""
    with database.session(tenant) as session:
        tenants.get(session)
        session.scalars(tenants.questions.its_row()).one().name = name


def sha256(script: str) -> str:
    """The hash of a script as a policy names it."""
    return b64encode(hashlib.sha256(script.encode()).digest()).decode()


def unpacked(answer: TestResponse) -> bytes:
    """What an answer holds, unpacked."""
    return {"br": brotli.decompress, "gzip": gzip.decompress}[answer.headers["Content-Encoding"]](
        answer.data
    )


def actor(*roles: Role) -> Actor:
    """Somebody of a tenant."""
    return Actor(TenantKey("acme"), uuid4(), "a@b.org", "A", frozenset(roles))
