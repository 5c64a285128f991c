"""A stored bridge is what was known then: no later number, definition, name or calendar moves it."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.exc import ProgrammingError

from portal.models.bridges import points_of
from portal.models.bridges import stored as every_bridge
from portal.models.observations import ScopeKind, series
from portal.readmodels.formats import Formats
from portal.services import bridge_words
from tests.ownership.bridging import NEW, OLD, keep, observe, replaced, stored
from tests.ownership.company import Company


@pytest.fixture
def company(database, tenant):
    return Company(database, tenant).fill()


def test_a_restated_number_leaves_a_stored_bridge_as_it_was(company):
    replaced(company)
    keep(company)
    before = stored(company)
    october = {"last": date(2026, 10, 1), "revision": 2, "kind": "restatement"}
    observe_again(company, october)
    assert stored(company) == before
    assert keep(company, datetime(2026, 12, 24, tzinfo=UTC)) == []


def observe_again(company, more):
    """Restate October of both."""
    for kpi in (OLD, NEW):
        with company.database.session(company.tenant) as session:
            rows = session.scalars(series(kpi, "month", ScopeKind.TENANT)).all()
        first = rows[-1].id
        observe(company, kpi, (0.77,), supersedes=first, cause={"load": 1}, **more)


def test_gaps_of_ratios_are_told_by_their_range_never_by_their_mean(company):
    # Three months of very different size: a mean of gaps (-7.0 pp) would be the gap of nothing.
    replaced(company, olds=(0.5, 0.5, 0.5), news=(0.49, 0.48, 0.32))
    keep(company)
    (kept,) = stored(company)
    told = bridge_words.sentence(kept, Formats("en"))
    assert "1.0\u00a0pp to 18.0\u00a0pp lower" in told
    assert "7.0" not in told


def test_a_number_that_is_not_final_makes_no_gap(company):
    replaced(company, olds=(0.3, 0.3), news=(0.2,))
    observe(company, NEW, (0.1,), last=date(2026, 9, 1), state="so_far")
    keep(company)
    (kept,) = stored(company)
    told = bridge_words.sentence(kept, Formats("en"))
    assert told.startswith(
        "In October\u00a02026, the one shared period with a final number of both"
    )


def _reword(bridge, points):
    bridge.reason = "Another."


def _refigure(bridge, points):
    points[0].value = 0.5


@pytest.mark.parametrize("change", [_reword, _refigure])
def test_the_database_refuses_to_change_a_bridge(company, change):
    replaced(company)
    keep(company)

    def try_it():
        with company.database.session(company.tenant) as session:
            bridge = session.scalars(every_bridge()).one()
            change(bridge, session.scalars(points_of([bridge.id])).all())

    with pytest.raises(ProgrammingError, match="permission denied"):
        try_it()
