"""Ready HTML within a page, and texts of another language: neither lets anything in."""

import re
from contextlib import contextmanager
from string import Formatter

import pytest
from dash import dcc, html

from kpi_engine import language
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import tr, trn
from layouts import html_text
from layouts.parts.shapes import area, canvas, stroke
from layouts.still import settled
from portal.models import people
from portal.services import annotations
from portal.services.annotations import NewNote
from portal.services.numbers import TENANT
from portal.services.signing_in import actor_of
from tests.attacks.crawling import KPIS, file_addresses, page_addresses
from tests.attacks.test_callbacks import _routed
from tests.attacks.test_hostile_texts import _dangerous, _faults
from tests.attacks.texts import PAGE_TEXTS
from tests.homes.conftest import NOW
from tests.web.conftest import new_browser
from tools import words

_BROKEN = "<b-canary onclick=window.__xss=1>\"'"

LANGUAGES = {
    "none": "",
    "all": "*",
    "no language": "x" * 5_000,
    "thousands": ",".join(f"a{n};q=0.{n % 10}" for n in range(5_000)),
    "thousands of ours": "de," * 10_000,
    "not a number": "de;q=nan, en;q=inf, fr;q=1e999, it;q=-1, es;q=0x1",
    "a path": "../../../etc/passwd, de/../en, de%00, file:///etc/passwd",
    "markup": '"><script>window.__xss=1</script>, de"onload=1',
    "a template": "{{7*7}}, {0.__class__}, %s%n, ${49}",
    "a long tail": "de" + "-x" * 2_000,
    "a long number": "de;q=0." + "1" * 5_000,
    "semicolons": "de" + ";" * 5_000 + "q=1",
    "blanks": "de" + " " * 7_000 + ";" + " " * 7_000 + "q=1",
    "other letters": "d\u00e9, \u00df, \u0130",
}


@pytest.mark.parametrize("asked", LANGUAGES.values(), ids=LANGUAGES)
def test_whatever_language_is_asked_for_one_of_ours_is_spoken(own, asked):
    browser = new_browser(own.joined)
    for path in ("/login", "/nothing", "/login/forgotten"):
        answer = browser.get(path, Accept_Language=asked.encode().decode("latin-1"))
        assert answer.status_code in (200, 302, 404), path
        if answer.status_code != 302:
            assert re.search(r'<html[^>]* lang="(en|de)"', answer.text)
        assert _faults(answer.text) == []
        assert not asked or len(asked) < 3 or asked not in answer.text
        assert "49" not in re.sub(r'"[^"]*"', "", answer.text)
    assert browser.client.get_cookie("portal", domain="127.0.0.1") is not None


def test_the_language_of_one_request_is_not_the_next_one_s(own):
    browser = new_browser(own.joined)
    assert 'lang="de"' in browser.get("/login", Accept_Language="de-CH, en;q=0.5").text
    assert 'lang="de"' in browser.get("/login", Accept_Language="fr, DE-at;q=0.4, *;q=0.1").text
    assert 'lang="en"' in browser.get("/login", Accept_Language="de;q=0, fr").text
    assert 'lang="en"' in browser.get("/login").text
    signed_in = own.browser("rep")
    assert 'lang="en"' in signed_in.get("/account", Accept_Language="de").text
    assert language.spoken() == language.SOURCE


@pytest.mark.parametrize(
    "value",
    ["{}", "{0}", "{name}", "{name.__class__}", "{{name}}", "{", "}", "%s", "{name!r:>999}"],
)
def test_braces_in_a_value_are_only_braces(value):
    assert tr("Hello {name}, it is {day}.", name=value, day="{name}") == (
        f"Hello {value}, it is {{name}}."
    )
    assert trn("{count} of {name}", "{count} of {name}", 2, name=value) == f"2 of {value}"


@pytest.mark.parametrize("code", words.languages())
def test_no_translation_reaches_into_what_it_is_given(code):
    """`{name.__class__}` or `{name:>99999}` in a translation would; the source says what may stand."""
    for message in words.held(code):
        ours = message.id if isinstance(message.id, (tuple, list)) else [message.id]
        asked = [_place(each) for text in ours for each in Formatter().parse(text or "")]
        theirs = message.string
        for text in theirs if isinstance(theirs, (tuple, list)) else [theirs]:
            for part in Formatter().parse(text or ""):
                name, form, kind = _place(part)
                assert (name, form, kind) in asked or (name, "", None) == (name, form, kind), text
                assert name in {each for each, _, _ in asked} | {None}, text
                assert not name or name.isidentifier(), text


def _place(part):
    _, name, form, kind = part
    return name, form or "", kind


class _Hostile:
    """A translator who means ill: markup at the end of every text."""

    def gettext(self, message):
        return message + _BROKEN

    def ngettext(self, one, many, count):
        return (one if count == 1 else many) + _BROKEN

    def pgettext(self, context, message):
        return message + _BROKEN


@contextmanager
def _said_by(translator):
    language.learn(language.SOURCE, translator)
    try:
        yield
    finally:
        del language._TAUGHT[language.SOURCE]


@pytest.mark.parametrize("role", ["rep", "admin", "everything"])
def test_markup_in_a_translation_is_only_text(own, role):
    browser, said = own.browser(role), 0
    with _said_by(_Hostile()):
        for path in page_addresses():
            page = browser.get(path)
            assert page.status_code < 500, path
            assert _faults(page.text) == [], path
            said += page.text.count("&lt;b-canary")
            answer = browser.call(_routed(own.joined, path))
            assert answer.status_code in (200, 204), path
            found = answer.get_json(silent=True) or {}
            assert list(_dangerous(found)) == [], path
            said += answer.text.count("&lt;b-canary")
        stranger = new_browser(own.joined)
        for path in ("/login", "/login/forgotten", "/login/password"):
            answer = stranger.get(path)
            assert _faults(answer.text) == [], path
            said += answer.text.count("&lt;b-canary")
    assert said > 100, "they are said, or this test finds nothing"


def test_markup_in_a_translation_is_only_text_in_files(own):
    browser = own.browser("everything")
    with _said_by(_Hostile()):
        for path in file_addresses(own.joined):
            answer = browser.get(path)
            assert answer.status_code < 500, path
            told = answer.headers.get("Content-Disposition", "")
            assert "canary" not in told, path


@pytest.fixture(scope="module")
def noted(hostile, database):
    """Notes of every hostile text at the numbers of a hostile company."""
    with database.session(hostile.tenant) as session:
        person = session.scalars(people.by_email(hostile.email("everything"))).one()
        actor = actor_of(hostile.tenant, person)
        for key in KPIS:
            for text in PAGE_TEXTS:
                new = NewNote(KpiKey(key), TENANT, "2017-03-03", text)
                annotations.add(session, actor, new, NOW)
    return hostile


def test_a_note_is_only_text_in_the_page_and_in_what_scripts_are_handed(noted):
    browser, seen = noted.browser("everything"), 0
    for key in KPIS:
        for query in ("period=2017-Q1", "period=2017-03", "tab=notes"):
            path = f"/kpis/{key}?{query}"
            page = browser.get(path)
            assert _faults(page.text) == [], path
            answer = browser.call(_routed(noted.joined, path))
            assert list(_dangerous(answer.get_json())) == [], path
            seen += page.text.count("&lt;img src=x onerror=window")
    assert seen, "they are there, or this test finds nothing"


_VALUES = [
    *(text for text in PAGE_TEXTS if not text.startswith(("javascript:", "data:"))),
    "\0\"'><x>",
    "&quot; onload=1",
]


@pytest.mark.parametrize("text", _VALUES, ids=lambda text: text[:30])
def test_no_attribute_ends_before_its_quote(text):
    tree = html.Div(
        [
            html.Td(
                "x", title=text, id=text, className=text, **{"data-x": text, "aria-label": text}
            ),
            dcc.Link(text, href="/kpis", title=text),
            canvas([stroke(text, text), area(text, text)], 1, 1, text),
            html.Img(alt=text, src="/x.png"),
        ],
        title=text,
    )
    whole = html_text.html(tree)
    one = settled(tree)
    for made in (whole, one.html, html_text.html(html.P(one))):
        assert _faults(made) == []
        assert "<b-canary" not in made
    assert one.attributes == {"title": text}, "React writes it as the text that it is"


@pytest.mark.parametrize(
    ("style", "kept"),
    [
        ({"color": "red;background:url(//evil.example)"}, {}),
        ({"background": "url(//evil.example/x)"}, {}),
        ({"background": "URL( 'x' )"}, {}),
        ({"width": "expression(alert(1))"}, {}),
        ({"color": "\\75rl(x)"}, {}),
        ({"color": "red/**/"}, {}),
        ({"--x": "</style><script>"}, {}),
        ({"color:red;background": "x"}, {}),
        ({"color": "red", "width": "1px;x:y"}, {"color": "red"}),
        (
            {"width": "12.5%", "--n": 3, "flexGrow": 0.5},
            {"width": "12.5%", "--n": 3, "flexGrow": 0.5},
        ),
        ({"color": "var(--red)", "width": "calc(1px + 2%)"},) * 2,
    ],
    ids=str,
)
def test_a_style_holds_no_second_declaration_and_no_address(style, kept):
    one = settled(html.Div(html.I("x", style=style), style=style))
    assert one.attributes.get("style", {}) == kept
    inside = re.search(r'style="([^"]*)"', one.html)
    assert len((inside[1] if inside else "").split(";")) == max(len(kept), 1)
    assert "evil" not in one.html


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "\x01JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "java\tscript:x",
        "vbscript:x",
    ],
)
def test_no_branch_leads_where_a_script_would_run(address):
    for made in (
        html.A("x", href=address),
        html.Img(src=address),
        html.Button("x", formAction=address),
        html.Video(poster=address),
        html.Blockquote("x", cite=address),
        dcc.Link("x", href=address),
    ):
        one = settled(html.Div([made, html.P("y")]))
        assert "script:" not in one.html.lower()
        assert "data:" not in one.html
        alone = settled(made)
        held = alone.to_plotly_json()["props"].get("attributes", {})
        assert address not in held.values()
    fine = settled(html.Div(html.A("x", href="/kpis")))
    assert 'href="/kpis"' in fine.html
