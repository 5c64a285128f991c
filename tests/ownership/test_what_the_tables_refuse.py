"""The database itself refuses two owners, shares that are not the whole, and a changed past."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError, ProgrammingError

from portal.models.goals import GoalStatement, GoalSupport
from portal.models.lifecycles import KpiLife
from portal.models.ownership import KpiHelp, KpiOwner, KpiShare, KpiSplit, ShareAcknowledgement
from tests.ownership.company import NOW

DAY = date(2026, 1, 1)


def said(company):
    return {"set_by": company.ids["chief"], "set_by_name": "Chief", "set_at": NOW}


def owner(company, person="dilara", **more):
    told = {"kpi": "win_rate", "scope_kind": "tenant", "scope_id": "", "from_day": DAY}
    return KpiOwner(
        id=uuid.uuid4(),
        **{**told, "revision": 1, "person": company.ids[person], "reason": "", **more},
        **said(company),
    )


def split(company):
    place = {"kpi": "win_rate", "scope_kind": "tenant", "scope_id": ""}
    return KpiSplit(id=uuid.uuid4(), **place, from_day=DAY, revision=1, **said(company))


def share(made, person, percent, position, **more):
    told = {"component": f"Part {position}", "responsibility": "It.", "input": None, **more}
    return KpiShare(
        id=uuid.uuid4(),
        split=made.id,
        position=position,
        person=person,
        percent=Decimal(percent),
        **told,
    )


def help_of(company, **more):
    place = {"kpi": "win_rate", "scope_kind": "tenant", "scope_id": ""}
    told = {"kind": "cover", "from_day": DAY, "until_day": date(2026, 2, 1), "ended_at": None}
    return KpiHelp(
        id=uuid.uuid4(),
        person=company.ids["dilara"],
        **place,
        **{**told, **more},
        **said(company),
    )


def refused(company, *rows):
    with pytest.raises(IntegrityError):
        kept(company, *rows)


def kept(company, *rows):
    with company.database.session(company.tenant) as session:
        for row in rows:
            session.add(row)
            session.flush()


def test_two_owners_of_one_kpi_and_scope_from_one_day(company):
    refused(company, owner(company), owner(company, "katrin"))


def test_an_owner_of_another_tenant(company, rival):
    refused(company, _foreign(company, rival))


def _foreign(company, rival):
    row = owner(company)
    row.person = rival.ids["dilara"]
    return row


def test_an_owner_of_a_scope_that_is_none(company):
    refused(company, owner(company, scope_kind="region", scope_id="x"))
    refused(company, owner(company, scope_kind="team"))


@pytest.mark.parametrize("percents", [("60", "30"), ("60", "40.01"), ("50", "50", "10")])
def test_shares_that_are_not_the_whole(company, percents):
    people = [company.ids[name] for name in ("dilara", "katrin", "noor")]
    made = split(company)
    parts = [share(made, people[at], percent, at) for at, percent in enumerate(percents)]
    with pytest.raises(IntegrityError, match="add up to"):
        kept(company, made, *parts)


def test_a_share_that_comes_later_to_a_whole_split(company):
    made = split(company)
    first = share(made, company.ids["dilara"], "60", 0)
    kept(company, made, first, share(made, company.ids["katrin"], "40", 1))
    with pytest.raises(IntegrityError, match="add up to 101"):
        kept(company, share(made, company.ids["noor"], "1", 2))


@pytest.mark.parametrize("percent", ["0", "-1", "100"])
def test_a_share_of_nothing_or_of_everything(company, percent):
    made = split(company)
    refused(company, made, share(made, company.ids["dilara"], percent, 0))


def test_a_share_without_a_word_of_what_it_is_for(company):
    made = split(company)
    refused(company, made, share(made, company.ids["dilara"], "60", 0, responsibility=""))


def test_somebody_elses_word_for_a_share(company):
    made = split(company)
    first = share(made, company.ids["dilara"], "60", 0)
    second = share(made, company.ids["katrin"], "40", 1)
    word = ShareAcknowledgement(share=first.id, person=company.ids["katrin"], at=NOW)
    refused(company, made, first, second, word)


def test_a_cover_without_an_end_or_that_ends_before_it_starts(company):
    refused(company, help_of(company, until_day=None))
    refused(company, help_of(company, until_day=DAY))


def test_the_same_updater_twice(company):
    updater = {"kind": "updater", "until_day": None}
    refused(company, help_of(company, **updater), help_of(company, **updater))


def life(company, **more):
    told = {"kpi": "csat", "revision": 1, "state": "retired", "since": DAY, "reason": "Old."}
    told |= {"successor": None, "parallel_until": None}
    return KpiLife(id=uuid.uuid4(), **{**told, **more}, **said(company))


def test_a_successor_of_what_is_not_retired_or_of_itself(company):
    refused(company, life(company, state="active", successor="win_rate"))
    refused(company, life(company, successor="csat"))
    refused(company, life(company, parallel_until=DAY))
    refused(company, life(company, state="lost"))
    refused(company, life(company), life(company, state="active"))


def goal(company, **more):
    told = {"goal": uuid.uuid4(), "key": "growth", "revision": 1, "position": 1}
    told |= {"name": "Growth", "question": "Do we?", "owner": None, "start_day": DAY}
    return GoalStatement(id=uuid.uuid4(), **{**told, "end_day": None, **more}, **said(company))


def test_a_goal_that_ends_before_it_starts_or_stands_twice(company):
    refused(company, goal(company, end_day=date(2025, 1, 1)))
    refused(company, goal(company), goal(company))
    one = uuid.uuid4()
    refused(company, goal(company, goal=one), goal(company, goal=one, key="other"))


@pytest.mark.parametrize("weight", [0, 101])
def test_a_weight_that_is_none(company, weight):
    made = goal(company)
    support = GoalSupport(id=uuid.uuid4(), statement=made.id, kpi="csat", weight=weight)
    refused(company, made, support)


def test_what_was_said_can_not_be_changed(company):
    row = owner(company)
    kept(company, row)
    with pytest.raises(ProgrammingError, match="permission denied"):
        rewrite(company, row.id)


def rewrite(company, wanted):
    with company.database.session(company.tenant) as session:
        session.get(KpiOwner, (company.tenant, wanted)).person = company.ids["katrin"]


def test_not_even_by_the_owner_of_the_tables(company, server):
    with company.database.session(company.tenant) as session:
        session.add(owner(company))
    with server.superuser() as connection, pytest.raises(Exception, match="only ever added"):
        connection.execute("UPDATE portal.kpi_owner SET reason = 'x'")
