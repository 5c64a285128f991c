"""Every page, read in a made-up language: what is not wrapped by it is a name that the company gave."""

import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import psycopg
import pytest
import yaml
from babel import Locale
from flask import Flask
from flask.testing import FlaskClient

from kpi_engine import language
from portal.app import create_app
from portal.cli.context import Portal
from portal.services.own_account import LOCALES
from portal.tenancy.database import open_database
from portal.tenancy.server import EmbeddedServer
from tests.browser.on_a_day import clock_of
from tests.browser.places import PLACES, Place
from tests.browser.stand import Stand

_BEGIN, _END = (
    "\N{MATHEMATICAL LEFT WHITE SQUARE BRACKET}",
    "\N{MATHEMATICAL RIGHT WHITE SQUARE BRACKET}",
)
_SPOKEN_ALOUD = ("aria-label", "title", "placeholder", "alt")
_COLUMN = re.compile(r"[a-z]+(_[a-z]+)+")
# What stands there as it is read by a machine or a key.
_QUOTED = frozenset({"script", "style", "pre", "code", "kbd", "textarea"})
_FINGERPRINT = re.compile(r"\b[0-9a-f]{12}\b")
_PIECES = re.compile(r"[\d.,:;·/()+\-\N{MINUS SIGN}%\N{EURO SIGN}\N{RIGHTWARDS ARROW}?]+")
_ENGLISH = Locale.parse("en")
# What Babel writes by the locale, and the words of units (`portal.readmodels.tongues`).
_FORMATTED = {
    "Meridian",
    # Keys of what the audit wrote down, as they are.
    *("items", "revision", "shares", "successor"),
    *(
        name
        for each in LOCALES
        for name in str(Locale.parse(each).get_display_name())
        .replace("(", "")
        .replace(")", "")
        .split()
    ),
    *("pp", "days", "day", "a day", "h", "min", "h ago", "min ago", "days ago", "Week", "TZ"),
    *(
        name
        for width in ("wide", "abbreviated")
        for name in _ENGLISH.months["format"][width].values()
    ),
    *(
        name
        for width in ("wide", "abbreviated")
        for name in _ENGLISH.days["format"][width].values()
    ),
}


class _Wrapping:
    """A language in which each text is itself, between brackets."""

    def gettext(self, message: str) -> str:
        return f"{_BEGIN}{message}{_END}"

    def ngettext(self, one: str, many: str, count: int, /) -> str:
        return self.gettext(one if count == 1 else many)

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)


class _Read(HTMLParser):
    """The texts of a page that somebody sees or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _QUOTED
        self.texts += [value for name, value in attrs if name in _SPOKEN_ALOUD and value]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _QUOTED

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.texts.append(data)


def test_no_text_of_the_pages_is_left_out_of_the_catalogues(
    demo_home: Path, stand: Stand, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(language._TAUGHT, "wrapping", _Wrapping())
    monkeypatch.setattr(language, "known", lambda _locale: "wrapping")
    environ = {"PORTAL_HOME": str(demo_home), "PORTAL_MODE": "demo"}
    portal = Portal(environ)
    names = "\n".join({*_kept(demo_home), *_shipped(), *_facts(demo_home)})
    readers: dict[str, FlaskClient] = {}
    wrapped, bare = 0, set[tuple[str, str]]()
    with closing(open_database(portal.config)) as database:
        app = create_app(portal.config, clock=clock_of(demo_home), database=database)
        for place in PLACES:
            if place.email not in readers:
                readers[place.email] = _signed_in(app, place.email, stand.passwords[place.email])
            for text in _texts(readers[place.email], place):
                wrapped += text.count(_BEGIN)
                bare |= {(place.name, each) for each in _bare(text) if not _is_name(each, names)}
    assert wrapped > len(PLACES) * 20
    assert not bare, "\n".join(map(str, sorted(bare)))


def _signed_in(app: Flask, email: str, password: str) -> FlaskClient:
    reader = app.test_client()
    page = reader.get("/login", base_url=_BASE).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    sent = {"email": email, "password": password, "csrf_token": token[1]}
    reader.post("/login", data=sent, base_url=_BASE, headers={"Origin": _BASE})
    return reader


_BASE = "http://127.0.0.1:8050"


def _texts(reader: FlaskClient, place: Place) -> Iterator[str]:
    if place.link:
        # Those are told by the browser's own selectors; their pages are of the same parts.
        return
    page = reader.get(place.path, base_url=_BASE)
    assert page.status_code == 200, place.name
    read = _Read()
    read.feed(page.text.partition("<footer>")[0])
    yield from read.texts


def _bare(text: str) -> Iterator[str]:
    """The pieces of a text that no bracket holds; what is written by the locale is none."""
    depth, outside = 0, ""
    for letter in text:
        if letter == _END and not depth:
            # Of a message whose words stand in several elements; it began in one before.
            outside = ""
            continue
        depth += (letter == _BEGIN) - (letter == _END)
        outside += letter if depth == 0 and letter != _END else _SPLIT if depth else ""
    for part in outside.split(_SPLIT):
        for piece in _PIECES.split(_FINGERPRINT.sub("", part).replace("\N{NO-BREAK SPACE}", " ")):
            yield piece.strip()


_SPLIT = "\N{SYMBOL FOR UNIT SEPARATOR}"


_LETTERS = 3
"""Two are the initials of a person, or a unit."""


def _is_name(piece: str, names: str) -> bool:
    if (
        len(re.sub(r"[^A-Za-z]", "", piece)) < _LETTERS
        or piece in _FORMATTED
        or _COLUMN.fullmatch(piece)
    ):
        return True
    plain = " ".join(word for word in piece.split() if word not in _FORMATTED)
    return any(each in names for each in (piece, plain, piece.lower().replace(" ", "_")))


def _kept(home: Path) -> Iterator[str]:
    """Every text of the database: who looks for names is its owner, past all tenants."""
    address = EmbeddedServer.of(home).ensure_running()
    where = f"host={address.socket_folder} port={address.port} user=postgres dbname=portal"
    with psycopg.connect(where, autocommit=True) as owner:
        asked = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'portal'"
        for (table,) in owner.execute(asked).fetchall():
            if table not in {"observation", "audit_event", "http_session", "job_run"}:
                for (row,) in owner.execute(f'SELECT to_jsonb(x) FROM portal."{table}" x'):
                    yield from _strings(row)


def _shipped() -> Iterator[str]:
    catalogue = Path(language.__file__).parent / "catalogue"
    for file in catalogue.glob("*.yaml"):
        yield from _strings(yaml.safe_load(file.read_text(encoding="utf-8")))


def _facts(home: Path) -> Iterator[str]:
    with duckdb.connect() as files:
        for file in (home / "facts").rglob("*.parquet"):
            told = files.sql(f"SELECT * FROM read_parquet('{file}') LIMIT 20000")
            kept = [
                name
                for name, kind in zip(told.columns, told.types, strict=True)
                if kind == "VARCHAR"
            ]
            for name in kept:
                for (value,) in told.select(f'"{name}"').distinct().fetchall():
                    yield value or ""


def _strings(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        yield from _all(node.values())
    elif isinstance(node, list):
        yield from _all(node)


def _all(nodes: Iterable[object]) -> Iterator[str]:
    for node in nodes:
        yield from _strings(node)
