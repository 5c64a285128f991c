"""The life of an action, in full: every state, every move, every party."""

from itertools import combinations, product

import pytest

from portal.workflow.action import (
    STEPS,
    UNFINISHED,
    ActionState,
    Move,
    MoveRefusedError,
    Party,
    first_state,
    may_change,
    moves_for,
    step,
)

S, M, P = ActionState, Move, Party
ALL, ABOVE = set(Party), {P.LEADER, P.EXECUTIVE}
LIFE = {
    (S.PROPOSED, M.AGREE): (S.OPEN, ABOVE),
    (S.PROPOSED, M.ACCEPT): (S.ACCEPTED, {P.OWNER}),
    (S.PROPOSED, M.DROP): (S.DROPPED, ALL),
    (S.OPEN, M.ACCEPT): (S.ACCEPTED, {P.OWNER}),
    (S.OPEN, M.DECLINE): (S.PROPOSED, {P.OWNER}),
    (S.OPEN, M.FINISH): (S.DONE, ALL),
    (S.OPEN, M.CARRY_OVER): (S.CARRIED_OVER, ALL),
    (S.OPEN, M.DROP): (S.DROPPED, ALL),
    (S.ACCEPTED, M.FINISH): (S.DONE, ALL),
    (S.ACCEPTED, M.CARRY_OVER): (S.CARRIED_OVER, ALL),
    (S.ACCEPTED, M.DROP): (S.DROPPED, ALL),
    (S.DONE, M.REOPEN): (S.ACCEPTED, {P.OWNER, *ABOVE}),
    (S.DROPPED, M.REOPEN): (S.OPEN, ALL),
}
"""The same table as it was agreed, written a second time."""
WORD_NEEDED = {M.DECLINE, M.DROP, M.REOPEN}


@pytest.mark.parametrize(
    ("state", "move", "party"), list(product(ActionState, Move, Party)), ids=str
)
def test_each_move_is_allowed_exactly_where_the_agreed_table_says(state, move, party):
    to, by = LIFE.get((state, move), (None, set()))
    if party in by:
        assert step(state, move, {party}).to is to
        assert move in moves_for(state, {party})
    else:
        with pytest.raises(MoveRefusedError):
            step(state, move, {party})
        assert move not in moves_for(state, {party})


def test_the_table_holds_no_other_move():
    assert set(STEPS) == set(LIFE)


@pytest.mark.parametrize("move", Move)
def test_a_word_of_why_is_asked_of_what_undoes_or_ends_something(move):
    reasons = {found.reason for (_, named), found in STEPS.items() if named is move}
    assert reasons == {move in WORD_NEEDED}


def test_nobody_who_is_nothing_to_an_action_moves_or_changes_it():
    for state in ActionState:
        assert moves_for(state, ()) == ()
        assert not may_change(state, ())


@pytest.mark.parametrize("state", ActionState)
def test_what_has_ended_is_not_changed_any_more(state):
    assert may_change(state, {P.CREATOR}) is (state in UNFINISHED)


def test_carried_over_is_the_end_of_an_action():
    assert moves_for(S.CARRIED_OVER, ALL) == ()


@pytest.mark.parametrize("answers", [True, False])
@pytest.mark.parametrize("many", range(5))
def test_a_new_action_begins_by_who_asks_whom(many, answers):
    for parties in combinations(Party, many):
        found = first_state(parties, answers=answers)
        if P.OWNER in parties:
            assert found is S.ACCEPTED
        elif answers or ABOVE & set(parties):
            assert found is S.OPEN
        else:
            assert found is S.PROPOSED


def test_a_refusal_says_why_in_a_sentence():
    with pytest.raises(MoveRefusedError, match="is not possible while it is done"):
        step(S.DONE, M.FINISH, ALL)
    with pytest.raises(MoveRefusedError, match="is for the owner"):
        step(S.OPEN, M.ACCEPT, {P.CREATOR})
