"""Logs and figures of the real server name tenants and people by id, and nothing that they wrote."""

import json
import re
from itertools import pairwise

import pytest

from tests.attacks.companies import MARKS, figures
from tests.attacks.crawling import callbacks, file_addresses, page_addresses
from tests.attacks.served import Guest

TYPED = "Typedcanary"
SHOWN = [*page_addresses(), "/?home=executive", "/scorecard?period=2017-Q1", "/admin/audit"]
_KEYS = {"request_id", "method", "route", "status", "milliseconds", "tenant", "person", "viewed_by"}
_WIRE = (
    f"GET /{TYPED} HTTP/9.9\r\n\r\n",
    f"GET /{TYPED} HTTP/1.1\r\nHost: {TYPED}.example\r\n\r\n",
    f"{TYPED} /login HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    f"GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\n{TYPED}\0: x\r\n\r\n",
    f"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {TYPED}\r\n\r\n",
    f"PROXY TCP4 {TYPED}\r\nGET /login HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
)


@pytest.fixture(scope="module")
def used(served, own, other):
    """Two companies have used the server: pages, files, callbacks, forms, all kinds of faults."""
    seen = ""
    for company in (own, other):
        guest = Guest(served)
        email = company.email("everything")
        guest.sign_in(f"{TYPED}@example.org", TYPED * 2)
        guest.sign_in(email, TYPED * 2)
        assert guest.sign_in(email, company.password).status_code == 303
        for path in (*SHOWN, *file_addresses(company.joined)):
            seen += guest.get(path).text
        for _, body in callbacks(company.joined):
            guest.call(body)
        guest.call({"output": TYPED, "inputs": TYPED})
        guest.get(f"/{TYPED}?{TYPED}={TYPED}")
        guest.get(f"/kpis/{TYPED}?period={TYPED}")
        guest.post("/admin/people/new", {"email": TYPED, "role": TYPED, "name": TYPED}, "/admin")
        guest.post("/login/forgotten", {"email": company.email("rep")}, "/login/forgotten")
        guest.kept.headers.update({"User-Agent": TYPED, "Referer": f"http://{TYPED}", "X-A": TYPED})
        guest.get("/account")
    for said in _WIRE:
        served.say(said.encode())
    assert MARKS["a"] in seen, "names are on the pages, or this test finds nothing"
    assert MARKS["b"] in seen
    return served


def _secrets(company) -> list[str]:
    emails = [company.email(role) for role in ("everything", "rep", "admin")]
    return [*emails, company.password, company.password.replace(" ", "+")]


def _told(text: str, own, other) -> list[str]:
    words = [*MARKS.values(), TYPED, *_secrets(own), *_secrets(other)]
    # A figure stands by itself; within an id it is chance.
    numbers = [rf"(?<![\w.]){re.escape(each)}(?![\w.])" for each in (*figures("a"), *figures("b"))]
    found = [word for word in words if word.lower() in text.lower()]
    return found + [each for each in numbers if re.search(each, text)]


def test_no_line_holds_what_a_person_wrote_typed_or_saw(used, own, other):
    lines = used.lines()
    assert len(lines) > 100
    assert [line for line in lines if _told(line, own, other)] == []


def test_every_line_is_an_object_with_ids_and_no_more(used, own, other):
    read = [json.loads(line) for line in used.lines() if line.startswith("{")]
    # The line before a strange one says where it comes from.
    pairs = pairwise(["", *used.lines()])
    assert [both for both in pairs if not both[1].startswith(("{", "The portal answers"))] == []
    asked = [each for each in read if each["event"] == "request"]
    assert {each["tenant"] for each in asked} == {None, str(own.tenant), str(other.tenant)}
    for each in asked:
        assert set(each) == _KEYS | {"event", "level", "timestamp"}
        assert each["person"] is None or re.fullmatch(r"[0-9a-f-]{36}", each["person"])
    assert not any("Traceback" in line for line in used.lines())


def test_no_figure_names_anybody_or_anything(used, own, other):
    told = used.figures()
    assert "portal_requests_total" in told, "figures are read, or this test finds nothing"
    # The second where tests before it have used up what one address may try.
    assert 'status="401"' in told or 'status="429"' in told
    assert _told(told, own, other) == []
    for tenant in (own.tenant, other.tenant):
        assert str(tenant) not in told
    labels = {name for inside in re.findall(r"\{([^}]*)\}", told) for name in _names(inside)}
    assert labels <= {"route", "method", "status", "le", "pid"}
    routes = set(re.findall(r'route="([^"]*)"', told))
    assert len(routes) < 80, "a route is a name of ours, not what somebody asked for"


def test_the_search_would_find_what_it_looks_for(own, other):
    for text in (MARKS["a"], own.email("rep"), f'"x": "{TYPED}"', f" {figures('b')[0]} "):
        assert _told(f"a {text} z", own, other)
    assert not _told("a1009000b", own, other)


def test_the_figures_are_for_this_machine_and_not_at_the_portal(used):
    guest = Guest(used)
    assert guest.kept.get(f"{used.url}/metrics", timeout=20, allow_redirects=False).status_code in (
        *(302, 404),
    )
    address = f":{used.metrics:04X}"
    with open("/proc/net/tcp") as held:  # noqa: PTH123
        listening = [line.split()[1] for line in held if line.split()[3] == "0A"]
    assert [each for each in listening if each.endswith(address)] == [f"0100007F{address}"]


def _names(inside: str) -> list[str]:
    return re.findall(r'(\w+)="', inside)
