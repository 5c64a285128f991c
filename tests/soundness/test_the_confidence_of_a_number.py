"""How far a number may be trusted is told from its own records, and never guessed.

A level that falls for a column the KPI does not read, or for somebody else's records, is as wrong
as one that stays high where nothing was looked at.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kpi_engine.engine.gaps import Looked, gaps
from kpi_engine.reading import Reading, State
from portal.services import confidence_rules
from portal.services.confidence_evidence import Evidence, Rejected, Seen
from portal.services.confidence_limits import LIMITS, Check, Level, Limit
from portal.services.confidence_rules import Case, Ground
from portal.services.numbers import Point
from portal.services.record_gaps import kind_of
from portal.services.source_ages import SourceAge
from tests.oracle.adapter import engine
from tests.oracle.records import Row
from tests.soundness.asking import Asking, a_deal, at, made

WON = "win_rate"
ENDED = datetime(2017, 4, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANN, BOB = {"ann"}, {"bob"}
USERS = [made(1, id="ann", name="Ann"), made(2, id="bob", name="Bob")]


def fresh(age: timedelta = HOUR, *, loaded: datetime = ENDED + HOUR, failed: bool = False):
    """A source that was loaded after the period had ended, an hour ago."""
    return SourceAge("us", loaded, age, stale=False, failed=failed)


def looked(kpi: str, **crm: Iterable[Row]) -> tuple[Looked, ...]:
    """Look through records for a KPI in March 2017."""
    asked = Asking(kpi).of(**crm)
    with engine(asked, Asking(kpi).settings) as one:
        (found,) = gaps(one, asked.question).values()
        return found


def case_of(kpi: str, owners: Collection[str] | None = None, **crm: Iterable[Row]) -> Case:
    """Return a number of a hundred records, settled, fresh, in which nothing is amiss so far."""
    asked = Asking(kpi).of(**crm)
    (key,) = asked.question.kpis
    kinds = tuple(kind_of(one) for one in looked(kpi, **crm))
    seen = tuple(Seen(one, one.of(owners)) for one in kinds)
    period = asked.question.calendar.holding(asked.question.start, asked.question.grains[0])
    reading = Reading(0.5, State.FINAL, None, 400, 200.0, 400.0)
    point = Point(period, reading, "", 1, restated=False, first=0.5)
    known = Evidence(seen, owners is None, (fresh(),), ())
    return Case(asked.kpis[key], (point,), known, ENDED)


def level(case: Case) -> Level:
    """Return the level."""
    return confidence_rules.level_of(confidence_rules.grounds(case))


def ground(case: Case, check: Check) -> Ground:
    """Return the one ground of a kind."""
    (found,) = [one for one in confidence_rules.grounds(case) if one.check is check]
    return found


def deals(count: int, first: int = 0, **told) -> list[Row]:
    """So many won deals of March."""
    return [a_deal(first + number, **told) for number in range(1, count + 1)]


def test_a_number_whose_records_are_whole_is_trusted():
    assert level(case_of(WON, opportunity=deals(10))) is Level.HIGH


def test_an_empty_column_that_the_kpi_does_not_read_changes_nothing():
    """Win rate counts deals: what they are worth is nothing to it."""
    bare = deals(10, amount=None, lead_source=None, lost_reason=None)
    assert level(case_of(WON, opportunity=bare)) is Level.HIGH
    assert level(case_of("won_revenue", opportunity=bare)) is Level.LOW


@pytest.mark.parametrize(
    ("empty", "expected"), [(1, Level.HIGH), (2, Level.MEDIUM), (3, Level.LOW)]
)
def test_a_column_of_the_filter_counts_like_one_that_is_added_up(empty, expected):
    """A deal without a source may be one from the web: nobody can say that it is not."""
    own = "count {count: opportunity, where: \"lead_source = 'web'\", on: closed_at}"
    known = deals(10 - empty, lead_source="web")
    case = case_of(own, opportunity=[*known, *deals(empty, 50, lead_source=None)])
    assert level(case) is expected
    assert ground(case, Check.FILLED).column == "lead_source"


def test_a_gap_in_the_upper_part_of_a_share_is_a_share_of_all_that_it_is_told_of():
    """Two of forty without a source are two of forty, also where only four are from the web."""
    own = (
        "ratio {ratio: {over: {count: opportunity, where: \"lead_source = 'web'\", on: closed_at},"
        " under: {count: opportunity, where: \"stage != 'never'\", on: closed_at}}}"
    )
    others = [*deals(34, 50, lead_source="fair"), *deals(2, 90, lead_source=None)]
    case = case_of(own, opportunity=[*deals(4, lead_source="web"), *others])
    found = ground(case, Check.FILLED)
    assert (found.column, found.total, found.amiss) == ("lead_source", 40, 0.05)
    assert level(case) is Level.HIGH


def test_a_moment_that_the_upper_part_lacks_is_a_share_of_all_too():
    """It read that 3 of 4 won deals lack their close, where 3 of 40 closed ones did."""
    won = [*deals(1), *deals(3, 50, closed=None)]
    found = ground(
        case_of("win_rate", opportunity=[*won, *deals(36, 90, stage="Lost")]), Check.PLACED
    )
    assert (found.count, found.total) == (3, 40)


def test_what_the_filter_rules_out_is_not_looked_at():
    own = "money {sum: opportunity.amount, where: \"lead_source = 'web'\", on: closed_at}"
    others = deals(10, 50, lead_source="fair", amount=None)
    case = case_of(own, opportunity=[*deals(10, lead_source="web"), *others])
    assert level(case) is Level.HIGH
    assert ground(case, Check.FILLED).total == 10


def test_another_periods_gaps_are_not_this_ones():
    old = deals(10, 50, closed="2017-01-20", amount=None)
    assert level(case_of("won_revenue", opportunity=[*deals(10), *old])) is Level.HIGH


def test_a_scope_is_judged_by_its_own_records_only():
    crm = {
        "opportunity": [
            *deals(10, owner_id="ann"),
            *deals(10, 50, owner_id="bob", amount=None),
        ],
        "user": USERS,
    }
    assert level(case_of("won_revenue", ANN, **crm)) is Level.HIGH
    assert level(case_of("won_revenue", BOB, **crm)) is Level.LOW
    assert ground(case_of("won_revenue", ANN, **crm), Check.FILLED).total == 10
    assert ground(case_of("won_revenue", **crm), Check.FILLED).total == 20


def test_a_person_without_a_record_is_not_trusted_for_the_records_of_others():
    crm = {"opportunity": deals(10, owner_id="bob"), "user": USERS}
    assert level(case_of("won_revenue", ANN, **crm)) is Level.UNKNOWN


def test_records_of_nobody_lower_a_persons_number_and_not_the_companys():
    leads = [made(n, created_at=at("2017-03-05"), owner_id="ann") for n in range(1, 8)]
    leads += [made(n, created_at=at("2017-03-05"), owner_id=None) for n in range(8, 11)]
    crm = {"lead": leads, "user": USERS}
    assert level(case_of("new_leads", ANN, **crm)) is Level.LOW
    assert ground(case_of("new_leads", ANN, **crm), Check.OWNED).amiss == 0.3
    assert level(case_of("new_leads", **crm)) is Level.HIGH


def test_a_closed_deal_without_a_day_is_in_no_period_and_is_told():
    case = case_of(WON, opportunity=[*deals(8), *deals(2, 50, closed=None)])
    told = ground(case, Check.PLACED)
    assert (told.count, told.total, told.level) == (2, 10, Level.LOW)


def test_a_deal_that_is_open_needs_no_day_of_its_end():
    open_ones = deals(90, 50, stage="Open", closed=None)
    assert level(case_of(WON, opportunity=[*deals(10), *open_ones])) is Level.HIGH


def test_what_has_not_happened_yet_is_no_gap():
    leads = [
        made(n, created_at=at("2017-03-05"), qualified_at=at("2017-03-06") if n < 3 else None)
        for n in range(1, 11)
    ]
    assert level(case_of("qualified_leads", lead=leads)) is Level.HIGH


def test_deals_in_a_stage_without_a_meaning_are_told():
    strange = deals(1, 50, stage="Strange", closed=None)
    told = ground(case_of(WON, opportunity=[*deals(9), *strange]), Check.MAPPED)
    assert (told.count, told.level) == (1, Level.LOW)


def test_open_deals_past_their_close_date_lower_the_pipeline_and_not_the_win_rate():
    kept = {"stage": "Open", "closed": None}
    late = deals(5, 50, expected_close_on=at("2017-02-01").date(), **kept)
    ahead = deals(5, 80, expected_close_on=at("2019-02-01").date(), **kept)
    crm = [*deals(10), *late, *ahead]
    told = ground(case_of("pipeline_value", opportunity=crm), Check.LATE)
    assert (told.count, told.total, told.level) == (5, 10, Level.LOW)
    assert level(case_of(WON, opportunity=crm)) is Level.HIGH


def test_deals_closed_in_the_future_are_told():
    case = case_of(WON, opportunity=[*deals(9), *deals(1, 50, closed="2031-03-10")])
    told = ground(case, Check.AHEAD)
    assert (told.count, told.total, told.level) == (1, 10, Level.LOW)


@pytest.mark.parametrize(
    "kpi", ["won_revenue", "new_leads", "mrr", "csat", "renewal_rate", "customer_health"]
)
def test_without_evidence_nobody_can_tell(kpi):
    """Whatever else holds: a fresh source and a settled number are no evidence of the records."""
    assert level(case_of(kpi)) is Level.UNKNOWN


def test_what_could_not_be_looked_through_in_time_cannot_be_told():
    case = case_of(WON, opportunity=deals(10))
    slow = replace(case, known=replace(case.known, seen=None))
    assert level(slow) is Level.UNKNOWN
    unloaded = replace(case, known=replace(case.known, sources=()))
    assert level(unloaded) is Level.UNKNOWN


def test_a_number_that_is_not_there_cannot_be_trusted():
    case = case_of(WON, opportunity=deals(10))
    nothing = replace(case.points[0], reading=Reading(None, State.ABSENT, "no rows", 0))
    assert level(replace(case, points=(nothing,))) is Level.UNKNOWN


def with_reading(reading: Reading) -> Case:
    """Return a case of whole records with another number."""
    case = case_of(WON, opportunity=deals(10))
    return replace(case, points=(replace(case.points[0], reading=reading),))


@pytest.mark.parametrize(
    ("over", "under", "expected"),
    [(1, 9, Level.LOW), (6, 12, Level.LOW), (20, 40, Level.MEDIUM), (200, 400, Level.HIGH)],
)
def test_a_share_of_few_is_trusted_little(over, under, expected):
    reading = Reading(over / under, State.FINAL, None, under, float(over), float(under))
    assert level(with_reading(reading)) is expected


@pytest.mark.parametrize(
    ("state", "expected"), [(State.SO_FAR, Level.MEDIUM), (State.IMMATURE, Level.LOW)]
)
def test_what_will_still_move_is_never_of_high_trust(state, expected):
    assert level(with_reading(Reading(0.5, state, None, 400, 200.0, 400.0))) is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (fresh(), Level.HIGH),
        (fresh(timedelta(days=30)), Level.MEDIUM),
        (fresh(failed=True), Level.MEDIUM),
        (fresh(loaded=ENDED - HOUR), Level.LOW),
    ],
)
def test_a_source_has_to_have_been_loaded_after_the_period_had_ended(source, expected):
    case = case_of(WON, opportunity=deals(10))
    assert level(replace(case, known=replace(case.known, sources=(source,)))) is expected


@pytest.mark.parametrize(("lost", "expected"), [(1, Level.HIGH), (3, Level.MEDIUM), (6, Level.LOW)])
def test_rows_that_could_not_be_read_lower_it(lost, expected):
    case = case_of(WON, opportunity=deals(10))
    rejected = (Rejected("us", "opportunity", 100, lost),)
    assert level(replace(case, known=replace(case.known, rejected=rejected))) is expected


@pytest.mark.parametrize(
    ("moved", "expected"), [(1, Level.HIGH), (3, Level.MEDIUM), (5, Level.LOW)]
)
def test_a_number_that_is_often_restated_is_trusted_less(moved, expected):
    case = case_of(WON, opportunity=deals(10))
    calm, other = case.points[0], replace(case.points[0], restated=True, first=0.4)
    trifle = replace(calm, restated=True, first=0.5001)
    points = (*[other] * moved, *[trifle] * (7 - moved), calm)
    assert level(replace(case, points=points)) is expected


def test_every_threshold_is_of_the_table_and_grows():
    assert all(0 <= one.high <= one.medium for one in LIMITS.values())
    one = Limit(0.1, 0.2)
    told = [one.level(amiss) for amiss in (0.1, 0.2, 0.21)]
    assert told == [Level.HIGH, Level.MEDIUM, Level.LOW]
