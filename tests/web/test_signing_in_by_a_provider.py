"""A company's provider says who somebody is: only it, only to this try, only people who are here."""

from urllib.parse import parse_qs, urlsplit

import pytest

from portal.config import Mode
from portal.models import people, sign_in_rules, sign_ins
from portal.models.audit import newest
from portal.security.sealing import Seal
from portal.services import sign_in_rules as rules
from portal.services.auditing import Trace
from portal.services.sign_in_rules import NewProvider
from tests.web import portals, small_provider
from tests.web.conftest import new_browser
from tests.web.factors import Authenticator, press, secret_of, send, set_up
from tests.web.portals import BASE
from tests.web.small_provider import CLIENT, SECRET
from tests.web.wrong_tokens import SIGNED, WRONG

BACK = "/login/provider/back"


@pytest.fixture
def joined(database, tmp_path, clock, monkeypatch):
    """The portal in demo mode: there a provider may be on this machine."""
    portals.with_pages(monkeypatch)
    return portals.make(database, tmp_path, clock, mode=Mode.DEMO)


@pytest.fixture
def provider(clock, ann):
    with small_provider.serving(clock) as found:
        found.claims["email"] = ann
        yield found


def configure(joined, database, tenant, clock, issuer, **more):
    seal = Seal.of(joined.server.config["SECRET_KEY"])
    with database.session(tenant) as session:
        new = NewProvider(issuer, CLIENT, SECRET, **more)
        rules.set_provider(session, new, seal, Trace(clock()))


@pytest.fixture
def company(joined, database, tenant, clock, provider) -> str:
    """The tenant, with the provider set."""
    configure(joined, database, tenant, clock, provider.issuer)
    return tenant


def leave(browser, company, **more):
    return browser.client.get(
        "/login/provider", base_url=BASE, query_string={"company": company, **more}
    )


def come_back(browser, answer):
    return browser.client.get(BACK, base_url=BASE, query_string=answer)


def through(browser, company, provider, **more):
    """Go to the provider and come back."""
    left = leave(browser, company, **more)
    assert left.status_code == 302, left.text
    return come_back(browser, provider.authorise(left.location))


def is_in(browser) -> bool:
    return browser.get("/things/a").status_code == 200


def why(database, tenant) -> str:
    with database.session(tenant) as session:
        row = next(row for row in session.scalars(newest(5)) if row.event == "sign_in.failed")
        return row.detail["why"]


def test_who_is_known_to_both_comes_in_and_goes_on(browser, company, provider):
    left = leave(browser, company, next="/things/a")
    sent = {name: text[0] for name, text in parse_qs(urlsplit(left.location).query).items()}
    assert left.location.startswith(f"{provider.issuer}/authorize?")
    assert sent["response_type"] == "code"
    assert sent["scope"] == "openid email"
    assert sent["redirect_uri"] == f"{BASE}{BACK}"
    assert len(sent["state"]) >= 43
    assert len(sent["nonce"]) >= 43
    back = come_back(browser, provider.authorise(left.location))
    assert (back.status_code, back.location) == (303, "/things/a")
    assert is_in(browser)
    assert provider.secrets == [f"{CLIENT}:{SECRET}"]


def test_the_way_there_is_a_link_and_tells_nothing_of_companies(browser, company):
    known = browser.post("/login/provider", {"company": company}, page="/login/provider")
    unknown = browser.post("/login/provider", {"company": "nobody"}, page="/login/provider")
    assert known.status_code == unknown.status_code == 200
    assert known.text.replace(company, "X") == unknown.text.replace("nobody", "X")
    assert f'href="/login/provider?company={company}' in known.text


@pytest.mark.parametrize("key", ["nobody", "~door", "", "A B", "x" * 500, "a\0b", "../x", "<b>"])
def test_a_company_without_a_provider_is_told_the_same_as_none(browser, new_tenant, key):
    told = leave(browser, key or new_tenant())
    assert told.status_code == 400
    assert "no sign-in provider under this key" in told.text
    assert "<b>x" not in told.text


@pytest.mark.parametrize("claims", WRONG.values(), ids=WRONG)
def test_a_token_that_is_wrong_opens_nothing(browser, company, provider, claims, database):
    provider.claims.update(claims)
    refused = through(browser, company, provider)
    assert refused.status_code == 401, refused.text
    assert not is_in(browser)
    assert why(database, company)
    with database.session(company) as session:
        assert not session.scalars(sign_in_rules.links()).all()


@pytest.mark.parametrize("sign", SIGNED.values(), ids=SIGNED)
def test_a_token_that_the_provider_did_not_sign_opens_nothing(browser, company, provider, sign):
    provider.sign = sign
    assert through(browser, company, provider).status_code == 401
    assert not is_in(browser)


def test_the_same_answer_comes_once(joined, browser, company, provider):
    provider.once = False
    answer = provider.authorise(leave(browser, company).location)
    assert come_back(browser, answer).status_code == 303
    browser.get("/account")
    assert press(browser, "/logout").status_code == 303
    again = come_back(browser, answer)
    assert again.status_code == 401
    assert "done already" in again.text
    assert not is_in(browser)


def test_a_code_that_the_provider_has_given_before_opens_nothing(joined, company, provider):
    thief, person = new_browser(joined), new_browser(joined)
    answer = provider.authorise(leave(person, company).location)
    state = parse_qs(urlsplit(leave(thief, company).location).query)["state"][0]
    assert come_back(thief, {**answer, "state": state}).status_code == 401, "another's code"
    assert come_back(person, answer).status_code == 303
    assert not is_in(thief)


def test_the_answer_to_another_s_try_opens_nothing(joined, company, provider):
    victim, attacker = new_browser(joined), new_browser(joined)
    answer = provider.authorise(leave(attacker, company).location)
    assert come_back(victim, answer).status_code == 401, "nothing was begun here"
    leave(victim, company)
    assert come_back(victim, answer).status_code == 401, "the state is another's"
    assert not is_in(victim)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"state": "x", "code": "y"},
        {"code": "y"},
        {"state": "é", "code": "y"},
        {"state": "\0", "code": "\0"},
        {"error": "access_denied", "error_description": "<script>x</script>CANARY"},
    ],
    ids=str,
)
def test_an_answer_that_is_none_opens_nothing_and_is_not_repeated(browser, company, answer):
    leave(browser, company)
    refused = come_back(browser, answer)
    assert refused.status_code == 401
    assert "CANARY" not in refused.text
    assert not is_in(browser)


def test_a_refusal_by_the_provider_is_said(browser, company, provider):
    answer = provider.authorise(leave(browser, company).location)
    refused = come_back(browser, {"error": "access_denied", "state": answer["state"]})
    assert "did not let you in" in refused.text


def test_providers_can_t_be_mixed_up(
    joined, browser, company, provider, clock, database, new_tenant, ann
):
    answer = provider.authorise(leave(browser, company).location)
    other = come_back(browser, {**answer, "iss": "https://another.example"})
    assert other.status_code == 401
    provider.meta["authorization_response_iss_parameter_supported"] = True
    answer = provider.authorise(leave(browser, company).location)
    assert come_back(browser, answer).status_code == 401, "it promised to say who it is"
    answer = provider.authorise(leave(browser, company).location)
    assert come_back(browser, {**answer, "iss": provider.issuer}).status_code == 303
    late = new_browser(joined)
    answer = provider.authorise(leave(late, company).location)
    configure(joined, database, company, clock, "https://sso.example.org")
    assert come_back(late, answer).status_code == 401, "the company changed its provider meanwhile"
    assert not is_in(late)


def test_a_provider_that_says_it_is_another_is_none(browser, company, provider):
    provider.meta["issuer"] = "https://another.example"
    refused = leave(browser, company)
    assert refused.status_code == 503
    assert "does not answer" in refused.text


def test_who_is_shut_out_stays_out(browser, company, provider, database, ann, clock):
    with database.session(company) as session:
        session.scalars(people.by_email(ann)).one().disabled_at = clock()
    refused = through(browser, company, provider)
    assert refused.status_code == 401
    assert "this portal does not" in refused.text


def test_somebody_of_another_company_is_nobody_here(
    browser, company, provider, database, new_tenant
):
    other = new_tenant()
    portals.add_person(database, other, "bob@other.example", "rep")
    provider.claims["email"] = "bob@other.example"
    assert through(browser, company, provider).status_code == 401
    assert not is_in(browser)


def test_who_came_once_comes_only_as_the_same_account(joined, browser, company, provider, database):
    assert through(browser, company, provider).status_code == 303
    provider.claims["sub"] = "subject-2"
    other = new_browser(joined)
    refused = through(other, company, provider)
    assert refused.status_code == 401
    assert "another account than the first time" in refused.text
    portals.add_person(database, company, "bob@example.org", "rep")
    provider.claims.update(sub="subject-1", email="bob@example.org")
    assert through(new_browser(joined), company, provider).status_code == 401


def test_the_second_factor_is_asked_for_here_too(joined, inside, company, provider, ann, clock):
    held, _ = set_up(inside, clock)
    browser = new_browser(joined)
    asked = through(browser, company, provider)
    assert 'name="code"' in asked.text
    assert not is_in(browser)
    assert send(browser, asked, "/login", code=held.code()).status_code == 303
    assert is_in(browser)


def test_roles_that_need_one_set_it_up_here_too(
    joined, browser, company, provider, database, clock
):
    with database.session(company) as session:
        rules.need_factor(session, None, "rep", Trace(clock()), needed=True)
    offered = through(browser, company, provider)
    held = Authenticator(secret_of(offered), clock)
    assert send(browser, offered, "/login", code=held.code()).status_code == 200
    assert is_in(browser)


def test_a_proof_is_as_old_as_the_provider_says(browser, company, provider, database, clock):
    at = int(clock().timestamp())
    for told, proven in ((at - 300, at - 300), (at + 999, at), (..., None), ("x", None)):
        provider.claims["auth_time"] = told
        answered = through(browser, company, provider, again="1")
        if told == "x":
            assert answered.status_code == 401
            break
        assert answered.status_code == 303
        with database.session(company) as session:
            row = max(session.scalars(sign_ins.not_ended()), key=lambda one: one.began_at)
            found = [each.proven_at for each in session.scalars(sign_ins.not_ended())]
        del row
        wanted = None if proven is None else proven
        assert wanted in [None if each is None else int(each.timestamp()) for each in found]


def test_to_prove_it_anew_the_provider_is_asked_to_ask(browser, company):
    sent = parse_qs(urlsplit(leave(browser, company, again="1").location).query)
    assert (sent["prompt"], sent["max_age"]) == (["login"], ["0"])


def test_the_secret_lies_sealed(database, company, joined):
    with database.session(company) as session:
        kept = session.scalars(sign_in_rules.its_rule()).one()
        assert SECRET not in kept.client_secret
        assert SECRET not in str([row.detail for row in session.scalars(newest(20))])
    assert SECRET not in joined.server.test_client().get("/login", base_url=BASE).text


def test_in_production_no_provider_may_be_on_this_machine(
    database, tmp_path, clock, tenant, provider
):
    made = portals.make(database, tmp_path, clock)
    configure(made, database, tenant, clock, provider.issuer)
    assert leave(new_browser(made), tenant).status_code == 503
    assert provider.asked == []
