"""From opening to sign-off: who may do what, what is frozen, and what nobody overwrites."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from kpi_engine.definitions.kinds import KpiKey
from portal.errors import BadInputError, DeniedError
from portal.services import (
    review_cycles,
    review_opening,
    reviews,
)
from portal.services.desks import open_desk
from portal.services.numbers import TENANT
from portal.services.review_cards import ReviewKind
from portal.services.review_moves import LackingError, StaleMoveError
from portal.services.review_records import records
from portal.services.review_words import StaleWordError
from portal.services.review_writing import MoveRefusedError
from portal.services.reviews import NoReviewError
from portal.tenancy.names import OWNER
from portal.workflow.review import ItemMove, ItemState, ReviewState
from tests.actions.house import NOW, House
from tests.reviews.room import FULL, HOSTILE, LEADS, SHARED, TRACE, WON, Room


def test_opening_freezes_number_target_range_owners_and_where_they_came_from(room):
    frozen = room.item(SHARED).frozen
    assert frozen.reading.value == 0.1
    assert frozen.red
    assert frozen.target.value == 0.25
    assert frozen.before == pytest.approx(0.2)
    assert (frozen.definition, frozen.store_version, frozen.known_at) == ("d1", 7, NOW)
    assert len(frozen.series) == 13
    assert frozen.series[-1].signal == "below"
    assert frozen.usual.low < 0.2 < frozen.usual.high
    assert frozen.accountable_name == "Mara Market"
    assert [(one.name, one.percent) for one in frozen.shares] == [
        ("Mara Market", 60.0),
        ("Sam Sales", 40.0),
    ]
    assert "fell" in frozen.finding


def test_what_is_observed_or_aimed_at_later_changes_nothing_that_was_frozen(room):
    room.house.observe(KpiKey("calls_made"), TENANT, [1.0])
    before = room.item(LEADS).frozen
    with room.house.session() as session:
        desk = open_desk(session, room.people["chief"], NOW)
        room._own(desk, {LEADS: "sam"})
    assert room.item(LEADS).frozen == before


def test_a_kpi_without_a_number_is_frozen_with_its_reason(database, new_tenant):
    room = Room(House(database, new_tenant())).fill()
    room.open(kpis=(KpiKey("csat"), LEADS))
    frozen = room.item(KpiKey("csat")).frozen
    assert frozen.reading.value is None
    assert frozen.reading.reason


def test_a_period_is_reviewed_once_and_again_only_after_it_was_called_off(room):
    with room.house.session() as session:
        desk = open_desk(session, room.people["chief"], NOW)
        with pytest.raises(BadInputError, match="reviewed already"):
            review_opening.open_review(desk, None, room.cycle, "", TRACE)


def test_a_planned_review_is_opened_and_a_period_that_runs_is_not(room):
    with room.house.session() as session:
        desk = open_desk(session, room.people["chief"], NOW)
        made = review_opening.plan_review(desk, room.cycle, "2026-11", TRACE)
        assert reviews.one(session, made).state is ReviewState.PLANNED
        with pytest.raises(BadInputError, match="has no final numbers"):
            review_opening.open_review(desk, None, room.cycle, "2026-11", TRACE)
        early = review_opening.plan_review(desk, room.cycle, "2026-09", TRACE)
        opened = review_opening.open_review(desk, None, room.cycle, "2026-09", TRACE)
        assert opened == early
        assert reviews.one(session, opened).state is ReviewState.OPEN


@pytest.mark.parametrize("name", ["mara", "sam", "lena", "ann"])
def test_only_who_opens_reviews_opens_one(room, name):
    with room.house.session() as session:
        desk = open_desk(session, room.people[name], NOW)
        with pytest.raises(DeniedError):
            review_opening.open_review(desk, None, room.cycle, "2026-09", TRACE)
        with pytest.raises(DeniedError):
            review_cycles.add(desk, review_cycles.USUAL[0], TRACE)


def test_each_sees_what_they_answer_for_or_what_their_reach_holds(room):
    seen = {}
    for name, actor in room.people.items():
        with room.house.session() as session:
            try:
                found = reviews.seen(session, actor, room.review)
            except NoReviewError:
                continue
            seen[name] = {one.frozen.kpi for one in found.items}
    everything = {SHARED, LEADS, WON}
    assert seen == {
        "chief": everything,
        "other": everything,
        "ana": everything,
        "mara": {SHARED, LEADS},
        "sam": {SHARED, WON},
    }


def test_another_tenants_review_is_not_there(room, database, new_tenant):
    rival = Room(House(database, new_tenant())).fill()
    with rival.house.session() as session, pytest.raises(NoReviewError):
        reviews.seen(session, rival.people["chief"], room.review)


@pytest.mark.parametrize("name", ["sam", "chief", "ann", "lena", "ana"])
def test_only_who_answers_for_a_kpi_writes_its_answer(room, name):
    with pytest.raises((DeniedError, NoReviewError)):
        room.save(name, LEADS, {"words": "Mine"})
    assert room.item(LEADS).answer.words == ""


def test_two_sessions_that_edit_one_answer_lose_nothing(room):
    room.save("mara", LEADS, {"words": "First"})
    found = room.save("mara", LEADS, {"words": "Second"}, base={"words": ""})
    assert [(one.field, one.theirs, one.mine) for one in found.clashes] == [
        ("words", "First", "Second")
    ]
    assert room.item(LEADS).answer.words == "First"
    with room.house.session() as session:
        told = records(session, room.review, room.item(LEADS).frozen.id)
    kept = next(one.done for one in told if one.done.move == "clash")
    assert kept.detail == {"words": {"stands": "First", "refused": "Second"}}


def test_what_was_refused_is_kept_once_however_often_the_page_asks(room):
    room.save("mara", LEADS, {"words": "First"})
    for _ in range(3):
        room.save("mara", LEADS, {"words": "Second"}, base={"words": ""})
    with room.house.session() as session:
        told = records(session, room.review, room.item(LEADS).frozen.id)
    assert [one.done.move for one in told].count("clash") == 1


def test_two_who_write_different_fields_both_keep_theirs(room):
    room.save("mara", LEADS, {"words": "First"})
    found = room.save("mara", LEADS, {"confidence": "high"}, base={"confidence": ""})
    answer = room.item(LEADS).answer
    assert not found.clashes
    assert (answer.words, answer.confidence) == ("First", "high")


def test_who_has_seen_both_texts_may_keep_theirs(room):
    room.save("mara", LEADS, {"words": "First"})
    room.save("mara", LEADS, {"words": "Second"}, base={"words": "First"})
    assert room.item(LEADS).answer.words == "Second"


def test_the_finding_is_a_draft_and_no_note(room):
    finding = room.item(SHARED).frozen.finding
    room.save("mara", SHARED, {**FULL, "words": finding})
    room.speak("sam", SHARED)
    with pytest.raises(LackingError, match="needs a note of yours"):
        room.move("mara", SHARED, ItemMove.SUBMIT)


@pytest.mark.parametrize("wrong", [{"assessment": "great"}, {"secret": "x"}, {"words": "x" * 4001}])
def test_what_cannot_be_answered_is_refused_and_nothing_is_saved(room, wrong):
    with pytest.raises(BadInputError):
        room.save("mara", LEADS, {"confidence": "high", **wrong})
    assert room.item(LEADS).answer.confidence == ""


def test_a_shared_kpi_waits_for_the_co_owner_and_a_disagreement_does_not_stop_it(room):
    room.save("mara", SHARED, FULL)
    with pytest.raises(LackingError, match="word of each co-owner"):
        room.move("mara", SHARED, ItemMove.SUBMIT)
    room.move("mara", SHARED, ItemMove.ASK)
    assert room.todo("sam")[0] == ("say", SHARED)
    room.speak("sam", SHARED, "reason", text=HOSTILE)
    item = room.item(SHARED)
    assert item.answer.state is ItemState.DRAFT
    assert [one.text for one in item.disputes] == [HOSTILE]
    assert room.move("mara", SHARED, ItemMove.SUBMIT) is ItemState.SUBMITTED


def test_a_word_to_an_answer_that_changed_meanwhile_is_not_taken(room):
    seen = room.item(SHARED).answer.version
    room.save("mara", SHARED, FULL)
    with pytest.raises(StaleWordError):
        room.speak("sam", SHARED, seen=seen)


def test_who_disagrees_says_about_what_and_why(room):
    with pytest.raises(BadInputError, match="what you see differently"):
        room.speak("sam", SHARED, "number")
    with pytest.raises(BadInputError, match="reason, the number or the split"):
        room.speak("sam", SHARED, "weather", text="It rained.")
    with pytest.raises(DeniedError):
        room.speak("mara", SHARED, "number", text="I own the rest.")


def test_a_move_from_a_stale_page_is_not_made(room):
    room.save("sam", WON, FULL)
    seen = room.item(WON).answer.version
    room.save("sam", WON, {"words": "Later."}, base={"words": FULL["words"]})
    with pytest.raises(StaleMoveError):
        room.move("sam", WON, ItemMove.SUBMIT, seen=seen)


def test_nobody_approves_their_own_and_the_one_who_signs_does(room):
    room.save("sam", WON, FULL)
    room.move("sam", WON, ItemMove.SUBMIT)
    with pytest.raises(MoveRefusedError):
        room.move("sam", WON, ItemMove.APPROVE)
    with pytest.raises(BadInputError, match="what is missing"):
        room.move("chief", WON, ItemMove.SEND_BACK)
    room.move("chief", WON, ItemMove.SEND_BACK, why="And the coaching?")
    assert ("answer", WON) in room.todo("sam")
    room.move("sam", WON, ItemMove.SUBMIT)
    room.move("chief", WON, ItemMove.APPROVE)
    assert room.item(WON).answer.approved_by_name == "Cora Chief"


def test_a_review_is_signed_when_everything_is_approved_and_then_nothing_changes(room, server):
    room.answer_all()
    with pytest.raises(LackingError, match="3 KPIs are not approved"):
        room.sign("chief")
    for kpi in (SHARED, LEADS, WON):
        room.move("chief", kpi, ItemMove.APPROVE)
    assert room.todo("chief") == [("sign", None)]
    with pytest.raises(NoReviewError):
        room.sign("lena")
    assert room.sign("chief").state is ReviewState.SIGNED_OFF
    with pytest.raises(MoveRefusedError):
        room.save("mara", LEADS, {"words": "Too late"}, base={"words": FULL["words"]})
    _refused_by_the_database(server, room)


def _refused_by_the_database(server, room):
    """Even the owner of the tables changes nothing of it."""
    engine = create_engine(server.url(OWNER))
    changes = (
        f"UPDATE portal.review_answer SET words = 'x' WHERE review_id = '{room.review}'",
        f"UPDATE portal.review_item SET value = 1 WHERE review_id = '{room.review}'",
        f"DELETE FROM portal.review_item WHERE review_id = '{room.review}'",
        f"DELETE FROM portal.review_word WHERE review_id = '{room.review}'",
        f"UPDATE portal.review SET state = 'open', signed_at = NULL WHERE id = '{room.review}'",
    )
    for change in changes:
        with engine.connect() as connection:
            connection.execute(
                text(f"SELECT set_config('app.tenant', '{room.house.tenant}', true)")
            )
            with pytest.raises(DBAPIError):
                connection.execute(text(change))
    engine.dispose()


def test_what_the_signer_answered_alone_is_told_so_when_it_is_signed(database, new_tenant):
    room = Room(House(database, new_tenant())).fill()
    with room.house.session() as session:
        room._own(open_desk(session, room.people["chief"], NOW), {WON: "chief"})
    room.open(kpis=(WON,))
    room.save("chief", WON, FULL)
    room.move("chief", WON, ItemMove.SUBMIT)
    with pytest.raises(LackingError, match="Nobody approves"):
        room.move("chief", WON, ItemMove.APPROVE)
    room.sign("chief")
    with room.house.session() as session:
        assert records(session, room.review)[0].done.detail == {"approved_by_nobody_else": [WON]}


def test_an_annual_review_asks_to_keep_change_or_retire(database, new_tenant):
    room = Room(House(database, new_tenant())).fill()
    room.open(ReviewKind.ANNUAL, kpis=(WON,), label="2025")
    room.save("sam", WON, FULL)
    with pytest.raises(LackingError, match="keep, change or retire"):
        room.move("sam", WON, ItemMove.SUBMIT)
    room.save("sam", WON, {"decision": "keep"})
    assert room.move("sam", WON, ItemMove.SUBMIT) is ItemState.SUBMITTED


def test_everybody_is_told_what_they_owe_and_nothing_else(room):
    assert set(room.todo("mara")) == {("answer", SHARED), ("answer", LEADS)}
    assert set(room.todo("sam")) == {("say", SHARED), ("answer", WON)}
    assert room.todo("chief") == room.todo("ann") == room.todo("ana") == []
    room.answer_all()
    assert {what for what, _ in room.todo("chief")} == {"approve"}
