"""The pages of actions in a browser without script: forms, refusals, strange text, other tenants."""

import re
import uuid
from datetime import date, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from kpi_engine.statistics.effect import Way
from portal.services import action_judging, action_library, actions, tenants
from portal.services.actions import Expected
from portal.services.desks import open_desk
from portal.services.numbers import TENANT
from portal.services.tenants import Profile
from portal.tenancy.keys import TenantKey
from portal.workflow.action import ActionState, Move
from tests.actions.house import ANN, NORTH, NOW, TODAY, WIN_RATE, House
from tests.actions.test_judging import numbers
from tests.web import portals
from tests.web.conftest import signed_in
from tests.web.portals import Clock

STRANGE = "<img src=x onerror=alert(1)> javascript:alert(1) **b** [x](y) \u202etxt"
FIELDS = {
    "title": "Answer within the hour",
    "due": "2026-12-07",
    "kind": "process",
    "direction": "up",
    "size": "0.8",
    "lag": "28",
    "guardrail": "",
    "side": "least",
    "limit": "",
}


@pytest.fixture
def joined(database, tmp_path):
    return portals.make(database, tmp_path, Clock(NOW))


@pytest.fixture
def enter(joined):
    """Return a browser in which somebody is signed in."""
    return lambda actor: signed_in(joined, actor.email)


def ask(browser, who, kpi="win_rate", **fields):
    sent = {**FIELDS, "kpi": kpi, "person": str(who.person), **fields}
    return browser.post("/actions/create", sent, page=f"/actions/new?kpi={kpi}")


def every(house, actor):
    with house.session() as session:
        return actions.every(session, actor, TODAY)


def test_an_action_is_asked_for_seen_on_the_board_and_finished(house, chief, enter):
    browser = enter(chief)
    answer = ask(browser, chief, guardrail="new_leads", limit="1,150")
    card = every(house, chief)[0]
    assert (answer.status_code, answer.location) == (303, f"/actions/{card.id}")
    assert (card.expected.size, card.limit.limit) == (0.008, 1150.0)
    for path in ("/actions", "/actions?view=list", answer.location, "/kpis/win_rate"):
        assert "Answer within the hour" in browser.get(path).text, path
    page = answer.location
    sent = {"version": "1", "move": "finish", "day": "2026-11-20"}
    assert browser.post(f"{page}/move", sent, page=page).status_code == 303
    assert every(house, chief)[0].done_on == date(2026, 11, 20)
    assert "in force since 20\xa0Nov\xa02026" in browser.get(page).text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"due": "next week"}, "is no day"),
        ({"size": "a lot"}, "is not a figure"),
        ({"title": " "}, "is empty"),
        ({"kind": "magic"}, "An action is one of"),
        ({"direction": "sideways"}, "up or down"),
        ({"lag": "-1"}, "after how long"),
        ({"guardrail": "win_rate"}, "another KPI"),
        ({"guardrail": "new_leads"}, "Say where"),
        ({"person": str(uuid.UUID(int=7))}, "another owner"),
    ],
    ids=repr,
)
def test_what_cannot_be_used_is_told_and_nothing_typed_is_lost(house, chief, enter, fields, said):
    browser = enter(chief)
    answer = ask(browser, chief, **{"title": "What was typed", **fields})
    assert answer.status_code == 303
    page = browser.get(answer.location)
    assert said in unescape(page.text)
    assert ('value="What was typed"' in page.text) is ("title" not in fields)
    assert every(house, chief) == ()


def test_a_stale_form_gets_both_texts_and_overwrites_only_when_saved_again(house, chief, enter):
    browser = enter(chief)
    made = house.ask(chief)
    page = f"/actions/{made}?edit=1"
    sent = {**FIELDS, "person": str(chief.person), "version": "1"}
    assert browser.post(f"/actions/{made}/change", {**sent, "title": "Theirs"}, page=page).location
    stale = browser.post(f"/actions/{made}/change", {**sent, "title": "Mine"}, page=page)
    assert parse_qs(urlsplit(stale.location).query)["stale"] == ["1"]
    shown = browser.get(stale.location).text
    assert "Somebody changed this action while you were writing" in shown
    assert 'value="Mine"' in shown
    assert "Theirs" in shown
    assert house.card(chief, made).title == "Theirs"
    again = re.search(r'name="version"[^>]*value="(\d+)"|value="(\d+)"[^>]*name="version"', shown)
    version = again[1] or again[2]
    browser.post(f"/actions/{made}/change", {**sent, "title": "Mine", "version": version}, page)
    assert house.card(chief, made).title == "Mine"


def test_text_that_people_typed_is_text_on_every_page(house, chief, enter):
    strange = " ".join(STRANGE.replace("\u202e", "").split())
    chief = house.add("<b>Chief</b> & Co", "executive")
    browser = enter(chief)
    place = ask(browser, chief, title=STRANGE).location
    reason = {"version": "1", "move": "drop", "note": STRANGE}
    pages = ["/actions", "/actions?view=list", f"{place}?edit=1", place, "/kpis/win_rate"]
    for path in pages:
        text = browser.get(path).text
        assert "<img src=x" not in text, path
        assert "<b>Chief" not in text, path
        assert strange in unescape(text), path
    browser.post(f"{place}/move", reason, page=place)
    assert "<img src=x" not in browser.get(place).text


def test_nothing_is_changed_without_the_token_of_a_form(house, chief, enter):
    browser = enter(chief)
    made = house.ask(chief)
    for path in ("/actions/create", f"/actions/{made}/move", f"/actions/{made}/carry"):
        assert browser.client.post(path, base_url=portals.BASE, data=FIELDS).status_code == 400
    assert [card.version for card in every(house, chief)] == [1]


def test_another_tenants_action_is_not_found_and_not_changed(house, chief, enter, database):
    made = house.ask(chief)
    key = TenantKey(f"t{uuid.uuid4().hex[:12]}")
    with database.session(key) as session:
        tenants.create(session, Profile("Rival"), NOW)
    rival = enter(House(database, key).add("Rival Chief", "executive"))
    assert rival.get(f"/actions/{made}").status_code == 404
    sent = {**FIELDS, "version": "1", "move": "drop", "note": "mine", "day": "2026-12-24"}
    for name in ("move", "carry", "change"):
        answer = rival.post(f"/actions/{made}/{name}", sent, page="/actions/new?kpi=win_rate")
        assert answer.status_code == 404, name
    assert house.card(chief, made).version == 1


@pytest.mark.parametrize("action", ["x", str(uuid.UUID(int=7)), "%00", "1' or '1'='1"])
def test_an_address_of_no_action_is_not_found(house, chief, enter, action):
    assert enter(chief).get(f"/actions/{action}").status_code == 404


def test_a_rep_asks_for_an_action_on_their_own_number_only(house, ann, enter):
    browser = enter(ann)
    refused = ask(browser, ann, team="north")
    assert refused.status_code == 303
    assert every(house, ann) == ()
    assert ask(browser, ann, owner="ann").status_code == 303
    assert [card.who for card in every(house, ann)] == [ANN]


def test_a_form_leads_back_to_a_page_of_ours_and_nowhere_else(house, chief, enter):
    browser = enter(chief)
    assert ask(browser, chief, back="/kpis/win_rate").location == "/kpis/win_rate"
    for away in ("//evil.example/", "https://evil.example", "/kpis//evil", "/admin", "/kpis/\\x"):
        assert ask(browser, chief, back=away).location.startswith("/actions/"), away


def test_an_action_that_is_late_is_carried_over(house, chief, enter):
    made = house.ask(chief, due=TODAY - timedelta(days=5))
    browser = enter(chief)
    assert "One action is overdue" in browser.get("/").text
    page = f"/actions/{made}"
    answer = browser.post(f"{page}/carry", {"version": "1", "day": "2027-01-15"}, page=page)
    now = house.card(chief, uuid.UUID(answer.location.rsplit("/", 1)[1]))
    assert (now.due, now.carried_from) == (date(2027, 1, 15), made)
    assert house.card(chief, made).state is ActionState.CARRIED_OVER
    assert "overdue" not in browser.get("/").text


def test_a_move_that_is_refused_comes_back_as_it_was_filled_in(house, chief, enter):
    browser = enter(chief)
    path = urlsplit(ask(browser, chief).location).path
    sent = {"move": "finish", "version": "1", "day": "31.12.2099", "back": "/reviews/x"}
    refused = browser.post(f"{path}/move", sent, page=path)
    assert refused.location.endswith(f"{path}?kept=1")
    page = browser.get(refused.location).text
    assert 'value="31.12.2099"' in page
    assert 'value="/reviews/x"' in page
    assert page.count('class="ac-error"') == 1
    refused = browser.post(f"{path}/carry", {"version": "1", "day": "never"}, page=path)
    page = browser.get(refused.location).text
    assert 'value="never"' in page
    assert 'value="31.12.2099"' not in page
    dropped = {"move": "drop", "version": "9", "note": "Nobody has the time"}
    page = browser.get(browser.post(f"{path}/move", dropped, page=path).location).text
    assert 'value="Nobody has the time"' in page
    assert 'value="Nobody has the time"' not in browser.get(path).text


def test_a_refused_action_still_leads_back_where_it_was_begun(house, chief, enter):
    browser = enter(chief)
    refused = ask(browser, chief, size="much", back="/reviews/x")
    assert 'value="/reviews/x"' in browser.get(refused.location).text


def test_the_filters_are_in_the_address_and_a_link_takes_each_away_again(house, chief, lead, enter):
    house.ask(chief, title="Of the chief", due=TODAY - timedelta(days=1))
    house.ask(chief, lead, title="Of the lead")
    browser = enter(chief)
    assert "Of the lead" in browser.get("/actions").text
    assert "Of the lead" not in browser.get("/actions?mine=1").text
    assert "Of the lead" not in browser.get("/actions?overdue=1&view=list").text
    assert "Of the chief" in browser.get(f"/actions?who={chief.person}&sort=-owner&view=list").text
    only = unescape(browser.get("/actions?mine=1").text)
    assert 'href="/actions?overdue=1&mine=1"' in only or 'href="/actions?mine=1&overdue=1"' in only
    assert 'href="/actions"' in only


def test_what_has_no_lane_is_told_beside_the_board(house, chief, enter):
    made = house.ask(chief)
    house.ask(chief)
    browser = enter(chief)
    assert "2 actions" in browser.get("/actions").text
    house.move(chief, made, Move.DROP, note="No longer wanted.")
    assert "2 actions, one of them in the list alone" in browser.get("/actions").text
    assert "in the list alone" not in browser.get("/actions?view=list").text


def test_a_verdict_is_shown_with_its_figures_and_what_they_rest_on(house, chief, enter):
    house.observe(WIN_RATE, TENANT, numbers(step=0.1))
    made = house.done(chief, expected=Expected(Way.UP, 0.05, 0))
    with house.session() as session:
        action_judging.judge_ripe(session, NOW)
    text = unescape(enter(chief).get(f"/actions/{made}").text)
    assert "It moved as expected: +" in text
    assert "Against the trend of 24 months before" in text
    assert "store version 7, definition d1" in text


def test_a_number_that_is_not_open_is_told_to_nobody(house, chief, lead, ann, enter):
    house.observe(WIN_RATE, NORTH, numbers(step=0.1))
    made = house.ask(chief, ann, who=NORTH, expected=Expected(Way.UP, 0.05, 0))
    house.move(ann, made, Move.FINISH, done_on=date(2026, 5, 31))
    with house.session() as session:
        action_judging.judge_ripe(session, NOW)
    assert "Moved as expected" in enter(lead).get(f"/actions/{made}").text
    hidden = enter(ann).get(f"/actions/{made}").text
    assert "Moved as expected" not in hidden
    assert "not open to you" in hidden


def test_the_library_counts_the_verdicts_of_each_kpi_and_kind(house, chief):
    house.observe(WIN_RATE, TENANT, numbers(step=0.1))
    house.done(chief, expected=Expected(Way.UP, 0.05, 0))
    house.done(chief, day=date(2026, 6, 10), expected=Expected(Way.UP, 0.05, 0), kind="coaching")
    with house.session() as session:
        action_judging.judge_ripe(session, NOW)
        page = action_library.read(open_desk(session, chief, NOW), {})
        coached = action_library.read(open_desk(session, chief, NOW), {"kind": "coaching"})
    assert [(one.name, one.judged) for one in page.kpis] == [("Win rate", 2)]
    assert {one.name: one.judged for one in page.kinds} == {"Process": 1, "Coaching": 1}
    assert (len(page.rows), len(coached.rows)) == (2, 1)
