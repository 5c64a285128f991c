"""A password alone opens nothing where there is a second factor, and no code is taken twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from portal.errors import PortalError
from portal.models import people, second_factors
from portal.models.audit import newest
from portal.security import one_time_codes
from portal.security.sealing import Seal, SealBrokenError
from portal.services import second_factor, signing_in
from portal.services.auditing import Trace
from tests.web import portals
from tests.web.conftest import new_browser
from tests.web.factors import HOME, codes_of, press, second_step, secret_of, send, set_up
from tests.web.portals import BASE, PASSWORD


@pytest.fixture
def held(inside, clock):
    """Ann's authenticator and her recovery codes."""
    return set_up(inside, clock)


def _events(database, tenant) -> list[str]:
    with database.session(tenant) as session:
        return [row.event for row in session.scalars(newest(50))]


def _is_in(browser) -> bool:
    return browser.get("/things/a").status_code == 200


def test_the_code_is_asked_for_after_the_password_and_leads_on(joined, ann, held):
    authenticator, _ = held
    browser = new_browser(joined)
    asked = browser.sign_in(ann, next="/things/a")
    assert asked.status_code == 200
    assert 'name="code"' in asked.text
    assert not _is_in(browser), "the password alone opens nothing"
    entered = send(browser, asked, "/login", code=authenticator.code(), next="/things/a")
    assert (entered.status_code, entered.location) == (303, "/things/a")
    assert _is_in(browser)


def test_a_code_may_come_with_the_password(joined, ann, held):
    browser = new_browser(joined)
    assert browser.sign_in(ann, code=held[0].code()).status_code == 303
    assert _is_in(browser)


def test_a_code_is_taken_once_also_by_another_process(joined, ann, held, database, tmp_path, clock):
    other = portals.make(database, tmp_path, clock)
    code = held[0].code()
    assert second_step(new_browser(joined), ann, code).status_code == 303
    for portal in (joined, other):
        replayed = second_step(new_browser(portal), ann, code)
        assert replayed.status_code == 401
        assert "not right, or was used already" in replayed.text


def test_two_with_the_same_code_at_once_are_one(joined, ann, held, database, tenant, clock):
    seal = Seal.of(joined.server.config["SECRET_KEY"])
    (account,) = signing_in.check(database, ann, PASSWORD, Trace(clock(), ip="10.9.9.9"))
    code = held[0].code()

    def enter(number: int) -> bool:
        try:
            trace = Trace(clock(), ip=f"10.9.{number}.9")
            second_factor.check(database, account, code, seal, trace)
        except PortalError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(enter, range(4))) == 1


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_clock_may_be_half_a_minute_off(joined, ann, held, steps):
    assert second_step(new_browser(joined), ann, held[0].code(steps)).status_code == 303


@pytest.mark.parametrize("steps", [-3, -2, 2, 3, 1000])
def test_a_code_of_another_time_is_refused(joined, ann, held, steps):
    assert second_step(new_browser(joined), ann, held[0].code(steps)).status_code == 401


def test_after_a_code_none_from_before_is_taken(joined, ann, held):
    assert second_step(new_browser(joined), ann, held[0].code(1)).status_code == 303
    for steps in (-1, 0, 1):
        assert second_step(new_browser(joined), ann, held[0].code(steps)).status_code == 401


@pytest.mark.parametrize(
    "code",
    [
        "",
        " ",
        "12345",
        "1234567",
        "abcdef",
        "１２３４５６",
        "00000\0",
        "x" * 9_000,
        "\ud800",
        "-1e5.0",
    ],
)
def test_whatever_else_is_typed_as_a_code_is_wrong(joined, ann, held, code):
    browser = new_browser(joined)
    asked = browser.sign_in(ann)
    refused = send(browser, asked, "/login", code=code.encode("utf-8", "replace").decode())
    assert refused.status_code == 401
    assert 'name="code"' in refused.text
    assert not _is_in(browser)


def test_a_code_may_have_blanks_in_it(joined, ann, held):
    code = held[0].code()
    assert second_step(new_browser(joined), ann, f" {code[:3]} {code[3:]} ").status_code == 303


def test_guessing_is_slowed_under_the_person_and_a_right_password_takes_nothing_back(
    joined, ann, held, clock
):
    answers = []
    for _ in range(2):
        browser = new_browser(joined)
        asked = browser.sign_in(ann)
        for guess in ("000000", "111111", "222222"):
            asked = send(browser, asked, "/login", code=guess)
            answers.append(asked.status_code)
    assert answers == [401] * second_factor.FACTOR.free + [429]
    assert 0 < int(asked.headers["Retry-After"]) <= 900
    right = second_step(new_browser(joined), ann, held[0].code())
    assert right.status_code == 429, "during the wait the right one waits too"
    clock.pass_by(seconds=5)
    assert second_step(new_browser(joined), ann, held[0].code()).status_code == 303


def test_a_thousand_guesses_take_days(database, tenant, clock):
    key = second_factor.Key(second_factor.FACTOR, "somebody")
    waited = 0
    for _ in range(1_000):
        try:
            with database.session(tenant) as session:
                second_factor.throttling.take(session, [key], clock())
        except PortalError as error:
            clock.pass_by(seconds=error.seconds)
            waited += error.seconds
    assert waited > 5 * 24 * 3_600


def test_a_recovery_code_works_once_in_place_of_the_other(joined, ann, held, database, tenant):
    _, codes = held
    assert len(set(codes)) == 10
    typed = codes[3].upper().replace("-", " ")
    assert second_step(new_browser(joined), ann, typed).status_code == 303
    assert second_step(new_browser(joined), ann, codes[3]).status_code == 401
    assert second_step(new_browser(joined), ann, codes[4]).status_code == 303
    assert _events(database, tenant).count("recovery_code.used") == 2


def test_new_recovery_codes_end_the_old_ones(inside, joined, ann, held, clock):
    shown = press(inside, f"{HOME}/codes")
    fresh = codes_of(shown)
    assert len(fresh) == 10
    assert not set(fresh) & set(held[1])
    assert "no-store" in shown.headers["Cache-Control"]
    assert second_step(new_browser(joined), ann, held[1][0]).status_code == 401
    assert second_step(new_browser(joined), ann, fresh[0]).status_code == 303


def test_nothing_of_the_secret_lies_in_the_database_as_it_is(held, database, tenant, ann, server):
    authenticator, codes = held
    with database.session(tenant) as session:
        person = session.scalars(people.by_email(ann)).one().id
        kept = session.scalars(second_factors.of_person(person)).one()
        hashes = [row.code_hash for row in session.scalars(second_factors.open_codes(person))]
    assert authenticator.secret not in kept.secret
    assert all(len(each) == 64 for each in hashes)
    assert not set(codes) & set(hashes)


def test_a_sealed_secret_opens_in_its_place_only_and_with_its_key_only():
    seal = Seal.of("a secret of this portal" * 2)
    sealed = seal.close("JBSWY3DP", "second_factor:acme:ann")
    assert seal.open(sealed, "second_factor:acme:ann") == "JBSWY3DP"
    assert seal.close("JBSWY3DP", "second_factor:acme:ann") != sealed
    moved = (sealed, "second_factor:acme:bob")
    cut = (sealed[:-8], "second_factor:acme:ann")
    for text, place in (moved, cut, ("", "x"), ("v1.é", "x")):
        with pytest.raises(SealBrokenError):
            seal.open(text, place)
    with pytest.raises(SealBrokenError):
        Seal.of("another secret of another portal").open(sealed, "second_factor:acme:ann")
    assert "JBSWY3DP" not in repr(seal)


def test_the_secret_is_shown_until_it_is_confirmed_and_never_again(inside, clock, ann):
    offered = press(inside, HOME)
    secret = secret_of(offered)
    assert "otpauth://totp/" in offered.text
    wrong = press(inside, f"{HOME}/confirm", code="000000")
    assert wrong.status_code == 400
    assert secret_of(wrong) == secret, "a slip does not cost the key"
    again = secret_of(press(inside, HOME))
    assert again != secret
    for path in (HOME, f"{HOME}/confirm"):
        assert inside.get(path).status_code in (404, 405)
    held, _ = set_up(inside, clock)
    refused = press(inside, HOME)
    assert refused.status_code == 400
    assert held.secret not in refused.text
    assert held.secret not in inside.get("/account").text


def test_it_is_turned_off_by_who_it_is_and_other_sessions_end(inside, joined, ann, held, database):
    other = new_browser(joined)
    second_step(other, ann, held[0].code())
    off = press(inside, f"{HOME}/off")
    assert (off.status_code, off.location) == (303, "/account?done=factor_off")
    assert _is_in(inside)
    assert not _is_in(other)
    assert new_browser(joined).sign_in(ann).status_code == 303
    assert press(inside, f"{HOME}/off").status_code == 400


def test_the_step_is_not_passed_by_another_way(joined, ann, held, clock):
    browser = new_browser(joined)
    asked = browser.sign_in(ann)
    assert browser.get("/_dash-layout").status_code == 401
    assert browser.call({"output": "out.children"}).status_code == 401
    chosen = send(browser, asked, "/login/company", tenant=str(joined))
    assert chosen.status_code == 401
    assert not _is_in(browser)
    late = browser.sign_in(ann)
    clock.pass_by(minutes=6)
    assert send(browser, late, "/login", code=held[0].code()).status_code == 401
    nobody = new_browser(joined)
    form = nobody.get("/login")
    assert send(nobody, form, "/login", code=held[0].code()).status_code == 401


def test_the_first_step_falls_with_a_changed_password(joined, inside, ann, held, database, tenant):
    browser = new_browser(joined)
    asked = browser.sign_in(ann)
    with database.session(tenant) as session:
        session.scalars(people.by_email(ann)).one().password_hash = "another"
    assert send(browser, asked, "/login", code=held[0].code()).status_code == 401
    assert not _is_in(browser)


def test_what_the_browser_keeps_between_the_steps_holds_no_secret(joined, ann, held):
    browser = new_browser(joined)
    browser.sign_in(ann)
    with joined.server.test_request_context(base_url=BASE):
        cookie = browser.client.get_cookie("portal", domain="127.0.0.1").value
        found = joined.server.session_interface.get_signing_serializer(joined.server).loads(cookie)
    assert PASSWORD not in str(found)
    assert held[0].secret not in str(found)
    assert "_user_id" not in found


def test_everything_about_it_is_written_down(joined, inside, ann, held, database, tenant):
    second_step(new_browser(joined), ann, "000000")
    press(inside, f"{HOME}/off")
    told = _events(database, tenant)
    for event in ("factor.set", "recovery_codes.made", "factor.failed", "factor.removed"):
        assert event in told


def test_six_digits_are_those_of_the_standard():
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    at = datetime.fromtimestamp(59, UTC)
    assert one_time_codes.step_of(secret, "287082", at, None) == 1
    assert one_time_codes.step_of(secret, "287082", at, 1) is None
