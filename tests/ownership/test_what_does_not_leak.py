"""What people type is only ever text, and nothing of another tenant is found or told."""

import re
import uuid

import pytest

from portal.services import goals, ownership, shares
from portal.services.shares import NewSplit
from tests.ownership.company import TODAY, TRACE
from tests.ownership.forms import PAGES, goal_fields, shared
from tests.ownership.test_goals import add
from tests.ownership.test_shares import LEADS, part

XSS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "{{7*7}} ${7*7} <%= 7*7 %>",
    "'; DROP TABLE portal.person; --",
    "</title></textarea><svg/onload=alert(1)>",
]


@pytest.mark.parametrize("text", XSS)
def test_what_people_type_is_text_on_every_page_and_form(chief, company, text):
    shared(company)
    add(company, name=text, question=text)
    with company.desk() as desk:
        parts = (
            part(company, "dilara", 60, component=text, responsibility=text),
            part(company, "katrin", 40),
        )
        shares.set_shares(desk, NewSplit(LEADS, parts), TRACE)
        goal = goals.own_goals(desk.session)[0]
    place = "/framework/kpis/calls_made/life"
    chief.post(place, {"to": "active", "reason": text}, page=place)
    owner = {"owner": str(company.ids["dilara"]), "from_day": "2026-11-01", "reason": text}
    chief.post("/framework/kpis/csat/owner", owner, page=place)
    told = [
        chief.get(path).text
        for path in (
            *(*PAGES, place, f"/framework/goals/{goal.id}", "/framework/kpis/csat/owner"),
            *(f"/framework/kpis/{LEADS}/shares", "/scorecard", f"/kpis/{LEADS}"),
        )
    ]
    for page in told:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<svg/onload" not in page
        assert 'href="javascript:' not in page
        assert "49" not in re.findall(r"<h2>([^<]*)</h2>", page)
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert escaped in told[0] or escaped.replace('"', "&quot;") in told[0]


def test_another_tenants_ids_are_not_found_and_nothing_of_them_is_told(chief, rival, enter):
    goal = add(rival, name="Secret plan of the rival")
    shared(rival)
    with rival.desk() as desk:
        share = ownership.everything(desk.session, TODAY)[0].shares[0]
    for path in (f"/framework/goals/{goal.id}", "/framework/goals/x", "/framework/kpis/x/owner"):
        answer = chief.get(path)
        assert answer.status_code == 404, path
        assert "Secret plan" not in answer.text
    posts = {
        f"/framework/goals/{goal.id}": goal_fields(revision="1"),
        f"/framework/goals/{goal.id}/end": {"revision": "1"},
        f"/framework/shares/{share.id}/acknowledge": {},
        "/framework/shares/x/acknowledge": {},
        f"/framework/helps/{uuid.uuid4()}/end": {},
    }
    for path, fields in posts.items():
        answer = chief.post(path, fields, page="/framework/handover")
        assert answer.status_code == 404, path
    person = str(rival.ids["dilara"])
    owner = "/framework/kpis/win_rate/owner"
    sent = {"owner": person, "from_day": "2026-11-01", "reason": ""}
    answer = chief.post(owner, sent, page=owner)
    assert (answer.status_code, "no such person" in answer.text) == (400, True)
    for path in PAGES:
        assert "Secret plan" not in chief.get(path).text
    with rival.desk() as desk:
        assert goals.own_goals(desk.session)[0].revision == 1
