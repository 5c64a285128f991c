"""Guessing becomes slow under three keys at once, and nobody is locked out for good."""

import uuid
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta

import pytest

from portal.errors import TooManyTriesError
from portal.models.throttles import Throttle
from portal.services import throttling
from portal.services.throttling import ACCOUNT, ADDRESS, EVERYBODY, Key
from portal.tenancy.session import TenantSession
from tests.web.conftest import new_browser
from tests.web.portals import START


def _key(limit=ACCOUNT) -> Key:
    return Key(limit, uuid.uuid4().hex)


def _tried(database, tenant, key, times, at=START):
    for _ in range(times):
        with database.session(tenant) as session:
            throttling.take(session, [key], at)


def _wait(database, tenant, key, at) -> int:
    keys = [key] if isinstance(key, Key) else key
    with database.session(tenant) as session:
        try:
            throttling.take(session, keys, at)
        except TooManyTriesError as error:
            return error.seconds
    return 0


def test_after_the_free_tries_each_wait_is_twice_as_long_up_to_a_bound(database, tenant):
    key, at = _key(), START
    _tried(database, tenant, key, ACCOUNT.free - 1)
    waits = []
    for _ in range(10):
        assert _wait(database, tenant, key, at) == 0
        seconds = _wait(database, tenant, key, at)
        waits.append(seconds)
        at += timedelta(seconds=seconds)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]


def test_a_try_during_the_wait_makes_it_no_longer(database, tenant):
    key = _key()
    _tried(database, tenant, key, ACCOUNT.free)
    assert {_wait(database, tenant, key, START) for _ in range(20)} == {1}
    assert _wait(database, tenant, key, START + timedelta(seconds=1)) == 0


def test_after_a_quiet_time_counting_begins_anew(database, tenant):
    key = _key()
    _tried(database, tenant, key, ACCOUNT.free)
    later = START + ACCOUNT.window + timedelta(seconds=1)
    _tried(database, tenant, key, ACCOUNT.free - 1, later)
    assert _wait(database, tenant, key, later) == 0


def test_a_right_try_is_taken_back(database, tenant):
    account, address = _key(), _key(ADDRESS)
    for _ in range(ADDRESS.free * 2):
        with database.session(tenant) as session:
            throttling.take(session, [account, address], START)
        with database.session(tenant) as session:
            throttling.forget(session, [account, address])
    assert _wait(database, tenant, account, START) == 0


def test_one_account_s_wait_is_not_another_s(database, tenant):
    busy, quiet = _key(), _key()
    _tried(database, tenant, busy, ACCOUNT.free)
    assert _wait(database, tenant, busy, START) == 1
    assert _wait(database, tenant, quiet, START) == 0


def test_when_one_key_waits_nothing_is_counted_under_the_others(database, tenant):
    busy, other = _key(), _key()
    _tried(database, tenant, busy, ACCOUNT.free)
    for _ in range(ACCOUNT.free * 2):
        with database.session(tenant) as session, pytest.raises(TooManyTriesError):
            throttling.take(session, [busy, other], START)
    _tried(database, tenant, other, ACCOUNT.free - 1)
    assert _wait(database, tenant, other, START) == 0


def test_guesses_at_the_same_moment_count_one_by_one(database, tenant):
    key = _key()

    def guess(_) -> bool:
        return _wait(database, tenant, key, START) == 0

    with ThreadPoolExecutor(8) as pool:
        passed = sum(pool.map(guess, range(40)))
    assert passed == ACCOUNT.free


def test_who_makes_a_new_key_holds_none_that_others_wait_for(database, tenant, monkeypatch):
    """Another makes the key first and a third holds it: nobody waits for who waits for them."""
    new, shared = sorted((_key(), _key()), key=lambda key: key.hashed)
    _tried(database, tenant, shared, 1)
    insert = TenantSession.insert_new

    def late(session: TenantSession, row: Throttle) -> bool:
        monkeypatch.setattr(TenantSession, "insert_new", insert)
        _tried(database, tenant, new, 1)
        others.append(pool.submit(_wait, database, tenant, [new, shared], START))
        wait(others, timeout=1)
        return insert(session, row)

    others: list[Future[int]] = []
    monkeypatch.setattr(TenantSession, "insert_new", late)
    with ThreadPoolExecutor(1) as pool:
        assert _wait(database, tenant, [new, shared], START) == 0
        assert others.pop().result() == 0


def test_rows_of_yesterday_are_cleaned_up(database, tenant):
    _tried(database, tenant, _key(), 1)
    with database.session(tenant) as session:
        assert throttling.clean(session, START + timedelta(hours=23)) == 0
        assert throttling.clean(session, START + timedelta(days=1, seconds=1)) == 1


def test_guesses_at_one_account_are_told_to_wait_and_the_right_person_gets_in(joined, ann, clock):
    for _ in range(3):
        attacker = new_browser(joined)
        answers = [attacker.sign_in(ann, f"guess number {each}") for each in range(4)]
    refused = answers[-1]
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert f"Wait {refused.headers['Retry-After']} seconds" in refused.text
    person = new_browser(joined)
    assert person.sign_in(ann).status_code == 429
    clock.pass_by(seconds=int(refused.headers["Retry-After"]))
    assert person.sign_in(ann).status_code == 303


def test_the_right_password_during_the_wait_is_told_to_wait_too(joined, ann):
    attacker = new_browser(joined)
    for each in range(ACCOUNT.free):
        attacker.sign_in(ann, f"guess number {each}")
    assert attacker.sign_in(ann).status_code == 429


def test_one_guess_at_each_of_many_accounts_is_slowed_by_the_address(joined):
    attacker = new_browser(joined)
    answers = [
        attacker.sign_in(f"{uuid.uuid4().hex}@example.org", "Password123!").status_code
        for _ in range(ADDRESS.free + 1)
    ]
    assert answers == [401] * ADDRESS.free + [429]
    elsewhere = new_browser(joined)
    assert elsewhere.sign_in("x@example.org", "Password123!").status_code == 401


def test_many_addresses_at_once_are_slowed_by_the_limit_of_everybody(database, tenant):
    key = Key(EVERYBODY, "")
    _tried(database, tenant, key, EVERYBODY.free)
    assert 0 < _wait(database, tenant, key, START) <= 5
