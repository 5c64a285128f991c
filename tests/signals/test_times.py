"""When a digest is due: by the person's own clock, once a day whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.models.digests import Rhythm
from portal.services.digest_times import Until, Wish, instant, is_quiet, put_off, slot

BERLIN = "Europe/Berlin"
ZONES = [BERLIN, "America/New_York", "Pacific/Kiritimati", "Etc/GMT+12", "Australia/Lord_Howe"]


def at(*parts):
    return datetime(*parts, tzinfo=UTC)


def slots(wish, first, days, step=timedelta(minutes=30)):
    """Return every slot that is due in a time, in the order in which it is."""
    now, found = first, []
    while now < first + timedelta(days=days):
        due = slot(wish, now)
        if due is not None and due not in found:
            found.append(due)
        now += step
    return found


@settings(deadline=None, max_examples=40)
@given(
    zone=st.sampled_from(ZONES),
    hour=st.integers(0, 23),
    month=st.sampled_from([1, 2, 3, 4, 10, 11, 12]),
)
def test_each_local_day_has_one_slot_whatever_the_clocks_do(zone, hour, month):
    wish = Wish(zone, hour=hour, quiet=None)
    found = slots(wish, at(2026, month, 1), 30)
    days = [date.fromisoformat(each) for each in found]
    assert days == sorted(set(days))
    assert days == [days[0] + timedelta(days=number) for number in range(len(days))]
    assert len(days) >= 29


def test_an_hour_that_comes_twice_is_one_slot():
    wish = Wish(BERLIN, hour=2, quiet=None)
    # On 25 October 2026 it is 02:30 in Berlin twice.
    assert (
        slot(wish, at(2026, 10, 25, 0, 30)) == slot(wish, at(2026, 10, 25, 1, 30)) == "2026-10-25"
    )


def test_an_hour_that_does_not_come_is_the_one_after_it():
    wish = Wish(BERLIN, hour=2, quiet=None)
    # On 29 March 2026 Berlin goes from 02:00 to 03:00.
    assert slot(wish, at(2026, 3, 29, 0, 59)) is None
    assert slot(wish, at(2026, 3, 29, 1, 0)) == "2026-03-29"


@pytest.mark.parametrize("day", [date(2026, 12, 31), date(2028, 2, 29), date(2027, 1, 1)])
def test_the_ends_of_year_and_leap_day_are_days_like_others(day):
    wish = Wish(BERLIN, hour=7)
    due = instant(wish, day)
    assert slot(wish, due) == day.isoformat()
    assert slot(wish, due - timedelta(minutes=1)) != day.isoformat()


def test_nothing_is_due_before_the_hour_nor_in_quiet_hours():
    wish = Wish(BERLIN, hour=7, quiet=(20, 7))
    assert slot(wish, at(2026, 11, 22, 5, 59)) is None
    assert slot(wish, at(2026, 11, 22, 6, 0)) == "2026-11-22"
    assert slot(wish, at(2026, 11, 22, 18, 59)) == "2026-11-22"
    assert slot(wish, at(2026, 11, 22, 19, 0)) is None


def test_quiet_hours_may_go_over_midnight_or_not():
    over, within = Wish("UTC", quiet=(20, 7)), Wish("UTC", quiet=(12, 14))
    assert [hour for hour in range(24) if is_quiet(over, hour)] == [*range(7), *range(20, 24)]
    assert [hour for hour in range(24) if is_quiet(within, hour)] == [12, 13]
    assert not any(is_quiet(Wish("UTC", quiet=None), hour) for hour in range(24))


def test_a_weekly_digest_is_of_its_day_and_made_up_for_within_two():
    wish = Wish("UTC", Rhythm.WEEKLY, weekday=0)
    monday = "2026-11-23"
    assert slot(wish, at(2026, 11, 22, 12)) is None
    assert slot(wish, at(2026, 11, 23, 8)) == monday
    assert slot(wish, at(2026, 11, 25, 8)) == monday
    assert slot(wish, at(2026, 11, 26, 8)) is None


def test_after_days_without_a_scheduler_one_digest_is_due_and_not_three():
    wish = Wish("UTC")
    assert slots(wish, at(2026, 11, 25, 9), 0.2) == ["2026-11-25"]


def test_who_wants_none_gets_none():
    assert slots(Wish("UTC", Rhythm.OFF), at(2026, 11, 1), 30) == []


def test_moving_to_another_zone_repeats_no_slot():
    here, there = Wish("Pacific/Kiritimati"), Wish("Etc/GMT+12")
    now = at(2026, 11, 22, 20)
    # It is tomorrow already in Kiritimati; whoever flies west has that slot behind them.
    assert slot(here, now) == "2026-11-23"
    assert slot(there, now) == "2026-11-22"


def test_what_is_put_off_comes_back_at_ones_own_hour():
    wish, sunday = Wish(BERLIN, hour=7), at(2026, 11, 22, 22)
    assert put_off(wish, Until.TOMORROW, sunday) == at(2026, 11, 23, 6)
    assert put_off(wish, Until.MONDAY, sunday) == at(2026, 11, 23, 6)
    assert put_off(wish, Until.MONDAY, at(2026, 11, 23, 12)) == at(2026, 11, 30, 6)
    assert put_off(wish, Until.WEEK, sunday) == at(2026, 11, 29, 6)
    # Over the end of summer time it is the same hour on the wall.
    assert put_off(wish, Until.TOMORROW, at(2026, 10, 24, 12)) == at(2026, 10, 25, 6)
