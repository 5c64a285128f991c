"""The bar at the foot of a review: one primary button or the next step, by the guard's tables."""

import html
import re

import pytest

from layouts.pages.review_bar import bar as drawn
from portal.errors import DeniedError
from portal.models.observations import ScopeKind
from portal.services import lifecycles, review_page
from portal.services.desks import open_desk
from portal.services.lifecycles import LifeMove, LifeState
from portal.services.numbers import Who
from portal.services.review_cards import ReviewKind
from portal.workflow.review import ItemMove
from tests.actions.house import NOW
from tests.reviews.room import FULL, LEADS, SHARED, TRACE, WON
from tests.reviews.test_deciding import _approve, _decide, _north, _year


def _bar(room, name, kpi=WON, who=None):
    query = {"kpi": kpi} | ({"team": who.id} if who else {})
    with room.house.session() as session:
        desk = open_desk(session, room.people[name], NOW)
        return review_page.read(desk, str(room.review), query, TRACE, "").bar


def _primary(bar):
    return [(one.move, one.off) for one in bar.buttons if one.primary]


@pytest.fixture
def north(room):
    return Who(ScopeKind.TEAM, _north(room))


def _annual(room, north, decision):
    _year(room, WON, north)
    room.open(ReviewKind.ANNUAL, kpis=(WON,), label="2025", scope=ScopeKind.TEAM)
    _decide(room, {WON: decision}, who=north)
    _approve(room, "lena", [WON], north)


def test_a_leader_sees_who_signs_an_annual_review_that_moves_a_kpi(room, north):
    _annual(room, north, "retire")
    bar = _bar(room, "lena", who=north)
    assert "sign_off" not in {one.move for one in bar.buttons}
    assert bar.next.startswith("Next: Cora Chief or Otto Other signs the review off.")
    assert "sign" not in {what for what, _ in room.todo("lena")}
    with pytest.raises(DeniedError, match="an executive signs it off"):
        room.sign("lena")
    assert _primary(_bar(room, "chief", who=north)) == [("sign_off", False)]
    assert "sign" in {what for what, _ in room.todo("chief")}
    room.sign("chief")
    assert _bar(room, "lena", who=north).next == ""


def test_who_signs_reads_what_it_does_before_it_is_done(room):
    room.open(ReviewKind.ANNUAL, kpis=(WON, LEADS, SHARED), label="2025")
    _decide(room, {WON: "retire", LEADS: "keep", SHARED: "change"})
    _approve(room, "chief", (WON, LEADS, SHARED))
    signing = _bar(room, "chief").buttons[-1]
    kept, retired, reviewed = signing.tells
    assert "nothing of it changes more" in kept
    assert retired == "Retired from now on, for the whole company: Win rate."
    assert reviewed.startswith("Under review from now on: ")
    shown = str(drawn(_bar(room, "chief")))
    assert shown.index(retired) < shown.index("sign_off")


def test_a_decision_that_will_not_be_carried_out_is_told_before_the_sign_off(room, north):
    _annual(room, north, "retire")
    with room.house.session() as session:
        desk = open_desk(session, room.people["chief"], NOW)
        for state in (LifeState.UNDER_REVIEW, LifeState.RETIRED):
            lifecycles.move(desk, LifeMove(WON, state, "Meanwhile."), TRACE)
    signing = _bar(room, "chief", who=north).buttons[-1]
    assert signing.tells[1:] == ("Win rate: Nothing to do: the KPI is retired already.",)


def test_a_leader_is_offered_to_sign_an_annual_review_that_moves_nothing(room, north):
    _annual(room, north, "keep")
    bar = _bar(room, "lena", who=north)
    assert _primary(bar) == [("sign_off", False)]
    assert bar.next == ""
    assert "sign" in {what for what, _ in room.todo("lena")}
    room.sign("lena")


def test_who_answers_sees_the_next_step_before_there_is_a_draft(room):
    bar = _bar(room, "sam")
    assert _primary(bar) == [("submit", True)]
    assert "Say where it is heading and how sure you are." in bar.reasons
    room.save("sam", WON, {"assessment": "on_track"})
    assert _primary(_bar(room, "sam")) == [("submit", True)]
    room.save("sam", WON, FULL)
    ready = _bar(room, "sam")
    assert _primary(ready) == [("submit", False)]
    assert ready.reasons == ()


def test_an_idle_button_says_so_and_why(room):
    text = html.unescape(str(drawn(_bar(room, "sam"))))
    assert re.search(r"'?aria-disabled'?[:=] ?'true'", text)
    assert "'review-reasons'" in text


def test_who_has_nothing_to_press_is_told_what_comes_next(room):
    assert _bar(room, "chief").next == "Next: Sam Sales answers this."
    assert _bar(room, "sam", SHARED).next == "Next: give your word to the number, above."
    room.save("mara", SHARED, FULL)
    room.move("mara", SHARED, ItemMove.ASK)
    assert _bar(room, "chief", SHARED).next == "Next: Sam Sales gives their word."
    assert _bar(room, "ana", LEADS).next == "Next: Mara Market answers this."
    room.save("sam", WON, FULL)
    room.move("sam", WON, ItemMove.SUBMIT)
    assert _bar(room, "ana").next == "Next: whoever signs the review approves this."
    assert _primary(_bar(room, "chief")) == [("approve", False)]
    room.move("chief", WON, ItemMove.APPROVE)
    assert _bar(room, "ana").next == "Next: 2 other KPIs of this review are to be approved."


def test_no_bar_has_two_primary_buttons(room):
    room.answer_all()
    for kpi in (SHARED, LEADS, WON):
        room.move("chief", kpi, ItemMove.APPROVE)
    for name in ("chief", "ana", "mara"):
        assert len(_primary(_bar(room, name, LEADS))) <= 1
    assert _primary(_bar(room, "chief", LEADS)) == [("sign_off", False)]
    assert _bar(room, "mara", LEADS).next == "Next: the review is signed off."


def test_who_signs_reads_that_their_own_may_be_signed_off_with_the_rest(room):
    """They read that somebody else approves it, and that it stood against signing off."""
    with room.house.session() as session:
        room._own(open_desk(session, room.people["chief"], NOW), {WON: "chief"})
    room.open(kpis=(SHARED, LEADS, WON), label="2026-09")
    for name, kpi in (("mara", LEADS), ("chief", WON)):
        room.save(name, kpi, FULL)
        room.move(name, kpi, ItemMove.SUBMIT)
    assert _bar(room, "chief", WON).next.endswith("it is signed off with the rest.")
    room.move("chief", LEADS, ItemMove.APPROVE)
    assert _bar(room, "chief", LEADS).next == "Next: 1 other KPI of this review is to be approved."
    assert _bar(room, "ana", LEADS).next == "Next: 2 other KPIs of this review are to be approved."
