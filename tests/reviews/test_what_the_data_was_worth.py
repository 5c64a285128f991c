"""A review keeps how far its data was to be trusted when it opened, whatever is mended later."""

from datetime import date, timedelta

import pytest

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.definitions.fingerprint import fingerprints
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.engine.gaps import Tally
from kpi_engine.store.pins import Pin
from portal.models.review_items import ReviewItem
from portal.services import loads, papers, record_gaps, review_number, review_quality, reviews
from portal.services.confidence_limits import Check, Level
from portal.services.confidence_rules import Ground
from portal.services.desks import open_desk
from portal.services.loads import NewLoad
from portal.services.numbers import TENANT
from portal.services.papers import PaperKind
from portal.services.record_gaps import LookedThrough
from portal.services.source_ages import SourceAge
from tests.actions.house import NOW, House
from tests.reviews.room import LEADS, Room

OCTOBER = date(2026, 10, 1)
REVENUE = KpiKey("won_revenue")
CATALOGUE = shipped_catalogue()
NAMED = fingerprints(CATALOGUE)


def counted(filled):
    """A hundred won deals of October, of which so many have an amount."""
    return {
        "entity": "opportunity",
        "columns": ["amount"],
        "placed": ["closed_at"],
        "filtered": ["status"],
        "stands": False,
        "own": True,
        "loaded": True,
        "sources": ["crm"],
        "every": [100, 100, 0, 0, 0, 0, 0, filled],
        "nobodys": [0] * 8,
        "owners": {},
    }


def saw(house, filled):
    """Let the last refresh have seen it."""
    rows = tuple(
        {
            "grain": "month",
            "period_start": OCTOBER,
            "kpi": kpi,
            "definition": NAMED[kpi],
            "version": 1,
            "kinds": [counted(filled)],
        }
        for kpi in (REVENUE, LEADS)
    )
    with house.session() as session:
        record_gaps.keep(session, LookedThrough((REVENUE, LEADS), rows), CATALOGUE)


@pytest.fixture
def room(database, tenant):
    """A house with a load of today; won revenue is of its definition, new leads of another."""
    made = Room(House(database, tenant)).fill()
    made.house.observe(REVENUE, TENANT, [9.0] * 26, definition=NAMED[REVENUE])
    with made.house.session() as session:
        load = loads.begin_load(session, NewLoad("crm"), NOW - timedelta(hours=5))
        loads.land_load(session, load.seq, Pin(load.seq), {}, NOW - timedelta(hours=5))
    saw(made.house, 80)
    made.open(kpis=(REVENUE, LEADS))
    return made


def test_opening_freezes_the_level_and_the_worst_reason(room):
    trust = room.item(REVENUE).frozen.quality
    (ground,) = trust.grounds
    assert (trust.level, ground.check, ground.count, ground.total) == (
        Level.MEDIUM,
        Check.FILLED,
        80,
        100,
    )


def test_what_is_mended_later_changes_nothing_of_it(room):
    saw(room.house, 100)
    assert room.item(REVENUE).frozen.quality.level is Level.MEDIUM


def test_of_a_number_that_another_definition_made_nothing_is_told(room):
    assert room.item(LEADS).frozen.quality is None


def test_page_and_pack_say_it_in_words(room):
    with room.house.session() as session:
        desk = open_desk(session, room.people["chief"], NOW)
        card = reviews.one(session, room.review)
        number = review_number.number(desk, card, room.item(REVENUE).frozen)
        silent = review_number.number(desk, card, room.item(LEADS).frozen)
        pack = papers.paper(desk, room.review, PaperKind.PACK)
    assert number.confidence == (2, "Medium")
    assert (
        number.doubt
        == "Amount is filled in 80 % of 100 opportunities that could count.".replace(
            " %", "\N{NO-BREAK SPACE}%"
        )
    )
    assert (silent.confidence, silent.doubt) == (None, "")
    stamps = {one.name: one.stamp for one in (*pack.exceptions, *pack.others)}
    assert "Data confidence: Medium. Amount is filled" in stamps[CATALOGUE[REVENUE].name]


def test_a_review_that_was_opened_before_has_none(room):
    with room.house.session() as session:
        row = session.query(ReviewItem).filter_by(kpi=LEADS).one()
        assert row.quality is None
    assert review_quality.read(None) is None


@pytest.mark.parametrize("check", list(Check))
def test_what_is_frozen_is_read_back_whole(check):
    age = SourceAge("crm", NOW, timedelta(hours=2), stale=False, failed=True)
    ground = Ground(check, Level.LOW, 0.2, 3, 9, "lead", "source", age, "none", (0.1, 0.2))
    found = review_quality.read(review_quality.frozen(Level.LOW, ground))
    assert (found.level, found.grounds) == (Level.LOW, (ground,))


def test_a_tally_is_kept_in_few_signs_and_read_back_whole():
    tally = Tally(7, (1, 2), 3, 4, 5, 6, 8, 9)
    assert record_gaps.tally_of(record_gaps.counts_of(tally)) == tally
