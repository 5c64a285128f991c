"""The records that are listed behind a number are those that were counted: as many, and the same.

A list from a query of its own drifts from the number: other hours, another scope, one filter less.
"""

import os
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from kpi_engine.compiler.listings import OPEN
from kpi_engine.crm.derived import QUERYABLE, columns_of
from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.engine.answer import Row
from kpi_engine.engine.listing import Listing, Side, Wanted, sides_of, simple
from kpi_engine.engine.shown import SHOWN
from tests.oracle.adapter import engine
from tests.oracle.definitions import KINDS
from tests.oracle.scenarios import Scenario, narrowed

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
_LOOKING = settings(
    max_examples=400 if DEEP else 8,
    deadline=None,
    derandomize=not DEEP,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


def lower(listing: Listing) -> Side:
    """Return the side whose records are the number's `n`."""
    return next(side for side in listing.sides if side.name in {"", "under"})


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_there_are_as_many_records_as_were_counted(kind: str):
    """Over random companies, definitions, calendars, scopes and groups."""

    @_LOOKING
    @given(narrowed(kind))
    def check(scenario: Scenario) -> None:
        hold(scenario)

    check()


def hold(scenario: Scenario) -> None:
    """Fail where a number and its list differ."""
    asked = scenario.asked
    with engine(asked, scenario.settings, scenario.base) as one:
        (key,) = asked.question.kpis
        if not simple(one.catalogue[key].measure, one.catalogue):
            return
        for row in list(one.ask(asked.question).rows())[:8]:
            if row.period.start <= asked.question.today:
                question = replace(
                    asked.question, start=row.period.start, end=row.period.end, splits=((),)
                )
                same(Listing(one, question, row.keys), row)


def same(listing: Listing, row: Row) -> None:
    """Fail where a list has not the records that a reading counts."""
    side = lower(listing)
    found, counts = listing.describe(side), dict(listing.counts(side))
    if found is None or not found.exact:
        return
    waiting = counts.pop(OPEN, 0)
    beside = dict(row.reading.beside)
    assert sum(counts.values()) == row.reading.n, (row, counts)
    assert waiting in {0, beside.get("open", 0)}
    if "reached" in counts and row.reading.over is not None:
        assert counts["reached"] == row.reading.over
    if "inside" in counts:
        assert counts["inside"] == row.reading.over
    told = [each["key"] for each in listing.page(side, Wanted(most=500)).rows]
    assert len(told) == len(set(told)) == row.reading.n + waiting


@pytest.mark.parametrize("entity", sorted(QUERYABLE))
def test_every_record_can_be_shown(entity: str):
    """A column that an entity has not would be an error in the middle of a page."""
    assert set(SHOWN[entity]) <= set(columns_of(entity))


def test_every_kpi_that_ships_has_records_behind_it():
    """Somebody who asks which records these are is given some, whatever the kind."""
    catalogue = shipped_catalogue()
    assert [key for key in catalogue if not sides_of(catalogue[key].measure, catalogue)] == []
