"""What a page tells of the records behind a number is what the records say, for that scope only."""

from dataclasses import replace

import pytest

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Grain
from portal.models.record_gaps import RecordGaps
from portal.readmodels.cards import KpiCard
from portal.security.roles import Role
from portal.services import confidence, confidence_evidence, numbers, record_gaps, source_ages
from portal.services.confidence import Told
from portal.services.confidence_evidence import Rejected
from portal.services.confidence_limits import Check, Level
from portal.services.confidence_rules import Ground
from portal.services.desks import open_desk
from portal.services.engines import open_engine
from portal.services.numbers import TENANT
from portal.services.refreshing import refresh
from tests.kpis.desk import a_deal, a_person, a_team
from tests.kpis.place import Place
from tests.numbers.conftest import CRM, NOW
from tests.numbers.places import owner, team

WON, RATE = KpiKey("won_revenue"), KpiKey("win_rate")


@pytest.fixture
def place(company, database, workshop):
    """The company with its people."""
    return Place(company, database, workshop)


@pytest.fixture
def at_desk(place, session):
    """Open the desk of somebody of the company."""

    def opened(role, user=None, group=None):
        return open_desk(session, place.actor(role, user, group), NOW)

    return opened


def march(calendar):
    """The last closed month."""
    return calendar.previous(calendar.holding(NOW.date(), Grain.MONTH))


def told(desk, kpi, who, grain=Grain.MONTH):
    """A KPI with its points up to the last closed period."""
    last = desk.calendar.previous(desk.calendar.holding(desk.today, grain))
    points = numbers.series(desk.session, desk.calendar, [kpi], grain, who, last, 3)[kpi]
    return Told(desk.catalogue[kpi], points)


def a_card(value="1"):
    """A card that says nothing but its number."""
    return KpiCard(key=WON, title="Won", href="/", value=value)


def test_what_is_kept_is_what_looking_now_would_tell(company, workshop, session):
    rows = session.query(RecordGaps).all()
    assert {row.grain for row in rows} == {"month", "quarter"}
    with open_engine(workshop, company) as opened:
        for row in rows:
            period = opened.calendar.holding(row.period_start, Grain(row.grain))
            kpi = KpiKey(row.kpi)
            now = record_gaps.kinds_of(opened, [kpi], period, NOW.date())[kpi]
            assert record_gaps.kept(session, [kpi], period)[kpi] == (row.definition, now)


def test_a_team_has_the_records_of_its_people_and_of_the_teams_below(session, calendar):
    def seen(who):
        (kind,) = confidence_evidence.of_kept(session, [WON], march(calendar), who)[WON][1]
        return kind.mine.n, kind.mine.dated

    assert seen(owner("ann")) == (1, 4)
    assert seen(owner("cid")) == (0, 1)
    assert seen(team("north")) == (1, 5)
    assert seen(team("south")) == (1, 1)
    assert seen(owner("nobody")) == (0, 0)
    assert seen(TENANT) == (2, 6)


def test_another_company_reads_nothing_of_it(database, new_tenant, calendar):
    with database.session(new_tenant()) as other:
        assert confidence_evidence.of_kept(other, [WON], march(calendar), TENANT) == {}


def test_a_card_is_silent_about_what_nobody_has_looked_at(at_desk):
    desk = at_desk(Role.EXECUTIVE)
    year = told(desk, WON, TENANT, Grain.YEAR)
    (silent,) = confidence.of_cards(desk, TENANT, [(a_card(), year)])
    assert (silent.confidence, silent.doubt) == (None, "")


def test_a_card_is_silent_where_its_number_is_of_another_definition(at_desk):
    desk = at_desk(Role.EXECUTIVE)
    now = told(desk, WON, TENANT)
    (card,) = confidence.of_cards(desk, TENANT, [(a_card(), now)])
    assert card.confidence is not None
    old = replace(now, points=(*now.points[:-1], replace(now.points[-1], definition="another")))
    (silent,) = confidence.of_cards(desk, TENANT, [(a_card(), old)])
    assert silent.confidence is None


def test_a_card_without_a_number_says_why_and_nothing_else(at_desk):
    desk = at_desk(Role.EXECUTIVE)
    (card,) = confidence.of_cards(desk, TENANT, [(a_card(value=""), told(desk, WON, TENANT))])
    assert (card.confidence, card.doubt) == (None, "")


def test_of_fewer_than_ten_records_no_number_is_of_high_confidence(at_desk):
    desk = at_desk(Role.EXECUTIVE)
    for kpi in desk.catalogue:
        for grain in (Grain.MONTH, Grain.QUARTER):
            one = told(desk, kpi, TENANT, grain)
            if one.points[-1].reading.value is None or one.points[-1].reading.n >= 10:
                continue
            found = confidence.known(desk, TENANT, [one])
            assert all(trust.level < Level.HIGH for trust in found.values()), kpi


@pytest.mark.parametrize("check", [Check.OWNED, Check.READ])
def test_who_does_not_see_the_company_reads_no_figure_of_it(at_desk, calendar, check):
    ground = Ground(check, Level.LOW, 0.37, 37, 100, "lead")
    whole = confidence.said(at_desk(Role.EXECUTIVE), ground, march(calendar))
    for desk in (at_desk(Role.REP, "ann", "north"), at_desk(Role.LEADER, "ann", "north")):
        assert not any(sign.isdigit() for sign in confidence.said(desk, ground, march(calendar)))
    assert "37" in whole


def test_a_reps_page_tells_of_no_records_but_their_own(at_desk):
    """All that is counted of others is veiled: every other figure is of one's own tally."""
    desk = at_desk(Role.REP, "cid", "ne")
    own = told(desk, RATE, owner("cid"), Grain.QUARTER)
    (trust,) = confidence.known(desk, owner("cid"), [own]).values()
    for ground in trust.grounds:
        if ground.check not in {Check.OWNED, Check.READ, Check.RESTATED}:
            assert ground.total <= 3


def test_after_a_load_that_rejects_rows_pages_tell_it(desk, workshop, database):
    tenant = desk.tenant()
    crm = {"team": [a_team("north")], "user": [a_person("ann", "north")]}
    deals = [a_deal(f"d{n}", "ann", closed="2017-03-05") for n in range(9)]
    desk.bring(tenant, {**crm, "opportunity": deals}, "--as-of", "2017-04-12")
    refresh(workshop, tenant, NOW)
    with database.session(tenant) as session:
        ages = source_ages.sources(session, NOW)
        known = confidence_evidence.evidence(session, ages, (), TENANT)
        assert (len(ages), known.rejected) == (1, ())
    broken = a_deal("broken", "ann", closed="no day at all")
    desk.bring(tenant, {**crm, "opportunity": [*deals, broken]}, "--as-of", "2017-04-12T01:00:00Z")
    with database.session(tenant) as session:
        (age,) = source_ages.sources(session, NOW)
        assert age.loaded_at > ages[0].loaded_at
        assert Rejected("crm", "opportunity", 10, 1) in confidence_evidence.rejected(session)


def test_a_kpi_that_goes_takes_what_is_known_of_it_along(company, database):
    with database.session(company) as session:
        before = {row.kpi for row in session.query(RecordGaps).all()}
        record_gaps.keep(session, record_gaps.LookedThrough((), ()), [WON])
        assert {row.kpi for row in session.query(RecordGaps).all()} == {WON} < before
        session.rollback()


def test_every_kpi_of_the_company_is_looked_at(session, workshop, company):
    with open_engine(workshop, company) as opened:
        told_by_quarter = {
            key for key, kpi in opened.engine.catalogue.items() if kpi.cadence is not Grain.YEAR
        }
    assert {row.kpi for row in session.query(RecordGaps).all()} == told_by_quarter
    assert CRM["opportunity"]


def test_what_was_looked_through_before_ranges_were_told_is_looked_through_anew(session, company):
    known = {row.kpi for row in session.query(RecordGaps).all()}
    assert record_gaps.unlooked(session, known) == frozenset()
    row = session.query(RecordGaps).filter_by(kpi=RATE).first()
    before = {
        "grain": row.grain,
        "period_start": row.period_start,
        "kpi": RATE,
        "definition": row.definition,
        "version": row.version,
        "kinds": [
            {name: told for name, told in kind.items() if name != "sway"} for kind in row.kinds
        ],
    }
    record_gaps.keep(session, record_gaps.LookedThrough((RATE,), (before,)), known)
    session.flush()
    assert record_gaps.unlooked(session, known) == {RATE}
    session.rollback()
