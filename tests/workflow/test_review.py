"""The tables of the review, tried in full: state x move x role x shared or not."""

from itertools import product

import pytest

from portal.workflow.review import (
    ITEM_STEPS,
    OWN,
    REVIEW_STEPS,
    Facts,
    ItemMove,
    ItemState,
    Part,
    ReviewMove,
    ReviewState,
    after_words,
    ahead,
    lacking,
    moves_for,
    next_review_state,
    next_state,
    review_moves,
    unsigned,
)

W, C, S, O = Part.WRITER, Part.CO_OWNER, Part.SIGNER, Part.OPENER  # noqa: E741 - as in the table
I, M = ItemState, ItemMove  # noqa: E741 - as in the table
# Written down a second time, by state, move and who: the table is held against it, both ways.
EXPECTED = {
    (I.TO_ANSWER, M.SAVE): (I.DRAFT, {W}, False),
    (I.TO_ANSWER, M.SPEAK): (I.TO_ANSWER, {C}, True),
    (I.DRAFT, M.SAVE): (I.DRAFT, {W}, False),
    (I.DRAFT, M.ASK): (I.WAITING, {W}, True),
    (I.DRAFT, M.SPEAK): (I.DRAFT, {C}, True),
    (I.DRAFT, M.REPLY): (I.DRAFT, {W, C}, True),
    (I.DRAFT, M.SETTLE): (I.DRAFT, {S}, True),
    (I.DRAFT, M.SUBMIT): (I.SUBMITTED, {W}, False),
    (I.WAITING, M.SPEAK): (I.WAITING, {C}, True),
    (I.WAITING, M.REPLY): (I.WAITING, {W, C}, True),
    (I.WAITING, M.SETTLE): (I.WAITING, {S}, True),
    (I.WAITING, M.TAKE_BACK): (I.DRAFT, {W}, False),
    (I.SUBMITTED, M.REPLY): (I.SUBMITTED, {W, C}, True),
    (I.SUBMITTED, M.SETTLE): (I.SUBMITTED, {S}, True),
    (I.SUBMITTED, M.TAKE_BACK): (I.DRAFT, {W}, False),
    (I.SUBMITTED, M.SEND_BACK): (I.SENT_BACK, {S}, False),
    (I.SUBMITTED, M.APPROVE): (I.APPROVED, {S}, False),
    (I.SENT_BACK, M.SAVE): (I.DRAFT, {W}, False),
    (I.SENT_BACK, M.SPEAK): (I.SENT_BACK, {C}, True),
    (I.SENT_BACK, M.REPLY): (I.SENT_BACK, {W, C}, True),
    (I.SENT_BACK, M.SUBMIT): (I.SUBMITTED, {W}, False),
    (I.APPROVED, M.SETTLE): (I.APPROVED, {S}, True),
    (I.APPROVED, M.SEND_BACK): (I.SENT_BACK, {S}, False),
}
REVIEWS = {
    (ReviewState.PLANNED, ReviewMove.OPEN): (ReviewState.OPEN, {O}),
    (ReviewState.PLANNED, ReviewMove.CALL_OFF): (ReviewState.CALLED_OFF, {O}),
    (ReviewState.OPEN, ReviewMove.CALL_OFF): (ReviewState.CALLED_OFF, {O}),
    (ReviewState.OPEN, ReviewMove.SIGN_OFF): (ReviewState.SIGNED_OFF, {S}),
}
EVERY_PART = [
    frozenset(),
    *(frozenset({part}) for part in Part),
    frozenset({W, S}),
    frozenset({S, Part.KEEPER}),
    frozenset(Part),
]


def test_every_move_of_a_kpi_leads_where_it_is_written_for_whom_it_is_written():
    cases = 0
    for review, state, move, parts, shared in product(
        ReviewState, ItemState, ItemMove, EVERY_PART, (True, False)
    ):
        to, by, shared_only = EXPECTED.get((state, move), (None, set(), False))
        allowed = review is ReviewState.OPEN and by & parts and (shared or not shared_only)
        found = next_state(review, state, move, parts, shared=shared)
        assert found == (to if allowed else None), (review, state, move, parts, shared)
        offered = move in moves_for(review, state, parts, shared=shared)
        assert offered == bool(allowed)
        cases += 1
    assert cases == 4 * 6 * 9 * len(EVERY_PART) * 2


def test_the_table_holds_no_move_that_is_not_written_here():
    assert set(ITEM_STEPS) == set(EXPECTED)
    assert set(REVIEW_STEPS) == set(REVIEWS)


@pytest.mark.parametrize("parts", EVERY_PART)
def test_every_move_of_a_whole_review_leads_where_it_is_written(parts):
    for state, move in product(ReviewState, ReviewMove):
        to, by = REVIEWS.get((state, move), (None, set()))
        assert next_review_state(state, move, parts) == (to if by & parts else None)
        assert (move in review_moves(state, parts)) == bool(by & parts)


def test_only_who_keeps_the_framework_signs_off_what_changes_it():
    for state, move, parts in product(ReviewState, ReviewMove, EVERY_PART):
        found = next_review_state(state, move, parts, deciding=True)
        signs = move is ReviewMove.SIGN_OFF
        hindered = signs and Part.KEEPER not in parts
        assert found == (None if hindered else next_review_state(state, move, parts))
        assert (move in review_moves(state, parts, deciding=True)) == bool(found)


def test_the_move_to_come_is_one_that_the_table_has_after_saving():
    assert ahead(I.TO_ANSWER, (M.SAVE,)) is M.SUBMIT
    assert ahead(I.DRAFT, (M.SAVE, M.SUBMIT)) is None
    assert ahead(I.TO_ANSWER, (M.SPEAK,)) is None
    assert ahead(I.APPROVED, (M.SAVE,)) is None


@pytest.mark.parametrize("state", [one for one in ReviewState if one is not ReviewState.OPEN])
def test_nothing_moves_in_a_review_that_is_not_open(state):
    for at in ItemState:
        assert moves_for(state, at, frozenset(Part), shared=True) == ()


def test_no_state_is_a_trap_in_an_open_review():
    reached, left = {ItemState.TO_ANSWER}, [ItemState.TO_ANSWER]
    while left:
        at = left.pop()
        onward = {ItemState(step.to) for (state, _), step in ITEM_STEPS.items() if state is at}
        assert onward - {at}, f"{at} leads nowhere"
        left += [one for one in onward if one not in reached]
        reached |= onward
    assert reached == set(ItemState)


READY = Facts(assessed=True, noted=True)


def test_a_red_number_needs_a_note_and_another_does_not():
    assert lacking(M.SUBMIT, Facts(red=True, assessed=True)) == (
        "A number off target needs a note of yours.",
    )
    assert lacking(M.SUBMIT, Facts(red=True, assessed=True, noted=True)) == ()
    assert lacking(M.SUBMIT, Facts(assessed=True)) == ()


def test_everything_that_stands_against_a_submission_is_told_at_once():
    facts = Facts(red=True, questions_left=2, decision_missing=True, words_missing=1)
    assert len(lacking(M.SUBMIT, facts)) == 5


def test_a_disagreement_does_not_stand_against_submitting():
    assert lacking(M.SUBMIT, Facts(assessed=True, noted=True, disputed=True)) == ()


def test_nobody_approves_their_own_and_everybody_else_does():
    assert lacking(M.APPROVE, Facts(own=True)) == (OWN,)
    assert lacking(M.APPROVE, Facts()) == ()


def test_only_a_disagreement_is_settled_and_only_who_has_not_spoken_is_asked():
    assert lacking(M.SETTLE, Facts())
    assert lacking(M.SETTLE, Facts(disputed=True)) == ()
    assert lacking(M.ASK, READY)
    assert lacking(M.ASK, Facts(words_missing=1)) == ()


def test_who_waits_waits_until_each_co_owner_has_spoken():
    assert after_words(I.WAITING, 1) is I.WAITING
    assert after_words(I.WAITING, 0) is I.DRAFT
    assert after_words(I.DRAFT, 0) is I.DRAFT


def test_a_review_is_signed_when_all_is_approved_or_the_signers_own_is_submitted():
    assert unsigned([(I.APPROVED, False), (I.SUBMITTED, True)]) == 0
    assert unsigned([(I.SUBMITTED, False)]) == 1
    assert unsigned([(I.DRAFT, True), (I.TO_ANSWER, False)]) == 2
