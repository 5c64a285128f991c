"""The builder over HTTP: forms with a token, drafts that are nobody else's, nothing unknown."""

import re
import uuid
from datetime import date, timedelta

import pytest

from tests.builder.conftest import WON
from tests.web import portals
from tests.web.conftest import new_browser
from tests.web.portals import Browser


@pytest.fixture
def signed_in(joined, database, tenant):
    """Return a browser in which somebody of a role has signed in."""

    def make(role: str, where=None) -> Browser:
        email = f"{role}-{uuid.uuid4().hex[:8]}@example.org"
        portals.add_person(database, where or tenant, email, role)
        browser = new_browser(joined)
        assert browser.sign_in(email).status_code == 303
        return browser

    return make


def send(browser: Browser, path: str, page: str = "/kpis/new", **fields: str):
    return browser.post(path, fields, page=page)


def begun(browser: Browser, **fields: str) -> str:
    """Begin a draft and return its address."""
    answer = send(browser, "/kpis/drafts/new/save", **{**WON, **fields})
    assert answer.status_code == 303
    assert re.fullmatch(r"/kpis/new/[0-9a-f-]{36}", answer.location)
    return str(answer.location)


def test_a_draft_is_kept_and_shown_again_after_a_reload(signed_in):
    owner = signed_in("owner")
    where = begun(owner)
    for _ in range(2):
        page = owner.get(where)
        assert page.status_code == 200
        assert 'value="Deals we won"' in page.text
    grown = send(owner, where.replace("/new/", "/drafts/") + "/add-a", page=where, **WON)
    assert grown.location == where
    assert 'name="a_f1_column"' in owner.get(where).text
    assert 'name="a_f0_column"' in owner.get(where).text


def test_it_is_proposed_and_the_draft_is_gone(signed_in):
    owner = signed_in("owner")
    where = begun(owner)
    answer = send(owner, where.replace("/new/", "/drafts/") + "/propose", page=where, **WON)
    assert re.fullmatch(r"/kpis/proposals/[0-9a-f-]{36}\?said=proposed", answer.location)
    assert owner.get(where).status_code == 404
    page = owner.get(answer.location)
    assert "Nobody counts them." in page.text
    assert "Proposals are activated by an analyst." in page.text


def test_what_cannot_be_proposed_comes_back_with_what_was_typed(signed_in):
    owner = signed_in("owner")
    where = begun(owner, question="")
    sent = {**WON, "question": "", "description": "Typed with care."}
    answer = send(owner, where.replace("/new/", "/drafts/") + "/propose", page=where, **sent)
    assert answer.location == f"{where}?said=wrong"
    page = owner.get(answer.location).text
    assert "Say which question it answers." in page
    assert "Typed with care." in page


def test_an_analyst_activates_it_over_a_form(signed_in):
    owner, analyst = signed_in("owner"), signed_in("analyst")
    where = begun(owner)
    made = send(owner, where.replace("/new/", "/drafts/") + "/propose", page=where, **WON).location
    proposal = made.partition("?")[0]
    refused = send(owner, f"{proposal}/activate", note="")
    assert refused.status_code == 403
    done = send(analyst, f"{proposal}/activate", page=proposal, note="Good.")
    assert done.location.startswith("/kpis/deals_we_won/history?said=")
    history = analyst.get(done.location).text
    assert "Nobody counts them." in history
    again = send(analyst, f"{proposal}/decline", page="/kpis/new", note="No.")
    assert again.location == f"{proposal}?said=decided"


def test_an_analyst_names_a_day_over_a_form_and_calls_it_back(signed_in):
    owner, analyst = signed_in("owner"), signed_in("analyst")
    where = begun(owner)
    made = send(owner, where.replace("/new/", "/drafts/") + "/propose", page=where, **WON).location
    proposal = made.partition("?")[0]
    soon = send(analyst, f"{proposal}/activate", page=proposal, day="soon", note="")
    assert soon.location == f"{proposal}?said=day"
    drawn = analyst.get(proposal).text
    typed = re.search(r'<input[^>]*kb-day[^>]*value="([0-9-]{10})"', drawn)
    typed = typed or re.search(r'value="([0-9-]{10})"', drawn)
    assert typed is not None
    day = (date.fromisoformat(typed[1]) + timedelta(days=3)).isoformat()
    done = send(analyst, f"{proposal}/activate", page=proposal, day=day, note="Later.")
    assert done.location == f"{proposal}?said=planned"
    assert "Awaits its day" in analyst.get(done.location).text
    assert owner.get("/kpis/deals_we_won/history").status_code == 404
    assert send(owner, f"{proposal}/call-back", note="No.").status_code == 403
    back = send(analyst, f"{proposal}/call-back", page=proposal, note="Not yet.")
    assert back.location == f"{proposal}?said=called_back"
    assert "Not yet." in owner.get(proposal).text


def test_drafts_and_proposals_of_others_are_not_there(signed_in, new_tenant):
    owner, colleague = signed_in("owner"), signed_in("analyst")
    stranger = signed_in("analyst", new_tenant())
    where = begun(owner)
    place = where.replace("/new/", "/drafts/")
    for other in (colleague, stranger):
        assert other.get(where).status_code == 404
        for step in ("save", "propose", "discard", "add-a"):
            assert send(other, f"{place}/{step}", **WON).status_code == 404
    made = send(owner, f"{place}/propose", page=where, **WON).location.partition("?")[0]
    assert stranger.get(made).status_code == 404
    for step in ("activate", "call-back", "decline", "withdraw", "mend"):
        assert send(stranger, f"{made}/{step}", note="x").status_code == 404


@pytest.mark.parametrize("step", ["", "explode", "kind-magic", "add-z", "drop-a-x", "drop-a"])
def test_a_step_that_there_is_not_changes_nothing(signed_in, step):
    owner = signed_in("owner")
    assert send(owner, f"/kpis/drafts/new/{step}", **WON).status_code in (404, 405)
    assert "Your draft" not in owner.get("/kpis/new").text


def test_a_rep_comes_nowhere_near(signed_in):
    rep = signed_in("rep")
    for path in ("/kpis/new", "/kpis/proposals", "/kpis/win_rate/edit"):
        assert rep.get(path).status_code == 403
    assert send(rep, "/kpis/drafts/new/save", page="/account", **WON).status_code == 403
    assert rep.get("/kpis/data").status_code == 200
    assert rep.get("/kpis/win_rate/history").status_code == 200


def test_without_a_token_nothing_is_taken(signed_in):
    owner = signed_in("owner")
    owner.get("/kpis/new")
    answer = owner.client.post("/kpis/drafts/new/save", base_url=portals.BASE, data=WON)
    assert answer.status_code == 400


def test_addresses_that_mean_nothing_are_told_so(signed_in):
    owner = signed_in("owner")
    for path in ("/kpis/new/x", "/kpis/proposals/x", "/kpis/nothing/edit", "/kpis/no/history"):
        assert owner.get(path).status_code == 404
    for path in ("/kpis/new?said=<script>", "/kpis/proposals?said=x", "/kpis/data?of=x"):
        assert owner.get(path).status_code == 200


def test_a_form_that_is_too_much_is_cut_and_never_fails(signed_in):
    owner = signed_in("owner")
    sent = {f"a_f{at}_value": "9" * 5_000 for at in range(12)}
    sent |= {f"a_f{at}_column": "stage" for at in range(12)} | {"zzz": "x", "name": "N" * 9_000}
    answer = send(owner, "/kpis/drafts/new/save", **{**WON, **sent})
    assert answer.status_code in (303, 413)
    if answer.status_code == 303:
        assert owner.get(answer.location).status_code == 200
