"""A series is read in order, first values before restatements; the newest definition counts."""

import uuid
from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from portal.models import KpiDefinition, Observation, ScopeKind
from portal.models.definitions import DefinitionState, newest_in, versions_of
from portal.models.observations import now_known, series
from tests.conftest import NOW


@pytest.fixture
def session(tenant, tenant_session):
    with tenant_session(tenant) as session:
        yield session


def an_observation(month=1, revision=1, **more):
    first = revision == 1
    return {
        "id": uuid.uuid4(),
        "kpi": "won_revenue",
        "grain": "month",
        "period_start": date(2017, month, 1),
        "period_end": date(2017, month + 1, 1),
        "scope_kind": "tenant",
        "scope_id": "",
        "revision": revision,
        "kind": "first" if first else "restatement",
        "value": 10.0**revision,
        "n": 1,
        "state": "final",
        "definition": "0123456789ab",
        "version": 1,
        "known_at": NOW,
        "observed_at": NOW,
        "supersedes": None,
        "cause": None if first else {"load": 7},
        **more,
    }


def _add(session, *rows):
    for row in rows:
        session.add_rows(Observation, [row])


def test_a_series_is_in_order_with_each_first_value_before_its_restatement(session):
    first = an_observation(1)
    again = an_observation(1, revision=2, supersedes=first["id"])
    others = an_observation(scope_kind="team", scope_id="7"), an_observation(kpi="deals")
    _add(session, an_observation(2), first, again, *others)
    found = session.scalars(series("won_revenue", "month", ScopeKind.TENANT)).all()
    assert [(row.period_start.month, row.revision, row.value) for row in found] == [
        (1, 1, 10.0),
        (1, 2, 100.0),
        (2, 1, 10.0),
    ]
    assert found[1].cause == {"load": 7}


def test_what_is_known_now_is_the_newest_of_each_period(session):
    first = an_observation(1)
    again = an_observation(1, revision=2, supersedes=first["id"])
    _add(session, first, again, an_observation(2), an_observation(3))
    found = session.scalars(now_known("month", date(2017, 1, 1), date(2017, 3, 1))).all()
    assert sorted((row.period_start.month, row.revision) for row in found) == [(1, 2), (2, 1)]


_OFF = [
    {"revision": 2, "supersedes": None},
    {"revision": 2, "supersedes": uuid.UUID(int=0)},
    {"supersedes": uuid.UUID(int=0)},
    {"cause": {"load": 7}},
    {"scope_id": "7"},
    {"scope_kind": "team"},
    {"scope_kind": "region", "scope_id": "7"},
    {"period_end": date(2017, 1, 1)},
]


@pytest.mark.parametrize("off", _OFF)
def test_an_observation_that_contradicts_itself_is_not_kept(session, off):
    with pytest.raises(IntegrityError), session.begin_nested():
        _add(session, an_observation(**off))


def test_a_period_has_one_first_value(session):
    _add(session, an_observation())
    with pytest.raises(IntegrityError, match="uq_observation"), session.begin_nested():
        _add(session, an_observation())


def test_the_newest_version_in_a_state_is_found_by_key(session):
    for key, version, state in (
        ("deals", 1, "published"),
        ("deals", 2, "published"),
        ("deals", 3, "draft"),
        ("win_rate", 1, "draft"),
    ):
        made = KpiDefinition(key=key, version=version, state=state, yaml="-", fingerprint="0")
        made.created_at = NOW
        session.add(made)
    session.flush()
    published = session.scalars(newest_in(DefinitionState.PUBLISHED)).all()
    assert [(row.key, row.version) for row in published] == [("deals", 2)]
    assert [row.version for row in session.scalars(versions_of("deals"))] == [3, 2, 1]
