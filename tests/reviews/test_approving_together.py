"""What stands out in nothing is approved in one press; whatever does keeps a page of its own."""

import re

import pytest

from portal.errors import DeniedError
from portal.services import review_together, reviews
from portal.services.desks import open_desk
from portal.services.numbers import TENANT
from portal.services.review_cards import ReviewKind
from portal.services.review_together import NotTogetherError
from portal.workflow.review import ItemMove, ItemState
from tests.actions.house import NOW
from tests.reviews.room import FULL, LEADS, SHARED, TRACE, WON
from tests.reviews.test_deciding import _year

CALM = {**FULL, "assessment": "on_track", "unhealthy": "no"}


def _answer(room, kpi, **other):
    name = {WON: "sam", LEADS: "mara", SHARED: "mara"}[kpi]
    room.save(name, kpi, CALM | other)
    if kpi == SHARED:
        room.speak("sam", kpi)
    room.move(name, kpi, ItemMove.SUBMIT)


def _calm(room, name="chief"):
    with room.house.session() as session:
        seen = reviews.seen(session, room.people[name], room.review)
        return {one.frozen.kpi for one in review_together.calm(seen)}


def _versions(room, *kpis):
    items = [room.item(kpi) for kpi in kpis]
    return {one.frozen.id: one.answer.version for one in items}


def _approve(room, chosen, name="chief"):
    with room.house.session() as session:
        desk = open_desk(session, room.people[name], NOW)
        return review_together.approve(desk, room.review, chosen, TRACE)


def _states(room):
    return {kpi: room.item(kpi).answer.state for kpi in (WON, LEADS, SHARED)}


def test_only_what_stands_out_in_nothing_is_listed(room):
    _answer(room, WON)
    _answer(room, LEADS)
    _answer(room, SHARED)
    assert room.item(SHARED).frozen.red
    assert _calm(room) == {WON, LEADS}
    assert _calm(room, "mara") == set()


@pytest.mark.parametrize(
    "other",
    [{"assessment": "at_risk"}, {"unhealthy": "partly"}, {"unhealthy": "yes"}],
    ids=lambda other: "-".join(other.values()),
)
def test_an_answer_that_stands_out_is_not_listed(room, other):
    _answer(room, LEADS, **other)
    _answer(room, WON)
    assert _calm(room) == {WON}


def test_a_kpi_that_is_to_go_is_not_listed(room):
    for kpi in (WON, LEADS):
        _year(room, kpi, TENANT)
    room.open(ReviewKind.ANNUAL, kpis=(WON, LEADS), label="2025")
    _answer(room, WON, decision="keep", decision_words="")
    _answer(room, LEADS, decision="retire", decision_words="Nobody acts on it.")
    assert _calm(room) == {WON}


def test_a_kpi_without_a_number_is_not_listed(room):
    room.open(ReviewKind.ANNUAL, kpis=(WON, LEADS), label="2025")
    _answer(room, WON, decision="keep", decision_words="")
    assert room.item(WON).frozen.reading.value is None
    assert _calm(room) == set()


def test_they_are_approved_each_with_its_record(room):
    _answer(room, WON)
    _answer(room, LEADS)
    assert _approve(room, _versions(room, WON, LEADS)) == 2
    states = _states(room)
    assert states[WON] is states[LEADS] is ItemState.APPROVED
    assert room.item(WON).answer.approved_by_name == "Cora Chief"
    assert _calm(room) == set()


def test_none_is_approved_where_one_was_changed_meanwhile(room):
    _answer(room, WON)
    _answer(room, LEADS)
    seen = _versions(room, WON, LEADS)
    room.move("sam", WON, ItemMove.TAKE_BACK)
    room.move("sam", WON, ItemMove.SUBMIT)
    with pytest.raises(NotTogetherError, match="Win rate changed"):
        _approve(room, seen)
    assert _states(room)[LEADS] is ItemState.SUBMITTED


def test_what_stands_out_is_not_approved_with_others(room):
    _answer(room, WON)
    _answer(room, SHARED)
    with pytest.raises(NotTogetherError):
        _approve(room, _versions(room, WON, SHARED))
    with pytest.raises(NotTogetherError):
        _approve(room, {})
    assert _states(room)[WON] is ItemState.SUBMITTED


def test_who_does_not_sign_approves_none(room):
    _answer(room, WON)
    _answer(room, LEADS)
    for name in ("sam", "ana"):
        with pytest.raises((NotTogetherError, DeniedError)):
            _approve(room, _versions(room, WON, LEADS), name)
    assert _states(room)[WON] is ItemState.SUBMITTED


def test_the_page_offers_them_to_who_signs_and_the_form_approves_them(room, enter):
    _answer(room, WON)
    _answer(room, LEADS)
    browser, place = enter(room.people["chief"]), f"/reviews/{room.review}"
    text = browser.get(place).text
    assert "2 are on track" in text
    assert "Approve these 2" in text
    sent = re.findall(r'name="item"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="item"', text)
    items = [left or right for left, right in sent]
    assert len(items) == 2
    answer = browser.post(f"{place}/approve", {"item": items}, page=place)
    assert answer.location.endswith("?done=approved")
    after = browser.get(answer.location).text
    assert "Approved. What is left stands first." in after
    assert "Approve these" not in after
    again = browser.post(f"{place}/approve", {"item": items}, page=place)
    assert again.status_code == 400
    assert "Nothing was approved" in again.text
    assert "Approve these" not in enter(room.people["mara"]).get(place).text


@pytest.mark.parametrize("sent", ["x", "x.1", "", "00000000-0000-0000-0000-000000000000.x"])
def test_a_form_that_is_none_of_ours_is_refused(room, enter, sent):
    browser, place = enter(room.people["chief"]), f"/reviews/{room.review}"
    answer = browser.post(f"{place}/approve", {"item": sent}, page=place)
    assert answer.status_code == 400


def test_a_person_without_the_permission_is_refused(room, enter):
    _answer(room, WON)
    ana, place = enter(room.people["ana"]), f"/reviews/{room.review}"
    assert ana.post(f"{place}/approve", {}, page=place).status_code == 403
    assert room.item(WON, TENANT).answer.state is ItemState.SUBMITTED
