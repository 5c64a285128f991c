"""Every door says what it asks for; a portal with one that does not refuses to start."""

from uuid import uuid4

import pytest
from dash import Input, Output

from callbacks import pages
from portal.cli.main import run
from portal.errors import UndeclaredError
from portal.security.actor import Actor
from portal.security.permissions import CHANGES, GRANTS, Allowed, Denied, Gate, Permission, may
from portal.security.registry import Kind, Registry
from portal.security.roles import Role
from portal.web.guard import refuse_gaps
from tests.web import portals


def test_every_route_and_callback_of_the_portal_is_listed(joined):
    registry, server = joined.edge.registry, joined.server
    refuse_gaps(registry, server)
    registry.refuse_gaps(Kind.CALLBACK, joined.dash.callback_map)
    assert len(registry.names(Kind.ROUTE)) >= 14
    assert len(registry.names(Kind.CALLBACK)) >= 5


def test_a_route_that_is_not_listed_is_named(joined):
    joined.server._got_first_request = False
    joined.server.add_url_rule("/secret", "secret", lambda: "x")
    with pytest.raises(UndeclaredError, match="The route 'secret' declares no permission"):
        refuse_gaps(joined.edge.registry, joined.server)


def test_a_route_that_is_listed_and_gone_is_named(joined):
    joined.edge.registry.declare(Kind.ROUTE, "gone", Gate.SIGNED_IN)
    with pytest.raises(UndeclaredError, match="'gone' declares a permission but is not there"):
        refuse_gaps(joined.edge.registry, joined.server)


def test_a_callback_that_goes_round_the_list_is_named(joined):
    joined.dash.callback(Output("x", "children"), Input("y", "value"))(lambda value: value)
    with pytest.raises(UndeclaredError, match=r"The callback 'x\.children' declares no"):
        joined.edge.registry.refuse_gaps(Kind.CALLBACK, joined.dash.callback_map)


def test_a_door_says_it_once():
    registry = Registry()
    registry.declare(Kind.JOB, "import", Gate.OPERATOR)
    with pytest.raises(UndeclaredError, match="twice"):
        registry.declare(Kind.JOB, "import", Gate.EVERYBODY)


def test_a_route_that_slips_in_later_stays_shut(joined, inside):
    joined.server._got_first_request = False
    joined.server.add_url_rule("/secret", "secret", lambda: "CANARY")
    answer = inside.get("/secret")
    assert answer.status_code == 404
    assert "CANARY" not in answer.text


def test_the_command_ends_with_a_sentence_and_1_where_a_door_is_not_listed(
    home, capsys, monkeypatch
):
    monkeypatch.setenv("PORTAL_MODE", "demo")
    monkeypatch.setattr(
        "portal.app.register_all",
        lambda app, _: app.callback(Output("x", "children"), Input("y", "value"))(str),
    )
    assert run(["serve", "--port", "0", "--workers", "0"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert "The callback 'x.children' declares no permission." in said


def test_without_a_secret_the_portal_does_not_start(home, capsys):
    assert run(["serve", "--port", "0"]) == 2
    assert "Set PORTAL_SECRET_KEY" in capsys.readouterr().err


def test_dash_s_tool_server_is_off_whatever_the_environment_says(
    database, tmp_path, clock, monkeypatch
):
    monkeypatch.setenv("DASH_MCP_ENABLED", "true")
    monkeypatch.setenv("DASH_DEBUG", "1")
    monkeypatch.setenv("FLASK_DEBUG", "1")
    made = portals.make(database, tmp_path, clock)
    rules = {rule.rule for rule in made.server.url_map.iter_rules()}
    assert not {rule for rule in rules if "mcp" in rule or "/ws" in rule}
    assert not made.server.debug or made.server.config["PROPAGATE_EXCEPTIONS"] is False


def test_every_page_asks_for_a_permission_and_has_an_address_of_its_own(joined):
    paths = [page.path for page in pages.PAGES]
    assert len(set(paths)) == len(paths)
    assert all(isinstance(page.permission, Permission) for page in pages.PAGES)


def _actor(*roles: Role, viewed_by=None) -> Actor:
    return Actor(
        tenant="acme",
        person=uuid4(),
        email="a@b.org",
        name="A",
        roles=frozenset(roles),
        viewed_by=viewed_by,
    )


def test_every_role_and_permission_has_an_answer_and_a_refusal_a_reason():
    for role in Role:
        for permission in Permission:
            answer = may(_actor(role), permission)
            assert isinstance(answer, Allowed) == (permission in GRANTS[role])
            if isinstance(answer, Denied):
                assert answer.reason.endswith(".")
    assert all(any(each in GRANTS[role] for role in Role) for each in Permission)


def test_an_administrator_sees_no_numbers_by_that_role_alone():
    for permission in (Permission.KPI_READ, Permission.RECORDS_READ, Permission.SCORECARD_READ):
        assert isinstance(may(_actor(Role.ADMIN), permission), Denied)
        assert isinstance(may(_actor(Role.ADMIN, Role.REP), permission), Allowed)


def test_who_looks_as_somebody_else_changes_nothing():
    looking = _actor(*Role, viewed_by=uuid4())
    for permission in Permission:
        assert isinstance(may(looking, permission), Denied) == (permission in CHANGES)


def test_nobody_without_a_role_may_anything():
    assert all(isinstance(may(_actor(), each), Denied) for each in Permission)
    assert isinstance(may(_actor(*Role), Gate.OPERATOR), Denied)
