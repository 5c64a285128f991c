"""Every page, route and callback, asked by every role: exactly who holds its permission gets in."""

import re
import uuid

import pytest

from callbacks import pages
from portal.security.actor import Actor
from portal.security.permissions import GRANTS, Denied, Gate, Permission, may
from portal.security.registry import Kind
from portal.security.roles import Role
from portal.tenancy.keys import TenantKey
from tests.web import portals
from tests.web.conftest import new_browser

_ARGS = {"key": "win_rate", "name": "a", "kind": "csv", "person": "x", "role": "rep"}
_REFUSED = (401, 403)
_LACKS = "This is for the role"


def _filled(rule: str) -> str:
    """Return an address of a rule, with something in each of its places."""
    rule = re.sub(r"<uuid:[^<>]+>", str(uuid.UUID(int=1)), rule)
    return re.sub(
        r"<(?:[^:<>]+:)?([^<>]+)>", lambda place: _ARGS.get(place[1], f"x-{place[1]}"), rule
    )


def _may(role: Role, access: object) -> bool:
    if isinstance(access, Permission):
        return access in GRANTS[role]
    return access in (Gate.EVERYBODY, Gate.SIGNED_IN)


@pytest.fixture(params=list(Role))
def role(request) -> Role:
    return request.param


@pytest.fixture
def held(joined, database, tenant, role):
    """A browser in which somebody with one role has signed in."""
    email = f"{role}-{uuid.uuid4().hex[:8]}@example.org"
    portals.add_person(database, tenant, email, role)
    browser = new_browser(joined)
    assert browser.sign_in(email).status_code == 303
    browser.get("/account")
    return browser


def test_every_page_opens_for_whoever_may_and_for_nobody_else(held, role, joined):
    stranger = new_browser(joined)
    for page in pages.PAGES:
        path = _filled(page.path)
        answer = held.get(path)
        if _may(role, page.permission):
            # Without records of their own a rep and a leader have the permission and no numbers.
            assert answer.status_code in (200, 403, 404), (role, path, answer.status_code)
            assert _LACKS not in answer.text, (role, path)
        else:
            assert (answer.status_code, _LACKS in answer.text) == (403, True), (role, path)
        assert stranger.get(path).status_code == 302, path


def test_every_route_refuses_whoever_lacks_its_permission(held, role, joined):
    registry, stranger = joined.edge.registry, new_browser(joined)
    token = {"csrf_token": held.client.get_cookie("csrf", domain="127.0.0.1").decoded_value}
    asked = 0
    for rule in joined.server.url_map.iter_rules():
        access = registry.access(Kind.ROUTE, rule.endpoint)
        if not isinstance(access, Permission):
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            path, asked = _filled(rule.rule), asked + 1
            told = {"base_url": portals.BASE, "method": method}
            data = token if method == "POST" else None
            answer = held.client.open(path, data=data, **told)
            assert answer.status_code < 500, (role, method, path)
            assert (_LACKS in answer.text) is not _may(role, access), (role, method, path)
            assert _may(role, access) or answer.status_code == 403, (role, method, path)
            assert stranger.client.open(path, **told).status_code in (302, 400, 401), path
            if access is Permission.SELF_EDIT or held.get("/account").status_code == 302:
                # A form of one's own account may have ended the session.
                held.get("/account")
    assert asked >= 10


def _body(joined, name: str) -> dict:
    """Return a body of the registered shape, every value null and every pattern with one match."""
    spec = joined.dash.callback_map[name]

    def wire(dependency: dict) -> object:
        said = dependency["id"]
        if not said.startswith("{"):
            return {"id": said, "property": dependency["property"], "value": None}
        many = '"ALL"' in said
        found = {
            "id": portals.json.loads(_one(said)),
            "property": dependency["property"],
            "value": None,
        }
        return [found] if many else found

    inputs = [wire(each) for each in spec["inputs"]]
    first = inputs[0][0] if isinstance(inputs[0], list) else inputs[0]
    told = first["id"] if isinstance(first["id"], str) else _stringed(first["id"])
    several = name.startswith("..")
    outputs = [_out(one) for one in (name[2:-2].split("...") if several else [name])]
    return {
        "output": name,
        "outputs": outputs if several else outputs[0],
        "inputs": inputs,
        "state": [wire(each) for each in spec["state"]],
        "changedPropIds": [f"{told}.{first['property']}"],
    }


def _out(name: str) -> dict:
    """Return one output as a body says it, from its name, in which a repeated one has a mark."""
    said, _, prop = name.rpartition(".")
    if said.startswith("{"):
        return {"id": portals.json.loads(_one(said)), "property": prop}
    return {"id": said, "property": prop}


def _one(text: str) -> str:
    return re.sub(r'\["(MATCH|ALL|ALLSMALLER)"\]', '"x"', text)


def _stringed(said: dict) -> str:
    return portals.json.dumps(said, sort_keys=True, separators=(",", ":"))


def test_every_callback_refuses_whoever_lacks_its_permission(held, role, joined):
    registry = joined.edge.registry
    stranger, asked, let_in = new_browser(joined), 0, 0
    for name in sorted(registry.names(Kind.CALLBACK)):
        access = registry.access(Kind.CALLBACK, name)
        if not isinstance(access, Permission):
            continue
        body, asked = _body(joined, name), asked + 1
        status = held.call(body).status_code
        if _may(role, access):
            assert status not in _REFUSED, (role, name, status)
            let_in += status in (200, 204)
        else:
            assert status == 403, (role, name, status)
        assert stranger.call(body).status_code in (400, 401), name
    assert asked >= 5
    assert let_in or role is Role.ADMIN


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (Permission.REVIEW_WRITE, "for the role leader, executive or owner."),
        (Permission.PEOPLE_EDIT, "for the role admin."),
    ],
)
def test_a_refusal_names_the_roles_that_may_as_a_sentence_does(asked, told):
    nobody = Actor(TenantKey("t"), uuid.uuid4(), "a@b.example", "A", frozenset())
    refused = may(nobody, asked)
    assert isinstance(refused, Denied)
    assert told in refused.reason
