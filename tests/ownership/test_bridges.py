"""Bridges: stored once at the end of a parallel run, or before on request; never changed after."""

from datetime import UTC, date, datetime

import pytest

from kpi_engine.reading import State
from portal.errors import BadInputError, DeniedError
from portal.readmodels.formats import Formats
from portal.services import bridge_keeping, bridge_words
from portal.services.lifecycles import LifeMove, LifeState, move
from portal.services.typed_words import NotThereError
from tests.ownership.bridging import (
    AFTER,
    AUGUST,
    LAST,
    NEW,
    OLD,
    OTHER_UNIT,
    keep,
    observe,
    refreshed,
    replaced,
    retire,
    stored,
)
from tests.ownership.company import NOW, TRACE

MIDDLE = datetime(2026, 10, 5, 9, tzinfo=UTC)


def told(bridge):
    return bridge_words.sentence(bridge, Formats("en", "EUR"))


def test_a_bridge_is_stored_when_the_run_has_ended_with_both_numbers_and_what_made_them(company):
    replaced(company)
    (found,) = keep(company)
    (kept,) = stored(company)
    assert [(one.period.label, one.shared) for one in kept.shared] == [
        ("2026-08", True),
        ("2026-09", True),
        ("2026-10", True),
    ]
    assert kept.through == LAST
    assert [one.both for one in kept.shared] == [(0.31, 0.28), (0.32, 0.30), (0.33, 0.29)]
    last = kept.shared[-1].new
    assert (last.reading.over, last.reading.under, last.reading.n) == (0.29 * 40, 40.0, 40)
    assert (last.definition, last.version, last.known_at) == ("0" * 12, 7, NOW)
    assert kept.old.definition == found.old.definition != kept.new.definition
    assert (kept.stored.at, kept.stored.by, kept.run.by) == (AFTER, "", "Chief")
    assert kept.run.reason == "The new one tells more."
    assert company.events().count("bridge.stored") == 1


def test_what_both_read_before_the_run_is_told_and_counts_for_nothing(company):
    replaced(company, olds=(0.90, 0.31, 0.32, 0.33), news=(0.10, 0.28, 0.30, 0.29))
    keep(company)
    (kept,) = stored(company)
    assert len(kept.steps) == 6 + 3
    assert "2.0\u00a0pp to 4.0\u00a0pp lower" in told(kept)
    assert "80" not in told(kept)


def test_nothing_is_stored_before_the_last_day_is_told(company):
    replaced(company)
    refreshed(company, LAST)
    assert keep(company) == []
    refreshed(company, date(2026, 11, 16))
    assert keep(company, datetime(2026, 11, 15, 9, tzinfo=UTC)) == []
    assert len(keep(company)) == 1


def test_a_bridge_is_never_stored_twice(company):
    replaced(company)
    assert len(keep(company)) == 1
    assert keep(company) == []
    with company.database.session(company.tenant) as session:
        on = bridge_keeping.ground(session, AFTER)
        assert bridge_keeping.keep_ended(on, f"{OLD} revision 2", TRACE) is None
        assert bridge_keeping.keep_ended(on, "nonsense", TRACE) is None
    assert len(stored(company)) == 1


def test_a_kpi_that_is_used_again_is_bridged_no_more_and_a_second_replacement_is_its_own(company):
    replaced(company)
    with company.desk(now=datetime(2026, 11, 14, 9, tzinfo=UTC)) as desk:
        move(desk, LifeMove(OLD, LifeState.ACTIVE, "We were wrong."), TRACE)
    assert keep(company) == []
    retire(company, day=date(2026, 11, 14))
    assert len(keep(company)) == 1
    (kept,) = stored(company)
    assert (kept.run.revision, kept.shared) == (4, ())
    assert told(kept) == "No period ended while both were told."


def test_a_month_without_a_number_keeps_its_reason_and_takes_no_part_in_the_difference(company):
    replaced(company, news=(0.29, 0.28, 0.30, None))
    keep(company)
    (kept,) = stored(company)
    last = kept.shared[-1].new.reading
    assert (last.value, last.state, last.reason) == (None, State.ABSENT, "the denominator is 0")
    sentence = told(kept)
    assert sentence.startswith("In 2 of 3 shared months both have a final number: the new one read")
    assert "In the last of them, September\u00a02026, it read 30.0\u00a0%" in sentence


def test_months_that_were_never_read_are_stored_as_never_taken(company):
    observe(company, OLD, (0.31, 0.32, 0.33))
    retire(company)
    refreshed(company, date(2026, 11, 16))
    keep(company)
    (kept,) = stored(company)
    assert {one.new.reading.reason for one in kept.steps} == {"it was never taken"}
    assert told(kept) == "In 3 shared months there is none in which both have a final number."


@pytest.mark.parametrize(
    ("news", "expected"),
    [
        ((0.33, 0.35, 0.36), "the new one read 2.0\u00a0pp to 3.0\u00a0pp higher."),
        ((0.30, 0.33, 0.33), "read from 1.0\u00a0pp lower to 1.0\u00a0pp higher."),
        ((0.31, 0.32, 0.33), "the new one read the same."),
        ((0.31, 0.34, 0.33), "read up to 2.0\u00a0pp higher."),
        ((0.31, 0.30, 0.33), "read up to 2.0\u00a0pp lower."),
        ((0.29, 0.30, 0.31), "the new one read 2.0\u00a0pp lower."),
    ],
)
def test_the_sentence_tells_the_range_and_the_last_gap_and_no_mean(company, news, expected):
    replaced(company, olds=(0.31, 0.32, 0.33), news=news)
    keep(company)
    (kept,) = stored(company)
    assert expected in told(kept)
    assert "on average" not in told(kept)


def test_different_units_have_no_difference(company):
    observe(company, OLD, (0.31, 0.32, 0.33))
    observe(company, OTHER_UNIT, (60.0, 61.0, 62.0))
    retire(company, OLD, OTHER_UNIT)
    refreshed(company, date(2026, 11, 16))
    keep(company)
    (kept,) = stored(company)
    assert told(kept).startswith("The two are told in different units")
    assert "33.0\u00a0%" in told(kept)
    assert "62\u00a0days" in told(kept)


def test_a_quarterly_one_beside_a_monthly_one_is_bridged_by_quarters(company):
    quarterly = "opportunities_still_open_rate"
    retire(company, OLD, quarterly, day=date(2026, 5, 10), until=date(2026, 11, 15))
    refreshed(company, date(2026, 11, 16))
    (found,) = keep(company)
    assert [one.period.label for one in found.shared] == ["2026-Q2", "2026-Q3"]


def test_a_bridge_is_stored_before_the_end_on_request_and_again_at_the_end(company):
    replaced(company)
    refreshed(company, MIDDLE.date())
    with company.desk(now=MIDDLE) as desk:
        bridge_keeping.store_now(desk, OLD, "The board asks.", TRACE)
        with pytest.raises(BadInputError, match=r"up to 30\sSep\s2026 is stored already"):
            bridge_keeping.store_now(desk, OLD, "The board asks again.", TRACE)
    (early,) = stored(company)
    assert (early.through, len(early.shared)) == (date(2026, 9, 30), 2)
    assert (early.stored.by, early.stored.why) == ("Chief", "The board asks.")
    refreshed(company, date(2026, 11, 16))
    assert len(keep(company)) == 1
    assert sorted(one.through for one in stored(company)) == [date(2026, 9, 30), LAST]


def test_a_request_without_a_reason_or_before_anything_is_shared_is_refused(company):
    replaced(company)
    refreshed(company, AUGUST)
    with company.desk(now=datetime(2026, 8, 11, 9, tzinfo=UTC)) as desk:
        with pytest.raises(BadInputError, match="reason is empty"):
            bridge_keeping.store_now(desk, OLD, " ", TRACE)
        with pytest.raises(BadInputError, match="No period has ended"):
            bridge_keeping.store_now(desk, OLD, "Now.", TRACE)
        with pytest.raises(NotThereError):
            bridge_keeping.store_now(desk, NEW, "Now.", TRACE)
    with company.desk(now=AFTER) as desk, pytest.raises(NotThereError):
        bridge_keeping.store_now(desk, OLD, "Too late.", TRACE)
    assert stored(company) == ()


@pytest.mark.parametrize("name", ["katrin", "noor", "dilara", "ruth"])
def test_who_may_not_change_the_framework_stores_nothing(company, name):
    replaced(company)
    refreshed(company, MIDDLE.date())
    with company.desk(name, MIDDLE) as desk, pytest.raises(DeniedError):
        bridge_keeping.store_now(desk, OLD, "Now.", TRACE)
    assert stored(company) == ()


@pytest.mark.parametrize("name", ["chief", "analyst"])
def test_who_may_change_it_stores_one(company, name):
    replaced(company)
    refreshed(company, MIDDLE.date())
    with company.desk(name, MIDDLE) as desk:
        bridge_keeping.store_now(desk, OLD, "Now.", TRACE)
    assert len(stored(company)) == 1


def test_another_tenants_bridge_is_not_seen_and_not_stored_with_ones_own(company, rival):
    replaced(company)
    keep(company)
    assert stored(rival) == ()
    assert keep(rival) == []
    with rival.desk(now=MIDDLE) as desk, pytest.raises(NotThereError):
        bridge_keeping.store_now(desk, OLD, "Mine?", TRACE)
