"""Every answer, errors too, says what a browser may do with it; none tells what it was about."""

import re

import pytest
from flask import request

from portal.errors import DatabaseUnreachableError
from portal.web.headers import PLAIN_POLICY
from portal.web.packing import Packed
from portal.web.paths import KEPT
from tests.web import portals
from tests.web.portals import BASE

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FILLED = {"name": "a", "path": "x/y", "filename": "40-parts.css"}


def _check(answer) -> None:
    for name, value in ALWAYS.items():
        assert answer.headers[name] == value
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'unsafe-inline'" not in policy
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["X-Request-Id"])
    kept = answer.headers["Cache-Control"]
    assert kept in {"no-store", *KEPT}
    if answer.data:
        kind = answer.headers["Content-Type"]
        assert "charset=utf-8" in kind or kind == "application/json" or "image" in kind
    assert "Access-Control-Allow-Origin" not in answer.headers


def _addresses(server) -> list[tuple[str, str]]:
    found = []
    for rule in server.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda part: FILLED.get(part[1], "x"), rule.rule)
        found += [(method, path) for method in sorted(rule.methods)]
    return found


@pytest.mark.parametrize("signed_in", [False, True])
def test_every_route_has_the_headers_with_every_method(joined, browser, ann, signed_in):
    if signed_in:
        browser.sign_in(ann)
    addresses = _addresses(joined.server)
    assert len(addresses) > 25
    for method, path in addresses:
        headers = {"Origin": "https://evil.example"}
        answer = browser.client.open(path, method=method, base_url=BASE, headers=headers)
        assert answer.status_code < 500, (method, path)
        _check(answer)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/things/a", 200),
        ("/things/missing", 404),
        ("/locked", 403),
        ("/things/broken", 500),
        ("/nothing", 404),
        ("/anything.css", 404),
        ("/_mcp", 404),
        ("/console", 404),
        ("/?__debugger__=yes", 404),
        ("/assets/nothing.css", 404),
        ("/assets/..%2f..%2fconfig.py", 404),
        ("/_dash-component-suites/dash/dcc/../../x", 404),
        ("/_dash-component-suites/portal/config.py", 404),
        ("/_dash-component-suites/nothing/x.js", 404),
        ("/_reload-hash", 404),
    ],
)
def test_an_address_has_its_status_and_the_headers(inside, path, status):
    answer = inside.get(path)
    if path.startswith("/?") and answer.status_code == 200:
        status = 200
    assert answer.status_code == status
    _check(answer)
    assert "CANARY" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "POST"])
def test_a_method_that_nobody_takes_is_refused(inside, method):
    answer = inside.client.open("/things/a", method=method, base_url=BASE)
    assert answer.status_code == 405
    _check(answer)


@pytest.mark.parametrize(
    "host",
    [
        "evil",
        "evil.org",
        "127.0.0.1.evil.org",
        "127.0.0.1@evil.org",
        "kpi.example.org.",
        "a b",
        "x" * 999,
    ],
)
def test_another_host_is_refused_before_anything(browser, host):
    for path in ("/", "/login", "/livez", "/assets/sheet.css", "/_dash-layout"):
        answer = browser.client.get(path, headers={"Host": host})
        assert answer.status_code == 400, path
        assert host not in answer.text


def test_hosts_that_are_set_are_answered(database, tmp_path, clock):
    made = portals.make(
        database, tmp_path, clock, url="https://kpi.example.org", trusted_hosts=("kpi.internal",)
    )
    client = made.server.test_client()
    for host in ("kpi.example.org", "kpi.internal:8050", "127.0.0.1", "localhost:99"):
        assert client.get("/livez", headers={"Host": host}).status_code == 200, host
    assert client.get("/livez", headers={"Host": "example.org"}).status_code == 400


def test_what_a_client_says_of_its_address_counts_only_behind_a_proxy(database, tmp_path, clock):
    def seen(**settings) -> str:
        made = portals.make(database, tmp_path, clock, **settings)
        found = []
        made.server.before_request_funcs[None].insert(0, lambda: found.append(request.remote_addr))
        forged = {"X-Forwarded-For": "6.6.6.6, 9.9.9.9", "X-Forwarded-Host": "evil.org"}
        assert (
            made.server.test_client().get("/livez", base_url=BASE, headers=forged).status_code
            == 200
        )
        return found[0]

    assert seen() == "127.0.0.1"
    assert seen(proxies=1) == "9.9.9.9"


def test_pages_may_run_our_scripts_and_errors_none(inside):
    page = inside.get("/things/a").headers["Content-Security-Policy"]
    assert re.search(r"script-src 'self'( 'sha256-[A-Za-z0-9+/=]+')+;", page)
    assert inside.get("/assets/nothing.css").headers["Content-Security-Policy"] == PLAIN_POLICY
    assert inside.get("/login").headers["Content-Security-Policy"] == PLAIN_POLICY


def test_the_page_of_a_link_in_a_mail_may_run_the_script_that_reads_the_link(inside):
    answer = inside.get("/login/password")
    assert re.findall(r'<script src="([^"]+)"', answer.text) == ["/assets/link.js"]
    assert "; script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in inside.get("/login/forgotten").headers["Content-Security-Policy"]


def test_every_script_within_a_page_is_one_that_the_policy_knows(inside, joined):
    answer = inside.get("/things/a")
    inline = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    assert inline
    policy = answer.headers["Content-Security-Policy"]
    for script in inline:
        digest = portals.sha256(script)
        assert f"'sha256-{digest}'" in policy
    assert not re.search(r"<[^>]+\son\w+=", answer.text)


def test_files_with_a_mark_are_kept_for_good_and_others_not(inside, joined):
    for address in joined.dash.addresses():
        answer = inside.get(address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert "Set-Cookie" not in answer.headers
        assert inside.get(address.partition("?")[0]).status_code == 200


def test_files_without_a_mark_are_sent_again_only_where_they_changed(inside):
    first = inside.get("/assets/sheet.css")
    assert first.headers["Cache-Control"] == "public, no-cache"
    again = inside.get("/assets/sheet.css", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    assert inside.get("/assets/sheet.css", If_None_Match='W/"other"').status_code == 200


def test_no_page_loads_the_whole_of_plotly(inside, joined):
    assert not [address for address in joined.dash.addresses() if "plotly" in address]
    assert inside.get("/assets/vendor/plotly-basic-4.1.1.min.js").status_code == 200


def test_files_come_packed_in_what_the_browser_takes(inside, joined):
    address = next(each for each in joined.dash.addresses() if "sheet.css" in each)
    plain = inside.get(address).data
    for encoding in ("br", "gzip"):
        answer = inside.get(address, Accept_Encoding=encoding)
        assert answer.headers["Content-Encoding"] == encoding
        assert len(answer.data) < len(plain) / 2
        assert portals.unpacked(answer) == plain
    assert "Content-Encoding" not in inside.get(address, Accept_Encoding="identity").headers
    assert Packed(b"x", None, None, "text/css").brotli is None


def test_pages_come_packed_and_are_the_same(inside):
    answer = inside.get("/things/a", Accept_Encoding="gzip, br")
    assert answer.headers["Content-Encoding"] == "br"
    assert b"This is a of" in portals.unpacked(answer)


def test_a_database_that_does_not_answer_is_a_503_and_the_process_still_lives(
    inside, joined, monkeypatch
):
    def gone(*_):
        raise DatabaseUnreachableError("CANARY host and port")

    monkeypatch.setattr("portal.tenancy.database.Database.session", gone)
    monkeypatch.setattr("portal.tenancy.database.Database.check", gone)
    answer = inside.get("/things/a")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "CANARY" not in answer.text
    assert inside.get("/readyz").status_code == 503
    assert inside.get("/livez").status_code == 200


def test_a_portal_that_can_serve_says_so(browser):
    assert browser.get("/livez").json == {"alive": True}
    assert browser.get("/readyz").json == {"database": True, "folder": True}


def test_every_request_has_an_id_of_its_own_whatever_was_sent(inside):
    ids = {inside.get("/things/a", X_Request_Id="evil").headers["X-Request-Id"] for _ in range(5)}
    assert len(ids) == 5
    assert "evil" not in ids
