"""Whatever stands where an address has an id, nothing breaks, and nothing of another is told."""

import re
from urllib.parse import quote

import pytest

from portal.models import people
from tests.attacks.companies import MARKS
from tests.attacks.crawling import ask, own_routes, page_addresses, text_of
from tests.attacks.test_two_companies import _rows
from tests.attacks.texts import IDS
from tests.web.portals import BASE


@pytest.mark.parametrize("wanted", IDS, ids=lambda text: text[:20])
def test_any_id_in_any_address_is_answered_or_refused(own, wanted):
    browser = own.fresh("everything")
    for method, rule in own_routes(own.joined):
        filled = quote(wanted, safe="%*:.{}-_")
        path = re.sub(r"<[^<>]+>", lambda _, text=filled: text, rule)
        answer = ask(browser, path, method)
        assert answer.status_code < 500, (method, path)
        assert "Traceback" not in answer.text
        assert MARKS["b"] not in text_of(answer)


def test_what_a_form_does_not_have_is_not_taken(own, database, tenant):
    browser = own.fresh("admin")
    more = {
        "tenant_id": tenant,
        "id": "1",
        "password_hash": "x",
        "disabled_at": "",
        "is_admin": "1",
    }
    email = f"more-{own.run}@example.org"
    added = ask(browser, "/admin/people/new", "POST", email=email, role="rep", **more)
    assert added.status_code == 303
    page = browser.get("/admin").text
    assert email in page
    with database.session(tenant) as session:
        assert session.scalars(people.by_email(email)).one_or_none() is None


def test_a_role_that_is_typed_twice_or_is_none_is_refused(own):
    browser = own.fresh("admin")
    for role in ("root", "admin'--", "", "rep,admin", "ADMIN"):
        refused = ask(browser, "/admin/people/new", "POST", email="x@example.org", role=role)
        assert refused.status_code == 400, role


@pytest.mark.parametrize("path", ["/", "/kpis", "/scorecard", "/account", "/admin", "/login"])
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "CONNECT"])
def test_no_address_takes_another_method(own, path, method):
    answer = own.browser("everything").client.open(path, method=method, base_url=BASE)
    assert answer.status_code == 405


def test_reading_every_page_changes_nothing(own, server):
    browser = own.browser("everything")
    for path in page_addresses():
        browser.get(path)
    before = _rows(server, own.tenant)
    for path in page_addresses():
        browser.get(path)
    assert _rows(server, own.tenant) == before
