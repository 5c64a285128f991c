"""Who may ask for, see, change and move actions; and that nothing is overwritten or forgotten."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from kpi_engine.statistics.effect import Way
from portal.errors import BadInputError, DeniedError
from portal.models.actions import Action
from portal.models.audit import newest
from portal.models.tenants import its_row
from portal.services import actions, tenants
from portal.services.actions import (
    Expected,
    Further,
    Guardrail,
    Moving,
    NoActionError,
    StaleActionError,
)
from portal.services.numbers import TENANT
from portal.services.tenants import Profile
from portal.tenancy.keys import TenantKey
from portal.workflow.action import ActionState, Move, MoveRefusedError
from tests.actions.house import ANN, LEADS, NORTH, NOW, SOUTH, TODAY, WIN_RATE, House, at, wanted


def _change(house, actor, action, version, **more):
    with house.session() as session:
        changed = (version, replace(wanted(actor).draft, **more))
        return actions.change(session, actor, action, changed, at(minutes=5))


def test_a_new_action_says_all_that_was_asked(house, chief, lead):
    limit = Guardrail(LEADS, least=True, limit=1150.0)
    made = house.ask(chief, lead, limit=limit, expected=Expected(Way.DOWN, 0.008, 28))
    card = house.card(chief, made)
    assert (card.title, card.kpi, card.who) == ("Answer within the hour", WIN_RATE, TENANT)
    assert (card.owner.name, card.created_by_name) == ("Lena Lead", "Chief Example")
    assert (card.expected.signed, card.expected.lag_weeks, card.limit) == (-0.008, 4, limit)
    assert (card.state, card.version, card.verdict) == (ActionState.OPEN, 1, None)
    assert card.guardrail == LEADS


def test_who_asks_whom_says_where_an_action_begins(house, chief, lead, ann):
    states = {
        "of oneself": house.card(ann, house.ask(ann, who=ANN)).state,
        "a rep of a leader": house.card(ann, house.ask(ann, lead, who=ANN)).state,
        "a leader of a rep": house.card(lead, house.ask(lead, ann, who=ANN)).state,
    }
    assert states == {
        "of oneself": ActionState.ACCEPTED,
        "a rep of a leader": ActionState.PROPOSED,
        "a leader of a rep": ActionState.OPEN,
    }


def test_nobody_asks_for_an_action_on_numbers_that_are_not_theirs(house, lead, ann):
    for actor, who in ((ann, TENANT), (ann, NORTH), (lead, SOUTH), (lead, TENANT)):
        with pytest.raises(NoActionError):
            house.ask(actor, who=who)


def test_an_administrator_has_no_actions(house, chief):
    root = house.add("Root Example", "admin")
    with pytest.raises(DeniedError):
        house.ask(root)
    with house.session() as session:
        assert actions.every(session, root, TODAY) == ()


@pytest.mark.parametrize(
    "more",
    [
        {"title": ""},
        {"title": "x" * 201},
        {"title": "one\x07two"},
        {"kind": "magic"},
        {"due": TODAY + timedelta(days=4000)},
        {"expected": Expected(Way.UP, 0.0, 28)},
        {"expected": Expected(Way.UP, float("inf"), 28)},
        {"expected": Expected(Way.UP, 0.05, 400)},
        {"expected": Expected(Way.UP, 0.05, -1)},
        {"limit": Guardrail(LEADS, least=True, limit=float("nan"))},
    ],
    ids=repr,
)
def test_what_cannot_be_used_is_refused_and_nothing_is_kept(house, chief, more):
    with pytest.raises(BadInputError):
        house.ask(chief, **more)
    with house.session() as session:
        assert actions.every(session, chief, TODAY) == ()


def test_an_action_is_only_for_somebody_who_uses_the_portal(house, chief):
    new = wanted(chief)
    strange = replace(new, draft=replace(new.draft, owner=uuid.uuid4()))
    with house.session() as session, pytest.raises(BadInputError, match="another owner"):
        actions.create(session, chief, strange, at())


def test_an_action_is_seen_by_whose_numbers_it_is_about_and_by_its_own_people(
    house, chief, lead, ann, bob
):
    whole, team = house.ask(chief, lead), house.ask(chief, who=NORTH)
    own = house.ask(ann, who=ANN)
    seen = {}
    for actor in (chief, lead, ann, bob):
        with house.session() as session:
            seen[actor.name] = {card.id for card in actions.every(session, actor, TODAY)}
    assert seen == {
        "Chief Example": {whole, team, own},
        "Lena Lead": {whole, team, own},
        "Ann Rep": {own},
        "Bob Rep": set(),
    }


def test_who_is_to_do_it_sees_the_action_and_not_its_number(house, chief, ann):
    card = house.card(ann, house.ask(chief, ann))
    assert (card.open, card.judgement) == (False, None)


def test_another_tenants_action_is_not_there(house, chief, database):
    made = house.ask(chief)
    key = TenantKey(f"t{uuid.uuid4().hex[:12]}")
    with database.session(key) as session:
        tenants.create(session, Profile("Rival"), NOW)
    rival = House(database, key).add("Rival Chief", "executive")
    with database.session(key) as session:
        assert actions.every(session, rival, TODAY) == ()
        with pytest.raises(NoActionError):
            actions.one(session, rival, made, TODAY)
    with pytest.raises(NoActionError):
        House(database, key).move(rival, made, Move.DROP, version=1, note="mine now")


def test_a_change_is_kept_with_what_was_before_and_written_in_the_audit_log(house, chief, lead):
    made = house.ask(chief)
    card = _change(house, chief, made, 1, title="Answer sooner", owner=lead.person)
    assert (card.title, card.owner.name, card.version) == ("Answer sooner", "Lena Lead", 2)
    with house.session() as session:
        newest_event = actions.events(session, made)[0]
        told = [row.event for row in session.scalars(newest(9))]
    assert newest_event.changes == {
        "title": ["Answer within the hour", "Answer sooner"],
        "owner": [str(chief.person), str(lead.person)],
    }
    assert told[:2] == ["action.changed", "action.created"]


def test_a_change_that_changes_nothing_makes_no_version(house, chief):
    made = house.ask(chief)
    assert _change(house, chief, made, 1).version == 1


def test_a_stale_page_overwrites_nothing(house, chief):
    made = house.ask(chief)
    _change(house, chief, made, 1, title="The first to save")
    with pytest.raises(StaleActionError) as refused:
        _change(house, chief, made, 1, title="The second to save")
    assert (refused.value.seen, refused.value.now.title) == (1, "The first to save")
    with pytest.raises(StaleActionError):
        house.move(chief, made, Move.FINISH, version=1)
    card = house.card(chief, made)
    assert (card.title, card.version) == ("The first to save", 2)


def test_only_its_owner_creator_leader_or_an_executive_changes_an_action(house, chief, lead, ann):
    analyst = house.add("Ana Lyst", "analyst")
    made = house.ask(lead, ann, who=ANN)
    for actor in (chief, lead, ann):
        version = house.card(actor, made).version
        told = {"title": f"As {actor.name} says", "owner": ann.person}
        assert _change(house, actor, made, version, **told).version == version + 1
    with pytest.raises(MoveRefusedError):
        _change(house, analyst, made, 4, title="As the analyst says")
    with pytest.raises(MoveRefusedError):
        house.move(analyst, made, Move.DROP, note="I may not")


def test_what_has_ended_is_not_changed(house, chief):
    made = house.done(chief)
    with pytest.raises(MoveRefusedError):
        _change(house, chief, made, 2, title="Afterwards")


def test_a_move_that_needs_a_reason_is_refused_without_one(house, chief):
    made = house.ask(chief)
    with pytest.raises(BadInputError, match="Say why"):
        house.move(chief, made, Move.DROP, note="  ")
    with pytest.raises(BadInputError, match="longer"):
        house.move(chief, made, Move.DROP, note="x" * 1001)
    assert house.move(chief, made, Move.DROP, note="No use").state is ActionState.DROPPED


def test_an_action_is_done_on_a_day_that_has_come(house, chief):
    made = house.ask(chief)
    for day in (TODAY + timedelta(days=1), TODAY - timedelta(days=800)):
        with pytest.raises(BadInputError):
            house.move(chief, made, Move.FINISH, done_on=day)
    assert house.move(chief, made, Move.FINISH).done_on == TODAY


def test_today_is_the_companys_where_it_is_tomorrow_already(house, chief):
    with house.session() as session:
        session.scalars(its_row()).one().timezone = "Pacific/Kiritimati"
    made = house.ask(chief)
    with house.session() as session:
        seen = actions.one(session, chief, made, TODAY).version
        # Eleven in the morning of Greenwich is one at night there.
        moved = actions.move(session, chief, made, Moving(Move.FINISH, seen), at(hours=2))
    assert moved.done_on == TODAY + timedelta(days=1)


def test_what_was_not_finished_goes_on_in_another_action(house, chief, lead):
    made = house.ask(chief, lead)
    house.move(lead, made, Move.ACCEPT)
    further = Further(2, TODAY + timedelta(days=40), note="January")
    with house.session() as session:
        next_one = actions.carry_over(session, lead, made, further, at())
    before, now = house.card(lead, made), house.card(lead, next_one)
    assert before.state is ActionState.CARRIED_OVER
    assert (now.carried_from, now.due, now.title) == (made, further.due, before.title)
    assert (now.state, now.owner) == (ActionState.ACCEPTED, before.owner)
    with house.session() as session, pytest.raises(MoveRefusedError):
        actions.carry_over(session, lead, made, replace(further, version=3), at())


def test_what_is_overdue_is_told_to_whoever_is_anything_to_it(house, chief, lead, ann, bob):
    late = house.ask(lead, ann, who=ANN, due=TODAY - timedelta(days=3))
    house.ask(lead, ann, who=ANN, due=TODAY)
    house.done(ann, who=ANN, due=TODAY - timedelta(days=9))
    for actor, told in ((chief, [late]), (lead, [late]), (ann, [late]), (bob, [])):
        with house.session() as session:
            assert [card.id for card in actions.overdue(session, actor, TODAY)] == told


def test_the_actions_of_a_kpi_are_those_that_concern_the_scope(house, chief):
    whole, north = house.ask(chief), house.ask(chief, who=NORTH)
    south, other = house.ask(chief, who=SOUTH), house.ask(chief, kpi=LEADS)
    with house.session() as session:
        of_all = {card.id for card in actions.of_kpi(session, WIN_RATE)}
        of_north = {card.id for card in actions.of_kpi(session, WIN_RATE, NORTH)}
    assert of_all == {whole, north, south}
    assert of_north == {whole, north}
    assert other not in of_all


@pytest.mark.parametrize("table", ["action_event", "action_verdict"])
def test_what_happened_can_not_be_changed_or_deleted(house, chief, owned, table):
    house.ask(chief)
    for statement in (f"DELETE FROM portal.{table}", f"TRUNCATE portal.{table} CASCADE"):
        with pytest.raises(DBAPIError, match="only"), owned.begin() as connection:
            connection.execute(sa.text(statement))


def _kpi(house, made):
    with house.session() as session:
        session.get(Action, (house.tenant, made)).kpi = "new_leads"


def _creator(house, made):
    with house.session() as session:
        session.get(Action, (house.tenant, made)).created_by_name = "Somebody else"


def _deleted(house, made):
    with house.session() as session:
        session.delete(session.get(Action, (house.tenant, made)))


@pytest.mark.parametrize("do", [_kpi, _creator, _deleted])
def test_the_application_may_not_delete_an_action_or_say_that_it_was_another(house, chief, do):
    made = house.ask(chief)
    with pytest.raises(DBAPIError, match="permission denied"):
        do(house, made)
