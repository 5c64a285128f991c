"""What an annual review decides takes effect when it is signed: keep, change, retire."""

import uuid
from datetime import date

import pytest

from portal.errors import BadInputError, DeniedError
from portal.models.audit import newest
from portal.models.observations import Observation, ScopeKind
from portal.readmodels.papers import PaperKind
from portal.services import lifecycles, papers, review_cycles, review_page, reviews
from portal.services.auditing import Event
from portal.services.desks import open_desk
from portal.services.lifecycles import LifeMove, LifeState
from portal.services.numbers import TENANT, Who
from portal.services.periods import period_of
from portal.services.review_cards import ReviewKind
from portal.services.review_cycles import NewCycle
from portal.services.review_records import records
from portal.workflow.review import ItemMove, ReviewState
from tests.actions.house import NOW, House
from tests.reviews.room import FULL, HOSTILE, LEADS, SHARED, TRACE, WON, Room

WORDS = "Nobody acts on it."


@pytest.fixture
def room(database, new_tenant):
    return Room(House(database, new_tenant())).fill()


def _decide(room, decisions, *, who=TENANT, words=WORDS):
    """Answer every KPI of the open review with a decision; WON is Sam's and LEADS Mara's."""
    names = {WON: "sam", LEADS: "mara", SHARED: "mara"}
    for kpi, decision in decisions.items():
        name = names[kpi]
        item = room.item(kpi, who)
        room.place = lambda _, item=item: (room.review, item.frozen.id)
        room.save(name, kpi, {**FULL, "decision": decision, "decision_words": words})
        version = room.item(kpi, who).answer.version
        if kpi == SHARED:
            room.speak("sam", kpi)
            version = room.item(kpi, who).answer.version
        room.move(name, kpi, ItemMove.SUBMIT, seen=version)


def _approve(room, name, kpis, who=TENANT):
    for kpi in kpis:
        item = room.item(kpi, who)
        room.place = lambda _, item=item: (room.review, item.frozen.id)
        room.move(name, kpi, ItemMove.APPROVE, seen=item.answer.version)


def _lives(room):
    with room.house.session() as session:
        return dict(lifecycles.lives(session))


def _push(room, kpi, *states):
    with room.house.session() as session:
        desk = open_desk(session, room.people["chief"], NOW)
        for state in states:
            lifecycles.move(desk, LifeMove(kpi, state, "Before the review."), TRACE)


def _kept(room):
    with room.house.session() as session:
        return records(session, room.review)[0].done.detail["decisions"]


def _annual(room, decisions):
    room.open(ReviewKind.ANNUAL, kpis=tuple(decisions), label="2025")
    _decide(room, decisions)
    _approve(room, "chief", decisions)


def test_what_was_decided_takes_effect_with_the_sign_off_and_is_audited(room):
    _push(room, LEADS, LifeState.ACTIVE, LifeState.UNDER_REVIEW)
    assert {WON, SHARED} <= _used(room)
    _annual(room, {WON: "retire", LEADS: "keep", SHARED: "change"})
    assert WON not in _lives(room)
    room.sign("chief")
    after = _lives(room)
    states = {kpi: after[kpi].state for kpi in (WON, LEADS, SHARED)}
    assert states == {
        WON: LifeState.RETIRED,
        LEADS: LifeState.ACTIVE,
        SHARED: LifeState.UNDER_REVIEW,
    }
    assert after[WON].reason.endswith(f"review: retire. {WORDS}")
    assert after[WON].by == "Cora Chief"
    assert {one["kpi"]: one["to"] for one in _kept(room)} == {
        WON: "retired",
        LEADS: "active",
        SHARED: "under_review",
    }
    with room.house.session() as session:
        noted = [
            one
            for one in session.scalars(newest(50))
            if one.event == Event.LIFE_CHANGED.value and one.detail.get("to") == "retired"
        ]
    assert [one.object for one in noted] == [WON]


def test_the_page_and_the_minutes_say_what_became_of_a_decision(room):
    _annual(room, {WON: "retire"})
    assert "takes effect with the sign-off" in _page(room).assessment.decision_note
    room.sign("chief")
    assert _page(room).assessment.decision_note == "It is retired."
    with room.house.session() as session:
        desk = open_desk(session, room.people["chief"], NOW)
        minutes = papers.paper(desk, room.review, PaperKind.MINUTES)
    assert minutes.items[0].decision == f"Retire: {WORDS} It is retired."


@pytest.mark.parametrize(
    ("pushed", "decision", "told"),
    [
        (LifeState.RETIRED, "change", "Not carried out: the KPI is retired."),
        (LifeState.RETIRED, "keep", "Not carried out: the KPI is retired."),
        (LifeState.RETIRED, "retire", "Nothing to do: the KPI is retired already."),
        (LifeState.UNDER_REVIEW, "change", "Nothing to do: the KPI is under review already."),
    ],
)
def test_a_move_that_there_is_not_is_left_out_and_told(room, pushed, decision, told):
    _push(room, WON, pushed)
    _annual(room, {WON: decision})
    assert room.sign("chief").state is ReviewState.SIGNED_OFF
    assert _lives(room)[WON].state is pushed
    assert [(one["to"], one["told"]) for one in _kept(room)] == [(None, told)]


def test_a_kpi_that_nobody_adopted_is_neither_changed_nor_retired(room):
    assert LEADS not in _used(room)
    _annual(room, {LEADS: "change"})
    room.sign("chief")
    assert [one["told"] for one in _kept(room)] == ["Not carried out: the KPI is not adopted."]


def test_keeping_what_is_in_use_moves_nothing_and_says_nothing(room):
    _annual(room, {WON: "keep"})
    room.sign("chief")
    assert WON not in _lives(room)
    with room.house.session() as session:
        assert "decisions" not in records(session, room.review)[0].done.detail


def test_long_and_strange_words_are_kept_as_the_reason_as_far_as_it_goes(room):
    room.open(ReviewKind.ANNUAL, kpis=(WON,), label="2025")
    _decide(room, {WON: "retire"}, words=f"{HOSTILE}\n" * 30)
    _approve(room, "chief", [WON])
    room.sign("chief")
    reason = _lives(room)[WON].reason
    assert len(reason) == 1000
    assert "<script>alert(1)</script>" in reason


def test_a_leader_signs_a_review_that_moves_nothing_and_an_executive_one_that_does(room):
    north = Who(ScopeKind.TEAM, _north(room))
    _year(room, WON, north)
    room.open(ReviewKind.ANNUAL, kpis=(WON,), label="2025", scope=ScopeKind.TEAM)
    _decide(room, {WON: "retire"}, who=north)
    _approve(room, "lena", [WON], north)
    with pytest.raises(DeniedError, match="an executive signs it off"):
        room.sign("lena")
    assert WON not in _lives(room)
    with room.house.session() as session:
        assert reviews.one(session, room.review).state is ReviewState.OPEN
    room.sign("chief")
    assert _lives(room)[WON].state is LifeState.RETIRED


def test_where_a_leader_may_sign_nothing_moves(room):
    north = Who(ScopeKind.TEAM, _north(room))
    _year(room, WON, north)
    room.open(ReviewKind.ANNUAL, kpis=(WON,), label="2025", scope=ScopeKind.TEAM)
    _decide(room, {WON: "keep"}, who=north)
    _approve(room, "lena", [WON], north)
    assert room.sign("lena").state is ReviewState.SIGNED_OFF


def test_teams_that_decide_differently_about_a_kpi_move_it_nowhere(room):
    north, south = (Who(ScopeKind.TEAM, key) for key in _teams(room)[:2])
    for who in (north, south):
        _year(room, WON, who)
    room.open(ReviewKind.ANNUAL, kpis=(WON,), label="2025", scope=ScopeKind.TEAM)
    for who, decision in ((north, "keep"), (south, "retire")):
        _decide(room, {WON: decision}, who=who)
        _approve(room, "chief", [WON], who)
    room.sign("chief")
    assert WON not in _lives(room)
    assert [one["told"] for one in _kept(room)] == [
        "Not carried out: it was decided differently (keep, retire)."
    ]


def test_a_monthly_review_moves_no_kpi(room):
    room.open(kpis=(WON,))
    room.save("sam", WON, {**FULL, "decision": "retire"})
    room.move("sam", WON, ItemMove.SUBMIT)
    room.move("chief", WON, ItemMove.APPROVE)
    room.sign("chief")
    assert WON not in _lives(room)


def test_nobody_but_an_executive_is_named_to_sign_an_annual_review(room):
    with room.house.session() as session:
        desk = open_desk(session, room.people["chief"], NOW)
        lena = room.people["lena"].person
        review_cycles.add(desk, NewCycle(ReviewKind.MONTHLY, "By the month", signer=lena), TRACE)
        with pytest.raises(BadInputError, match="an executive signs it"):
            review_cycles.add(desk, NewCycle(ReviewKind.ANNUAL, "By year", signer=lena), TRACE)


def _page(room):
    with room.house.session() as session:
        desk = open_desk(session, room.people["chief"], NOW)
        return review_page.read(desk, str(room.review), {"kpi": WON}, TRACE, "")


def _used(room):
    with room.house.session() as session:
        desk = open_desk(session, room.people["chief"], NOW)
        return lifecycles.adopted(session, desk.catalogue, desk.today)


def _teams(room):
    with room.house.session() as session:
        return sorted(open_desk(session, room.people["chief"], NOW).roster.teams)


def _north(room):
    with room.house.session() as session:
        desk = open_desk(session, room.people["chief"], NOW)
        return desk.roster.of_team("north").key


def _year(room, kpi, who):
    """Keep a number of 2025."""
    row = {
        "id": uuid.uuid4(), "kpi": kpi, "grain": "year", "period_start": date(2025, 1, 1),
        "period_end": date(2026, 1, 1), "scope_kind": who.kind.value, "scope_id": who.id,
        "revision": 1, "kind": "first", "value": 0.3, "n": 40, "state": "final", "reason": None,
        "definition": "d1", "version": 7, "known_at": NOW, "observed_at": NOW,
    }  # fmt: skip
    with room.house.session() as session:
        assert period_of("2025", open_desk(session, room.people["chief"], NOW).calendar)
        session.add_rows(Observation, [row])
