"""After signing in one goes on to a page of the portal, whatever the address asks for."""

import pytest

from portal.web.paths import own_path

OWN = [
    "/",
    "/kpis",
    "/kpis/win_rate?period=2026-Q3&team=crm%1F7",
    "/things/a-b_c.d~e",
    "/journey?home=marketing",
]
FOREIGN = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "\\\\\\evil.example",
    "/\t/evil.example",
    "/%09/evil.example",
    "/\n/evil.example",
    "https:evil.example",
    "https://evil.example",
    "http:/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "%2f%2fevil.example",
    "/%2f%2fevil.example",
    "/%2Fevil.example",
    "/%5cevil.example",
    "/./ /evil.example",
    "/a//evil.example",
    "/x\r\nSet-Cookie: a=b",
    "/%0d%0aSet-Cookie: a=b",
    "/é",
    "/<script>",
    '/"onload=',
    "evil.example",
    "",
    " /kpis",
    "/kpis#//evil.example",
    "/login?next=/",
    "/logout",
    "/_dash-layout",
    "/" + "x" * 2_000,
    "/\0",
    "@evil.example",
    "/\u2028/evil.example",
    "/／evil.example",
]


@pytest.mark.parametrize("path", OWN)
def test_a_page_of_ours_is_gone_on_to(path):
    assert own_path(path) == path


@pytest.mark.parametrize("path", FOREIGN)
def test_anything_else_leads_home(path):
    assert own_path(path) == "/"


@pytest.mark.parametrize("path", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_signing_in_and_being_signed_in_lead_nowhere_else(browser, ann, path):
    assert browser.sign_in(ann, next=path).location == "/"
    assert (
        browser.client.get(
            "/login", base_url="http://127.0.0.1:8050", query_string={"next": path}
        ).location
        == "/"
    )


def test_where_one_wanted_to_go_is_where_one_comes(browser, ann):
    page = browser.get("/things/a?period=2026-Q3").location
    assert 'name="next" value="/things/a?period=2026-Q3"' in browser.get(page).text
