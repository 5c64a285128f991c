"""A provider that is gone, lies or points elsewhere is told in a sentence, and opens nothing."""

import json

import pytest

from tests.web.conftest import new_browser
from tests.web.test_signing_in_by_a_provider import (
    come_back,
    company,
    configure,
    is_in,
    joined,
    leave,
    provider,
)

__all__ = ["company", "joined", "provider"]


ELSEWHERE = [
    "http://169.254.169.254/latest",
    "http://127.0.0.2:1/x",
    "https://evil.example/x",
    "file:///etc/passwd",
    "gopher://127.0.0.1/x",
    "http://[::1]/x",
    "http://0/x",
    "//evil.example/x",
    "http://127.0.0.1@evil.example/x",
    "http://127.0.0.1.evil.example/x",
    7,
    None,
]


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("place", ELSEWHERE, ids=str)
def test_a_provider_sends_the_portal_nowhere_else(browser, company, provider, name, place):
    provider.meta[name] = place
    assert leave(browser, company).status_code == 503


FAULTS = {
    "an error": lambda _: (500, b"{}", {}),
    "a redirect": lambda _: (302, b"", {"Location": "http://169.254.169.254/"}),
    "a page": lambda _: (200, b"<html>", {}),
    "a list": lambda _: (200, b"[]", {}),
    "nothing": lambda _: (200, b"", {}),
    "too much": lambda _: (200, b" " * 1_100_000 + b"{}", {}),
    "too deep": lambda _: (200, b"[" * 100_000, {}),
    "packed": lambda _: (200, b"{}", {"Content-Encoding": "gzip"}),
    "no text": lambda _: (200, b"\xff\xfe\x00", {}),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_provider_that_does_not_answer_is_told_in_a_sentence(
    browser, company, provider, fault, when
):
    if when == "before":
        provider.answers = fault
        told = leave(browser, company)
    else:
        answer = provider.authorise(leave(browser, company).location)
        provider.answers = lambda path: fault(path) if path == "/token" else None
        told = come_back(browser, answer)
    assert told.status_code == 503
    assert "sign in with your password" in told.text


def test_a_provider_that_is_gone_is_told_in_a_sentence(joined, browser, tenant, database, clock):
    configure(joined, database, tenant, clock, "http://127.0.0.1:9")
    told = leave(browser, tenant)
    assert told.status_code == 503
    assert "does not answer" in told.text


@pytest.mark.parametrize("keys", [{}, {"keys": []}, {"keys": "x"}, {"keys": [7]}, {"keys": [{}]}])
def test_keys_that_are_none_open_nothing(browser, company, provider, keys):
    answer = provider.authorise(leave(browser, company).location)
    raw = json.dumps(keys).encode()
    provider.answers = lambda path: (200, raw, {}) if path == "/keys" else None
    assert come_back(browser, answer).status_code == 401
    assert not is_in(browser)


def test_trying_is_slowed_by_the_address(joined, company):
    browser = new_browser(joined)
    answers = {leave(browser, "nobody").status_code for _ in range(21)}
    assert answers == {400, 429}
