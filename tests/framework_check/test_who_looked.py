"""Views of KPIs: once a person, KPI and day, of no one seen as another, and not for ever."""

from datetime import timedelta

from kpi_engine.definitions.kinds import KpiKey
from portal.models.kpi_views import KpiView
from portal.security.roles import Role
from portal.services import kpi_views
from tests.ownership.company import TODAY

WIN, CALLS = KpiKey("win_rate"), KpiKey("calls_made")
DAY = timedelta(days=1)


def _look(company, name, kpi=WIN, day=TODAY, **more):
    with company.database.session(company.tenant) as session:
        kpi_views.note(session, company.actor(name, **more), kpi, day)


def _views(company, kpis=(WIN,), first=TODAY - 90 * DAY, last=TODAY + DAY):
    with company.database.session(company.tenant) as session:
        return kpi_views.views(session, kpis, first, last)


def _kept(company):
    with company.database.session(company.tenant) as session:
        return session.query(KpiView).count()


def test_a_day_is_kept_once_however_often_somebody_looks(company):
    for _ in range(3):
        _look(company, "chief")
    _look(company, "chief", day=TODAY - DAY)
    assert _kept(company) == 2


def test_looking_as_somebody_else_leaves_nothing(company):
    _look(company, "noor", viewed_by=company.ids["ruth"])
    assert _kept(company) == 0


def test_views_are_told_by_role_with_how_many_may_look(company):
    _look(company, "chief")
    _look(company, "noor")
    assert _views(company, (WIN, CALLS)) == {
        WIN: {
            Role.REP: (1, 1),
            Role.LEADER: (0, 1),
            Role.EXECUTIVE: (1, 1),
            Role.OWNER: (0, 1),
            Role.ANALYST: (0, 1),
        },
        CALLS: {role: (0, 1) for role in Role if role is not Role.ADMIN},
    }


def test_days_outside_those_asked_for_do_not_count(company):
    _look(company, "chief", day=TODAY - 91 * DAY)
    _look(company, "chief", day=TODAY + DAY)
    assert _views(company)[WIN][Role.EXECUTIVE] == (0, 1)


def test_who_was_shut_out_counts_neither_as_seen_nor_as_able_to(company):
    _look(company, "noor")
    company.shut("noor")
    assert Role.REP not in _views(company)[WIN]


def test_views_are_forgotten_after_400_days(company):
    for days in (399, 400, 401, 800):
        _look(company, "chief", day=TODAY - days * DAY)
    with company.database.session(company.tenant) as session:
        assert kpi_views.forget(session, TODAY) == 2
    assert _kept(company) == 2


def test_another_tenants_views_are_not_seen(company, rival):
    _look(rival, "chief")
    assert _views(company)[WIN][Role.EXECUTIVE] == (0, 1)
    assert _kept(company) == 0


def test_a_view_that_cannot_be_kept_stops_no_page(company, monkeypatch):
    def unreachable(*_):
        raise kpi_views.OUT_OF_REACH[0]

    monkeypatch.setattr(kpi_views.questions, "view_of", unreachable)
    with company.desk() as desk:
        kpi_views.note(desk.session, desk.actor, WIN, TODAY)
        assert kpi_views.kept_since(desk.session) is None
