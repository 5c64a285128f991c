"""What a deal was expected to bring, and which stages it stood in, told by what was recorded."""

from decimal import Decimal

from portal.services.deals import Left, State, states_of, stays_of
from tests.homes.makers import STAGES, at, deal, on, step


def test_a_change_of_the_date_alone_does_not_begin_the_stage_anew():
    """A deal that was put off looked as if it had entered its stage that day: never stalled."""
    stays = stays_of(
        (step("2017-02-01", "Talk"), step("2017-03-01", "Talk"), step("2017-04-01", "Offer")),
        STAGES,
        at("2017-01-01"),
        None,
    )
    assert [(stay.stage, stay.since, stay.left) for stay in stays] == [
        ("Talk", at("2017-02-01"), Left.ON),
        ("Offer", at("2017-04-01"), Left.STILL),
    ]


def test_how_a_stay_ended_is_told():
    steps = (step("2017-02-01", "Offer"), step("2017-03-01", "Talk"))
    lost = stays_of(steps, STAGES, at("2017-01-01"), (at("2017-03-11"), False))
    assert [stay.left for stay in lost] == [Left.BACK, Left.LOST]
    assert [stay.days for stay in lost] == [28, 10]
    won = stays_of(steps, STAGES, at("2017-01-01"), (at("2017-03-11"), True))
    assert won[-1].left is Left.ON


def test_the_last_state_before_a_moment_holds_at_it():
    one = deal(
        steps=(step("2017-02-01", "Talk", 50, "2017-04-01"), step("2017-03-01", "Talk", 70)),
        amount=70,
        due="2017-04-01",
    )
    assert one.at(at("2017-01-20")).amount == 50
    assert one.at(at("2017-03-01")).amount == 50
    assert one.at(at("2017-03-01 00:01")).amount == 70
    assert one.at(at("2017-03-02")).due == on("2017-04-01")


def test_versions_of_the_record_tell_where_no_change_does():
    versions = [
        State(at("0001-01-01"), Decimal(10), on("2017-03-31")),
        State(at("2017-03-20"), Decimal(10), on("2017-05-31")),
    ]
    now = State(at("2017-01-01"), Decimal(10), on("2017-05-31"))
    states = states_of(now, (), versions, at("2017-01-01"))
    assert [(state.since, state.due) for state in states] == [
        (at("2017-01-01"), on("2017-03-31")),
        (at("2017-03-20"), on("2017-05-31")),
    ]
