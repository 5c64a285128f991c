"""Names that people and a CRM wrote are only text: on every page, in every file, in every mail."""

import csv
import io
import json
import re
import zipfile
from html.parser import HTMLParser

import openpyxl
import pytest

from tests.attacks.crawling import ask, callbacks, file_addresses, page_addresses, text_of
from tests.attacks.test_callbacks import _routed
from tests.attacks.texts import FORMULAS, PAGE_TEXTS, RUNS
from tests.web.portals import BASE

pytestmark = pytest.mark.slow

_STARTS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_ROLES = ("rep", "admin", "everything")


class _Elements(HTMLParser):
    """What a browser would make of a page: its elements and what they would run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.scripts: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        for name, text in attrs:
            told = re.sub(r"[\s\x00-\x20]", "", text or "").lower()
            if name.startswith("on") or name == "srcdoc":
                self.faults.append(f"<{tag} {name}={text}>")
            if name in {"href", "src", "action", "formaction", "data", "xlink:href"} and (
                told.startswith(("javascript:", "vbscript:", "data:text"))
            ):
                self.faults.append(f"<{tag} {name}={text}>")
        if tag in {"iframe", "object", "embed", "base", "b-canary"}:
            self.faults.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts.append(data)
            if data.strip() == RUNS:
                self.faults.append(f"<script>{data}")


def _faults(page: str) -> list[str]:
    read = _Elements()
    read.feed(page)
    return read.faults


def test_the_reader_finds_what_it_is_for():
    assert len(PAGE_TEXTS) == 40
    assert _faults(f"<p>{PAGE_TEXTS[0]}</p>")
    assert _faults(f"<a href=' \tjava\tscript:{RUNS}'>x</a>")
    assert _faults(f"<title>x</title><script>{RUNS}</script>")
    assert not _faults("<p>&lt;img src=x onerror=1&gt;</p><a href='/x?a=javascript:'>x</a>")
    for props in (
        {"tag": "div", "html": f"<p>{PAGE_TEXTS[0]}</p>"},
        {"tag": "iframe", "html": ""},
        {"tag": "div", "attributes": {"onClick": RUNS}},
        {"tag": "div", "attributes": {"dangerouslySetInnerHTML": {"__html": RUNS}}},
        {"tag": "a", "attributes": {"href": f"javascript:{RUNS}"}},
        {"tag": "div", "html": '<i style="background:url(//evil.example)"></i>'},
    ):
        branch = {"namespace": "layouts", "type": "Still", "props": props}
        assert list(_dangerous({"response": [{"children": branch}]})), props
    fine = {"tag": "p", "attributes": {"title": PAGE_TEXTS[8]}, "html": "&lt;img onerror=1&gt;"}
    assert not list(_dangerous({"namespace": "layouts", "type": "Still", "props": fine}))


@pytest.mark.parametrize("role", _ROLES)
def test_no_page_makes_anything_of_a_name(hostile, role):
    browser, seen = hostile.browser(role), ""
    for path in page_addresses():
        answer = browser.get(path)
        assert answer.status_code < 500, path
        assert _faults(answer.text) == [], path
        seen += answer.text
    assert "&lt;img src=x onerror" in seen or "onerror" in seen


@pytest.mark.parametrize("role", _ROLES)
def test_what_scripts_are_handed_is_only_text_too(hostile, role):
    """A component's child is text; a property that would be markup, and a link's address, are not."""
    browser, branches = hostile.browser(role), 0
    for path in page_addresses():
        answer = browser.call(_routed(hostile.joined, path))
        assert answer.status_code in (200, 204), path
        found = answer.get_json(silent=True) or {}
        assert list(_dangerous(found)) == [], path
        branches += answer.text.count('"namespace":"layouts"')
        browser.get(path)
        layout = browser.get("/_dash-layout").get_json()
        assert list(_dangerous(layout)) == [], path
        branches += json.dumps(layout).count('"namespace": "layouts"')
    assert branches > len(page_addresses()), "most of a page comes as ready HTML"


def test_every_callback_answers_hostile_values_with_text(hostile):
    browser = hostile.browser("everything")
    for text in (*PAGE_TEXTS[:4], FORMULAS[0]):
        for name, body in callbacks(hostile.joined):
            said = {
                **body,
                "inputs": [
                    {**each, "value": text} for each in body["inputs"] if isinstance(each, dict)
                ],
            }
            if len(said["inputs"]) != len(body["inputs"]):
                continue
            answer = browser.call(said)
            assert answer.status_code < 500, (name, text)
            assert list(_dangerous(answer.get_json(silent=True) or {})) == [], (name, text)


def test_no_cell_of_any_file_is_a_formula(hostile):
    browser, books, sheets = hostile.browser("everything"), 0, 0
    for path in file_addresses(hostile.joined):
        answer = browser.get(path)
        assert answer.status_code < 500, path
        if answer.data[:2] == b"PK":
            books += 1
            _check_book(answer.data, path)
        elif answer.mimetype == "text/csv":
            sheets += 1
            _check_csv(answer.data, path)
    assert books
    assert sheets


def test_a_file_s_name_is_ours(hostile):
    browser = hostile.browser("everything")
    for path in file_addresses(hostile.joined):
        answer = browser.get(path)
        if "Content-Disposition" in answer.headers:
            told = answer.headers["Content-Disposition"]
            assert re.fullmatch(r'attachment; filename="[A-Za-z0-9_.-]+"', told), path
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("text", PAGE_TEXTS[:12])
def test_what_is_typed_into_a_form_comes_back_as_text(hostile, text):
    browser = hostile.browser("admin")
    form = ask(browser, "/admin/people/new", "POST", email=text, name=text, role=text)
    assert form.status_code == 400
    assert _faults(form.text) == []
    door = browser.client.get("/login/provider", base_url=BASE, query_string={"company": text})
    assert _faults(door.text) == []
    for path in ("/nothing", "/kpis/x", "/things"):
        answer = browser.client.get(path, base_url=BASE, query_string={"period": text, "x": text})
        assert answer.status_code < 500
        assert _faults(answer.text) == []


def test_a_template_within_a_name_is_not_filled_in(hostile):
    for path in page_addresses():
        found = text_of(hostile.browser("everything").get(path))
        assert "${49}" not in found
        assert "#49" not in found or "{{7*7}}" in found
        assert "<class " not in found


_LINKS = frozenset({"href", "src", "action", "formAction"})
_MARKUP = frozenset({"dangerously_allow_html", "dangerouslySetInnerHTML", "srcDoc", "innerHTML"})


def _dangerous(found: object):
    """Yield what of an answer a script would not take as text."""
    if isinstance(found, list):
        for each in found:
            yield from _dangerous(each)
    if not isinstance(found, dict):
        return
    if found.get("namespace") == "dash_core_components" and found.get("type") == "Markdown":
        yield "Markdown"
    if found.get("namespace") == "layouts":
        yield from _in_branch(found.get("props") or {})
    for name, told in found.items():
        if name in _MARKUP:
            yield name
        if name in _LINKS and isinstance(told, str):
            plain = re.sub(r"[\s\x00-\x20]", "", told).lower()
            if plain.startswith(("javascript:", "data:text", "vbscript:", "//")):
                yield f"{name}={told}"
        yield from _dangerous(told)


def _in_branch(props: dict):
    """Yield what is wrong with a branch of ready HTML: a browser makes elements of its text."""
    made = str(props.get("html") or "")
    yield from _faults(made)
    yield from (text for text in PAGE_TEXTS if "<" in text and text in made)
    if str(props.get("tag")).lower() in {"script", "iframe", "object", "embed", "style", "base"}:
        yield f"<{props['tag']}>"
    for name, told in (props.get("attributes") or {}).items():
        if name.lower().startswith("on") or not re.fullmatch(r"[A-Za-z][A-Za-z-]*", name):
            yield f"{name}={told}"
    if re.search(r"(?i)style=\"[^\"]*(?:url\(|expression|@import)", made):
        yield "style"


def _check_book(raw: bytes, path: str) -> None:
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        assert not [name for name in book.namelist() if "externalLink" in name or "vba" in name]
    for sheet in openpyxl.load_workbook(io.BytesIO(raw)):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (path, cell.value)
                assert cell.hyperlink is None, (path, cell.value)


def _check_csv(raw: bytes, path: str) -> None:
    for row in csv.reader(io.StringIO(raw.decode("utf-8-sig"))):
        for cell in row:
            assert not cell.lstrip(" \u00a0").startswith(_STARTS) or _is_number(cell), (path, cell)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
