"""A year in which the records begin in April is eight months: nothing is measured by it unsaid."""

from dataclasses import dataclass, replace
from datetime import date

import pytest

from kpi_engine.definitions.catalogue import Catalogue, shipped_catalogue
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Calendar, Grain
from kpi_engine.reading import Reading, State
from portal.models.observations import ScopeKind
from portal.readmodels.cards import Tone
from portal.readmodels.formats import Formats
from portal.services import (
    beginnings,
    numbers,
    review_freezing,
    review_rows,
    score_lines,
    statuses,
)
from portal.services.numbers import TENANT, Point
from portal.services.standings import Standing, usual
from portal.tenancy.session import TenantSession
from tests.numbers.conftest import calendar, company, desk, session, workshop
from tests.numbers.places import owner

__all__ = ["calendar", "company", "desk", "session", "workshop"]

REVENUE, PIPELINE = KpiKey("won_revenue"), KpiKey("pipeline_value")
FORMATS = Formats("en", "EUR")


@dataclass(frozen=True)
class Books:
    """What is asked."""

    session: TenantSession
    catalogue: Catalogue


def _series(session, calendar, kpi, who, grain, start) -> tuple[Point, ...]:
    last = calendar.holding(date(2017, 3, 31), grain)
    count = len(calendar.periods(grain, start, last.end))
    found = numbers.series(session, calendar, (kpi,), grain, who, last, count)
    return beginnings.marked(Books(session, shipped_catalogue()), who, found[kpi], kpi)


def test_a_year_whose_records_begin_in_april_says_so(session, calendar):
    first, then = _series(session, calendar, REVENUE, TENANT, Grain.YEAR, date(2016, 1, 1))
    assert first.begins == date(2016, 4, 1)
    assert first.reading.value == 503
    assert first.settled is None
    assert then.begins is None
    named = beginnings.named(first, FORMATS).replace("\N{NO-BREAK SPACE}", " ")
    assert named == "2016 (records from April 2016 on)"
    assert beginnings.named(then, FORMATS) == "2017"


def test_a_quarter_that_begins_with_the_records_is_whole(session, calendar):
    points = _series(session, calendar, REVENUE, TENANT, Grain.QUARTER, date(2016, 4, 1))
    assert [point.begins for point in points] == [None] * len(points)


def test_each_person_begins_with_their_own_records(session, calendar):
    cid, ann = owner("cid"), owner("ann")
    (late,) = _series(session, calendar, REVENUE, cid, Grain.QUARTER, date(2017, 1, 1))
    assert late.begins == date(2017, 2, 1)
    (whole,) = _series(session, calendar, REVENUE, ann, Grain.QUARTER, date(2017, 1, 1))
    assert whole.begins is None


def test_the_value_of_a_moment_has_no_part_of_a_period(session, calendar):
    points = _series(session, calendar, PIPELINE, TENANT, Grain.YEAR, date(2016, 1, 1))
    assert [point.begins for point in points] == [None] * len(points)


def test_months_are_left_as_they_are(session, calendar):
    points = _series(session, calendar, REVENUE, TENANT, Grain.MONTH, date(2016, 1, 1))
    assert [point.begins for point in points] == [None] * len(points)


def test_for_all_scopes_of_a_kind_the_same_is_known(session):
    books = Books(session, shipped_catalogue())
    found = beginnings.across(books, (REVENUE, PIPELINE), ScopeKind.OWNER, Grain.QUARTER)
    assert {scope: first for (kpi, scope), first in found.items() if kpi == REVENUE} == {
        owner("ann").id: date(2016, 4, 1),
        owner("bob").id: date(2017, 3, 1),
        owner("cid").id: date(2017, 2, 1),
    }
    assert not any(kpi == PIPELINE for kpi, _ in found)
    assert beginnings.across(books, (REVENUE,), ScopeKind.OWNER, Grain.MONTH) == {}


def _standing(begins: date | None) -> Standing:
    kpi = shipped_catalogue().kpi(REVENUE)
    periods = Calendar("UTC").periods(Grain.QUARTER, date(2014, 1, 1), date(2017, 1, 1))
    points = tuple(
        Point(
            period,
            Reading(100.0 + 10 * (at % 3), State.FINAL, None, 40),
            "f",
            1,
            restated=False,
            first=None,
        )
        for at, period in enumerate(periods)
    )
    before = replace(points[-2], begins=begins, reading=replace(points[-2].reading, value=20.0))
    points = (*points[:-2], before, points[-1])
    judged = tuple(statuses.judge(kpi, point.reading, None) for point in points)
    return Standing(kpi, points, (None,) * len(points), judged)


@pytest.mark.parametrize(
    ("begins", "tone", "words"),
    [
        (None, Tone.GOOD, "against Q3 2016"),
        (date(2016, 8, 1), Tone.NEUTRAL, "against Q3 2016 (records from August 2016 on)"),
    ],
)
def test_more_than_a_part_is_not_called_good(begins, tone, words):
    standing = _standing(begins)
    told = score_lines.change(standing, FORMATS)
    story = score_lines.story_of(standing, {}, {}, FORMATS)
    assert told is not None
    assert told.tone is tone
    assert ("in part" in told.against) is (begins is not None)
    assert story is not None
    assert words in story.fact.replace("\N{NO-BREAK SPACE}", " ")


def test_less_than_a_part_is_not_called_worse():
    standing = _standing(date(2016, 8, 1))
    fallen = replace(standing.points[-1], reading=Reading(5.0, State.FINAL, None, 40))
    assert not score_lines.is_worse(replace(standing, points=(*standing.points[:-1], fallen)))


def test_no_usual_range_is_told_from_a_part():
    whole, part = _standing(None), _standing(date(2016, 8, 1))
    wide, narrow = usual(whole.points, whole.kpi), usual(part.points, part.kpi)
    assert wide is not None
    assert narrow is not None
    assert narrow.high - narrow.low < wide.high - wide.low


def test_a_review_keeps_from_when_a_year_has_records_and_judges_nothing_by_it(session, calendar):
    """The facts of a yearly review read "Against 2016" in green; only its finding said why not."""
    points = _series(session, calendar, REVENUE, TENANT, Grain.YEAR, date(2016, 1, 1))
    first, then = (review_rows.moment(one) for one in review_freezing.kept_series(points, None))
    assert (first.begins, then.begins) == (date(2016, 4, 1), None)
    told = beginnings.labelled(points[0].period, first.begins, FORMATS)
    assert told.replace("\N{NO-BREAK SPACE}", " ") == "2016 (records from April 2016 on)"
