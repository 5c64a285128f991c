"""A log has a line a request with ids, and nothing that a person would not want in it."""

import json

from structlog.testing import capture_logs

from portal.cli.serving import warm
from tests.web.portals import PASSWORD


def test_a_request_is_a_line_of_ids(inside, tenant, ann):
    with capture_logs() as lines:
        answer = inside.get("/things/secret-name?period=CANARY-QUERY")
    (line,) = [each for each in lines if each["event"] == "request"]
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert (line["tenant"], line["status"], line["route"]) == (tenant, 200, "/<path:path>")
    assert len(line["person"]) == 36
    said = json.dumps(lines, default=str)
    for secret in ("CANARY", "secret-name", ann, PASSWORD):
        assert secret not in said


def test_no_password_or_token_is_ever_logged(browser, ann):
    with capture_logs() as lines:
        browser.sign_in(ann, "CANARY-PASSWORD")
        browser.sign_in(ann)
    kept = browser.client.get_cookie("portal", domain="127.0.0.1").value
    said = json.dumps(lines, default=str)
    assert "CANARY" not in said
    assert kept not in said
    assert ann not in said


def test_a_page_that_fails_is_told_by_its_place_and_not_its_words(inside):
    with capture_logs() as lines:
        answer = inside.get("/things/broken")
    (line,) = [each for each in lines if each["event"] == "page failed"]
    assert line["kind"] == "ZeroDivisionError"
    assert "_show" in line["place"]
    assert "CANARY" not in json.dumps(lines, default=str)
    assert answer.headers["X-Request-Id"] in answer.text


def test_what_the_portal_asks_of_itself_before_it_listens_is_no_line(joined, browser):
    with capture_logs() as lines:
        warm(joined)
        assert not lines
        browser.get("/login", portal_unasked="true")
    assert [each["event"] for each in lines] == ["request"]
