"""The demo's company runs its framework: goals, owners, a shared KPI, a gap and a cover to see."""

import pytest

from portal.demo.cast import let_in
from portal.demo.companies import KESTREL
from portal.demo.framework_goals import COVERED, SHARED, UNOWNED, set_framework
from portal.demo.plan import KESTREL_AIMS
from portal.models import people
from portal.security.actor import Actor
from portal.services import goals, lifecycles, ownership, ownership_lists, tenants
from portal.services.desks import open_desk
from portal.services.lifecycles import LifeState
from portal.services.office import Office
from portal.tenancy.database import Database, application_engine
from portal.tenancy.names import APP
from tests.conftest import NOW


@pytest.fixture
def desk(server, own_database, tmp_path):
    """A desk in the company without a record of its CRM: people and the framework are enough."""
    database = Database(application_engine(server.url(APP, own_database)))
    office = Office(database, None, tmp_path, lambda: NOW)
    with database.session(KESTREL.key) as session:
        tenants.create(session, KESTREL.profile, NOW)
    let_in(office, KESTREL)
    for _ in range(2):
        set_framework(office, KESTREL)
    with database.session(KESTREL.key) as session:
        row = session.scalars(people.by_email("naomi.adler@kestrel.example")).one()
        roles = frozenset(row.roles)
        yield open_desk(session, Actor(KESTREL.key, row.id, row.email, row.name, roles), NOW)
    database.close()


def test_every_goal_has_an_owner_and_every_kpi_in_use_but_one(desk):
    told = goals.own_goals(desk.session)
    assert [goal.name for goal in told] == [
        *("Faster growth", "Retention", "Customer lifetime value"),
    ]
    assert all(goal.owner is not None for goal in told)
    assert ownership_lists.lists(desk).unowned == (UNOWNED,)
    owned = ownership.owners(desk.session, [*KESTREL_AIMS, UNOWNED], desk.today)
    assert {*KESTREL_AIMS, UNOWNED} - set(owned) == {UNOWNED}


def test_the_shared_kpi_is_marketings_and_sales_acknowledged_by_both(desk):
    found = ownership.owners(desk.session, [SHARED], desk.today)[SHARED]
    told = [(one.person.name, int(one.percent), one.input) for one in found.shares]
    assert told == [
        ("Dilara Aksoy", 60, "qualification_rate"),
        ("Katrin Vogel", 40, "lead_response_hours"),
    ]
    assert all(one.acknowledged_at == NOW for one in found.shares)
    assert found.accountable.name == "Dilara Aksoy"


def test_one_kpi_is_covered_one_is_under_review_and_four_owners_have_too_many(desk):
    covered = ownership.owners(desk.session, [COVERED], desk.today)[COVERED]
    assert (covered.accountable.name, covered.acting.name) == ("Ben Achterberg", "Odile Renard")
    lives = lifecycles.lives(desk.session)
    assert {kpi: life.state for kpi, life in lives.items()} == {
        "average_deal_size": LifeState.UNDER_REVIEW
    }
    loaded = ownership_lists.lists(desk).loaded
    assert [(person.name, count) for person, count in loaded] == [
        ("Odile Renard", 11),
        ("Ben Achterberg", 10),
        ("Dilara Aksoy", 9),
        ("Naomi Adler", 8),
    ]
