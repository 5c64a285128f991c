"""What was known on a day stays what it was; what is known now takes everything in."""

from datetime import timedelta

from kpi_engine.definitions.settings import Settings
from tests.oracle.adapter import ask_engine
from tests.oracle.oracle import Asked
from tests.soundness.asking import BY_TEAM, FIRST_LOAD, Asking, a_deal, at, made, on

SECOND_LOAD = FIRST_LOAD + timedelta(days=30)
JANUARY = (on("2017-01-01"), on("2017-02-01"))


def test_a_late_record_changes_the_closed_month_now_and_not_as_it_was_known():
    """A report of January, printed again in March, showed other numbers without a word."""
    deals = [a_deal(1, closed="2017-01-01"), a_deal(2, closed="2017-01-01", seq=2, amount=100)]
    assert Asking("won_revenue", days=JANUARY).reading(opportunity=deals).value == 110
    then = Asking("won_revenue", days=JANUARY, known_at=SECOND_LOAD - timedelta(microseconds=1))
    assert then.reading(opportunity=deals).value == 10


def test_what_became_known_at_the_very_moment_is_known():
    """Off by one load, the report of a day misses the load of that day."""
    deals = [a_deal(1, closed="2017-01-01"), a_deal(2, closed="2017-01-01", seq=2, amount=100)]
    asked = Asking("won_revenue", days=JANUARY, known_at=SECOND_LOAD)
    assert asked.reading(opportunity=deals).value == 110


def test_a_deleted_record_is_gone_now_and_there_as_known_before():
    """A deletion that rewrites the past makes every earlier report wrong."""
    deals = [a_deal(1, closed="2017-01-01"), a_deal(2, closed="2017-01-01", amount=100)]
    gone = a_deal(2, closed="2017-01-01", amount=100, seq=2, deleted=True)
    asked = Asking("won_revenue", days=JANUARY)
    assert asked.reading(opportunity=[*deals, gone]).value == 10
    then = Asking("won_revenue", days=JANUARY, known_at=FIRST_LOAD)
    assert then.reading(opportunity=[*deals, gone]).value == 110


def test_a_deleted_record_does_not_come_back_with_the_compacted_file():
    """Now is the compacted file less what the tail took away: a deletion there must be seen."""
    deals = [a_deal(1), a_deal(2, amount=100), a_deal(2, amount=100, seq=2, deleted=True)]
    asked = Asking("won_revenue").of(opportunity=deals)
    assert _value(asked, base=1) == _value(asked, base=2) == _value(asked, base=0) == 10


def test_a_changed_record_is_not_read_from_the_compacted_file_and_the_tail():
    """The old version in `current` and the new one in the tail were both counted."""
    deals = [a_deal(1), a_deal(1, amount=1000, seq=2)]
    asked = Asking("won_revenue").of(opportunity=deals)
    assert _value(asked, base=1) == 1000


def test_pipeline_of_a_past_month_is_worth_what_it_then_was():
    """An amount raised in March was shown as January's pipeline: no trend could ever be seen."""
    deals = [a_deal(1, "Open", None), a_deal(1, "Open", None, amount=1000, seq=2)]
    days = (on("2017-01-01"), on("2017-04-01"))
    found = Asking("pipeline_value", days=days, today=on("2017-06-01")).values(opportunity=deals)
    # Version 2 became known on 1 February.
    assert found == {"2017-01": 10, "2017-02": 1000, "2017-03": 1000}


def test_an_owner_who_moved_takes_the_deals_along_now_and_not_then():
    """Reports by team of last month must show the team as it was known last month."""
    people = [made(1, name="Ada", team_id="1"), made(1, name="Ada", team_id="2", seq=2)]
    teams = [made(1, name="East"), made(2, name="West")]
    crm = {"opportunity": [a_deal(1, owner_id="1")], "user": people, "team": teams}
    assert Asking("won_deals", split=BY_TEAM).groups(**crm) == {"West": 1}
    then = Asking("won_deals", split=BY_TEAM, known_at=FIRST_LOAD)
    assert then.groups(**crm) == {"East": 1}


def test_before_the_first_load_nothing_is_known():
    """The facts of today were shown as those of a day on which there were none."""
    asked = Asking("won_deals", known_at=at("2017-01-01"))
    assert asked.reading(opportunity=[a_deal(1)]).value is None


def _value(asked: Asked, base: int) -> float | None:
    (given,) = ask_engine(asked, Settings(), base).values()
    return given.reading.value
