"""People with a second factor, and their authenticators, for tests of the door."""

import re
from dataclasses import dataclass

import pyotp
from werkzeug.test import TestResponse

from tests.web import portals
from tests.web.portals import BASE, Browser, Clock

HOME = "/account/factor"


@dataclass
class Authenticator:
    """What shows codes, by the clock of the test."""

    secret: str
    clock: Clock

    def code(self, steps: int = 0) -> str:
        """The code of now, or of some half minutes later."""
        return pyotp.TOTP(self.secret).at(self.clock(), counter_offset=steps)


def press(browser: Browser, path: str, **fields: str) -> TestResponse:
    """Send a form with the token of the page's cookie, as the buttons of pages do."""
    browser.get("/account")
    token = browser.client.get_cookie("csrf", domain="127.0.0.1")
    data = {"csrf_token": token.decoded_value if token else "", **fields}
    return browser.client.post(path, base_url=BASE, data=data, headers=browser.headers)


def send(browser: Browser, page: TestResponse, path: str, **fields: str) -> TestResponse:
    """Send the form of a page that was just answered."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    data = {"csrf_token": token[1] if token else "", **fields}
    return browser.client.post(path, base_url=BASE, data=data)


def secret_of(page: TestResponse) -> str:
    """The key that a page shows, as one types it."""
    return re.search(r'id="secret">([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")


def codes_of(page: TestResponse) -> list[str]:
    """The recovery codes that a page shows."""
    return re.findall(r"<li>([a-z2-7-]{19})</li>", page.text)


def set_up(browser: Browser, clock: Clock) -> tuple[Authenticator, list[str]]:
    """Turn the second factor of who is signed in on; return it and the recovery codes."""
    offered = press(browser, HOME)
    held = Authenticator(secret_of(offered), clock)
    shown = press(browser, f"{HOME}/confirm", code=held.code())
    assert shown.status_code == 200, shown.text
    clock.pass_by(seconds=90)
    return held, codes_of(shown)


def second_step(browser: Browser, email: str, code: str, **more: str) -> TestResponse:
    """Sign in with the password, then send a code."""
    asked = browser.sign_in(email, portals.PASSWORD, **more)
    return send(browser, asked, "/login", code=code, **more)
